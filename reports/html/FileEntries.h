//===- reports/html/FileEntries.h - the findings of one file, and their map -===//
//
// Splits a file's findings by where its page shows them, and draws the two views
// of the whole: the list beside the code, and the ticks at the right edge.
//
//===----------------------------------------------------------------------===//

#ifndef EMM_REPORTS_HTML_FILEENTRIES_H
#define EMM_REPORTS_HTML_FILEENTRIES_H

#include "reports/html/FindingRow.h"

#include <vector>

namespace emm {

struct FileEntries {
  std::vector<const Entry *> Placed; ///< with a line, ascending
  std::vector<const Entry *> Whole;  ///< about the file as a whole, or beyond its last line
  std::vector<const Entry *> Gone;   ///< fixed: their positions are those of the old text
};

/// \p LineCount is 0 when the text is not shown: then every line counts as one.
FileEntries splitEntries(const Catalogue &C, uint32_t File, uint32_t LineCount);

/// The list of what is found in the file, warnings first; nothing when there are only decisions.
void outline(Markup &M, const RowContext &X, const FileEntries &F);

/// Ticks at the right edge where the warnings stand; nothing for a short text.
void overview(Markup &M, const FileEntries &F, uint32_t LineCount);

} // namespace emm

#endif
