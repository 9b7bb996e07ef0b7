//===- test/unit/gate_test.cpp - verdicts, budgets, suppressions, diff ----===//

#include "reports/gate/Diff.h"
#include "reports/gate/Gate.h"
#include "reports/gate/Suppressions.h"
#include "test/unit/Records.h"

using namespace llvm;
using namespace emm;

namespace {

Config configOf(StringRef Text, StringRef Directory = "/p") {
  Expected<Config> C = parseConfig(Text, (Directory + "/.emm.yaml").str());
  if (!C) {
    ADD_FAILURE() << toString(C.takeError());
    return {};
  }
  return std::move(*C);
}

Report reportOf(const std::vector<Finding> &Findings, StringRef Base = "/p") {
  Folder D;
  return readAll({D.write("a.opt.yaml", recordOf("src/a.cpp", Base, Findings))});
}

// Not constants: the rule table is made at start-up as well.
Finding race() { return finding(Rule::MapConcurrentWrite, "src/a.cpp", 3, "_Z1fv", "racy"); }
Finding escape() { return finding(Rule::EscapeHeap, "src/a.cpp", 1, "_Z1fv", "new int escapes to heap"); }

TEST(Gate, FailsOnEveryWarningWithoutABaseline) {
  Report R = reportOf({race(), escape()});
  GateResult G = runGate(R, {}, std::nullopt);
  EXPECT_EQ(G.Code, GateFailed);
  EXPECT_EQ(G.Reasons, std::vector<std::string>{"1 warning"});
  EXPECT_EQ(G.Failing.size(), 1u);
}

TEST(Gate, PassesOnWhatTheBaselineHolds) {
  Report R = reportOf({race(), escape()});
  Baseline B = makeBaseline(R, Level::Warning);
  EXPECT_EQ(runGate(R, {}, B).Code, Passed);
}

TEST(Gate, NeverPassesIncompleteInput) {
  Report R = reportOf({escape()});
  R.Problems.push_back({"b.o", "no record", true});
  EXPECT_EQ(runGate(R, {}, std::nullopt).Code, IncompleteInput);
}

TEST(Gate, CountsBudgetsOverAllLevels) {
  Report R = reportOf({escape(), race()});
  EXPECT_EQ(runGate(R, configOf("gate: { level: error, budgets: { escape/heap: 1 } }"), std::nullopt).Code, Passed);
  GateResult G = runGate(R, configOf("gate: { level: error, budgets: { 'escape/*': 0 } }"), std::nullopt);
  EXPECT_EQ(G.Code, GateFailed);
  EXPECT_EQ(G.Reasons, std::vector<std::string>{"1 finding of escape/*, the budget is 0"});
}

TEST(Gate, LevelsOfTheConfigurationHoldWithoutARebuild) {
  Report R = reportOf({race(), escape()});
  applyConfig(R, configOf("rules: { map/*: off, escape/heap: error }"));
  ASSERT_EQ(R.Entries.size(), 1u);
  EXPECT_EQ(R.Entries[0].Severity, Level::Error);
}

TEST(Gate, PathsThatAreExcludedSayNothing) {
  Report R = reportOf({race(), finding(Rule::MapNilWrite, "third_party/x.h", 1, "_Z1fv", "nil"),
                       finding(Rule::MapNilWrite, "/usr/include/x.h", 1, "_Z1fv", "nil")});
  applyConfig(R, configOf("paths: { exclude: [third_party] }"));
  ASSERT_EQ(R.Entries.size(), 1u);
  EXPECT_EQ(R.Entries[0].RuleId, "map/concurrent-write");
}

TEST(Suppression, ConcernsItsLineOrTheNextLineOfCode) {
  std::vector<Suppression> S = findSuppressions("int a; // emm:ignore map/nil-write it is set\n"
                                                "// emm:ignore map/* the lock\n"
                                                "// is held by the caller\n"
                                                "\n"
                                                "int b;\n"
                                                "/* emm:ignore atomic/missing */ \n"
                                                "  int c; /* emm:ignore lock/useless - on purpose */\n"
                                                "const char *S = \"emm:ignore x\";\n"
                                                "// emm:ignored no\n");
  ASSERT_EQ(S.size(), 4u);
  EXPECT_EQ(S[0].Target, 1u);
  EXPECT_EQ(S[0].Reason, "it is set");
  EXPECT_EQ(S[1].Target, 5u);
  EXPECT_EQ(S[1].Rule, "map/*");
  EXPECT_EQ(S[2].Target, 7u);
  EXPECT_EQ(S[2].Reason, "");
  EXPECT_EQ(S[3].Target, 7u);
  EXPECT_EQ(S[3].Reason, "on purpose");
}

/// The problems that applying the suppressions of \p Source raises, and whether the finding in line 2 is suppressed.
std::pair<std::string, bool> suppressed(StringRef Source, StringRef Digest = "") {
  Folder D;
  D.write("src/a.cpp", Source);
  UnitHeader H;
  H.Source = "src/a.cpp";
  H.Base = D.path();
  if (!Digest.empty())
    H.Files = {{"src/a.cpp", Digest.str()}};
  std::vector<Finding> Findings{finding(Rule::MapConcurrentWrite, "src/a.cpp", 2, "_Z1fv", "racy")};
  assignIds(Findings);
  Report R = readAll({D.write("a.opt.yaml", recordText(H, {}, Findings))});
  applySuppressions(R);
  std::string Problems;
  for (const InputProblem &P : R.Problems)
    Problems += P.Input + ": " + P.Message + ";";
  return {Problems, R.Entries.at(0).State == EntryState::Suppressed};
}

TEST(Suppression, NeedsAReasonAKnownRuleAndSomethingToSuppress) {
  using Pair = std::pair<std::string, bool>;
  EXPECT_EQ(suppressed("\nx; // emm:ignore map/concurrent-write locked by the caller\n"), Pair("", true));
  EXPECT_EQ(suppressed("\nx; // emm:ignore map/* locked by the caller\n"), Pair("", true));
  EXPECT_EQ(suppressed("\nx; // emm:ignore map/concurrent-write\n"),
            Pair("src/a.cpp:2: emm:ignore map/concurrent-write needs a reason: `// emm:ignore map/concurrent-write why it "
                 "is fine here`;",
                 false));
  EXPECT_EQ(suppressed("\nx; // emm:ignore map/concurent-write why\n"),
            Pair("src/a.cpp:2: emm:ignore of an unknown rule `map/concurent-write`, did you mean `map/concurrent-write`?;",
                 false));
  EXPECT_EQ(suppressed("x; // emm:ignore map/* why\n\n"), Pair("src/a.cpp:1: emm:ignore map/* suppresses nothing;", false));
}

TEST(Suppression, IsNotAppliedToAChangedFile) {
  auto [Problems, Is] = suppressed("\nx; // emm:ignore map/* why\n", "md5:00000000000000000000000000000000");
  EXPECT_FALSE(Is);
  EXPECT_EQ(Problems, "src/a.cpp:2: the file changed since it was compiled: its suppressions are not applied;");
}

ReportDiff diffOf(const Report &Old, const Report &New) { return diffReports(Old, New, {}); }

TEST(Diff, LinesAndDirectoriesAreNoDifference) {
  Report Old = reportOf({escape(), race()}, "/p");
  Finding Lower = race();
  Lower.Loc.Line = 300;
  Report New = reportOf({escape(), Lower}, "/elsewhere/q");
  ReportDiff D = diffOf(Old, New);
  EXPECT_EQ(D.Unchanged, 2u);
  EXPECT_TRUE(D.New.empty() && D.Gone.empty() && D.Changed.empty());
}

TEST(Diff, ADecisionThatTurnedIsOneChange) {
  Report Old = reportOf({finding(Rule::InlineInlined, "src/a.cpp", 5, "_Z1fv", "inlining call to g: cost 20", "g")});
  Report New = reportOf({finding(Rule::InlineMissed, "src/a.cpp", 9, "_Z1fv", "not inlining call to g: cost 230 over 225", "g")});
  ReportDiff D = diffOf(Old, New);
  ASSERT_EQ(D.Changed.size(), 1u);
  EXPECT_TRUE(D.New.empty() && D.Gone.empty());
  std::string Text;
  raw_string_ostream OS(Text);
  writeDiffText(OS, Old, New, D, /*Color=*/false);
  EXPECT_EQ(Text, "~ src/a.cpp:9:1: inlining call to g: cost 20 -> not inlining call to g: cost 230 over 225 (in f) "
                  "[inline/missed]\n0 gone, 1 changed, 0 new, 0 unchanged\n");
}

TEST(Diff, NumbersAloneAreAChangeOnlyOnRequest) {
  Report Old = reportOf({finding(Rule::InlineInlined, "src/a.cpp", 5, "_Z1fv", "inlining call to g: cost 20", "g")});
  Report New = reportOf({finding(Rule::InlineInlined, "src/a.cpp", 5, "_Z1fv", "inlining call to g: cost 25", "g")});
  EXPECT_EQ(diffReports(Old, New, {}).Changed.size(), 0u);
  DiffOptions O;
  O.Numbers = true;
  EXPECT_EQ(diffReports(Old, New, O).Changed.size(), 1u);
}

TEST(Diff, ThePageGetsWhatDiffersAndNothingElse) {
  Report Old = reportOf({escape(), race()});
  Report New = reportOf({escape(), finding(Rule::MapNilWrite, "src/b.cpp", 7, "_Z1gv", "nil")});
  Report Page = diffAsReport(Old, New, diffOf(Old, New));
  ASSERT_EQ(Page.Entries.size(), 2u);
  EXPECT_EQ(Page.Entries[0].State, EntryState::Fixed);
  EXPECT_EQ(Page.Files[Page.Entries[0].Pos.File].Name, "src/a.cpp");
  EXPECT_EQ(Page.Entries[1].State, EntryState::New);
  EXPECT_EQ(Page.Files[Page.Entries[1].Pos.File].Name, "src/b.cpp");
}

} // namespace
