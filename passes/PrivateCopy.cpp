//===- passes/PrivateCopy.cpp - copy, build SSA, put back -----------------===//

#include "passes/PrivateCopy.h"

#include "llvm/IR/Dominators.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/ValueHandle.h"
#include "llvm/Transforms/Scalar/EarlyCSE.h"
#include "llvm/Transforms/Scalar/SROA.h"
#include "llvm/Transforms/Utils/PromoteMemToReg.h"

using namespace llvm;

namespace emm {

/// Calls \p Visit with every constant that refers to \p V, directly or through others; not what has an initialiser.
template <typename Visitor> static void forConstantsOn(const Value &V, Visitor Visit) {
  for (const User *U : V.users())
    if (const auto *C = dyn_cast<Constant>(U); C && !isa<GlobalValue>(C) && Visit(*C))
      forConstantsOn(*C, Visit);
}

PrivateCopy::PrivateCopy(Module &Mod, ModuleAnalysisManager &MAM)
    : M(Mod), FAM(MAM.getResult<FunctionAnalysisManagerModuleProxy>(Mod).getManager()), Functions(M.size()),
      Variables(M.global_size()) {
  for (const GlobalValue &G : M.global_values())
    forConstantsOn(G, [&](const Constant &C) { return Constants.insert(&C).second; });
  for (Function &F : M)
    if (!F.isDeclaration()) {
      FAM.clear(F, F.getName());
      Bodies.push_back(std::make_unique<SetAside>(F));
    }
}

/// True if SROA may take \p A apart: a call that is given its address keeps it whole, unless the call only reads.
static bool isSplittable(const AllocaInst &A) {
  SmallVector<const Value *, 16> Work{&A};
  SmallPtrSet<const User *, 16> Seen;
  while (!Work.empty())
    for (const User *U : Work.pop_back_val()->users()) {
      if (isa<GetElementPtrInst, SelectInst, PHINode, AddrSpaceCastInst>(U)) {
        if (Seen.insert(U).second)
          Work.push_back(cast<Instruction>(U));
        if (Seen.size() > 64)
          return true;
      } else if (const auto *S = dyn_cast<StoreInst>(U)) {
        if (S->getValueOperand() == &A)
          return false;
      } else if (const auto *Call = dyn_cast<CallBase>(U)) {
        if (!isa<MemIntrinsic>(Call) && !Call->isLifetimeStartOrEnd() && !Call->onlyReadsMemory())
          return false;
      }
    }
  return true;
}

void PrivateCopy::simplify() {
  std::vector<AllocaInst *> Promotable;
  for (const std::unique_ptr<SetAside> &B : Bodies) {
    Function &F = B->function();
    // Where a variable that holds the address of another has become a value, the other may follow.
    for (bool Splits = false; !Splits;) {
      Promotable.clear();
      for (Instruction &I : F.getEntryBlock())
        if (auto *A = dyn_cast<AllocaInst>(&I)) {
          if (isAllocaPromotable(A))
            Promotable.push_back(A);
          else if (!Splits)
            Splits = isSplittable(*A);
        }
      if (Splits)
        FAM.invalidate(F, SROAPass(SROAOptions::ModifyCFG).run(F, FAM));
      else if (!Promotable.empty())
        PromoteMemToReg(Promotable, FAM.getResult<DominatorTreeAnalysis>(F));
      else
        break;
    }
    // A value that is stored and read back is the value itself, at every level.
    EarlyCSEPass().run(F, FAM);
    FAM.clear(F, F.getName());
  }
}

PrivateCopy::~PrivateCopy() {
  for (const std::unique_ptr<SetAside> &B : Bodies)
    FAM.clear(B->function(), B->function().getName());
  Bodies.clear();

  std::vector<WeakVH> Grown; // one may refer to another and is then destroyed with it
  for (const GlobalValue &G : M.global_values())
    forConstantsOn(G, [&](const Constant &C) {
      if (Constants.count(&C))
        return true;
      Grown.emplace_back(const_cast<Constant *>(&C));
      return false;
    });
  for (WeakVH &C : Grown)
    if (C)
      cast<Constant>(C)->destroyConstant();
  while (M.size() > Functions)
    std::prev(M.end())->eraseFromParent();
  while (M.global_size() > Variables)
    std::prev(M.global_end())->eraseFromParent();
}

} // namespace emm
