//===- reports/record/ScalarScanner.h - YAML scalars, decoded in place ----===//
//
// Plain, single-quoted, double-quoted and literal block scalars of YAML 1.2, as
// far as they can be decided without a parser for the whole language: every
// function returns false for what only the general path can judge.
//
//===----------------------------------------------------------------------===//

#ifndef EMM_REPORTS_RECORD_SCALARSCANNER_H
#define EMM_REPORTS_RECORD_SCALARSCANNER_H

#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Allocator.h"

namespace emm {

/// A cursor over [P, E) with the scalar productions. Decoded text that is not a slice of the input lives in Scratch.
class ScalarScanner {
public:
  ScalarScanner(const char *P, const char *E, llvm::BumpPtrAllocator &Scratch) : P(P), E(E), Scratch(Scratch) {}

protected:
  /// The value of a block mapping's key, up to and including the end of its line. A block scalar's text must be
  /// indented deeper than \p ParentIndent columns.
  bool scalar(llvm::StringRef &Out, unsigned ParentIndent);
  /// A scalar inside `{ }`, quoted or plain; stops before `,` or `}`.
  bool flowScalar(llvm::StringRef &Out);

  void skipBlanks() {
    while (P != E && *P == ' ')
      ++P;
  }
  /// Blanks and line breaks between the tokens of a flow mapping. False when the next token stands at the margin.
  bool flowGap() {
    const char *Begin = P;
    while (P != E && (*P == ' ' || *P == '\n' || *P == '\r'))
      ++P;
    return P == Begin || P[-1] != '\n';
  }
  /// Blanks, then the end of the line (or of the text), consumed.
  bool endOfLine();

  /// Characters of keys and tags that mean nothing in YAML.
  static bool isKeyChar(char C);
  /// The plain words YAML reads as "no value".
  static bool isNullWord(llvm::StringRef S);

  const char *P;
  const char *const E;
  llvm::BumpPtrAllocator &Scratch;

private:
  bool singleQuoted(llvm::StringRef &Out);
  bool doubleQuoted(llvm::StringRef &Out);
  bool literalBlock(llvm::StringRef &Out, unsigned ParentIndent);
  bool escape(llvm::SmallVectorImpl<char> &Buf);
  bool fold(llvm::SmallVectorImpl<char> &Buf, size_t Keep);
  llvm::StringRef keep(llvm::StringRef S) { return S.copy(Scratch); }
};

} // namespace emm

#endif
