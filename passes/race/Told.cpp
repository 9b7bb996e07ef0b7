//===- passes/race/Told.cpp -----------------------------------------------===//

#include "passes/race/Told.h"

#include "passes/race/Conditions.h"

#include "llvm/ADT/SetVector.h"
#include "llvm/IR/Constants.h"
#include "llvm/IR/Instructions.h"

#include <functional>

using namespace llvm;

namespace emm::race {

namespace {
constexpr unsigned MaxUsers = 32; ///< of one result, with what is computed from it
constexpr unsigned MaxDepth = 4;  ///< of values that ways choose
} // namespace

StartTells toldByResult(const Function &F, const Instruction &Start, StartTells Tells, const Overlap &After) {
  bool Zero = false, NonZero = false;
  // Same: the result is zero where V is, else where V is not.
  std::function<void(const Value &, bool, const Instruction &, unsigned)> See = [&](const Value &V, bool Same,
                                                                                    const Instruction &At, unsigned Depth) {
    if (!After.contains(At))
      return;
    bool Inner = true;
    const Value *Of = decidedBy(&V, Inner);
    Same = Same == Inner;
    if (const auto *K = dyn_cast_or_null<ConstantInt>(Of)) {
      (K->isZero() == Same ? Zero : NonZero) = true;
    } else if (Tells != StartTells::Nothing && Of == &Start) {
      (Same == (Tells == StartTells::Zero) ? Zero : NonZero) = true;
    } else if (const auto *Phi = dyn_cast_or_null<PHINode>(Of); Phi && Depth < MaxDepth) {
      for (unsigned N = 0; N < Phi->getNumIncomingValues(); ++N)
        if (const Instruction *T = Phi->getIncomingBlock(N)->getTerminator(); After.takes(*T, *Phi->getParent()))
          See(*Phi->getIncomingValue(N), Same, *T, Depth + 1);
    } else if (const auto *Choice = dyn_cast_or_null<SelectInst>(Of); Choice && Depth < MaxDepth) {
      std::optional<bool> Holds;
      if (Tells != StartTells::Nothing)
        Holds = holdsIf(*Choice->getCondition(), Start, Tells == StartTells::Zero);
      if (Holds != false)
        See(*Choice->getTrueValue(), Same, At, Depth + 1);
      if (Holds != true)
        See(*Choice->getFalseValue(), Same, At, Depth + 1);
    } else {
      Zero = NonZero = true;
    }
  };
  for (const BasicBlock &B : F)
    if (const auto *Return = dyn_cast<ReturnInst>(B.getTerminator()))
      if (const Value *V = Return->getReturnValue(); V && V->getType()->isIntegerTy())
        See(*V, true, *Return, 0);
  return Zero == NonZero ? StartTells::Nothing : Zero ? StartTells::Zero : StartTells::NonZero;
}

SmallVector<Fork, 2> forksOn(const CallBase &Call) {
  SmallVector<Fork, 2> Out;
  if (!Call.getType()->isIntegerTy())
    return Out;
  SmallSetVector<const BasicBlock *, 4> Branches;
  SmallSetVector<const Value *, 8> Computed;
  Computed.insert(&Call);
  for (size_t N = 0; N < Computed.size() && Computed.size() < MaxUsers; ++N)
    for (const User *U : Computed[N]->users()) {
      const auto *I = dyn_cast<Instruction>(U);
      if (!I)
        continue;
      if (I->isTerminator())
        Branches.insert(I->getParent());
      else if (isa<ICmpInst>(I) || isa<CastInst>(I) || isa<BinaryOperator>(I) || isa<FreezeInst>(I) || isa<SelectInst>(I))
        Computed.insert(I);
    }
  for (const BasicBlock *B : Branches) {
    if (B->getTerminator()->getNumSuccessors() != 2)
      continue;
    auto Only = [&](bool Zero) -> std::optional<unsigned> {
      bool May[2];
      for (unsigned S = 0; S < 2; ++S)
        May[S] = mayTake(*B, S, [&](const Value &Condition) { return holdsIf(Condition, Call, Zero); });
      return May[0] == May[1] ? std::nullopt : std::optional(May[0] ? 0u : 1u);
    };
    Fork K{B, Only(true), Only(false)};
    if (K.IfZero || K.IfNonZero)
      Out.push_back(K);
  }
  return Out;
}

} // namespace emm::race
