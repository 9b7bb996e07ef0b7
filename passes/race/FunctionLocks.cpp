//===- passes/race/FunctionLocks.cpp --------------------------------------===//

#include "passes/race/FunctionLocks.h"

#include "passes/race/Conditions.h"

#include "llvm/ADT/PostOrderIterator.h"
#include "llvm/IR/Instructions.h"

using namespace llvm;

namespace emm::race {

/// True if \p B takes or gives back a lock before it branches again.
static bool locks(Unit &U, const BasicBlock &B) {
  return any_of(B, [&](const Instruction &I) {
    const auto *Call = dyn_cast<CallBase>(&I);
    const Function *Callee = Call ? calleeOf(*Call) : nullptr;
    if (!Callee || Callee->isIntrinsic())
      return false;
    if (U.usesBody(*Callee)) {
      const Summary *S = U.summary(*Callee);
      return S && !(S->Acquired.empty() && S->NotGivenBack.empty());
    }
    const FunctionModel *M = U.model(*Callee);
    return M && (M->find(Effect::Acquire) || M->find(Effect::Release));
  });
}

const Argument *FunctionLocks::findSwitch() {
  if (none_of(F.args(), [](const Argument &A) { return A.getType()->isIntegerTy() && !A.use_empty(); }))
    return nullptr;
  for (const BasicBlock &B : F) {
    const Argument *Tested = nullptr;
    for (unsigned N = 0; N < 2; ++N)
      anyOnEdge(B, N, [&](const Value &Condition, bool) {
        bool TrueIfNonZero;
        if (const auto *A = dyn_cast_or_null<Argument>(decidedBy(&Condition, TrueIfNonZero)))
          Tested = A;
        return Tested != nullptr;
      });
    if (Tested && (locks(U, *B.getTerminator()->getSuccessor(0)) || locks(U, *B.getTerminator()->getSuccessor(1))))
      return Tested;
  }
  return nullptr;
}

void FunctionLocks::compute(const LockSet &Seed) {
  Switch = findSwitch();
  if (Switch) {
    Flows.emplace_back(U, F, V, Assumption{Switch, true});
    Flows.emplace_back(U, F, V, Assumption{Switch, false});
  } else {
    Flows.emplace_back(U, F, V);
  }
  for (LockFlow &Flow : Flows)
    Flow.compute(Seed);
}

void FunctionLocks::walk(function_ref<void(const Instruction &, const LockSet &)> Visit) {
  if (!Switch) {
    if (Flows[0].takesAny())
      findMaybe();
    return Flows[0].walk(Visit);
  }
  DenseMap<const Instruction *, LockSet> At[2];
  for (unsigned N = 0; N < 2; ++N)
    Flows[N].walk([&](const Instruction &I, const LockSet &Held) { At[N][&I] = Held; });
  ReversePostOrderTraversal<const Function *> Order(&F);
  for (const BasicBlock *B : Order)
    for (const Instruction &I : *B) {
      auto On = At[0].find(&I), Off = At[1].find(&I);
      bool IsOn = On != At[0].end(), IsOff = Off != At[1].end();
      if (!IsOn && !IsOff)
        continue;
      if (IsOn && IsOff && On->second != Off->second)
        Switched[&I] = U.keep({Switch->getArgNo(), On->second, Off->second});
      Visit(I, IsOn && IsOff ? intersect(On->second, Off->second) : IsOn ? On->second : Off->second);
    }
}

LockSet FunctionLocks::atReturn() const {
  if (Flows.size() == 2 && Flows[0].returns() && Flows[1].returns())
    return intersect(Flows[0].atReturn(), Flows[1].atReturn());
  return (Flows.size() == 1 || Flows[0].returns() ? Flows[0] : Flows[1]).atReturn();
}

void FunctionLocks::findMaybe() {
  LockFlow All(U, F, V, {}, Approximation::May);
  All.compute();
  All.walk([](const Instruction &, const LockSet &) {});
  MayReturn = All.atReturn();
  if (!Flows[0].calleeMayTake())
    return;
  LockFlow Callees(U, F, V, {}, Approximation::CalleeMay);
  Callees.compute();
  Callees.walk([&](const Instruction &I, const LockSet &Held) {
    if (Held.empty() || !I.mayReadOrWriteMemory())
      return;
    PlaceSet Locks;
    for (const race::Held &H : Held)
      U.Places.insert(Locks, H.Lock);
    Maybe[&I] = std::move(Locks);
  });
}

LockSet FunctionLocks::mayBeHeldAtReturn() const {
  LockSet Out = MayReturn;
  for (const LockFlow &Flow : Flows)
    for (const Held &H : Flow.atReturn())
      if (!is_contained(Out, H))
        Out.push_back(H);
  erase_if(Out, [](const Held &H) { return H.Guard != UnknownPlace; });
  llvm::sort(Out);
  return Out;
}

bool FunctionLocks::returns() const { return any_of(Flows, [](const LockFlow &L) { return L.returns(); }); }

std::vector<PlaceId> FunctionLocks::released() const {
  std::vector<PlaceId> Out;
  for (const LockFlow &L : Flows)
    for (PlaceId P : L.released())
      if (!is_contained(Out, P))
        Out.push_back(P);
  return Out;
}

bool FunctionLocks::isInitialisation(PlaceId Lock) const { return Flows[0].isInitialisation(Lock); }

const SwitchedLocks *FunctionLocks::switchedAt(const Instruction &I) const { return Switched.lookup(&I); }

} // namespace emm::race
