//===- reports/record/Remark.h - one remark document, decoded -------------===//
//
// What every reader (scanner, general YAML, bitstream) hands on: one remark at
// a time, as views. Text is decoded: quotes, escapes and folds are gone. The
// views live until the reader is asked for the next remark.
//
//===----------------------------------------------------------------------===//

#ifndef EMM_REPORTS_RECORD_REMARK_H
#define EMM_REPORTS_RECORD_REMARK_H

#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringRef.h"

#include <cstdint>

namespace emm {

struct RemarkLocation {
  llvm::StringRef File;
  unsigned Line = 0;
  unsigned Column = 0;

  bool isKnown() const { return !File.empty(); }
  bool operator==(const RemarkLocation &) const = default;
};

struct RemarkArg {
  llvm::StringRef Key;
  llvm::StringRef Value;
  RemarkLocation Loc;

  bool operator==(const RemarkArg &) const = default;
};

struct Remark {
  llvm::StringRef Tag; ///< `Passed`, `Missed`, `Analysis`, ..., any word of a later version
  llvm::StringRef Pass;
  llvm::StringRef Name;
  llvm::StringRef Function; ///< mangled
  RemarkLocation Loc;
  uint64_t Hotness = 0; ///< 0 = no profile
  llvm::SmallVector<RemarkArg, 12> Args;

  void clear() {
    Tag = Pass = Name = Function = {};
    Loc = {};
    Hotness = 0;
    Args.clear();
  }
};

} // namespace emm

#endif
