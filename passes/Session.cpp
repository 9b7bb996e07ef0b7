//===- passes/Session.cpp - the driver, in the order things happen --------===//

#include "passes/Session.h"

#include "passes/Analysis.h"
#include "passes/Emit.h"
#include "passes/PrivateCopy.h"

#include "llvm/IR/LLVMContext.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;

namespace emm {

void Session::begin(Module &M, ModuleAnalysisManager &MAM, StringRef Level) {
  // A link-time back end works on code whose compile was analysed; a second hook of one compile has nothing to add.
  if (Opts.Off || Active || hasRecord(M))
    return;
  Active = true;
  OptLevel = Level.str();
  Source.emplace(M);
  if (OptLevel == "-O0") {
    std::unique_ptr<Module> Copy = makePrivateCopy(M, MAM);
    SourceMap CopySource(*Copy);
    analyse(*Copy, CopySource);
    discardPrivateCopy(*Copy, MAM, M);
  } else {
    analyse(M, *Source);
  }
  Inliner = std::make_unique<InlineRecorder>(M, *Source);
}

void Session::analyse(const Module &M, const SourceMap &From) {
  Expected<std::unique_ptr<LibraryModels>> Models = LibraryModels::create({});
  if (!Models) {
    errs() << "emm: error: " + toString(Models.takeError()) + "\n";
    return;
  }
  AnalysisContext C{M, **Models, From, Findings, Summaries};
  analyseEscapes(C);
  analyseConcurrency(C);
}

// Beyond this point the module may have lost functions that the findings name; only strings are used.
void Session::finish(Module &M) {
  if (!Active || !Inliner)
    return;
  Inliner->finish();
  reportInlining(Inliner->take(), *Source, Inliner->functionBegins(), Findings);
  Inliner.reset();

  for (Finding &F : Findings)
    F.Severity = ruleInfo(F.R).DefaultLevel;
  settleFindings(Findings);
  UnitHeader Header = makeHeader(M, *Source, OptLevel, Findings);
  storeRecord(M, Opts, Header, recordText(Header, Summaries, Findings));
  printLog(Opts, Findings);
}

} // namespace emm
