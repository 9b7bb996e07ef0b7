//===- passes/race/ModulePairs.h - conflicts that no function sees --------===//
//
// A thread that outlives the function that started it meets what anyone may
// call afterwards: functions of this unit that nothing here calls, on the same
// global or, for a thread bound to `this`, on the same member of the class.
//
// Nothing says when such a function is called, nor what its callers lock. For
// maps that is enough to report. A scalar must be volatile on both sides, or the
// function must be seen to wait for a thread after its access.
//
//===----------------------------------------------------------------------===//

#ifndef EMM_PASSES_RACE_MODULEPAIRS_H
#define EMM_PASSES_RACE_MODULEPAIRS_H

#include "passes/race/Unit.h"

namespace emm::race {

void findModuleConflicts(Unit &U, llvm::ArrayRef<const llvm::Function *> Functions);

} // namespace emm::race

#endif
