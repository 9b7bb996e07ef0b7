//===- test/unit/baseline_test.cpp - what counts as known -----------------===//

#include "reports/gate/Baseline.h"
#include "test/unit/Records.h"

using namespace llvm;
using namespace emm;

namespace {

Finding race(StringRef File, unsigned Line, StringRef Function, StringRef Subject = "m", StringRef Text = "racy m") {
  return finding(Rule::MapConcurrentWrite, File, Line, Function, Text, Subject);
}

Report reportOf(const std::vector<Finding> &Findings) {
  Folder D;
  return readAll({D.write("a.opt.yaml", recordOf("src/a.cpp", "/p", Findings))});
}

/// States of the entries in order, one letter each: N, U(nchanged), C(hanged text), - for none.
std::string states(const Report &R) {
  std::string Out;
  for (const Entry &E : R.Entries)
    Out += E.State == EntryState::New         ? 'N'
           : E.State == EntryState::Unchanged ? 'U'
           : E.State == EntryState::Updated   ? 'C'
                                              : '-';
  return Out;
}

TEST(Baseline, ShiftedLinesAreNothingNew) {
  Baseline B = makeBaseline(reportOf({race("src/a.cpp", 3, "_Z1fv"), race("src/a.cpp", 9, "_Z1fv")}), Level::Warning);
  Report R = reportOf({race("src/a.cpp", 33, "_Z1fv"), race("src/a.cpp", 39, "_Z1fv")});
  BaselineMatch M = matchBaseline(R, B, Level::Warning);
  EXPECT_EQ(states(R), "UU");
  EXPECT_TRUE(M.Fixed.empty());
}

TEST(Baseline, OneMoreOfAKindIsNewOnce) {
  Baseline B = makeBaseline(reportOf({race("src/a.cpp", 3, "_Z1fv")}), Level::Warning);
  Report R = reportOf({race("src/a.cpp", 3, "_Z1fv"), race("src/a.cpp", 9, "_Z1fv"), race("src/a.cpp", 12, "_Z1gv")});
  matchBaseline(R, B, Level::Warning);
  EXPECT_EQ(states(R), "UNN");
}

TEST(Baseline, WhatIsGoneIsFixedAndWhatWasNotReadIsNot) {
  Baseline B = makeBaseline(reportOf({race("src/a.cpp", 3, "_Z1fv"), race("src/a.cpp", 5, "_Z1gv"), race("src/b.cpp", 1, "_Z1hv")}),
                            Level::Warning);
  Report R = reportOf({race("src/a.cpp", 3, "_Z1fv")});
  BaselineMatch M = matchBaseline(R, B, Level::Warning);
  ASSERT_EQ(M.Fixed.size(), 1u);
  EXPECT_EQ(M.Fixed[0].Function, "g");
  ASSERT_EQ(M.NotRead.size(), 1u);
  EXPECT_EQ(M.NotRead[0].Path, "src/b.cpp");
}

TEST(Baseline, ARenamedFileKeepsItsFindings) {
  Baseline B = makeBaseline(reportOf({race("src/a.cpp", 3, "_Z1fv")}), Level::Warning);
  Report Moved = reportOf({race("src/core/a.cpp", 3, "_Z1fv")});
  matchBaseline(Moved, B, Level::Warning);
  EXPECT_EQ(states(Moved), "U");
}

TEST(Baseline, TwoCandidatesForOneRowAreNew) {
  Baseline B = makeBaseline(reportOf({race("src/a.cpp", 3, "_Z1fv")}), Level::Warning);
  Folder D;
  D.write("x.opt.yaml", recordOf("src/x/a.cpp", "/p", {race("src/x/a.cpp", 3, "_Z1fv")}));
  D.write("y.opt.yaml", recordOf("src/y/a.cpp", "/p", {race("src/y/a.cpp", 3, "_Z1fv")}));
  Report Copied = readAll({D.path()});
  matchBaseline(Copied, B, Level::Warning);
  EXPECT_EQ(states(Copied), "NN");
}

TEST(Baseline, AChangedSubjectWithTheSameSentenceIsUpdated) {
  Baseline B = makeBaseline(reportOf({race("src/a.cpp", 3, "_Z1fv", "m.first", "racy at line 3")}), Level::Warning);
  Report R = reportOf({race("src/a.cpp", 4, "_Z1fv", "m.second", "racy at line 4")});
  matchBaseline(R, B, Level::Warning);
  ASSERT_EQ(states(R), "C");
  EXPECT_EQ(R.Entries[0].Reason, "racy at line 3");
}

TEST(Baseline, NotesTakeNoPartUnlessAskedFor) {
  Report R = reportOf({finding(Rule::EscapeHeap, "src/a.cpp", 1, "_Z1fv", "new int escapes to heap"), race("src/a.cpp", 2, "_Z1fv")});
  EXPECT_EQ(makeBaseline(R, Level::Warning).Rows.size(), 1u);
  EXPECT_EQ(makeBaseline(R, Level::Note).Rows.size(), 2u);
}

TEST(Baseline, SuppressedFindingsAreNotWrittenDown) {
  Report R = reportOf({race("src/a.cpp", 2, "_Z1fv")});
  R.Entries[0].State = EntryState::Suppressed;
  EXPECT_TRUE(makeBaseline(R, Level::Warning).Rows.empty());
}

std::string written(const Baseline &B) {
  std::string Text;
  raw_string_ostream OS(Text);
  writeBaseline(OS, B);
  return Text;
}

TEST(Baseline, HostileTextSurvivesTheFile) {
  Baseline B;
  B.Builds = {"clang 22.1.8 x86_64 -O2"};
  B.Rows.push_back({"a\tb\\c\nd.cpp", "map/nil-write", "00112233445566aa", 3, "f\x01\x1b[31m", "é \\t \t"});
  Expected<Baseline> Read = parseBaseline(written(B), "f");
  ASSERT_TRUE(bool(Read)) << toString(Read.takeError());
  ASSERT_EQ(Read->Rows.size(), 1u);
  EXPECT_EQ(Read->Rows[0].Path, B.Rows[0].Path);
  EXPECT_EQ(Read->Rows[0].Function, B.Rows[0].Function);
  EXPECT_EQ(Read->Rows[0].Message, B.Rows[0].Message);
  EXPECT_EQ(Read->Rows[0].Count, 3u);
  EXPECT_EQ(Read->Builds, B.Builds);
  EXPECT_EQ(written(*Read), written(B));
  EXPECT_EQ(StringRef(written(B)).count('\n'), 3u);
}

TEST(Baseline, HoldsNoLinesAndNoAbsolutePaths) {
  Report R = reportOf({race("src/a.cpp", 4711, "_Z1fv")});
  std::string Text = written(makeBaseline(R, Level::Warning));
  EXPECT_EQ(Text.find("4711"), std::string::npos);
  EXPECT_EQ(Text.find("/p"), std::string::npos);
}

TEST(Baseline, ErrorsNameTheLine) {
  auto ErrorOf = [](StringRef Text) {
    Expected<Baseline> B = parseBaseline(Text, "b.tsv");
    return B ? std::string("none") : toString(B.takeError());
  };
  EXPECT_EQ(ErrorOf("# emm baseline 1\n"), "none");
  EXPECT_EQ(ErrorOf(""), "b.tsv:1: not a baseline of emm (`# emm baseline 1` expected)");
  EXPECT_EQ(ErrorOf("{}\n"), "b.tsv:1: not a baseline of emm (`# emm baseline 1` expected)");
  EXPECT_EQ(ErrorOf("# emm baseline 2\n"), "b.tsv:1: a baseline of a later version of emm");
  EXPECT_EQ(ErrorOf("# emm baseline 1\na\tb\n"),
            "b.tsv:2: six fields separated by tabs expected: path, rule, id, count, function, message");
  EXPECT_EQ(ErrorOf("# emm baseline 1\n\na\tr\ti\t0\tf\tm\n"), "b.tsv:3: the count must be a number above zero");
  EXPECT_EQ(ErrorOf("# emm baseline 1\na\\q\tr\ti\t1\tf\tm\n"), "b.tsv:2: bad escape");
  EXPECT_EQ(ErrorOf("# emm baseline 1\n<<<<<<< HEAD\n"), "b.tsv:2: a merge conflict is not resolved");
}

} // namespace
