//===- reports/html/IndexPage.h - the first page --------------------------===//
//
// In the order in which a reader decides: the verdict, what is new, what is
// fixed, what is incomplete, then the findings, the rules and the files. Without
// a script it lists the first findings of each section as plain rows; with one,
// the table over everything takes their place.
//
//===----------------------------------------------------------------------===//

#ifndef EMM_REPORTS_HTML_INDEXPAGE_H
#define EMM_REPORTS_HTML_INDEXPAGE_H

#include "reports/html/Document.h"

namespace emm {

PageParts indexPage(const Catalogue &C, const Links &L);

/// Every rule of the table: what it means, a bad and a good example.
PageParts rulesPage(const Catalogue &C, const Links &L);

/// The rules without a page around them, for a single file.
void ruleHelp(Markup &M, const Catalogue &C, const Links &L);

} // namespace emm

#endif
