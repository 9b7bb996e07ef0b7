//===- passes/PrivateCopy.cpp - copy, build SSA, put back -----------------===//

#include "passes/PrivateCopy.h"

#include "llvm/IR/ValueHandle.h"
#include "llvm/Transforms/Scalar/EarlyCSE.h"
#include "llvm/Transforms/Scalar/SROA.h"
#include "llvm/Transforms/Scalar/SimplifyCFG.h"

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

void PrivateCopy::simplify() {
  auto Run = [&](auto Pass, Function &F) { FAM.invalidate(F, Pass.run(F, FAM)); };
  for (const std::unique_ptr<SetAside> &B : Bodies) {
    Function &F = B->function();
    Run(SimplifyCFGPass(), F);
    Run(SROAPass(SROAOptions::ModifyCFG), F);
    Run(EarlyCSEPass(), F);
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
