// Every offset and size of the structures in memory beside the specified value. Prints the table; a line that
// differs fails.
#include "emm/map.hpp"

#include <cstdio>
#include <gtest/gtest.h>
#include <string_view>

namespace {
struct empty {};
void row(const char *what, std::size_t is, std::size_t specified) {
  std::printf("%-28s %5zu %5zu%s\n", what, is, specified, is == specified ? "" : "  DIFFERS");
  EXPECT_EQ(is, specified) << what;
}
template <class K, class V> void bucket(const char *what, std::size_t size, std::size_t elems) {
  const emm_maptype t = emm::map<K, V>::c_layout();
  std::printf("bucket %s\n", what);
  row("  size", t.bucketsize, size);
  row("  keys", EMM_DATA_OFFSET, 8);
  row("  elems", EMM_DATA_OFFSET + 8u * t.keysize, elems);
  row("  overflow", t.bucketsize - sizeof(void *), size - 8);
}
template <class T> struct sized { T bytes; };
} // namespace

#define ROW(type, field, specified) row(#type "." #field, offsetof(type, field), specified)

TEST(Layout, Header) {
  row("sizeof emm_hmap", sizeof(emm_hmap), 48);
  ROW(emm_hmap, count, 0);
  ROW(emm_hmap, flags, 8);
  ROW(emm_hmap, B, 9);
  ROW(emm_hmap, noverflow, 10);
  ROW(emm_hmap, hash0, 12);
  ROW(emm_hmap, buckets, 16);
  ROW(emm_hmap, oldbuckets, 24);
  ROW(emm_hmap, nevacuate, 32);
  ROW(emm_hmap, extra, 40);
  row("sizeof emm_mapextra", sizeof(emm_mapextra), 24);
  ROW(emm_mapextra, overflow, 0);
  ROW(emm_mapextra, oldoverflow, 8);
  ROW(emm_mapextra, next_overflow, 16);
  row("sizeof emm::map<long,long>", sizeof(emm::map<long, long>), 48);
}

TEST(Layout, Iterator) {
  row("sizeof emm_hiter", sizeof(emm_hiter), 96);
  ROW(emm_hiter, key, 0);
  ROW(emm_hiter, elem, 8);
  ROW(emm_hiter, t, 16);
  ROW(emm_hiter, h, 24);
  ROW(emm_hiter, buckets, 32);
  ROW(emm_hiter, bptr, 40);
  ROW(emm_hiter, overflow, 48);
  ROW(emm_hiter, pending, 56); // Go: oldoverflow
  ROW(emm_hiter, start_bucket, 64);
  ROW(emm_hiter, offset, 72);
  ROW(emm_hiter, wrapped, 73);
  ROW(emm_hiter, B, 74);
  ROW(emm_hiter, chains, 75); // Go: i
  ROW(emm_hiter, bucket, 80);
  ROW(emm_hiter, check_bucket, 88);
}

TEST(Layout, Descriptor) {
  row("sizeof emm_type", sizeof(emm_type), 48);
  ROW(emm_maptype, key, 48);
  ROW(emm_maptype, elem, 56);
  ROW(emm_maptype, bucket, 64);
  ROW(emm_maptype, hasher, 72);
  ROW(emm_maptype, keysize, 80);
  ROW(emm_maptype, elemsize, 81);
  ROW(emm_maptype, bucketsize, 82);
  ROW(emm_maptype, flags, 84);
}

TEST(Layout, Buckets) {
  bucket<unsigned char, unsigned char>("u8 -> u8", 32, 16);
  bucket<int, int>("i32 -> i32", 80, 40);
  bucket<long, empty>("i64 -> struct{}", 80, 72);
  bucket<long, bool>("i64 -> bool", 88, 72);
  bucket<long, long>("i64 -> i64", 144, 72);
  bucket<std::string_view, long>("string -> i64", 208, 136);
  bucket<std::string_view, std::string_view>("string -> string", 272, 136);
  bucket<sized<char[128]>, sized<char[128]>>("128 bytes -> 128 bytes", 2064, 1032);
  bucket<sized<char[129]>, sized<char[4096]>>("indirect -> indirect", 144, 72);
}

TEST(Layout, CDescriptorsAgreeWithTheCxxMaps) {
  const struct {
    const emm_type &k, &v;
    emm_maptype cxx;
  } pairs[] = {{emm_type_int64, emm_type_int64, emm::map<long, long>::c_layout()},
               {emm_type_int32, emm_type_uint8, emm::map<int, unsigned char>::c_layout()},
               {emm_type_string, emm_type_empty, emm::map<std::string_view, empty>::c_layout()}};
  for (const auto &p : pairs) {
    emm_maptype t;
    ASSERT_TRUE(emm_maptype_init(&t, &p.k, &p.v, nullptr));
    EXPECT_EQ(t.keysize, p.cxx.keysize);
    EXPECT_EQ(t.elemsize, p.cxx.elemsize);
    EXPECT_EQ(t.bucketsize, p.cxx.bucketsize);
    EXPECT_EQ(t.flags & 3, p.cxx.flags & 3);
  }
}

TEST(Layout, MarksAndLimits) {
  row("evacuatedX", EMM_EVACUATED_X, 2);
  row("evacuatedY", EMM_EVACUATED_Y, 3);
  row("evacuatedEmpty", EMM_EVACUATED_EMPTY, 4);
  row("minTopHash", EMM_MIN_TOPHASH, 5);
  row("hashWriting", EMM_HASH_WRITING, 4);
  row("sameSizeGrow", EMM_SAME_SIZE_GROW, 8);
}
