// With the flight recorder on, a misuse is reported with both sides: the other thread's last operations on
// the map, a merged timeline, the header and growth; and the process still ends with Go's text and status 2.
#include "emm/map_debug.h"
#include "misuse.hpp"
#include "process.hpp"

#include <gtest/gtest.h>

extern "C" const char *__tsan_default_options() {
  return "report_bugs=0:atexit_sleep_ms=0"; // it would wait a second at the end of each child, which has
                                            // threads
}

namespace {
bool contains(const std::string &text, const char *part) { return text.find(part) != std::string::npos; }
} // namespace

TEST(Recorder, BothSidesOfAMisuse) {
  for (char what : {'w', 'r', 'i', 'd'}) {
    const outcome o = in_child([&] {
      emm_maptrace_start();
      misuse<cxx_map>(what);
    });
    ASSERT_EQ(o.status, 2) << o.errors;
    EXPECT_EQ(o.errors.find("fatal error: concurrent map "), 0u) << o.errors;
    EXPECT_TRUE(contains(o.errors, "[running]:")) << o.errors;
    EXPECT_TRUE(contains(o.errors, "count ")) << o.errors;
    EXPECT_TRUE(contains(o.errors, "not growing")) << o.errors;
    EXPECT_TRUE(contains(o.errors, "the last operations on this map")) << o.errors;
    EXPECT_TRUE(contains(o.errors, "the other thread, ")) << o.errors;
    EXPECT_TRUE(contains(o.errors, "cxx_map::write")) << o.errors;
    EXPECT_TRUE(contains(o.errors, "misuse.hpp:")) << o.errors;
  }
}

TEST(Recorder, KeepsTheOrderOfOneThread) {
  const outcome o = in_child([] {
    emm_maptrace_start();
    emm::map<int, int> m, other;
    m[1] = 1; // allocates the bucket: followed from the next on
    m[2] = 2;
    m.contains(2);
    other[5] = 5;
    other[6] = 6;
    m.erase(2);
    m.clear();
    emm_maptrace_print(m.c_header(), 100, 2);
  });
  ASSERT_EQ(o.status, 0);
  const char *const order[] = {"  write ", "  read ", "  erase ", "  clear "};
  std::size_t at = 0;
  for (const char *word : order) {
    const std::size_t found = o.errors.find(word, at);
    ASSERT_NE(found, std::string::npos) << word << o.errors;
    at = found + 1;
  }
  EXPECT_EQ(o.errors.find("  write ", at), std::string::npos) << "another map's operations are not shown\n"
                                                              << o.errors;
}

/// Run by the next test in a process of its own: the environment is read at load.
TEST(Recorder, DISABLED_InAProcessOfItsOwn) { misuse<cxx_map>('r'); }
TEST(Recorder, TheEnvironmentTurnsItOn) {
  for (const char *const setting : {"EMM_MAPTRACE=1", "EMM_MAPTRACE=0"}) {
    const outcome o = in_child([&] {
      const char *const argv[] = {"recorder", "--gtest_filter=*InAProcessOfItsOwn",
                                  "--gtest_also_run_disabled_tests", nullptr};
      const char *const environment[] = {setting, "PATH=/usr/bin:/bin", nullptr};
      execve("/proc/self/exe", const_cast<char **>(argv), const_cast<char **>(environment));
    });
    EXPECT_EQ(o.status, 2) << o.errors;
    EXPECT_TRUE(contains(o.errors, "fatal error: concurrent map read and map write")) << o.errors;
    EXPECT_EQ(contains(o.errors, "the last operations on this map"), setting[13] == '1') << o.errors;
  }
}

TEST(Recorder, OffMeansNoFlag) {
  emm::map<int, int> m;
  m[1] = 1;
  EXPECT_EQ(m.c_header()->flags & EMM_TRACED, 0);
}
