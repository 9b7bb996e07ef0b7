// Arrays of several megabytes grow as small ones do, though they go back to the system in slices while they
// are emptied: no write does much, walks begun at any stage are right, and what a walk may read stays.
#include "emm/map.hpp"

#include <gtest/gtest.h>
#include <vector>

static std::uint64_t key(std::uint64_t i) { return i * 0x9e3779b97f4a7c15u; }

namespace {
using M = emm::map<std::uint64_t, std::uint64_t>;
constexpr std::uint64_t full =
    13u << 14; ///< 32 Ki buckets (4.7 MB) at their limit: the next key doubles them
constexpr std::size_t old_buckets = std::size_t{1} << 15;

struct growing : emm::map<std::uint64_t, std::uint64_t> {
  std::uint64_t next = 0;
  void add() {
    (*this)[::key(next)] = next;
    ++next;
  }
  void fill(std::uint64_t n) {
    while (next < n)
      add();
  }
  /// Old chains that have moved; before the old array is given back in part.
  std::size_t moved() const {
    std::size_t n = 0;
    for (std::size_t o = 0; o < old_buckets; ++o)
      n += emm::detail::is_evacuated(emm::detail::load_word(
          static_cast<const char *>(c_header()->oldbuckets) + o * c_layout().bucketsize));
    return n;
  }
  bool in_growth() const { return c_header()->oldbuckets; }
  /// All chains have moved and the overflow buckets are being given back.
  bool retiring() const { return in_growth() && c_header()->nevacuate == old_buckets; }
};
constexpr std::uint64_t two_chains = std::uint64_t{1} << 40; ///< keys from here on fall into two chains
struct one_in_two_chains {
  std::uint64_t operator()(std::uint64_t k, std::uint64_t seed) const noexcept {
    return k < two_chains ? emm::hash<std::uint64_t>{}(k, seed) : (k & 1) | k << 56;
  }
};
enum stage { before, pages, begun, half, last_blocks, ended };
void bring_to(growing &m, stage s) {
  m.fill(full);
  ASSERT_FALSE(m.in_growth());
  if (s == before)
    return;
  m.add();
  ASSERT_TRUE(m.in_growth());
  if (s == pages)
    m.add();
  if (s == begun)
    while (m.moved() == 0)
      m.add();
  if (s == half)
    while (m.c_header()->nevacuate < old_buckets / 2)
      m.add();
  if (s == last_blocks)
    while (!m.retiring() && m.in_growth())
      m.add();
  if (s == ended)
    while (m.in_growth())
      m.add();
}
constexpr stage stages[] = {before, pages, begun, half, last_blocks, ended};
} // namespace

TEST(LargeArrays, FirstThePagesThenOneChainAWriteAndTheOldArrayShrinks) {
  growing m;
  m.fill(full);
  const std::size_t alone = m.memory_bytes();
  m.add(); // the doubling begins with this insertion, as that of a small map does
  ASSERT_EQ(m.c_header()->B, 16);
  const std::size_t new_bytes = m.memory_bytes() - alone, huge = 2u << 20;
  const std::size_t at_once = EMM_HUGE_PAGES ? huge : huge / 8;
  for (std::size_t piece = 0; piece < new_bytes / at_once - 1; ++piece) {
    ASSERT_EQ(m.moved(), 0u);
    m.add();
    ASSERT_EQ(m.check_invariants(), nullptr);
  }
  while (m.moved() == 0)
    m.add();
  EXPECT_LE(m.next - full, new_bytes / at_once + 3);
  for (std::size_t n = m.moved(), i = 0; i < 200; ++i) { // before anything is given back
    m.add();
    ASSERT_EQ(m.moved(), ++n);
  }
  const std::uint64_t start = m.next;
  const std::size_t both = m.memory_bytes();
  bool shrank = false, blockwise = false;
  while (m.in_growth()) {
    m.add();
    ASSERT_LT(m.next - start, old_buckets + old_buckets / 64 + 64) << "growth must end";
    shrank |= m.in_growth() && m.memory_bytes() + huge <= both;
    blockwise |= m.retiring();
    if (m.next % 8192 == 0 || m.retiring()) {
      ASSERT_EQ(m.check_invariants(), nullptr);
    }
  }
  EXPECT_TRUE(shrank) << "slices of the old array go back before the growth has ended";
  EXPECT_TRUE(blockwise) << "its overflow buckets go back block by block";
  EXPECT_EQ(m.check_invariants(), nullptr);
  for (std::uint64_t i = 0; i < m.next; ++i)
    ASSERT_EQ(m.at(key(i)), i);
}

/// While the pages are fetched, entries come into old chains, into new overflow buckets of theirs, and go
/// again; a growth finished in that state loses none.
TEST(LargeArrays, WritesBeforeTheFirstChainMoves) {
  for (const bool in_haste : {false, true}) {
    emm::map<std::uint64_t, std::uint64_t, one_in_two_chains> m;
    m.reserve(full);
    for (std::uint64_t i = 0; i < full; ++i)
      m[i] = i;
    ASSERT_FALSE(m.c_header()->oldbuckets);
    for (std::uint64_t i = 0; i < 5; ++i) { // in two chains, full by now
      m[two_chains + i] = i;
      if (i == 2)
        m.erase(two_chains + 1);
      ASSERT_EQ(m.check_invariants(), nullptr);
    }
    ASSERT_TRUE(m.c_header()->oldbuckets);
    ASSERT_EQ(m.c_header()->nevacuate, 0u);
    if (in_haste)
      m.finish_growth();
    else
      for (std::uint64_t i = 0; i < 2 * old_buckets; ++i)
        m[full + i] = full + i;
    EXPECT_FALSE(m.c_header()->oldbuckets);
    EXPECT_EQ(m.check_invariants(), nullptr);
    for (std::uint64_t i = 0; i < full; ++i)
      ASSERT_EQ(m.at(i), i);
    for (std::uint64_t i = 0; i < 5; ++i)
      ASSERT_EQ(m.contains(two_chains + i), i != 1);
  }
}

namespace {
int freed;
void count_freed(const void *) { ++freed; }
} // namespace
TEST(LargeArrays, NoWriteFreesMuch) {
  emm::detail::random_state = 1; // the number of small blocks, taken while pages were fetched, is random
  growing m;
  bring_to(m, before);
  emm::detail::hooks.freed = count_freed;
  for (bool begun = false; !begun || m.in_growth();) {
    freed = 0;
    m.add();
    begun |= m.in_growth();
    EXPECT_LE(freed, EMM_HUGE_PAGES ? 4 : 8) << "a large block of overflow buckets and some small ones, or the array";
  }
  emm::detail::hooks.freed = nullptr;
}

TEST(LargeArrays, WalksBegunAtEveryStage) {
  for (const stage s : stages) {
    growing m;
    bring_to(m, s);
    ASSERT_TRUE(s != last_blocks || m.retiring()) << "this stage was not met";
    const std::uint64_t present = m.next;
    std::vector<unsigned char> seen(present + 4 * full);
    std::size_t n = 0;
    for (const auto &e : static_cast<M &>(m)) {
      ASSERT_EQ(e.first, key(e.second));
      ASSERT_EQ(seen[e.second]++, 0) << "stage " << s;
      ++n;
      if (n == 1000)
        m.fill(present + 5000);
      if (n == 50000)
        m.fill(2 * full + 9000); // to the end of this growth and into the next
      if (n == 100000) {
        ASSERT_EQ(m.check_invariants(), nullptr);
      }
    }
    for (std::uint64_t i = 0; i < present; ++i)
      ASSERT_EQ(seen[i], 1) << "stage " << s;
  }
}

TEST(LargeArrays, EmptiedCopiedAndDestroyedAtEveryStage) {
  for (const stage s : stages) {
    growing m;
    bring_to(m, s);
    const M copy(m);
    EXPECT_EQ(copy.size(), m.size());
    EXPECT_EQ(copy.check_invariants(), nullptr);
    auto walk = m.begin();
    for (std::uint64_t i = 0; i < 500; ++i)
      EXPECT_EQ(m.erase(key(i)), 1u);
    EXPECT_EQ(m.check_invariants(), nullptr);
    if (s % 2)
      m.finish_growth();
    m.clear();
    EXPECT_EQ(++walk, m.end());
    EXPECT_EQ(m.check_invariants(), nullptr);
    m.add();
    EXPECT_EQ(m.size(), 1u);
  }
}
