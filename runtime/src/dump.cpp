// For looking at maps and repeating a run: dump, invariant check, seed.

#include "emm/detail/check.hpp"
#include "emm/map_debug.h"
#include "type_shape.hpp"

using namespace emm::detail;

namespace {

void dump_chain(const emm_maptype &t, const char *b, std::size_t index, FILE *out) {
  std::fprintf(out, "  %6zu:", index);
  for (; b; b = next_bucket(b, t.bucketsize)) {
    std::fputs(" [", out);
    for (unsigned i = 0; i < 8; ++i) {
      static const char *const states[] = {"--", "..", "X", "Y", "e"};
      const auto top = static_cast<std::uint8_t>(b[i]);
      if (top < EMM_MIN_TOPHASH)
        std::fprintf(out, i ? " %2s" : "%2s", states[top]);
      else
        std::fprintf(out, i ? " %02x" : "%02x", top);
    }
    std::fputc(']', out);
  }
  std::fputc('\n', out);
}

void dump_array(const emm_maptype &t, const void *base, std::size_t n, FILE *out) {
  std::size_t lengths[5] = {}, empty = 0;
  for (std::size_t i = 0; i < n; ++i) {
    const char *const first = static_cast<const char *>(base) + i * t.bucketsize;
    std::size_t length = 0;
    for (const char *b = first; b; b = next_bucket(b, t.bucketsize))
      ++length;
    ++lengths[length < 5 ? length - 1 : 4];
    empty += load_word(first) == 0;
  }
  std::fprintf(out, "chains of 1/2/3/4/more: %zu/%zu/%zu/%zu/%zu, empty %zu\n", lengths[0], lengths[1],
               lengths[2], lengths[3], lengths[4], empty);
  for (std::size_t i = 0; i < n; ++i) {
    const char *const first = static_cast<const char *>(base) + i * t.bucketsize;
    if (load_word(first))
      dump_chain(t, first, i, out);
  }
}

} // namespace

extern "C" {

void emm_map_dump(const emm_maptype *t, const emm_hmap *h, FILE *out) {
  if (!h) {
    std::fputs("nil map\n", out);
    return;
  }
  const std::size_t n = h->buckets ? std::size_t{1} << h->B : 0;
  std::fprintf(out, "map %p: count %zu, B %u (%zu buckets of %u bytes), flags %#x, noverflow %u, hash0 %#x\n",
               static_cast<const void *>(h), h->count, h->B, n, t->bucketsize, h->flags, h->noverflow,
               h->hash0);
  if (n)
    std::fprintf(out, "load %.2f of 6.50\n", static_cast<double>(h->count) / static_cast<double>(n));
  if (h->oldbuckets) {
    const std::size_t old = table<type_shape>::old_count(*h);
    std::fprintf(out, "growing, %s: %zu of %zu old buckets moved\nold array: ",
                 h->flags & EMM_SAME_SIZE_GROW ? "same size" : "doubling", h->nevacuate, old);
    dump_array(*t, static_cast<const char *>(h->oldbuckets) + h->nevacuate * t->bucketsize,
               old - h->nevacuate, out);
  }
  if (n)
    dump_array(*t, h->buckets, n, out);
}

const char *emm_map_check(const emm_maptype *t, const emm_hmap *h) {
  return h ? check_invariants(type_shape{t}, *h) : nullptr;
}

size_t emm_map_growth_insert(size_t capacity, unsigned n) {
  const unsigned B = bits_for(capacity) + n;
  return B == 0 ? EMM_BUCKET_SLOTS + 1 : EMM_LOAD_NUM * ((std::size_t{1} << B) / EMM_LOAD_DEN) + 1;
}
}

void emm_map_seed(uint64_t seed) { random_state = seed | 1; } // 0 would mean: not chosen yet
