//===- passes/race/Overlap.cpp --------------------------------------------===//

#include "passes/race/Overlap.h"

#include "passes/race/Unit.h"

#include "llvm/IR/Instructions.h"

using namespace llvm;

namespace emm::race {

/// True if no barrier stands between After (exclusive; null: the begin) and Until (exclusive; null: the end).
bool Overlap::passes(const BasicBlock &B, const Instruction *After, const Instruction *Until) const {
  for (const Instruction *Barrier : Barriers)
    if (Barrier->getParent() == &B && (!After || (After != Barrier && After->comesBefore(Barrier))) &&
        (!Until || (Barrier != Until && Barrier->comesBefore(Until))))
      return false;
  return true;
}

Overlap::Overlap(const Instruction &Start, SmallPtrSet<const Instruction *, 4> Barriers)
    : Start(Start), Barriers(std::move(Barriers)) {
  SmallVector<const BasicBlock *, 16> Work;
  auto Leave = [&](const BasicBlock &B) {
    if (isa<ReturnInst>(B.getTerminator()))
      ReachesReturn = true;
    // An invoke that is itself a barrier or the start unwinds without having done it.
    for (unsigned N = 0; N < B.getTerminator()->getNumSuccessors(); ++N) {
      if (!isFeasible(B, N))
        continue;
      const BasicBlock *Next = B.getTerminator()->getSuccessor(N);
      if (const auto *Invoke = dyn_cast<InvokeInst>(B.getTerminator()); Invoke && Next == Invoke->getUnwindDest())
        continue;
      if (Entered.insert(Next).second)
        Work.push_back(Next);
    }
  };
  if (passes(*Start.getParent(), &Start, nullptr))
    Leave(*Start.getParent());
  while (!Work.empty()) {
    const BasicBlock *B = Work.pop_back_val();
    if (passes(*B, nullptr, nullptr))
      Leave(*B);
  }
}

bool Overlap::contains(const Instruction &I) const {
  const BasicBlock &B = *I.getParent();
  if (&B == Start.getParent() && &I != &Start && Start.comesBefore(&I) && passes(B, &Start, &I))
    return true;
  return Entered.contains(&B) && passes(B, nullptr, &I);
}

} // namespace emm::race
