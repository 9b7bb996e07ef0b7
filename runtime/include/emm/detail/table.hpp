// The map algorithm, once for C and C++: lookup, insertion, deletion, growth.
//
// `table<S>` works on an emm_hmap through a shape S, which says what the descriptor says in Go: slot sizes,
// how to hash and compare, how to move an entry, where memory comes from. A shape has
//   key_slot(), bucket_bytes()                sizes; constants for C++ types
//   match(b, w, q, top), exact, unhashed      candidate slots in one bucket; whether they are certain;
//   whether a map of one
//                                             bucket is searched without hashing
//   same(b, i, q)                             comparison of a stored key, where `exact` is false
//   rehash(b, i, seed)                        hash of a stored key
//   relocate(to, ti, from, fi)                moves an entry; never throws
//   memory()                                  allocate and deallocate
// Invariants (check.hpp tests them): oldbuckets is set exactly while growing; a chain is live or emptyOne
// cells, then emptyRest; an old bucket moves as a whole, in order, to the start of empty chains, so that the
// n-th cell marked evacuatedX is the n-th cell of the X chain. Iterators rely on the last. Where an exception
// can arise (hash, comparison, allocation) nothing has been changed yet, or what has been is invisible.
#ifndef EMM_DETAIL_TABLE_HPP
#define EMM_DETAIL_TABLE_HPP

#include "emm/detail/array.hpp"
#include "emm/detail/hash.hpp"

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
/// Spare overflow buckets behind an array: one for each 16 buckets.
inline std::size_t spares_for(unsigned B) noexcept { return B >= 4 ? std::size_t{1} << (B - 4) : 0; }
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

template <class S> struct table {
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

  static char *at(const S &s, const void *base, std::size_t index) noexcept {
    return const_cast<char *>(static_cast<const char *>(base)) + index * s.bucket_bytes();
  }
  static std::size_t old_count(const emm_hmap &h) noexcept {
    return std::size_t{1} << (h.flags & EMM_SAME_SIZE_GROW ? h.B : h.B - 1);
  }
  static bool old_evacuated(const S &s, const emm_hmap &h, std::size_t o) noexcept {
    return o < h.nevacuate || is_evacuated(load_word(at(s, h.oldbuckets, o)));
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

  template <class Q> EMM_INLINE static cell search(const S &s, char *b, const Q &q, std::uint8_t top) {
    for (;;) {
      const std::uint64_t w = load_word(b);
      unsigned m = s.match(b, w, q, top);
      if constexpr (S::exact) {
        if (m)
          return {b, first(m)};
      } else {
        for (; m; m &= m - 1)
          if (s.same(b, first(m), q))
            return {b, first(m)};
      }
      if (!(w >> 56)) // emptyRest in the last slot: the chain ends here
        return {};
      b = next_bucket(b, s.bucket_bytes());
      if (!b)
        return {};
    }
  }
  template <class Q> EMM_INLINE static cell find(const S &s, const emm_hmap &h, const Q &q) {
    if constexpr (S::unhashed && S::exact) {
      if (h.B == 0) {
        char *const b = static_cast<char *>(h.buckets);
        const unsigned m = s.match(b, load_word(b), q, 0);
        return m ? cell{b, first(m)} : cell{};
      }
    }
    const std::uint64_t hash = s.hash(q, h.hash0);
    return search(s, chain(s, h, hash), q, tophash(hash));
  }

  /// The entry of `q`, or else the first empty cell of its chain (if any) and the chain's last bucket.
  /// Changes nothing.
  template <class Q>
  EMM_INLINE static cell locate(const S &s, const emm_hmap &h, const Q &q, std::uint64_t hash, cell &spot,
                                char *&last) {
    const std::uint8_t top = tophash(hash);
    char *b = chain(s, h, hash);
    for (;;) {
      const std::uint64_t w = load_word(b);
      unsigned m = s.match(b, w, q, top);
      if constexpr (S::exact) {
        if (m)
          return {b, first(m)};
      } else {
        for (; m; m &= m - 1)
          if (s.same(b, first(m), q))
            return {b, first(m)};
      }
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
    if (!h.oldbuckets && !start_growth(s, h, over_load(h.count + 1, h.B)))
      return {};
    const std::size_t index = hash & bucket_mask(h.B);
    if (!grow_work(s, h, index))
      return {};
    char *b = at(s, h.buckets, index);
    for (;;) {
      const std::uint64_t w = load_word(b);
      if (const unsigned e = native::empty(w))
        return {b, first(e)};
      char *const n = next_bucket(b, s.bucket_bytes());
      if (!n)
        return vacancy(s, h, {}, b);
      b = n;
    }
  }
  /// The whole word is stored: the next lookup loads it, and a byte could not be forwarded to that load.
  EMM_INLINE static void commit(emm_hmap &h, cell c, std::uint64_t hash) noexcept {
    const unsigned shift = 8 * c.i;
    store_word(c.b,
               (load_word(c.b) & ~(std::uint64_t{0xff} << shift)) | std::uint64_t{tophash(hash)} << shift);
    ++h.count;
  }

  /// Makes a cell empty; its key and element are the caller's to destroy. `primary` is the first bucket of
  /// its chain.
  EMM_INLINE static void vacate(const S &s, emm_hmap &h, char *primary, cell c) noexcept {
    const std::uint64_t w = load_word(c.b);
    const unsigned shift = 8 * c.i;
    // Nothing beyond lives if the next cell is emptyRest; beyond slot 7 that is the next bucket's first cell.
    bool last = (w >> shift & 0xff00) == 0;
    if (c.i == 7)
      last = at_chain_end(s, c.b);
    // Either this cell becomes emptyOne, or it and the emptyOne cells before it become emptyRest. Both are
    // computed: which it is, cannot be predicted.
    const std::uint64_t one = (w & ~(std::uint64_t{0xff} << shift)) | std::uint64_t{EMM_EMPTY_ONE} << shift;
    const unsigned before = ~native::empty(w) & ((1u << c.i) - 1);
    const unsigned kept =
        32 - static_cast<unsigned>(__builtin_clz(before * 2 + 1)) - 1; // slots up to the last live one before
    const std::uint64_t rest = w & ~(~std::uint64_t{0} << (8 * kept));
    store_word(c.b, last ? rest : one);
    if (__builtin_expect(unsigned{last} & unsigned{kept == 0} & unsigned{c.b != primary}, 0))
      rest_before(s, primary, c.b);
    if (--h.count == 0)
      reseed(h);
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
    h.extra->next_overflow = spares_for(B) ? at(s, a->buckets, std::size_t{1} << B) : nullptr;
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
    emm_array *const a = new_record(s);
    if (!a)
      return nullptr;
    const std::size_t n = std::size_t{1} << B, spares = spares_for(B), bb = s.bucket_bytes();
    std::size_t bytes;
    char *b = nullptr;
    if (!__builtin_mul_overflow(n + spares, bb, &bytes)) {
      if constexpr (noexcept(s.memory().allocate(bytes, kind)))
        b = static_cast<char *>(s.memory().allocate(bytes, kind));
      else
        try {
          b = static_cast<char *>(s.memory().allocate(bytes, kind));
        } catch (...) {
          s.memory().deallocate(a, sizeof *a);
          throw;
        }
    }
    if (!b) {
      s.memory().deallocate(a, sizeof *a);
      return nullptr;
    }
    if (spares) // the last spare is recognised by an overflow word that is not null
      overflow_word(at(s, b, n + spares - 1), bb) = b;
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

  /// Allocates the next array, twice as large or of the same size, and makes the current one old. Entries
  /// move later, a bucket or two with each insertion. Not while growing.
  [[gnu::noinline]] static bool start_growth(const S &s, emm_hmap &h, bool bigger) {
    if (!need_extra(s, h))
      return false;
    if (!h.extra->overflow) { // a single bucket gets a record now that it becomes old
      emm_array *const a = new_record(s);
      if (!a)
        return false;
      a->buckets = static_cast<char *>(h.buckets);
      a->bytes = s.bucket_bytes();
      a->refs = reinterpret_cast<std::uint64_t *>(&overflow_word(a->buckets, a->bytes));
      h.extra->overflow = a;
    }
    emm_array *const a = new_array(s, h.B + bigger, block::growth);
    if (!a)
      return false;
    emm_array *const old = h.extra->overflow;
    old->same_size = !bigger;
    old->newer = a;
    a->older = old;
    prune(s, *a, old);
    unsigned f = h.flags & ~unsigned{EMM_ITERATOR | EMM_OLD_ITERATOR};
    if (h.flags & EMM_ITERATOR)
      f |= EMM_OLD_ITERATOR;
    if (!bigger)
      f |= EMM_SAME_SIZE_GROW;
    set_flags(h, f);
    h.B = a->B;
    h.oldbuckets = h.buckets;
    h.buckets = a->buckets;
    h.nevacuate = 0;
    h.noverflow = 0;
    h.extra->oldoverflow = old;
    h.extra->overflow = a;
    h.extra->next_overflow = spares_for(h.B) ? at(s, a->buckets, std::size_t{1} << h.B) : nullptr;
    return true;
  }

  /// Moves the old bucket that `index` is about to be written from, and one more so that growth ends.
  [[gnu::noinline]] static bool grow_work(const S &s, emm_hmap &h, std::size_t index) {
    if (!evacuate(s, h, index & (old_count(h) - 1)))
      return false;
    if (h.oldbuckets)
      evacuate(s, h, h.nevacuate); // when memory is short the next write tries again
    return true;
  }

  /// Moves one old chain. First everything that can fail, then everything that cannot.
  static bool evacuate(const S &s, emm_hmap &h, std::size_t o) {
    if (!old_evacuated(s, h, o)) {
      const std::size_t bb = s.bucket_bytes(), newbit = old_count(h);
      const bool same = h.flags & EMM_SAME_SIZE_GROW;
      char *const chain = at(s, h.oldbuckets, o);
      std::size_t length = 0, nx = 0, ny = 0;
      for (char *b = chain; b; b = next_bucket(b, bb))
        ++length;
      // One bit for each cell of the chain that goes to Y.
      std::uint8_t few[8], *to_y = few;
      struct release {
        const S &s;
        std::uint8_t *p;
        std::size_t n;
        ~release() {
          if (p)
            s.memory().deallocate(p, n);
        }
      } many{s, nullptr, length};
      if (__builtin_expect(length > sizeof few, 0)) {
        many.p = to_y = static_cast<std::uint8_t *>(s.memory().allocate(length, block::header));
        if (!to_y)
          return false;
      }
      std::size_t k = 0;
      for (char *b = chain; b; b = next_bucket(b, bb), ++k) {
        const std::uint64_t w = load_word(b);
        const unsigned live = ~native::empty(w) & 0xff;
        if (__builtin_expect(native::present(w) != live, 0))
          fatal_state(&h);
        unsigned y = 0;
        if (!same)
          for (unsigned m = live; m; m &= m - 1)
            y |= static_cast<unsigned>((s.rehash(b, first(m), h.hash0) & newbit) != 0) << first(m);
        to_y[k] = static_cast<std::uint8_t>(y);
        ny += static_cast<unsigned>(__builtin_popcount(y));
        nx += static_cast<unsigned>(__builtin_popcount(live));
      }
      nx -= ny;
      char *spare = nullptr; // the overflow buckets the two new chains need
      for (std::size_t need = (nx > 8 ? (nx - 1) / 8 : 0) + (ny > 8 ? (ny - 1) / 8 : 0); need; --need) {
        char *n = nullptr;
        if constexpr (noexcept(s.memory().allocate(1, block::overflow)))
          n = take_overflow(s, h);
        else
          try {
            n = take_overflow(s, h);
          } catch (...) {
            give_back_all(s, h, spare);
            throw;
          }
        if (!n) {
          give_back_all(s, h, spare);
          return false;
        }
        overflow_word(n, bb) = spare;
        spare = n;
      }
      cell to[2] = {{at(s, h.buckets, o), 0}, {same ? nullptr : at(s, h.buckets, o + newbit), 0}};
      k = 0;
      for (char *b = chain; b; b = next_bucket(b, bb), ++k) {
        const std::uint64_t w = load_word(b);
        std::uint64_t marks = 0x0404040404040404u;
        for (unsigned m = ~native::empty(w) & 0xff; m; m &= m - 1) {
          const unsigned i = first(m), y = to_y[k] >> i & 1;
          cell &t = to[y];
          if (__builtin_expect(t.i == 8, 0)) {
            char *const n = spare;
            spare = overflow_word(n, bb);
            overflow_word(n, bb) = nullptr;
            overflow_word(t.b, bb) = n;
            t = {n, 0};
          }
          t.b[t.i] = b[i];
          s.relocate(t.b, t.i, b, i);
          ++t.i;
          marks ^= std::uint64_t{static_cast<unsigned>(EMM_EVACUATED_EMPTY) ^ (EMM_EVACUATED_X + y)}
                   << (8 * i);
        }
        store_word(b, marks);
      }
    }
    if (o == h.nevacuate)
      advance(s, h);
    return true;
  }
  static void give_back_all(const S &s, emm_hmap &h, char *list) noexcept {
    while (list) {
      char *const next = overflow_word(list, s.bucket_bytes());
      give_back(s, h, list);
      list = next;
    }
  }

  /// Moves nevacuate over buckets that are done, a bounded number at a time, and ends the growth after the
  /// last.
  static void advance(const S &s, emm_hmap &h) noexcept {
    const std::size_t n = old_count(h), stop = h.nevacuate + 64 < n ? h.nevacuate + 64 : n;
    do
      ++h.nevacuate;
    while (h.nevacuate < stop && is_evacuated(load_word(at(s, h.oldbuckets, h.nevacuate))));
    emm_array *const old = h.extra->oldoverflow;
    if (h.nevacuate == n) {
      h.oldbuckets = nullptr;
      h.extra->oldoverflow = nullptr;
      set_flags(h, h.flags & ~unsigned{EMM_SAME_SIZE_GROW});
      prune(s, *h.extra->overflow, nullptr);
    } else if (s.memory().mapped(old->bytes) && !old->older && holders(*old) == one_holder) {
      // What is evacuated is never read again: lookups compare with nevacuate first.
      const std::size_t done = h.nevacuate * s.bucket_bytes() & ~(huge_page - 1);
      if (done > old->released) {
        madvise(old->buckets + old->released, done - old->released, MADV_DONTNEED);
        old->released = done;
      }
    }
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

  /// Finishes a growth in progress. False when memory is exhausted.
  static bool finish_growth(const S &s, emm_hmap &h) {
    while (h.oldbuckets)
      if (!evacuate(s, h, h.nevacuate))
        return false;
    return true;
  }

  /// Calls f(cell) for every entry, wherever it stands. f may destroy the entry.
  template <class F> static void each(const S &s, const emm_hmap &h, F f) {
    if (!h.buckets)
      return;
    if (h.oldbuckets)
      each_in(s, h.oldbuckets, h.nevacuate, old_count(h), f);
    each_in(s, h.buckets, 0, std::size_t{1} << h.B, f);
  }
  template <class F> static void each_in(const S &s, void *base, std::size_t from, std::size_t to, F f) {
    for (std::size_t o = from; o < to; ++o) {
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

  /// Makes every cell empty; keys and elements are the caller's to destroy first. Only filled buckets are
  /// written, so clearing costs one load per bucket. Chains stay linked: an empty overflow bucket is as good
  /// as none.
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
    if (h.buckets) {
      empty_run(s, static_cast<char *>(h.buckets), (std::size_t{1} << h.B) + spares_for(h.B));
      if (h.extra && h.extra->overflow)
        for (emm_slab *slab = h.extra->overflow->slabs; slab; slab = slab->next)
          empty_run(s, reinterpret_cast<char *>(slab + 1), (slab->bytes - sizeof *slab) / s.bucket_bytes());
    }
    h.count = 0;
    reseed(h);
  }
  static void empty_run(const S &s, char *b, std::size_t n) noexcept {
    for (; n; --n, b += s.bucket_bytes())
      if (load_word(b))
        store_word(b, 0);
  }

  /// Bytes of the blocks of the map.
  static std::size_t bytes(const S &s, const emm_hmap &h) noexcept {
    if (!h.extra || !h.extra->overflow)
      return (h.buckets ? s.bucket_bytes() : 0) + (h.extra ? sizeof(emm_mapextra) : 0);
    std::size_t n = sizeof(emm_mapextra);
    for (const emm_array *a = h.extra->overflow; a; a = a->older) {
      n += sizeof *a + a->bytes - a->released;
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
