// emm::map behaves as std::unordered_map and its iterators as Go's, for every kind of key, over random
// programs.
#include "model.hpp"

#include <random>

namespace {
template <class K, class V> void run(unsigned seed, unsigned keys, int steps) {
  std::mt19937 source(seed);
  model<emm::map<K, V>, std::mt19937 &> both(source, keys);
  for (int i = 0; i < steps && !testing::Test::HasFatalFailure(); ++i)
    both.step();
  both.compare();
}
template <class K, class V> void all(unsigned limit = ~0u) {
  for (unsigned seed = 0; seed < EMM_SEEDS; ++seed)
    for (unsigned keys : {6u, 40u, 700u, 9000u})
      if (keys <= limit)
        run<K, V>(seed * 100 + keys, keys, keys > 1000 ? 60000 : 20000);
}
} // namespace
struct big {
  long n[20];
  explicit big(unsigned v = 0) : n{long(v)} {}
  friend bool operator==(const big &a, const big &b) { return a.n[0] == b.n[0]; }
};
template <> struct std::hash<big> {
  std::size_t operator()(const big &b) const noexcept { return std::size_t(b.n[0]); }
};

TEST(Differential, Int32) { all<int, int>(); }
TEST(Differential, Int64) { all<long, long>(); }
TEST(Differential, Byte) { all<unsigned char, unsigned char>(200); }
TEST(Differential, String) { all<std::string, int>(); }
TEST(Differential, StringToString) { all<std::string, std::string>(); }
TEST(Differential, IndirectElement) { all<int, big>(); }
TEST(Differential, IndirectKey) { all<big, std::string>(700); }
TEST(Differential, Double) { all<double, long>(); }
