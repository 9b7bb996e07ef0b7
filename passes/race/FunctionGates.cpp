//===- passes/race/FunctionGates.cpp - waits before the work --------------===//
//
// A thread that waits (for a latch, a condition, a flag) before it touches what
// it shares does not meet what its creator does before waking it. An access is
// behind a gate if every way to it passes the wait, or the loop around the wait,
// which is passed where what was waited for had happened before. Waits with a
// time limit are none: they end by themselves.
//
// Of a condition variable it is the lock that orders: who makes the condition true
// without it orders nothing, and from where the lock is given back on the thread may
// run. Which other threads may do that is told by their notifying the condition.
//
//===----------------------------------------------------------------------===//

#include "passes/race/FunctionAnalysis.h"

#include "llvm/IR/Instructions.h"

using namespace llvm;

namespace emm::race {

/// What \p G of a callee is here, or none.
GateId FunctionAnalysis::gateHere(GateId G, const Instruction &Call, ArrayRef<PlaceSet> Arguments) {
  if (!G)
    return 0;
  const Gate Of = U.Gates[G];
  Gate Here{V.only(Of.Object, Call, Arguments), V.only(Of.Lock, Call, Arguments)};
  return !Here.Object || (Of.Lock && !Here.Lock) ? 0 : U.Gates.insert(Here);
}

void FunctionAnalysis::addGates(const CallBase &Call, const Summary &S, ArrayRef<PlaceSet> Arguments) {
  for (GateId G : S.Passes)
    if (GateId Here = gateHere(G, Call, Arguments))
      Awaits.push_back({&Call, Here});
  for (PlaceId P : S.Wakes)
    for (PlaceId Here : P ? V.translate(P, Call, Arguments) : PlaceSet(1, UnknownPlace))
      Wakes.push_back({&Call, Here});
}

/// Loops that wait for an atomic object to change.
void FunctionAnalysis::settleGates() {
  for (const OrderEvent &O : Orders)
    if (O.Atomic && !O.Weak && O.Object && (isa<LoadInst>(O.At) || isa<CallBase>(O.At)) && freelyAfter(*O.At).startsAgain())
      Awaits.push_back({O.At, U.Gates.insert({O.Object, UnknownPlace}), /*Polls=*/true});
}

const LoopInfo &FunctionAnalysis::loops() {
  if (!Loops)
    Loops = std::make_unique<LoopInfo>(dominators());
  return *Loops;
}

/// True if every way to \p I passes \p Wait or the innermost loop around it.
bool FunctionAnalysis::isBehind(const Instruction &I, const AwaitEvent &Wait) {
  if (Wait.At == &I)
    return false;
  const Loop *Around = loops().getLoopFor(Wait.At->getParent());
  if (Around && !Around->contains(I.getParent()))
    return dominators().dominates(Around->getHeader(), I.getParent());
  return !Wait.Polls && dominators().dominates(Wait.At, &I);
}

GateId FunctionAnalysis::gateAt(const Instruction &I) {
  for (const AwaitEvent &Wait : Awaits)
    if (Wait.What && isBehind(I, Wait))
      return Wait.What;
  return 0;
}

bool FunctionAnalysis::passesBeforeReturn(const AwaitEvent &Wait) {
  return all_of(F, [&](const BasicBlock &B) {
    return !isa<ReturnInst>(B.getTerminator()) || isBehind(*B.getTerminator(), Wait);
  });
}

/// True if the thread may be the one that lets others through \p G.
bool FunctionAnalysis::wakes(const ThreadStart &T, const Gate &G) const {
  // The unknown place wakes all.
  auto Matches = [&](PlaceId P) { return !P || U.Places.mayMatch(P, G.Object); };
  return any_of(T.Wakes, Matches) ||
         any_of(T.Accesses, [&](const Access &A) { return A.Kind == AccessKind::AtomicWrite && Matches(A.Where); });
}

void FunctionAnalysis::markAfterWakes() {
  auto Mark = [&](const Instruction &At) {
    for (AccessEvent &E : Accesses)
      E.A.AfterWake |= E.At == &At ? isa<CallBase>(At) && E.A.Kind != AccessKind::AtomicWrite : freelyAfter(At).contains(*E.At);
  };
  SmallPtrSet<const Instruction *, 8> Seen;
  for (const WakeEvent &W : Wakes)
    if (!W.Release && Seen.insert(W.At).second)
      Mark(*W.At);
  for (const AccessEvent &E : Accesses)
    if (E.A.Kind == AccessKind::AtomicWrite && Seen.insert(E.At).second)
      Mark(*E.At);
}

/// True if the thread of \p S makes the access \p Of before it gives the signal that another one, behind \p Id, waits for, and
/// nobody else is seen to give it. With a condition it has to give the lock back that orders.
bool FunctionAnalysis::isWokenAfter(const StartEvent &S, const Access &Of, GateId Id, const StartEvent &Waiting) const {
  if (!Id || Of.AfterWake)
    return false;
  const Gate G = U.Gates[Id];
  auto GivesBack = [&](PlaceId P) { return !P || U.Places.mayMatch(P, G.Lock); };
  if (is_contained(S.T.Wakes, UnknownPlace) || !wakes(S.T, G) || (G.Lock && none_of(S.T.Wakes, GivesBack)))
    return false;
  return none_of(Starts, [&](const StartEvent &Other) { return Other.At != S.At && Other.At != Waiting.At && wakes(Other.T, G); }) &&
         none_of(Wakes, [&](const WakeEvent &W) { return !W.Object || U.Places.mayMatch(W.Object, G.Object); }) &&
         none_of(Accesses, [&](const AccessEvent &E) {
           return E.A.Kind == AccessKind::AtomicWrite && U.Places.mayMatch(E.A.Where, G.Object);
         });
}

/// From where on a thread of \p S may have passed \p G.
const std::vector<const Instruction *> &FunctionAnalysis::wakesOf(const StartEvent &S, GateId Id) {
  auto [It, New] = WakesOf.try_emplace({S.At, Id});
  std::vector<const Instruction *> &Found = It->second;
  if (!New)
    return Found;
  const Gate G = U.Gates[Id];
  auto Matches = [&](PlaceId P) { return !P || U.Places.mayMatch(P, G.Lock ? G.Lock : G.Object); };
  auto Add = [&](const Instruction *At) {
    if (At != S.At && freelyAfter(*S.At).contains(*At))
      Found.push_back(At);
  };
  for (const WakeEvent &W : Wakes)
    if (Matches(W.Object))
      Add(W.At);
  for (const AccessEvent &E : Accesses)
    if (E.A.Kind == AccessKind::AtomicWrite && Matches(E.A.Where))
      Add(E.At);
  for (const StartEvent &Other : Starts)
    if (Other.At != S.At && wakes(Other.T, G))
      Found.push_back(Other.At);
  return Found;
}

/// True if a thread of \p S cannot have passed \p G while \p I runs: this function, or a thread that it starts, wakes it later.
/// Where nobody is seen to do so, anybody may.
bool FunctionAnalysis::precedesWake(const StartEvent &S, GateId G, const Instruction &I) {
  const std::vector<const Instruction *> &From = wakesOf(S, G);
  return !From.empty() && none_of(From, [&](const Instruction *At) { return At == &I || freelyAfter(*At).contains(I); });
}

} // namespace emm::race
