// The arrays a map owns: making them, handing out their overflow buckets, freeing them.
//
// `arrays<S>` works on an emm_hmap through a shape S (table.hpp says what that is). A function that allocates
// says by a null or false result, or by the exception of a standard allocator, that memory is exhausted; it
// has changed nothing then.
#ifndef EMM_DETAIL_ARRAYS_HPP
#define EMM_DETAIL_ARRAYS_HPP

#include "emm/detail/array.hpp"
#include "emm/detail/filled.hpp"
#include "emm/detail/hash.hpp"
#include "emm/detail/header.hpp"

namespace emm::detail {

/// Spare overflow buckets behind an array: one for each 16 buckets, less those in whose place the bits and
/// the record of a larger array stand, so that it takes no more memory than Go's.
inline std::size_t spares_for(unsigned B, std::size_t bucket_bytes) noexcept {
  if (B < filled_B)
    return 0;
  const std::size_t n = std::size_t{1} << (B - 4);
  return B < 8 ? n : n - (filled_bytes(B) + sizeof(emm_array) + bucket_bytes - 1) / bucket_bytes;
}

template <class S> struct arrays {
  static char *at(const S &s, const void *base, std::size_t index) noexcept {
    return const_cast<char *>(static_cast<const char *>(base)) + index * s.bucket_bytes();
  }
  static std::size_t old_count(const emm_hmap &h) noexcept {
    return std::size_t{1} << (h.flags & EMM_SAME_SIZE_GROW ? h.B : h.B - 1);
  }
  static bool old_evacuated(const S &s, const emm_hmap &h, std::size_t o) noexcept {
    return o < h.nevacuate || is_evacuated(load_word(at(s, h.oldbuckets, o)));
  }

  static void reseed(emm_hmap &h) noexcept {
    const auto r = static_cast<std::uint32_t>(random64());
    h.hash0 = r != h.hash0 ? r : r + 1;
  }

  /// First bucket of an empty map.
  static bool first_bucket(const S &s, emm_hmap &h) {
    char *const b = static_cast<char *>(s.memory().allocate(s.bucket_bytes(), block::buckets));
    if (!b)
      return false;
    store_word(&overflow_word(b, s.bucket_bytes()), one_holder);
    seed(h);
    h.B = 0;
    h.buckets = b;
    return true;
  }
  static void seed(emm_hmap &h) noexcept {
    reseed(h);
    if (__builtin_expect(hooks.trace, 0))
      set_flags(h, h.flags | EMM_TRACED);
  }
  /// An array for `hint` entries in an empty map without buckets.
  static bool first_array(const S &s, emm_hmap &h, std::size_t hint) {
    const unsigned B = bits_for(hint);
    if (B == 0)
      return first_bucket(s, h);
    if (!need_extra(s, h))
      return false;
    emm_array *const a = new_array(s, B, block::buckets);
    if (!a)
      return false;
    seed(h);
    h.B = static_cast<std::uint8_t>(B);
    h.buckets = a->buckets;
    h.extra->overflow = a;
    a->sparse = B >= filled_B;
    if (a->sparse)
      set_flags(h, h.flags | EMM_SPARSE);
    h.extra->next_overflow =
        spares_for(B, s.bucket_bytes()) ? at(s, a->buckets, std::size_t{1} << B) : nullptr;
    return true;
  }

  static bool need_extra(const S &s, emm_hmap &h) {
    if (!h.extra)
      h.extra = static_cast<emm_mapextra *>(s.memory().allocate(sizeof(emm_mapextra), block::header));
    return h.extra != nullptr;
  }
  static emm_array *new_record(const S &s) {
    return static_cast<emm_array *>(s.memory().allocate(sizeof(emm_array), block::header));
  }

  static emm_array *new_array(const S &s, unsigned B, block kind) {
    const std::size_t n = std::size_t{1} << B, bb = s.bucket_bytes(), spares = spares_for(B, bb);
    std::size_t bytes;
    if (__builtin_mul_overflow(n + spares, bb, &bytes) ||
        __builtin_add_overflow(bytes, filled_bytes(B) + sizeof(emm_array), &bytes))
      return nullptr;
    char *const b = static_cast<char *>(s.memory().allocate(bytes, kind));
    if (!b)
      return nullptr;
    if (spares) // the last spare is recognised by an overflow word that is not null
      overflow_word(at(s, b, n + spares - 1), bb) = b;
    auto *const a = reinterpret_cast<emm_array *>(b + bytes) - 1;
    a->refs = &a->own_refs;
    a->own_refs = one_holder;
    a->buckets = b;
    a->bytes = bytes;
    a->B = static_cast<std::uint8_t>(B);
    return a;
  }
  /// An empty overflow bucket for the current array, counted in noverflow.
  [[gnu::noinline]] static char *take_overflow(const S &s, emm_hmap &h) {
    const std::size_t bb = s.bucket_bytes();
    emm_array *const a = h.extra->overflow;
    char *b = a->unused;
    if (b) {
      a->unused = overflow_word(b, bb);
      overflow_word(b, bb) = nullptr;
    } else {
      if (!h.extra->next_overflow) {
        // A quarter of the spares at a time; a single bucket for small maps.
        const std::size_t n = h.B > 6 ? std::size_t{1} << ((h.B > 20 ? 20 : h.B) - 6) : 1,
                          bytes = sizeof(emm_slab) + n * bb;
        auto *const slab = static_cast<emm_slab *>(s.memory().allocate(bytes, block::overflow));
        if (!slab)
          return nullptr;
        slab->next = a->slabs;
        slab->bytes = bytes;
        a->slabs = slab;
        char *const start = reinterpret_cast<char *>(slab + 1);
        overflow_word(at(s, start, n - 1), bb) = static_cast<char *>(h.buckets);
        h.extra->next_overflow = start;
      }
      b = static_cast<char *>(h.extra->next_overflow);
      if (overflow_word(b, bb) == nullptr)
        h.extra->next_overflow = b + bb;
      else {
        overflow_word(b, bb) = nullptr;
        h.extra->next_overflow = nullptr;
      }
    }
    if (h.B < 16)
      ++h.noverflow;
    else if ((random64() & ((std::uint64_t{1} << (h.B - 15)) - 1)) == 0 && h.noverflow != UINT16_MAX)
      ++h.noverflow;
    return b;
  }
  static void give_back(const S &s, emm_hmap &h, char *b) noexcept {
    overflow_word(b, s.bucket_bytes()) = h.extra->overflow->unused;
    h.extra->overflow->unused = b;
    if (h.B < 16)
      --h.noverflow;
  }

  /// Frees the arrays older than `current` that no iterator needs, oldest first; `keep` is still being
  /// evacuated.
  static void prune(const S &s, emm_array &current, const emm_array *keep) noexcept {
    emm_array *a = &current;
    while (a->older)
      a = a->older;
    while (a != &current && a != keep && holders(*a) == one_holder) {
      emm_array *const newer = a->newer;
      newer->older = nullptr;
      free_array(s.memory(), a);
      a = newer;
    }
  }

  /// Bytes of the blocks of the map.
  static std::size_t bytes(const S &s, const emm_hmap &h) noexcept {
    if (!h.extra || !h.extra->overflow)
      return (h.buckets ? s.bucket_bytes() : 0) + (h.extra ? sizeof(emm_mapextra) : 0);
    std::size_t n = sizeof(emm_mapextra);
    for (const emm_array *a = h.extra->overflow; a; a = a->older) {
      n += a->bytes - a->released + (a->B ? 0 : sizeof *a);
      for (const emm_slab *slab = a->slabs; slab; slab = slab->next)
        n += slab->bytes;
    }
    return n;
  }

  /// Frees all memory; entries are destroyed already. Arrays that iterators hold are left to them unless
  /// `force`.
  static void free_all(const S &s, emm_hmap &h, bool force) noexcept {
    if (h.extra) {
      for (emm_array *a = h.extra->overflow; a;) {
        emm_array *const older = a->older;
        if (force || let_go(a->refs))
          free_array(s.memory(), a);
        else if (a->B == 0)
          free_array(s.memory(), a, false);
        a = older;
      }
      if (!h.extra->overflow && h.buckets)
        free_single(s, h, force);
      s.memory().deallocate(h.extra, sizeof(emm_mapextra));
    } else if (h.buckets)
      free_single(s, h, force);
    h = emm_hmap{};
  }
  static void free_single(const S &s, emm_hmap &h, bool force) noexcept {
    auto *const refs =
        reinterpret_cast<std::uint64_t *>(&overflow_word(static_cast<char *>(h.buckets), s.bucket_bytes()));
    if (force || let_go(refs))
      s.memory().deallocate(h.buckets, s.bucket_bytes());
  }
};

} // namespace emm::detail
#endif
