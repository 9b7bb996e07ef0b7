//===- reports/program/ProgramReport.h - conflicts become findings --------===//

#ifndef EMM_REPORTS_PROGRAM_PROGRAMREPORT_H
#define EMM_REPORTS_PROGRAM_PROGRAMREPORT_H

#include "reports/program/FunctionMerge.h"

namespace emm::program {

/// Adds one entry for each object and pair of threads, unless an entry of \p R says it already: one about the same two
/// positions, or about the same object and the same start of a thread.
void addConflicts(Report &R, Merge &M);

} // namespace emm::program

#endif
