// The figures of a map filled with random keys to just before a doubling: overflow share, chain lengths,
// probes, the estimate of overflow buckets, flags. Expected values are those measured on Go 1.19.8;
// tolerances are five standard deviations or more of what the random keys and seeds give.
#include "emm/map.hpp"

#include <gtest/gtest.h>
#include <random>

namespace {
using map = emm::map<std::uint64_t, std::uint64_t>;

map filled(std::size_t n, unsigned seed) {
  map m;
  std::mt19937_64 random(seed);
  while (m.size() < n)
    m[random()] = 1;
  m.finish_growth();
  return m;
}
struct golden {
  unsigned B;
  std::size_t n;
  double overflow, tolerance; ///< overflow buckets per bucket
};
} // namespace

TEST(Golden, OverflowShareAndChains) {
  for (const golden &g : {golden{8, 1664, 0.209, 0.09}, golden{10, 6656, 0.209, 0.045},
                          golden{14, 106496, 0.209, 0.012}, golden{16, 425984, 0.209, 0.006}}) {
    const map m = filled(g.n, g.B);
    const auto s = m.stats();
    ASSERT_EQ(s.B, g.B);
    const double share = double(s.overflow) / double(s.buckets);
    EXPECT_NEAR(share, g.overflow, g.tolerance) << "B " << g.B;
    EXPECT_EQ(s.chains[0] + s.chains[1] + s.chains[2] + s.chains[3], s.buckets);
    EXPECT_NEAR(double(s.chains[0]) / double(s.buckets), 0.791, g.tolerance);
    EXPECT_NEAR(double(s.chains[1]) / double(s.buckets), 0.209, g.tolerance);
    EXPECT_LT(s.chains[2] + s.chains[3], s.buckets / 200 + 3) << "chains of three are rare";
    EXPECT_DOUBLE_EQ(s.load, 6.5);
  }
}

TEST(Golden, ProbesPerLookup) {
  // A hit looks at the live cells before its own and itself, a miss at all of its chain: 4.25 and 6.50 at
  // full load.
  const map m = filled(106496, 1);
  const emm_hmap &h = *m.c_header();
  const std::size_t bb = map::c_layout().bucketsize;
  double hit = 0, miss = 0;
  for (std::size_t i = 0; i < m.bucket_count(); ++i) {
    std::size_t live = 0;
    for (const char *b = static_cast<const char *>(h.buckets) + i * bb; b;
         b = emm::detail::next_bucket(b, bb))
      for (unsigned s = 0; s < 8; ++s)
        if (static_cast<std::uint8_t>(b[s]) >= EMM_MIN_TOPHASH)
          hit += double(++live);
    miss += double(live);
  }
  EXPECT_NEAR(hit / double(m.size()), 4.25, 0.06);
  EXPECT_NEAR(miss / double(m.bucket_count()), 6.5, 0.001);
}

TEST(Golden, OverflowIsCountedExactlyBelow16AndEstimatedAbove) {
  const map exact = filled(106496, 3);
  EXPECT_EQ(exact.stats().noverflow, exact.stats().overflow);
  const map half = filled(425984, 4); // B = 16: one in two is counted
  const double expected = double(half.stats().overflow) / 2;
  EXPECT_NEAR(double(half.stats().noverflow), expected, 0.06 * expected);
  const map eighth = filled(1703936, 5); // B = 18: one in eight
  const double fewer = double(eighth.stats().overflow) / 8;
  EXPECT_NEAR(double(eighth.stats().overflow), 0.209 * double(eighth.stats().buckets),
              0.003 * double(eighth.stats().buckets));
  EXPECT_NEAR(double(eighth.stats().noverflow), fewer, 0.06 * fewer); // standard deviation 77 of 6850
}

TEST(Golden, FlagsAfterIterationAndDoubling) {
  map m;
  for (std::uint64_t i = 0; i < 52; ++i)
    m[i] = i;
  EXPECT_EQ(m.c_header()->flags & 3, 0);
  for (const auto &e : m)
    static_cast<void>(e);
  EXPECT_EQ(m.c_header()->flags & 3, 3);
  m[52] = 52; // the 53rd starts a doubling
  EXPECT_EQ(m.c_header()->flags & 3, 2);
}

TEST(Golden, ChurnGrowsToTheSameSize) {
  map m;
  m.reserve(1000);
  const unsigned B = m.stats().B;
  ASSERT_EQ(B, 8u);
  bool same_size = false;
  std::uint64_t next = 0;
  std::mt19937_64 newest(1),
      oldest(1); // the same sequence, read twice: consecutive numbers would fill the buckets too evenly
  for (; next < 500; ++next)
    m[newest()] = next;
  for (; next < 20000000 && !same_size; ++next) {
    m[newest()] = next;
    m.erase(oldest());
    same_size = m.c_header()->flags & EMM_SAME_SIZE_GROW;
  }
  EXPECT_TRUE(same_size) << "no same-size growth after " << next << " steps";
  EXPECT_GT(next, 200000u) << "overflow buckets accumulate too fast";
  EXPECT_EQ(m.stats().B, B);
  m.finish_growth();
  EXPECT_EQ(m.stats().B, B);
  EXPECT_LT(m.stats().noverflow, 40u);
  EXPECT_EQ(m.check_invariants(), nullptr);
}

TEST(Golden, TheFirstEntryOfTwoComesFirstSevenTimesInEight) {
  int first = 0;
  constexpr int rounds = 8000;
  map m;
  m[1] = 1;
  m[2] = 2;
  for (int i = 0; i < rounds; ++i)
    first += m.begin()->first == 1;
  EXPECT_NEAR(first, rounds * 7 / 8, 5 * 30); // standard deviation 29.6
}
