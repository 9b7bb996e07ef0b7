//===- test/unit/object_test.cpp - blobs of the section -------------------===//

#include "reports/finding/RecordKeys.h"
#include "reports/record/ObjectRecord.h"
#include "test/unit/Records.h"

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
  EXPECT_EQ(errorOf("XXXX" + Blob.substr(4)), "damaged record: no `EMM1` at the start of a blob");
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

TEST(Record, WhatIsNotUtf8BecomesVisible) {
  Finding F = finding(Rule::EscapeHeap, "a.cpp", 3, "_Z1fv", "bad \xff byte");
  Folder D;
  Report R = readAll({D.write("a.opt.yaml", recordOf("a.cpp", "/p", {F}))});
  ASSERT_EQ(R.Entries.size(), 1u);
  EXPECT_EQ(R.Entries[0].Message, "bad \xEF\xBF\xBD byte");
}

} // namespace
