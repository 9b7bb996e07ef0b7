// Memory runs out at every allocation in turn: a null result in C, std::bad_alloc in C++, and the map holds
// what it held.
#include "emm/map.hpp"
#include "emm/map_debug.h"

#include <algorithm>
#include <gtest/gtest.h>
#include <map>
#include <set>
#include <string>
#include <vector>

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
  emm_map_seed(7);
  // The first bucket, the owner records, the record of that bucket, eight arrays; the rest are overflow
  // buckets.
  EXPECT_GE(fill_and_erase(m), 18);
  using M = decltype(m);
  EXPECT_GE(every_allocation(m, [&] { M copy(m); }), 2) << "owner records, array, perhaps overflow buckets";
  EXPECT_GE(every_allocation(m, [&] { m.reserve(5000); }), 2) << "what a failed call has doubled stays";
  EXPECT_GE(every_allocation(m, [&] { m.shrink_to_fit(); }), 3) << "and the new places of the entries";
}

TEST(AllocFailure, StandardAllocator) {
  allocator_calls = outstanding = 0;
  {
    emm::map<int, std::string, emm::hash<int>, emm::equal<int>, failing<std::pair<const int, std::string>>> m;
    emm_map_seed(7);
    EXPECT_GE(fill_and_erase(m), 18);
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

namespace {
/// Allocations by what they are for.
int made[4];
void counted(const void *p, std::size_t n, emm::detail::block kind) {
  allocated(p, n, kind);
  ++made[static_cast<int>(kind)];
}
constexpr std::int64_t entries = 600;
constexpr std::uint64_t fixed_seed = 7;

/// Blocks of overflow buckets that a fill with the keys 0 to entries - 1 needs, from the hashes alone. An
/// array is full when the next insertion doubles it, and by then every chain has moved to it; chains only
/// grow, so each has taken one overflow bucket for every eight entries beyond its first eight. Spares (one
/// for 16 buckets) come first, then blocks of one bucket, or of 2^(B-6) in arrays of more than 64 buckets.
int overflow_blocks(std::uint32_t hash0) {
  int blocks = 0;
  std::size_t from = 0;
  for (unsigned B = 1; from < entries; ++B) {
    const std::size_t full = std::min<std::size_t>(entries, emm_map_growth_insert(0, B) - 1);
    std::vector<int> chain(std::size_t{1} << B);
    for (std::size_t k = 0; k < full; ++k)
      ++chain[emm::detail::hash_word(k, hash0) & (chain.size() - 1)];
    int buckets = 0;
    for (int n : chain)
      buckets += n > 8 ? (n - 1) / 8 : 0;
    buckets -= B >= 4 ? 1 << (B - 4) : 0;
    const int each = B > 6 ? 1 << (B - 6) : 1;
    if (buckets > 0)
      blocks += (buckets + each - 1) / each;
    from = full;
  }
  return blocks;
}
/// Fills a map whose n-th allocation fails (0: none); returns the number of operations that failed.
int fill(const emm_maptype &t, int n) {
  emm_map_seed(fixed_seed);
  left = n ? n : -1;
  int failures = 0;
  emm_hmap *h = emm_makemap(&t, 0, nullptr);
  if (!h) {
    ++failures;
    h = emm_makemap(&t, 0, nullptr);
  }
  for (std::int64_t i = 0; i < entries; ++i) {
    auto *p = static_cast<std::int64_t *>(emm_mapassign(&t, h, &i));
    if (!p) {
      ++failures;
      EXPECT_EQ(emm_maplen(h), static_cast<std::size_t>(i));
      EXPECT_EQ(emm_map_check(&t, h), nullptr);
      for (std::int64_t j = 0; j < i; ++j)
        EXPECT_EQ(*static_cast<std::int64_t *>(emm_mapaccess1(&t, h, &j)), j);
      p = static_cast<std::int64_t *>(emm_mapassign(&t, h, &i));
    }
    if (!p) {
      ADD_FAILURE() << "memory was there the second time";
      break;
    }
    *p = i;
  }
  left = -1;
  if (!n) {
    EXPECT_EQ(made[static_cast<int>(emm::detail::block::overflow)], overflow_blocks(h->hash0));
  }
  emm_mapfree(&t, h);
  return failures;
}
} // namespace

TEST_F(Injected, CSurfaceWithAHint) {
  emm_maptype t;
  ASSERT_TRUE(emm_maptype_init(&t, &emm_type_int64, &emm_type_int64, nullptr));
  for (int n = 1; n <= 3; ++n) { // the header, the owner records, the array
    left = n;
    EXPECT_EQ(emm_makemap(&t, 100, nullptr), nullptr) << n;
  }
  left = 4;
  emm_hmap *const h = emm_makemap(&t, 100, nullptr);
  EXPECT_NE(h, nullptr);
  EXPECT_EQ(left, 1) << "three allocations, no more";
  left = -1;
  emm_mapfree(&t, h);
}

TEST_F(Injected, CSurface) {
  emm::detail::hooks.allocated = counted;
  const emm_type big{400, 0, 0, 0, 8, 8, EMM_PLAIN, nullptr, "[400]byte", nullptr};
  for (const emm_type *elem : {static_cast<const emm_type *>(&emm_type_int64), &big}) {
    emm_maptype t;
    ASSERT_TRUE(emm_maptype_init(&t, &emm_type_int64, elem, nullptr));
    std::fill(std::begin(made), std::end(made), 0);
    EXPECT_EQ(fill(t, 0), 0);
    using emm::detail::block;
    const auto of = [](block kind) { return made[static_cast<int>(kind)]; };
    EXPECT_EQ(of(block::buckets), 1) << "the first bucket";
    EXPECT_EQ(of(block::growth), 7) << "the arrays at 9, 14, 27, 53, 105, 209, 417";
    EXPECT_EQ(of(block::overflow), 11) << "with this seed; overflow_blocks() computes the same";
    EXPECT_EQ(of(block::header), 3 + (elem == &big ? entries : 0))
        << "the header, the owner records, the record of the single bucket, and each element on the heap";
    const int all = of(block::buckets) + of(block::growth) + of(block::overflow) + of(block::header);
    int failures = 0;
    for (int n = 1; n <= all; ++n) {
      EXPECT_EQ(fill(t, n), 1) << "allocation " << n;
      ++failures;
    }
    EXPECT_EQ(fill(t, all + 1), 0) << "there are no more";
    EXPECT_EQ(failures, elem == &big ? 622 : 22);
  }
}
