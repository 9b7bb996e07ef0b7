//===- passes/race/SummaryWriter.h - what other units need to know --------===//
//
// One document of the record for each function that may matter to another
// unit: what it accesses under which locks, which functions it calls with what,
// which threads it starts and joins, and the order of all that. The grammar
// stands in reports/finding/ProgramKeys.h. Calls stay calls, so that each event
// of the source is written once; the reader links them over all units.
//
// Library functions are not written: what they do is the event of their caller.
//
//===----------------------------------------------------------------------===//

#ifndef EMM_PASSES_RACE_SUMMARYWRITER_H
#define EMM_PASSES_RACE_SUMMARYWRITER_H

#include "passes/race/FunctionAnalysis.h"

#include <map>

namespace emm::race {

/// Collects the documents of one unit.
class SummaryWriter {
public:
  explicit SummaryWriter(Unit &U) : U(U) {}

  /// \p S: the summary that \p A has just left.
  void add(const FunctionAnalysis &A, const Summary &S);
  /// False if the callee \p F does nothing that another unit could care for; true as well while that is not known.
  bool mayMatter(const llvm::Function &F) const {
    auto It = Leads.find(&F);
    return It == Leads.end() || It->second;
  }
  /// Hands over what matters: functions that do something, and those that lead to them or out of the unit.
  void finish(std::vector<SummaryDoc> &Out);

private:
  struct Written {
    const llvm::Function *F;
    SummaryDoc Doc;
    std::vector<std::pair<std::string, Location>> GlobalNames;
    bool Acts;                                        ///< accesses, locks, starts, joins, or calls what is not here
    llvm::SmallVector<const llvm::Function *, 4> Uses; ///< functions of this unit that it calls or hands on
    llvm::SmallVector<const llvm::GlobalVariable *, 1> Tables; ///< constants with functions in them
  };
  friend class DocumentWriter;

  void readTable(const llvm::GlobalVariable &G, llvm::function_ref<bool(const llvm::Function &)> Counts,
                 std::map<std::string, std::string> &Out) const;
  void nameMembers(std::map<std::string, Location> &Names) const;

  Unit &U;
  std::vector<Written> Docs;
  llvm::DenseMap<const llvm::Function *, bool> Leads; ///< acts, or leads to a function that does
};

} // namespace emm::race

#endif
