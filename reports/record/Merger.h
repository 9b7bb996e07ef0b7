//===- reports/record/Merger.h - units folded into one report -------------===//
//
// Consumes the facts of one input after the other, in the order of their names,
// and folds what agrees in file, position, rule, message and function (without
// template arguments). Of several entries that fold, the least by content is
// shown, so that the order of reading does not matter.
//
// Cost: linear in the entries; the memory of a unit is freed once it is merged.
//
//===----------------------------------------------------------------------===//

#ifndef EMM_REPORTS_RECORD_MERGER_H
#define EMM_REPORTS_RECORD_MERGER_H

#include "reports/record/Facts.h"
#include "reports/record/PathResolver.h"

#include <unordered_set>

namespace emm {

class Merger {
public:
  explicit Merger(const ReadOptions &Options);

  void add(InputFacts Facts);
  /// Sorts, names files relative to the root, gives ids to remarks of other passes. Call once.
  Report finish();

private:
  /// What is known about an entry only while merging.
  struct Side {
    llvm::StringRef Function; ///< without template arguments
    uint32_t LastUnit = ~0u;
    uint32_t Plain = 0;  ///< units without header
    uint32_t Headed = 0; ///< units with header
    uint64_t Hash = 0;
  };
  struct HashIndex {
    const Merger &M;
    size_t operator()(uint32_t I) const { return M.Sides[I].Hash; }
  };
  struct SameIndex {
    const Merger &M;
    bool operator()(uint32_t A, uint32_t B) const;
  };

  llvm::StringRef intern(llvm::StringRef S);
  /// intern() for strings that one unit repeats: \p S belongs to the unit, where equal strings have one address.
  llvm::StringRef adopt(llvm::StringRef S);
  llvm::StringRef canonical(llvm::StringRef Function);
  uint32_t fileOf(const UnitFacts &U, uint32_t LocalFile, std::vector<uint32_t> &Map);
  void addUnit(UnitFacts &U);
  void addEntry(const UnitFacts &U, const Entry &From, std::vector<uint32_t> &FileMap);
  void countUnit(uint32_t Index, bool HasHeader);
  void endInput();
  void chooseRoot();
  void nameFiles();
  void sortEntries();
  void assignForeignIds();

  PathResolver Paths;
  Report R;
  llvm::DenseSet<llvm::CachedHashStringRef> Strings;
  llvm::DenseMap<const char *, llvm::StringRef> Adopted; ///< of the unit that is being merged
  llvm::DenseMap<const char *, llvm::StringRef> Canonical;
  llvm::StringMap<uint32_t> FileByPath;
  std::vector<std::string> UnitSources; ///< absolute, of units with a header
  std::string FoundBase; ///< without headers: the common directory that relative names were found from
  std::vector<Side> Sides;
  std::unordered_set<uint32_t, HashIndex, SameIndex> Folded;
  llvm::DenseSet<std::pair<uint32_t, const char *>> ExtraFunctions; ///< instances beyond the first
  llvm::DenseSet<std::pair<uint64_t, uint64_t>> Records;
  llvm::StringMap<unsigned> UnresolvedIn;

  // The input that is being merged, over all its parts, and its last unit, which the next part may go on with.
  Unit LastHeader; ///< interned
  bool LastHasHeader = false;
  std::string CurrentInput;
  unsigned Damaged = 0;
  std::string FirstDamage;
  bool Truncated = false;
};

} // namespace emm

#endif
