//===- reports/html/Catalogue.h - what all pages need to know of a report -===//
//
// Counts by file and rule, names for people, page names: computed once, then
// read by any number of threads. Holds views into the report and must not
// outlive it.
//
//===----------------------------------------------------------------------===//

#ifndef EMM_REPORTS_HTML_CATALOGUE_H
#define EMM_REPORTS_HTML_CATALOGUE_H

#include "reports/html/Html.h"
#include "reports/record/Report.h"

#include "llvm/ADT/DenseMap.h"

#include <array>
#include <string>
#include <vector>

namespace emm {

/// The first half of a rule id as far as the page sorts by it; remarks of other passes are Other.
enum class Family : uint8_t { Escape, Closure, Map, Atomic, Lock, Inline, Analysis, Other };
inline constexpr unsigned FamilyCount = 8;

llvm::StringRef familyName(Family F); ///< `escape` ... `analysis`, `other`
Family familyOf(const Entry &E);

/// Whether an entry is one of the many small decisions that a page folds into the end of its line.
bool isDecision(const Entry &E);

/// Whether it counts in totals: neither gone nor suppressed.
bool isOpen(const Entry &E);

struct Tally {
  uint64_t Errors = 0, Warnings = 0, Notes = 0; ///< open entries
  uint64_t New = 0, Updated = 0, Fixed = 0, Suppressed = 0;
  std::array<uint64_t, FamilyCount> Families{}; ///< open entries

  void add(const Entry &E);
  uint64_t open() const { return Errors + Warnings + Notes; }
};

struct RuleCount {
  llvm::StringRef Id;
  const RuleInfo *Info = nullptr;
  uint64_t Count = 0; ///< open entries
  Level Highest = Level::Off;
};

struct Catalogue {
  /// \p Sources tells which of the files that only chains lead into can be read.
  Catalogue(const Report &R, const HtmlOptions &O, const FileProvider &Sources);

  const Report &R;
  const HtmlOptions &O;
  std::string Title;

  Tally Total;
  std::vector<Tally> Files;                  ///< by file index
  std::vector<std::vector<uint32_t>> ByFile; ///< entries of each file, in the report's order
  std::vector<uint32_t> Shown;               ///< files with a page, by name
  std::vector<std::string> Pages;            ///< page name of each file, with `.html`
  std::vector<RuleCount> Rules; ///< the table's rules that occur, in its order, then others by id

  /// Whether a file has a page: findings stand in it, or a chain leads into it and its text can be shown.
  bool hasPage(uint32_t File) const { return Paged[File]; }

  /// Index into FunctionNames of an entry's or frame's function; both forms escape nothing.
  uint32_t functionIndex(llvm::StringRef Mangled) const { return FunctionIndex.lookup(Mangled); }
  std::vector<std::string> FunctionNames;  ///< short: without template arguments and parameters; [0] is empty
  std::vector<std::string> FunctionTitles; ///< the full demangled form

  llvm::StringRef functionName(llvm::StringRef Mangled) const {
    return FunctionNames[functionIndex(Mangled)];
  }
  llvm::StringRef functionTitle(llvm::StringRef Mangled) const {
    return FunctionTitles[functionIndex(Mangled)];
  }

private:
  void countEntries();
  void choosePages(const FileProvider &Sources);
  void nameFunctions();

  std::vector<bool> Paged;

  llvm::DenseMap<llvm::StringRef, uint32_t> FunctionIndex;
};

} // namespace emm

#endif
