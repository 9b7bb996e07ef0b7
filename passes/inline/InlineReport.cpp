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

#include "reports/finding/Fingerprint.h"

#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/StringExtras.h"

#include <map>

using namespace llvm;

namespace emm {

using Kind = InlineDecision::Kind;

static bool isInlined(Kind K) { return K == Kind::Inlined || K == Kind::AlwaysInlined; }

/// What hinders, in words; LLVM's reasons are kept where they are already words.
static std::string refusal(const InlineDecision &D) {
  switch (D.What) {
  case Kind::TooCostly:
    return "too costly: cost " + itostr(D.Cost) + " exceeds threshold " + itostr(D.Threshold);
  case Kind::NoDefinition:
    return "its definition is not available in this unit";
  case Kind::NeverInline:
    if (StringRef(D.Reason).contains("noinline"))
      return "marked noinline";
    return D.Reason.empty() ? "must never be inlined" : D.Reason;
  default:
    return D.Reason;
  }
}

/// Reasons that lie in the callee alone, so that no call of it can be inlined.
static bool isReasonOfCallee(const InlineDecision &D) {
  return D.What == Kind::NeverInline &&
         (StringRef(D.Reason).contains("noinline") || StringRef(D.Reason).contains("recursive") ||
          StringRef(D.Reason).contains("varargs") || StringRef(D.Reason).contains("indirect branch"));
}

static std::string costSuffix(const InlineDecision &D) {
  if (D.What == Kind::AlwaysInlined)
    return " (always inline)";
  return D.HasCost ? " (cost " + itostr(D.Cost) + ", threshold " + itostr(D.Threshold) + ")" : "";
}

static Finding makeFinding(const InlineDecision &D, unsigned Copies) {
  std::string Callee = canonicalFunction(D.Callee);
  Finding F;
  F.R = isInlined(D.What) ? Rule::InlineInlined : Rule::InlineMissed;
  F.Loc = D.Loc;
  F.Function = D.Caller;
  F.Subject = Callee;
  F.Message = isInlined(D.What) ? "inlining call to " + Callee + costSuffix(D)
                                : "not inlining call to " + Callee + ": " + refusal(D);
  F.InlineStack = D.InlineStack;
  F.Instances = Copies;
  return F;
}

void reportInlining(std::vector<InlineDecision> Decisions, const SourceMap &Source,
                    const StringMap<Location> &Begin, std::vector<Finding> &Findings) {
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

  using Site = std::tuple<Location, std::string, bool>; // position, canonical callee, inlined
  std::map<Site, Folded> Sites;
  std::map<std::string, InlineDecision> PerCallee; // the costliest that was inlined, or a refusal of the callee's own
  for (auto &[Key, D] : Last) {
    Folded &F = Sites[{D.Loc, canonicalFunction(D.Callee) + (D.Loc.isKnown() ? "" : "@" + D.Caller), isInlined(D.What)}];
    if (++F.Copies == 1 || D.InlineStack.size() < F.D.InlineStack.size())
      F.D = D;
    if (Begin.count(D.Callee)) {
      auto [It, New] = PerCallee.try_emplace(D.Callee, D);
      bool Better = isInlined(D.What) && (!isInlined(It->second.What) || D.Cost > It->second.Cost);
      if (!New && Better)
        It->second = D;
      else if (New && !isInlined(D.What) && !isReasonOfCallee(D))
        PerCallee.erase(It);
    }
  }
  for (auto &[Key, F] : Sites)
    Findings.push_back(makeFinding(F.D, F.Copies));
  for (auto &[Callee, D] : PerCallee) {
    Finding F;
    std::string Name = canonicalFunction(Callee);
    F.R = isInlined(D.What) ? Rule::InlineCan : Rule::InlineCannot;
    F.Loc = Begin.lookup(Callee);
    F.Function = Callee;
    F.Subject = Name;
    F.Message = isInlined(D.What) ? "can inline " + Name + (D.HasCost ? " with cost " + itostr(D.Cost) : "")
                                  : "cannot inline " + Name + ": " + refusal(D);
    Findings.push_back(std::move(F));
  }
}

} // namespace emm
