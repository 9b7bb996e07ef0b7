// Misuses a map on purpose, to show what is reported: misuse write|read|iterate|delete.
//
// One thread writes, another does what the argument says. The runtime ends the process with status 2.
#include "emm/map.hpp"

#include <cstdio>
#include <cstring>
#include <thread>

namespace {
using map = emm::map<long, long>;
constexpr long entries = 1024;

[[gnu::noinline]] void writer(map &m) {
  for (long k = 0;; k = (k + 1) % entries)
    m[k] = k;
}
[[gnu::noinline]] void reader(map &m) {
  for (long k = 0, found = 0;; k = (k + 1) % entries) {
    found += m.contains(k);
    asm volatile("" : : "r"(found));
  }
}
[[gnu::noinline]] void walker(map &m) {
  for (;;)
    for (const auto &e : m)
      asm volatile("" : : "r"(&e.second) : "memory");
}
[[gnu::noinline]] void eraser(map &m) {
  for (long k = 0;; k = (k + 1) % entries)
    m.erase(k);
}
} // namespace

int main(int argc, char **argv) {
  const char *const what = argc > 1 ? argv[1] : "write";
  map m(entries);
  for (long k = 0; k < entries; ++k)
    m[k] = k;
  void (*const other)(map &) = !std::strcmp(what, "read")      ? reader
                               : !std::strcmp(what, "iterate") ? walker
                               : !std::strcmp(what, "delete")  ? eraser
                                                               : writer;
  std::thread first([&] { writer(m); });
  other(m);
}
