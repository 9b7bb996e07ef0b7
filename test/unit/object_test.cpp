//===- test/unit/object_test.cpp - blobs of the section -------------------===//

#include "reports/finding/RecordColumns.h"
#include "reports/finding/RecordKeys.h"
#include "reports/record/Facts.h"
#include "reports/record/ObjectRecord.h"
#include "test/unit/Records.h"

#include <set>

using namespace llvm;
using namespace emm;

namespace {

std::string blobOf(StringRef Text) {
  SmallVector<char, 0> Blob;
  packRecord(Text, Blob);
  return std::string(Blob.begin(), Blob.end());
}

std::string errorOf(StringRef Section) {
  Expected<std::vector<std::string>> Texts = unpackRecords(Section);
  return Texts ? std::string("none") : toString(Texts.takeError());
}

TEST(Section, HoldsAsManyRecordsAsWereLinkedTogether) {
  std::string One = recordOf("a.cpp", "/p", {}), Two = recordOf("b.cpp", "/p", {});
  // The linker may pad each contribution.
  Expected<std::vector<std::string>> Texts = unpackRecords(blobOf(One) + std::string(8, '\0') + blobOf(Two) + std::string(16, '\0'));
  ASSERT_TRUE(bool(Texts)) << toString(Texts.takeError());
  EXPECT_EQ(*Texts, (std::vector<std::string>{One, Two}));
  Expected<std::vector<std::string>> None = unpackRecords("");
  ASSERT_TRUE(bool(None));
  EXPECT_TRUE(None->empty());
}

TEST(Section, EveryCutIsNamed) {
  std::string Blob = blobOf(recordOf("a.cpp", "/p", {}));
  for (size_t Size = 1; Size < Blob.size(); ++Size) {
    // Only the padding behind the frame may be missing.
    std::string Why = errorOf(StringRef(Blob).take_front(Size));
    EXPECT_TRUE(StringRef(Why).starts_with("damaged record: cut short") || (Why == "none" && Size + 8 > Blob.size()))
        << Size << ": " << Why;
  }
}

TEST(Section, LiesAboutSizesAreRefused) {
  std::string Blob = blobOf(recordOf("a.cpp", "/p", {}));
  std::string Huge = Blob;
  for (int I = 16; I != 24; ++I)
    Huge[I] = '\x7f';
  EXPECT_EQ(errorOf(Huge), "damaged record: more than 1 GiB of text announced");
  std::string Short = Blob;
  Short[16] = 1;
  for (int I = 17; I != 24; ++I)
    Short[I] = 0;
  EXPECT_EQ(errorOf(Short), "damaged record: zstd cannot unpack it");
  std::string Long = Blob;
  Long[18] = 1;
  EXPECT_EQ(errorOf(Long), "damaged record: the text is shorter than announced");
  std::string Frame = Blob;
  Frame[30] ^= 0x55;
  EXPECT_NE(errorOf(Frame), "none");
  EXPECT_EQ(errorOf("XXXX" + Blob.substr(4)), "damaged record: no `EMM1` or `EMM2` at the start of a blob");
}

std::string roundTrip(StringRef Text) {
  std::optional<std::string> Columns = toColumns(Text);
  if (!Columns)
    return "refused";
  Expected<std::string> Joined = fromColumns(*Columns, Text.size());
  return Joined ? std::move(*Joined) : toString(Joined.takeError());
}

TEST(Columns, AnyLinesComeBack) {
  for (StringRef Text :
       {"", "\n", "\n\n", "...\n", "....\n", "--- !Passed\n", "--- !Passed \n", "Name: \nName: \nName: a\nName: a\nName: \n",
        "DebugLoc: { File: a, Line: 3, Column: 4 }\nDebugLoc: { File: a, Line: 1, Column: 4 }\n",
        "DebugLoc: { File: a, Line: 03, Column: 4 }\n", "DebugLoc: { File: a, Line: 1234567890, Column: 4 }\n",
        "DebugLoc: { File: 'a, Line: 1, Column: 2', Line: 3, Column: 4 }\n", "DebugLoc: {}\n",
        "  - Message: cost 12 over 010, x1 1x 1_ -1 99999999999\n", "  - Message: \n  - Subject: \n",
        "  - Message: f f f\n  - Level: note\n  - Subject: f\n", "  - Message: a 12 b\n  - Subject: 1\n",
        "  - Message: f\n  - Message: g\n  - Subject: g\n", "  - Message: g\n\n\n\n  - Subject: g\n", "  - Step: 5\n  - Subject: 5\n"})
    EXPECT_EQ(roundTrip(Text), Text);
  EXPECT_EQ(roundTrip("no end"), "refused");
  EXPECT_EQ(roundTrip("\x02\n"), "refused");
}

/// Lines put together from what the format treats specially, at random but the same on every run.
TEST(Columns, RandomLinesComeBack) {
  const StringRef Pieces[] = {"  - Message: ", "  - Subject: ", "  - Step: ", "DebugLoc: ", "    DebugLoc: ", "Name: ", "...", "f",
                              "12", " ", "{ File: f, Line: 7, Column: 1 }", "0", ":", "\n", "\n", "\n", "é", "'"};
  uint32_t State = 1;
  for (int Round = 0; Round != 2000; ++Round) {
    std::string Text;
    for (int N = 0; N != 40; ++N) {
      State = State * 1664525 + 1013904223;
      Text += Pieces[(State >> 16) % std::size(Pieces)];
    }
    Text += '\n';
    ASSERT_EQ(roundTrip(Text), Text);
  }
}

TEST(Columns, DamageIsNamed) {
  std::string Columns = *toColumns(recordOf("a.cpp", "/p", {finding(Rule::EscapeHeap, "a.cpp", 3, "f", "x 1 escapes")}));
  unsigned Refused = 0;
  for (size_t Size = 0; Size != Columns.size(); ++Size) {
    Expected<std::string> Cut = fromColumns(StringRef(Columns).take_front(Size), 1 << 20);
    EXPECT_FALSE(bool(Cut)) << Size;
    Refused += !Cut;
    consumeError(Cut.takeError());
  }
  EXPECT_EQ(Refused, Columns.size());
  Expected<std::string> Long = fromColumns(Columns, 10);
  EXPECT_EQ(toString(Long.takeError()), "its columns do not fit together");
}

TEST(Section, TextThatIsNotInColumnsIsReadToo) {
  // What a record looked like before columns: the text itself.
  SmallVector<char, 0> Blob;
  packRecord("control \x01 character\n", Blob);
  EXPECT_EQ(StringRef(Blob.data(), 4), "EMM1");
  Expected<std::vector<std::string>> Texts = unpackRecords(StringRef(Blob.data(), Blob.size()));
  ASSERT_TRUE(bool(Texts)) << toString(Texts.takeError());
  EXPECT_EQ(*Texts, std::vector<std::string>{"control \x01 character\n"});
}

TEST(Record, IdsThatAreLeftOutAreComputed) {
  std::vector<Finding> Findings;
  for (unsigned Line : {3, 3, 4, 9})
    for (StringRef Function : {"_Z1fIiEvT_", "_Z1fIlEvT_", "g", "bad\xff"})
      Findings.push_back(finding(Rule::EscapeHeap, "d/a.cpp", Line, Function, Line == 9 ? "w" : "x"));
  std::sort(Findings.begin(), Findings.end());
  assignIds(Findings);
  UnitHeader H;
  H.Source = "d/a.cpp";
  H.Base = "/p";
  std::string With = recordText(H, {}, Findings), Without = recordText(H, {}, Findings, /*WithIds=*/false);
  EXPECT_EQ(StringRef(Without).count("Id:"), 0u);
  InputFacts A, B;
  readRemarkYaml(With, A, false);
  readRemarkYaml(Without, B, false);
  ASSERT_EQ(A.Units.size(), 1u);
  ASSERT_EQ(B.Units.size(), 1u);
  ASSERT_EQ(A.Units[0].Entries.size(), 12u); // the repeated line's documents are one
  ASSERT_EQ(B.Units[0].Entries.size(), 12u);
  std::set<std::string> Ids;
  for (size_t I = 0; I != 12; ++I) {
    EXPECT_EQ(A.Units[0].Entries[I].Id, B.Units[0].Entries[I].Id) << I;
    Ids.insert(B.Units[0].Entries[I].Id.str());
  }
  EXPECT_EQ(Ids.size(), 9u); // three lines of f's two instances, g, bad
}

TEST(Record, AnyTextSurvivesWriterAndReader) {
  const std::string Hostile[] = {"", " ", "'", "''", "\"", "\\", "a: b", "# c", "- x", "{a}", "[b]", "&a", "*a", "!t", "|",
                                 ">", "%", "@", "`", "null", "~", "true", "1", "-1", "0x1", ".5", "...", "---", "--- !Passed",
                                 "line\nline", "\n", " lead", "trail ", "tab\t", "\x1b[31m", "é", "😀", "\xE2\x80\xAE", "a\rb",
                                 std::string("nul\0!", 5), "\x7f", "it's \"both\"", "ends with '"};
  for (const std::string &Text : Hostile) {
    Finding F = finding(Rule::EscapeHeap, "d/" + Text + ".cpp", 3, "f" + Text, Text, Text);
    F.Steps.push_back({F.Loc, Text});
    F.InlineStack.push_back({F.Loc, "g" + Text});
    Folder D;
    Report R = readAll({D.write("a.opt.yaml", recordOf("a.cpp", "/p", {F}))});
    ASSERT_EQ(R.Entries.size(), 1u) << Text;
    EXPECT_TRUE(R.Problems.empty()) << Text;
    const Entry &E = R.Entries[0];
    EXPECT_EQ(E.Message.str(), Text);
    EXPECT_EQ(E.Subject.str(), Text);
    EXPECT_EQ(E.Function.str(), "f" + Text);
    ASSERT_EQ(E.Steps.size(), 1u);
    EXPECT_EQ(E.Steps[0].Message.str(), Text);
    EXPECT_EQ(E.Steps[0].Pos.File, E.Pos.File);
    EXPECT_EQ(E.InlineStack[0].Function.str(), "g" + Text);
  }
}

/// A summary as readers see it.
std::string shown(StringRef Kind, StringRef Function, ArrayRef<SummaryDoc::Arg> Args) {
  std::string Out = (Kind + "\x1f" + Function).str();
  for (const SummaryDoc::Arg &A : Args)
    Out += "\x1e" + A.Key + "\x1f" + A.Value + "\x1f" + A.Loc.File + "\x1f" + std::to_string(A.Loc.Line) + "\x1f" + std::to_string(A.Loc.Column);
  return Out;
}

std::vector<std::string> summariesIn(const InputFacts &In) {
  std::vector<std::string> Out;
  for (const UnitFacts &U : In.Units)
    for (const Summary &S : U.Summaries) {
      std::vector<SummaryDoc::Arg> Args;
      for (const SummaryArg &A : S.Args)
        Args.push_back({A.Key.str(), A.Value.str(),
                        A.Pos.hasFile() ? Location{U.Files[A.Pos.File].Name.str(), A.Pos.Line, A.Pos.Column} : Location()});
      Out.push_back(shown(S.Kind, S.Function, Args));
    }
  return Out;
}

/// Summaries put together at random, the same on every run, from what the grammar treats specially.
std::vector<SummaryDoc> randomSummaries(uint32_t Seed) {
  const std::string Pieces[] = {"a", "0", "7", " ", "'", "\"", "\\", ": ", "# ", "- ", "{", "}", "[", "]", ",", "&", "*", "!", "|", "%",
                                "...", "---", "null", "true", "~", "\n", "\t", "\x01", "\x7f", "é", "😀"};
  auto Below = [&](unsigned N) {
    Seed = Seed * 1664525 + 1013904223;
    return (Seed >> 16) % N;
  };
  auto Text = [&] {
    std::string Out;
    for (unsigned N = Below(6); N; --N)
      Out += Pieces[Below(std::size(Pieces))];
    return Out;
  };
  std::vector<SummaryDoc> Out(1 + Below(4));
  for (size_t I = 0; I != Out.size(); ++I) {
    Out[I].Kind = Below(2) ? "function" : "thread";
    Out[I].Function = "_Z" + std::to_string(I) + Text(); // two that are the same are one
    for (unsigned N = Below(6); N; --N) {
      SummaryDoc::Arg A{std::string("Key") + char('A' + Below(26)), Text(), {}};
      if (Below(2))
        A.Loc = {"d/" + Text() + ".h", Below(1000), Below(200)};
      Out[I].Args.push_back(std::move(A));
    }
  }
  return Out;
}

TEST(Record, SummariesComeBackAsTheyWereWritten) {
  for (uint32_t Seed = 1; Seed != 1000; ++Seed) {
    std::vector<SummaryDoc> Written = randomSummaries(Seed);
    SmallVector<char, 0> Blob;
    packRecord(recordText(UnitHeader(), Written, {}), Blob);
    Expected<std::vector<std::string>> Texts = unpackRecords(StringRef(Blob.data(), Blob.size()));
    ASSERT_TRUE(bool(Texts)) << toString(Texts.takeError());
    InputFacts In;
    readRemarkYaml(Texts->front(), In, /*KeepSummaries=*/true);
    EXPECT_EQ(In.Damaged, 0u) << Seed << ": " << In.FirstDamage;
    std::vector<std::string> Expected;
    for (const SummaryDoc &S : Written)
      Expected.push_back(shown(S.Kind, S.Function, S.Args));
    ASSERT_EQ(summariesIn(In), Expected) << Seed << '\n' << Texts->front();
  }
}

TEST(Record, DamageToSummariesIsSeenAndStaysInItsDocument) {
  for (uint32_t Seed = 1; Seed != 60; ++Seed) {
    std::vector<SummaryDoc> Written = randomSummaries(Seed);
    std::set<std::string> Known;
    for (const SummaryDoc &S : Written)
      Known.insert(shown(S.Kind, S.Function, S.Args));
    std::string Text = recordText(UnitHeader(), Written, {});
    size_t First = Text.find("\n...\n") + 5;
    for (size_t Size = First; Size < Text.size() - 4; ++Size) { // the last document's end is its `...`
      InputFacts In;
      readRemarkYaml(StringRef(Text).take_front(Size), In, /*KeepSummaries=*/true);
      // A cut between documents only the sizes in an object's section show.
      bool Between = Size - (StringRef(Text).take_front(Size).rfind("\n...") + 4) <= strlen("\n--- ");
      EXPECT_EQ(In.Truncated || In.Damaged, !Between) << Seed << " cut at " << Size;
      std::vector<std::string> Read = summariesIn(In);
      for (size_t I = 0; I + 1 < Read.size(); ++I) // of an open document, what is there may be told: the unit is incomplete
        EXPECT_TRUE(Known.count(Read[I])) << Seed << " cut at " << Size;
    }
    for (size_t At = First; (At = Text.find("\n  - Key", At)) != std::string::npos; ++At) {
      std::string Bad = Text;
      Bad[At + 1] = '\t';
      InputFacts In;
      readRemarkYaml(Bad, In, /*KeepSummaries=*/true);
      EXPECT_EQ(In.Damaged, 1u) << Seed << " at " << At;
      EXPECT_EQ(summariesIn(In).size(), Written.size() - 1) << Seed << " at " << At;
    }
  }
}

TEST(Record, WhatIsNotUtf8BecomesVisible) {
  Finding F = finding(Rule::EscapeHeap, "a.cpp", 3, "_Z1fv", "bad \xff byte");
  Folder D;
  Report R = readAll({D.write("a.opt.yaml", recordOf("a.cpp", "/p", {F}))});
  ASSERT_EQ(R.Entries.size(), 1u);
  EXPECT_EQ(R.Entries[0].Message, "bad \xEF\xBF\xBD byte");
}

} // namespace
