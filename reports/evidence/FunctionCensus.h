//===- reports/evidence/FunctionCensus.h - one function disassembled ------===//

#ifndef EMM_REPORTS_EVIDENCE_FUNCTIONCENSUS_H
#define EMM_REPORTS_EVIDENCE_FUNCTIONCENSUS_H

#include "reports/evidence/Census.h"

namespace emm::evidence {

/// A call before it is known who is called.
struct RawCall {
  std::string Name;            ///< of the symbol; empty when Local is set
  std::optional<size_t> Local; ///< index into the file's functions
};

/// Counts \p F and appends its direct calls, each callee once or more often.
FunctionCensus countFunction(const CodeFile &File, const Machine &M, const CodeFunction &F, std::vector<RawCall> &Calls);

} // namespace emm::evidence

#endif
