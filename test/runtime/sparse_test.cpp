// A map that holds little for its size: clearing and walking find what is there, whatever has been filled and
// emptied before, and growing out of it and falling back into it lose nothing.
#include "emm/map.hpp"

#include <gtest/gtest.h>
#include <random>
#include <set>
#include <string>
#include <unordered_map>

namespace {
using M = emm::map<std::uint64_t, std::uint64_t>;

std::uint64_t key(std::uint64_t i) { return i * 0x9e3779b97f4a7c15u; }
bool sparse(const M &m) { return m.c_header()->flags & EMM_SPARSE; }
template <class Map> std::set<typename Map::key_type> walked(const Map &m) {
  std::set<typename Map::key_type> r;
  for (const auto &e : m)
    EXPECT_TRUE(r.insert(e.first).second) << "twice";
  return r;
}
M filled(std::uint64_t n) {
  M m;
  for (std::uint64_t i = 0; i < n; ++i)
    m[key(i)] = i;
  return m;
}
} // namespace

TEST(Sparse, ErasingAlmostAll) {
  for (const std::uint64_t n : {60, 300, 5000}) {
    M m = filled(n);
    EXPECT_FALSE(sparse(m));
    for (std::uint64_t i = 1; i < n; ++i)
      m.erase(key(i));
    EXPECT_TRUE(sparse(m)) << n;
    EXPECT_EQ(m.check_invariants(), nullptr);
    EXPECT_EQ(walked(m), std::set<std::uint64_t>{key(0)});
    m[key(n)] = 1;
    EXPECT_EQ(walked(m), (std::set<std::uint64_t>{key(0), key(n)}));
  }
}

TEST(Sparse, AHintAndAClearMakeItDenseArraysNot) {
  M m(10000);
  EXPECT_TRUE(sparse(m));
  m[key(1)] = 1;
  EXPECT_EQ(walked(m).size(), 1u);
  for (std::uint64_t i = 0; i < 10000; ++i)
    m[key(i)] = i;
  EXPECT_FALSE(sparse(m));
  m.clear();
  EXPECT_TRUE(sparse(m));
  EXPECT_TRUE(walked(m).empty());
  m[key(2)] = 1;
  EXPECT_EQ(walked(m), std::set<std::uint64_t>{key(2)});
  m.clear();
  EXPECT_EQ(m.check_invariants(), nullptr);
  EXPECT_TRUE(walked(m).empty());
}

/// A walk begun in a dense map goes on while the map becomes sparse, is filled again and grows.
TEST(Sparse, AWalkThroughTheChange) {
  std::mt19937_64 random(5);
  for (int round = 0; round < 50; ++round) {
    const std::uint64_t n = 1000;
    M m = filled(n);
    std::set<std::uint64_t> stay, seen;
    auto it = m.begin();
    const std::uint64_t first = it->first;
    for (std::uint64_t i = 0; i < n; ++i)
      if (random() % 50)
        m.erase(key(i));
      else
        stay.insert(key(i));
    EXPECT_TRUE(sparse(m));
    if (round % 2)
      for (std::uint64_t i = n; i < 4 * n; ++i)
        m[key(i)] = i;
    if (!stay.count(first))
      ++it;
    for (; it != m.end(); ++it) {
      EXPECT_TRUE(m.contains(it->first));
      EXPECT_TRUE(seen.insert(it->first).second);
    }
    for (std::uint64_t k : stay)
      EXPECT_TRUE(seen.count(k)) << "round " << round;
    EXPECT_EQ(m.check_invariants(), nullptr);
  }
}

/// Up and down at random, with clears, beside a std::unordered_map; elements that own memory.
TEST(Sparse, AgainstAModel) {
  std::mt19937_64 random(11);
  emm::map<std::uint64_t, std::string> m;
  std::unordered_map<std::uint64_t, std::string> model;
  for (int phase = 0; phase < 200; ++phase) {
    const std::uint64_t span = std::uint64_t{1} << (random() % 13);
    const unsigned inserts = phase % 3 == 0 ? 90 : 25; // of a hundred
    for (int step = 0; step < 600; ++step) {
      const std::uint64_t k = key(random() % span);
      if (random() % 100 < inserts) {
        m[k] = std::to_string(step) + " and some more characters";
        model[k] = m[k];
      } else
        EXPECT_EQ(m.erase(k), model.erase(k));
    }
    if (random() % 8 == 0) {
      m.clear();
      model.clear();
    } else if (random() % 4 == 0) {
      while (!model.empty() && model.size() > 3) {
        const std::uint64_t k = model.begin()->first;
        EXPECT_EQ(m.erase(k), model.erase(k));
      }
    }
    ASSERT_EQ(m.check_invariants(), nullptr) << "phase " << phase;
    ASSERT_EQ(m.size(), model.size());
    ASSERT_EQ(walked(m).size(), model.size());
    for (const auto &e : m)
      ASSERT_EQ(model.at(e.first), e.second);
  }
}
