// A hash, comparison, copy or constructor that throws, at every call in turn, leaves the map with the entries
// it had, usable and in order.
#include "emm/map.hpp"

#include <gtest/gtest.h>
#include <map>
#include <set>

namespace {
struct thrown {};
int left = -1; ///< calls until one throws; negative: never
int alive;     ///< live objects of `fragile`
void call() {
  if (left > 0 && --left == 0) {
    left = -1;
    throw thrown();
  }
}

/// Key whose every operation may throw; moving it, too, so it is stored indirectly.
struct fragile {
  int n;
  fragile(int v) : n(v) {
    call();
    ++alive;
  }
  fragile(const fragile &o) : n(o.n) {
    call();
    ++alive;
  }
  fragile(fragile &&o) : n(o.n) {
    call();
    ++alive;
  }
  fragile &operator=(const fragile &) = default;
  ~fragile() { --alive; }
  friend bool operator==(const fragile &a, const fragile &b) { return a.n == b.n; }
};
struct fragile_hash {
  std::uint64_t operator()(const fragile &f, std::uint64_t seed) const {
    call();
    return emm::hash<int>{}(f.n, seed);
  }
};
struct fragile_equal {
  bool operator()(const fragile &a, const fragile &b) const {
    call();
    return a.n == b.n;
  }
};
/// A plain key with a throwing hash: stored inline, rehashed during growth.
struct plain_hash {
  std::uint64_t operator()(int k, std::uint64_t seed) const {
    call();
    return emm::hash<int>{}(k, seed);
  }
};

template <class M> std::map<int, int> contents(const M &m) {
  std::map<int, int> r;
  for (const auto &e : m) {
    if constexpr (std::is_same_v<typename M::key_type, int>)
      r[e.first] = e.second.n;
    else
      r[e.first.n] = e.second.n;
  }
  return r;
}
template <class M> void unchanged(const M &m, const std::map<int, int> &before) {
  ASSERT_EQ(m.size(), before.size());
  ASSERT_EQ(contents(m), before);
  ASSERT_EQ(m.c_header()->flags & EMM_HASH_WRITING, 0);
  ASSERT_EQ(m.check_invariants(), nullptr);
}
/// Runs `step` with the first, second, ... call throwing, until none does.
template <class M, class F> int every_call(M &m, F step) {
  int calls = 0;
  for (int n = 1;; ++n) {
    const std::map<int, int> before = contents(m);
    left = n;
    try {
      step();
      left = -1;
      return calls;
    } catch (const thrown &) {
      ++calls;
      unchanged(m, before);
      if (testing::Test::HasFatalFailure())
        return calls;
    }
    if (n > 500) {
      ADD_FAILURE() << "no end";
      return calls;
    }
  }
}
template <class M> void all_operations() {
  alive = 0;
  {
    M m;
    int calls = 0;
    std::set<int> expected;
    for (int i = 0; i < 120; ++i) {
      expected.insert({i, i / 2});
      calls += every_call(m, [&] { m.try_emplace(i, i); });
      calls += every_call(m, [&] { m.insert_or_assign(i / 2, i + 1000); });
      calls += every_call(m, [&] { m.contains(i); });
      if (i % 4 == 3)
        calls += every_call(m, [&] { m.erase(i - 2); }), expected.erase(i - 2);
      if (testing::Test::HasFatalFailure())
        return;
    }
    EXPECT_GT(calls, 500);
    calls = every_call(m, [&] { M copy(m); });
    EXPECT_GT(calls, 50);
    every_call(m, [&] { m.reserve(1000); });
    EXPECT_EQ(m.size(), expected.size());
    EXPECT_GE(every_call(m, [&] { m.shrink_to_fit(); }), int(m.size())) << "each key is hashed";
    M copy(m);
    calls = every_call(m, [&] { EXPECT_TRUE(copy == m); });
    EXPECT_GE(calls, int(m.size()));
    calls = every_call(m, [&] { copy = m; });
    EXPECT_GE(calls, int(m.size()));
    EXPECT_GE(every_call(m, [&] { m.equal_range(0); }), 1);
    EXPECT_GE(every_call(m, [&] { m.get(0); }), 1);
    EXPECT_GE(every_call(m, [&] { copy.extract(0); }), 1);
    for (auto i = m.begin(); i != m.end();) // a walk needs no hash
      i = m.erase(i);
    EXPECT_TRUE(m.empty());
  }
  EXPECT_EQ(alive, 0) << "objects leaked or destroyed twice";
}
} // namespace

TEST(Throwing, KeysThatCannotBeMovedSafely) {
  all_operations<emm::map<fragile, fragile, fragile_hash, fragile_equal>>();
}
TEST(Throwing, HashOfAPlainKey) { all_operations<emm::map<int, fragile, plain_hash>>(); }
