// The interface of std::unordered_map: every way to construct, insert, find, take out; transparent lookup,
// allocators, move-only types, moves and swaps, arguments that refer into the map, destructors that use it.
#include "emm/map.hpp"

#include <cmath>
#include <gtest/gtest.h>
#include <limits>
#include <memory>
#include <set>
#include <string>
#include <string_view>

using names = emm::map<std::string, int>;

static_assert(std::is_nothrow_move_constructible_v<names> && std::is_nothrow_move_assignable_v<names> &&
              std::is_nothrow_swappable_v<names>);
static_assert(std::is_nothrow_default_constructible_v<names>);
static_assert(noexcept(std::declval<emm::map<int, int> &>().find(1)) &&noexcept(
    std::declval<emm::map<int, int> &>().erase(1)));
static_assert(noexcept(std::declval<names &>().clear()));
struct hash_that_may_throw {
  std::uint64_t operator()(int, std::uint64_t) const { return 0; }
};
using may_throw = emm::map<int, int, hash_that_may_throw>;
static_assert(!noexcept(std::declval<may_throw &>().find(1)) &&
              !noexcept(std::declval<may_throw &>().erase(1)) &&
              !noexcept(std::declval<may_throw &>().contains(1)) &&
              !noexcept(++std::declval<may_throw::iterator &>()));
static_assert(noexcept(++std::declval<names::iterator &>()) &&noexcept(std::declval<names &>().begin()));
static_assert(!noexcept(std::declval<names &>()["x"]), "an insertion allocates");
static_assert(std::is_convertible_v<names::iterator, names::const_iterator>);

TEST(Interface, Construction) {
  const names a{{"one", 1}, {"two", 2}, {"one", 3}};
  EXPECT_EQ(a.size(), 2u);
  EXPECT_EQ(a.at("one"), 1) << "the first of equal keys stays";
  const names b(a.begin(), a.end());
  EXPECT_TRUE(a == b);
  names c;
  c = {{"x", 9}};
  EXPECT_EQ(c.at("x"), 9);
  EXPECT_TRUE(c != a);
  c = a;
  EXPECT_TRUE(c == a);
  names d(std::move(c));
  EXPECT_TRUE(c.empty());
  c["again"] = 1; // a moved-from map is an empty one
  EXPECT_EQ(c.size(), 1u);
  swap(c, d);
  EXPECT_EQ(c.size(), 2u);
  EXPECT_EQ(d.size(), 1u);
  names &same = d;
  d = std::move(same);
  EXPECT_EQ(d.size(), 1u);
}

TEST(Interface, Insertion) {
  names m;
  EXPECT_TRUE(m.insert({"a", 1}).second);
  EXPECT_FALSE(m.insert(std::make_pair("a", 2)).second);
  EXPECT_TRUE(m.emplace("b", 2).second);
  EXPECT_TRUE(m.try_emplace("c").second);
  EXPECT_EQ(m["c"], 0);
  EXPECT_FALSE(m.insert_or_assign("a", 7).second);
  EXPECT_EQ(m.find("a")->second, 7);
  const auto [it, inserted] = m.try_emplace("d", 4);
  EXPECT_TRUE(inserted);
  EXPECT_EQ(it->first, "d");
  it->second = 5;
  EXPECT_EQ(m.at("d"), 5);
  EXPECT_THROW(m.at("none"), std::out_of_range);
  EXPECT_EQ(m.count("d"), 1u);
  EXPECT_EQ(m.equal_range("d").first->second, 5);
  EXPECT_EQ(m.equal_range("none").first, m.end());
}

TEST(Interface, TransparentLookup) {
  names m{{"key", 1}};
  const std::string_view view = "key";
  EXPECT_TRUE(m.contains(view));
  EXPECT_EQ(m.find(view)->second, 1);
  EXPECT_EQ(*m.get(view), 1);
  EXPECT_EQ(m.at(view), 1);
  EXPECT_EQ(m.count(view), 1u);
  EXPECT_EQ(m.equal_range(view).first->second, 1);
  EXPECT_EQ(m.erase(view), 1u);
  EXPECT_TRUE(m.empty());
}

TEST(Interface, MoveOnlyKeysAndElements) {
  emm::map<std::unique_ptr<int>, std::unique_ptr<int>> m;
  std::vector<int *> keys;
  for (int i = 0; i < 100; ++i) {
    auto k = std::make_unique<int>(i);
    keys.push_back(k.get());
    m[std::move(k)] = std::make_unique<int>(i * 2);
  }
  std::set<int> seen;
  for (const auto &e : m) {
    EXPECT_EQ(*e.second, *e.first * 2);
    seen.insert(*e.first);
  }
  EXPECT_EQ(seen.size(), 100u);
}

TEST(Interface, ExtractAndMerge) {
  names a{{"one", 1}, {"two", 2}}, b{{"two", 22}, {"three", 3}};
  a.merge(b);
  EXPECT_EQ(a.size(), 3u);
  EXPECT_EQ(a.at("two"), 2);
  EXPECT_EQ(b.size(), 1u);
  auto node = a.extract("three");
  ASSERT_TRUE(node);
  EXPECT_EQ(node.key(), "three");
  node.key() = "drei";
  node.mapped() = 33;
  const auto r = a.insert(std::move(node));
  EXPECT_TRUE(r.inserted);
  EXPECT_EQ(a.at("drei"), 33);
  EXPECT_FALSE(a.extract("none"));
  auto two = b.extract("two");
  auto refused = a.insert(std::move(two));
  EXPECT_FALSE(refused.inserted);
  EXPECT_EQ(refused.node.mapped(), 22);
}

TEST(Interface, EraseByIteratorAndPredicate) {
  emm::map<int, int> m;
  for (int i = 0; i < 500; ++i)
    m[i] = i;
  for (auto i = m.begin(); i != m.end();)
    i = i->first % 2 ? m.erase(i) : std::next(i);
  EXPECT_EQ(m.size(), 250u);
  EXPECT_EQ(erase_if(m, [](const auto &e) { return e.first % 4 == 0; }), 125u);
  EXPECT_EQ(m.erase(m.begin(), m.end()), m.end());
  EXPECT_TRUE(m.empty());
}

TEST(Interface, ArgumentsThatReferIntoTheMap) {
  emm::map<std::string, std::string> m;
  m["0"] = "a value that is too long to be stored inside the string object";
  const std::string expected = m["0"];
  for (int i = 1; i < 2000; ++i) { // through all states of growth
    m.try_emplace(std::to_string(i), m.find(std::to_string(i - 1))->second);
    ASSERT_EQ(m.at(std::to_string(i)), expected) << i;
  }
  emm::map<std::string, int> n;
  for (int i = 0; i < 2000; ++i)
    n["a long key that is allocated " + std::to_string(i)] = i;
  while (!n.empty()) {
    const auto i = n.begin();
    ASSERT_EQ(n.erase(i->first), 1u);
  }
}

TEST(Interface, DestructorsMayUseTheMap) {
  struct talker {
    emm::map<int, talker> *owner = nullptr;
    std::size_t *seen = nullptr;
    talker() = default;
    talker(talker &&o) noexcept : owner(std::exchange(o.owner, nullptr)), seen(o.seen) {}
    ~talker() {
      if (owner)
        *seen = owner->size() + owner->count(2);
    }
  };
  std::size_t seen = 0;
  emm::map<int, talker> m;
  m[2];
  talker &t = m[1];
  t.owner = &m;
  t.seen = &seen;
  m.erase(1);
  EXPECT_EQ(seen, 2u);
}

TEST(Interface, FloatingPointKeys) {
  emm::map<double, int> m;
  const double nan = std::numeric_limits<double>::quiet_NaN();
  for (int i = 0; i < 20; ++i) {
    const auto [it, inserted] = m.insert({nan, i});
    EXPECT_TRUE(inserted);
    EXPECT_EQ(it->second, i);
  }
  EXPECT_FALSE(m.contains(nan));
  EXPECT_EQ(m.erase(nan), 0u);
  m[0.0] = 1;
  m[-0.0] = 2;
  EXPECT_EQ(m.size(), 21u);
  EXPECT_TRUE(std::signbit(m.find(0.0)->first));
  int left = 21;
  for (auto i = m.begin(); i != m.end(); --left)
    i = m.erase(i); // through an iterator even a NaN can go
  EXPECT_EQ(left, 0);
  EXPECT_TRUE(m.empty());
  auto at = m.insert({nan, 1}).first;
  m.erase(at);
  EXPECT_TRUE(m.empty());
}

TEST(Interface, EmptyAndOddTypes) {
  struct empty {};
  emm::map<int, empty> set;
  for (int i = 0; i < 100; ++i)
    set[i];
  int n = 0;
  for (const auto &e : set)
    n += e.first;
  EXPECT_EQ(n, 4950);
  struct unit {
    bool operator==(const unit &) const { return true; }
  };
  struct unit_hash {
    std::uint64_t operator()(const unit &, std::uint64_t seed) const noexcept { return seed; }
  };
  emm::map<unit, int, unit_hash> one;
  one[unit{}] = 1;
  one[unit{}] += 1;
  EXPECT_EQ(one.size(), 1u);
  EXPECT_EQ(one.begin()->second, 2);
  EXPECT_EQ(one.erase(unit{}), 1u);
  struct alignas(32) wide {
    double d[4];
  };
  emm::map<int, wide> aligned;
  for (int i = 0; i < 100; ++i)
    aligned[i].d[3] = i;
  for (const auto &e : aligned)
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(&e.second) % 32, 0u);
  enum class colour { red, green };
  emm::map<colour, const char *> colours{{colour::red, "red"}};
  EXPECT_STREQ(colours.at(colour::red), "red");
  emm::map<std::pair<int, int>, int> pairs{{{1, 2}, 3}};
  EXPECT_EQ((pairs.at({1, 2})), 3);
}

TEST(Interface, UserHashOfOneArgumentIsMixedWithTheSeed) {
  struct identity {
    std::size_t operator()(long k) const noexcept { return static_cast<std::size_t>(k); }
  };
  emm::map<long, int, identity> m;
  for (long i = 0; i < 5000; ++i)
    m[i << 20] = 1; // identical low bits
  EXPECT_LE(m.stats().longest_chain, 4u);
}

TEST(Interface, BatchedLookup) {
  emm::map<long, long> m;
  std::vector<long> keys;
  std::vector<long *> found(1000);
  for (long i = 0; i < 1000; ++i) {
    keys.push_back(i * 3);
    if (i % 2)
      m[i * 3] = i;
  }
  m.get_batch(keys.data(), keys.size(), found.data());
  for (long i = 0; i < 1000; ++i)
    ASSERT_EQ(found[static_cast<std::size_t>(i)], i % 2 ? m.get(i * 3) : nullptr);
}
