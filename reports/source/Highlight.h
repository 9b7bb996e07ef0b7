//===- reports/source/Highlight.h - which bytes get which colour ----------===//
//
// Classes of text a reader tells apart at a glance, from tokens alone:
// functions, types and macros are not guessed. Identifiers and punctuation get
// no span, which keeps a page within 1.3 times its source.
//
//===----------------------------------------------------------------------===//

#ifndef EMM_REPORTS_SOURCE_HIGHLIGHT_H
#define EMM_REPORTS_SOURCE_HIGHLIGHT_H

#include "llvm/ADT/StringRef.h"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace emm {

enum class Paint : uint8_t { Keyword, Comment, String, Number, Directive };

struct PaintSpan {
  size_t Begin = 0, End = 0; ///< byte offsets; a span may cross lines
  Paint Class = Paint::Keyword;
};

/// Spans in ascending order, disjoint. Linear in the text.
std::vector<PaintSpan> highlight(llvm::StringRef Text, bool CPlusPlus);

/// One past the last byte of the word at \p Begin: an identifier (with a leading `~`), else one character.
size_t wordEnd(llvm::StringRef Text, size_t Begin);

} // namespace emm

#endif
