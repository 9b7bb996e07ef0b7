//===- passes/inline/InlineWords.h - decisions in words -------------------===//
//
// LLVM's numbers and reasons as a reader of the source needs them.
//
//===----------------------------------------------------------------------===//

#ifndef EMM_PASSES_INLINE_INLINEWORDS_H
#define EMM_PASSES_INLINE_INLINEWORDS_H

#include "passes/inline/InlineRecorder.h"

#include <string>
#include <vector>

namespace emm {

/// LLVM takes 15000 off the cost of the only call of a local function. The cost without that.
int plainCost(const InlineDecision &D);

/// What hinders: `too costly: cost 230 exceeds threshold 225 by 5`.
std::string refusal(const InlineDecision &D);
/// ` (cost 20, threshold 225)`, or empty.
std::string costSuffix(const InlineDecision &D);

/// True if the reason lies in the callee alone, so that no call of it can be inlined.
bool isReasonOfCallee(const InlineDecision &D);

/// What explains a refusal: how little was missing, and the cheapest change of the source that the numbers support.
/// \p Callee as shown.
std::vector<Step> refusalSteps(const InlineDecision &D, llvm::StringRef Callee, const InlineUnit &U);

} // namespace emm

#endif
