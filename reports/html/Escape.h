//===- reports/html/Escape.h - hostile bytes to harmless text -------------===//

#ifndef EMM_REPORTS_HTML_ESCAPE_H
#define EMM_REPORTS_HTML_ESCAPE_H

#include "llvm/ADT/StringRef.h"

#include <string>

namespace emm {

/// How a character that must be seen is written.
enum class Visible {
  Marked, ///< `<span class="cc">[U+202E]</span>`, for element content
  Plain   ///< `[U+202E]`, for attributes, titles and data
};

/// Appends \p S for use as element content or, with Visible::Plain, also as a quoted attribute value.
void escapeHtml(std::string &Out, llvm::StringRef S, Visible How);

/// \p S as valid UTF-8 with the same replacements and no HTML escaping: for data that a script shows as text.
std::string displayText(llvm::StringRef S);

/// Number of UTF-16 units that the first \p Bytes bytes of \p Line have once they are displayText().
size_t displayUnits(llvm::StringRef Line, size_t Bytes);

/// Appends \p S percent-encoded; characters of \p Keep and the unreserved ones stay.
void percentEncode(std::string &Out, llvm::StringRef S, llvm::StringRef Keep);

} // namespace emm

#endif
