//===- passes/PrivateCopy.cpp - clone, drop optnone, build SSA ------------===//

#include "passes/PrivateCopy.h"

#include "llvm/Transforms/Scalar/EarlyCSE.h"
#include "llvm/Transforms/Scalar/SROA.h"
#include "llvm/Transforms/Scalar/SimplifyCFG.h"
#include "llvm/Transforms/Utils/Cloning.h"

using namespace llvm;

namespace emm {

static FunctionAnalysisManager &functionAnalyses(Module &M, ModuleAnalysisManager &MAM) {
  return MAM.getResult<FunctionAnalysisManagerModuleProxy>(M).getManager();
}

void simplifyPrivateCopy(Module &Copy, Module &M, ModuleAnalysisManager &MAM) {
  FunctionAnalysisManager &FAM = functionAnalyses(M, MAM);
  FunctionPassManager Passes;
  Passes.addPass(SimplifyCFGPass());
  Passes.addPass(SROAPass(SROAOptions::ModifyCFG));
  Passes.addPass(EarlyCSEPass());
  for (Function &F : Copy) {
    if (F.isDeclaration())
      continue;
    F.removeFnAttr(Attribute::OptimizeNone);
    Passes.run(F, FAM);
    FAM.clear(F, F.getName());
  }
}

void discardPrivateCopy(Module &Copy, ModuleAnalysisManager &MAM, Module &Original) {
  FunctionAnalysisManager &FAM = functionAnalyses(Original, MAM);
  for (Function &F : Copy)
    if (!F.isDeclaration())
      FAM.clear(F, F.getName());
}

} // namespace emm
