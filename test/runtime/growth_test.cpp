// The growth table: which insertion starts each doubling, predicted and observed, for hints of every kind;
// and what growth keeps.
#include "emm/map.hpp"
#include "emm/map_debug.h"

#include <gtest/gtest.h>

namespace {
/// The numbers of the insertions that raised B.
std::vector<std::size_t> observed(std::size_t hint, unsigned times) {
  emm::map<std::uint64_t, int> m;
  m.reserve(hint);
  std::vector<std::size_t> at;
  unsigned B = m.stats().B;
  for (std::size_t n = 1; at.size() < times; ++n) {
    m[n * 0x9e3779b97f4a7c15u] = 0;
    if (m.stats().B != B) {
      B = m.c_header()->B;
      at.push_back(n);
    }
  }
  return at;
}
} // namespace

TEST(Growth, WithoutHint) {
  EXPECT_EQ(observed(0, 8), (std::vector<std::size_t>{9, 14, 27, 53, 105, 209, 417, 833}));
}

TEST(Growth, PredictedForAnyCapacity) {
  for (std::size_t hint : {0, 1, 8, 9, 13, 14, 26, 27, 52, 100, 208, 209, 417}) {
    const auto seen = observed(hint, 4);
    for (unsigned n = 0; n < seen.size(); ++n)
      EXPECT_EQ(emm_map_growth_insert(hint, n), seen[n]) << "hint " << hint << ", growth " << n;
  }
}

TEST(Growth, AHintIsRoomEnough) {
  for (std::size_t hint : {8, 9, 13, 14, 26, 27, 104, 1000, 6656}) {
    emm::map<std::uint64_t, int> m;
    m.reserve(hint);
    const std::size_t before = m.bucket_count();
    for (std::size_t n = 0; n < hint; ++n)
      m[n] = 0;
    EXPECT_TRUE(before == m.bucket_count() || (hint == 8 && m.bucket_count() == 1)) << hint;
  }
}

TEST(Growth, BucketCountsByHint) {
  emm_maptype t;
  ASSERT_TRUE(emm_maptype_init(&t, &emm_type_int64, &emm_type_int64, nullptr));
  const struct {
    std::ptrdiff_t hint;
    unsigned buckets;
  } cases[] = {{-(1 << 30), 1}, {-1, 1}, {0, 1}, {1, 1}, {8, 1}, {9, 2}, {13, 2}, {14, 4}, {26, 4}, {27, 8}};
  for (const auto &c : cases) {
    emm_hmap *h = emm_makemap(&t, c.hint, nullptr);
    EXPECT_EQ(1u << h->B, c.buckets) << c.hint;
    emm_mapfree(&t, h);
  }
}

TEST(Growth, InvariantsHoldAtEveryStep) {
  emm::map<int, int> m;
  for (int i = 0; i < 900; ++i) {
    m[i * 7919] = i;
    ASSERT_EQ(m.check_invariants(), nullptr) << "after insertion " << i + 1;
    if (i % 3 == 0) {
      m.erase((i / 2) * 7919);
      ASSERT_EQ(m.check_invariants(), nullptr) << "after erasure at " << i + 1;
    }
  }
}

TEST(Growth, EvacuationTakesAtMostTwoBucketsAWrite) {
  emm::map<int, int> m;
  for (int i = 0; i < 6657; ++i)
    m[i] = i; // the last starts a doubling of 1024 buckets
  std::size_t before = m.stats().evacuated;
  for (int i = 6657; m.stats().old_buckets; ++i) {
    ASSERT_LT(i, 6657 + 1024) << "growth must end";
    m[i] = i;
    if (m.stats().old_buckets) {
      EXPECT_LE(m.stats().evacuated - before, 64u + 1);
      before = m.stats().evacuated;
    }
  }
  EXPECT_EQ(m.check_invariants(), nullptr);
}

TEST(Growth, FinishAndReserveAndShrink) {
  emm::map<int, int> m;
  for (int i = 0; i < 420; ++i)
    m[i] = i;
  ASSERT_NE(m.stats().old_buckets, 0u);
  m.finish_growth();
  EXPECT_EQ(m.stats().old_buckets, 0u);
  m.reserve(5000);
  const std::size_t n = m.bucket_count();
  for (int i = 420; i < 5000; ++i)
    m[i] = i;
  EXPECT_EQ(m.bucket_count(), n);
  for (int i = 10; i < 5000; ++i)
    m.erase(i);
  m.shrink_to_fit();
  EXPECT_EQ(m.bucket_count(), 2u);
  for (int i = 0; i < 10; ++i)
    EXPECT_EQ(m.at(i), i);
  EXPECT_EQ(m.check_invariants(), nullptr);
}
