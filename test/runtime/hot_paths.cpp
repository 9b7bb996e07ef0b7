// Hot operations of emm::map as functions of their own, for no_lock_test.py to disassemble.
#include "emm/map.hpp"

using map = emm::map<std::uint64_t, std::uint64_t>;
extern "C" {
std::uint64_t hot_find(const map &m, std::uint64_t k) {
  const auto i = m.find(k);
  return i != m.end() ? i->second : 0;
}
bool hot_contains(const map &m, std::uint64_t k) { return m.contains(k); }
void hot_assign(map &m, std::uint64_t k, std::uint64_t v) { m[k] = v; }
void hot_erase(map &m, std::uint64_t k) { m.erase(k); }
}
