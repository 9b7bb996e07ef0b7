//===- test/unit/scanner_test.cpp - one document at a time ----------------===//

#include "test/unit/Documents.h"

#include <gtest/gtest.h>

using namespace llvm;
using namespace emm;

namespace {

struct Scalar {
  const char *Written;
  const char *Meant; ///< null: only that both readers agree
};

class ScalarText : public testing::TestWithParam<Scalar> {};

TEST_P(ScalarText, IsDecodedAsYamlMeansIt) {
  std::string Text = documentWith(GetParam().Written);
  RemarkScanner Scanner(Text);
  Remark R;
  RemarkScanner::Result Result = Scanner.next(R);
  std::string Judged = judged(Text);
  if (GetParam().Meant) {
    ASSERT_EQ(Result, RemarkScanner::Result::Remark) << Scanner.damage().str();
    ASSERT_EQ(R.Args.size(), 2u);
    EXPECT_EQ(R.Args[0].Value.str(), GetParam().Meant);
  }
  EXPECT_EQ(Result == RemarkScanner::Result::Remark ? shown(R) : "damaged", Judged);
}

INSTANTIATE_TEST_SUITE_P(Plain, ScalarText,
                         testing::Values(Scalar{"word", "word"}, Scalar{"two words", "two words"},
                                         Scalar{"trailing   ", "trailing"}, Scalar{"a,b", "a,b"},
                                         Scalar{"_Z3fooi", "_Z3fooi"}, Scalar{"", ""}, Scalar{"null", ""}, Scalar{"~", ""},
                                         Scalar{"a # comment", "a"}, Scalar{"a#b", "a#b"}, Scalar{"-5", "-5"},
                                         Scalar{"a\n      b", "a b"}, Scalar{"true", "true"}, Scalar{"é", "é"},
                                         Scalar{"a: b", nullptr}, Scalar{"[a]", nullptr}, Scalar{"&x y", "y"},
                                         Scalar{"@a", nullptr}, Scalar{"a\tb", nullptr}));

INSTANTIATE_TEST_SUITE_P(SingleQuoted, ScalarText,
                         testing::Values(Scalar{"''", ""}, Scalar{"''''", "'"}, Scalar{"'a'", "a"},
                                         Scalar{"'it''s'", "it's"}, Scalar{"''' inlined into '''", "' inlined into '"},
                                         Scalar{"' a: b # c '", " a: b # c "}, Scalar{"'a\\nb'", "a\\nb"},
                                         Scalar{"'one\n      two'", "one two"}, Scalar{"'one  \n\n      two'", "one\ntwo"},
                                         Scalar{"'a'  ", "a"}, Scalar{"'a' # c", "a"}, Scalar{"'a' b", nullptr},
                                         Scalar{"'open", nullptr}, Scalar{"'\"'", "\""}));

INSTANTIATE_TEST_SUITE_P(DoubleQuoted, ScalarText,
                         testing::Values(Scalar{"\"\"", ""}, Scalar{"\"a\"", "a"}, Scalar{"\"a\\nb\"", "a\nb"},
                                         Scalar{"\"\\t\\\\\\\"\"", "\t\\\""}, Scalar{"\"\\x41\\u00e9\\U0001F600\"", "Aé😀"},
                                         Scalar{"\"one\n      two\"", "one two"}, Scalar{"\"a \\\n      b\"", "a b"},
                                         Scalar{"\"\\ufffd\"", "\xEF\xBF\xBD"}, Scalar{"\"é\"", "é"},
                                         Scalar{"\"\\q\"", nullptr}, Scalar{"\"open", nullptr},
                                         Scalar{"\"a\\n  \n      b\"", nullptr}));

INSTANTIATE_TEST_SUITE_P(Block, ScalarText,
                         testing::Values(Scalar{"|\n      one\n      two", "one\ntwo\n"},
                                         Scalar{"|\n      one\n\n        two", "one\n\n  two\n"},
                                         Scalar{"|-\n      one", "one"}, Scalar{"|+\n      one\n", "one\n\n"},
                                         Scalar{">\n      one\n      two", "one two\n"}, Scalar{"|\n\n      a", "\na\n"},
                                         Scalar{"|\n      'q' \"d\" # no comment", "'q' \"d\" # no comment\n"}));

std::string scannedAll(StringRef Text) {
  RemarkScanner Scanner(Text);
  Remark R;
  std::string Out;
  for (;;) {
    switch (Scanner.next(R)) {
    case RemarkScanner::Result::End:
      return Out;
    case RemarkScanner::Result::Damaged:
      Out += "damaged;";
      break;
    case RemarkScanner::Result::Remark:
      Out += R.Name.str() + "@" + R.Loc.File.str() + ":" + std::to_string(R.Loc.Line) + ":" +
             std::to_string(R.Loc.Column) + ";";
    }
  }
}

std::string remarkAt(StringRef Location, StringRef Name = "N") {
  return "--- !Passed\nPass: p\nName: " + Name.str() + "\nDebugLoc: " + Location.str() + "\nFunction: f\nArgs:\n...\n";
}

TEST(Location, MayWrapAnywhereBetweenTokens) {
  EXPECT_EQ(scannedAll(remarkAt("{ File: a.c, Line: 3, Column: 5 }")), "N@a.c:3:5;");
  EXPECT_EQ(scannedAll(remarkAt("{ File: 'x y.c',\n                   Line: 3,\n                   Column: 5 }")), "N@x y.c:3:5;");
  EXPECT_EQ(scannedAll(remarkAt("{ Line: 3, Column: 0, File: 'it''s.c' }")), "N@it's.c:3:0;");
  EXPECT_EQ(scannedAll(remarkAt("{File: \"\\u00e9.c\", Line: 1, Column: 2}")), "N@é.c:1:2;");
}

TEST(Location, OutOfRangeOrIncompleteIsDamage) {
  EXPECT_EQ(scannedAll(remarkAt("{ File: a.c, Line: 4294967296, Column: 1 }")), "damaged;");
  EXPECT_EQ(scannedAll(remarkAt("{ File: a.c, Line: 1 }")), "damaged;");
  EXPECT_EQ(scannedAll(remarkAt("{ File: a.c, Line: x, Column: 1 }")), "damaged;");
  EXPECT_EQ(scannedAll(remarkAt("{ File: a.c, Line: -1, Column: 1 }")), "damaged;");
}

TEST(Documents, DamageStaysInItsDocument) {
  std::string Good = remarkAt("{ File: a.c, Line: 3, Column: 5 }");
  EXPECT_EQ(scannedAll(Good + "--- !Missed\nPass: 'open\n" + Good), "N@a.c:3:5;damaged;N@a.c:3:5;");
  EXPECT_EQ(scannedAll(Good + "--- !Missed\n" + Good), "N@a.c:3:5;damaged;N@a.c:3:5;");
  EXPECT_EQ(scannedAll("--- !Missed\nPass: p\nName: N\nArgs:\n...\n" + Good), "damaged;N@a.c:3:5;");
  EXPECT_EQ(scannedAll(Good.substr(0, Good.size() / 2)), "damaged;");
}

TEST(Documents, LineEndsAndMarksOfOtherSystemsAreRead) {
  std::string Dos;
  for (char C : remarkAt("{ File: a.c, Line: 3, Column: 5 }")) {
    if (C == '\n')
      Dos += '\r';
    Dos += C;
  }
  EXPECT_EQ(scannedAll(Dos + Dos), "N@a.c:3:5;N@a.c:3:5;");
  EXPECT_EQ(scannedAll("\xEF\xBB\xBF" + remarkAt("{ File: a.c, Line: 3, Column: 5 }")), "N@a.c:3:5;");
  EXPECT_EQ(scannedAll("# comment\n%YAML 1.2\n" + remarkAt("{ File: a.c, Line: 3, Column: 5 }")), "N@a.c:3:5;");
}

TEST(Documents, KeysComeInAnyOrderAndUnknownOnesAreNoReasonToDrop) {
  EXPECT_EQ(scannedAll("--- !Later\nFunction: f\nName: N\nColour: red\nPass: p\n...\n"), "N@:0:0;");
  EXPECT_EQ(scannedAll("--- !Missed\nPass: p\nName: N\nFunction: f\nHotness: 30\nArgs: []\n...\n"), "N@:0:0;");
}

TEST(Documents, AnOpenEndIsSeen) {
  std::string Text = remarkAt("{ File: a.c, Line: 3, Column: 5 }");
  for (bool Open : {false, true}) {
    std::string Cut = Open ? Text.substr(0, Text.size() - 4) : Text;
    RemarkScanner Scanner(Cut);
    Remark R;
    ASSERT_EQ(Scanner.next(R), RemarkScanner::Result::Remark);
    EXPECT_EQ(Scanner.endsOpen(), Open);
  }
}

TEST(Documents, ForeignTextIsNotTakenForRemarks) {
  EXPECT_FALSE(looksLikeRemarkYaml("services:\n  web:\n    image: x\n"));
  EXPECT_FALSE(looksLikeRemarkYaml(""));
  EXPECT_FALSE(looksLikeRemarkYaml("text\n--- !Missed\n"));
  EXPECT_TRUE(looksLikeRemarkYaml("--- !Missed\n"));
  EXPECT_TRUE(looksLikeRemarkYaml("\n# x\n--- !Missed\n"));
}

TEST(Documents, NestingIsBounded) {
  std::string Deep = documentWith(std::string(100000, '['));
  EXPECT_EQ(scannedAll(Deep + remarkAt("{ File: a.c, Line: 3, Column: 5 }")), "damaged;N@a.c:3:5;");
}

} // namespace
