// Memory from a standard allocator: all of it, and given back to where it came from; which allocator a copy,
// an assignment and a swap end up with; entries that have to move because memory cannot.
#include "emm/map.hpp"

#include <gtest/gtest.h>
#include <memory_resource>
#include <string>

namespace {
struct arena {
  long blocks = 0, taken = 0;
};
/// Takes from an arena. `Goes`: it goes along with contents that are assigned or swapped.
template <class T, bool Goes> struct from {
  using value_type = T;
  using propagate_on_container_copy_assignment = std::bool_constant<Goes>;
  using propagate_on_container_move_assignment = std::bool_constant<Goes>;
  using propagate_on_container_swap = std::bool_constant<Goes>;
  using is_always_equal = std::false_type;
  template <class U> struct rebind { using other = from<U, Goes>; };
  arena *a;
  explicit from(arena &where) noexcept : a(&where) {}
  template <class U> from(const from<U, Goes> &o) noexcept : a(o.a) {}
  T *allocate(std::size_t n) {
    ++a->blocks;
    ++a->taken;
    return std::allocator<T>().allocate(n);
  }
  void deallocate(T *p, std::size_t n) noexcept {
    --a->blocks;
    std::allocator<T>().deallocate(p, n);
  }
  friend bool operator==(const from &x, const from &y) noexcept { return x.a == y.a; }
  friend bool operator!=(const from &x, const from &y) noexcept { return x.a != y.a; }
};
struct large {
  long n[30];
};
template <class V, bool Goes>
using map_in = emm::map<int, V, emm::hash<int>, emm::equal<int>, from<std::pair<const int, V>, Goes>>;
template <class V, bool Goes> map_in<V, Goes> filled(arena &a, int n) {
  map_in<V, Goes> m{from<std::pair<const int, V>, Goes>(a)};
  for (int i = 0; i < n; ++i)
    m[i];
  return m;
}
static_assert(!std::is_nothrow_move_assignable_v<map_in<int, false>>,
              "entries may have to be moved one by one");
static_assert(std::is_nothrow_move_constructible_v<map_in<int, false>>);

/// Every way to hand contents over, for allocators that go along and for those that stay.
template <bool Goes> void hand_over() {
  arena x, y;
  {
    auto a = filled<std::string, Goes>(x, 300), b = filled<std::string, Goes>(y, 20);
    a[7] = "seven";
    b = a;
    EXPECT_TRUE(a == b);
    EXPECT_EQ(b.get_allocator().a, Goes ? &x : &y);
    auto c = filled<std::string, Goes>(y, 20);
    c = std::move(a);
    EXPECT_TRUE(c == b);
    EXPECT_TRUE(a.empty());
    EXPECT_EQ(c.get_allocator().a, Goes ? &x : &y);
    a[1] = "again";
    auto d = filled<std::string, Goes>(Goes ? y : x, 5);
    d.swap(a);
    EXPECT_EQ(d.at(1), "again");
    EXPECT_EQ(a.size(), 5u);
    EXPECT_EQ(c.check_invariants(), nullptr);
  }
  EXPECT_EQ(x.blocks, 0);
  EXPECT_EQ(y.blocks, 0);
}
} // namespace

TEST(Allocator, HoldsArraysOverflowBucketsRecordsAndIndirectElements) {
  arena a;
  {
    auto m = filled<large, false>(a, 1000);
    EXPECT_GE(a.blocks, 1000 + 2) << "an element each, the array, the list of arrays";
    m.reserve(5000);
    m.clear();
    EXPECT_LE(a.blocks, 10);
    m[1];
    m.shrink_to_fit();
    EXPECT_EQ(a.blocks, 2) << "one bucket and one element";
  }
  EXPECT_EQ(a.blocks, 0);
}

TEST(Allocator, GoesAlong) { hand_over<true>(); }
TEST(Allocator, Stays) { hand_over<false>(); }

TEST(Allocator, OfConstructors) {
  arena x, y;
  {
    auto a = filled<int, false>(x, 100);
    const long before = y.taken;
    const map_in<int, false> copy(a, from<std::pair<const int, int>, false>(y));
    EXPECT_TRUE(copy == a);
    EXPECT_GT(y.taken, before);
    const map_in<int, false> same(std::move(a), from<std::pair<const int, int>, false>(x));
    EXPECT_TRUE(a.empty());
    map_in<int, false> source(same);
    const map_in<int, false> other(std::move(source), from<std::pair<const int, int>, false>(y));
    EXPECT_TRUE(source.empty());
    EXPECT_TRUE(other == same);
    EXPECT_EQ(other.get_allocator().a, &y);
  }
  EXPECT_EQ(x.blocks, 0);
  EXPECT_EQ(y.blocks, 0);
}

TEST(Allocator, Polymorphic) {
  using M = emm::map<int, std::string, emm::hash<int>, emm::equal<int>,
                     std::pmr::polymorphic_allocator<std::pair<const int, std::string>>>;
  std::pmr::monotonic_buffer_resource here, there;
  M a(&here), b(&there);
  for (int i = 0; i < 500; ++i)
    a[i] = std::to_string(i);
  b = a;
  EXPECT_TRUE(a == b);
  EXPECT_EQ(b.get_allocator().resource(), &there);
  b.clear();
  b = std::move(a);
  EXPECT_EQ(b.size(), 500u);
  EXPECT_EQ(b.at(77), "77");
}
