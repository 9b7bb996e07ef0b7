// Many readers and iterators at once are no misuse: nothing is reported, and ThreadSanitizer sees no race.
// After every insertion, in all states of growth.
#include "emm/map.hpp"

#include <atomic>
#include <gtest/gtest.h>
#include <string>
#include <thread>
#include <vector>

namespace {
template <class M> void read_in_parallel(M &m, int size) {
  std::vector<std::thread> threads;
  std::atomic<int> wrong{0};
  for (int t = 0; t < 3; ++t)
    threads.emplace_back([&] {
      int n = 0;
      for (const auto &e : static_cast<const M &>(m))
        n += e.second >= 0;
      wrong += n != size;
      for (int k = 0; k < size; k += 7)
        wrong += static_cast<const M &>(m).find(k) == m.end();
    });
  for (auto &t : threads)
    t.join();
  EXPECT_EQ(wrong, 0);
}
} // namespace

TEST(Readers, AfterEveryInsertion) {
  emm::map<int, int> m;
  for (int i = 0; i < 250; ++i) {
    m[i] = i;
    read_in_parallel(m, i + 1);
  }
}

TEST(Readers, OfTheCSurface) {
  emm_maptype t;
  ASSERT_TRUE(emm_maptype_init(&t, &emm_type_int64, &emm_type_int64, nullptr));
  emm_hmap *const h = emm_makemap_small();
  for (std::int64_t i = 0; i < 120; ++i) {
    *static_cast<std::int64_t *>(emm_mapassign_fast64(&t, h, std::uint64_t(i))) = i;
    std::vector<std::thread> threads;
    for (int n = 0; n < 3; ++n)
      threads.emplace_back([&] {
        emm_hiter it;
        std::int64_t count = 0;
        for (emm_mapiterinit(&t, h, &it); it.key; emm_mapiternext(&it))
          ++count;
        EXPECT_EQ(count, i + 1);
        bool ok;
        emm_mapaccess2(&t, h, &i, &ok);
        EXPECT_TRUE(ok);
      });
    for (auto &thread : threads)
      thread.join();
  }
  emm_mapfree(&t, h);
}
