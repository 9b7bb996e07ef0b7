// The headers with LLVM's C++ library: what a program of its users takes from the standard library through
// them.
#include "emm/map.hpp"
#include "emm/map_debug.h"
#include "emm/sync_map.hpp"

#include <cstdio>
#include <string>

int main() {
  emm::map<std::string, int> own;
  emm::map<std::string, int, std::hash<std::string>>
      theirs; // std::hash needs a function of the library itself
  for (int i = 0; i < 1000; ++i) {
    own["key " + std::to_string(i)] = i;
    theirs["key " + std::to_string(i)] = i;
  }
  long sum = 0;
  for (auto i = own.begin(); i != own.end(); ++i) {
    sum += i->second;
    theirs.erase(i->first);
  }
  emm::sync_map<std::string, int> shared;
  shared.store("a", 1);
  const char *const wrong = own.check_invariants();
  std::printf("%ld %zu %d %s\n", sum, theirs.size(), shared.load("a").value_or(0),
              wrong ? wrong : "in order");
}
