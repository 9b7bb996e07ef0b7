// Memory runs out at every allocation in turn: a null result in C, std::bad_alloc in C++, and the map holds
// what it held.
#include "emm/map.hpp"
#include "emm/map_debug.h"

#include <gtest/gtest.h>
#include <map>
#include <set>
#include <string>

namespace {
int left = -1;
std::set<const void *> blocks;
bool allow(std::size_t) { return !(left > 0 && --left == 0); }
void allocated(const void *p, std::size_t, emm::detail::block) { blocks.insert(p); }
void freed(const void *p) { EXPECT_EQ(blocks.erase(p), 1u) << "freed twice, or never allocated"; }

struct Injected : testing::Test {
  Injected() {
    blocks.clear();
    left = -1;
    emm::detail::hooks.allow = allow;
    emm::detail::hooks.allocated = allocated;
    emm::detail::hooks.freed = freed;
  }
  ~Injected() override {
    emm::detail::hooks.allow = nullptr;
    emm::detail::hooks.allocated = nullptr;
    emm::detail::hooks.freed = nullptr;
    EXPECT_TRUE(blocks.empty()) << blocks.size() << " blocks leaked";
  }
};

/// An allocator that fails on the n-th call and counts.
int allocator_calls, outstanding;
template <class T> struct failing {
  using value_type = T;
  failing() = default;
  template <class U> failing(const failing<U> &) noexcept {}
  T *allocate(std::size_t n) {
    ++allocator_calls;
    if (left > 0 && --left == 0)
      throw std::bad_alloc();
    ++outstanding;
    return std::allocator<T>().allocate(n);
  }
  void deallocate(T *p, std::size_t n) noexcept {
    --outstanding;
    std::allocator<T>().deallocate(p, n);
  }
  friend bool operator==(const failing &, const failing &) noexcept { return true; }
  friend bool operator!=(const failing &, const failing &) noexcept { return false; }
};

template <class M> std::map<int, std::string> contents(const M &m) {
  std::map<int, std::string> r;
  for (const auto &e : m)
    r[e.first] = e.second;
  return r;
}
template <class M, class F> int every_allocation(M &m, F step) {
  int failures = 0;
  for (int n = 1; n < 100; ++n) {
    const auto before = contents(m);
    left = n;
    try {
      step();
      const bool injected = left < 0;
      left = -1;
      static_cast<void>(injected);
      return failures;
    } catch (const std::bad_alloc &) {
      left = -1;
      ++failures;
      EXPECT_EQ(contents(m), before);
      EXPECT_EQ(m.check_invariants(), nullptr);
    }
  }
  ADD_FAILURE() << "no end";
  return failures;
}
template <class M> int fill_and_erase(M &m) {
  int failures = 0;
  for (int i = 0; i < 900; ++i) {
    failures += every_allocation(m, [&] { m.try_emplace(i, "value " + std::to_string(i)); });
    if (i % 5 == 4) {
      left = 1; // erasing never fails: what it cannot do for lack of memory is left for later
      EXPECT_EQ(m.erase(i - 2), 1u);
      left = -1;
      EXPECT_EQ(m.check_invariants(), nullptr);
    }
  }
  for (int i = 0; i < 900; ++i)
    EXPECT_EQ(m.contains(i), i % 5 != 2);
  return failures;
}
} // namespace

TEST_F(Injected, CxxMap) {
  emm::map<int, std::string> m;
  EXPECT_GE(fill_and_erase(m), 18); // eight growths of two blocks each, and the first bucket and record
}

TEST(AllocFailure, StandardAllocator) {
  allocator_calls = outstanding = 0;
  {
    emm::map<int, std::string, emm::hash<int>, emm::equal<int>, failing<std::pair<const int, std::string>>> m;
    EXPECT_GE(fill_and_erase(m), 18); // eight growths of two blocks each, and the first bucket and record
    auto copy = m;
    EXPECT_TRUE(copy == m);
    auto moved = std::move(copy);
    EXPECT_EQ(moved.size(), m.size());
    moved.clear();
    moved.shrink_to_fit();
  }
  EXPECT_GT(allocator_calls, 30);
  EXPECT_EQ(outstanding, 0);
}

TEST_F(Injected, CSurface) {
  struct {
    const emm_type *k, *v;
  } const kinds[] = {{&emm_type_int64, &emm_type_int64}, {&emm_type_int64, nullptr}};
  const emm_type big{400, 0, 0, 0, 8, 8, EMM_PLAIN, nullptr, "[400]byte", nullptr};
  for (const auto &kind : kinds) {
    emm_maptype t;
    ASSERT_TRUE(emm_maptype_init(&t, kind.k, kind.v ? kind.v : &big, nullptr));
    left = 1;
    EXPECT_EQ(emm_makemap(&t, 100, nullptr), nullptr);
    left = 2;
    EXPECT_EQ(emm_makemap(&t, 100, nullptr), nullptr);
    left = 4;
    EXPECT_EQ(emm_makemap(&t, 100, nullptr), nullptr);
    left = -1;
    emm_hmap *const h = emm_makemap(&t, 0, nullptr);
    ASSERT_NE(h, nullptr);
    int failures = 0;
    for (std::int64_t i = 0; i < 600; ++i) {
      for (int n = 1;; ++n) {
        left = n;
        const std::size_t before = emm_maplen(h);
        void *const p = emm_mapassign(&t, h, &i);
        left = -1;
        if (p) {
          *static_cast<std::int64_t *>(p) = i;
          break;
        }
        ++failures;
        ASSERT_EQ(emm_maplen(h), before);
        ASSERT_EQ(emm_map_check(&t, h), nullptr);
        ASSERT_LT(n, 50);
      }
      for (std::int64_t j = 0; j < i; j += 37)
        ASSERT_EQ(*static_cast<std::int64_t *>(emm_mapaccess1(&t, h, &j)), j);
    }
    // The first bucket, and seven growths (at 9, 14, ... 417) of two blocks each; how many overflow buckets come on top
    // depends on the map's seed.
    EXPECT_GE(failures, 15);
    emm_mapfree(&t, h);
  }
}
