//===- reports/finding/RecordText.h - findings to remark YAML and back to bytes -===//
//
// Writes the grammar of RecordKeys.h. LLVM's own remark serialiser would do,
// but its output differs between LLVM versions and it writes an order of
// magnitude slower than a compile-time budget of two per cent allows for the
// tens of thousands of inlining decisions of a large unit; the grammar is four
// line shapes and one quoting rule.
//
//===----------------------------------------------------------------------===//

#ifndef EMM_REPORTS_FINDING_RECORDTEXT_H
#define EMM_REPORTS_FINDING_RECORDTEXT_H

#include "reports/finding/Finding.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/Support/raw_ostream.h"

namespace emm {

/// One summary document; the arguments are opaque to the record.
struct SummaryDoc {
  struct Arg {
    std::string Key, Value;
    Location Loc; ///< may be unknown
  };
  std::string Kind;     ///< after the `summary/` prefix
  std::string Function; ///< mangled
  std::vector<Arg> Args;
};

/// Writes \p S as a YAML scalar: plain where that is unambiguous for every reader, else single-quoted, else
/// (control characters, invalid UTF-8) double-quoted with escapes.
void writeScalar(llvm::raw_ostream &OS, llvm::StringRef S);

/// The tag of \p F's document: `Missed`, `Passed` or `Analysis`.
llvm::StringRef recordTag(const Finding &F);

void writeHeader(llvm::raw_ostream &OS, const UnitHeader &H);
void writeSummary(llvm::raw_ostream &OS, const SummaryDoc &S);
void writeFinding(llvm::raw_ostream &OS, const Finding &F, bool WithId = true);

/// The whole record. \p Findings must be sorted. Without ids it is half the size when packed, and readers compute them.
std::string recordText(const UnitHeader &H, llvm::ArrayRef<SummaryDoc> Summaries, llvm::ArrayRef<Finding> Findings,
                       bool WithIds = true);

/// The blob of the object's section for \p Text.
void packRecord(llvm::StringRef Text, llvm::SmallVectorImpl<char> &Blob);

} // namespace emm

#endif
