// The four keyed operations of the C surface over any shape. Order of the tests, as in Go: nil, then count,
// then the flag, then the hash.
#ifndef EMM_MAP_OPS_HPP
#define EMM_MAP_OPS_HPP

#include "type_shape.hpp"

namespace emm::detail {

template <class S, class Q> cell access(const S &s, const emm_hmap *h, const Q &key) {
  if (!h || count_of(*h) == 0) {
    if (s.t->flags & EMM_HASH_MIGHT_PANIC)
      s.hash(key, 0); // an unhashable key is an error even in an empty map
    return {};
  }
  table<S>::enter_read(s, *h, key);
  return table<S>::find(s, *h, key);
}

/// Stores a key into the slot of a new entry and clears its element, on the heap where the type is indirect.
inline bool fill(const type_shape &s, cell c, const void *key) noexcept {
  const emm_maptype &t = *s.t;
  void *k = s.key_slot(c), *e = s.elem_slot(c), *heap_key = nullptr;
  if (t.flags & EMM_INDIRECT_KEY) {
    heap_key = block_alloc(t.key->size, block::header);
    if (!heap_key)
      return false;
  }
  if (t.flags & EMM_INDIRECT_ELEM) {
    void *const p = block_alloc(t.elem->size, block::header);
    if (!p) {
      if (heap_key)
        block_free(heap_key, t.key->size);
      return false;
    }
    *static_cast<void **>(e) = p;
  } else
    std::memset(e, 0, t.elemsize);
  if (heap_key) {
    *static_cast<void **>(k) = heap_key;
    k = heap_key;
  }
  std::memcpy(k, key, t.key->size);
  return true;
}
/// Frees what `fill` allocated.
inline void drop(const type_shape &s, cell c) noexcept {
  if (s.t->flags & EMM_INDIRECT_KEY)
    block_free(s.key_at(c), s.t->key->size);
  if (s.t->flags & EMM_INDIRECT_ELEM)
    block_free(s.elem_at(c), s.t->elem->size);
}

template <class S, class Q> void *assign(const S &s, emm_hmap *h, const Q &key, const void *bytes) {
  if (!h)
    fatal_nil();
  table<S>::enter_write(s, *h, op::write, key);
  if (!h->buckets && !table<S>::first_bucket(s, *h))
    return nullptr;
  const std::uint64_t hash = s.hash(key, h->hash0);
  write_mark mark(*h);
  cell spot;
  char *last = nullptr;
  if (const cell c = table<S>::locate(s, *h, key, hash, spot, last)) {
    if (s.t->flags & EMM_NEED_KEY_UPDATE)
      std::memcpy(s.key_at(c), bytes, s.t->key->size);
    return s.elem_at(c);
  }
  const cell c =
      table<S>::crowded(*h) ? table<S>::vacancy_by_growth(s, *h, hash) : table<S>::vacancy(s, *h, spot, last);
  if (!c || !fill(s, c, bytes))
    return nullptr;
  table<S>::commit(s, *h, c, hash);
  return s.elem_at(c);
}

template <class S, class Q> void erase(const S &s, emm_hmap *h, const Q &key) {
  if (!h || count_of(*h) == 0) {
    if (s.t->flags & EMM_HASH_MIGHT_PANIC)
      s.hash(key, 0);
    return;
  }
  using T = table<S>;
  T::enter_write(s, *h, op::erase, key);
  const std::uint64_t hash = s.hash(key, h->hash0);
  write_mark mark(*h);
  char *const chain = T::chain(s, *h, hash);
  T::fetch(s, chain);
  if (const cell c = T::template search<T::by::tops>(s, chain, key, tophash(hash))) {
    drop(s, c);
    T::vacate(s, *h, chain, c);
  }
  if (h->oldbuckets)
    T::grow_work(s, *h, hash & bucket_mask(h->B)); // without memory a later write does it
}

} // namespace emm::detail
#endif
