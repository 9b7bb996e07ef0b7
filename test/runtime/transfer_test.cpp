// Entries change hands as they are: shrinking, merging and extracting copy nothing, take move-only and NaN
// keys along, and lose nothing when a hash throws or memory runs out half-way.
#include "emm/map.hpp"

#include <cmath>
#include <gtest/gtest.h>
#include <limits>
#include <map>
#include <memory>
#include <string>

namespace {
const double nan_key = std::numeric_limits<double>::quiet_NaN();

struct thrown {};
int left = -1; ///< hashes until one throws; negative: never
struct throwing_hash {
  std::uint64_t operator()(int k, std::uint64_t seed) const {
    if (left > 0 && --left == 0)
      throw thrown();
    return emm::hash<int>{}(k, seed);
  }
};
bool allow(std::size_t) { return !(left > 0 && --left == 0); }

using texts = emm::map<int, std::string, throwing_hash>;
std::map<int, std::string> contents(const texts &m) {
  std::map<int, std::string> r;
  for (const auto &e : m)
    r.emplace(e.first, e.second);
  return r;
}
std::string text(int i) { return "a value on the heap, number " + std::to_string(i); }
/// `step` with the first, second, ... hash or allocation failing until none does; `same` is checked after
/// each.
template <class F, class C> int every_failure(F step, C same) {
  for (int n = 1; n < 5000; ++n) {
    left = n;
    bool failed = false;
    try {
      step();
    } catch (const thrown &) {
      failed = true;
    } catch (const std::bad_alloc &) {
      failed = true;
    }
    left = -1;
    same();
    if (!failed || testing::Test::HasFatalFailure())
      return n - 1;
  }
  ADD_FAILURE() << "no end";
  return 0;
}
struct Transfer : testing::TestWithParam<bool> { ///< false: the hash throws; true: memory runs out
  void arm() { emm::detail::hooks.allow = GetParam() ? allow : nullptr; }
  void SetUp() override { arm(); }
  void TearDown() override {
    left = -1;
    emm::detail::hooks.allow = nullptr;
  }
};
} // namespace

TEST_P(Transfer, AFailedShrinkLosesNothing) {
  texts m;
  for (int i = 0; i < 2000; ++i)
    m[i] = text(i);
  for (int i = 300; i < 2000; ++i)
    m.erase(i);
  const auto before = contents(m);
  const int failures = every_failure([&] { m.shrink_to_fit(); },
                                     [&] {
                                       ASSERT_EQ(contents(m), before);
                                       ASSERT_EQ(m.check_invariants(), nullptr);
                                     });
  EXPECT_GE(failures, GetParam() ? 3 : 300);
  EXPECT_EQ(m.bucket_count(), 64u);
}

TEST_P(Transfer, AFailedMergeLosesNothing) {
  texts a, b;
  for (int i = 0; i < 200; ++i)
    a[i] = text(i);
  for (int i = 100; i < 500; ++i)
    b[i] = text(i + 10000);
  const auto was_a = contents(a), was_b = contents(b);
  const int failures =
      every_failure([&] { a.merge(b); },
                    [&] {
                      const auto now_a = contents(a), now_b = contents(b);
                      ASSERT_EQ(now_a.size() + now_b.size(), 600u);
                      for (int i = 0; i < 500; ++i) {
                        const bool both = i >= 100 && i < 200, moved = i >= 200;
                        ASSERT_TRUE(moved || now_a.at(i) == text(i));
                        ASSERT_TRUE(!both || now_b.at(i) == text(i + 10000));
                        ASSERT_TRUE(!moved || (now_a.count(i) ? now_a : now_b).at(i) == text(i + 10000));
                      }
                      ASSERT_EQ(a.check_invariants(), nullptr);
                      ASSERT_EQ(b.check_invariants(), nullptr);
                    });
  EXPECT_GE(failures, GetParam() ? 2 : 100);
  EXPECT_EQ(a.size(), 500u);
  EXPECT_EQ(b.size(), 100u);
}
INSTANTIATE_TEST_SUITE_P(HashOrMemory, Transfer, testing::Bool());

TEST(Shrink, KeepsWhatCannotBeCopiedOrFound) {
  emm::map<double, std::unique_ptr<int>> m;
  for (int i = 0; i < 1000; ++i)
    m.insert({i % 2 ? nan_key : double(i), std::make_unique<int>(i)});
  for (int i = 40; i < 1000; i += 2)
    m.erase(i);
  for (auto i = m.begin(); i != m.end();)
    i = *i->second > 60 ? m.erase(i) : std::next(i);
  m.shrink_to_fit();
  EXPECT_EQ(m.size(), 20u + 30u);
  EXPECT_EQ(m.bucket_count(), 8u);
  int nans = 0;
  for (const auto &e : m) {
    nans += std::isnan(e.first);
    EXPECT_TRUE(std::isnan(e.first) || *e.second == e.first);
  }
  EXPECT_EQ(nans, 30);
}

TEST(Shrink, EndsIterationsAndMayLeaveAnEmptyMap) {
  emm::map<int, int> m;
  for (int i = 0; i < 500; ++i)
    m[i] = i;
  auto walk = m.begin();
  for (int i = 3; i < 500; ++i)
    m.erase(i);
  m.shrink_to_fit();
  EXPECT_EQ(m.bucket_count(), 1u);
  EXPECT_EQ(++walk, m.end());
  auto second = m.begin();
  for (int i = 0; i < 3; ++i)
    m.erase(i);
  m.reserve(100);
  m.shrink_to_fit();
  EXPECT_EQ(m.bucket_count(), 0u);
  EXPECT_EQ(++second, m.end());
  m[5] = 5;
  EXPECT_EQ(m.at(5), 5);
}

TEST(Merge, TakesMoveOnlyEntriesFromAMapOfAnotherHash) {
  struct other_hash {
    std::uint64_t operator()(const std::unique_ptr<int> &p, std::uint64_t seed) const noexcept {
      return emm::hash<int>{}(p ? *p : -1, seed ^ 77);
    }
  };
  emm::map<std::unique_ptr<int>, std::unique_ptr<int>> a;
  emm::map<std::unique_ptr<int>, std::unique_ptr<int>, other_hash> b;
  for (int i = 0; i < 300; ++i)
    b[std::make_unique<int>(i)] = std::make_unique<int>(-i);
  a.merge(b);
  EXPECT_TRUE(b.empty());
  EXPECT_EQ(a.size(), 300u);
  for (const auto &e : a)
    EXPECT_EQ(*e.first, -*e.second);
  EXPECT_EQ(a.check_invariants(), nullptr);
}

TEST(Merge, WithItselfChangesNothing) {
  emm::map<double, int> m{{1, 1}, {2, 2}};
  m.insert({nan_key, 3});
  m.merge(m);
  EXPECT_EQ(m.size(), 3u);
}

TEST(Extract, ByIteratorTakesTheEntryItself) {
  emm::map<double, std::unique_ptr<int>> m;
  m.insert({nan_key, std::make_unique<int>(1)});
  m.insert({nan_key, std::make_unique<int>(2)});
  auto node = m.extract(m.begin());
  ASSERT_TRUE(node);
  EXPECT_TRUE(std::isnan(node.key()));
  EXPECT_EQ(m.size(), 1u);
  EXPECT_EQ(*node.mapped() + *m.begin()->second, 3);
  node.key() = 5;
  m.insert(std::move(node));
  EXPECT_TRUE(m.contains(5));
}
