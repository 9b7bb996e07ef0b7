//===- passes/Emit.h - from findings to record and log --------------------===//

#ifndef EMM_PASSES_EMIT_H
#define EMM_PASSES_EMIT_H

#include "passes/Options.h"
#include "passes/model/SourceMap.h"
#include "reports/finding/Finding.h"
#include "reports/finding/RecordText.h"

#include "llvm/IR/Module.h"

#include <string>
#include <vector>

namespace emm {

/// Sorts, folds the instances of one template into one finding, and gives ids. What is equal in position, rule, message
/// and function without template arguments is one finding.
void settleFindings(std::vector<Finding> &Findings);

/// The header of the unit with the digests of every file that \p Findings and \p Summaries point into.
UnitHeader makeHeader(const llvm::Module &M, const SourceMap &Source, llvm::StringRef OptLevel,
                      llvm::ArrayRef<Finding> Findings, llvm::ArrayRef<SummaryDoc> Summaries);

/// Prints warnings in clang's shape and, as \p O asks, verdicts in Go's; everything in one write.
void printLog(const Options &O, llvm::ArrayRef<Finding> Findings);

/// With the user's own `-fsave-optimization-record`, the findings are in that file too.
void emitRemarks(llvm::Module &M, llvm::ArrayRef<Finding> Findings);

/// Puts the record into the module's `.emm` section, or below EMM_OUT. A file that cannot be written is named on stderr
/// and costs the record, never the compile.
void storeRecord(llvm::Module &M, const Options &O, const UnitHeader &H, llvm::ArrayRef<SummaryDoc> Summaries,
                 llvm::ArrayRef<Finding> Findings);

/// True if the module already carries a record: a link-time back end sees units whose compile was analysed.
bool hasRecord(const llvm::Module &M);

} // namespace emm

#endif
