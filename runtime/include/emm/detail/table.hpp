// The map algorithm, once for C and C++: lookup, insertion, deletion, growth.
//
// `table<S>` works on an emm_hmap through a shape S, which says what the descriptor says in Go: slot sizes,
// how to hash and compare, how to move an entry, where memory comes from. A shape has
//   key_slot(), bucket_bytes()                sizes; constants for C++ types
//   exact, keys(b, w, q)                      whether keys are equal exactly if their bits are, and then the
//                                             slots of a bucket that hold q; a map of one bucket is searched
//                                             by them without hashing
//   certain                                   exact, and comparing the bits of eight keys is cheap here
//   same(b, i, q)                             comparison of a stored key
//   splits_freely                             whether empty cells, too, may be hashed and copied
//   rehash(b, i, seed)                        hash of a stored key
//   fetch_key(b, i)                           asks for the memory that hashing it will read
//   relocate(to, ti, from, fi)                moves an entry; never throws
//   memory()                                  allocate and deallocate
// Invariants (check.hpp tests them): oldbuckets is set exactly while growing; a chain is live or emptyOne
// cells, then emptyRest; an old bucket moves as a whole, in order, to the start of empty chains, so that the
// n-th cell marked evacuatedX is the n-th cell of the X chain. Iterators rely on the last. Where an exception
// can arise (hash, comparison, allocation) nothing has been changed yet, or what has been is invisible.
#ifndef EMM_DETAIL_TABLE_HPP
#define EMM_DETAIL_TABLE_HPP

#include "emm/detail/growth.hpp"

namespace emm::detail {

template <class S> struct table : growth<S> {
  using A = arrays<S>;
  using G = growth<S>;
  using A::at, A::old_count, A::old_evacuated, A::first_bucket, A::first_array, A::take_overflow, A::reseed,
      A::prune;
  using P = sparse<S>;
  using G::start_growth, G::grow_work, G::finish_growth;
  using P::bits, P::fill_noted, P::thin_out, P::empty_array;

  /// Tests made on entry of an operation: one load and one branch when the map is neither written nor traced.
  template <class Q> EMM_INLINE static void enter_read(const S &s, const emm_hmap &h, const Q &q) {
    const std::uint8_t f = flags_of(h);
    if (__builtin_expect(f & (EMM_HASH_WRITING | EMM_TRACED), 0))
      stopped_read(s, h, q, f);
  }
  template <class Q> EMM_INLINE static void enter_write(const S &s, const emm_hmap &h, op what, const Q &q) {
    const std::uint8_t f = flags_of(h);
    if (__builtin_expect(f & (EMM_HASH_WRITING | EMM_TRACED), 0))
      stopped_write(s, h, what, q, f);
  }
  /// The same for operations without a key.
  static void enter_write(const emm_hmap &h, op what) noexcept {
    const std::uint8_t f = flags_of(h);
    if (__builtin_expect(f & (EMM_HASH_WRITING | EMM_TRACED), 0)) {
      if (f & EMM_HASH_WRITING)
        fatal_write(&h);
      record(&h, what, 0);
    }
  }
  template <class Q>
  [[gnu::noinline, gnu::cold]] static void stopped_read(const S &s, const emm_hmap &h, const Q &q,
                                                        std::uint8_t f) {
    if (f & EMM_HASH_WRITING)
      fatal_read(&h);
    record(&h, op::read, s.hash(q, h.hash0));
  }
  template <class Q>
  [[gnu::noinline, gnu::cold]] static void stopped_write(const S &s, const emm_hmap &h, op what, const Q &q,
                                                         std::uint8_t f) {
    if (f & EMM_HASH_WRITING)
      fatal_write(&h);
    record(&h, what, s.hash(q, h.hash0));
  }

  /// First bucket of the chain that holds `hash`: in the old array as long as it has not moved.
  EMM_INLINE static char *chain(const S &s, const emm_hmap &h, std::uint64_t hash) noexcept {
    if (__builtin_expect(h.oldbuckets != nullptr, 0))
      return chain_in_growth(s, h, hash);
    return at(s, h.buckets, hash & bucket_mask(h.B));
  }
  [[gnu::noinline]] static char *chain_in_growth(const S &s, const emm_hmap &h, std::uint64_t hash) noexcept {
    const std::size_t o = hash & (old_count(h) - 1);
    if (!old_evacuated(s, h, o))
      return at(s, h.oldbuckets, o);
    return at(s, h.buckets, hash & bucket_mask(h.B));
  }

  /// Asks for the further cache lines of a bucket, of which a search will want one: known now, and not when
  /// the first has come.
  EMM_INLINE static void fetch(const S &s, const char *b) noexcept {
    const std::size_t n = s.bucket_bytes();
    if (n > 64)
      __builtin_prefetch(b + 64);
    if (n > 128)
      __builtin_prefetch(b + 128);
    if (n > 192)
      __builtin_prefetch(b + 192);
  }

  /// A lookup overlaps with the next when the keys are fetched beside the tophash bytes; a write has just
  /// stored keys, and comparing several of them at once would wait for the store.
  enum class by { keys, tops };
  template <by How, class Q>
  EMM_INLINE static cell seek(const S &s, char *b, std::uint64_t w, const Q &q, std::uint8_t top) {
    if constexpr (S::certain && How == by::keys) {
      const unsigned m = s.keys(b, w, q);
      return m ? cell{b, first(m)} : cell{};
    } else {
      for (unsigned m = native::equal(w, top); m; m &= m - 1)
        if (s.same(b, first(m), q))
          return {b, first(m)};
      return {};
    }
  }
  template <by How, class Q>
  EMM_INLINE static cell search(const S &s, char *b, const Q &q, std::uint8_t top) {
    for (;;) {
      const std::uint64_t w = load_word(b);
      if (const cell c = seek<How>(s, b, w, q, top))
        return c;
      if (!(w >> 56)) // emptyRest in the last slot: the chain ends here
        return {};
      b = next_bucket(b, s.bucket_bytes());
      if (!b)
        return {};
    }
  }
  template <class Q> EMM_INLINE static cell find(const S &s, const emm_hmap &h, const Q &q) {
    if constexpr (S::exact) {
      if (h.B == 0) {
        char *const b = static_cast<char *>(h.buckets);
        const unsigned m = s.keys(b, load_word(b), q);
        return m ? cell{b, first(m)} : cell{};
      }
    }
    const std::uint64_t hash = s.hash(q, h.hash0);
    char *const b = chain(s, h, hash);
    fetch(s, b);
    return search<by::keys>(s, b, q, tophash(hash));
  }

  /// The entry of `q`, or else the first empty cell of its chain (if any) and the chain's last bucket.
  /// Changes nothing.
  template <class Q>
  EMM_INLINE static cell locate(const S &s, const emm_hmap &h, const Q &q, std::uint64_t hash, cell &spot,
                                char *&last) {
    const std::uint8_t top = tophash(hash);
    char *b = chain(s, h, hash);
    fetch(s, b);
    for (;;) {
      const std::uint64_t w = load_word(b);
      if (const cell c = seek<by::tops>(s, b, w, q, top))
        return c;
      if (!spot)
        if (const unsigned e = native::empty(w))
          spot = {b, first(e)};
      char *const n = w >> 56 ? next_bucket(b, s.bucket_bytes()) : nullptr;
      if (!n) {
        last = b;
        return {};
      }
      b = n;
    }
  }
  /// Whether a new entry has to move others first.
  static bool crowded(const emm_hmap &h) noexcept {
    return h.oldbuckets || over_load(h.count + 1, h.B) || too_many_overflow(h.noverflow, h.B);
  }
  /// An empty cell for a new entry, from what `locate` found in a map that is not crowded. Null: memory is
  /// exhausted.
  EMM_INLINE static cell vacancy(const S &s, emm_hmap &h, cell spot, char *last) {
    if (spot)
      return spot;
    char *const n = take_overflow(s, h);
    if (n)
      overflow_word(last, s.bucket_bytes()) = n;
    return {n, 0};
  }
  /// An empty cell for a new entry in a crowded map: starts or continues growth. Entries move, so references
  /// into the map are invalid afterwards. Null: memory is exhausted, the map holds what it held.
  [[gnu::noinline]] static cell vacancy_by_growth(const S &s, emm_hmap &h, std::uint64_t hash) {
    const bool starts = !h.oldbuckets;
    if (starts && !start_growth(s, h, over_load(h.count + 1, h.B)))
      return {};
    if (!(starts && G::large(s, h)) && !grow_work(s, h, hash & bucket_mask(h.B)))
      return {};
    char *b = chain(s, h, hash); // in the old array only while the pages of a large new one are fetched
    for (;;) {
      const std::uint64_t w = load_word(b);
      if (const unsigned e = native::empty(w))
        return {b, first(e)};
      char *n = next_bucket(b, s.bucket_bytes());
      if (!n && h.oldbuckets && !old_evacuated(s, h, hash & (old_count(h) - 1))) {
        if ((n = G::take_old_overflow(s, h)))
          overflow_word(b, s.bucket_bytes()) = n;
        return {n, 0};
      }
      if (!n)
        return vacancy(s, h, {}, b);
      b = n;
    }
  }
  /// The whole word is stored: the next lookup loads it, and a byte could not be forwarded to that load.
  EMM_INLINE static void commit(const S &s, emm_hmap &h, cell c, std::uint64_t hash) noexcept {
    const unsigned shift = 8 * c.i;
    store_word(c.b,
               (load_word(c.b) & ~(std::uint64_t{0xff} << shift)) | std::uint64_t{tophash(hash)} << shift);
    ++h.count;
    if (__builtin_expect(h.flags & EMM_SPARSE, 0))
      fill_noted(s, h, hash & bucket_mask(h.B));
  }

  /// Makes a cell empty; its key and element are the caller's to destroy. `primary` is the first bucket of
  /// its chain.
  EMM_INLINE static void vacate(const S &s, emm_hmap &h, char *primary, cell c) noexcept {
    const std::uint64_t left = emptied(load_word(c.b), c.i, c.i == 7 && !at_chain_end(s, c.b));
    store_word(c.b, left);
    if (__builtin_expect(unsigned{left == 0} & unsigned{c.b != primary}, 0))
      rest_before(s, primary, c.b);
    if (__builtin_expect(--h.count << 2 >> h.B == 0, 0))
      thin_out(s, h, primary);
  }
  static bool at_chain_end(const S &s, const char *b) noexcept {
    const char *const n = next_bucket(b, s.bucket_bytes());
    return !n || n[0] == EMM_EMPTY_REST;
  }
  /// Bucket `b` has become all emptyRest: so do the emptyOne cells that end the buckets before it.
  [[gnu::noinline]] static void rest_before(const S &s, char *primary, char *b) noexcept {
    const std::size_t bb = s.bucket_bytes();
    while (b != primary) {
      char *p = primary;
      while (next_bucket(p, bb) != b)
        p = next_bucket(p, bb);
      b = p;
      for (unsigned i = 8; i-- > 0;) {
        if (b[i] != EMM_EMPTY_ONE)
          return;
        b[i] = EMM_EMPTY_REST;
      }
    }
  }
  /// Calls f(cell) for every entry, wherever it stands. f may destroy the entry.
  template <class F> static void each(const S &s, const emm_hmap &h, F f) {
    if (!h.buckets)
      return;
    if (h.oldbuckets)
      each_in(s, h.oldbuckets, h.extra->oldoverflow, h.extra->oldoverflow->B, h.nevacuate, f);
    each_in(s, h.buckets, h.extra ? h.extra->overflow : nullptr, h.B, 0, f);
  }
  template <class F>
  static void each_in(const S &s, void *base, const emm_array *a, unsigned B, std::size_t from, F f) {
    const bool noted = a && a->sparse;
    const std::size_t to = std::size_t{1} << B;
    for (std::size_t o = from; o < to; ++o) {
      if (noted && (o = bits(s, base, B).next(o, to)) == to)
        return;
      char *b = at(s, base, o);
      if (is_evacuated(load_word(b)))
        continue;
      for (; b; b = next_bucket(b, s.bucket_bytes())) {
        const std::uint64_t w = load_word(b);
        for (unsigned m = ~native::empty(w) & 0xff; m; m &= m - 1)
          f(cell{b, first(m)});
        if (!(w >> 56))
          break;
      }
    }
  }

  /// Makes every cell empty; keys and elements are the caller's to destroy first. Chains stay linked: an
  /// empty overflow bucket is as good as none.
  static void empty_all(const S &s, emm_hmap &h) noexcept {
    if (h.oldbuckets) {
      const std::size_t n = old_count(h);
      for (std::size_t o = h.nevacuate; o < n; ++o)
        store_word(at(s, h.oldbuckets, o), 0x0404040404040404u);
      h.oldbuckets = nullptr;
      h.extra->oldoverflow = nullptr;
      h.nevacuate = 0;
      set_flags(h, h.flags & ~unsigned{EMM_SAME_SIZE_GROW});
      prune(s, *h.extra->overflow, nullptr);
    }
    if (h.buckets)
      empty_array(s, h);
    h.count = 0;
    reseed(h);
  }
};

} // namespace emm::detail
#endif
