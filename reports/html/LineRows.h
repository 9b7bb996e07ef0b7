//===- reports/html/LineRows.h - what stands at and under one line --------===//
//
// Decisions become one folded group per family at the end of the line; other
// findings become rows under it, the most severe first, with the tail of a very
// busy line folded. A page has a budget of rows: beyond it notes become buttons
// that fetch their rows.
//
//===----------------------------------------------------------------------===//

#ifndef EMM_REPORTS_HTML_LINEROWS_H
#define EMM_REPORTS_HTML_LINEROWS_H

#include "reports/html/FindingRow.h"
#include "reports/html/LazyRows.h"

#include "llvm/ADT/StringSet.h"

namespace emm {

class LineRows {
public:
  LineRows(const RowContext &X, LazyRows &Lazy, llvm::StringSet<> &UsedIds, size_t Total);

  /// Whether the page holds so much that what is not a warning goes without its word marked.
  bool isCrowded() const { return DecisionsLazy; }

  /// Appends everything for the entries of one line. \p Entries is reordered.
  void line(Markup &M, std::vector<const Entry *> &Entries);

private:
  void decisions(Markup &M, llvm::ArrayRef<const Entry *> Group);
  std::string lazily(llvm::ArrayRef<const Entry *> Group);
  void beyondBudget(Markup &M, llvm::ArrayRef<const Entry *> Notes);
  void rows(Markup &M, llvm::ArrayRef<const Entry *> Rows);
  void row(Markup &M, const Entry &E);

  const RowContext &X;
  LazyRows &Lazy;
  llvm::StringSet<> &UsedIds;
  bool DecisionsLazy;
  size_t NotesLeft; ///< rows of notes the page may still hold
};

} // namespace emm

#endif
