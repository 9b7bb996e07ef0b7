//===- passes/PrivateCopy.h - the module as -O1 would show it -------------===//
//
// At -O0 functions are `optnone` and every variable lives in memory, so the
// verdicts would differ from those at -O2. While a PrivateCopy lives, every
// function of the module has a copy of its body, on which simplify() builds SSA
// form; the originals come back, untouched, when it ends. Units with lambdas
// get one at every level, made before SROA, because closure objects must be
// kept whole.
//
// What the copy made the module grow by, declarations of intrinsics and
// constants that refer to globals, goes with it: both would be seen by passes
// that count uses.
//
//===----------------------------------------------------------------------===//

#ifndef EMM_PASSES_PRIVATECOPY_H
#define EMM_PASSES_PRIVATECOPY_H

#include "passes/BodyCopy.h"

#include "llvm/ADT/DenseSet.h"
#include "llvm/IR/Module.h"
#include "llvm/IR/PassManager.h"

#include <memory>
#include <vector>

namespace emm {

class PrivateCopy {
public:
  PrivateCopy(llvm::Module &M, llvm::ModuleAnalysisManager &MAM);
  ~PrivateCopy();
  PrivateCopy(const PrivateCopy &) = delete;
  PrivateCopy &operator=(const PrivateCopy &) = delete;

  /// Variables into registers, as the passes that precede the second hook do at -O1.
  void simplify();

private:
  llvm::Module &M;
  llvm::FunctionAnalysisManager &FAM;
  size_t Functions, Variables; ///< how many the module has of its own
  llvm::DenseSet<const llvm::Constant *> Constants; ///< that refer to globals
  std::vector<std::unique_ptr<SetAside>> Bodies;
};

} // namespace emm

#endif
