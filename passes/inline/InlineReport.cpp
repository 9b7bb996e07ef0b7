//===- passes/inline/InlineReport.cpp - decisions to findings -------------===//
//
// A call is identified by its position as written, its callee and the outcome.
// The inliner looks at one call several times (in later rounds, and in every
// copy of the code around it): the decisions fold, the last cost of the first
// copy stands, Instances counts the copies. A call that was inlined in the end
// is not also reported as refused in the same place.
//
//===----------------------------------------------------------------------===//

#include "passes/inline/InlineRecorder.h"

#include "passes/inline/InlineWords.h"
#include "reports/finding/Fingerprint.h"

#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/StringExtras.h"

#include <map>
#include <set>

using namespace llvm;

namespace emm {

using Kind = InlineDecision::Kind;

static bool isInlined(Kind K) { return K == Kind::Inlined || K == Kind::AlwaysInlined; }

static Finding makeFinding(const InlineDecision &D, unsigned Copies, const InlineUnit &U) {
  std::string Callee = D.What == Kind::Indirect ? "indirect call" : canonicalFunction(D.Callee);
  Finding F;
  F.R = isInlined(D.What) ? Rule::InlineInlined : Rule::InlineMissed;
  F.Loc = D.Loc;
  F.Function = D.Caller;
  F.Subject = Callee;
  if (isInlined(D.What)) {
    F.Message = "inlining call to " + Callee + costSuffix(D);
  } else {
    F.Message = (D.What == Kind::Indirect ? "not inlining " : "not inlining call to ") + Callee + ": " + refusal(D);
    F.Steps = refusalSteps(D, Callee, U);
  }
  F.InlineStack = D.InlineStack;
  F.Instances = Copies;
  if (D.isNearMiss()) {
    F.Hotness = D.Executions.value_or(0);
    F.Almost = NearMiss{unsigned(D.missingPercent()), D.Executions && !F.Hotness ? 0 : D.LoopDepth};
  }
  return F;
}

void reportInlining(std::vector<InlineDecision> Decisions, const InlineUnit &U, std::vector<Finding> &Findings) {
  const SourceMap &Source = U.Source;
  const StringMap<Location> &Begin = U.Begin;
  struct Folded {
    InlineDecision D;
    unsigned Copies = 0;
  };
  using Call = std::tuple<Location, std::string, std::string>; // position, callee, caller
  // Caller last: copies of one call in several callers become one finding below.
  std::map<Call, InlineDecision> Last;
  for (InlineDecision &D : Decisions) {
    if (StringRef(D.Callee).starts_with("llvm."))
      continue;
    // Without a position nothing tells what became of it.
    if (D.What == Kind::Indirect && !D.Loc.isKnown())
      continue;
    Location Where = D.Loc;
    if (!Where.isKnown()) {
      // Without positions the caller tells calls apart; it must be user code of this unit.
      if (!Begin.count(D.Caller))
        continue;
      Where = {Source.source().str(), 0, 0};
    } else if (Source.isSystemFile(Where.File)) {
      continue;
    }
    D.Loc = Where;
    InlineDecision &Slot = Last[{Where, D.Callee, D.Caller}];
    if (!(isInlined(Slot.What) && !Slot.Callee.empty()))
      Slot = std::move(D);
  }

  std::set<Location> Named; // an indirect call whose callee became known is a call of that callee
  for (const auto &[Key, D] : Last)
    if (D.What != Kind::Indirect)
      Named.insert(D.Loc);
  using Site = std::tuple<Location, std::string, bool>; // position, canonical callee, inlined
  std::map<Site, Folded> Sites;
  std::map<std::string, InlineDecision> PerCallee; // the costliest that was inlined, or a refusal of the callee's own
  for (auto &[Key, D] : Last) {
    if (D.What == Kind::Indirect && Named.count(D.Loc))
      continue;
    Folded &F = Sites[{D.Loc, canonicalFunction(D.Callee) + (D.Loc.isKnown() ? "" : "@" + D.Caller), isInlined(D.What)}];
    std::optional<uint64_t> Before = F.D.Executions;
    if (++F.Copies == 1 || D.InlineStack.size() < F.D.InlineStack.size())
      F.D = D;
    // The call as written ran as often as its copies did.
    if (F.Copies != 1 && (Before || D.Executions))
      F.D.Executions = Before.value_or(0) + D.Executions.value_or(0);
    if (Begin.count(D.Callee)) {
      auto [It, New] = PerCallee.try_emplace(D.Callee, D);
      bool Better = isInlined(D.What) && (!isInlined(It->second.What) || plainCost(D) > plainCost(It->second));
      if (!New && Better)
        It->second = D;
      else if (New && !isInlined(D.What) && !isReasonOfCallee(D))
        PerCallee.erase(It);
    }
  }
  for (auto &[Key, F] : Sites)
    Findings.push_back(makeFinding(F.D, F.Copies, U));
  for (auto &[Callee, D] : PerCallee) {
    Finding F;
    std::string Name = canonicalFunction(Callee);
    F.R = isInlined(D.What) ? Rule::InlineCan : Rule::InlineCannot;
    F.Loc = Begin.lookup(Callee);
    F.Function = Callee;
    F.Subject = Name;
    F.Message = isInlined(D.What) ? "can inline " + Name + (D.HasCost ? " with cost " + itostr(plainCost(D)) : "")
                                  : "cannot inline " + Name + ": " + refusal(D);
    if (isInlined(D.What) && U.Deleted.contains(Callee))
      F.Steps.push_back({F.Loc, "deleted after inlining: no call of it is left"});
    Findings.push_back(std::move(F));
  }
}

} // namespace emm
