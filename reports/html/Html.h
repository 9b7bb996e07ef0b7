//===- reports/html/Html.h - the report as pages for a browser ------------===//
//
// Writes a report as static pages that open from disk without a server or a
// network: index.html, rules.html, f/NAME.html for each source file, report.css,
// report.js and shard/*.js with the compressed rows of the large tables; or all
// of it as one file.
//
// Invariants: the same report and sources give the same bytes, whatever the
// output directory, the number of threads or the locale. Every string of the
// report and of the sources is hostile and is escaped by Markup. Source text is
// shown only if its digest is the one taken at compile time. A directory that
// emm did not write is never cleaned, and what is there stays until the new
// report is complete.
//
//===----------------------------------------------------------------------===//

#ifndef EMM_REPORTS_HTML_HTML_H
#define EMM_REPORTS_HTML_HTML_H

#include "reports/record/Report.h"
#include "reports/source/FileProvider.h"

#include "llvm/Support/Error.h"
#include "llvm/Support/raw_ostream.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace emm {

/// What the gate decided, shown first. Without one the page leads with the counts.
struct HtmlVerdict {
  bool Passed = false;
  std::string Reason; ///< one sentence: `3 new warnings, 0 allowed`
};

struct HtmlOptions {
  std::string Output; ///< the directory to write, or with SingleFile the file
  std::string Title;  ///< empty: the base name of the report's root, or `emm report`
  bool SingleFile = false;
  bool WithSources = true;  ///< false: findings without the text of any source file
  bool OpenBrowser = false; ///< start the user's browser on the result
  /// Sources are read only below these directories; empty: below Report::Root.
  std::vector<std::string> SourceRoots;
  uint64_t MaxSourceSize = uint64_t(64) << 20;     ///< a larger source file is listed but not shown
  uint64_t MaxSingleFileSize = uint64_t(20) << 20; ///< a larger single file is refused
  unsigned Threads = 0;                            ///< 0: as many as the machine has
  const FileProvider *Sources = nullptr;           ///< null: the disk, below the roots
  llvm::raw_ostream *Progress = nullptr;           ///< lines about long work; null: silent
  std::optional<HtmlVerdict> Verdict;
};

/// Writes the pages. On error nothing of the new report remains and an older one is untouched. The error's
/// text is `FILE: reason`, ready to follow `emm: error: `.
///
/// Entry::State decides the sections `New` and `Fixed`; an Updated entry's Reason is shown as what it said
/// before, a Suppressed entry's Reason as why.
llvm::Error writeHtmlReport(const Report &R, const HtmlOptions &O);

} // namespace emm

#endif
