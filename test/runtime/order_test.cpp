// The order of an iteration is random: two passes over one map differ soon, whatever its size, also when
// little is left of what it once held, and many entries get to be the first.
#include "emm/map.hpp"

#include <gtest/gtest.h>
#include <set>
#include <vector>

namespace {
std::vector<int> pass(const emm::map<int, int> &m) {
  std::vector<int> r;
  for (const auto &e : m)
    r.push_back(e.first);
  return r;
}
emm::map<int, int> filled(int n) {
  emm::map<int, int> m;
  for (int i = 0; i < n; ++i)
    m[i] = i;
  return m;
}
/// Passes until two differ, or `limit`.
int passes_until_another_order(const emm::map<int, int> &m, int limit) {
  const std::vector<int> first = pass(m);
  for (int n = 1; n < limit; ++n)
    if (pass(m) != first)
      return n;
  return limit;
}
} // namespace

TEST(Order, VariesFromPassToPass) {
  for (int n : {3, 7, 9, 15, 100, 5000})
    for (int round = 0; round < (n < 100 ? 100 : 3); ++round)
      EXPECT_LT(passes_until_another_order(filled(n), 100), 100) << n << " entries";
}

TEST(Order, VariesInASparseMap) {
  for (int round = 0; round < 10; ++round) {
    emm::map<int, int> m = filled(1000);
    for (int i = 0; i < 980; ++i)
      m.erase(i);
    EXPECT_LT(passes_until_another_order(m, 800), 800);
  }
}

TEST(Order, ManyEntriesGetToBeTheFirst) {
  const emm::map<int, int> m = filled(1000); // 256 buckets, of which a pass begins in any
  std::set<int> first;
  for (int i = 0; i < 4000; ++i)
    first.insert(m.begin()->first);
  EXPECT_GT(first.size(), 400u);
}
