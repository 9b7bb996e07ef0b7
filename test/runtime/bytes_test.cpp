// Keys made of bytes: two are equal exactly if all their bytes are, wherever they stand, and hash alike then.
#include "emm/detail/hash.hpp"

#include <algorithm>
#include <gtest/gtest.h>
#include <memory>
#include <vector>

using namespace emm::detail;

namespace {
/// A copy with nothing behind it that may be read.
std::unique_ptr<char[]> copy_of(const std::string &s) {
  auto p = std::make_unique<char[]>(s.size());
  std::copy(s.begin(), s.end(), p.get());
  return p;
}
std::string text(std::size_t n) {
  std::string s;
  for (std::size_t i = 0; i < n; ++i)
    s += static_cast<char>(i * 37 + 11);
  return s;
}
} // namespace

TEST(Bytes, EveryDifferenceCounts) {
  const emm::equal<std::string> equal;
  for (std::size_t n = 0; n <= 100; ++n) {
    const std::string a = text(n);
    const auto same = copy_of(a);
    EXPECT_TRUE(equal(a, a)) << n;
    EXPECT_TRUE(equal(a, std::string_view(same.get(), n))) << n;
    EXPECT_FALSE(equal(a, a + 'x')) << n;
    EXPECT_EQ(hash_bytes(a.data(), n, 7), hash_bytes(same.get(), n, 7)) << n;
    for (std::size_t at = 0; at < n; ++at)
      for (int bit : {1, 128}) {
        std::string b = a;
        b[at] = static_cast<char>(b[at] ^ bit);
        const auto other = copy_of(b);
        EXPECT_FALSE(equal(a, std::string_view(other.get(), n))) << n << " " << at;
        EXPECT_NE(hash_bytes(a.data(), n, 7), hash_bytes(other.get(), n, 7)) << n << " " << at;
      }
  }
}

TEST(Bytes, EveryLengthHashesDifferently) {
  std::vector<std::uint64_t> seen;
  const std::string zeros(200, '\0');
  for (std::size_t n = 0; n <= zeros.size(); ++n) {
    const std::uint64_t h = hash_bytes(zeros.data(), n, 1);
    EXPECT_EQ(std::count(seen.begin(), seen.end(), h), 0) << n;
    seen.push_back(h);
  }
}

TEST(Bytes, WideAndEmptyKeys) {
  const emm::equal<std::u16string> equal;
  std::u16string a = u"abcdefgh", b = a;
  EXPECT_TRUE(equal(a, b));
  b[7] ^= 0x100;
  EXPECT_FALSE(equal(a, b));
  EXPECT_TRUE(emm::equal<std::string_view>()(std::string_view(), std::string_view("")));
  EXPECT_EQ(emm::hash<std::string_view>()({}, 3), emm::hash<std::string>()(std::string(), 3));
}

/// Traits of one's own decide what is equal.
TEST(Bytes, TraitsAreAsked) {
  struct caseless : std::char_traits<char> {
    static int compare(const char *a, const char *b, std::size_t n) {
      for (; n; --n, ++a, ++b)
        if ((*a | 32) != (*b | 32))
          return 1;
      return 0;
    }
  };
  using view = std::basic_string_view<char, caseless>;
  EXPECT_TRUE(emm::equal<view>()(view("KeyOfTwelve"), view("kEYoFtWELVE")));
}
