//===- reports/gate/Diff.h - what changed between two builds --------------===//
//
// Compares two reports by finding id within a file, never by line. A decision
// that turned into another one (inlined, then refused) has another rule and so
// another id: such leftovers of one family, function and subject are paired, in
// the order of the source, as one change.
//
//===----------------------------------------------------------------------===//

#ifndef EMM_REPORTS_GATE_DIFF_H
#define EMM_REPORTS_GATE_DIFF_H

#include "reports/record/Report.h"

#include "llvm/Support/raw_ostream.h"

#include <vector>

namespace emm {

struct ReportDiff {
  std::vector<uint32_t> New;                           ///< entries of the new report
  std::vector<uint32_t> Gone;                          ///< entries of the old report
  std::vector<std::pair<uint32_t, uint32_t>> Changed;  ///< old, new
  size_t Unchanged = 0;
};

struct DiffOptions {
  bool Numbers = false; ///< also decisions whose sentence differs in numbers only (costs)
};

ReportDiff diffReports(const Report &Old, const Report &New, const DiffOptions &O);

void writeDiffText(llvm::raw_ostream &OS, const Report &Old, const Report &New, const ReportDiff &D, bool Color);
/// One object a line, as `emm log --format=json` writes them, in the order gone, changed, new; `state` says which, and a
/// changed one has `before`.
void writeDiffJson(llvm::raw_ostream &OS, const Report &Old, const Report &New, const ReportDiff &D);

/// The report of what differs, for the page: \p New's entries with states, \p Old's that are gone as Fixed. Its strings
/// belong to \p Old and \p New.
Report diffAsReport(const Report &Old, const Report &New, const ReportDiff &D);

} // namespace emm

#endif
