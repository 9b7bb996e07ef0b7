//===- passes/race/Overlap.cpp --------------------------------------------===//

#include "passes/race/Overlap.h"

#include "passes/race/Conditions.h"
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

/// True if the two have the same value whenever both are computed from the same operands; \p Negated: the opposite one.
static bool sameCondition(const Value *A, const Value *B, bool &Negated, unsigned Depth = 0) {
  if (A == B)
    return true;
  const auto *X = dyn_cast<Instruction>(A), *Y = dyn_cast<Instruction>(B);
  if (!X || !Y || Depth == 4 || X->getOpcode() != Y->getOpcode() || X->getType() != Y->getType() ||
      !(isa<CmpInst>(X) || isa<CastInst>(X) || isa<BinaryOperator>(X)))
    return false;
  if (const auto *C = dyn_cast<CmpInst>(X)) {
    CmpInst::Predicate Other = cast<CmpInst>(Y)->getPredicate();
    if (C->getPredicate() != Other) {
      if (Depth || C->getInversePredicate() != Other)
        return false;
      Negated = !Negated;
    }
  }
  for (unsigned N = 0; N < X->getNumOperands(); ++N) {
    bool Opposite = false;
    if (!sameCondition(X->getOperand(N), Y->getOperand(N), Opposite, Depth + 1) || Opposite)
      return false;
  }
  return true;
}

/// The blocks that compute \p V and what it is made of, as far as sameCondition() looks.
static bool computedIn(const Value *V, const SmallPtrSetImpl<const BasicBlock *> &Blocks, unsigned Depth = 0) {
  const auto *I = dyn_cast<Instruction>(V);
  if (!I)
    return false;
  if (Blocks.contains(I->getParent()))
    return true;
  return Depth < 4 && any_of(I->operands(), [&](const Use &U) { return computedIn(U.get(), Blocks, Depth + 1); });
}

SmallVector<Overlap::Decided, 4> Overlap::decidedBefore(const DominatorTree &Dominators) const {
  SmallVector<Decided, 4> Out;
  const DomTreeNode *Node = Dominators.getNode(Start.getParent());
  for (unsigned Steps = 0; Node && Node->getIDom() && Steps < 64; ++Steps, Node = Node->getIDom()) {
    // A block with one predecessor is entered by that edge only.
    const BasicBlock *B = Node->getBlock(), *From = B->getSinglePredecessor();
    if (From && From->getTerminator()->getNumSuccessors() == 2)
      anyOnEdge(*From, From->getTerminator()->getSuccessor(0) == B ? 0 : 1, [&](const Value &Condition, bool Holds) {
        Out.push_back({&Condition, Holds});
        return false;
      });
  }
  return Out;
}

bool Overlap::isTaken(const BasicBlock &B, unsigned Successor) const {
  if (Tells == StartTells::Nothing && Known.empty())
    return true;
  return mayTake(B, Successor, [&](const Value &Condition) -> std::optional<bool> {
    if (Tells != StartTells::Nothing)
      if (std::optional<bool> Holds = holdsIf(Condition, Start, Tells == StartTells::Zero))
        return Holds;
    for (const Decided &D : Known)
      if (bool Negated = false; sameCondition(D.Condition, &Condition, Negated))
        return D.Holds != Negated;
    return std::nullopt;
  });
}

Overlap::Overlap(const Instruction &Start, SmallPtrSet<const Instruction *, 4> Barriers, const DominatorTree *Dominators,
                 StartTells Tells)
    : Start(Start), Barriers(std::move(Barriers)), Tells(Tells) {
  follow();
  if (!Dominators)
    return;
  Known = decidedBefore(*Dominators);
  erase_if(Known, [&](const Decided &D) { return computedIn(D.Condition, Entered); });
  if (Known.empty())
    return;
  Entered.clear();
  ReachesReturn = false;
  follow();
}

void Overlap::follow() {
  SmallVector<const BasicBlock *, 16> Work;
  auto Leave = [&](const BasicBlock &B) {
    if (isa<ReturnInst>(B.getTerminator()))
      ReachesReturn = true;
    // An invoke that is itself a barrier or the start unwinds without having done it.
    for (unsigned N = 0; N < B.getTerminator()->getNumSuccessors(); ++N) {
      if (!isFeasible(B, N) || !isTaken(B, N))
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

bool Overlap::takes(const Instruction &Terminator, const BasicBlock &To) const {
  const BasicBlock &B = *Terminator.getParent();
  for (unsigned N = 0; N < Terminator.getNumSuccessors(); ++N)
    if (Terminator.getSuccessor(N) == &To && isFeasible(B, N) && isTaken(B, N))
      return true;
  return false;
}

bool Overlap::contains(const Instruction &I) const {
  const BasicBlock &B = *I.getParent();
  if (&B == Start.getParent() && &I != &Start && Start.comesBefore(&I) && passes(B, &Start, &I))
    return true;
  return Entered.contains(&B) && passes(B, nullptr, &I);
}

} // namespace emm::race
