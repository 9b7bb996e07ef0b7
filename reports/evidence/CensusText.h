//===- reports/evidence/CensusText.h - a census as table or JSON ----------===//

#ifndef EMM_REPORTS_EVIDENCE_CENSUSTEXT_H
#define EMM_REPORTS_EVIDENCE_CENSUSTEXT_H

#include "reports/evidence/Census.h"

#include "llvm/ADT/StringMap.h"
#include "llvm/Support/raw_ostream.h"

namespace emm::evidence {

struct CensusOptions {
  /// Rules that findings of the records break on an object, by the object's name in the source.
  llvm::StringMap<std::set<std::string>> Findings;
  bool OnlySynchronising = false; ///< functions that, with their callees, do more than run instructions and store
  bool OwnOnly = false;           ///< without the lines about callees
};

/// Text: for each function a line of its own counts, then, where it calls something, a line of the totals.
void writeCensusText(llvm::raw_ostream &OS, const Census &C, llvm::ArrayRef<uint32_t> Shown, const CensusOptions &O);

/// One object; the order of keys and functions is fixed.
void writeCensusJson(llvm::raw_ostream &OS, const Census &C, llvm::ArrayRef<uint32_t> Shown, const CensusOptions &O);

/// Indexes of the functions to show: those whose name, mangled or as in the source, matches one of \p Patterns (globs;
/// none: all).
llvm::Expected<std::vector<uint32_t>> selectFunctions(const Census &C, llvm::ArrayRef<std::string> Patterns,
                                                      const CensusOptions &O);

} // namespace emm::evidence

#endif
