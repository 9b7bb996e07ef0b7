//===- tools/emm/RecordSearch.h - what a build left behind ----------------===//
//
// After a build, records are in two places: the copies that the plugin wrote for
// every unit it compiled, and the objects, which also cover units that a compiler
// cache or an earlier build delivered. The reader merges equal records.
//
// Left out: units whose source is gone (the probes of configure scripts and of
// CMake), and objects older than their source.
//
//===----------------------------------------------------------------------===//

#ifndef EMM_TOOLS_EMM_RECORDSEARCH_H
#define EMM_TOOLS_EMM_RECORDSEARCH_H

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Chrono.h"

#include <string>
#include <vector>

namespace emm {

struct FoundRecords {
  std::vector<std::string> Inputs;       ///< files to read, sorted
  size_t Compiled = 0;                   ///< units of which the plugin left a copy
  size_t Probes = 0;                     ///< units left out because their source is gone
  size_t Stale = 0;                      ///< objects left out because their source is newer
  std::vector<std::string> WithoutRecord; ///< objects written since \p Start that have none
};

/// Looks at the plugin's copies in \p Copies and at the objects and archives below \p Tree.
FoundRecords searchRecords(llvm::StringRef Copies, llvm::StringRef Tree, llvm::sys::TimePoint<> Start);

} // namespace emm

#endif
