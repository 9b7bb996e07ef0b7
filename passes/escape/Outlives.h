//===- passes/escape/Outlives.h - what is left behind by a frame ----------===//

#ifndef EMM_PASSES_ESCAPE_OUTLIVES_H
#define EMM_PASSES_ESCAPE_OUTLIVES_H

#include "passes/escape/EscapeBuilder.h"

namespace emm {

/// Warns where the address of a variable stays, when the function returns, in a global, in what a parameter points to, in a
/// container there, or with a thread that nobody waits for. \p B is solved.
void reportOutliving(const EscapeBuilder &B, AnalysisContext &C);

} // namespace emm

#endif
