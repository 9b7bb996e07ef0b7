//===- reports/gate/Suppressions.h - `// emm:ignore RULE reason` ----------===//
//
// Comments are not in the IR, so suppressions are read from the source text when
// a report is read. A comment after code concerns its line; a comment alone on
// its line (or on several) concerns the next line of code. RULE is a rule or a
// glob of rules; the reason is required. Suppressed entries keep their place,
// with State Suppressed and the reason.
//
// Reported as problems of `FILE:LINE`: no reason, unknown rule, nothing to
// suppress. A source that changed since it was compiled is left alone and said.
//
// Limits: comments are recognised by `//` or `/*` before the words on their line,
// without lexing: in a string literal they count as well.
//
//===----------------------------------------------------------------------===//

#ifndef EMM_REPORTS_GATE_SUPPRESSIONS_H
#define EMM_REPORTS_GATE_SUPPRESSIONS_H

#include "reports/record/Report.h"

#include <string>
#include <vector>

namespace emm {

struct Suppression {
  uint32_t Line = 0;    ///< of the comment
  uint32_t Target = 0;  ///< the line it concerns
  std::string Rule;
  std::string Reason;
};

/// Every `emm:ignore` of \p Text, with or without reason, in order.
std::vector<Suppression> findSuppressions(llvm::StringRef Text);

/// Reads the sources of \p R that can be read and applies what they say.
void applySuppressions(Report &R);

} // namespace emm

#endif
