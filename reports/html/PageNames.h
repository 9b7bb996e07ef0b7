//===- reports/html/PageNames.h - a file name for every source ------------===//
//
// `src/map.cpp` becomes `src+map.cpp.html`: one flat directory, readable names,
// nothing a file system or a web server could take for something else. `/` is
// `+`; other bytes outside [A-Za-z0-9._-] are `=hh`. The mapping is injective
// within a report also where the file system folds case: names that differ only
// in case, and names above the length limit, carry a hash.
//
//===----------------------------------------------------------------------===//

#ifndef EMM_REPORTS_HTML_PAGENAMES_H
#define EMM_REPORTS_HTML_PAGENAMES_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"

#include <string>
#include <vector>

namespace emm {

/// The page of each source, in the order of \p Sources, with `.html` and without a directory.
std::vector<std::string> pageNames(llvm::ArrayRef<llvm::StringRef> Sources);

} // namespace emm

#endif
