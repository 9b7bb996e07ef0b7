// Misuse by two threads ends the process with Go's text and status 2, every time, for each pair of operations
// and each way to the map.
#include "misuse.hpp"
#include "process.hpp"

#include <gtest/gtest.h>

// These races are the subject: ThreadSanitizer must not report them first.
extern "C" const char *__tsan_default_options() {
  return "report_bugs=0:atexit_sleep_ms=0"; // it would wait a second at the end of each child, which has
                                            // threads
}

namespace {
const struct {
  char what;
  const char *text;
} pairs[] = {{'w', "fatal error: concurrent map writes\n"},
             {'r', "fatal error: concurrent map read and map write\n"},
             {'i', "fatal error: concurrent map iteration and map write\n"},
             {'d', "fatal error: concurrent map writes\n"}};

template <class M> void caught_every_time() {
  for (const auto &p : pairs)
    for (int run = 0; run < 30; ++run) {
      const outcome o = in_child([&] {
        emm::detail::hooks.fatal = nullptr; // without names and lines, which take longer than the run itself
        misuse<M>(p.what);
      });
      ASSERT_EQ(o.status, 2) << p.what << " run " << run << "\n" << o.errors;
      ASSERT_EQ(o.errors.find(p.text), 0u) << o.errors;
    }
}
} // namespace

TEST(Misuse, FastKeys) { caught_every_time<fast_map>(); }
TEST(Misuse, GenericKeys) { caught_every_time<generic_map>(); }
TEST(Misuse, CxxMap) { caught_every_time<cxx_map>(); }

TEST(Misuse, AssignmentToANilMap) {
  for (int path = 0; path < 4; ++path) {
    const outcome o = in_child([&] {
      emm_maptype t;
      const std::uint64_t k = 0;
      if (path == 3) {
        emm_maptype_init(&t, &emm_type_string, &emm_type_int64, nullptr);
        emm_mapassign_faststr(&t, nullptr, {"k", 1});
      }
      emm_maptype_init(&t, path == 2 ? &emm_type_int32 : &emm_type_int64, &emm_type_int64, nullptr);
      if (path == 0)
        emm_mapassign(&t, nullptr, &k);
      else if (path == 1)
        emm_mapassign_fast64(&t, nullptr, k);
      else
        emm_mapassign_fast32(&t, nullptr, 0);
    });
    EXPECT_EQ(o.status, 2);
    EXPECT_EQ(o.errors.find("panic: assignment to entry in nil map\n"), 0u) << o.errors;
  }
}

TEST(Misuse, TheStackNamesFunctionsAndLines) {
  const outcome o = in_child([] { misuse<cxx_map>('r'); });
  EXPECT_EQ(o.status, 2);
  EXPECT_NE(o.errors.find(" [running]:\n"), std::string::npos) << o.errors;
  EXPECT_NE(o.errors.find("other_side<cxx_map>"), std::string::npos) << o.errors;
  EXPECT_NE(o.errors.find("misuse.hpp:"), std::string::npos) << o.errors;
  EXPECT_EQ(o.errors.find("emm::detail::"), std::string::npos) << "the runtime's own frames are left out\n"
                                                               << o.errors;
}

TEST(Misuse, NothingIsUnwoundAndNoHandlerRuns) {
  const outcome o = in_child([] {
    std::atexit([] { std::fputs("exit handler\n", stderr); });
    struct noisy {
      ~noisy() { std::fputs("unwound\n", stderr); }
    } n;
    try {
      emm_maptype t;
      emm_maptype_init(&t, &emm_type_int64, &emm_type_int64, nullptr);
      emm_mapassign_fast64(&t, nullptr, 1);
    } catch (...) {
      std::fputs("caught\n", stderr);
    }
  });
  EXPECT_EQ(o.status, 2);
  EXPECT_EQ(o.errors.find("exit handler"), std::string::npos);
  EXPECT_EQ(o.errors.find("unwound"), std::string::npos);
  EXPECT_EQ(o.errors.find("caught"), std::string::npos);
}
