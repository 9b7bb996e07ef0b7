// The C surface, generic keys and everything that does not depend on the kind of key.

#include "map_ops.hpp"

using namespace emm::detail;

namespace {
alignas(16) const unsigned char zero_elem[EMM_ZERO_BYTES] = {};
void *zero() noexcept { return const_cast<unsigned char *>(zero_elem); }

void drop_all(const type_shape &s, emm_hmap &h) noexcept {
  if (s.t->flags & (EMM_INDIRECT_KEY | EMM_INDIRECT_ELEM))
    table<type_shape>::each(s, h, [&](cell c) { drop(s, c); });
}
} // namespace

extern "C" {

emm_hmap *emm_makemap_small(void) {
  return static_cast<emm_hmap *>(block_alloc(sizeof(emm_hmap), block::header));
}

emm_hmap *emm_makemap(const emm_maptype *t, ptrdiff_t hint, emm_hmap *h) {
  const bool own = !h;
  if (own && !(h = emm_makemap_small()))
    return nullptr;
  *h = emm_hmap{};
  std::size_t bytes;
  if (hint < 0 ||
      __builtin_mul_overflow(static_cast<std::size_t>(hint), std::size_t{t->bucketsize}, &bytes) ||
      bytes > std::size_t{1} << 48)
    hint = 0;
  if (static_cast<std::size_t>(hint) > EMM_BUCKET_SLOTS &&
      !table<type_shape>::first_array({t}, *h, static_cast<std::size_t>(hint))) {
    table<type_shape>::free_all({t}, *h, true);
    if (own)
      block_free(h, sizeof *h);
    return nullptr;
  }
  return h;
}

void emm_mapdestroy(const emm_maptype *t, emm_hmap *h) {
  if (!h)
    return;
  drop_all({t}, *h);
  table<type_shape>::free_all({t}, *h, true);
}
void emm_mapfree(const emm_maptype *t, emm_hmap *h) {
  if (!h)
    return;
  emm_mapdestroy(t, h);
  block_free(h, sizeof *h);
}

void *emm_mapaccess2(const emm_maptype *t, const emm_hmap *h, const void *key, bool *ok) {
  const type_shape s{t};
  const cell c = access(s, h, key_ref{key});
  *ok = static_cast<bool>(c);
  return c ? s.elem_at(c) : t->elem->size <= EMM_ZERO_BYTES ? zero() : nullptr;
}
void *emm_mapaccess1(const emm_maptype *t, const emm_hmap *h, const void *key) {
  bool ok;
  return emm_mapaccess2(t, h, key, &ok);
}
void *emm_mapaccess1_fat(const emm_maptype *t, const emm_hmap *h, const void *key,
                         const void *zero_of_caller) {
  const type_shape s{t};
  const cell c = access(s, h, key_ref{key});
  return c ? s.elem_at(c) : const_cast<void *>(zero_of_caller);
}
void *emm_mapassign(const emm_maptype *t, emm_hmap *h, const void *key) {
  return assign(type_shape{t}, h, key_ref{key}, key);
}
void emm_mapdelete(const emm_maptype *t, emm_hmap *h, const void *key) {
  erase(type_shape{t}, h, key_ref{key});
}

void emm_mapclear(const emm_maptype *t, emm_hmap *h) {
  if (!h || count_of(*h) == 0)
    return;
  const type_shape s{t};
  table<type_shape>::enter_write(*h, op::clear);
  write_mark mark(*h);
  drop_all(s, *h);
  table<type_shape>::empty_all(s, *h);
}

void emm_mapiterinit(const emm_maptype *t, emm_hmap *h, emm_hiter *it) {
  const type_shape s{t};
  walk<type_shape>::begin(s, h, *it);
  it->t = t;
}
void emm_mapiternext(emm_hiter *it) { walk<type_shape>::next(type_shape{it->t}, *it); }
void emm_mapiterend(emm_hiter *it) { walk<type_shape>::end(type_shape{it->t}, *it); }

size_t emm_maplen(const emm_hmap *h) { return h ? h->count : 0; }

#define EMM_FAST(suffix, shape, key_type)                                                                    \
  void *emm_mapaccess2_##suffix(const emm_maptype *t, const emm_hmap *h, key_type key, bool *ok) {           \
    const shape s{{t}};                                                                                      \
    const cell c = access(s, h, key);                                                                        \
    *ok = static_cast<bool>(c);                                                                              \
    return c ? s.elem_slot(c) : zero();                                                                      \
  }                                                                                                          \
  void *emm_mapaccess1_##suffix(const emm_maptype *t, const emm_hmap *h, key_type key) {                     \
    const shape s{{t}};                                                                                      \
    const cell c = access(s, h, key);                                                                        \
    return c ? s.elem_slot(c) : zero();                                                                      \
  }                                                                                                          \
  void *emm_mapassign_##suffix(const emm_maptype *t, emm_hmap *h, key_type key) {                            \
    return assign(shape{{t}}, h, key, &key);                                                                 \
  }                                                                                                          \
  void emm_mapdelete_##suffix(const emm_maptype *t, emm_hmap *h, key_type key) { erase(shape{{t}}, h, key); }

EMM_FAST(fast32, word_shape<std::uint32_t>, uint32_t)
EMM_FAST(fast64, word_shape<std::uint64_t>, uint64_t)
EMM_FAST(faststr, string_shape, emm_string)
}
