//===- passes/PrivateCopy.h - the module as -O1 would show it -------------===//
//
// At -O0 functions are `optnone` and every variable lives in memory, so the
// verdicts would differ from those at -O2. The analyses get a copy on which the
// per-function passes have run that precede the hook at -O1 (SimplifyCFG, SROA,
// EarlyCSE). The copy never reaches code generation. Units with lambdas get one
// at every level, made before SROA, because closure objects must be kept whole.
//
//===----------------------------------------------------------------------===//

#ifndef EMM_PASSES_PRIVATECOPY_H
#define EMM_PASSES_PRIVATECOPY_H

#include "llvm/IR/Module.h"
#include "llvm/IR/PassManager.h"

#include <memory>

namespace emm {

void simplifyPrivateCopy(llvm::Module &Copy, llvm::Module &Original, llvm::ModuleAnalysisManager &MAM);

/// Drops what the analysis managers cached for the copy; call it before the copy is destroyed.
void discardPrivateCopy(llvm::Module &Copy, llvm::ModuleAnalysisManager &MAM, llvm::Module &Original);

} // namespace emm

#endif
