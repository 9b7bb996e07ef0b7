//===- test/unit/merge_test.cpp - folding, counting, order, names ---------===//

#include "test/unit/Records.h"

using namespace llvm;
using namespace emm;

namespace {

const char *Box[] = {"_ZN3BoxIiE3getEv", "_ZN3BoxIlE3getEv", "_ZN3BoxIcE3getEv"}; // Box<int>::get() and others

TEST(Merge, OneFindingInAHeaderOfTwoUnitsIsOneEntry) {
  Folder D;
  for (const char *Unit : {"a", "b"})
    D.write(Twine(Unit) + ".opt.yaml", recordOf(Twine(Unit + std::string(".cpp")).str(), "/p",
                                              {finding(Rule::EscapeHeap, "x.h", 3, "_Z1fv", "new int escapes to heap")}));
  Report R = readAll({D.path()});
  ASSERT_EQ(R.Entries.size(), 1u);
  EXPECT_EQ(R.Entries[0].Units, 2u);
  EXPECT_EQ(R.Entries[0].Instances, 1u);
  EXPECT_EQ(R.Units.size(), 2u);
}

TEST(Merge, TemplateInstancesFoldAndAreCountedOnce) {
  Folder D;
  auto Of = [](const char *Function) { return finding(Rule::EscapeHeap, "x.h", 3, Function, "new T escapes to heap"); };
  D.write("a.opt.yaml", recordOf("a.cpp", "/p", {Of(Box[0]), Of(Box[1])}));
  D.write("b.opt.yaml", recordOf("b.cpp", "/p", {Of(Box[1]), Of(Box[2])}));
  Report R = readAll({D.path()});
  ASSERT_EQ(R.Entries.size(), 1u);
  EXPECT_EQ(R.Entries[0].Units, 2u);
  EXPECT_EQ(R.Entries[0].Instances, 3u);
}

TEST(Merge, DifferentFunctionsAndMessagesStayApart) {
  Folder D;
  D.write("a.opt.yaml", recordOf("a.cpp", "/p",
                               {finding(Rule::EscapeHeap, "a.cpp", 3, "_Z1fv", "new int escapes to heap"),
                                finding(Rule::EscapeHeap, "a.cpp", 3, "_Z1gv", "new int escapes to heap"),
                                finding(Rule::EscapeHeap, "a.cpp", 3, "_Z1fv", "new long escapes to heap")}));
  EXPECT_EQ(readAll({D.path()}).Entries.size(), 3u);
}

TEST(Merge, ARecordThatIsReadTwiceIsOneUnit) {
  Folder D;
  std::string Text = recordOf("a.cpp", "/p", {finding(Rule::EscapeHeap, "a.cpp", 3, "_Z1fv", "m")});
  std::string A = D.write("a.opt.yaml", Text);
  D.write("copy/a.opt.yaml", Text);
  Report R = readAll({A, D.path(), A});
  EXPECT_EQ(R.Units.size(), 1u);
  ASSERT_EQ(R.Entries.size(), 1u);
  EXPECT_EQ(R.Entries[0].Units, 1u);
}

TEST(Merge, TheSameFindingInAPlainRemarkFileIsNotAnotherUnit) {
  Folder D;
  D.write("p/a.cpp", "\n\n\nint x;\n");
  std::string Text = recordOf("a.cpp", D.path() + "/p", {finding(Rule::EscapeHeap, "a.cpp", 3, "_Z1fv", "m")});
  D.write("p/a.opt.yaml", Text);
  D.write("p/clang.opt.yaml", StringRef(Text).substr(StringRef(Text).rfind("--- !")));
  Report R = readAll({D.path()});
  ASSERT_EQ(R.Entries.size(), 1u);
  EXPECT_EQ(R.Entries[0].Units, 1u);
}

/// Enough units that threads finish out of order.
std::vector<std::string> manyUnits(const Folder &D) {
  std::vector<std::string> Names;
  for (unsigned U = 0; U != 40; ++U) {
    std::vector<Finding> Findings;
    for (unsigned I = 0; I != 30; ++I) {
      Finding F = finding(I % 3 ? Rule::EscapeHeap : Rule::EscapeParam, I % 2 ? "inc/x.h" : "src/u" + std::to_string(U) + ".cpp",
                          1 + I * 7 % 11, Box[(U + I) % 3], "message " + std::to_string(I % 5));
      F.Steps.push_back({{"inc/x.h", 1 + U % 4, 2}, "step of unit " + std::to_string(U % 7)});
      Findings.push_back(F);
    }
    std::string Source = "src/u" + std::to_string(U) + ".cpp";
    Names.push_back(D.write("o/u" + Twine(U) + ".opt.yaml", recordOf(Source, "/project", Findings)));
  }
  return Names;
}

TEST(Merge, OrderOfInputsAndThreadsDoNotShow) {
  Folder D;
  std::vector<std::string> Names = manyUnits(D);
  std::string Expected = shownReport(readAll(Names));
  ReadOptions Serial;
  Serial.Threads = 1;
  EXPECT_EQ(shownReport(readAll(Names, Serial)), Expected);
  std::reverse(Names.begin(), Names.end());
  EXPECT_EQ(shownReport(readAll(Names)), Expected);
  std::rotate(Names.begin(), Names.begin() + 13, Names.end());
  EXPECT_EQ(shownReport(readAll(Names)), Expected);
  EXPECT_EQ(shownReport(readAll({D.path()})), Expected);
}

TEST(Merge, NamesOfInputsDoNotDecideWhatIsShown) {
  Folder D;
  std::vector<std::string> Names = manyUnits(D), Renamed;
  std::string Expected = shownReport(readAll(Names));
  for (size_t I = 0; I != Names.size(); ++I) {
    Renamed.push_back(D.path() + "/r" + std::to_string(997 * (I + 1) % 1009) + ".opt.yaml");
    ASSERT_FALSE(sys::fs::rename(Names[I], Renamed.back()));
  }
  EXPECT_EQ(shownReport(readAll(Renamed)), Expected);
}

TEST(Merge, PartsOfALargeFileAreReadAsOne) {
  Folder D;
  std::string Text;
  for (unsigned U = 0; U != 5; ++U) {
    std::vector<Finding> Findings;
    for (unsigned I = 0; I != 50; ++I)
      Findings.push_back(finding(Rule::EscapeHeap, "x.h", 1 + I, "_Z1fv", "it's --- !Missed \"" + std::to_string(I) + "\""));
    Text += recordOf("u" + std::to_string(U) + ".cpp", "/p", Findings);
  }
  std::string File = D.write("all.opt.yaml", Text);
  std::string Expected = shownReport(readAll({File}));
  // Cuts everywhere: before, in and behind what looks like a document's start.
  for (uint64_t Size : {64, 65, 66, 67, 68, 69, 70, 71, 97, 333, 1000, 4096}) {
    ReadOptions O;
    O.PartSize = Size;
    EXPECT_TRUE(shownReport(readAll({File}, O)) == Expected) << Size;
  }
}

TEST(Merge, EntriesAreSortedAndFilesNamedBelowTheRoot) {
  Folder D;
  D.write("a.opt.yaml", recordOf("src/a.cpp", "/home/u/p",
                               {finding(Rule::EscapeHeap, "src/a.cpp", 9, "_Z1fv", "b"),
                                finding(Rule::EscapeHeap, "src/a.cpp", 2, "_Z1fv", "a"),
                                finding(Rule::EscapeHeap, "../lib/x.h", 1, "_Z1fv", "c"),
                                finding(Rule::EscapeHeap, "/usr/include/y.h", 1, "_Z1fv", "d")}));
  Report R = readAll({D.path()});
  EXPECT_EQ(R.Root, "/home/u");
  std::vector<std::string> Seen;
  for (const Entry &E : R.Entries)
    Seen.push_back((R.Files[E.Pos.File].Name + ":" + Twine(E.Pos.Line)).str());
  EXPECT_EQ(Seen, (std::vector<std::string>{"/usr/include/y.h:1", "lib/x.h:1", "p/src/a.cpp:2", "p/src/a.cpp:9"}));
}

TEST(Merge, NothingDependsOnTheDirectoryOfTheProject) {
  std::string First;
  for (const char *Base : {"/home/u/project", "/tmp/x"}) {
    Folder D;
    D.write("a.opt.yaml", recordOf("src/a.cpp", Base, {finding(Rule::EscapeHeap, "src/a.cpp", 2, "_Z1fv", "a")}));
    std::string Shown = shownReport(readAll({D.path()}));
    if (!First.empty()) {
      EXPECT_EQ(Shown, First);
    }
    First = Shown;
  }
}

TEST(Merge, UnitsThatSawDifferentContentsAreAConflict) {
  Folder D;
  for (const char *Digest : {"md5:1", "md5:2"}) {
    UnitHeader H;
    H.Source = std::string(Digest).back() + std::string(".cpp");
    H.Base = "/p";
    H.Files = {{"x.h", Digest}};
    D.write(H.Source + ".opt.yaml", recordText(H, {}, {finding(Rule::EscapeHeap, "x.h", 2, "_Z1fv", "a")}));
  }
  Report R = readAll({D.path()});
  ASSERT_EQ(R.Files.size(), 1u);
  EXPECT_TRUE(R.Files[0].DigestConflict);
}

TEST(Merge, RemarksOfOtherPassesAreKeptWhateverTheirKind) {
  Folder D;
  D.write("a.opt.yaml", "--- !Novel\nPass: quantum\nName: Leap\nFunction: _Z1fv\nArgs:\n  - What: leapt\n...\n");
  Report R = readAll({D.path()});
  ASSERT_EQ(R.Entries.size(), 1u);
  EXPECT_EQ(R.Entries[0].RuleId, "quantum/Leap");
  EXPECT_EQ(R.Entries[0].Kind, RemarkKind::Unknown);
  EXPECT_EQ(R.Entries[0].Message, "leapt");
  EXPECT_EQ(R.Entries[0].Id.size(), 16u);
}

TEST(Merge, DamageIsCountedNamedAndIncomplete) {
  Folder D;
  std::string Good = "--- !Passed\nPass: p\nName: N\nFunction: f\nArgs:\n  - A: b\n...\n";
  std::string File = D.write("a.opt.yaml", Good + "--- !Missed\nPass: 'open\n--- !Missed\nName: N\n...\n" + Good);
  Report R = readAll({File});
  EXPECT_EQ(R.Entries.size(), 1u);
  ASSERT_EQ(R.Problems.size(), 1u);
  EXPECT_TRUE(R.Problems[0].Incomplete);
  EXPECT_TRUE(StringRef(R.Problems[0].Message).starts_with("2 damaged documents skipped, the first at line 8:"))
      << R.Problems[0].Message;
}

TEST(Merge, AFileWithNothingReadableIsAnError) {
  Folder D;
  std::string File = D.write("a.opt.yaml", "--- !Missed\nfoo: bar\n");
  Expected<Report> R = readReport({File}, {});
  ASSERT_FALSE(R);
  EXPECT_EQ(toString(R.takeError()), File + ": no remark can be read: line 1: no `Pass:`");
}

TEST(Merge, ARecordOfALaterVersionIsAnError) {
  Folder D;
  std::string Text = recordOf("a.cpp", "/p", {});
  size_t At = Text.find("Version: '1'");
  ASSERT_NE(At, std::string::npos);
  Text[At + 10] = '9';
  std::string File = D.write("a.opt.yaml", Text);
  Expected<Report> R = readReport({File}, {});
  ASSERT_FALSE(R);
  EXPECT_EQ(toString(R.takeError()), File + ": record of version 9; this emm reads up to version 1");
}

} // namespace
