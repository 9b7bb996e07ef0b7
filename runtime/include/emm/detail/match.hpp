// Matching inside one bucket without branches: every function answers for all eight slots at once with an
// eight-bit mask, bit i for slot i.
//
// Two implementations with the same contract: `swar` works on one 64-bit word and is right on every
// little-endian machine; `sse2` is what amd64 always has. `native` is the one the map uses. Both are compiled
// and compared in the tests wherever SSE2 exists.
#ifndef EMM_DETAIL_MATCH_HPP
#define EMM_DETAIL_MATCH_HPP

#include <cstdint>
#include <cstring>
#if defined(__SSE2__)
#include <immintrin.h>
#endif

namespace emm::detail {

inline std::uint64_t load_word(const void *p) noexcept {
  std::uint64_t w;
  std::memcpy(&w, p, sizeof w);
  return w;
}
inline void store_word(void *p, std::uint64_t w) noexcept { std::memcpy(p, &w, sizeof w); }

/// Word-at-a-time matching. `w` holds the eight tophash bytes, slot 0 in the lowest.
struct swar {
  static constexpr bool keys_at_once = false; ///< cheaper to filter by the tophash byte first
  static constexpr std::uint64_t low = 0x0101010101010101u, high = 0x8080808080808080u;

  /// Gathers the top bit of every byte into eight adjacent bits.
  static unsigned gather(std::uint64_t m) noexcept {
    return static_cast<unsigned>(((m & high) >> 7) * 0x0102040810204080u >> 56);
  }
  /// 0x80 in exactly the bytes that are zero: no borrow runs from one byte into the next.
  static std::uint64_t zero_bytes(std::uint64_t v) noexcept { return ~(((v & ~high) + ~high) | v) & high; }

  static unsigned equal(std::uint64_t w, std::uint8_t top) noexcept {
    return gather(zero_bytes(w ^ (low * top)));
  }
  /// Slots that are emptyRest or emptyOne.
  static unsigned empty(std::uint64_t w) noexcept { return gather(zero_bytes(w & 0xfefefefefefefefeu)); }
  /// Slots an iterator has to look at: live, or moved.
  static unsigned present(std::uint64_t w) noexcept { return ~(empty(w) | equal(w, 4)) & 0xff; }

  static unsigned keys32(const char *keys, std::uint32_t key) noexcept {
    unsigned m = 0;
    for (unsigned i = 0; i < 8; ++i) {
      std::uint32_t k;
      std::memcpy(&k, keys + 4 * i, 4);
      m |= static_cast<unsigned>(k == key) << i;
    }
    return m;
  }
  static unsigned keys64(const char *keys, std::uint64_t key) noexcept {
    unsigned m = 0;
    for (unsigned i = 0; i < 8; ++i)
      m |= static_cast<unsigned>(load_word(keys + 8 * i) == key) << i;
    return m;
  }
};

#if defined(__SSE2__)
struct sse2 {
  static constexpr bool keys_at_once = true; ///< eight keys compared at once, without a branch
  static __m128i word(std::uint64_t w) noexcept { return _mm_cvtsi64_si128(static_cast<long long>(w)); }
  static unsigned mask(__m128i v) noexcept { return static_cast<unsigned>(_mm_movemask_epi8(v)) & 0xff; }

  static unsigned equal(std::uint64_t w, std::uint8_t top) noexcept {
    return mask(_mm_cmpeq_epi8(word(w), _mm_set1_epi8(static_cast<char>(top))));
  }
  static unsigned empty(std::uint64_t w) noexcept {
    const __m128i v = word(w);
    return mask(_mm_cmpeq_epi8(_mm_min_epu8(v, _mm_set1_epi8(1)), v));
  }
  static unsigned present(std::uint64_t w) noexcept {
    const __m128i v = word(w);
    const __m128i none = _mm_or_si128(_mm_cmpeq_epi8(_mm_min_epu8(v, _mm_set1_epi8(1)), v),
                                      _mm_cmpeq_epi8(v, _mm_set1_epi8(4)));
    return ~static_cast<unsigned>(_mm_movemask_epi8(none)) & 0xff;
  }
  static __m128i load(const char *p) noexcept {
    return _mm_loadu_si128(reinterpret_cast<const __m128i *>(p));
  }

  static unsigned keys32(const char *keys, std::uint32_t key) noexcept {
#if defined(__AVX2__)
    const __m256i k = _mm256_set1_epi32(static_cast<int>(key));
    const __m256i v = _mm256_loadu_si256(reinterpret_cast<const __m256i *>(keys));
    return static_cast<unsigned>(_mm256_movemask_ps(_mm256_castsi256_ps(_mm256_cmpeq_epi32(v, k))));
#else
    const __m128i k = _mm_set1_epi32(static_cast<int>(key));
    const __m128i a = _mm_cmpeq_epi32(load(keys), k), b = _mm_cmpeq_epi32(load(keys + 16), k);
    return mask(_mm_packs_epi16(_mm_packs_epi32(a, b), _mm_setzero_si128()));
#endif
  }
  static unsigned keys64(const char *keys, std::uint64_t key) noexcept {
#if defined(__AVX2__)
    const __m256i k = _mm256_set1_epi64x(static_cast<long long>(key));
    const __m256i a = _mm256_cmpeq_epi64(_mm256_loadu_si256(reinterpret_cast<const __m256i *>(keys)), k);
    const __m256i b = _mm256_cmpeq_epi64(_mm256_loadu_si256(reinterpret_cast<const __m256i *>(keys + 32)), k);
    return static_cast<unsigned>(_mm256_movemask_pd(_mm256_castsi256_pd(a)) |
                                 _mm256_movemask_pd(_mm256_castsi256_pd(b)) << 4);
#else
    // SSE2 compares 32 bits at a time: a key is equal where both of its halves are.
    const __m128i k = _mm_set1_epi64x(static_cast<long long>(key));
    const __m128 a = _mm_castsi128_ps(_mm_cmpeq_epi32(load(keys), k)),
                 b = _mm_castsi128_ps(_mm_cmpeq_epi32(load(keys + 16), k));
    const __m128 c = _mm_castsi128_ps(_mm_cmpeq_epi32(load(keys + 32), k)),
                 d = _mm_castsi128_ps(_mm_cmpeq_epi32(load(keys + 48), k));
    const __m128 low = _mm_and_ps(_mm_shuffle_ps(a, b, 0x88), _mm_shuffle_ps(a, b, 0xdd));
    const __m128 high = _mm_and_ps(_mm_shuffle_ps(c, d, 0x88), _mm_shuffle_ps(c, d, 0xdd));
    const __m128i both = _mm_packs_epi32(_mm_castps_si128(low), _mm_castps_si128(high));
    return mask(_mm_packs_epi16(both, _mm_setzero_si128()));
#endif
  }
};
using native = sse2;
#else
using native = swar;
#endif

/// The tophash word after cell `i` has become empty: emptyOne if a cell beyond it lives, in this bucket or
/// (`more`) in the next of its chain; else it and the emptyOne cells before it are emptyRest. Both are computed:
/// which it is, cannot be predicted.
inline std::uint64_t emptied(std::uint64_t w, unsigned i, bool more) noexcept {
  const std::uint64_t bit = std::uint64_t{1} << (8 * i), before = w & (bit - 1), beyond = w & (0 - (bit << 8));
  // Up to the last live cell before this one; the byte shifted in stands for none.
  const std::uint64_t live = (before & 0xfefefefefefefefeu) << 8 | 1;
  const unsigned kept = (63u ^ static_cast<unsigned>(__builtin_clzll(live))) & 56u;
  std::uint64_t ends = std::uint64_t{0} - ((beyond | more) == 0);
#if defined(__GNUC__)
  asm("" : "+r"(ends)); // a compiler that sees where it comes from branches on it
#endif
  return beyond | (before & ~(~std::uint64_t{0} << kept & ends)) | (bit & ~ends);
}

/// The number of bits of an eight-bit mask. Without the instruction the compiler would call a function.
inline unsigned cells(unsigned mask) noexcept {
#if defined(__POPCNT__) || !defined(__x86_64__)
  return static_cast<unsigned>(__builtin_popcount(mask));
#else
  mask -= mask >> 1 & 0x55;
  mask = (mask & 0x33) + (mask >> 2 & 0x33);
  return (mask + (mask >> 4)) & 0xf;
#endif
}
/// A byte of one for each bit of an eight-bit mask, of zero where it is clear.
inline std::uint64_t spread(unsigned mask) noexcept {
  const std::uint64_t v = mask * swar::low & 0x8040201008040201u;
  return (((v & ~swar::high) + ~swar::high) | v) >> 7 & swar::low;
}
inline unsigned first(unsigned mask) noexcept { return static_cast<unsigned>(__builtin_ctz(mask)); }

} // namespace emm::detail
#endif
