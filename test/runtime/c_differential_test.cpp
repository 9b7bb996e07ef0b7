// The C functions behave as std::unordered_map over random programs, whichever of the generic and the fast
// ones serves each single operation on a map; iterations keep Go's promise while entries are written.
#include "emm/map.h"
#include "emm/map_debug.h"

#include <cstring>
#include <gtest/gtest.h>
#include <random>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace {
/// A kind of key: its description, the n-th key, and the operations by either path.
template <class K> struct word_keys {
  using key = K;
  static constexpr bool wide = sizeof(K) == 8;
  static const emm_type &type() { return wide ? emm_type_int64 : emm_type_int32; }
  static const emm_hasher *hasher() { return nullptr; }
  static key make(unsigned i) { return K(i * 0x9e3779b97f4a7c15u); }
  static key model(key k) { return k; }
  static void *assign(const emm_maptype *t, emm_hmap *h, key k, bool fast) {
    if (!fast)
      return emm_mapassign(t, h, &k);
    if constexpr (wide)
      return emm_mapassign_fast64(t, h, k);
    else
      return emm_mapassign_fast32(t, h, k);
  }
  static void *find(const emm_maptype *t, const emm_hmap *h, key k, bool fast, bool *ok) {
    if (!fast)
      return emm_mapaccess2(t, h, &k, ok);
    if constexpr (wide)
      return emm_mapaccess2_fast64(t, h, k, ok);
    else
      return emm_mapaccess2_fast32(t, h, k, ok);
  }
  static void erase(const emm_maptype *t, emm_hmap *h, key k, bool fast) {
    if (!fast)
      return emm_mapdelete(t, h, &k);
    if constexpr (wide)
      emm_mapdelete_fast64(t, h, k);
    else
      emm_mapdelete_fast32(t, h, k);
  }
};
/// Strings of 0 to 39 bytes; the map keeps the pointers, so the bytes stay for the whole test.
struct text_keys {
  using key = emm_string;
  static const emm_type &type() { return emm_type_string; }
  static const emm_hasher *hasher() { return nullptr; }
  static key make(unsigned i) {
    static std::vector<std::string> *const all = new std::vector<std::string>;
    if (all->empty())
      for (unsigned n = 0; n < 4096; ++n)
        all->push_back(n ? std::string(n % 7 * 5, 'a') + std::to_string(n) : "");
    return {(*all)[i % 4096].data(), (*all)[i % 4096].size()};
  }
  static std::string model(key k) { return {k.str, k.len}; }
  static void *assign(const emm_maptype *t, emm_hmap *h, key k, bool fast) {
    return fast ? emm_mapassign_faststr(t, h, k) : emm_mapassign(t, h, &k);
  }
  static void *find(const emm_maptype *t, const emm_hmap *h, key k, bool fast, bool *ok) {
    return fast ? emm_mapaccess2_faststr(t, h, k, ok) : emm_mapaccess2(t, h, &k, ok);
  }
  static void erase(const emm_maptype *t, emm_hmap *h, key k, bool fast) {
    fast ? emm_mapdelete_faststr(t, h, k) : emm_mapdelete(t, h, &k);
  }
};
/// Keys that only the generic functions take.
template <class K> struct generic_keys {
  using key = K;
  static void *assign(const emm_maptype *t, emm_hmap *h, const key &k, bool) {
    return emm_mapassign(t, h, &k);
  }
  static void *find(const emm_maptype *t, const emm_hmap *h, const key &k, bool, bool *ok) {
    return emm_mapaccess2(t, h, &k, ok);
  }
  static void erase(const emm_maptype *t, emm_hmap *h, const key &k, bool) { emm_mapdelete(t, h, &k); }
};
struct byte_keys : generic_keys<unsigned char> {
  static const emm_type &type() { return emm_type_uint8; }
  static const emm_hasher *hasher() { return nullptr; }
  static key make(unsigned i) { return key(i); }
  static key model(key k) { return k; }
};
struct real_keys : generic_keys<double> { // key 0 is one of the two zeros
  static const emm_type &type() { return emm_type_float64; }
  static const emm_hasher *hasher() { return nullptr; }
  static key make(unsigned i) { return i ? i / 3.0 : (flip = !flip) ? 0.0 : -0.0; }
  static key model(key k) { return k; }
  inline static bool flip = false;
};
struct large { // above 128 bytes: on the heap
  std::uint64_t n[40];
};
struct large_keys : generic_keys<large> {
  static const emm_type &type() {
    static const emm_type t{sizeof(large), 0, 0, 0, 8, 8, EMM_PLAIN, nullptr, "[40]uint64", nullptr};
    return t;
  }
  static const emm_hasher *hasher() {
    static const emm_hasher h{[](const void *p, std::uint64_t seed) {
      return (*static_cast<const std::uint64_t *>(p) ^ seed) * 0x9e3779b97f4a7c15u;
    }};
    return &h;
  }
  static key make(unsigned i) {
    key k;
    for (std::uint64_t &n : k.n)
      n = i;
    return k;
  }
  static std::uint64_t model(const key &k) { return k.n[39]; }
};

/// Elements begin and end with the same number, so that a block of the wrong size or a torn one shows.
template <class Kind> class both {
  using key = typename Kind::key;
  using model_key = std::decay_t<decltype(Kind::model(std::declval<key>()))>;
  emm_maptype t;
  emm_type elem;
  emm_hmap *h;
  std::unordered_map<model_key, std::uint64_t> u;
  std::mt19937 random;
  unsigned range;
  std::uint64_t stamp = 0;
  bool fast_too;

  bool fast() { return fast_too && random() % 2; }
  void put(void *p, std::uint64_t v) const {
    std::memcpy(p, &v, 8);
    std::memcpy(static_cast<char *>(p) + elem.size - 8, &v, 8);
  }
  std::uint64_t get(const void *p) const {
    std::uint64_t first, last;
    std::memcpy(&first, p, 8);
    std::memcpy(&last, static_cast<const char *>(p) + elem.size - 8, 8);
    EXPECT_EQ(first, last);
    return first;
  }
  void assign(const key &k) {
    void *const p = Kind::assign(&t, h, k, fast());
    const auto [it, added] = u.try_emplace(Kind::model(k), 0);
    ASSERT_EQ(get(p), it->second) << "a new element is zero, an old one what it was";
    put(p, it->second = ++stamp);
  }
  void erase(const key &k) {
    Kind::erase(&t, h, k, fast());
    u.erase(Kind::model(k));
  }
  void find(const key &k) {
    bool ok;
    const void *const p = Kind::find(&t, h, k, fast(), &ok);
    const auto it = u.find(Kind::model(k));
    ASSERT_EQ(ok, it != u.end());
    ASSERT_EQ(get(p), ok ? it->second : 0);
  }
  void iterate() {
    auto stay = u;
    std::unordered_set<model_key> seen, touched; // touched: deleted at some time during the pass
    emm_hiter it;
    for (emm_mapiterinit(&t, h, &it); it.key; emm_mapiternext(&it)) {
      const model_key k = Kind::model(*static_cast<key *>(it.key));
      const auto now = u.find(k);
      ASSERT_TRUE(now != u.end()) << "deleted entry produced";
      ASSERT_EQ(get(it.elem), now->second) << "stale value";
      ASSERT_TRUE(seen.insert(k).second || touched.count(k)) << "produced twice";
      if (seen.size() > 4 * range) {
        emm_mapiterend(&it);
        return;
      }
      for (unsigned writes = random() % 6; writes; --writes)
        if (const key w = Kind::make(random() % range); random() % 3)
          assign(w);
        else {
          erase(w);
          stay.erase(Kind::model(w));
          touched.insert(Kind::model(w));
        }
    }
    for (const auto &[k, v] : stay)
      ASSERT_TRUE(seen.count(k)) << "entry that stayed was not produced";
  }

public:
  both(unsigned seed, unsigned keys, std::size_t elem_bytes)
      : elem{elem_bytes, 0, 0, 0, 8, 8, EMM_PLAIN, nullptr, "elem", nullptr}, random(seed), range(keys),
        fast_too(elem_bytes <= EMM_MAX_INLINE_ELEM) {
    EXPECT_TRUE(emm_maptype_init(&t, &Kind::type(), &elem, Kind::hasher()));
    h = emm_makemap(&t, random() % 3 ? 0 : random() % keys, nullptr);
  }
  ~both() { emm_mapfree(&t, h); }
  void run(int steps) {
    for (int i = 0; i < steps && !testing::Test::HasFatalFailure(); ++i) {
      const key k = Kind::make(random() % range);
      switch (const unsigned what = random() % 4096; what % 8) {
      case 0:
      case 1:
      case 2:
        assign(k);
        break;
      case 3:
        erase(k);
        break;
      case 4:
        if (what == 4)
          iterate();
        else if (what == 12) {
          emm_mapclear(&t, h);
          u.clear();
        } else if (what == 20) {
          ASSERT_EQ(emm_map_check(&t, h), nullptr);
        }
        break;
      default:
        find(k);
      }
      ASSERT_EQ(emm_maplen(h), u.size());
    }
    ASSERT_EQ(emm_map_check(&t, h), nullptr);
  }
};
template <class Kind> void all(unsigned limit = ~0u) {
  for (std::size_t elem : {8, 200})
    for (unsigned seed = 0; seed < EMM_SEEDS; ++seed)
      for (unsigned keys : {6u, 40u, 700u, 4000u})
        if (keys <= limit && !testing::Test::HasFatalFailure())
          both<Kind>(seed * 100 + keys, keys, elem).run(keys > 1000 ? 60000 : 20000);
}
} // namespace

TEST(CDifferential, Fast32) { all<word_keys<std::uint32_t>>(); }
TEST(CDifferential, Fast64) { all<word_keys<std::uint64_t>>(); }
TEST(CDifferential, FastString) { all<text_keys>(); }
TEST(CDifferential, Byte) { all<byte_keys>(200); }
TEST(CDifferential, Double) { all<real_keys>(); }
TEST(CDifferential, IndirectKey) { all<large_keys>(700); }
