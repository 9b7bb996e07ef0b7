//===- passes/Session.cpp - the driver, in the order things happen --------===//

#include "passes/Session.h"

#include "passes/Analysis.h"
#include "passes/Emit.h"
#include "passes/PrivateCopy.h"

#include "llvm/IR/LLVMContext.h"
#include "llvm/Support/raw_ostream.h"
#include "llvm/Transforms/Utils/Cloning.h"

using namespace llvm;

namespace emm {

/// Null, and the reason on stderr, when a model file of the user is wrong.
static std::unique_ptr<LibraryModels> loadModels() {
  Expected<std::unique_ptr<LibraryModels>> Models = LibraryModels::create({});
  if (Models)
    return std::move(*Models);
  errs() << "emm: error: " + toString(Models.takeError()) + "\n";
  return nullptr;
}

void Session::start(Module &M, ModuleAnalysisManager &MAM) {
  if (Opts.Off || Analysed || hasRecord(M) || !hasClosures(M))
    return;
  analyseCopy(M, MAM);
}

void Session::begin(Module &M, ModuleAnalysisManager &MAM, StringRef Level) {
  // A link-time back end works on code whose compile was analysed; a second hook of one compile has nothing to add.
  if (Opts.Off || Active || hasRecord(M))
    return;
  Active = true;
  OptLevel = Level.str();
  Source.emplace(M);
  if (!Analysed && OptLevel == "-O0") {
    analyseCopy(M, MAM);
  } else if (!Analysed) {
    Analysed = true;
    if (std::unique_ptr<LibraryModels> Models = loadModels())
      analyse(M, *Source, *Models, nullptr);
  }
  Inliner = std::make_unique<InlineRecorder>(M, *Source);
}

void Session::analyseCopy(Module &M, ModuleAnalysisManager &MAM) {
  Analysed = true;
  std::unique_ptr<Module> Copy = CloneModule(M);
  std::unique_ptr<LibraryModels> Models = loadModels();
  if (!Models)
    return;
  std::unique_ptr<ClosureFacts> Closures;
  if (hasClosures(*Copy)) {
    ClosureIndex Index(*Copy);
    std::vector<ClosureSite> Sites = findClosureSites(*Copy, Index, *Models);
    Closures.reset(new ClosureFacts{std::move(Index), std::move(Sites)});
    pinClosures(*Copy);
  }
  simplifyPrivateCopy(*Copy, M, MAM);
  if (Closures)
    unpinClosures(*Copy);
  SourceMap CopySource(*Copy);
  analyse(*Copy, CopySource, *Models, Closures.get());
  discardPrivateCopy(*Copy, MAM, M);
}

void Session::analyse(const Module &M, const SourceMap &From, LibraryModels &Models, const ClosureFacts *Closures) {
  AnalysisContext C{M, Models, From, Closures, Findings, Summaries};
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
