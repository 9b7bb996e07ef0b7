// The C functions: generic and fast paths on the same map agree, indirect keys and elements, NaN, zeros,
// empty types, large zero element.
#include "emm/map.h"

#include <cmath>
#include <cstring>
#include <gtest/gtest.h>
#include <set>
#include <string>
#include <vector>

namespace {
struct owned_map {
  emm_maptype t;
  emm_hmap *h = nullptr;
  owned_map(const emm_type &k, const emm_type &v, std::ptrdiff_t hint = 0) {
    EXPECT_TRUE(emm_maptype_init(&t, &k, &v, nullptr));
    h = emm_makemap(&t, hint, nullptr);
  }
  ~owned_map() { emm_mapfree(&t, h); }
  std::size_t iterate() {
    std::size_t n = 0;
    emm_hiter it;
    for (emm_mapiterinit(&t, h, &it); it.key; emm_mapiternext(&it))
      ++n;
    return n;
  }
};
std::int64_t &as_int(void *p) { return *static_cast<std::int64_t *>(p); }
} // namespace

TEST(CSurface, Fast64AndGenericAreOneMap) {
  owned_map m(emm_type_int64, emm_type_int64);
  for (std::int64_t k = 0; k < 5000; ++k)
    as_int(k & 1 ? emm_mapassign(&m.t, m.h, &k) : emm_mapassign_fast64(&m.t, m.h, std::uint64_t(k))) += k;
  ASSERT_EQ(emm_maplen(m.h), 5000u);
  for (std::int64_t k = 0; k < 5000; ++k) {
    bool ok;
    ASSERT_EQ(as_int(emm_mapaccess1(&m.t, m.h, &k)), k);
    ASSERT_EQ(as_int(emm_mapaccess2_fast64(&m.t, m.h, std::uint64_t(k), &ok)), k);
    ASSERT_TRUE(ok);
  }
  for (std::int64_t k = 0; k < 5000; k += 2)
    k & 2 ? emm_mapdelete(&m.t, m.h, &k) : emm_mapdelete_fast64(&m.t, m.h, std::uint64_t(k));
  EXPECT_EQ(emm_maplen(m.h), 2500u);
  EXPECT_EQ(m.iterate(), 2500u);
}

TEST(CSurface, Fast32) {
  owned_map m(emm_type_int32, emm_type_int64);
  for (std::uint32_t k = 0; k < 3000; ++k)
    as_int(emm_mapassign_fast32(&m.t, m.h, k * 0x10001)) = k;
  for (std::uint32_t k = 0; k < 3000; ++k)
    ASSERT_EQ(as_int(emm_mapaccess1_fast32(&m.t, m.h, k * 0x10001)), k);
  bool ok;
  EXPECT_EQ(as_int(emm_mapaccess2_fast32(&m.t, m.h, 77, &ok)), 0);
  EXPECT_FALSE(ok);
  for (std::uint32_t k = 0; k < 3000; ++k)
    emm_mapdelete_fast32(&m.t, m.h, k * 0x10001);
  EXPECT_EQ(emm_maplen(m.h), 0u);
}

TEST(CSurface, StringsReplaceTheStoredKey) {
  owned_map m(emm_type_string, emm_type_int64);
  std::string a = "the same bytes", b = a;
  as_int(emm_mapassign_faststr(&m.t, m.h, {a.data(), a.size()})) = 1;
  as_int(emm_mapassign_faststr(&m.t, m.h, {b.data(), b.size()})) += 1;
  emm_hiter it;
  emm_mapiterinit(&m.t, m.h, &it);
  ASSERT_NE(it.key, nullptr);
  EXPECT_EQ(static_cast<emm_string *>(it.key)->str, b.data());
  EXPECT_EQ(as_int(it.elem), 2);
  emm_mapiterend(&it);
  emm_mapdelete_faststr(&m.t, m.h, {a.data(), a.size()});
  EXPECT_EQ(emm_maplen(m.h), 0u);
}

TEST(CSurface, DeletedElementsReadAsZeroWhenAssignedAgain) {
  owned_map m(emm_type_int64, emm_type_int64);
  for (std::int64_t k = 0; k < 200; ++k)
    as_int(emm_mapassign_fast64(&m.t, m.h, std::uint64_t(k))) = 42;
  for (std::int64_t k = 0; k < 200; ++k)
    emm_mapdelete_fast64(&m.t, m.h, std::uint64_t(k));
  for (std::int64_t k = 0; k < 200; ++k)
    ASSERT_EQ(as_int(emm_mapassign_fast64(&m.t, m.h, std::uint64_t(k + 1000))), 0);
  emm_mapclear(&m.t, m.h);
  for (std::int64_t k = 0; k < 200; ++k)
    ASSERT_EQ(as_int(emm_mapassign_fast64(&m.t, m.h, std::uint64_t(k))), 0);
}

TEST(CSurface, NilMapReadsAsEmpty) {
  owned_map m(emm_type_int64, emm_type_int64);
  const std::int64_t k = 1;
  bool ok = true;
  EXPECT_EQ(as_int(emm_mapaccess2(&m.t, nullptr, &k, &ok)), 0);
  EXPECT_FALSE(ok);
  emm_mapdelete(&m.t, nullptr, &k);
  emm_mapclear(&m.t, nullptr);
  EXPECT_EQ(emm_maplen(nullptr), 0u);
  emm_hiter it;
  emm_mapiterinit(&m.t, nullptr, &it);
  EXPECT_EQ(it.key, nullptr);
}

TEST(CSurface, KeysAndElementsAbove128BytesAreIndirect) {
  const emm_type big{4096, 0, 0, 0, 8, 8, EMM_PLAIN, nullptr, "[4096]byte", nullptr};
  static const emm_hasher first_word{[](const void *p, std::uint64_t seed) {
    return (*static_cast<const std::uint64_t *>(p) ^ seed) * 0x9e3779b97f4a7c15u;
  }};
  emm_maptype t;
  ASSERT_TRUE(emm_maptype_init(&t, &big, &big, &first_word));
  EXPECT_EQ(t.keysize, 8);
  EXPECT_EQ(t.flags & 3, 3u);
  emm_hmap *h = emm_makemap(&t, 0, nullptr);
  std::vector<std::uint64_t> key(512, 0);
  for (std::uint64_t k = 0; k < 300; ++k) {
    key[0] = k;
    key[511] = ~k;
    static_cast<std::uint64_t *>(emm_mapassign(&t, h, key.data()))[511] = k;
  }
  emm_hiter it; // entries are deleted while an iterator stands on their old array
  std::set<std::uint64_t> seen;
  std::uint64_t n = 0;
  for (emm_mapiterinit(&t, h, &it); it.key; emm_mapiternext(&it)) {
    const std::uint64_t k = static_cast<std::uint64_t *>(it.key)[0];
    ASSERT_TRUE(seen.insert(k).second);
    ASSERT_EQ(static_cast<std::uint64_t *>(it.elem)[511], k);
    key[0] = k;
    key[511] = ~k;
    emm_mapdelete(&t, h, key.data());
    for (int j = 0; j < 4; ++j, ++n) {
      key[0] = 1000 + n;
      key[511] = ~key[0];
      if (n < 2000)
        static_cast<std::uint64_t *>(emm_mapassign(&t, h, key.data()))[511] = key[0];
    }
  }
  for (std::uint64_t k = 0; k < 300; ++k)
    ASSERT_TRUE(seen.count(k));
  key[0] = 5;
  key[511] = ~5ull;
  EXPECT_EQ(emm_mapaccess1(&t, h, key.data()), nullptr); // larger than the shared zero
  const std::vector<char> zero(4096);
  EXPECT_EQ(emm_mapaccess1_fat(&t, h, key.data(), zero.data()), zero.data());
  emm_mapfree(&t, h);
}

TEST(CSurface, EveryNaNIsAnEntryOfItsOwn) {
  owned_map m(emm_type_float64, emm_type_int64);
  const double nan = std::nan("");
  for (std::int64_t i = 0; i < 104; ++i)
    as_int(emm_mapassign(&m.t, m.h, &nan)) = i;
  EXPECT_EQ(emm_maplen(m.h), 104u);
  bool ok;
  emm_mapaccess2(&m.t, m.h, &nan, &ok);
  EXPECT_FALSE(ok);
  emm_mapdelete(&m.t, m.h, &nan);
  EXPECT_EQ(emm_maplen(m.h), 104u);
  std::set<std::int64_t> seen; // the 105th starts a growth; the iteration sees each old value once across it
  emm_hiter it;
  emm_mapassign(&m.t, m.h, &nan);
  for (emm_mapiterinit(&m.t, m.h, &it); it.key; emm_mapiternext(&it)) {
    const std::int64_t v = as_int(it.elem);
    ASSERT_TRUE(v == 0 || v >= 1000 || seen.insert(v).second) << v;
    if (seen.size() == 30)
      for (std::int64_t i = 0; i < 60; ++i)
        as_int(emm_mapassign(&m.t, m.h, &nan)) = 1000 + i;
  }
  EXPECT_EQ(seen.size(), 103u);
  emm_mapclear(&m.t, m.h);
  EXPECT_EQ(emm_maplen(m.h), 0u);
  EXPECT_EQ(m.iterate(), 0u);
}

TEST(CSurface, TheNewestZeroIsTheStoredKey) {
  owned_map m(emm_type_float64, emm_type_int64);
  const double plus = 0.0, minus = -0.0;
  for (int round = 0; round < 2; ++round)
    for (double z : {plus, minus}) {
      emm_mapassign(&m.t, m.h, &z);
      emm_hiter it;
      emm_mapiterinit(&m.t, m.h, &it);
      EXPECT_EQ(std::signbit(*static_cast<double *>(it.key)), std::signbit(z));
      emm_mapiterend(&it);
      EXPECT_EQ(emm_maplen(m.h), 1u);
    }
}

TEST(CSurface, EmptyKeysAndElements) {
  owned_map sets(emm_type_int64, emm_type_empty), one(emm_type_empty, emm_type_int64),
      none(emm_type_empty, emm_type_empty);
  for (std::int64_t k = 0; k < 100; ++k) {
    ASSERT_NE(emm_mapassign(&sets.t, sets.h, &k), nullptr);
    as_int(emm_mapassign(&one.t, one.h, &k)) += k;
    ASSERT_NE(emm_mapassign(&none.t, none.h, &k), nullptr);
  }
  EXPECT_EQ(sets.t.bucketsize, 80);
  EXPECT_EQ(emm_maplen(sets.h), 100u);
  EXPECT_EQ(sets.iterate(), 100u);
  EXPECT_EQ(emm_maplen(one.h), 1u);
  EXPECT_EQ(as_int(emm_mapaccess1(&one.t, one.h, "")), 4950);
  EXPECT_EQ(none.iterate(), 1u);
}

TEST(CSurface, HintsThatCannotBeMeant) {
  for (std::ptrdiff_t hint : {std::ptrdiff_t{-1}, std::ptrdiff_t{1} << 62}) {
    owned_map m(emm_type_int64, emm_type_int64, hint);
    ASSERT_NE(m.h, nullptr);
    EXPECT_EQ(m.h->B, 0);
    as_int(emm_mapassign_fast64(&m.t, m.h, 5)) = 6;
    EXPECT_EQ(as_int(emm_mapaccess1_fast64(&m.t, m.h, 5)), 6);
  }
}
