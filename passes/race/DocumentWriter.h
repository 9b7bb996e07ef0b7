//===- passes/race/DocumentWriter.h - one function's document -------------===//
//
// Writes the grammar of reports/finding/ProgramKeys.h. The function's graph is
// reduced to blocks with events: what lies between decides nothing, and paths
// that unwind are left out, as everywhere in the judgement of overlaps.
//
//===----------------------------------------------------------------------===//

#ifndef EMM_PASSES_RACE_DOCUMENTWRITER_H
#define EMM_PASSES_RACE_DOCUMENTWRITER_H

#include "passes/race/FunctionAnalysis.h"
#include "passes/race/Told.h"

#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/SetVector.h"

namespace emm::race {

/// Writes positions as small differences.
class PositionWriter {
public:
  explicit PositionWriter(std::string File) : Files(1, std::move(File)) {}
  std::string write(const Location &L);
  llvm::ArrayRef<std::string> files() const { return Files; }

private:
  std::vector<std::string> Files;
  int64_t Last = 0;
};

/// \p G as a root of the grammar, `?` if it has no name for it.
std::string symbolText(char Global, char Local, const llvm::GlobalValue &G);

class DocumentWriter {
public:
  DocumentWriter(Unit &U, const FunctionAnalysis &A, const Summary &S) : U(U), A(A), S(S), F(A.F) {}

  SummaryDoc write();
  bool acts() const { return Acts; }
  /// Functions of the unit that the document names.
  llvm::ArrayRef<const llvm::Function *> uses() const { return Uses.getArrayRef(); }
  /// Constants with functions in them that the document names: vtables, tables of functions.
  llvm::ArrayRef<const llvm::GlobalVariable *> tables() const { return Tables.getArrayRef(); }
  /// Names of places in globals: one document has them for all functions.
  std::vector<std::pair<std::string, Location>> &globalNames() { return GlobalNames; }

private:
  struct Event {
    char Kind;
    std::string Text; ///< without positions
    llvm::SmallVector<Location, 1> At;
    unsigned Count = 1;
  };
  /// What the result of a call or start tells (Told.h). The answers are for its being zero, or not, meaning a thread; the
  /// last is for a start that tells nothing.
  struct Told {
    StartTells Answers[3] = {};
    llvm::SmallVector<Fork, 2> Forks;
  };
  using Events = llvm::MapVector<const llvm::Instruction *, std::vector<Event>>;

  std::string place(PlaceId P);
  std::string places(const PlaceSet &Of);
  std::string locks(const LockSet &Of);
  std::string modes(llvm::ArrayRef<ModeTest> Of);
  std::string root(const Root &R);
  std::string symbol(char Global, char Local, const llvm::GlobalValue &G);
  void name(PlaceId P, bool Whole);
  bool isHandedOn(PlaceId P) const;
  void findHandedOn();
  std::string optional(char Letter, const std::string &Text) const;
  std::string arguments(const std::vector<PlaceSet> &Of);
  void add(const llvm::Instruction &At, char Kind, std::string Text, const Chain &Sites, unsigned Count = 1);
  bool keepsPlain(const Access &X) const;
  bool followsHandingOn(const llvm::Instruction &I, RootId R);
  void addAccesses();
  void addCalls();
  bool isOwn(const FunctionAnalysis::StartEvent &E) const;
  void addStarts();
  void addJoins();
  void addData();
  void addEffects();
  void addGates();
  void addTold();
  void addBlocks(std::vector<SummaryDoc::Arg> &Out, PositionWriter &Positions);

  Unit &U;
  const FunctionAnalysis &A;
  const Summary &S;
  const llvm::Function &F;
  SummaryDoc Doc;
  Events At;
  llvm::DenseMap<const llvm::Instruction *, Told> Results;
  llvm::DenseMap<const llvm::Instruction *, unsigned> CallNumbers; ///< the first Call of each instruction
  llvm::DenseMap<const llvm::Value *, unsigned> Numbers;           ///< of locals and objects allocated here
  llvm::DenseSet<RootId> HandedOn;                                 ///< locals and objects that calls or threads get
  llvm::DenseMap<RootId, llvm::SmallVector<const llvm::Instruction *, 2>> Givers; ///< calls and starts that get them
  std::vector<ModeTest> Tested; ///< that some event names
  llvm::DenseSet<PlaceId> Named;
  llvm::DenseSet<const llvm::Value *> NamedParams;
  std::vector<std::pair<std::string, Location>> Names, GlobalNames;
  std::vector<std::pair<unsigned, std::string>> Params;
  llvm::SetVector<const llvm::Function *> Uses;
  llvm::SmallSetVector<const llvm::GlobalVariable *, 2> Tables;
  bool Acts = false;
};

} // namespace emm::race

#endif
