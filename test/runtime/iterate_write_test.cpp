// Iteration survives writes: growth, several growths, same-size growth, erasure, clear, and begins in the
// middle of a growth.
#include "emm/map.hpp"

#include <gtest/gtest.h>
#include <map>
#include <string>

namespace {
template <class M> void fill(M &m, int from, int to) {
  for (int i = from; i < to; ++i)
    m[i] = i;
}
} // namespace

TEST(IterateWrite, AcrossSeveralDoublings) {
  for (int start : {3, 8, 9, 20, 100, 1000})
    for (int at : {0, 1, start / 2}) {
      emm::map<int, int> m;
      fill(m, 0, start);
      std::map<int, int> seen;
      int n = 0;
      for (auto i = m.begin(); i != m.end(); ++i, ++n) {
        ASSERT_EQ(i->first, i->second);
        ++seen[i->first];
        if (n == at) {
          const unsigned before = m.stats().B;
          fill(m, start, start * 40 + 200);
          ASSERT_GE(m.stats().B, before + 3);
        }
      }
      for (int k = 0; k < start; ++k)
        ASSERT_EQ(seen[k], 1) << k;
      for (auto [k, times] : seen)
        ASSERT_EQ(times, 1) << k;
    }
}

TEST(IterateWrite, BegunInTheMiddleOfAGrowth) {
  for (int extra = 1; extra < 30; ++extra) {
    emm::map<int, int> m;
    fill(m, 0, 417 + extra); // the 417th starts a doubling
    ASSERT_NE(m.stats().old_buckets, 0u) << "the growth has ended already";
    std::map<int, int> seen;
    int n = 0;
    for (const auto &e : m) {
      ++seen[e.first];
      if (++n == 100)
        fill(m, 10000, 10000 + 20 * extra); // the growth goes on
      if (n == 150)
        fill(m, 20000, 23000); // and others follow
    }
    for (int k = 0; k < 417 + extra; ++k)
      ASSERT_EQ(seen[k], 1) << k;
  }
}

namespace {
/// Sixteen chains, whatever the size.
struct sixteen_chains {
  std::uint64_t operator()(int k, std::uint64_t) const noexcept {
    return std::uint64_t(k & 15) | std::uint64_t(k >> 4) << 56;
  }
};
using chained = emm::map<int, int, sixteen_chains>;
/// A map whose next new key starts a growth to the same size: an overflow bucket for each of its buckets, and
/// three entries in each chain.
chained due_for_same_size() {
  chained m;
  m.reserve(100);
  for (int c = 0; c < 16; ++c) {
    for (int i = 0; i < 10; ++i)
      m[c + 16 * i] = c + 16 * i;
    for (int i = 3; i < 10; ++i)
      m.erase(c + 16 * i);
  }
  return m;
}
} // namespace

TEST(IterateWrite, AcrossASameSizeGrowthAndTwoDoublings) {
  for (int begun = 0; begun < 3; ++begun)  // before, in the middle of, and after the growth
    for (int grown : {0, 1, 20, 40, 47}) { // entries seen before it goes on
      chained m = due_for_same_size();
      int next = 1000;
      const auto add = [&] {
        m[next] = next;
        ++next;
      };
      if (begun >= 1) {
        add();
        ASSERT_TRUE(m.c_header()->flags & EMM_SAME_SIZE_GROW);
      }
      if (begun == 2)
        m.finish_growth();
      std::map<int, int> seen;
      int n = 0;
      for (const auto &e : m) {
        ASSERT_EQ(e.first, e.second);
        ++seen[e.first];
        if (n++ == grown) {
          add();
          ASSERT_EQ(m.stats().B, 4u);
          ASSERT_EQ(!!(m.c_header()->flags & EMM_SAME_SIZE_GROW), begun != 2);
        }
        if (n == grown + 2) {
          m.finish_growth();
          while (m.stats().B < 6)
            add();
        }
      }
      ASSERT_EQ(m.check_invariants(), nullptr);
      for (int k = 0; k < 48; ++k)
        ASSERT_EQ(seen[k], 1) << "begun " << begun << " grown " << grown << " key " << k;
      for (auto [k, times] : seen)
        ASSERT_EQ(times, 1) << k;
    }
}

TEST(IterateWrite, ErasedEntriesDoNotComeBack) {
  emm::map<int, int> m;
  fill(m, 0, 100);
  bool grown = false;
  for (const auto &e : m) {
    if (!grown) {
      grown = true;
      fill(m, 100, 1000);
      for (int k = 1; k < 1000; k += 2)
        m.erase(k);
      continue;
    }
    ASSERT_EQ(e.first % 2, 0);
  }
}

TEST(IterateWrite, NewestValueIsProduced) {
  emm::map<std::string, int> m;
  for (int i = 0; i < 60; ++i)
    m["key " + std::to_string(i)] = 0;
  bool first = true;
  for (const auto &e : m) {
    if (first) {
      first = false;
      for (int i = 0; i < 600; ++i)
        m["key " + std::to_string(i)] = 1;
      continue;
    }
    ASSERT_EQ(e.second, 1);
  }
}

TEST(IterateWrite, ClearEndsTheIteration) {
  for (int size : {5, 8, 100}) {
    emm::map<int, int> m;
    fill(m, 0, size);
    int n = 0;
    for (auto i = m.begin(); i != m.end(); ++i) {
      ++n;
      m.clear();
      fill(m, 0, size); // the same keys again
    }
    EXPECT_EQ(n, 1);
  }
}

TEST(IterateWrite, ClearInTheMiddleOfAGrowthEndsTheIteration) {
  for (int moved : {0, 10, 30}) {
    emm::map<int, int> m;
    fill(m, 0, 416);
    auto before = m.begin();
    fill(m, 416, 417 + moved); // the 417th starts a doubling
    ASSERT_NE(m.stats().old_buckets, 0u);
    auto during = m.begin();
    m.clear();
    fill(m, 0, 50);
    EXPECT_EQ(++before, m.end());
    EXPECT_EQ(++during, m.end());
    EXPECT_EQ(m.check_invariants(), nullptr);
  }
}

TEST(IterateWrite, NewOldArraysLiveAsLongAsTheirIterator) {
  emm::map<int, std::string> m;
  for (int i = 0; i < 100; ++i)
    m[i] = "a string that is too long to stand inline";
  auto kept = m.begin();
  for (int i = 100; i < 20000; ++i)
    m[i] = "a string that is too long to stand inline";
  int n = 0;
  for (; kept != m.end(); ++kept) {
    ASSERT_EQ(kept->second.size(), 41u);
    ++n;
  }
  EXPECT_GE(n, 100);
}

TEST(IterateWrite, AnIteratorMayOutliveItsMap) {
  emm::map<int, int>::iterator small, large;
  {
    emm::map<int, int> m;
    fill(m, 0, 4);
    small = m.begin();
    emm::map<int, int> n;
    fill(n, 0, 1000);
    large = n.begin();
    fill(n, 1000, 9000);
  }
}

TEST(IterateWrite, APositionGoesOnToTheEnd) {
  emm::map<int, int> m;
  fill(m, 0, 500);
  std::map<int, int> seen;
  for (auto i = m.find(250); i != m.end(); ++i)
    ++seen[i->first];
  EXPECT_EQ(seen.count(250), 1u);
  for (auto [k, times] : seen)
    EXPECT_EQ(times, 1) << k;
}
