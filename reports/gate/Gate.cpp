//===- reports/gate/Gate.cpp - levels, budgets, verdict -------------------===//

#include "reports/gate/Gate.h"

#include "llvm/Support/FormatVariadic.h"

using namespace llvm;

namespace emm {

void applyConfig(Report &R, const Config &C) {
  auto PathOf = [&](const Entry &E) {
    const SourceFile &F = R.Files[E.Pos.File];
    return F.Path.empty() ? F.Name : F.Path;
  };
  // Remarks of other passes are asked for by reading their files; only emm's own rules have levels.
  llvm::erase_if(R.Entries, [&](Entry &E) {
    if (!E.Info)
      return false;
    if (E.Pos.hasFile())
      E.Severity = C.levelOf(E.Info->R, PathOf(E), E.Severity);
    return E.Severity == Level::Off;
  });
}

static std::string counted(size_t N, StringRef What) { return formatv("{0} {1}{2}", N, What, N == 1 ? "" : "s"); }

GateResult runGate(Report &R, const Config &C, const std::optional<Baseline> &B) {
  GateResult G;
  if (B)
    G.Match = matchBaseline(R, *B, C.GateLevel);
  size_t ByLevel[4] = {};
  for (uint32_t I = 0; I != R.Entries.size(); ++I) {
    const Entry &E = R.Entries[I];
    G.Suppressed += E.State == EntryState::Suppressed;
    G.Unchanged += E.State == EntryState::Unchanged;
    G.Updated += E.State == EntryState::Updated;
    bool Counts = E.Severity >= C.GateLevel && E.Severity != Level::Off && E.State != EntryState::Suppressed;
    if (!Counts || E.State == EntryState::Unchanged || E.State == EntryState::Updated)
      continue;
    G.Failing.push_back(I);
    ++ByLevel[static_cast<unsigned>(E.Severity)];
  }
  for (Level L : {Level::Error, Level::Warning, Level::Note})
    if (size_t N = ByLevel[static_cast<unsigned>(L)])
      G.Reasons.push_back(counted(N, (Twine(B ? "new " : "") + levelName(L)).str()));
  for (const Config::Budget &Budget : C.Budgets) {
    size_t N = 0;
    for (const Entry &E : R.Entries)
      N += E.State != EntryState::Suppressed && Budget.Glob.match(E.RuleId);
    if (N > Budget.Max)
      G.Reasons.push_back(formatv("{0} of {1}, the budget is {2}", counted(N, "finding"), Budget.Pattern, Budget.Max));
  }
  if (!G.Reasons.empty())
    G.Code = GateFailed;
  for (const InputProblem &P : R.Problems)
    if (P.Incomplete)
      G.Code = IncompleteInput;
  return G;
}

} // namespace emm
