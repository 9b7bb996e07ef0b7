//===- reports/record/RemarkScanner.h - remark YAML, read as it is written ===//
//
// A pull scanner for the remark YAML of any LLVM version: documents `--- !Tag`
// to `...`, keys in any order, plain, quoted, wrapped and block scalars. It
// copies only text that has to be decoded. What it does not recognise (comments,
// anchors, folded block scalars, unusual layout) goes to yaml-cpp, document by
// document (GeneralYaml.h), so it accepts what a YAML reader accepts.
//
// Invariants: a document never reads past the next `--- !`, so damage stays
// inside one document; for every document that both read, scanner and yaml-cpp
// agree (test/unit checks it, and the fuzzer searches for a difference).
// Limits: text is passed on byte by byte, valid UTF-8 or not.
//
//===----------------------------------------------------------------------===//

#ifndef EMM_REPORTS_RECORD_REMARKSCANNER_H
#define EMM_REPORTS_RECORD_REMARKSCANNER_H

#include "reports/record/Remark.h"

#include "llvm/Support/Allocator.h"

#include <string>

namespace emm {

class RemarkScanner {
public:
  /// \p Text must outlive the scanner. It may begin anywhere: what stands before the first document is skipped, and
  /// counts as damage unless it is blank, a comment or a directive.
  explicit RemarkScanner(llvm::StringRef Text);

  enum class Result { Remark, Damaged, End };

  /// Moves to the next document; false at the end. document() is then its text.
  bool advance();
  /// The text of the current document, from `--- !` to the line before the next one.
  llvm::StringRef document() const { return Document; }
  /// Decodes the current document. On Damaged, damage() and line() say why and where.
  Result decode(Remark &R);
  /// advance() and decode() in one.
  Result next(Remark &R) { return advance() ? decode(R) : Result::End; }

  llvm::StringRef damage() const { return Damage; }
  /// True when the last document ended without its `...` line, as in a file cut short.
  bool endsOpen() const { return EndsOpen; }
  /// True when something other than blanks, comments and directives stood before the first document.
  bool leadingJunk() const { return LeadingJunk; }

  /// Decodes with the fast path only; false when the document needs the general one. For tests.
  bool scanFast(Remark &R);

private:
  llvm::StringRef Text;
  llvm::StringRef Document;
  size_t Next;
  bool EndsOpen = false;
  bool LeadingJunk = false;
  std::string Damage;
  llvm::BumpPtrAllocator Scratch;
};

/// True when \p Text begins with a remark document (after blanks, comments, directives and a byte order mark).
bool looksLikeRemarkYaml(llvm::StringRef Text);

} // namespace emm

#endif
