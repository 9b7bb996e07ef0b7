//===- reports/text/Log.h - a report as text or for another tool ----------===//
//
// One function per format, from a report that is already merged and sorted to a
// stream. Formats never choose what is shown: that is Selection's part.
//
// Invariant: the same report gives the same bytes in every format; none holds a
// time, an absolute path below the project's root, or the order of threads.
//
//===----------------------------------------------------------------------===//

#ifndef EMM_REPORTS_TEXT_LOG_H
#define EMM_REPORTS_TEXT_LOG_H

#include "reports/finding/Finding.h"
#include "reports/record/Report.h"

#include "llvm/Support/raw_ostream.h"

#include <optional>
#include <string>
#include <vector>

namespace emm {

enum class LogFormat { Go, Clang, Json, Sarif, GitHub, GitLab, JUnit, RdJson, OpenMetrics };

/// The names of `--format`, in the order of LogFormat.
llvm::ArrayRef<llvm::StringRef> logFormatNames();
std::optional<LogFormat> parseLogFormat(llvm::StringRef Name);

/// Which entries are shown.
struct Selection {
  Level Least = Level::Note;
  std::vector<std::string> Families; ///< rule families, rules or passes; empty = all
  std::vector<std::string> Paths;    ///< globs of file names; empty = all
  bool Suppressed = true;            ///< also what a suppression silences
  /// Only calls that were refused by at most a fifth of the threshold and that a profile saw run or, without one, that
  /// stand in a loop. They come in the order of what inlining them would gain: by how often they ran, then by the loops
  /// around them (each is taken to multiply the runs), then by how little was missing.
  bool Almost = false;

  /// Indices into R.Entries, in order. An error names a bad glob.
  llvm::Expected<std::vector<uint32_t>> select(const Report &R) const;
};

struct LogOptions {
  LogFormat Format = LogFormat::Go;
  unsigned Verbosity = 1; ///< Go's shape: 1 as `-m`, 2 as `-m -m`
  bool Color = false;
  unsigned Limit = 10; ///< GitHub: annotations of each level
};

void writeLog(llvm::raw_ostream &OS, const Report &R, llvm::ArrayRef<uint32_t> Entries, const LogOptions &O);

void writeGoLog(llvm::raw_ostream &OS, const Report &R, llvm::ArrayRef<uint32_t> Entries, unsigned Verbosity);
void writeClangLog(llvm::raw_ostream &OS, const Report &R, llvm::ArrayRef<uint32_t> Entries, bool Color);
void writeJsonLines(llvm::raw_ostream &OS, const Report &R, llvm::ArrayRef<uint32_t> Entries);
void writeSarif(llvm::raw_ostream &OS, const Report &R, llvm::ArrayRef<uint32_t> Entries);
void writeGitHub(llvm::raw_ostream &OS, const Report &R, llvm::ArrayRef<uint32_t> Entries, unsigned Limit);
void writeGitLab(llvm::raw_ostream &OS, const Report &R, llvm::ArrayRef<uint32_t> Entries);
void writeJUnit(llvm::raw_ostream &OS, const Report &R, llvm::ArrayRef<uint32_t> Entries);
void writeRdJson(llvm::raw_ostream &OS, const Report &R, llvm::ArrayRef<uint32_t> Entries);
void writeOpenMetrics(llvm::raw_ostream &OS, const Report &R, llvm::ArrayRef<uint32_t> Entries);

/// The name of the file of \p P as shown; `<unknown>` without one.
llvm::StringRef fileName(const Report &R, const Position &P);

/// \p E as the plugin knew it. E.Info must be set.
Finding toFinding(const Report &R, const Entry &E);

llvm::StringRef stateName(EntryState S); ///< `new`, `unchanged`, ...; empty for None

} // namespace emm

#endif
