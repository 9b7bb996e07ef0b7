//===- passes/escape/EscapeReport.h - verdicts and their explanations -----===//

#ifndef EMM_PASSES_ESCAPE_ESCAPEREPORT_H
#define EMM_PASSES_ESCAPE_ESCAPEREPORT_H

#include "passes/escape/EscapeBuilder.h"

#include <map>
#include <string>

namespace emm {

/// Verdicts about lambdas are per lambda, not per function: a copy may escape in a function the closure was passed to.
struct LambdaVerdict {
  bool Escapes = false;
  std::vector<Step> Steps;
};
using LambdaVerdicts = std::map<std::string, LambdaVerdict>; ///< by mangled class

/// Appends the verdicts about the allocations, parameters and variables of one function of the user.
void reportFunction(EscapeBuilder &B, AnalysisContext &C, LambdaVerdicts &Lambdas);

/// Says that a limit made the verdicts about \p F less precise than its code is.
void reportGaveUp(AnalysisContext &C, const llvm::Function &F, llvm::StringRef Why);

/// The lines about captures and lambdas.
void reportClosures(AnalysisContext &C, const LambdaVerdicts &Lambdas);

} // namespace emm

#endif
