// Reading an emm_hmap: rules of addressing and growth that need no shape, and the misuse flag.
//
// The flag is a plain load and two plain stores of a writer, a plain load of a reader. Relaxed atomics keep
// them defined when threads misuse the map, and cost nothing.
#ifndef EMM_DETAIL_HEADER_HPP
#define EMM_DETAIL_HEADER_HPP

#include "emm/detail/hooks.hpp"

namespace emm::detail {

inline std::size_t bucket_mask(unsigned B) noexcept { return ~(~std::size_t{0} << (B & 63)); }
inline std::uint8_t tophash(std::uint64_t hash) noexcept {
  const auto top = static_cast<std::uint8_t>(hash >> 56);
  return static_cast<std::uint8_t>(top < EMM_MIN_TOPHASH ? top + EMM_MIN_TOPHASH : top);
}
inline bool over_load(std::size_t count, unsigned B) noexcept {
  return count > EMM_BUCKET_SLOTS && count > EMM_LOAD_NUM * ((std::size_t{1} << B) / EMM_LOAD_DEN);
}
inline bool too_many_overflow(unsigned noverflow, unsigned B) noexcept {
  return noverflow >= 1u << (B > 15 ? 15 : B);
}
inline unsigned bits_for(std::size_t hint) noexcept {
  unsigned B = 0;
  while (over_load(hint, B))
    ++B;
  return B;
}
inline bool is_evacuated(std::uint64_t w) noexcept { return static_cast<std::uint8_t>(w) - 2u <= 2u; }

inline std::uint8_t flags_of(const emm_hmap &h) noexcept {
  return __atomic_load_n(&h.flags, __ATOMIC_RELAXED);
}
inline void set_flags(emm_hmap &h, unsigned f) noexcept {
  __atomic_store_n(&h.flags, static_cast<std::uint8_t>(f), __ATOMIC_RELAXED);
}

/// Live entries, read anew each time: a loop of lookups must not hoist the test of an empty map.
inline std::size_t count_of(const emm_hmap &h) noexcept {
  return __atomic_load_n(&h.count, __ATOMIC_RELAXED);
}

/// Marks the map as being written for its lifetime: a plain store at each end, and a plain load that sees
/// whether another thread has interfered. The fences keep the compiler from merging the stores and emit
/// nothing. The caller has made the entry test. The value stored at the end is that of the beginning, not of
/// the load before it: a loop of writes then waits for one store to be forwarded per round instead of two.
class write_mark {
  emm_hmap &h;
  const std::uint8_t before;

  [[gnu::noinline, gnu::cold]] static void changed(emm_hmap &h, std::uint8_t f) noexcept {
    if (!(f & EMM_HASH_WRITING))
      fatal_write(&h);
    set_flags(h, f & ~unsigned{EMM_HASH_WRITING}); // growth has begun or ended
  }

public:
  EMM_INLINE explicit write_mark(emm_hmap &map) noexcept : h(map), before(flags_of(map)) {
    set_flags(h, before | EMM_HASH_WRITING);
    __atomic_signal_fence(__ATOMIC_SEQ_CST);
  }
  write_mark(const write_mark &) = delete;
  write_mark &operator=(const write_mark &) = delete;
  EMM_INLINE ~write_mark() {
    __atomic_signal_fence(__ATOMIC_SEQ_CST);
    const std::uint8_t f = flags_of(h);
    if (__builtin_expect(f != (before | EMM_HASH_WRITING), 0))
      changed(h, f);
    else
      set_flags(h, before);
  }
};

/// Place of an entry; null when there is none.
struct cell {
  char *b = nullptr;
  unsigned i = 0;
  explicit operator bool() const noexcept { return b != nullptr; }
};

} // namespace emm::detail
#endif
