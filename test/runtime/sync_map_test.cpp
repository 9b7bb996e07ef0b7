// emm::sync_map: sequential meaning, readers during growth and reclamation, and histories of concurrent
// operations on one key that some sequential order explains.
#include "emm/sync_map.hpp"

#include <algorithm>
#include <gtest/gtest.h>
#include <random>
#include <set>
#include <string>
#include <thread>
#include <unordered_map>

TEST(SyncMap, BehavesAsAMapInOneThread) {
  emm::sync_map<std::string, int> m;
  std::unordered_map<std::string, int> u;
  std::mt19937 random(3);
  for (int i = 0; i < 20000; ++i) {
    const std::string k = "key " + std::to_string(random() % 700);
    switch (random() % 5) {
    case 0:
      m.store(k, i);
      u[k] = i;
      break;
    case 1:
      ASSERT_EQ(m.erase(k), u.erase(k) == 1);
      break;
    case 2: {
      const auto [v, loaded] = m.load_or_store(k, i);
      const auto [it, inserted] = u.try_emplace(k, i);
      ASSERT_EQ(loaded, !inserted);
      ASSERT_EQ(v, it->second);
      break;
    }
    case 3: {
      const auto it = u.find(k);
      const int expected = it == u.end() ? 1 : random() % 2 ? it->second : -1;
      const bool swaps = it != u.end() && it->second == expected;
      ASSERT_EQ(m.compare_and_swap(k, expected, i), swaps);
      if (swaps)
        it->second = i;
      break;
    }
    default: {
      const auto v = m.load(k);
      const auto it = u.find(k);
      ASSERT_EQ(v.has_value(), it != u.end());
      if (v) {
        ASSERT_EQ(*v, it->second);
      }
    }
    }
    ASSERT_EQ(m.size(), u.size());
  }
  std::set<std::string> seen;
  m.range([&](const std::string &k, int v) {
    EXPECT_EQ(u.at(k), v);
    EXPECT_TRUE(seen.insert(k).second);
    return true;
  });
  EXPECT_EQ(seen.size(), u.size());
}

TEST(SyncMap, ReadersSeeWhatStaysWhileOthersWrite) {
  emm::sync_map<int, std::string> m;
  const std::string long_value = "a value that is too long to stand inline, so that a freed one is noticed";
  for (int i = 0; i < 50; ++i)
    m.store(i, long_value);
  std::atomic<bool> stop{false};
  std::thread writer([&] {
    for (int round = 0; round < 3; ++round) {
      for (int i = 100; i < 2000; ++i)
        m.store(i, long_value);
      for (int i = 100; i < 2000; ++i)
        m.erase(i);
      for (int i = 0; i < 50; ++i)
        m.store(i, long_value);
    }
    stop = true;
  });
  std::vector<std::thread> readers;
  for (int r = 0; r < 2; ++r)
    readers.emplace_back([&] {
      do {
        for (int i = 0; i < 50; ++i)
          ASSERT_EQ(m.load(i), long_value);
        int n = 0;
        m.range([&](int k, const std::string &v) {
          n += k < 50;
          return v.size() == long_value.size();
        });
        ASSERT_EQ(n, 50);
      } while (!stop);
    });
  writer.join();
  for (auto &r : readers)
    r.join();
  EXPECT_EQ(m.size(), 50u);
}

namespace {
struct operation {
  enum { load, store, swap, erase, load_or_store } what;
  int argument, expected;
  int result; ///< load, load_or_store: the value found or -1; swap and erase: whether it did
  std::size_t call, done;
};
/// Whether some order of the operations that respects real time gives every result. Depth first over the
/// minimal ones.
bool explained(std::vector<operation> &left, int state, std::set<std::pair<unsigned long, int>> &tried,
               unsigned long mask) {
  if (mask == (1ul << left.size()) - 1)
    return true;
  if (!tried.insert({mask, state}).second)
    return false;
  std::size_t first_done = ~std::size_t{0};
  for (std::size_t i = 0; i < left.size(); ++i)
    if (!(mask >> i & 1))
      first_done = std::min(first_done, left[i].done);
  for (std::size_t i = 0; i < left.size(); ++i) {
    const operation &o = left[i];
    if (mask >> i & 1 || o.call > first_done)
      continue;
    int next = state;
    bool fits = true;
    switch (o.what) {
    case operation::load:
      fits = o.result == state;
      break;
    case operation::store:
      next = o.argument;
      break;
    case operation::swap:
      fits = o.result == (state != -1 && state == o.expected);
      if (o.result)
        next = o.argument;
      break;
    case operation::erase:
      fits = o.result == (state != -1);
      next = -1;
      break;
    case operation::load_or_store:
      fits = o.result == state;
      if (state == -1)
        next = o.argument;
      break;
    }
    if (fits && explained(left, next, tried, mask | 1ul << i))
      return true;
  }
  return false;
}
} // namespace

TEST(SyncMap, HistoriesOfOneKeyAreLinearisable) {
  for (unsigned seed = 0; seed < 60; ++seed) {
    emm::sync_map<int, int> m;
    std::atomic<std::size_t> clock{0};
    std::atomic<int> ready{0};
    std::vector<operation> history[3];
    std::vector<std::thread> threads;
    std::atomic<bool> stop{false};
    if (seed % 2) // other keys come and go, and the table grows
      threads.emplace_back([&] {
        for (int k = 100; !stop && k < 20000; ++k) {
          m.store(k, k);
          if (k % 3 == 0)
            m.erase(k - 1);
        }
      });
    for (unsigned t = 0; t < 3; ++t)
      threads.emplace_back([&, t] {
        std::mt19937 random(seed * 3 + t);
        ++ready;
        while (ready < 3)
          std::this_thread::yield();
        for (int i = 0; i < 14; ++i) {
          operation o{};
          o.what = decltype(o.what)(random() % 5);
          o.argument = int(random() % 3);
          o.expected = int(random() % 3);
          o.call = clock++;
          switch (o.what) {
          case operation::load:
            o.result = m.load(7).value_or(-1);
            break;
          case operation::store:
            m.store(7, o.argument);
            break;
          case operation::swap:
            o.result = m.compare_and_swap(7, o.expected, o.argument);
            break;
          case operation::erase:
            o.result = m.erase(7);
            break;
          case operation::load_or_store: {
            const auto [v, loaded] = m.load_or_store(7, o.argument);
            o.result = loaded ? v : -1;
            break;
          }
          }
          o.done = clock++;
          history[t].push_back(o);
          if (random() % 4 == 0)
            std::this_thread::yield();
        }
      });
    for (auto t = threads.rbegin(); t != threads.rend(); ++t) {
      if (&*t == &threads.front())
        stop = true;
      t->join();
    }
    std::vector<operation> all;
    for (const auto &h : history)
      all.insert(all.end(), h.begin(), h.end());
    std::set<std::pair<unsigned long, int>> tried;
    ASSERT_TRUE(explained(all, -1, tried, 0)) << "seed " << seed;
  }
}

namespace {
/// Comparing two of these waits, once armed, until the gate opens.
struct gated {
  int n;
  static inline std::atomic<bool> armed{false}, reached{false}, open{false};
  friend bool operator==(const gated &a, const gated &b) {
    if (armed) {
      reached = true;
      while (!open)
        std::this_thread::yield();
    }
    return a.n == b.n;
  }
};
} // namespace

TEST(SyncMap, ReadersFinishWhileAWriterStandsStillInTheMiddle) {
  emm::sync_map<int, gated> m;
  for (int i = 0; i < 100; ++i)
    m.store(i, {i});
  gated::armed = true;
  std::thread writer([&] { EXPECT_TRUE(m.compare_and_swap(7, {7}, {8})); });
  while (!gated::reached)
    std::this_thread::yield();
  // The writer holds its lock and goes on only when all of this is done.
  EXPECT_EQ(m.load(7)->n, 7);
  EXPECT_EQ(m.load(8)->n, 8);
  EXPECT_TRUE(m.contains(7));
  EXPECT_FALSE(m.contains(100));
  EXPECT_EQ(m.size(), 100u);
  int n = 0;
  m.range([&](int k, const gated &v) {
    n += k == v.n;
    return true;
  });
  EXPECT_EQ(n, 100);
  gated::open = true;
  writer.join();
  gated::armed = false;
  EXPECT_EQ(m.load(7)->n, 8);
}

TEST(SyncMap, TheCheckerRejectsAHistoryThatCannotBe) {
  // store(1) ends before load starts, and load misses it.
  std::vector<operation> wrong{{operation::store, 1, 0, 0, 0, 1}, {operation::load, 0, 0, -1, 2, 3}};
  std::set<std::pair<unsigned long, int>> tried;
  EXPECT_FALSE(explained(wrong, -1, tried, 0));
}
