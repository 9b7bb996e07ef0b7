//===- passes/race/Told.h - what a result says of a thread ----------------===//
//
// A function that starts a thread may fail, and says so by its result: 0 or -1,
// true or false. Whoever has tested the result knows on which ways there is a
// thread; a wrapper answers in its own words. Of results only zero and any other
// number are told apart.
//
//===----------------------------------------------------------------------===//

#ifndef EMM_PASSES_RACE_TOLD_H
#define EMM_PASSES_RACE_TOLD_H

#include "passes/race/Overlap.h"

#include "llvm/ADT/SmallVector.h"
#include "llvm/IR/Function.h"
#include "llvm/IR/InstrTypes.h"

#include <optional>

namespace emm::race {

/// Which result of \p F says that the thread that \p Start may start runs, where \p Tells says the same of the result of
/// \p Start. \p After: the ways on which the thread may run.
StartTells toldByResult(const llvm::Function &F, const llvm::Instruction &Start, StartTells Tells, const Overlap &After);

/// A branch of which an integer's being zero or not decides the way.
struct Fork {
  const llvm::BasicBlock *Block;
  std::optional<unsigned> IfZero, IfNonZero; ///< successors
};

/// The branches that the result of \p Call decides, in a stable order; none if it is no integer.
llvm::SmallVector<Fork, 2> forksOn(const llvm::CallBase &Call);

} // namespace emm::race

#endif
