//===- reports/record/Facts.h - what one translation unit's record says ---===//
//
// The result of reading one unit (or one part of a large remark file), before
// merging. Made by one thread, consumed by the merger. Positions index Files of
// the same unit; strings live in its Arena.
//
// Invariant: no two entries come from byte-identical documents. LLVM's passes
// repeat remarks at each iteration; more than half of a record can be that.
//
//===----------------------------------------------------------------------===//

#ifndef EMM_REPORTS_RECORD_FACTS_H
#define EMM_REPORTS_RECORD_FACTS_H

#include "reports/finding/Fingerprint.h"
#include "reports/record/Remark.h"
#include "reports/record/Report.h"

#include "llvm/ADT/CachedHashString.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/StringMap.h"

namespace emm {

struct UnitFacts {
  struct File {
    llvm::StringRef Name, Digest;
  };

  std::unique_ptr<llvm::BumpPtrAllocator> Arena = std::make_unique<llvm::BumpPtrAllocator>();
  bool HasHeader = false;
  /// Goes on where the previous part of the same input ended.
  bool Continues = false;
  Unit Header;
  std::pair<uint64_t, uint64_t> Identity; ///< hash of the whole record; zero for a part of one, which may be like another's
  std::vector<File> Files;
  std::vector<Entry> Entries;
  std::vector<Summary> Summaries;
};

/// Everything read from one input, or one part of it.
struct InputFacts {
  std::string Input;
  std::vector<UnitFacts> Units;
  std::vector<InputProblem> Problems;
  /// The input is unusable: the text after `FILE: `.
  std::vector<std::string> Errors;
  unsigned Damaged = 0; ///< documents skipped
  std::string FirstDamage;
  unsigned Remarks = 0;
  bool Truncated = false;
};

/// Turns remarks into the facts of units. A header document starts a new unit.
class FactsBuilder {
public:
  FactsBuilder(InputFacts &Out, bool KeepSummaries) : Out(Out), KeepSummaries(KeepSummaries) {}

  /// True when \p Document, byte for byte, was seen in this unit before.
  bool isRepeated(llvm::StringRef Document);
  void add(const Remark &R);
  /// Ends the last unit. \p Identity is the hash of the text that was read.
  void finish(std::pair<uint64_t, uint64_t> Identity);
  /// The first unit goes on where the input's previous part ended.
  void continues() { ContinuesPart = true; }

private:
  UnitFacts &unit();
  void startUnit();
  llvm::StringRef keep(llvm::StringRef S);
  llvm::StringRef shortName(llvm::StringRef Mangled);
  Position position(const RemarkLocation &L);
  void addHeader(const Remark &R);
  void addSummary(const Remark &R);
  void addFinding(const Remark &R);
  void addForeign(const Remark &R);

  InputFacts &Out;
  const bool KeepSummaries;
  bool ContinuesPart = false;
  bool Open = false;
  llvm::DenseSet<llvm::CachedHashStringRef> Strings;
  llvm::DenseMap<const char *, uint32_t> FileIndex;
  llvm::StringMap<llvm::StringRef> ShortNames;
  llvm::DenseSet<std::pair<uint64_t, uint64_t>> Documents;
  IdSequence Ids; ///< for records without ids
  llvm::SmallVector<EntryStep, 16> Steps;
  llvm::SmallVector<EntryFrame, 16> Frames;
};

/// Reads all documents of \p Text into \p Out. \p PartOffset: where in the file Text begins; not 0 for a later part of a
/// large file, whose first unit goes on where the previous part ended. \p IsWhole: false also for the first part.
void readRemarkYaml(llvm::StringRef Text, InputFacts &Out, bool KeepSummaries, uint64_t PartOffset = 0,
                    bool IsWhole = true);

/// The same from LLVM's bitstream container of the LLVM this tool is built with.
void readRemarkBitstream(llvm::StringRef Text, InputFacts &Out, bool KeepSummaries);

} // namespace emm

#endif
