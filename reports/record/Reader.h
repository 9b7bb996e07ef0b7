//===- reports/record/Reader.h - from names to a report -------------------===//
//
// Reads any mix of objects, archives, remark files and directories in parallel
// and merges them in the order of their names. What stays in memory is what the
// report keeps, plus a bounded number of inputs that are being read.
//
//===----------------------------------------------------------------------===//

#ifndef EMM_REPORTS_RECORD_READER_H
#define EMM_REPORTS_RECORD_READER_H

#include "reports/record/Report.h"

#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/Support/Error.h"

#include <string>
#include <vector>

namespace emm {

struct ReadOptions {
  /// Where sources are, and what names are relative to; empty: found from the records.
  std::string SourceRoot;
  /// A compile_commands.json for remark files without header; empty: searched from the remark file upwards.
  std::string CompileCommands;
  unsigned Threads = 0; ///< 0 = as many as the machine has
  bool KeepSummaries = false;
  uint64_t PartSize = uint64_t(8) << 20; ///< large remark files are read in parts of about this size
  /// Called from the reading thread with pieces done and pieces in all.
  llvm::function_ref<void(size_t, size_t)> Progress;
};

/// One error for each unusable input that the user named, each `FILE: reason`. Inputs found in a directory that cannot be
/// read, damaged documents and units without a record become Report::Problems.
llvm::Expected<Report> readReport(llvm::ArrayRef<std::string> Inputs, const ReadOptions &Options);

} // namespace emm

#endif
