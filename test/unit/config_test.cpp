//===- test/unit/config_test.cpp - .emm.yaml, strict ----------------------===//

#include "reports/finding/Config.h"
#include "test/unit/Records.h"

using namespace llvm;
using namespace emm;

namespace {

std::string errorOf(StringRef Text) {
  Expected<Config> C = parseConfig(Text, "/p/.emm.yaml");
  return C ? std::string("none") : toString(C.takeError());
}

TEST(Config, EmptyMeansTheDefaults) {
  for (const char *Text : {"", "# nothing\n", "rules:\n"})
    EXPECT_EQ(errorOf(Text), "none") << Text;
}

TEST(Config, ErrorsNameLineAndNearestWord) {
  EXPECT_EQ(errorOf("rulez: {}\n"), "/p/.emm.yaml:1: unknown key `rulez` in the configuration, did you mean `rules`?");
  EXPECT_EQ(errorOf("rules:\n  map/nil-wrte: error\n"),
            "/p/.emm.yaml:2: no rule matches `map/nil-wrte`, did you mean `map/nil-write`?");
  EXPECT_EQ(errorOf("rules:\n  map/nil-write: eror\n"), "/p/.emm.yaml:2: unknown level `eror`, did you mean `error`?");
  EXPECT_EQ(errorOf("\n\ngate:\n  levle: error\n"), "/p/.emm.yaml:4: unknown key `levle` in gate, did you mean `level`?");
  EXPECT_EQ(errorOf("gate:\n  budgets:\n    escape/heap: many\n"), "/p/.emm.yaml:3: a budget must be a number, not `many`");
  EXPECT_EQ(errorOf("paths:\n  exclude: ['[a']\n"), "/p/.emm.yaml:2: bad pattern `[a`");
  EXPECT_EQ(errorOf("paths:\n  system-headers: yes\n"),
            "/p/.emm.yaml:2: system-headers must be true or false, not `yes`");
  EXPECT_EQ(errorOf("models: [none.yaml]\n"), "/p/.emm.yaml:1: no such model file: `/p/none.yaml`");
  EXPECT_EQ(errorOf("overrides:\n  - rules: { map/*: off }\n"), "/p/.emm.yaml:2: an override needs `paths`");
  EXPECT_EQ(errorOf("rules: [map/*]\n"), "/p/.emm.yaml:1: rules must be a mapping");
  EXPECT_EQ(errorOf("rules:\n  map/*: off\n  map/*: note\n"), "/p/.emm.yaml:3: key `map/*` is given twice");
  EXPECT_TRUE(StringRef(errorOf("rules: {\n")).starts_with("/p/.emm.yaml:"));
}

TEST(Config, TheLastMatchWinsAndOverridesComeAfter) {
  Expected<Config> C = parseConfig("rules:\n  map/*: error\n  map/nil-write: off\n"
                                   "overrides:\n  - paths: [test]\n    rules: { '*': note }\n",
                                   "/p/.emm.yaml");
  ASSERT_TRUE(bool(C));
  EXPECT_EQ(C->levelOf(Rule::MapConcurrentWrite, "/p/src/a.cpp"), Level::Error);
  EXPECT_EQ(C->levelOf(Rule::MapNilWrite, "/p/src/a.cpp"), Level::Off);
  EXPECT_EQ(C->levelOf(Rule::MapConcurrentWrite, "/p/test/a.cpp"), Level::Note);
  EXPECT_EQ(C->levelOf(Rule::EscapeHeap, "/p/src/a.cpp"), Level::Note);
  EXPECT_EQ(C->levelOf(Rule::EscapeHeap, "/p/src/a.cpp", Level::Warning), Level::Warning);
  // Copies keep the text of their patterns.
  Config Copy = *C;
  *C = Config();
  EXPECT_EQ(Copy.levelOf(Rule::MapConcurrentWrite, "/p/src/../test/a.cpp"), Level::Note);
}

TEST(Config, PathsAreRelativeToTheFile) {
  Expected<Config> C = parseConfig("paths:\n  include: [src]\n  exclude: ['*.pb.cc', src/gen/]\n", "/p/.emm.yaml");
  ASSERT_TRUE(bool(C));
  EXPECT_TRUE(C->wantsPath("/p/src/a.cpp"));
  EXPECT_FALSE(C->wantsPath("/p/src/gen/a.cpp"));
  EXPECT_FALSE(C->wantsPath("/p/src/a.pb.cc"));
  EXPECT_FALSE(C->wantsPath("/p/lib/a.cpp"));
  EXPECT_FALSE(C->wantsPath("/q/src/a.cpp"));
  EXPECT_FALSE(Config().wantsPath("/usr/include/stdio.h"));
  EXPECT_TRUE(Config().wantsPath("/usr/src/mine/a.c"));
}

TEST(Config, IsFoundFromTheSourceUpwards) {
  Folder D;
  D.write(".emm.yaml", "rules: { map/*: off }\n");
  D.write("a/b/x.cpp", "");
  D.write("a/c/.emm.yaml", "rules: { map/*: error }\n");
  D.write("a/c/d/x.cpp", "");
  auto LevelAt = [&](StringRef Path) {
    Expected<Config> C = loadConfigFor(D.path() + Path.str());
    return C ? C->levelOf(Rule::MapNilWrite, D.path() + Path.str()) : Level::Note;
  };
  EXPECT_EQ(LevelAt("/a/b/x.cpp"), Level::Off);
  EXPECT_EQ(LevelAt("/a/c/d/x.cpp"), Level::Error);
  Expected<Config> Missing = loadConfig(D.path() + "/none.yaml");
  ASSERT_FALSE(Missing);
  EXPECT_EQ(toString(Missing.takeError()), D.path() + "/none.yaml: No such file or directory");
}

} // namespace
