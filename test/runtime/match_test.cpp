// The two implementations of matching inside a bucket agree with a plain loop, for every byte value and at
// random.
#include "emm/detail/match.hpp"

#include <gtest/gtest.h>
#include <random>

using namespace emm::detail;

namespace {
template <class F> unsigned each_byte(std::uint64_t w, F f) {
  unsigned m = 0;
  for (unsigned i = 0; i < 8; ++i)
    m |= unsigned(f(std::uint8_t(w >> (8 * i)))) << i;
  return m;
}
template <class I> void check_word(std::uint64_t w, std::uint8_t top) {
  ASSERT_EQ(I::equal(w, top), each_byte(w, [&](std::uint8_t b) { return b == top; })) << std::hex << w;
  ASSERT_EQ(I::empty(w), each_byte(w, [](std::uint8_t b) { return b <= 1; })) << std::hex << w;
  ASSERT_EQ(I::present(w), each_byte(w, [](std::uint8_t b) { return b > 1 && b != 4; })) << std::hex << w;
}
template <class I> void check_all() {
  std::mt19937_64 random(7);
  for (unsigned v = 0; v < 256; ++v)
    for (unsigned i = 0; i < 8; ++i)
      for (std::uint64_t rest : {0ull, ~0ull, 0x0101010101010101ull, 0x8080808080808080ull}) {
        const std::uint64_t w = (rest & ~(0xffull << (8 * i))) | std::uint64_t{v} << (8 * i);
        check_word<I>(w, std::uint8_t(v));
        check_word<I>(w, std::uint8_t(v + 1));
      }
  for (int n = 0; n < 100000; ++n) {
    const std::uint64_t w = random() & random() & (n & 1 ? ~0ull : 0x0707070707070707ull);
    check_word<I>(w, std::uint8_t(w >> (8 * (random() & 7))));
  }
  for (int n = 0; n < 20000; ++n) {
    std::uint64_t k64[8];
    std::uint32_t k32[8];
    unsigned m64 = 0, m32 = 0;
    const std::uint64_t key = random();
    for (unsigned i = 0; i < 8; ++i) {
      // Equal, or different in one half only: an implementation that compares halves must combine them.
      const auto kind = random() & 3;
      k64[i] = kind == 0 ? key : kind == 1 ? key ^ 1 : kind == 2 ? key ^ (1ull << 63) : random();
      k32[i] = kind == 0 ? std::uint32_t(key) : std::uint32_t(random());
      m64 |= unsigned(k64[i] == key) << i;
      m32 |= unsigned(k32[i] == std::uint32_t(key)) << i;
    }
    ASSERT_EQ(I::keys64(reinterpret_cast<const char *>(k64), key), m64);
    ASSERT_EQ(I::keys32(reinterpret_cast<const char *>(k32), std::uint32_t(key)), m32);
  }
}

/// What becomes of a bucket's cells when cell `i` is emptied, one after the other as Go does it.
std::uint64_t emptied_in_turn(std::uint64_t w, unsigned i, bool more) {
  std::uint8_t cell[8];
  std::memcpy(cell, &w, 8);
  cell[i] = 1;
  if (i == 7 ? !more : cell[i + 1] == 0) {
    for (unsigned k = i + 1; k-- > 0 && cell[k] == 1;)
      cell[k] = 0;
  }
  std::memcpy(&w, cell, 8);
  return w;
}
} // namespace

TEST(Match, WordAtATime) { check_all<swar>(); }
TEST(Match, Native) { check_all<native>(); }

TEST(Match, EmptiedCells) {
  std::mt19937_64 random(11);
  // Live, emptyOne or emptyRest, the last only behind all others: every such bucket, with random live bytes.
  for (unsigned rest = 1; rest <= 8; ++rest)
    for (unsigned live = 0; live < 1u << rest; ++live)
      for (unsigned i = 0; i < rest; ++i) {
        if (!(live >> i & 1))
          continue;
        std::uint64_t w = 0;
        for (unsigned k = 0; k < rest; ++k)
          w |= (live >> k & 1 ? 5 + random() % 251 : 1) << (8 * k);
        for (bool more : {false, i == 7})
          ASSERT_EQ(emptied(w, i, more), emptied_in_turn(w, i, more)) << std::hex << w << " " << i << more;
      }
}
