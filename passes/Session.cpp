//===- passes/Session.cpp - the driver, in the order things happen --------===//

#include "passes/Session.h"

#include "passes/Analysis.h"
#include "passes/Emit.h"
#include "passes/PrivateCopy.h"

#include "llvm/IR/LLVMContext.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;

namespace emm {

/// A wrong configuration is said once and costs what it would have set, never the compile.
static void complain(Error E) { errs() << "emm: error: " + toString(std::move(E)) + "\n"; }

std::unique_ptr<LibraryModels> Session::loadModels(const Module &M) {
  SmallString<128> Path(M.getSourceFileName());
  sys::fs::make_absolute(Path);
  Expected<Config> Read = Opts.ConfigFile.empty() ? loadConfigFor(Path) : loadConfig(Opts.ConfigFile);
  if (Read)
    Settings = std::move(*Read);
  else
    complain(Read.takeError());
  Expected<std::unique_ptr<LibraryModels>> Models = LibraryModels::create(Settings.Models);
  if (!Models) {
    complain(Models.takeError());
    Models = LibraryModels::create({});
  }
  return std::move(*Models);
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
    std::unique_ptr<LibraryModels> Models = loadModels(M);
    analyse(M, *Source, *Models, nullptr);
  }
  Inliner = std::make_unique<InlineRecorder>(M, *Source, OptLevel);
}

void Session::analyseCopy(Module &M, ModuleAnalysisManager &MAM) {
  Analysed = true;
  std::unique_ptr<LibraryModels> Models = loadModels(M);
  std::unique_ptr<ClosureFacts> Closures;
  bool Lambdas = hasClosures(M);
  if (Lambdas) {
    ClosureIndex Index(M);
    std::vector<ClosureSite> Sites = findClosureSites(M, Index, *Models);
    Closures.reset(new ClosureFacts{std::move(Index), std::move(Sites)});
  }
  PrivateCopy Copy(M, MAM);
  if (Lambdas)
    pinClosures(M);
  Copy.simplify();
  if (Lambdas)
    unpinClosures(M);
  SourceMap CopySource(M);
  analyse(M, CopySource, *Models, Closures.get());
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
  Inliner->finish(M);
  reportInlining(Inliner->take(), {*Source, Inliner->functionBegins(), Inliner->deleted()}, Findings);
  Inliner.reset();

  applySettings();
  settleFindings(Findings);
  UnitHeader Header = makeHeader(M, *Source, OptLevel, Findings, Summaries);
  storeRecord(M, Opts, Header, Summaries, Findings);
  emitRemarks(M, Findings);
  printLog(Opts, Findings);
  if (any_of(Findings, [](const Finding &F) { return F.Severity == Level::Error; }))
    M.getContext().emitError("emm: a finding has level 'error' in " + (Settings.File.empty() ? "the configuration" : Settings.File));
}

void Session::applySettings() {
  for (Finding &F : Findings) {
    SmallString<128> Path(F.Loc.File);
    if (!Path.empty() && !sys::path::is_absolute(Path)) {
      Path = Source->base();
      sys::path::append(Path, F.Loc.File);
    }
    F.Severity = Settings.wantsPath(Path) ? Settings.levelOf(F.R, Path) : Level::Off;
  }
  erase_if(Findings, [](const Finding &F) { return F.Severity == Level::Off; });
}

} // namespace emm
