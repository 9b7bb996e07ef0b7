//===- reports/html/Document.h - the frame around every page --------------===//
//
// Head with the content security policy, skip link, header, main, footer. A
// page in a directory refers to report.css and report.js; a single file holds
// both, allowed by their hashes alone.
//
//===----------------------------------------------------------------------===//

#ifndef EMM_REPORTS_HTML_DOCUMENT_H
#define EMM_REPORTS_HTML_DOCUMENT_H

#include "reports/html/Links.h"
#include "reports/html/Shard.h"

namespace emm {

struct PageParts {
  std::string Title; ///< of the window
  std::string Kind;  ///< `index`, `source` or `rules`: what report.js does with it
  Markup Header;     ///< inside <header>
  Markup Main;       ///< inside <main>
};

/// A page of a directory report.
std::string document(const Links &L, const PageParts &P);

/// A whole report as one page.
std::string singleDocument(const Links &L, const PageParts &P, llvm::ArrayRef<Shard> Shards);

llvm::StringRef styleSheet();
llvm::StringRef script();

} // namespace emm

#endif
