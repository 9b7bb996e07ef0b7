//===- reports/html/CodeLines.h - source lines as coloured markup ---------===//
//
// Colour classes are elements of one letter without attributes: `b` keyword, `i`
// comment, `u` literal, `var` number, `samp` directive. They cost a page the least,
// and without the style sheet they still read as bold, italic and underlined.
//
//===----------------------------------------------------------------------===//

#ifndef EMM_REPORTS_HTML_CODELINES_H
#define EMM_REPORTS_HTML_CODELINES_H

#include "reports/html/Markup.h"
#include "reports/source/Highlight.h"
#include "reports/source/SourceText.h"

#include <vector>

namespace emm {

/// A word that a finding is about: wrapped in <mark>.
struct WordMark {
  uint32_t Column = 0; ///< 1-based byte column
  bool Warning = false;
  llvm::StringRef Id; ///< of the finding, whose chain the word shows when pointed at
};

/// Renders the lines of one text, in ascending order.
class CodeLines {
public:
  /// \p Coloured false leaves out the colours.
  CodeLines(const SourceText &Source, bool CPlusPlus, bool Coloured);

  /// Appends the text of \p Line, without a line end. \p Marks are sorted by column. Lines must not go
  /// backwards.
  void line(Markup &M, uint32_t Line, llvm::ArrayRef<WordMark> Marks);

private:
  void run(Markup &M, size_t Begin, size_t End, llvm::ArrayRef<WordMark> Marks, size_t LineStart);

  const SourceText &Source;
  std::vector<PaintSpan> Spans;
  size_t Next = 0; ///< first span that may reach into the current line
};

} // namespace emm

#endif
