// Shapes of the C maps: the type descriptor read at run time, and the fast key kinds with the key in
// registers.
//
// Hash and comparison of a fast shape give the same results as the generic one with the built-in hash, so
// both may be used on one map.
#ifndef EMM_TYPE_SHAPE_HPP
#define EMM_TYPE_SHAPE_HPP

#include "emm/detail/walk.hpp"

namespace emm::detail {

/// A key by address.
struct key_ref {
  const void *p;
};

struct type_shape {
  const emm_maptype *t;
  static constexpr bool exact = false, certain = false, splits_freely = false;

  std::size_t bucket_bytes() const noexcept { return t->bucketsize; }
  heap memory() const noexcept { return {}; }

  char *key_slot(cell c) const noexcept { return c.b + EMM_DATA_OFFSET + c.i * t->keysize; }
  char *elem_slot(cell c) const noexcept {
    return c.b + EMM_DATA_OFFSET + 8 * t->keysize + c.i * t->elemsize;
  }
  void *key_at(cell c) const noexcept {
    return t->flags & EMM_INDIRECT_KEY ? *reinterpret_cast<void **>(key_slot(c)) : key_slot(c);
  }
  void *elem_at(cell c) const noexcept {
    return t->flags & EMM_INDIRECT_ELEM ? *reinterpret_cast<void **>(elem_slot(c)) : elem_slot(c);
  }

  std::uint64_t hash(key_ref k, std::uint32_t seed) const { return t->hasher->fn(k.p, seed); }
  void fetch_key(const char *b, unsigned i) const noexcept {
    if (t->flags & EMM_INDIRECT_KEY)
      __builtin_prefetch(key_at({const_cast<char *>(b), i}));
  }
  std::uint64_t rehash(const char *b, unsigned i, std::uint32_t seed) const {
    return t->hasher->fn(key_at({const_cast<char *>(b), i}), seed);
  }
  bool same(const char *b, unsigned i, key_ref k) const {
    const void *const stored = key_at({const_cast<char *>(b), i});
    return t->key->equal ? t->key->equal(k.p, stored) : std::memcmp(k.p, stored, t->key->size) == 0;
  }
  void relocate(char *to, unsigned ti, char *from, unsigned fi) const noexcept {
    std::memcpy(key_slot({to, ti}), key_slot({from, fi}), t->keysize);
    std::memcpy(elem_slot({to, ti}), elem_slot({from, fi}), t->elemsize);
  }
};

/// Keys of 4 or 8 bytes.
template <class K> struct word_shape : type_shape {
  static constexpr bool exact = true, certain = native::keys_at_once;
  std::uint64_t hash(K k, std::uint32_t seed) const noexcept { return hash_word(k, seed); }
  std::uint64_t rehash(const char *b, unsigned i, std::uint32_t seed) const noexcept {
    K k;
    std::memcpy(&k, b + EMM_DATA_OFFSET + i * sizeof k, sizeof k);
    return hash_word(k, seed);
  }
  unsigned keys(const char *b, std::uint64_t w, K k) const noexcept {
    const unsigned m = sizeof(K) == 4 ? native::keys32(b + EMM_DATA_OFFSET, static_cast<std::uint32_t>(k))
                                      : native::keys64(b + EMM_DATA_OFFSET, k);
    return m & ~native::empty(w);
  }
  bool same(const char *b, unsigned i, K k) const noexcept {
    return std::memcmp(b + EMM_DATA_OFFSET + i * sizeof k, &k, sizeof k) == 0;
  }
};

struct string_shape : type_shape {
  static const emm_string &key(const char *b, unsigned i) noexcept {
    return *reinterpret_cast<const emm_string *>(b + EMM_DATA_OFFSET + i * sizeof(emm_string));
  }
  std::uint64_t hash(emm_string k, std::uint32_t seed) const noexcept {
    return hash_bytes(k.str, k.len, seed);
  }
  void fetch_key(const char *b, unsigned i) const noexcept { __builtin_prefetch(key(b, i).str); }
  std::uint64_t rehash(const char *b, unsigned i, std::uint32_t seed) const noexcept {
    return hash(key(b, i), seed);
  }
  bool same(const char *b, unsigned i, emm_string k) const noexcept {
    const emm_string &stored = key(b, i);
    return stored.len == k.len && same_bytes(stored.str, k.str, k.len);
  }
};

} // namespace emm::detail
#endif
