// Hash quality report: how keys of several kinds and patterns spread over buckets and tophash bytes, beside
// what random hashes give.
//
// For each set of 65536 distinct keys: overflow buckets per bucket at the load they have (B = 14), the
// longest chain, tophash collisions (pairs of keys in one bucket with equal tophash, per key), equal 64-bit
// hashes, and the worst bit of an avalanche: how far the chance that an output bit flips with an input bit is
// from one half. Exits with 1 when a set spreads much worse than random hashes do. Integers take one
// multiplication, whose highest input bits avalanche badly; regular sets then spread more evenly than random
// ones, or somewhat less. The avalanche column is for the reader; the others decide. Structs are hashed field
// by field, so padding never counts; the same fields in another order are another set.

#include "emm/map.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <string>
#include <vector>

namespace {

constexpr unsigned B = 14;
constexpr std::size_t count = std::size_t{1} << 16;
bool failed;

struct padded {
  char a;
  int b;
  std::uint64_t c;
};
struct reordered {
  std::uint64_t c;
  int b;
  char a;
};
template <class T> std::uint64_t hash_fields(const T &v, std::uint64_t seed) {
  seed = emm::hash<char>{}(v.a, seed);
  seed = emm::hash<int>{}(v.b, seed);
  return emm::hash<std::uint64_t>{}(v.c, seed);
}
std::uint64_t hash_reordered(const reordered &v, std::uint64_t seed) {
  seed = emm::hash<std::uint64_t>{}(v.c, seed);
  seed = emm::hash<int>{}(v.b, seed);
  return emm::hash<char>{}(v.a, seed);
}

void report(const char *name, std::vector<std::uint64_t> hashes, double avalanche) {
  std::vector<std::vector<std::uint8_t>> tops(std::size_t{1} << B);
  for (std::uint64_t h : hashes)
    tops[h & ((std::size_t{1} << B) - 1)].push_back(emm::detail::tophash(h));
  std::size_t overflow = 0, longest = 0, collisions = 0;
  for (auto &bucket : tops) {
    overflow += bucket.size() > 8 ? (bucket.size() - 1) / 8 : 0;
    longest = std::max(longest, bucket.size());
    std::sort(bucket.begin(), bucket.end());
    for (std::size_t i = 1; i < bucket.size(); ++i)
      collisions += bucket[i] == bucket[i - 1];
  }
  std::sort(hashes.begin(), hashes.end());
  const auto equal = static_cast<std::size_t>(hashes.end() - std::unique(hashes.begin(), hashes.end()));
  const double share = double(overflow) / double(tops.size()),
               clash = double(collisions) / double(hashes.size());
  // Random: Poisson(4) buckets overflow with probability 0.0214; equal tophash bytes in a bucket happen to
  // 0.0079 keys.
  const bool bad = share > 0.045 || longest > 24 || clash > 0.02 || equal > 0;
  failed |= bad;
  std::printf("%-34s %9.4f %8zu %10.4f %6zu %10.3f%s\n", name, share, longest, clash, equal, avalanche,
              bad ? "  WORSE THAN RANDOM" : "");
}

/// The worst |p - 1/2| over input and output bits that the map uses (low 24, high 8).
template <class F> double avalanche(unsigned bits, F hash) {
  double worst = 0;
  constexpr int samples = 4000;
  for (unsigned in = 0; in < bits; ++in) {
    int flips[64] = {};
    for (int s = 0; s < samples; ++s) {
      const std::uint64_t k = emm::detail::random64();
      const std::uint64_t d = hash(k) ^ hash(k ^ std::uint64_t{1} << in);
      for (unsigned out = 0; out < 64; ++out)
        flips[out] += static_cast<int>(d >> out & 1);
    }
    for (unsigned out = 0; out < 64; ++out)
      if (out < 24 || out >= 56)
        worst = std::max(worst, std::fabs(double(flips[out]) / samples - 0.5));
  }
  return worst;
}

template <class F> void integers(const char *name, unsigned bits, F key) {
  const std::uint64_t seed = emm::detail::random64() & 0xffffffff;
  std::vector<std::uint64_t> hashes;
  for (std::size_t i = 0; i < count; ++i)
    hashes.push_back(emm::hash<std::uint64_t>{}(key(i), seed));
  report(name, std::move(hashes),
         avalanche(bits, [&](std::uint64_t k) { return emm::hash<std::uint64_t>{}(k, seed); }));
}
template <class F> void strings(const char *name, F key) {
  const std::uint64_t seed = emm::detail::random64() & 0xffffffff;
  std::vector<std::uint64_t> hashes;
  for (std::size_t i = 0; i < count; ++i)
    hashes.push_back(emm::hash<std::string>{}(key(i), seed));
  report(name, std::move(hashes), avalanche(64, [&](std::uint64_t k) {
           char text[16] = "abcdefgh";
           std::memcpy(text + 8, &k, 8);
           return emm::hash<std::string>{}(std::string_view(text, 16), seed);
         }));
}
template <class T, class H> void structs(const char *name, H hash) {
  const std::uint64_t seed = emm::detail::random64() & 0xffffffff;
  std::vector<std::uint64_t> hashes;
  for (std::size_t i = 0; i < count; ++i) {
    T v;
    std::memset(static_cast<void *>(&v), int(i & 0xff),
                sizeof v); // padding differs, fields do not depend on it
    v.a = static_cast<char>(i & 15);
    v.b = static_cast<int>(i >> 4 & 255);
    v.c = i >> 12;
    hashes.push_back(hash(v, seed));
  }
  report(name, std::move(hashes), avalanche(64, [&](std::uint64_t k) {
           T v{};
           v.c = k;
           return hash(v, seed);
         }));
}

} // namespace

int main() {
  std::printf("%zu keys in %zu buckets\n%-34s %9s %8s %10s %6s %10s\n", count, std::size_t{1} << B, "keys",
              "overflow", "longest", "tophash", "equal", "avalanche");
  integers("integers 0, 1, 2, ...", 64, [](std::size_t i) { return i; });
  integers("multiples of 4096", 64, [](std::size_t i) { return i << 12; });
  integers("multiples of 2^32", 64, [](std::size_t i) { return i << 32; });
  integers("multiples of 2^48", 64, [](std::size_t i) { return i << 48; });
  integers("both ends vary", 64, [](std::size_t i) { return std::uint64_t{i & 0xff} << 56 | i >> 8; });
  integers("bytes spread out", 64, [](std::size_t i) {
    return (i & 15) | (i >> 4 & 15) << 20 | (i >> 8 & 15) << 40 | (i >> 12) << 60;
  });
  integers("pointers, 16 bytes apart", 64, [](std::size_t i) { return 0x7f0000000000 + i * 16; });
  integers("negative numbers", 64, [](std::size_t i) { return ~i; });
  strings("decimal strings", [](std::size_t i) { return std::to_string(i); });
  strings("keys with a common prefix",
          [](std::size_t i) { return "/usr/share/doc/package-" + std::to_string(i); });
  strings("keys with a common suffix",
          [](std::size_t i) { return std::to_string(i) + "@example.org, a long common ending of a key"; });
  strings("zeros of every length",
          [](std::size_t i) { return std::string(i % 256, '\0') + std::to_string(i / 256); });
  structs<padded>("struct {char; int; u64}",
                  [](const padded &v, std::uint64_t s) { return hash_fields(v, s); });
  structs<reordered>("struct {u64; int; char}",
                     [](const reordered &v, std::uint64_t s) { return hash_reordered(v, s); });
  return failed;
}
