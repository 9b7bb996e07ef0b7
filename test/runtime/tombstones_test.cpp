// emptyRest and emptyOne after erasure: each chain is live or emptyOne cells ending in a live one, then only
// emptyRest; for orders of erasure that leave holes at the front, the back, and across overflow buckets.
#include "emm/map.hpp"

#include <algorithm>
#include <gtest/gtest.h>
#include <random>

namespace {
/// All keys in one chain.
struct one_chain {
  std::uint64_t operator()(int k, std::uint64_t) const noexcept { return std::uint64_t(k) << 56; }
};
} // namespace

TEST(Tombstones, EveryPhaseKeepsTheChainsInOrder) {
  emm::map<int, int> m;
  for (int i = 0; i < 10000; ++i)
    m[i] = i;
  ASSERT_EQ(m.check_invariants(), nullptr);
  for (int i = 0; i < 10000; i += 2)
    m.erase(i);
  ASSERT_EQ(m.check_invariants(), nullptr);
  for (int i = 20000; i < 25000; ++i)
    m[i] = i;
  ASSERT_EQ(m.check_invariants(), nullptr);
  for (int i = 0; i < 25000; ++i)
    m.erase(i);
  ASSERT_EQ(m.check_invariants(), nullptr);
  EXPECT_TRUE(m.empty());
}

TEST(Tombstones, OneChainOfSeveralBucketsInRandomOrder) {
  for (unsigned seed = 0; seed < 200; ++seed) {
    emm::map<int, int, one_chain> m;
    m.reserve(200); // so that thirty entries in one chain do not make it grow
    std::vector<int> keys;
    for (int i = 0; i < 30; ++i) {
      m[i] = i;
      keys.push_back(i);
    }
    std::shuffle(keys.begin(), keys.end(), std::mt19937(seed));
    for (std::size_t i = 0; i < keys.size(); ++i) {
      ASSERT_EQ(m.erase(keys[i]), 1u);
      ASSERT_EQ(m.check_invariants(), nullptr) << "seed " << seed << " step " << i;
      for (std::size_t j = i + 1; j < keys.size(); ++j)
        ASSERT_TRUE(m.contains(keys[j]));
      if (seed % 2 && i % 3 == 0) {
        m[100 + int(i)] = 1;
        ASSERT_EQ(m.check_invariants(), nullptr);
        m.erase(100 + int(i));
        ASSERT_EQ(m.check_invariants(), nullptr);
      }
    }
    for (const auto &e : m)
      FAIL() << e.first;
  }
}
