//===- passes/Analysis.h - what every analysis is handed ------------------===//
//
// An analysis is a function from a module and its facts to findings. It may
// read the IR, never change it, and keeps nothing between modules: ThinLTO
// backends run several at once.
//
//===----------------------------------------------------------------------===//

#ifndef EMM_PASSES_ANALYSIS_H
#define EMM_PASSES_ANALYSIS_H

#include "passes/model/Captures.h"
#include "passes/model/LibraryModels.h"
#include "passes/model/SourceMap.h"
#include "reports/finding/Finding.h"
#include "reports/finding/RecordText.h"

#include "llvm/IR/Module.h"

#include <vector>

namespace emm {

/// The lambdas of the unit, read before SROA; null in AnalysisContext when there are none.
struct ClosureFacts {
  ClosureIndex Index;
  std::vector<ClosureSite> Sites;
};

struct AnalysisContext {
  /// SSA form, nothing inlined: every library call is still a call. At -O0 a private copy after SROA and EarlyCSE.
  const llvm::Module &M;
  LibraryModels &Models;
  const SourceMap &Source;
  const ClosureFacts *Closures;
  std::vector<Finding> &Findings;       ///< results are appended in any order, without ids
  std::vector<SummaryDoc> &Summaries;   ///< for the whole-program merge
};

/// escape/*, closure/*
void analyseEscapes(AnalysisContext &C);
/// map/*, atomic/*, lock/*
void analyseConcurrency(AnalysisContext &C);

} // namespace emm

#endif
