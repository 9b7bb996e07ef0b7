//===- reports/gate/Gate.h - pass or fail, and why ------------------------===//
//
// Without a baseline every finding at the gate's level fails; with one, only what
// is new. Budgets count a rule's findings of any level. Incomplete input is never
// passed: it has its own exit code.
//
//===----------------------------------------------------------------------===//

#ifndef EMM_REPORTS_GATE_GATE_H
#define EMM_REPORTS_GATE_GATE_H

#include "reports/finding/Config.h"
#include "reports/gate/Baseline.h"

#include <optional>

namespace emm {

/// What the process returns; 128 + n after signal n.
enum ExitCode { Passed = 0, GateFailed = 1, BadUsage = 2, IncompleteInput = 3 };

struct GateResult {
  ExitCode Code = Passed;
  std::vector<uint32_t> Failing;      ///< entries, in order
  std::vector<std::string> Reasons;   ///< one sentence each
  BaselineMatch Match;                ///< with a baseline
  size_t Unchanged = 0, Updated = 0, Suppressed = 0;
};

/// Sets the level of each entry as \p C wants it and removes what it switches off, remarks of other passes in paths that
/// are not wanted included. Returns how many entries stood in such paths.
size_t applyConfig(Report &R, const Config &C);

/// Sets the states of \p R's entries. Incomplete problems of \p R decide over everything else but are not listed.
GateResult runGate(Report &R, const Config &C, const std::optional<Baseline> &B);

} // namespace emm

#endif
