//===- passes/race/Report.h - from conflicts to findings ------------------===//
//
// Folds the conflicts of one object and one pair of threads into one finding:
// the worst rule speaks, the others are counted. The main location is the
// access that writes; of two writers, that of the started thread.
//
//===----------------------------------------------------------------------===//

#ifndef EMM_PASSES_RACE_REPORT_H
#define EMM_PASSES_RACE_REPORT_H

#include "passes/race/Unit.h"

namespace emm::race {

void reportConflicts(Unit &U);

} // namespace emm::race

#endif
