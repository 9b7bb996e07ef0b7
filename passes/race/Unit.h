//===- passes/race/Unit.h - one module under concurrency analysis ---------===//
//
// What the steps share: places, summaries, and the questions about functions
// that models, debug information and the call graph answer together.
//
//===----------------------------------------------------------------------===//

#ifndef EMM_PASSES_RACE_UNIT_H
#define EMM_PASSES_RACE_UNIT_H

#include "passes/Analysis.h"
#include "passes/race/Conflict.h"
#include "passes/race/FunctionTables.h"
#include "passes/race/Summary.h"

#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/UniqueVector.h"
#include "llvm/IR/DebugInfoMetadata.h"
#include "llvm/IR/InstrTypes.h"

#include <deque>
#include <memory>
#include <optional>

namespace emm::race {

class SummaryWriter;
class ThreadEntries;

struct Unit {
  explicit Unit(AnalysisContext &C) : C(C), Tables(C.M) {}

  AnalysisContext &C;
  PlaceTable Places;
  FunctionTables Tables;
  llvm::UniqueVector<Gate> Gates;
  std::deque<Conflict> Conflicts;
  SummaryWriter *Writer = nullptr;  ///< collects what other units need
  ThreadEntries *Entries = nullptr; ///< set before the first function is analysed

  /// The summary of \p F, or null when it has no body here.
  const Summary *summary(const llvm::Function &F) const {
    auto It = Summaries.find(&F);
    return It == Summaries.end() ? nullptr : It->second.get();
  }
  Summary &createSummary(const llvm::Function &F) {
    auto &Slot = Summaries[&F];
    Slot = std::make_unique<Summary>();
    return *Slot;
  }

  /// Keeps \p S as long as the unit.
  const SwitchedLocks *keep(SwitchedLocks S) {
    Switches.push_back(std::move(S));
    return &Switches.back();
  }

  const FunctionModel *model(const llvm::Function &F) { return C.Models.lookup(F); }
  /// True if the body of \p F says more than its model: no model, or one that speaks of value flow only.
  bool usesBody(const llvm::Function &F);
  /// True if \p I calls a function with a body that never comes back from it.
  bool neverReturns(const llvm::Instruction &I);
  /// True if \p Call is where the program ends according to its author (`panic(); unreachable();`), if its callee does not
  /// run for ever, jump or end the thread only. Of a callee without a body: as far as the call tells.
  bool endsProgram(const llvm::CallBase &Call);
  bool isUser(const llvm::Function &F);
  bool isConstructorOrDestructor(const llvm::Function &F);
  bool isDestructor(const llvm::Function &F);
  /// What debug information says of the structure of that name, the first of several; null if nothing. Reads the module's
  /// types on the first question.
  const llvm::DICompositeType *structure(llvm::StringRef Name);

private:
  std::deque<SwitchedLocks> Switches;
  llvm::DenseMap<const llvm::Function *, std::unique_ptr<Summary>> Summaries;
  llvm::DenseMap<const llvm::Function *, bool> UserCode;
  llvm::DenseMap<const llvm::Function *, uint8_t> Special;
  llvm::DenseMap<const llvm::Function *, bool> Cyclic;
  std::optional<llvm::StringMap<const llvm::DICompositeType *>> Structures;
};

/// A body that exists at every optimisation level.
inline bool hasBody(const llvm::Function &F) { return !F.isDeclarationForLinker(); }

/// The function that \p Call calls, through aliases (constructors), or null.
inline const llvm::Function *calleeOf(const llvm::CallBase &Call) {
  return llvm::dyn_cast<llvm::Function>(Call.getCalledOperand()->stripPointerCastsAndAliases());
}

/// False for the edge that a branch on a constant never takes.
bool isFeasible(const llvm::BasicBlock &B, unsigned Successor);

/// The first parameter that is not a hidden return slot.
inline unsigned firstParameter(const llvm::Function &F) { return F.hasStructRetAttr() ? 1 : 0; }

} // namespace emm::race

#endif
