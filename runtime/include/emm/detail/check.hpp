// Invariants of a map in memory, all of them, for tests and for a suspicious user. Hashes every key.
#ifndef EMM_DETAIL_CHECK_HPP
#define EMM_DETAIL_CHECK_HPP

#include "emm/detail/table.hpp"

namespace emm::detail {

template <class S> struct checker {
  using T = table<S>;
  const S &s;
  const emm_hmap &h;
  std::size_t live = 0;
  const char *wrong = nullptr;

  void chain(char *b, std::size_t index, std::size_t mask) {
    bool rest = false;
    unsigned last = EMM_EMPTY_REST;
    for (std::size_t guard = 0; b; b = next_bucket(b, s.bucket_bytes())) {
      if (++guard > h.count + h.noverflow + (std::size_t{1} << h.B) + 2)
        return fail("a chain is a circle");
      for (unsigned i = 0; i < 8; ++i) {
        const auto top = static_cast<std::uint8_t>(b[i]);
        if (top == EMM_EMPTY_REST) {
          if (!rest && last == EMM_EMPTY_ONE)
            return fail("the last cell before emptyRest is emptyOne");
          rest = true;
          continue;
        }
        if (rest)
          return fail("a cell after emptyRest is not emptyRest");
        last = top;
        if (top == EMM_EMPTY_ONE)
          continue;
        if (top < EMM_MIN_TOPHASH)
          return fail("a cell is marked as moved in a chain that has not moved");
        ++live;
        if (!reflexive(b, i)) // a NaN hashes differently each time
          continue;
        const std::uint64_t hash = s.rehash(b, i, h.hash0);
        if (tophash(hash) != top)
          return fail("a tophash byte does not belong to its key");
        if ((hash & mask) != index)
          return fail("a key is in the wrong bucket");
      }
    }
    if (!rest && last == EMM_EMPTY_ONE)
      return fail("the last cell of a chain is emptyOne");
  }
  bool reflexive(char *b, unsigned i) { return s.rehash(b, i, h.hash0) == s.rehash(b, i, h.hash0); }
  void fail(const char *what) {
    if (!wrong)
      wrong = what;
  }

  const char *run() {
    if (h.flags & EMM_HASH_WRITING)
      return "the map is being written";
    if (!h.buckets)
      return h.count || h.oldbuckets ? "entries without buckets" : nullptr;
    if (h.B && (!h.extra || !h.extra->overflow || h.extra->overflow->buckets != h.buckets ||
                h.extra->overflow->B != h.B))
      return "the array has no owner record";
    if ((h.oldbuckets != nullptr) != (h.extra && h.extra->oldoverflow))
      return "oldbuckets and its record disagree";
    if (!h.oldbuckets && h.flags & EMM_SAME_SIZE_GROW)
      return "sameSizeGrow without a growth";
    const std::size_t n = std::size_t{1} << h.B;
    if (h.oldbuckets) {
      const std::size_t old = T::old_count(h);
      if (h.nevacuate > old || (h.nevacuate == old && !s.memory().mapped(h.extra->oldoverflow->bytes)))
        return "a finished growth has not ended";
      for (std::size_t o = h.nevacuate; o < old; ++o) {
        char *const b = T::at(s, h.oldbuckets, o);
        if (is_evacuated(load_word(b)))
          continue;
        chain(b, o, old - 1);
        for (std::size_t to = o; to < n; to += old)
          if (load_word(T::at(s, h.buckets, to)))
            fail("a bucket is filled before its old bucket has moved");
      }
    }
    const bool noted = h.flags & EMM_SPARSE;
    if (noted != (h.B && h.extra->overflow->sparse))
      return "the map and its array disagree about being sparse";
    for (std::size_t i = 0; i < n && !wrong; ++i) {
      char *const b = T::at(s, h.buckets, i);
      chain(b, i, n - 1);
      if (noted && load_word(b) && !T::bits(s, h.buckets, h.B).test(i))
        fail("a filled bucket has no bit");
    }
    if (!wrong && live != h.count)
      return "count is not the number of live cells";
    return wrong;
  }
};

/// Null, or the first invariant found broken.
template <class S> const char *check_invariants(const S &s, const emm_hmap &h) {
  return checker<S>{s, h}.run();
}

} // namespace emm::detail
#endif
