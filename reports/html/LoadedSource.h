//===- reports/html/LoadedSource.h - a source as far as it may be shown ----===//

#ifndef EMM_REPORTS_HTML_LOADEDSOURCE_H
#define EMM_REPORTS_HTML_LOADEDSOURCE_H

#include "reports/record/Report.h"
#include "reports/source/SourceText.h"

#include <memory>
#include <string>

namespace emm {

struct LoadedSource {
  std::unique_ptr<SourceText> Text; ///< null when there is nothing to show
  Freshness State = Freshness::Unknown;
  std::string Problem; ///< why Text is null; empty when sources are left out on purpose
};

/// Reads and verifies \p F. Text of a changed file is not kept.
LoadedSource loadSource(const SourceFile &F, const FileProvider &Files);

} // namespace emm

#endif
