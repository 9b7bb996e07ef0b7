//===- reports/gate/Gate.cpp - levels, budgets, verdict -------------------===//

#include "reports/gate/Gate.h"

#include "llvm/Support/FormatVariadic.h"

#include <map>
#include <tuple>

using namespace llvm;

namespace emm {

size_t applyConfig(Report &R, const Config &C) {
  // One look at a path per file and one at the rules per file and rule, not per entry.
  std::vector<std::string> Paths;
  std::vector<bool> Wanted;
  for (const SourceFile &F : R.Files) {
    Paths.push_back((F.Path.empty() ? F.Name : F.Path).str());
    Wanted.push_back(C.wantsPath(Paths.back()));
  }
  const bool SetsLevels = !C.Rules.empty() || !C.Overrides.empty();
  std::map<std::tuple<uint32_t, Rule, Level>, Level> Levels;
  size_t LeftOut = 0;
  llvm::erase_if(R.Entries, [&](Entry &E) {
    if (E.Pos.hasFile() && !Wanted[E.Pos.File]) {
      ++LeftOut;
      return true;
    }
    // Remarks of other passes have no levels of their own.
    if (E.Info && SetsLevels) {
      auto [It, New] = Levels.try_emplace({E.Pos.File, E.Info->R, E.Severity}, E.Severity);
      if (New)
        It->second = C.levelOf(E.Info->R, E.Pos.hasFile() ? StringRef(Paths[E.Pos.File]) : StringRef(), E.Severity);
      E.Severity = It->second;
    }
    return E.Severity == Level::Off;
  });
  return LeftOut;
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
