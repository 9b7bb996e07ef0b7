//===- reports/gate/Baseline.h - the findings a project lives with --------===//
//
// A text file for version control: a row for each accepted finding, without line
// numbers or absolute paths, sorted, so that two branches merge.
//
//   # emm baseline 1
//   # built with: clang 22.1.8 x86_64-pc-linux-gnu -O2 -g
//   PATH <tab> RULE <tab> ID <tab> COUNT <tab> FUNCTION <tab> MESSAGE
//
// Path, id and count decide; function and message find a finding whose text
// changed, and let people read the file. Backslash, tab, newline and other control
// characters are written as `\\`, `\t`, `\n`, `\xNN`.
//
// Matching, in tiers, each pairing one row with one finding:
//   1. same path and id;
//   2. same id in another path, if there is exactly one row and one finding left
//      with that id: the file was renamed;
//   3. same path, rule, function and subject of the sentence (numbers dropped):
//      the finding is `updated`;
//   otherwise it is new. In doubt it is new.
//
//===----------------------------------------------------------------------===//

#ifndef EMM_REPORTS_GATE_BASELINE_H
#define EMM_REPORTS_GATE_BASELINE_H

#include "reports/record/Report.h"

#include "llvm/Support/Error.h"
#include "llvm/Support/raw_ostream.h"

#include <string>
#include <vector>

namespace emm {

struct BaselineRow {
  std::string Path, Rule, Id;
  unsigned Count = 1;
  std::string Function, Message;
};

struct Baseline {
  std::vector<std::string> Builds; ///< `clang 22.1.8 x86_64-pc-linux-gnu -O2 -g`, sorted, each once
  std::vector<BaselineRow> Rows;   ///< sorted by path, rule, id
};

/// The builds \p R was read from, as a baseline names them.
std::vector<std::string> buildsOf(const Report &R);

/// The entries of \p R at \p Least and above that are not suppressed.
Baseline makeBaseline(const Report &R, Level Least);

void writeBaseline(llvm::raw_ostream &OS, const Baseline &B);

/// Errors are `FILE:LINE: reason`.
llvm::Expected<Baseline> readBaseline(llvm::StringRef File);
llvm::Expected<Baseline> parseBaseline(llvm::StringRef Text, llvm::StringRef File);

struct BaselineMatch {
  std::vector<BaselineRow> Fixed;    ///< rows without a finding, in files that were read
  std::vector<BaselineRow> NotRead;  ///< rows of files that no unit of the report mentions
};

/// Sets State of every entry at \p Least and above that has none: New, Unchanged or Updated.
BaselineMatch matchBaseline(Report &R, const Baseline &B, Level Least);

} // namespace emm

#endif
