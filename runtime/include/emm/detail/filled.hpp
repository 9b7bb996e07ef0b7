// Which buckets of a sparse array may be filled: a bit for each, behind the spare overflow buckets.
//
// Only sparse arrays keep their bits, so a dense map pays one test of a flag for each insertion. An array is
// sparse from its birth if it is made for a hint, after a clear, and when erasures have left less than one
// entry for four buckets; it stays so until there is one for two. A set bit may be out of date, a clear one
// never is.
#ifndef EMM_DETAIL_FILLED_HPP
#define EMM_DETAIL_FILLED_HPP

#include "emm/detail/match.hpp"

#include <cstddef>

namespace emm::detail {

/// Smaller arrays have no bits: reading their buckets costs as little.
inline constexpr unsigned filled_B = 4;
/// Whole words.
inline std::size_t filled_bytes(unsigned B) noexcept {
  return B < filled_B ? 0 : B < 6 ? 8 : std::size_t{1} << (B - 3);
}

/// The bits of one array.
class filled_bits {
  unsigned char *const bytes;

public:
  explicit filled_bits(void *start) noexcept : bytes(static_cast<unsigned char *>(start)) {}
  bool test(std::size_t index) const noexcept { return bytes[index >> 3] >> (index & 7) & 1; }
  void set(std::size_t index) const noexcept {
    bytes[index >> 3] |= static_cast<unsigned char>(1u << (index & 7));
  }
  void reset(std::size_t index) const noexcept {
    bytes[index >> 3] &= static_cast<unsigned char>(~(1u << (index & 7)));
  }
  void assign(bool all, unsigned B) const noexcept { std::memset(bytes, all ? 0xff : 0, filled_bytes(B)); }
  /// The bits of the eight buckets from `index`, a multiple of eight, on.
  unsigned char &eight(std::size_t index) const noexcept { return bytes[index >> 3]; }
  /// The first index in [from, to) whose bit is set, or `to`. May read the word that holds bit `to`.
  std::size_t next(std::size_t from, std::size_t to) const noexcept {
    std::size_t word = from >> 6;
    std::uint64_t w = load_word(bytes + 8 * word) & ~std::uint64_t{0} << (from & 63);
    while (!w) {
      if (++word << 6 >= to)
        return to;
      w = load_word(bytes + 8 * word);
    }
    const std::size_t at = word << 6 | static_cast<unsigned>(__builtin_ctzll(w));
    return at < to ? at : to;
  }
};

} // namespace emm::detail
#endif
