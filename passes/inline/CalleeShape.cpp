//===- passes/inline/CalleeShape.cpp - dead ends and fast paths -----------===//

#include "passes/inline/CalleeShape.h"

#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/SmallPtrSet.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/IR/CFG.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/IntrinsicInst.h"

using namespace llvm;

namespace emm {

static int costOf(const BasicBlock &BB) {
  int Cost = 0;
  for (const Instruction &I : BB) {
    if (isa<PHINode>(I) || isa<AllocaInst>(I) || I.isDebugOrPseudoInst() || I.isLifetimeStartOrEnd())
      continue;
    if (const auto *Br = dyn_cast<BranchInst>(&I); (Br && Br->isUnconditional()) || isa<ReturnInst, UnreachableInst>(I))
      continue;
    Cost += 5;
    if (const auto *Call = dyn_cast<CallBase>(&I); Call && !isa<IntrinsicInst>(Call))
      Cost += 25 + 5 * int(Call->arg_size());
  }
  return Cost;
}

/// Blocks from which no return is reached. \p F is walked backwards from its returns.
static SmallPtrSet<const BasicBlock *, 32> returningBlocks(const Function &F) {
  SmallPtrSet<const BasicBlock *, 32> Returning;
  SmallVector<const BasicBlock *, 32> Work;
  for (const BasicBlock &BB : F)
    if (isa<ReturnInst>(BB.getTerminator()) && Returning.insert(&BB).second)
      Work.push_back(&BB);
  while (!Work.empty())
    for (const BasicBlock *Before : predecessors(Work.pop_back_val()))
      if (Returning.insert(Before).second)
        Work.push_back(Before);
  return Returning;
}

static DebugLoc firstPosition(const BasicBlock &BB) {
  for (const Instruction &I : BB)
    if (I.getDebugLoc() && I.getDebugLoc().getLine() && !isa<PHINode>(I))
      return I.getDebugLoc();
  return {};
}

/// The cost of the straight way from \p BB to a return; -1 if it branches or is long.
static int straightToReturn(const BasicBlock *BB) {
  int Cost = 0;
  for (unsigned Steps = 0; Steps != 4; ++Steps) {
    Cost += costOf(*BB);
    if (isa<ReturnInst>(BB->getTerminator()))
      return Cost;
    BB = BB->getSingleSuccessor();
    if (!BB)
      return -1;
  }
  return -1;
}

CalleeShape shapeOf(const Function &F) {
  CalleeShape S;
  SmallPtrSet<const BasicBlock *, 32> Returning = returningBlocks(F);
  int Dearest = 0;
  for (const BasicBlock &BB : F) {
    int Cost = costOf(BB);
    S.Cost += Cost;
    if (Returning.contains(&BB))
      continue;
    S.DeadEndCost += Cost;
    if (Cost > Dearest) {
      Dearest = Cost;
      S.DeadEnd = firstPosition(BB);
    }
  }
  const BasicBlock &Entry = F.getEntryBlock();
  if (const auto *Br = dyn_cast<BranchInst>(Entry.getTerminator()); Br && Br->isConditional())
    for (const BasicBlock *Side : successors(&Entry)) {
      int Rest = straightToReturn(Side);
      if (Rest < 0)
        continue;
      int Fast = costOf(Entry) + Rest;
      // Worth a function of its own only if the call of it, and the test, stay cheaper than the work.
      if (Fast + 25 <= S.Cost / 2 && (!S.HasFastPath || Fast < S.FastCost)) {
        S.HasFastPath = true;
        S.FastCost = Fast;
        S.Branch = Br->getDebugLoc();
      }
    }
  S.IsLocal = F.hasLocalLinkage();
  for (const User *U : F.users())
    if (const auto *Call = dyn_cast<CallBase>(U); Call && Call->getCalledOperand() == &F)
      ++S.Calls;
  return S;
}

} // namespace emm
