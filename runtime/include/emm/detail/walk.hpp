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
// the map is emptied, because hash0 changes then.
//
// It takes up to eight neighbouring buckets at a time: `pending` has a bit for each slot still to visit,
// eight per bucket, so that the processor mispredicts an end once in eight buckets; then come the overflow
// buckets of those chains (`chains`, a bit for each). State: emm_hiter. check_bucket is the index of the
// chain of bptr in its array, with the bits below.
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
  static constexpr std::size_t in_chain = std::size_t{1} << 60; ///< bptr is an overflow bucket
  static constexpr std::size_t holding = std::size_t{1} << 59;  ///< a reference on the array is held
  static constexpr std::size_t index_bits = holding - 1;
  static constexpr std::size_t walk_bits = mid_growth | holding; ///< what stays for the whole walk
  static constexpr unsigned current_shift = 2;                   ///< of the current slot in it.wrapped

  /// Field by field: copied as a block, an iterator would be kept in memory for its whole life (LLVM's
  /// stack-move optimisation).
  EMM_INLINE static void copy(emm_hiter &to, const emm_hiter &from) noexcept {
    to.key = from.key;
    to.elem = from.elem;
    to.t = from.t;
    to.h = from.h;
    to.buckets = from.buckets;
    to.bptr = from.bptr;
    to.overflow = from.overflow;
    to.pending = from.pending;
    to.start_bucket = from.start_bucket;
    to.offset = from.offset;
    to.wrapped = from.wrapped;
    to.B = from.B;
    to.chains = from.chains;
    to.seed = from.seed;
    to.bucket = from.bucket;
    to.check_bucket = from.check_bucket;
  }

  static bool held(const emm_hiter &it) noexcept { return it.check_bucket & holding; }
  static std::uint64_t *references(const S &s, const emm_hiter &it) noexcept {
    return it.B ? it.overflow->refs
                : reinterpret_cast<std::uint64_t *>(
                      &overflow_word(static_cast<char *>(it.buckets), s.bucket_bytes()));
  }

  /// Starts at a random bucket and slot; `it` holds nothing.
  [[gnu::noinline]] static void begin(const S &s, emm_hmap *h, emm_hiter &it) noexcept {
    if (!h || count_of(*h) == 0) {
      it = emm_hiter{};
      return;
    }
    check(*h);
    const std::uint64_t r = random64();
    it.t = nullptr;
    it.key = it.elem = it.bptr = nullptr;
    it.pending = 0;
    it.wrapped = it.chains = 0;
    position(s, *h, it);
    it.start_bucket = r & bucket_mask(it.B);
    it.offset = static_cast<std::uint8_t>(r >> 61);
    it.bucket = it.start_bucket;
    if (it.B == 0) { // nothing to wrap round to, no growth that would be older
      it.wrapped = 1;
      visit(it, static_cast<char *>(it.buckets), 1, s);
      if (next_pending(s, it))
        return;
    }
    search(s, it);
  }

  /// Binds a walk to the map and takes its reference.
  static void position(const S &s, emm_hmap &h, emm_hiter &it) noexcept {
    it.h = &h;
    it.seed = h.hash0;
    it.check_bucket = holding;
    if (__builtin_expect(h.oldbuckets != nullptr, 0)) {
      it.B = static_cast<std::uint8_t>(h.flags & EMM_SAME_SIZE_GROW ? h.B : h.B - 1);
      it.buckets = h.oldbuckets;
      it.overflow = h.extra->oldoverflow;
      it.check_bucket |= mid_growth;
    } else {
      it.B = h.B;
      it.buckets = h.buckets;
      it.overflow = h.extra ? h.extra->overflow : nullptr;
    }
    hold(references(s, it));
    constexpr unsigned both = EMM_ITERATOR | EMM_OLD_ITERATOR;
    if ((flags_of(h) & both) != both)
      __atomic_fetch_or(&h.flags, static_cast<std::uint8_t>(both), __ATOMIC_RELAXED);
  }

  EMM_INLINE static void end(const S &s, emm_hiter &it) noexcept {
    if (held(it)) {
      it.check_bucket &= ~holding;
      if (__builtin_expect(let_go(references(s, it)), 0)) {
        emm_hiter other;
        copy(other, it);
        abandon(s, other);
      }
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

  /// The map is not being written, traced, or emptied since the walk began: one load and one comparison for
  /// all three.
  EMM_INLINE static bool undisturbed(const emm_hmap &h, const emm_hiter &it) noexcept {
    constexpr std::uint64_t watched = EMM_HASH_WRITING | EMM_TRACED | std::uint64_t{0xffffffff} << 32;
    const std::uint64_t w =
        __atomic_load_n(reinterpret_cast<const std::uint64_t *>(&h.flags), __ATOMIC_RELAXED);
    return (w & watched) == std::uint64_t{it.seed} << 32;
  }
  /// The cell of a pending bit: `bit` counts slots from it.offset, eight to a bucket.
  EMM_INLINE static unsigned turn(const emm_hiter &it, unsigned bit) noexcept {
    return (bit & 56) | ((bit + it.offset) & 7);
  }
  EMM_INLINE static cell cell_of(const S &s, const emm_hiter &it, unsigned number) noexcept {
    return {static_cast<char *>(it.bptr) + (number >> 3) * s.bucket_bytes(), number & 7};
  }
  /// Goes on within the buckets being visited, if nothing has happened to the map or to the next entry; null
  /// otherwise.
  EMM_INLINE static cell next_pending(const S &s, emm_hiter &it) noexcept {
    if (const std::uint64_t m = it.pending;
        __builtin_expect(m != 0, 1) && __builtin_expect(undisturbed(*it.h, it), 1)) {
      const unsigned number = turn(it, static_cast<unsigned>(__builtin_ctzll(m)));
      const cell c = cell_of(s, it, number);
      if (__builtin_expect(static_cast<std::uint8_t>(c.b[c.i]) >= EMM_MIN_TOPHASH, 1)) {
        it.pending = m & (m - 1);
        produce(s, it, c, number);
        return c;
      }
    }
    return {};
  }
  static void next(const S &s, emm_hiter &it) noexcept {
    if (!next_pending(s, it))
      search(s, it);
  }
  /// `number` is where the walk stands; the entry may have moved elsewhere.
  EMM_INLINE static void produce(const S &s, emm_hiter &it, cell c, unsigned number) noexcept {
    it.wrapped = static_cast<std::uint8_t>((it.wrapped & 1) | number << current_shift);
    it.key = s.key_at(c);
    it.elem = s.elem_at(c);
  }
  /// The cell the walk (or a position) stands on, which an entry may have left.
  static cell place(const S &s, const emm_hiter &it) noexcept {
    return cell_of(s, it, it.wrapped >> current_shift);
  }
  static std::size_t chain_index(const emm_hiter &it) noexcept {
    return (it.check_bucket & index_bits) + (it.wrapped >> (current_shift + 3));
  }

  [[gnu::noinline]] static void search(const S &s, emm_hiter &it) noexcept {
    emm_hmap &h = *it.h;
    check(h);
    if (it.seed != h.hash0)
      return end(s, it);
    for (;;) {
      for (std::uint64_t m = it.pending; m; m &= m - 1) {
        const unsigned number = turn(it, static_cast<unsigned>(__builtin_ctzll(m)));
        cell c = cell_of(s, it, number);
        const auto top = static_cast<std::uint8_t>(c.b[c.i]);
        if (__builtin_expect(top < EMM_MIN_TOPHASH, 0)) {
          if (top != EMM_EVACUATED_X && top != EMM_EVACUATED_Y)
            continue;
          it.wrapped = static_cast<std::uint8_t>((it.wrapped & 1) | number << current_shift);
          c = follow(s, h, it, c);
          if (!c)
            continue;
        }
        it.pending = m & (m - 1);
        return produce(s, it, c, number);
      }
      it.pending = 0;
      if (!enter(s, h, it))
        return end(s, it);
    }
  }

  /// Goes on to the next overflow bucket or the next group of chains. False when all have been visited.
  static bool enter(const S &s, emm_hmap &h, emm_hiter &it) noexcept {
    if (it.check_bucket & in_chain) {
      auto *const b = static_cast<char *>(it.bptr);
      if (char *const n = b[7] ? next_bucket(b, s.bucket_bytes()) : nullptr) {
        visit(it, n, 1, s);
        return true;
      }
    }
    if (it.chains) {
      const unsigned j = first(it.chains);
      it.chains = static_cast<std::uint8_t>(it.chains >> j & 0xfe);
      it.check_bucket = (it.check_bucket + j) | in_chain;
      visit(it, next_bucket(chain_of(s, it, it.check_bucket & index_bits), s.bucket_bytes()), 1, s);
      return true;
    }
    if (__builtin_expect((it.check_bucket & mid_growth) != 0, 0))
      return enter_mid_growth(s, h, it);
    // A run of chains up to the end of the array, or to where the walk began.
    const std::size_t n = std::size_t{1} << it.B;
    const bool wrapped = it.wrapped & 1;
    const std::size_t stop = wrapped ? it.start_bucket : n;
    if (it.overflow && it.overflow->sparse) {
      it.bucket = T::bits(s, it.buckets, it.B).next(it.bucket, stop);
      if (it.bucket == n && !wrapped) {
        it.bucket = 0;
        it.wrapped |= 1;
        return enter(s, h, it);
      }
    }
    const std::size_t left = stop - it.bucket;
    if (left == 0)
      return false;
    const auto run = static_cast<unsigned>(left < 8 ? left : 8);
    it.check_bucket = it.bucket | (it.check_bucket & walk_bits);
    it.chains = visit(it, T::at(s, it.buckets, it.bucket), run, s);
    it.bucket += run;
    if (it.bucket == n && !wrapped) {
      it.bucket = 0;
      it.wrapped |= 1;
    }
    return true;
  }
  /// Makes the slots of `run` neighbouring buckets pending. Returns which of them are followed by an overflow
  /// bucket.
  static std::uint8_t visit(emm_hiter &it, char *b, unsigned run, const S &s) noexcept {
    const std::size_t bb = s.bucket_bytes();
    it.bptr = b;
    std::uint64_t m = 0;
    unsigned more = 0;
    for (unsigned j = 0; j < run; ++j, b += bb) {
      const std::uint64_t w = load_word(b);
      m |= std::uint64_t{native::present(w)} << (8 * j);
      if (w >> 56) // otherwise emptyRest in the last slot ends the chain
        more |= unsigned{next_bucket(b, bb) != nullptr} << j;
    }
    const unsigned o = it.offset; // every byte is rotated by it
    const std::uint64_t low = swar::low * (0xffu >> o);
    it.pending = (m >> o & low) | (m << ((8 - o) & 63) & ~low);
    return static_cast<std::uint8_t>(more);
  }
  [[gnu::noinline]] static bool enter_mid_growth(const S &s, emm_hmap &h, emm_hiter &it) noexcept {
    emm_array &a = *it.overflow;
    const std::size_t kept = it.check_bucket & walk_bits;
    if (it.check_bucket & half_left) {
      const std::size_t upper = (it.check_bucket & index_bits) + (std::size_t{1} << it.B);
      it.check_bucket = upper | in_newer | kept;
      it.chains = visit(it, T::at(s, a.newer->buckets, upper), 1, s);
      return true;
    }
    if (it.wrapped & 1 && it.bucket == it.start_bucket)
      return false;
    const std::size_t o = it.bucket;
    if (++it.bucket == std::size_t{1} << it.B) {
      it.bucket = 0;
      it.wrapped |= 1;
    }
    it.check_bucket = o | kept;
    if (h.oldbuckets == it.buckets && !T::old_evacuated(s, h, o)) {
      it.chains = visit(it, T::at(s, it.buckets, o), 1, s);
      return true;
    }
    it.check_bucket |= in_newer | (a.same_size ? 0 : half_left);
    it.chains = visit(it, T::at(s, a.newer->buckets, o), 1, s);
    return true;
  }

  /// First bucket of a chain of the array the walk is in.
  static char *chain_of(const S &s, const emm_hiter &it, std::size_t index) noexcept {
    return T::at(s, it.check_bucket & in_newer ? it.overflow->newer->buckets : it.buckets, index);
  }

  /// Where a moved entry stands now, and the first bucket of its chain; null when it has been deleted. `c` is
  /// the current place.
  [[gnu::noinline]] static cell follow(const S &s, emm_hmap &h, emm_hiter &it, cell c,
                                       char **chain = nullptr) noexcept {
    if (!it.overflow) { // born on a single bucket, which has got a record since
      it.overflow = h.extra->overflow;
      while (it.overflow->buckets != it.buckets)
        it.overflow = it.overflow->older;
    }
    emm_array *a = it.check_bucket & in_newer ? it.overflow->newer : it.overflow;
    std::size_t index = chain_index(it);
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
        rank += cells(native::equal(load_word(b), mark));
      rank += cells(native::equal(load_word(b), mark) & ((1u << c.i) - 1));
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
