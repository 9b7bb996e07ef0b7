// Incremental growth: a map that is too full gets a second array, and every later write moves a chain or two.
//
// Chains move as a whole and in order, to the start of empty chains. What may fail (hashing a key of the
// user's, taking overflow buckets) is done before anything moves. No single write does much. The system
// clears a huge page, 2 MiB, when it is first touched: each write touches one page of a large new array, and
// the first chain moves when all are there; until then new entries go to the old chains. What a large old
// array occupies goes back in slices while it is emptied, its overflow buckets block by block before the
// growth ends.
#ifndef EMM_DETAIL_GROWTH_HPP
#define EMM_DETAIL_GROWTH_HPP

#include "emm/detail/sparse.hpp"

namespace emm::detail {

template <class S> struct growth : sparse<S> {
  using A = arrays<S>;
  using A::at, A::old_count, A::old_evacuated, A::need_extra, A::new_record, A::new_array, A::take_overflow,
      A::give_back, A::prune;

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
    unsigned f = h.flags & ~unsigned{EMM_ITERATOR | EMM_OLD_ITERATOR | EMM_SPARSE};
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
    h.extra->next_overflow =
        spares_for(h.B, s.bucket_bytes()) ? at(s, a->buckets, std::size_t{1} << h.B) : nullptr;
    return true;
  }

  /// Moves the old bucket that `index` is about to be written from, and one more so that growth ends. In a
  /// large array: gets the pages first, then moves one of the two, which ends growth after as many writes as
  /// there are old buckets.
  [[gnu::noinline]] static bool grow_work(const S &s, emm_hmap &h, std::size_t index) {
    const std::size_t o = index & (old_count(h) - 1);
    bool enough = false;
    if (large(s, h)) {
      if (fetch_page(s, h))
        return true;
      enough = !old_evacuated(s, h, o);
    }
    if (!evacuate(s, h, o))
      return false;
    if (h.oldbuckets && !enough)
      step(s, h); // when memory is short the next write tries again
    return true;
  }
  /// The new array is mapped, on huge pages.
  static bool large(const S &s, const emm_hmap &h) noexcept {
    return s.memory().mapped(h.extra->overflow->bytes);
  }
  /// Touches the next huge page of the new array, or the next 64 small ones. False when all have been.
  static bool fetch_page(const S &s, emm_hmap &h) noexcept {
    constexpr std::size_t page = EMM_HUGE_PAGES ? huge_page : 4096, pages = EMM_HUGE_PAGES ? 1 : 64;
    emm_array &a = *h.extra->overflow;
    // The last spare bucket and what follows were written when the array was made.
    const std::size_t end =
        ((std::size_t{1} << a.B) + spares_for(a.B, s.bucket_bytes()) - 1) * s.bucket_bytes();
    if (a.fetched >= end)
      return false;
    for (std::size_t i = 0; i < pages && a.fetched < end; ++i, a.fetched += page)
      if (!h.nevacuate) // else finish_growth has begun to move chains, which touches pages as well
        *static_cast<volatile char *>(a.buckets + a.fetched) = 0;
    return true;
  }
  /// An empty overflow bucket for a chain that has not moved.
  static char *take_old_overflow(const S &s, emm_hmap &h) {
    emm_array *const old = h.extra->oldoverflow;
    const std::size_t bytes = sizeof(emm_slab) + s.bucket_bytes();
    auto *const slab = static_cast<emm_slab *>(s.memory().allocate(bytes, block::overflow));
    if (!slab)
      return nullptr;
    slab->next = old->slabs;
    slab->bytes = bytes;
    old->slabs = slab;
    return reinterpret_cast<char *>(slab + 1);
  }
  /// The next piece of a growth, whatever is being written. False when memory is exhausted.
  static bool step(const S &s, emm_hmap &h) {
    if (h.nevacuate < old_count(h))
      return evacuate(s, h, h.nevacuate);
    retire(s, h);
    return true;
  }

  /// Moves one old chain. False when memory is exhausted.
  static bool evacuate(const S &s, emm_hmap &h, std::size_t o) {
    if (!old_evacuated(s, h, o)) {
      char *const chain = at(s, h.oldbuckets, o);
      bool moved = false;
      if constexpr (S::splits_freely)
        moved = split(s, h, chain, o);
      if (!moved && !move_chain(s, h, chain, o))
        return false;
    }
    if (o == h.nevacuate)
      advance(s, h);
    return true;
  }

  /// The live cells of a bucket that has not moved.
  static unsigned live_cells(const emm_hmap &h, std::uint64_t w) noexcept {
    const unsigned live = ~native::empty(w) & 0xff;
    if (__builtin_expect(native::present(w) != live, 0))
      fatal_state(&h);
    return live;
  }
  /// The tophash word of a bucket that has moved: which cells were live, and which of them went to Y.
  static std::uint64_t moved_marks(unsigned live, unsigned y) noexcept {
    return 0x0404040404040404u - 2 * spread(live) + spread(live & y);
  }

  /// Moves a chain of one bucket to two buckets, without a branch that depends on the keys. Eight cells are
  /// hashed and copied whatever they hold: what an empty one leaves behind lies in a free slot.
  static bool split(const S &s, emm_hmap &h, char *b, std::size_t o) noexcept {
    const std::uint64_t w = load_word(b);
    if ((w >> 56 && next_bucket(b, s.bucket_bytes())) || h.flags & EMM_SAME_SIZE_GROW)
      return false;
    const std::size_t newbit = old_count(h);
    const unsigned live = live_cells(h, w);
    char *const x = at(s, h.buckets, o), *const y = at(s, h.buckets, o + newbit);
    std::uint64_t tops_x = 0, tops_y = 0;
    unsigned nx = 0, ny = 0, to_y = 0;
#if defined(__clang__)
#pragma clang loop unroll(full)
#else
#pragma GCC unroll 8
#endif
    for (unsigned i = 0; i < 8; ++i) { // nx and ny are at most i
      const unsigned up = (s.rehash(b, i, h.hash0) & newbit) != 0, l = live >> i & 1;
      s.relocate(up ? y : x, up ? ny : nx, b, i);
      const std::uint64_t top = w >> (8 * i) & 0xff & (std::uint64_t{0} - l);
      tops_x |= (top & (std::uint64_t{up} - 1)) << (8 * nx);
      tops_y |= (top & (std::uint64_t{0} - up)) << (8 * ny);
      nx += l & ~up;
      ny += l & up;
      to_y |= up << i;
    }
    store_word(x, tops_x);
    store_word(y, tops_y);
    store_word(b, moved_marks(live, to_y));
    return true;
  }

  /// First everything that can fail, then everything that cannot.
  static bool move_chain(const S &s, emm_hmap &h, char *const chain, std::size_t o) {
    const std::size_t bb = s.bucket_bytes(), newbit = old_count(h);
    const bool same = h.flags & EMM_SAME_SIZE_GROW;
    std::size_t length = 0, nx = 0, ny = 0;
    for (char *b = chain; b; b = next_bucket(b, bb), ++length)
      if (!same) // what hashing will read, all of it before the first hash has to wait
        for (unsigned m = ~native::empty(load_word(b)) & 0xff; m; m &= m - 1)
          s.fetch_key(b, first(m));
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
      const unsigned live = live_cells(h, load_word(b));
      unsigned y = 0;
      if (!same)
        for (unsigned m = live; m; m &= m - 1)
          y |= static_cast<unsigned>((s.rehash(b, first(m), h.hash0) & newbit) != 0) << first(m);
      to_y[k] = static_cast<std::uint8_t>(y);
      ny += cells(y);
      nx += cells(live);
    }
    nx -= ny;
    char *spare = nullptr;
    if (!take_spares(s, h, (nx > 8 ? (nx - 1) / 8 : 0) + (ny > 8 ? (ny - 1) / 8 : 0), spare))
      return false;
    cell to[2] = {{at(s, h.buckets, o), 0}, {same ? nullptr : at(s, h.buckets, o + newbit), 0}};
    k = 0;
    for (char *b = chain; b; b = next_bucket(b, bb), ++k) {
      const unsigned live = ~native::empty(load_word(b)) & 0xff;
      for (unsigned m = live; m; m &= m - 1) {
        const unsigned i = first(m);
        cell &t = to[to_y[k] >> i & 1];
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
      }
      store_word(b, moved_marks(live, to_y[k]));
    }
    return true;
  }
  /// The overflow buckets that the new chains need, as a list; all of them or none.
  static bool take_spares(const S &s, emm_hmap &h, std::size_t need, char *&list) {
    for (; need; --need) {
      char *n = nullptr;
      if constexpr (noexcept(s.memory().allocate(1, block::overflow)))
        n = take_overflow(s, h);
      else
        try {
          n = take_overflow(s, h);
        } catch (...) {
          give_back_all(s, h, list);
          throw;
        }
      if (!n) {
        give_back_all(s, h, list);
        return false;
      }
      overflow_word(n, s.bucket_bytes()) = list;
      list = n;
    }
    return true;
  }
  static void give_back_all(const S &s, emm_hmap &h, char *list) noexcept {
    while (list) {
      char *const next = overflow_word(list, s.bucket_bytes());
      give_back(s, h, list);
      list = next;
    }
  }

  /// Nobody walks the old array or one that leads to it: what is evacuated is never read again, because
  /// lookups compare with nevacuate first.
  static bool unwalked(const emm_array &old) noexcept { return !old.older && holders(old) == one_holder; }

  static void release(emm_array &old, std::size_t to) noexcept {
    madvise(old.buckets + old.released, to - old.released, MADV_DONTNEED);
    old.released = to;
  }
  /// Every chain has moved. A large array gives back one large block of its overflow buckets for each write,
  /// and the growth ends with the last.
  static void retire(const S &s, emm_hmap &h) noexcept {
    emm_array *const old = h.extra->oldoverflow;
    if (old->slabs && s.memory().mapped(old->bytes) && unwalked(*old)) {
      for (std::size_t freed = 0; old->slabs && freed < kept_bytes;) {
        emm_slab *const slab = old->slabs;
        old->slabs = slab->next;
        freed += slab->bytes;
        s.memory().deallocate(slab, slab->bytes);
      }
      return;
    }
    if (s.memory().mapped(old->bytes) && unwalked(*old) &&
        old->released + huge_page < old->bytes - sizeof *old) { // the spares, too, in slices
      release(*old, old->released + huge_page);
      return;
    }
    h.oldbuckets = nullptr;
    h.extra->oldoverflow = nullptr;
    set_flags(h, h.flags & ~unsigned{EMM_SAME_SIZE_GROW});
    prune(s, *h.extra->overflow, nullptr);
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
      retire(s, h);
    } else if (s.memory().mapped(old->bytes) && unwalked(*old)) {
      const std::size_t done = h.nevacuate * s.bucket_bytes() & ~(huge_page - 1);
      if (done > old->released)
        release(*old, done);
    }
  }
  /// Finishes a growth in progress. False when memory is exhausted.
  static bool finish_growth(const S &s, emm_hmap &h) {
    while (h.oldbuckets)
      if (!step(s, h))
        return false;
    return true;
  }
};

} // namespace emm::detail
#endif
