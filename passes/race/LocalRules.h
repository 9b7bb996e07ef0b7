//===- passes/race/LocalRules.h - what one function shows alone -----------===//
//
// Mistakes that need no second thread in sight: a lock that protects nothing,
// an assignment to a nil map, a reference or iterator used after the map's own
// rules ended its life, a reference that leaves the locked region. Each is
// looked for only where a model says that the function deals with such things.
//
//===----------------------------------------------------------------------===//

#ifndef EMM_PASSES_RACE_LOCALRULES_H
#define EMM_PASSES_RACE_LOCALRULES_H

#include "passes/race/Unit.h"

namespace emm::race {

void checkLocally(Unit &U, const llvm::Function &F);

} // namespace emm::race

#endif
