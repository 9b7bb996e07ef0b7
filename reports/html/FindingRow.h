//===- reports/html/FindingRow.h - one finding as markup ------------------===//
//
// The anatomy of a finding on a source page: a summary line (level as icon and
// word, state, sentence, rule) and, folded under it, the numbered chain, the
// inline stack, where it counts and its links.
//
//===----------------------------------------------------------------------===//

#ifndef EMM_REPORTS_HTML_FINDINGROW_H
#define EMM_REPORTS_HTML_FINDINGROW_H

#include "reports/html/Links.h"
#include "reports/source/SourceText.h"

namespace emm {

/// What is needed to render findings on one page. Source is null when its text is not shown.
struct RowContext {
  const Catalogue &C;
  const Links &L;
  const SourceText *Source = nullptr;
};

/// The icon of a level; it differs in shape, not only in colour.
llvm::StringRef levelIcon(Level L);

/// `new`, `changed`, `fixed`, `suppressed`, or empty.
llvm::StringRef stateWord(EntryState S);

/// `in 3 units, 12 instances`, empty when there is one of each; for a fixed one first where it was.
std::string foldedCounts(const Entry &E);

/// The complete row. The id attribute is left out when \p WithId is false: two entries that share an id
/// (instances that were not folded) may not both carry it.
void findingRow(Markup &M, const RowContext &X, const Entry &E, bool WithId);

/// The chain alone: numbered links with messages.
void stepList(Markup &M, const RowContext &X, const Entry &E);

} // namespace emm

#endif
