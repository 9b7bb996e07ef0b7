// Memory of a map: bucket arrays, their owner records, overflow buckets.
//
// An array of 2^B buckets (B >= 1) is one block: the buckets, spare overflow buckets, from B = 4 on a bit for
// each bucket that may be filled, and the owner record (emm_array). The record counts who holds the array:
// the map, and each iterator walking it. A single bucket (B == 0) has no record; it can never chain, so its
// overflow word holds the count instead (always odd, so that it is never taken for a pointer). Arrays of one
// map form a list from the newest to the oldest. An iterator on an old array follows moved entries through
// every newer one, so an array is freed only after all older ones. Large blocks come from mmap: they are zero
// without being touched, and an old array goes back to the system slice by slice while it is evacuated, which
// keeps a growing insertion short.
#ifndef EMM_DETAIL_ARRAY_HPP
#define EMM_DETAIL_ARRAY_HPP

#include "emm/detail/block.hpp"
#include "emm/detail/match.hpp"

#if __has_include(<sys/single_threaded.h>)
#include <sys/single_threaded.h>
#endif

/// Owner record of a bucket array.
struct emm_array {
  std::uint64_t *refs; ///< 2 * holders + 1; in own_refs, or in the overflow word of a single bucket
  std::uint64_t own_refs;
  char *buckets;
  std::size_t bytes;    ///< of the block at `buckets`, with this record unless it is that of a single bucket
  std::size_t released; ///< leading bytes of the block already given back to the system
  std::size_t fetched;  ///< leading bytes of a large block of a growth whose pages are there
  emm_array *older;
  emm_array *newer;
  struct emm_slab *slabs; ///< overflow buckets allocated after the spares ran out
  char *unused;           ///< overflow buckets taken but not needed, linked by their overflow word
  std::size_t unswept;    ///< buckets from this one on may have bits set although they are empty
  std::uint8_t B;
  bool same_size; ///< its entries moved to an array of the same size
  bool sparse;    ///< its bits are kept: one is clear only where the chain is empty
};

/// A block of overflow buckets; the buckets follow.
struct emm_slab {
  emm_slab *next;
  std::size_t bytes;
};

namespace emm::detail {

inline constexpr std::uint64_t one_holder = 3; ///< the count when only the map holds an array

inline char *&overflow_word(char *b, std::size_t bucket_bytes) noexcept {
  return *reinterpret_cast<char **>(b + bucket_bytes - sizeof(char *));
}

/// The next bucket of a chain. An odd word is the holder count of a single bucket and ends the chain.
inline char *next_bucket(const char *b, std::size_t bucket_bytes) noexcept {
  // Atomic, because other readers may be counting themselves in; it is a plain load.
  const auto w = reinterpret_cast<std::uintptr_t>(
      __atomic_load_n(&overflow_word(const_cast<char *>(b), bucket_bytes), __ATOMIC_RELAXED));
  return reinterpret_cast<char *>(w & ((w & 1) - 1));
}

inline std::uint64_t holders(const emm_array &a) noexcept {
  return __atomic_load_n(a.refs, __ATOMIC_ACQUIRE);
}
#if __has_include(<sys/single_threaded.h>)
inline bool single_threaded() noexcept {
  return __libc_single_threaded;
} // a locked addition costs five plain ones
#else
inline bool single_threaded() noexcept { return false; }
#endif
inline void hold(std::uint64_t *refs) noexcept {
  if (single_threaded())
    *refs += 2;
  else
    __atomic_fetch_add(refs, 2, __ATOMIC_RELAXED);
}
/// True when this was the last holder: the caller frees.
inline bool let_go(std::uint64_t *refs) noexcept {
  if (single_threaded())
    return (*refs -= 2) == one_holder - 2;
  return __atomic_fetch_sub(refs, 2, __ATOMIC_ACQ_REL) == one_holder;
}

/// Frees slabs, block and record through `memory` (block_alloc's partner or an allocator). The record of a
/// single bucket is a block of its own; its bucket may be left to an iterator.
template <class M> void free_array(const M &memory, emm_array *a, bool bucket_too = true) noexcept {
  for (emm_slab *s = a->slabs; s;) {
    emm_slab *const next = s->next;
    memory.deallocate(s, s->bytes);
    s = next;
  }
  if (a->B) // the record goes with the block
    return memory.deallocate(a->buckets, a->bytes);
  if (bucket_too)
    memory.deallocate(a->buckets, a->bytes);
  memory.deallocate(a, sizeof *a);
}

/// The default source of memory.
struct heap {
  static constexpr bool outlived = true; ///< an iterator may free what its map has left behind
  void *allocate(std::size_t bytes, block kind) const noexcept { return block_alloc(bytes, kind); }
  void deallocate(void *p, std::size_t bytes) const noexcept { block_free(p, bytes); }
  static bool mapped(std::size_t bytes) noexcept { return bytes >= mapped_bytes; }
};

} // namespace emm::detail
#endif
