// Type descriptors: the built-in types and the rules that turn a key and an element type into a map type.
//
// The built-in hash of a plain key of 4 or 8 bytes is the one the fast functions use.

#include "type_shape.hpp"

using namespace emm::detail;

namespace {

std::uint64_t hash4(const void *p, std::uint64_t seed) {
  return hash_word(read32(static_cast<const unsigned char *>(p)), seed);
}
std::uint64_t hash8(const void *p, std::uint64_t seed) {
  return hash_word(read64(static_cast<const unsigned char *>(p)), seed);
}
std::uint64_t hash_string(const void *p, std::uint64_t seed) {
  const auto *const s = static_cast<const emm_string *>(p);
  return hash_bytes(s->str, s->len, seed);
}
template <class F> std::uint64_t hash_real(const void *p, std::uint64_t seed) {
  F v;
  std::memcpy(&v, p, sizeof v);
  return hash_float(v, seed, v != v ? static_cast<std::uint32_t>(random64()) : 0);
}
template <std::size_t N> std::uint64_t hash_n(const void *p, std::uint64_t seed) {
  return hash_bytes(p, N, seed);
}
template <class F> bool equal_real(const void *a, const void *b) {
  F x, y;
  std::memcpy(&x, a, sizeof x);
  std::memcpy(&y, b, sizeof y);
  return x == y;
}
bool equal_string(const void *a, const void *b) {
  const auto *const x = static_cast<const emm_string *>(a), *const y = static_cast<const emm_string *>(b);
  return x->len == y->len && (x->len == 0 || std::memcmp(x->str, y->str, x->len) == 0);
}

const emm_hasher hasher4{hash4}, hasher8{hash8}, hasher_string{hash_string}, hasher_f32{hash_real<float>},
    hasher_f64{hash_real<double>};

/// Built-in hashers for plain keys of 0 to 128 bytes, by size: a hasher is not told the size of its key.
template <std::size_t... N> const emm_hasher *plain_hasher(std::size_t size, std::index_sequence<N...>) {
  static const emm_hasher all[] = {{hash_n<N>}...};
  return &all[size];
}

const emm_hasher *built_in(const emm_type &key) {
  switch (key.kind) {
  case EMM_STRING:
    return &hasher_string;
  case EMM_FLOAT32:
    return &hasher_f32;
  case EMM_FLOAT64:
    return &hasher_f64;
  }
  if (key.size == 4)
    return &hasher4;
  if (key.size == 8)
    return &hasher8;
  return key.size <= 128 ? plain_hasher(key.size, std::make_index_sequence<129>()) : nullptr;
}

bool well_formed(const emm_type &t) { return t.align && !(t.align & (t.align - 1)) && t.size % t.align == 0; }

} // namespace

extern "C" {

const emm_type emm_type_empty{0, 0, 0, 0, 1, 1, EMM_PLAIN, nullptr, "struct {}", nullptr};
const emm_type emm_type_uint8{1, 0, 0, 0, 1, 1, EMM_PLAIN, nullptr, "uint8", nullptr};
const emm_type emm_type_int32{4, 0, 0, 0, 4, 4, EMM_PLAIN, nullptr, "int32", nullptr};
const emm_type emm_type_int64{8, 0, 0, 0, 8, 8, EMM_PLAIN, nullptr, "int64", nullptr};
const emm_type emm_type_float32{4, 0, 0, 0, 4, 4, EMM_FLOAT32, equal_real<float>, "float32", nullptr};
const emm_type emm_type_float64{8, 0, 0, 0, 8, 8, EMM_FLOAT64, equal_real<double>, "float64", nullptr};
const emm_type emm_type_string{16, 8, 0, 0, 8, 8, EMM_STRING, equal_string, "string", nullptr};

bool emm_maptype_init(emm_maptype *t, const emm_type *key, const emm_type *elem, const emm_hasher *hasher) {
  if (!well_formed(*key) || !well_formed(*elem) || (!hasher && !(hasher = built_in(*key))))
    return false;
  const bool indirect_key = key->size > EMM_MAX_INLINE_KEY || key->align > 8;
  const bool indirect_elem = elem->size > EMM_MAX_INLINE_ELEM || elem->align > 8;
  if ((indirect_key && key->align > 16) || (indirect_elem && elem->align > 16))
    return false; // malloc's alignment
  const bool real = key->kind == EMM_FLOAT32 || key->kind == EMM_FLOAT64;
  *t = emm_maptype{};
  t->typ = {8, 8, 0, 0, 8, 8, EMM_PLAIN, nullptr, "map", nullptr};
  t->key = key;
  t->elem = elem;
  t->hasher = hasher;
  t->keysize = static_cast<std::uint8_t>(indirect_key ? sizeof(void *) : key->size);
  t->elemsize = static_cast<std::uint8_t>(indirect_elem ? sizeof(void *) : elem->size);
  t->bucketsize =
      static_cast<std::uint16_t>(EMM_DATA_OFFSET + 8 * t->keysize + 8 * t->elemsize + sizeof(void *));
  t->flags = (indirect_key ? unsigned{EMM_INDIRECT_KEY} : 0u) | (indirect_elem ? unsigned{EMM_INDIRECT_ELEM} : 0u) |
             (real ? 0u : unsigned{EMM_REFLEXIVE_KEY}) | (real || key->kind == EMM_STRING ? unsigned{EMM_NEED_KEY_UPDATE} : 0u);
  return true;
}
}
