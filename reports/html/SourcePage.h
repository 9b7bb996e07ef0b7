//===- reports/html/SourcePage.h - the annotated source -------------------===//
//
// Code first: the whole text in chunks of lines that the browser lays out only
// when they come into view, each finding as a row under its line, small
// decisions folded into the end of it. What does not fit the page's budget of
// rows is compressed into shards and fetched when asked for; warnings always
// stand in the page.
//
//===----------------------------------------------------------------------===//

#ifndef EMM_REPORTS_HTML_SOURCEPAGE_H
#define EMM_REPORTS_HTML_SOURCEPAGE_H

#include "reports/html/Document.h"
#include "reports/html/LoadedSource.h"

#include "llvm/ADT/StringSet.h"

namespace emm {

struct SourceView {
  Markup Article;               ///< heading excluded: banner, outline, code
  std::vector<RawShard> Shards; ///< of rows; names start with `pN-`, N the file's index
};

/// The annotated text of file \p File. \p UsedIds holds the ids that the document already has; the first row
/// with an id gets it.
SourceView sourceView(const Catalogue &C, const Links &L, uint32_t File, const LoadedSource &S,
                      llvm::StringSet<> &UsedIds);

/// The colours of a text that is too long to have them in its page; else none. Names start as those of the rows.
std::vector<RawShard> sourceColours(const Catalogue &C, uint32_t File, const LoadedSource &S);

/// The whole page around it.
PageParts sourcePage(const Catalogue &C, const Links &L, uint32_t File, SourceView View);

/// `3 warnings, 12 notes, 1 new`.
std::string tallyText(const Tally &T);

/// The check boxes that show and hide families; they work without a script.
void familyFilter(Markup &M, const Tally &T);

} // namespace emm

#endif
