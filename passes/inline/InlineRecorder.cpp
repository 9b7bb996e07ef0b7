//===- passes/inline/InlineRecorder.cpp - the wrapping handler ------------===//

#include "passes/inline/InlineRecorder.h"

#include "llvm/ADT/SmallString.h"
#include "llvm/IR/DiagnosticHandler.h"
#include "llvm/IR/DiagnosticInfo.h"
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
  if (Decision.Caller.empty())
    Decision.Caller = D.getFunction().getName().str();
  std::vector<InlineFrame> Sites = parseCallSites(Text, R.Begin);
  if (D.isLocationAvailable())
    Decision.Loc = {spell(D.getLocation(), R.Source.base()), D.getLocation().getLine(), D.getLocation().getColumn()};
  if (!Sites.empty())
    Decision.InlineStack.assign(Sites.begin() + 1, Sites.end());
  R.Decisions.push_back(std::move(Decision));
}

InlineRecorder::InlineRecorder(const Module &M, const SourceMap &S) : Context(M.getContext()), Source(S) {
  for (const Function &F : M)
    if (!F.isDeclaration() && S.isUserCode(F))
      Begin[F.getName()] = S.location(F);
  Context.setDiagnosticHandler(std::make_unique<RecordingHandler>(Context.getDiagnosticHandler(), *this));
}

void InlineRecorder::finish() {
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

InlineRecorder::~InlineRecorder() { finish(); }

} // namespace emm
