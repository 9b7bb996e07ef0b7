// The verdicts about a module do not depend on the order of its functions, nor on the names of functions and values. The
// modules are the sources of the escape tests, as clang hands them to the plugin.
#include "passes/Analysis.h"
#include "reports/finding/Rule.h"

#include "llvm/IR/Module.h"
#include "llvm/IRReader/IRReader.h"
#include "llvm/Passes/PassBuilder.h"
#include "llvm/Support/SourceMgr.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <random>
#include <set>

using namespace llvm;

namespace {

std::unique_ptr<Module> compile(LLVMContext &Context, const std::string &Source) {
  std::string Output = testing::TempDir() + "emm-order-" + std::filesystem::path(Source).stem().string() + ".ll";
  std::string Command = std::string(Source.ends_with(".c") ? EMM_TEST_CLANG : EMM_TEST_CLANGXX " -std=c++20") +
                        " -w -O1 -g -Xclang -disable-llvm-passes -S -emit-llvm " + Source + " -o " + Output;
  if (std::system(Command.c_str()) != 0)
    return nullptr;
  SMDiagnostic Error;
  std::unique_ptr<Module> M = parseIRFile(Output, Error, Context);
  std::filesystem::remove(Output);
  return M;
}

/// (position, message) of every finding about escapes.
std::multiset<std::string> verdicts(Module &M) {
  std::unique_ptr<emm::LibraryModels> Models = cantFail(emm::LibraryModels::create({}));
  std::unique_ptr<emm::ClosureFacts> Closures;
  if (emm::hasClosures(M)) {
    emm::ClosureIndex Index(M);
    std::vector<emm::ClosureSite> Sites = emm::findClosureSites(M, Index, *Models);
    Closures.reset(new emm::ClosureFacts{std::move(Index), std::move(Sites)});
    emm::pinClosures(M);
  }
  LoopAnalysisManager LAM;
  FunctionAnalysisManager FAM;
  CGSCCAnalysisManager CAM;
  ModuleAnalysisManager MAM;
  PassBuilder PB;
  PB.registerModuleAnalyses(MAM);
  PB.registerCGSCCAnalyses(CAM);
  PB.registerFunctionAnalyses(FAM);
  PB.registerLoopAnalyses(LAM);
  PB.crossRegisterProxies(LAM, FAM, CAM, MAM);
  ModulePassManager Passes;
  cantFail(PB.parsePassPipeline(Passes, "function(simplifycfg,sroa<modify-cfg>,early-cse)"));
  Passes.run(M, MAM);
  if (Closures)
    emm::unpinClosures(M);
  std::vector<emm::Finding> Findings;
  std::vector<emm::SummaryDoc> Summaries;
  emm::SourceMap Source(M);
  emm::AnalysisContext C{M, *Models, Source, Closures.get(), Findings, Summaries};
  emm::analyseEscapes(C);
  std::multiset<std::string> Out;
  for (const emm::Finding &F : Findings)
    Out.insert(F.Loc.File + ":" + std::to_string(F.Loc.Line) + ":" + std::to_string(F.Loc.Column) + ": " + F.Message);
  return Out;
}

std::vector<std::string> sources() {
  std::vector<std::string> Out;
  for (const auto &Entry : std::filesystem::directory_iterator(EMM_TEST_SOURCES))
    if (std::string Name = Entry.path().string(); Name.ends_with(".c") || Name.ends_with(".cpp"))
      Out.push_back(Name);
  std::sort(Out.begin(), Out.end());
  return Out;
}

} // namespace

TEST(EscapeOrder, FunctionsMayStandInAnyOrder) {
  std::mt19937 Random(1);
  unsigned Compared = 0;
  for (const std::string &Source : sources()) {
    LLVMContext First, Second;
    std::unique_ptr<Module> A = compile(First, Source), B = compile(Second, Source);
    ASSERT_TRUE(A && B) << Source;
    std::vector<Function *> Functions;
    for (Function &F : *B)
      Functions.push_back(&F);
    std::shuffle(Functions.begin(), Functions.end(), Random);
    for (Function *F : Functions) {
      F->removeFromParent();
      B->getFunctionList().push_back(F);
    }
    std::multiset<std::string> Expected = verdicts(*A);
    EXPECT_EQ(Expected, verdicts(*B)) << Source;
    Compared += Expected.size();
  }
  EXPECT_GT(Compared, 500u);
}

// C only: in C++ a mangled name says what a function is. Models know functions of the library by name, so those stay.
TEST(EscapeOrder, NamesDoNotMatter) {
  unsigned Compared = 0;
  for (const std::string &Source : sources()) {
    if (!Source.ends_with(".c"))
      continue;
    LLVMContext First, Second;
    std::unique_ptr<Module> A = compile(First, Source), B = compile(Second, Source);
    ASSERT_TRUE(A && B) << Source;
    unsigned Number = 0;
    for (Function &F : *B) {
      if (!F.isDeclaration())
        F.setName(Twine("q") + Twine(1000 - Number++));
      for (BasicBlock &BB : F) {
        BB.setName("");
        for (Instruction &I : BB)
          I.setName("");
      }
    }
    std::multiset<std::string> Expected = verdicts(*A);
    EXPECT_EQ(Expected, verdicts(*B)) << Source;
    Compared += Expected.size();
  }
  EXPECT_GT(Compared, 40u);
}
