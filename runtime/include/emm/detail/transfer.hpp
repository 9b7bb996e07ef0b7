// Entries that change hands: a new array of another size, and entries taken over from another map.
//
// Slots are relocated, so nothing is copied and move-only, NaN and indirect keys and elements go along. What
// may fail (hash, comparison, memory) is done before the first entry moves.
#ifndef EMM_DETAIL_TRANSFER_HPP
#define EMM_DETAIL_TRANSFER_HPP

#include "emm/detail/table.hpp"

namespace emm::detail {

template <class S> struct transfer {
  using T = table<S>;

  /// Moves all entries of `from` into `to`, an empty header without buckets that gets the smallest array for
  /// them and another hash0 than `from` has. False, or the exception of a hash or an allocator: `from` is as
  /// it was and `to` owns nothing.
  static bool refit(const S &s, emm_hmap &from, emm_hmap &to) {
    to.hash0 = from.hash0; // the new one differs from it
    struct undo {
      const S &s;
      emm_hmap &to;
      std::uintptr_t *places;
      std::size_t n;
      bool done;
      ~undo() {
        if (places)
          s.memory().deallocate(places, n * sizeof *places);
        if (!done)
          T::free_all(s, to, true);
      }
    } guard{s, to, nullptr, from.count, false};
    if (!T::first_array(s, to, from.count))
      return false;
    if (to.flags & EMM_SPARSE) // it holds more than half of what it has room for
      T::forget(to);
    if (guard.n) {
      guard.places =
          static_cast<std::uintptr_t *>(s.memory().allocate(guard.n * sizeof *guard.places, block::header));
      if (!guard.places)
        return false;
    }
    std::size_t k = 0;
    bool room = true;
    T::each(s, from, [&](cell c) {
      if (!room)
        return;
      const std::uint64_t hash = s.rehash(c.b, c.i, to.hash0);
      const cell spot = free_cell(s, to, hash & bucket_mask(to.B));
      if (!(room = static_cast<bool>(spot)))
        return;
      spot.b[spot.i] = static_cast<char>(tophash(hash));
      guard.places[k++] = reinterpret_cast<std::uintptr_t>(spot.b) | spot.i; // buckets are aligned to eight
    });
    if (!room)
      return false;
    k = 0;
    T::each(s, from, [&](cell c) {
      const std::uintptr_t at = guard.places[k++];
      s.relocate(reinterpret_cast<char *>(at & ~std::uintptr_t{7}), at & 7, c.b, c.i);
    });
    to.count = k;
    from.count = 0;
    set_flags(to, to.flags | (from.flags & EMM_TRACED));
    return guard.done = true;
  }

private:
  /// The first empty cell of a chain, in an overflow bucket taken for it if need be. Null: memory is
  /// exhausted.
  static cell free_cell(const S &s, emm_hmap &h, std::size_t index) {
    for (char *b = T::at(s, h.buckets, index);;) {
      if (const unsigned e = native::empty(load_word(b)))
        return {b, first(e)};
      char *const n = next_bucket(b, s.bucket_bytes());
      if (!n)
        return T::vacancy(s, h, {}, b);
      b = n;
    }
  }
};

} // namespace emm::detail
#endif
