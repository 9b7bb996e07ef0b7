//===- passes/inline/InlineRecorder.cpp - the wrapping handler ------------===//

#include "passes/inline/InlineRecorder.h"

#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Analysis/BlockFrequencyInfo.h"
#include "llvm/Analysis/BranchProbabilityInfo.h"
#include "llvm/Analysis/LoopInfo.h"
#include "llvm/IR/DiagnosticHandler.h"
#include "llvm/IR/DiagnosticInfo.h"
#include "llvm/IR/Dominators.h"
#include "llvm/IR/Module.h"
#include "llvm/Support/Path.h"

using namespace llvm;

namespace emm {

/// Forwards everything to clang's handler; takes a copy of what the inliner says.
class RecordingHandler final : public DiagnosticHandler {
public:
  RecordingHandler(std::unique_ptr<DiagnosticHandler> Former, InlineRecorder &R)
      : DiagnosticHandler(Former ? Former->DiagnosticContext : nullptr), Former(std::move(Former)), R(R) {
    if (this->Former)
      HasErrors = this->Former->HasErrors;
  }

  bool handleDiagnostics(const DiagnosticInfo &DI) override {
    if (const auto *D = dyn_cast<DiagnosticInfoIROptimization>(&DI)) {
      record(*D);
      // Clang was not asked for this remark: its own filter decides as it would have without the wrapper.
      if (!Former || !wanted(*D))
        return true;
    }
    return Former && Former->handleDiagnostics(DI);
  }

  bool isAnalysisRemarkEnabled(StringRef Pass) const override { return Former && Former->isAnalysisRemarkEnabled(Pass); }
  bool isMissedOptRemarkEnabled(StringRef Pass) const override {
    return Former && Former->isMissedOptRemarkEnabled(Pass);
  }
  bool isPassedOptRemarkEnabled(StringRef Pass) const override {
    return Pass == "inline" || (Former && Former->isPassedOptRemarkEnabled(Pass));
  }
  bool isAnyRemarkEnabled() const override { return true; }

  std::unique_ptr<DiagnosticHandler> release() {
    if (Former)
      Former->HasErrors |= HasErrors;
    return std::move(Former);
  }

private:
  bool wanted(const DiagnosticInfoIROptimization &D) const {
    switch (D.getKind()) {
    case DK_OptimizationRemark:
      return Former->isPassedOptRemarkEnabled(D.getPassName());
    case DK_OptimizationRemarkMissed:
      return Former->isMissedOptRemarkEnabled(D.getPassName());
    default:
      return true;
    }
  }

  void record(const DiagnosticInfoIROptimization &D);

  std::unique_ptr<DiagnosticHandler> Former;
  InlineRecorder &R;
};

static InlineDecision::Kind kindOf(StringRef RemarkName) {
  if (RemarkName == "Inlined")
    return InlineDecision::Inlined;
  if (RemarkName == "AlwaysInline")
    return InlineDecision::AlwaysInlined;
  if (RemarkName == "TooCostly")
    return InlineDecision::TooCostly;
  if (RemarkName == "NeverInline")
    return InlineDecision::NeverInline;
  if (RemarkName == "NoDefinition")
    return InlineDecision::NoDefinition;
  if (RemarkName == "IncreaseCostInOtherContexts")
    return InlineDecision::Deferred;
  if (RemarkName == "NotInlined")
    return InlineDecision::Failed;
  return InlineDecision::Other;
}

/// Spelled as SourceMap spells files: as clang would print them.
static std::string spell(const DiagnosticLocation &L, StringRef Base) {
  StringRef Relative = L.getRelativePath();
  if (sys::path::is_absolute(Relative))
    return Relative.str();
  std::string Absolute = L.getAbsolutePath();
  SmallString<128> InBase(Base);
  sys::path::append(InBase, Relative);
  return Absolute == sys::path::remove_leading_dotslash(InBase) ? Relative.str() : Absolute;
}

/// The inliner appends ` at callsite F:line:column @ G:line:column`, innermost first, lines counted from the start of
/// the function. The first one is the call itself.
static std::vector<InlineFrame> parseCallSites(StringRef Text, const StringMap<Location> &Begin) {
  std::vector<InlineFrame> Frames;
  size_t At = Text.find(" at callsite ");
  if (At == StringRef::npos)
    return Frames;
  Text = Text.substr(At + 13).split(';').first;
  while (!Text.empty()) {
    StringRef Site;
    std::tie(Site, Text) = Text.split(" @ ");
    auto [Rest, ColumnText] = Site.rsplit(':');
    auto [Function, LineText] = Rest.rsplit(':');
    unsigned Offset, Column;
    // A discriminator follows the column after a dot; a line above the function's own wraps around.
    if (LineText.getAsInteger(10, Offset) || ColumnText.split('.').first.getAsInteger(10, Column))
      return {};
    auto It = Begin.find(Function);
    InlineFrame F;
    F.Function = Function.str();
    if (It != Begin.end())
      F.Loc = {It->second.File, It->second.Line + Offset, Column};
    Frames.push_back(std::move(F));
  }
  return Frames;
}

/// The call in \p BB that the remark is about: remarks of refused calls do not say how their code came into the function.
static const CallBase *findCall(const BasicBlock &BB, StringRef Callee, const DiagnosticLocation &L) {
  for (const Instruction &I : BB)
    if (const auto *Call = dyn_cast<CallBase>(&I))
      if (const Function *F = Call->getCalledFunction(); F && F->getName() == Callee)
        if (const DebugLoc &At = Call->getDebugLoc(); At && At.getLine() == L.getLine() && At.getCol() == L.getColumn())
          return Call;
  return nullptr;
}

static std::vector<InlineFrame> inlineStackOf(const CallBase &Call, const SourceMap &Source) {
  std::vector<InlineFrame> Frames;
  for (const DILocation *At = Call.getDebugLoc()->getInlinedAt(); At; At = At->getInlinedAt()) {
    const DISubprogram *In = At->getScope()->getSubprogram();
    StringRef Name = In ? (In->getLinkageName().empty() ? In->getName() : In->getLinkageName()) : StringRef();
    Frames.push_back({{Source.fileName(At->getFile()), At->getLine(), At->getColumn()}, Name.str()});
  }
  return Frames;
}

/// How often the call runs matters where little is missing; only there the analyses are worth their time.
static void weigh(const BasicBlock &BB, InlineDecision &D) {
  const Function &F = *BB.getParent();
  DominatorTree Tree(const_cast<Function &>(F));
  LoopInfo Loops(Tree);
  D.LoopDepth = Loops.getLoopDepth(&BB);
  if (!F.hasProfileData())
    return;
  BranchProbabilityInfo Probabilities(F, Loops);
  D.Executions = BlockFrequencyInfo(F, Probabilities, Loops).getBlockProfileCount(&BB);
}

void RecordingHandler::record(const DiagnosticInfoIROptimization &D) {
  if (StringRef(D.getPassName()) != "inline")
    return;
  InlineDecision Decision;
  Decision.What = kindOf(D.getRemarkName());
  if (Decision.What == InlineDecision::Other)
    return;
  std::string Text;
  for (const DiagnosticInfoOptimizationBase::Argument &A : D.getArgs()) {
    if (A.Key == "Callee")
      Decision.Callee = A.Val;
    else if (A.Key == "Caller")
      Decision.Caller = A.Val;
    else if (A.Key == "Cost")
      Decision.HasCost = !StringRef(A.Val).getAsInteger(10, Decision.Cost);
    else if (A.Key == "Threshold")
      (void)StringRef(A.Val).getAsInteger(10, Decision.Threshold);
    else if (A.Key == "Reason")
      Decision.Reason = A.Val;
    Text += A.Val;
  }
  if (Decision.What == InlineDecision::Failed && Decision.Reason.empty() && !D.getArgs().empty())
    Decision.Reason = StringRef(D.getArgs().back().Val).ltrim(": ");
  if (Decision.Caller.empty())
    Decision.Caller = D.getFunction().getName().str();
  std::vector<InlineFrame> Sites = parseCallSites(Text, R.Begin);
  if (D.isLocationAvailable())
    Decision.Loc = {spell(D.getLocation(), R.Source.base()), D.getLocation().getLine(), D.getLocation().getColumn()};
  const auto *BB = cast_or_null<BasicBlock>(D.getCodeRegion());
  if (!Sites.empty())
    Decision.InlineStack.assign(Sites.begin() + 1, Sites.end());
  else if (BB && D.isLocationAvailable())
    if (const CallBase *Call = findCall(*BB, Decision.Callee, D.getLocation()))
      Decision.InlineStack = inlineStackOf(*Call, R.Source);
  if (Decision.What == InlineDecision::NoDefinition && BB)
    if (const Function *Callee = BB->getModule()->getFunction(Decision.Callee))
      // A call that never returns gains nothing from being inlined.
      if (!Callee->doesNotReturn() && Callee->getSubprogram() && R.Source.isUserCode(*Callee))
        Decision.Declared = R.Source.location(*Callee);
  if (Decision.What == InlineDecision::TooCostly)
    R.classifyThreshold(Decision);
  if (Decision.What == InlineDecision::TooCostly && BB) {
    auto [It, New] = R.Shapes.try_emplace(Decision.Callee);
    if (const Function *Callee = New ? BB->getModule()->getFunction(Decision.Callee) : nullptr;
        Callee && !Callee->isDeclaration())
      It->second = shapeOf(*Callee);
    Decision.Shape = It->second;
    if (Decision.isNearMiss())
      weigh(*BB, Decision);
  }
  R.Decisions.push_back(std::move(Decision));
}

static InlineParams paramsOf(StringRef Level) {
  if (Level == "-Os" || Level == "-Oz")
    return getInlineParams(2, Level == "-Os" ? 1 : 2);
  return getInlineParams(isDigit(Level.back()) ? Level.back() - '0' : 2, 0);
}

/// The inliner counts against a threshold with bonuses and takes those for vector code, one and a half of it, off at the
/// end. A refusal that still has them in its threshold ended the count; one without any bonus may have.
void InlineRecorder::classifyThreshold(InlineDecision &D) const {
  auto Is = [&](std::optional<int> Cold) { return Cold && *Cold == D.Threshold && D.Threshold < Params.DefaultThreshold; };
  D.IsCold = Is(Params.ColdCallSiteThreshold) || Is(Params.ColdThreshold);
  D.IsBound = D.IsCold;
  for (std::optional<int> Base : {std::optional<int>(Params.DefaultThreshold), Params.HintThreshold, Params.OptSizeThreshold,
                                  Params.OptMinSizeThreshold, Params.HotCallSiteThreshold, Params.LocallyHotCallSiteThreshold})
    if (Base) {
      int OneBlock = *Base * 50 / 100, Vector = *Base * 150 / 100;
      D.IsBound |= D.Threshold == *Base + Vector || D.Threshold == *Base + OneBlock + Vector;
    }
}

InlineRecorder::InlineRecorder(const Module &M, const SourceMap &S, StringRef Level)
    : Context(M.getContext()), Source(S), Params(paramsOf(Level)) {
  for (const Function &F : M)
    if (!F.isDeclaration() && S.isUserCode(F)) {
      Begin[F.getName()] = S.location(F);
      // At -O0 nobody asks whether a call could be inlined.
      if (Level != "-O0")
        collectIndirectCalls(F);
    }
  Context.setDiagnosticHandler(std::make_unique<RecordingHandler>(Context.getDiagnosticHandler(), *this));
}

/// The inliner is silent about calls whose callee it does not know. One that becomes known later is inlined or refused
/// in a decision at the same place, which then stands.
void InlineRecorder::collectIndirectCalls(const Function &F) {
  for (const BasicBlock &BB : F)
    for (const Instruction &I : BB) {
      const auto *Call = dyn_cast<CallBase>(&I);
      if (!Call || !Call->isIndirectCall())
        continue;
      InlineDecision D;
      D.What = InlineDecision::Indirect;
      D.Caller = F.getName();
      if (const DebugLoc &At = Call->getDebugLoc(); At && At.getLine()) {
        D.Loc = {Source.fileName(At->getFile()), At.getLine(), At.getCol()};
        D.InlineStack = inlineStackOf(*Call, Source);
      }
      Decisions.push_back(std::move(D));
    }
}

void InlineRecorder::restoreHandler() {
  if (!Installed)
    return;
  Installed = false;
  // Nobody else may have replaced the handler in between; if so, it stays.
  std::unique_ptr<DiagnosticHandler> Current = Context.getDiagnosticHandler();
  if (auto *Mine = dynamic_cast<RecordingHandler *>(Current.get()))
    Context.setDiagnosticHandler(Mine->release());
  else
    Context.setDiagnosticHandler(std::move(Current));
}

void InlineRecorder::finish(const Module &M) {
  if (!Installed)
    return;
  restoreHandler();
  for (const auto &Function : Begin)
    if (!M.getFunction(Function.first()))
      Deleted.insert(Function.first());
}

InlineRecorder::~InlineRecorder() { restoreHandler(); }

} // namespace emm
