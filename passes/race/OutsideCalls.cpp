//===- passes/race/OutsideCalls.cpp - calls that the merge of units follows --===//

#include "passes/race/FunctionAnalysis.h"

using namespace llvm;

namespace emm::race {

namespace {
constexpr unsigned MaxCalls = 2000; ///< of one function, written for other units
} // namespace

void FunctionAnalysis::noteCall(const CallBase &Call, PlaceId Callee, const LockSet &Held) {
  RootKind K = U.Places.rootOf(Callee).Kind;
  if (Calls.size() >= MaxCalls || (K != RootKind::Function && K != RootKind::Param && K != RootKind::Global))
    return;
  PendingCall P;
  P.Callee = Callee;
  P.Arguments = V.argumentsOf(Call);
  P.Locks = Held;
  if (User)
    P.Sites.push_back(&Call);
  Calls.push_back({&Call, std::move(P)});
}

/// What a library function calls of the user's is this function's call.
void FunctionAnalysis::noteOutside(const CallBase &Call, const PendingCall &P, const LockSet &Held,
                                   ArrayRef<PlaceSet> Arguments, Chain Sites) {
  for (PlaceId Target : V.translate(P.Callee, Call, Arguments)) {
    if (!Target || Calls.size() >= MaxCalls)
      continue;
    PendingCall Outer;
    Outer.Callee = Target;
    for (const PlaceSet &G : P.Arguments) {
      PlaceSet Here;
      for (PlaceId Q : G)
        U.Places.insert(Here, V.translate(Q, Call, Arguments));
      Outer.Arguments.push_back(Here);
    }
    Outer.Locks = translateLocks(P.Locks, Call, Arguments);
    Outer.Locks.append(Held.begin(), Held.end());
    Outer.Sites = Sites;
    Calls.push_back({&Call, std::move(Outer)});
  }
}

} // namespace emm::race
