// The program gdb_test.py looks into.
#include "emm/map.hpp"

#include <string>

using numbers = emm::map<int, int>;

[[gnu::noinline]] void look(numbers &m, emm::map<std::string, int> &names) {
  asm volatile("" : : "r"(&m), "r"(&names) : "memory");
}
[[gnu::noinline]] void grown(numbers &m) { asm volatile("" : : "r"(&m) : "memory"); }

int main() {
  numbers m;
  emm::map<std::string, int> names;
  for (int i = 0; i < 13; ++i)
    m[i] = 100 + i;
  names["one"] = 1;
  names["two"] = 2;
  look(m, names);
  for (int i = 13; i < 30; ++i)
    m[i] = 100 + i; // the 14th starts a doubling
  grown(m);
}
