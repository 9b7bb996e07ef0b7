//===- reports/record/Report.h - everything that was read, merged ---------===//
//
// The loaded form of any number of records: what renderers, the gate and the
// diff work on. Strings are interned in the report's arena, so an entry is
// small and a million of them fit; all views live as long as the report.
//
// Invariants: Entries are sorted by (file name, line, column, rule, message,
// function) and folded: no two agree in file, position, rule, message and
// function without template arguments. Files are sorted by name. Neither depends
// on the order of the inputs, on the number of threads or on the directory.
//
//===----------------------------------------------------------------------===//

#ifndef EMM_REPORTS_RECORD_REPORT_H
#define EMM_REPORTS_RECORD_REPORT_H

#include "reports/finding/Rule.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Allocator.h"
#include "llvm/Support/StringSaver.h"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace emm {

/// A position; File indexes Report::Files, ~0u when nothing is known. Line and Column as in Location.
struct Position {
  uint32_t File = ~0u;
  uint32_t Line = 0;
  uint32_t Column = 0;

  bool hasFile() const { return File != ~0u; }
};

struct EntryStep {
  Position Pos;
  llvm::StringRef Message;
};

struct EntryFrame {
  Position Pos;             ///< of the call that was inlined
  llvm::StringRef Function; ///< mangled name of the function that contains the call
};

/// What kind of remark a document was; Unknown keeps a tag this version does not know.
enum class RemarkKind : uint8_t { Passed, Missed, Analysis, Failure, Unknown };

/// Relation to a baseline or to another build.
enum class EntryState : uint8_t { None, New, Unchanged, Updated, Fixed, Suppressed };

struct Entry {
  llvm::StringRef RuleId;         ///< rule id, or `pass/Name` for a remark of another pass
  const RuleInfo *Info = nullptr; ///< null for a remark of another pass or a rule of a later version
  Level Severity = Level::Note;
  RemarkKind Kind = RemarkKind::Analysis;
  EntryState State = EntryState::None;
  static constexpr uint8_t NotAlmost = 255;
  uint8_t MissingPercent = NotAlmost; ///< of a call that was nearly inlined: of the threshold
  uint8_t Loops = 0;                  ///< around such a call; at most 255 are counted
  Position Pos;
  llvm::StringRef Function; ///< mangled
  llvm::StringRef Subject;  ///< may be empty
  llvm::StringRef Message;
  llvm::StringRef Id;       ///< 16 hexadecimal digits; computed by the reader for foreign remarks
  llvm::StringRef Reason;   ///< of a suppression, else empty
  llvm::ArrayRef<EntryStep> Steps;
  llvm::ArrayRef<EntryFrame> InlineStack; ///< innermost call first
  uint32_t Units = 1;     ///< translation units that have it
  uint32_t Instances = 1; ///< template instances and copies folded into it
  uint64_t Hotness = 0;   ///< 0 = no profile
};

/// A source file that something points into.
struct SourceFile {
  llvm::StringRef Name;     ///< shown to people: relative to the project root where possible, `/` separated
  llvm::StringRef Path;     ///< absolute path to read it from; empty when unresolved
  llvm::StringRef Digest;   ///< taken at compile time, `md5:...`; empty when unknown
  bool DigestConflict = false; ///< units saw different contents
};

struct Unit {
  llvm::StringRef Source, Base, Compiler, Target, Flags;
  llvm::StringRef Input; ///< the object or remark file it was read from
};

struct SummaryArg {
  llvm::StringRef Key, Value;
  Position Pos;
};

/// What a unit says for the benefit of others; the arguments belong to the analysis that wrote them.
struct Summary {
  uint32_t Unit = 0; ///< index into Report::Units
  llvm::StringRef Kind, Function;
  llvm::ArrayRef<SummaryArg> Args;
};

/// Something that was skipped or is incomplete, for people: `a.o: no record (compiled without the plugin?)`.
struct InputProblem {
  std::string Input;
  std::string Message;
  bool Incomplete = false; ///< a unit is missing: exit code 3
};

/// Move-only owner of all of the above.
struct Report {
  std::unique_ptr<llvm::BumpPtrAllocator> Arena = std::make_unique<llvm::BumpPtrAllocator>();
  std::vector<Unit> Units;
  std::vector<SourceFile> Files;
  std::vector<Entry> Entries;
  std::vector<Summary> Summaries; ///< only if ReadOptions::KeepSummaries
  std::vector<InputProblem> Problems;
  std::string Root; ///< absolute project root that Files' names are relative to; empty if there is none
};

} // namespace emm

#endif
