// Iteration that survives writes.
//
// A walk visits the chains of the newest array that is complete when it begins, in a random rotation. It
// never hashes or compares:
// - a chain that has not moved is read where it is;
// - a cell marked as moved stands, in the next array, at the same rank among the cells of its kind, because
// chains move as a whole
//   and in order; the walk follows it through every later array;
// - a chain that had moved before the walk began is read in the next array, where it has become one chain or
// two. So every entry that stays is produced once, a deleted one never after its deletion, an added one at
// most once. A walk holds its array (and so all newer ones) with a counted reference; it ends at once when
// the map is emptied, because hash0 changes then. State: emm_hiter. check_bucket is the index of the current
// chain in its array, with the bits below.
#ifndef EMM_DETAIL_WALK_HPP
#define EMM_DETAIL_WALK_HPP

#include "emm/detail/table.hpp"

namespace emm::detail {

template <class S> struct walk {
  using T = table<S>;
  static constexpr std::size_t in_newer = std::size_t{1}
                                          << 63; ///< the current chain is in the array after it.buckets
  static constexpr std::size_t half_left = std::size_t{1} << 62; ///< its upper half is still to be visited
  static constexpr std::size_t mid_growth = std::size_t{1}
                                            << 61; ///< the walk began while its array was being evacuated
  static constexpr std::size_t index_bits = mid_growth - 1;

  /// Starts at a random bucket and slot; `it` holds nothing.
  static void begin(const S &s, emm_hmap *h, emm_hiter &it) {
    it = emm_hiter{};
    if (!h || count_of(*h) == 0)
      return;
    check(*h);
    const std::uint64_t r = random64();
    position(s, *h, it);
    it.start_bucket = r & bucket_mask(it.B);
    it.offset = static_cast<std::uint8_t>(r >> 61);
    it.bucket = it.start_bucket;
    search(s, it);
  }

  /// Binds a walk to the map and takes its reference.
  static void position(const S &s, emm_hmap &h, emm_hiter &it) noexcept {
    it.h = &h;
    it.seed = h.hash0;
    if (h.oldbuckets) {
      it.B = static_cast<std::uint8_t>(h.flags & EMM_SAME_SIZE_GROW ? h.B : h.B - 1);
      it.buckets = h.oldbuckets;
      it.overflow = h.extra->oldoverflow;
      it.check_bucket = mid_growth;
    } else {
      it.B = h.B;
      it.buckets = h.buckets;
      it.overflow = h.extra ? h.extra->overflow : nullptr;
    }
    it.oldoverflow = it.overflow ? it.overflow->refs
                                 : reinterpret_cast<std::uint64_t *>(
                                       &overflow_word(static_cast<char *>(it.buckets), s.bucket_bytes()));
    hold(static_cast<std::uint64_t *>(it.oldoverflow));
    constexpr unsigned both = EMM_ITERATOR | EMM_OLD_ITERATOR;
    if ((flags_of(h) & both) != both)
      __atomic_fetch_or(&h.flags, static_cast<std::uint8_t>(both), __ATOMIC_RELAXED);
  }

  static void end(const S &s, emm_hiter &it) noexcept {
    if (auto *const refs = static_cast<std::uint64_t *>(it.oldoverflow)) {
      it.oldoverflow = nullptr;
      if (let_go(refs))
        abandon(s, it);
    }
    it.key = it.elem = nullptr;
  }
  /// The map is gone and this was the last walk of its array.
  [[gnu::cold, gnu::noinline]] static void abandon(const S &s, emm_hiter &it) noexcept {
    if constexpr (std::decay_t<decltype(s.memory())>::outlived) {
      if (it.B == 0)
        block_free(it.buckets, s.bucket_bytes());
      else
        free_array(heap{}, it.overflow);
    }
  }

  /// The map is not being written, traced, or emptied since the walk began: one load and one comparison for all three.
  static bool undisturbed(const emm_hmap &h, const emm_hiter &it) noexcept {
    constexpr std::uint64_t watched = EMM_HASH_WRITING | EMM_TRACED | std::uint64_t{0xffffffff} << 32;
    const std::uint64_t w = __atomic_load_n(reinterpret_cast<const std::uint64_t *>(&h.flags), __ATOMIC_RELAXED);
    return (w & watched) == std::uint64_t{it.seed} << 32;
  }
  static void next(const S &s, emm_hiter &it) {
    if (const unsigned m = it.i; __builtin_expect(m != 0, 1) && __builtin_expect(undisturbed(*it.h, it), 1)) {
      const cell c{static_cast<char *>(it.bptr), (first(m) + it.offset) & 7};
      if (__builtin_expect(static_cast<std::uint8_t>(c.b[c.i]) >= EMM_MIN_TOPHASH, 1)) {
        it.i = static_cast<std::uint8_t>(m & (m - 1));
        return produce(s, it, c, c.i);
      }
    }
    search(s, it);
  }
  /// `slot` is where the walk stands in its own chain; the entry may have moved elsewhere.
  static void produce(const S &s, emm_hiter &it, cell c, unsigned slot) noexcept {
    it.offset = static_cast<std::uint8_t>((it.offset & 7) | slot << 4);
    it.key = s.key_at(c);
    it.elem = s.elem_at(c);
  }
  static unsigned slot(const emm_hiter &it) noexcept { return it.offset >> 4; }

  [[gnu::noinline]] static void search(const S &s, emm_hiter &it) {
    emm_hmap &h = *it.h;
    check(h);
    if (it.seed != h.hash0)
      return end(s, it);
    const unsigned offset = it.offset & 7;
    char *b = static_cast<char *>(it.bptr);
    unsigned m = it.i;
    for (;;) {
      for (; m; m &= m - 1) {
        const unsigned i = (first(m) + offset) & 7;
        cell c{b, i};
        const auto top = static_cast<std::uint8_t>(b[i]);
        if (__builtin_expect(top < EMM_MIN_TOPHASH, 0)) {
          if (top != EMM_EVACUATED_X && top != EMM_EVACUATED_Y)
            continue;
          c = follow(s, h, it, c);
          if (!c)
            continue;
        }
        it.bptr = b;
        it.i = static_cast<std::uint8_t>(m & (m - 1));
        return produce(s, it, c, i);
      }
      // emptyRest in the last slot ends the chain
      b = b && b[7] ? next_bucket(b, s.bucket_bytes()) : nullptr;
      if (!b && !(b = enter(s, h, it)))
        return end(s, it);
      m = native::present(load_word(b));
      m = (m >> offset | m << (8 - offset)) & 0xff;
    }
  }

  /// The first bucket of the next chain; null when all have been visited.
  static char *enter(const S &s, emm_hmap &h, emm_hiter &it) noexcept {
    if (__builtin_expect((it.check_bucket & mid_growth) != 0, 0))
      return enter_mid_growth(s, h, it);
    if (it.wrapped && it.bucket == it.start_bucket)
      return nullptr;
    it.check_bucket = it.bucket;
    char *const b = T::at(s, it.buckets, it.bucket);
    __builtin_prefetch(b + 4 * s.bucket_bytes());
    if (++it.bucket == std::size_t{1} << it.B) {
      it.bucket = 0;
      it.wrapped = true;
    }
    return b;
  }
  [[gnu::noinline]] static char *enter_mid_growth(const S &s, emm_hmap &h, emm_hiter &it) noexcept {
    emm_array &a = *it.overflow;
    if (it.check_bucket & half_left) {
      const std::size_t upper = (it.check_bucket & index_bits) + (std::size_t{1} << it.B);
      it.check_bucket = upper | in_newer | mid_growth;
      return T::at(s, a.newer->buckets, upper);
    }
    if (it.wrapped && it.bucket == it.start_bucket)
      return nullptr;
    const std::size_t o = it.bucket;
    if (++it.bucket == std::size_t{1} << it.B) {
      it.bucket = 0;
      it.wrapped = true;
    }
    it.check_bucket = o | mid_growth;
    if (h.oldbuckets == it.buckets && !T::old_evacuated(s, h, o))
      return T::at(s, it.buckets, o);
    it.check_bucket |= in_newer | (a.same_size ? 0 : half_left);
    return T::at(s, a.newer->buckets, o);
  }

  /// First bucket of the chain the walk is in.
  static char *chain_of(const S &s, const emm_hiter &it) noexcept {
    return T::at(s, it.check_bucket & in_newer ? it.overflow->newer->buckets : it.buckets,
                 it.check_bucket & index_bits);
  }

  /// Where a moved entry stands now, and the first bucket of its chain; null when it has been deleted.
  [[gnu::noinline]] static cell follow(const S &s, emm_hmap &h, emm_hiter &it, cell c,
                                       char **chain = nullptr) noexcept {
    if (!it.overflow) { // born on a single bucket, which has got a record since
      it.overflow = h.extra->overflow;
      while (it.overflow->buckets != it.buckets)
        it.overflow = it.overflow->older;
    }
    emm_array *a = it.check_bucket & in_newer ? it.overflow->newer : it.overflow;
    std::size_t index = it.check_bucket & index_bits;
    for (;;) {
      const std::uint8_t mark = static_cast<std::uint8_t>(c.b[c.i]);
      if (mark >= EMM_MIN_TOPHASH) {
        if (chain)
          *chain = T::at(s, a->buckets, index);
        return c;
      }
      if (mark != EMM_EVACUATED_X && mark != EMM_EVACUATED_Y)
        return {};
      std::size_t rank = 0;
      char *b = T::at(s, a->buckets, index);
      for (; b != c.b; b = next_bucket(b, s.bucket_bytes()))
        rank += static_cast<unsigned>(__builtin_popcount(native::equal(load_word(b), mark)));
      rank +=
          static_cast<unsigned>(__builtin_popcount(native::equal(load_word(b), mark) & ((1u << c.i) - 1)));
      if (mark == EMM_EVACUATED_Y)
        index += std::size_t{1} << a->B;
      a = a->newer;
      c = {T::at(s, a->buckets, index), static_cast<unsigned>(rank & 7)};
      for (rank >>= 3; rank; --rank)
        c.b = next_bucket(c.b, s.bucket_bytes());
    }
  }

  static void check(const emm_hmap &h) noexcept {
    const std::uint8_t f = flags_of(h);
    if (__builtin_expect(f & (EMM_HASH_WRITING | EMM_TRACED), 0)) {
      if (f & EMM_HASH_WRITING)
        fatal_iterate(&h);
      record(&h, op::iterate, 0);
    }
  }
};

} // namespace emm::detail
#endif
