//===- reports/program/ProgramAnalysis.h - what several units show --------===//
//
// Links the function summaries of a report and adds the findings that no unit
// shows alone: a thread started here, its entry there, the map in a third unit,
// the lock taken in a fourth. What a unit's own findings say already is not said
// again.
//
// The result depends on the contents of the records alone. Cost: linear in the
// summaries, with a limit for what one function leads to; where it is reached
// the report has a problem that says so.
//
//===----------------------------------------------------------------------===//

#ifndef EMM_REPORTS_PROGRAM_PROGRAMANALYSIS_H
#define EMM_REPORTS_PROGRAM_PROGRAMANALYSIS_H

#include "reports/record/Report.h"

namespace emm {

/// \p R must have been read with ReadOptions::KeepSummaries. The summaries are dropped, and with them the source files
/// that nothing else points into.
void analyseProgram(Report &R);

} // namespace emm

#endif
