//===- test/unit/fingerprint_test.cpp - what an id survives ---------------===//

#include "test/unit/Records.h"

using namespace llvm;
using namespace emm;

namespace {

std::vector<std::string> idsOf(std::vector<Finding> Findings) {
  std::sort(Findings.begin(), Findings.end());
  assignIds(Findings);
  std::vector<std::string> Ids;
  for (const Finding &F : Findings)
    Ids.push_back(F.Id);
  return Ids;
}

Finding at(unsigned Line, StringRef File = "a.cpp", StringRef Function = "_Z1fv", StringRef Message = "cost 20") {
  return finding(Rule::EscapeHeap, File, Line, Function, Message, "new int");
}

TEST(Fingerprint, SurvivesLinesDirectoriesAndCosts) {
  std::vector<std::string> Ids = idsOf({at(3), at(7)});
  EXPECT_NE(Ids[0], Ids[1]);
  EXPECT_EQ(Ids[0].size(), 16u);
  EXPECT_EQ(idsOf({at(103), at(107)}), Ids);
  EXPECT_EQ(idsOf({at(3, "/somewhere/else/a.cpp"), at(7, "/somewhere/else/a.cpp")}), Ids);
  EXPECT_EQ(idsOf({at(3, "a.cpp", "_Z1fv", "cost 25"), at(7, "a.cpp", "_Z1fv", "cost 30")}), Ids);
}

TEST(Fingerprint, TellsApartRuleFunctionSubjectAndFile) {
  Finding Other = at(3);
  Other.Subject = "new long";
  Finding Rule2 = at(3);
  Rule2.R = Rule::EscapeStackable;
  std::vector<std::string> Ids = {idsOf({at(3)})[0], idsOf({at(3, "b.cpp")})[0], idsOf({at(3, "a.cpp", "_Z1gv")})[0],
                                  idsOf({Other})[0], idsOf({Rule2})[0]};
  std::sort(Ids.begin(), Ids.end());
  EXPECT_EQ(std::unique(Ids.begin(), Ids.end()), Ids.end());
}

TEST(Fingerprint, InstancesOfATemplateShareAnId) {
  std::vector<std::string> Ids = idsOf({at(3, "a.h", "_ZN3BoxIiE3getEv"), at(3, "a.h", "_ZN3BoxIlE3getEv")});
  EXPECT_EQ(Ids[0], Ids[1]);
}

TEST(Names, LoseTemplateArgumentsAndParametersOnly) {
  EXPECT_EQ(canonicalFunction("_ZN3BoxIiE3getEv"), "Box::get");
  EXPECT_EQ(canonicalFunction("_ZN1AlsERKS_"), "A::operator<<");
  EXPECT_EQ(canonicalFunction("_ZN1AltIiEEbT_"), "A::operator<");
  EXPECT_EQ(canonicalFunction("main"), "main");
  EXPECT_EQ(canonicalFunction("_Z1fi.cold"), "f");
  EXPECT_EQ(eraseTemplateArguments("std::map<int, std::vector<int>>::operator->"), "std::map::operator->");
  EXPECT_EQ(eraseTemplateArguments("operator<=><int>"), "operator<=>");
}

TEST(Names, OfRustLoseTheHashOfTheBuild) {
  EXPECT_EQ(canonicalFunction("_ZN3app6server5serve17h0123456789abcdefE"), "app::server::serve");
  EXPECT_EQ(canonicalFunction("_ZN3app6server5serve17hfedcba9876543210E.llvm.1234567890"), "app::server::serve");
  EXPECT_EQ(canonicalFunction("_ZN49_$LT$app..Point$u20$as$u20$core..fmt..Display$GT$3fmt17h0123456789abcdefE"),
            "<app::Point as core::fmt::Display>::fmt");
  EXPECT_EQ(demangledFunction("_ZN3app4main28_$u7b$$u7b$closure$u7d$$u7d$17h0123456789abcdefE"), "app::main::{{closure}}");
  EXPECT_EQ(canonicalFunction("_RNvNtCs1234_7mycrate3foo3bar"), "mycrate::foo::bar");
  // A name of C++ that only resembles one.
  EXPECT_EQ(canonicalFunction("_ZN1a17h0123456789abcdegEv"), "a::h0123456789abcdeg");
  EXPECT_EQ(canonicalFunction("_ZN1a17h0123456789abcdefEv"), "a::h0123456789abcdef");
}

TEST(Names, OfFortranAreScopesAndProcedure) {
  EXPECT_EQ(canonicalFunction("_QPnorm"), "norm");
  EXPECT_EQ(canonicalFunction("_QMsolverPnorm"), "solver::norm");
  EXPECT_EQ(canonicalFunction("_QMsolverFnormPinner_step"), "solver::norm::inner_step");
  EXPECT_EQ(canonicalFunction("_QQmain"), "main program");
  EXPECT_EQ(canonicalFunction("_QMsolverEx"), "_QMsolverEx"); // a variable
}

TEST(Names, OfLambdasDoNotShiftWithTheirNumber) {
  // f()::{lambda()#1}::operator()() and f()::{lambda()#2}::operator()()
  EXPECT_EQ(canonicalFunction("_ZZ1fvENKUlvE_clEv"), canonicalFunction("_ZZ1fvENKUlvE0_clEv"));
}

} // namespace
