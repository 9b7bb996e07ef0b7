// The dump shows the header, the load, chains with their tophash bytes, and both arrays while a map grows.
#include "emm/map_debug.h"

#include <cstdio>
#include <cstdlib>
#include <gtest/gtest.h>
#include <regex>
#include <string>

namespace {
std::string dumped(const emm_maptype *t, const emm_hmap *h) {
  char *text = nullptr;
  std::size_t size = 0;
  FILE *const out = open_memstream(&text, &size);
  emm_map_dump(t, h, out);
  std::fclose(out);
  const std::string r(text, size);
  std::free(text);
  return r;
}
std::size_t occurrences(const std::string &text, const char *pattern) {
  const std::regex r(pattern);
  return std::size_t(
      std::distance(std::sregex_iterator(text.begin(), text.end(), r), std::sregex_iterator()));
}
bool has(const std::string &text, const char *part) { return text.find(part) != std::string::npos; }
constexpr const char *live = "[ \\[][0-9a-f]{2}(?=[ \\]])"; // a tophash byte in a chain
} // namespace

TEST(Dump, AtRestAndInTheMiddleOfAGrowth) {
  emm_maptype t;
  ASSERT_TRUE(emm_maptype_init(&t, &emm_type_int64, &emm_type_int64, nullptr));
  EXPECT_EQ(dumped(&t, nullptr), "nil map\n");
  emm_map_seed(3);
  emm_hmap *const h = emm_makemap_small();
  EXPECT_TRUE(has(dumped(&t, h), "count 0, B 0 (0 buckets of 144 bytes)"));
  for (std::uint64_t k = 0; k < 26; ++k)
    emm_mapassign_fast64(&t, h, k);
  std::string text = dumped(&t, h);
  EXPECT_TRUE(has(text, "count 26, B 2 (4 buckets of 144 bytes)")) << text;
  EXPECT_TRUE(has(text, "load 6.50 of 6.50")) << text;
  EXPECT_FALSE(has(text, "growing")) << text;
  EXPECT_EQ(occurrences(text, live), 26u) << text;
  emm_mapdelete_fast64(&t, h, 3);
  EXPECT_EQ(occurrences(dumped(&t, h), live), 25u);
  emm_mapassign_fast64(&t, h, 3);
  emm_mapassign_fast64(&t, h, 26); // doubles: one or two of the four old chains move
  text = dumped(&t, h);
  EXPECT_TRUE(
      std::regex_search(text, std::regex("growing, doubling: [012] of 4 old buckets moved\nold array: ")))
      << text;
  EXPECT_TRUE(has(text, "count 27, B 3 (8 buckets of 144 bytes)")) << text;
  EXPECT_EQ(occurrences(text, live), 27u) << "every entry once, in the array it stands in\n" << text;
  EXPECT_EQ(emm_map_check(&t, h), nullptr);
  emm_mapfree(&t, h);
}

TEST(Dump, TheCheckFindsABrokenMap) {
  emm_maptype t;
  ASSERT_TRUE(emm_maptype_init(&t, &emm_type_int64, &emm_type_int64, nullptr));
  emm_hmap *const h = emm_makemap_small();
  for (std::uint64_t k = 0; k < 5; ++k)
    emm_mapassign_fast64(&t, h, k);
  auto *const tops = static_cast<unsigned char *>(h->buckets);
  const unsigned char was = tops[2];
  tops[2] = was == 200 ? 201 : 200;
  EXPECT_STREQ(emm_map_check(&t, h), "a tophash byte does not belong to its key");
  tops[2] = EMM_EMPTY_REST;
  EXPECT_STREQ(emm_map_check(&t, h), "a cell after emptyRest is not emptyRest");
  tops[2] = was;
  tops[6] = EMM_EMPTY_ONE;
  EXPECT_STREQ(emm_map_check(&t, h), "a cell after emptyRest is not emptyRest");
  tops[6] = EMM_EMPTY_REST;
  h->count = 6;
  EXPECT_STREQ(emm_map_check(&t, h), "count is not the number of live cells");
  h->count = 5;
  EXPECT_EQ(emm_map_check(&t, h), nullptr);
  emm_mapfree(&t, h);
}
