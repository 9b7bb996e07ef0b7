// Sparse arrays: noting which buckets are filled, and forgetting it.
//
// All of it is outside the hot paths of dense maps. While the array is being replaced by growth nothing is
// noted: the new array is dense, and the bits of the old one go on covering what is left in it.
#ifndef EMM_DETAIL_SPARSE_HPP
#define EMM_DETAIL_SPARSE_HPP

#include "emm/detail/arrays.hpp"

namespace emm::detail {

template <class S> struct sparse : arrays<S> {
  using A = arrays<S>;
  using A::at, A::reseed;

  static filled_bits bits(const S &s, const void *buckets, unsigned B) noexcept {
    return filled_bits(at(s, buckets, (std::size_t{1} << B) + spares_for(B, s.bucket_bytes())));
  }
  /// Bucket `index` of a sparse map gets an entry. A map that has become dense stops noting.
  [[gnu::noinline]] static void fill_noted(const S &s, emm_hmap &h, std::size_t index) noexcept {
    bits(s, h.buckets, h.B).set(index);
    if (h.count > std::size_t{1} << (h.B - 1))
      forget(h);
  }
  static void forget(emm_hmap &h) noexcept {
    h.extra->overflow->sparse = false;
    set_flags(h, h.flags & ~unsigned{EMM_SPARSE});
  }
  static void remember(emm_hmap &h) noexcept {
    h.extra->overflow->sparse = true;
    set_flags(h, h.flags | EMM_SPARSE);
  }
  /// An entry of the chain at `primary` has been erased, and few are left.
  [[gnu::noinline]] static void thin_out(const S &s, emm_hmap &h, const char *primary) noexcept {
    if (h.count == 0)
      reseed(h);
    if (h.B < filled_B || h.oldbuckets)
      return;
    emm_array &a = *h.extra->overflow;
    const filled_bits f = bits(s, h.buckets, h.B);
    if (!a.sparse) {
      remember(h);
      f.assign(true, h.B);
      a.unswept = 0;
    } else if (!load_word(primary))
      f.reset(static_cast<std::size_t>(primary - static_cast<char *>(h.buckets)) / s.bucket_bytes());
    const std::size_t n = std::size_t{1} << h.B;
    for (unsigned steps = 2; steps && a.unswept < n; --steps, a.unswept += 8) {
      unsigned char &eight = f.eight(a.unswept);
      const char *b = at(s, h.buckets, a.unswept);
      for (unsigned i = 0; i < 8; ++i, b += s.bucket_bytes())
        eight &= static_cast<unsigned char>(~(unsigned{load_word(b) == 0} << i));
    }
  }

  /// Makes every cell empty, in time proportional to the filled buckets of a sparse array. Keys and elements
  /// are the caller's to destroy first. Chains stay linked: an empty overflow bucket is as good as none.
  static void empty_array(const S &s, emm_hmap &h) noexcept {
    emm_array *const a = h.extra ? h.extra->overflow : nullptr;
    if (a && a->sparse)
      empty_noted(s, h);
    else
      empty_whole(s, h, a);
    if (h.B >= filled_B) {
      bits(s, h.buckets, h.B).assign(false, h.B);
      a->unswept = std::size_t{1} << h.B;
      remember(h);
    }
  }

private:
  static void empty_noted(const S &s, emm_hmap &h) noexcept {
    const std::size_t n = std::size_t{1} << h.B;
    const filled_bits f = bits(s, h.buckets, h.B);
    for (std::size_t o = 0; (o = f.next(o, n)) < n; ++o)
      for (char *b = at(s, h.buckets, o); b;) {
        const std::uint64_t w = load_word(b);
        store_word(b, 0);
        b = w >> 56 ? next_bucket(b, s.bucket_bytes()) : nullptr;
      }
  }
  /// In the order of memory, without reading: each line that holds tophash bytes is written once.
  static void empty_whole(const S &s, emm_hmap &h, const emm_array *a) noexcept {
    const std::size_t n = std::size_t{1} << h.B;
    empty_run(s, static_cast<char *>(h.buckets), n);
    if (!a)
      return;
    if (const std::size_t spares = spares_for(h.B, s.bucket_bytes())) {
      char *const start = at(s, h.buckets, n);
      const auto *const next = static_cast<const char *>(h.extra->next_overflow);
      const bool some_left = next && !a->slabs;
      empty_run(s, start, some_left ? static_cast<std::size_t>(next - start) / s.bucket_bytes() : spares);
    }
    for (emm_slab *slab = a->slabs; slab; slab = slab->next)
      empty_run(s, reinterpret_cast<char *>(slab + 1), (slab->bytes - sizeof *slab) / s.bucket_bytes());
  }
  /// The lines are asked for ahead: stores by themselves wait for one after the other.
  static void empty_run(const S &s, char *b, std::size_t n) noexcept {
    constexpr std::size_t ahead = 16;
    for (; n > ahead; --n, b += s.bucket_bytes()) {
      __builtin_prefetch(b + ahead * s.bucket_bytes(), 1);
      store_word(b, 0);
    }
    for (; n; --n, b += s.bucket_bytes())
      store_word(b, 0);
  }
};

} // namespace emm::detail
#endif
