//===- passes/race/LockFlow.h - which locks are certainly held ------------===//
//
// A forward dataflow over one function. The state is a multiset of held locks;
// the join is intersection, a shared hold being weaker than an exclusive one;
// an unvisited block is top. The state is relative to the entry: what callers
// hold is added when their calls are instantiated.
//
// Library locks and guards are known by their models, never by their bodies: a
// body loops and tests, and what it holds at the end cannot be seen from it.
// A lock that is tried is held on the edge where the attempt succeeded. An
// atomic exchange that a branch waits on is a lock of its own until the next
// atomic store to the same place. What follows a call that never returns is not
// reached. Where a block's way on is chosen by a constant that depends on where it
// was entered from, the states are kept apart: macros that lock for the block
// behind them are loops of that kind.
//
//===----------------------------------------------------------------------===//

#ifndef EMM_PASSES_RACE_LOCKFLOW_H
#define EMM_PASSES_RACE_LOCKFLOW_H

#include "passes/race/Values.h"

#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/SmallPtrSet.h"

namespace emm::race {

/// An integer parameter taken to be zero or not.
struct Assumption {
  const llvm::Argument *A = nullptr;
  bool NonZero = false;
};

enum class Approximation {
  Must,      ///< what is held on all ways
  May,       ///< what is held on some way
  CalleeMay, ///< of that only what a callee takes on some of its ways: whether it has is not seen here
};

class LockFlow {
public:
  LockFlow(Unit &U, const llvm::Function &F, Values &V, Assumption Given = {}, Approximation Way = Approximation::Must)
      : U(U), F(F), V(V), Given(Given), Way(Way) {}

  /// \p Seed is taken to be held at entry.
  void compute(const LockSet &Seed = {});
  /// Calls \p Visit for each reachable instruction with the locks held before it.
  void walk(llvm::function_ref<void(const llvm::Instruction &, const LockSet &)> Visit);

  /// Held at every return, or unless Approximation::Must at one.
  LockSet atReturn() const;
  bool takesAny() const { return !Taken.empty() || CalleeMayTake; }
  /// True if a callee takes a lock on some of its ways only.
  bool calleeMayTake() const { return CalleeMayTake; }
  /// True if walk() came to a return.
  bool returns() const { return !Returns.empty(); }
  llvm::ArrayRef<PlaceId> released() const { return Released; }
  /// True if \p Lock is the guard variable of a static local, held while it is initialised.
  bool isInitialisation(PlaceId Lock) const { return llvm::is_contained(InitialisationGuards, Lock); }

private:
  void transfer(const llvm::Instruction &I, LockSet &State);
  void applyModel(const llvm::CallBase &Call, const FunctionModel &M, LockSet &State);
  void applySummary(const llvm::CallBase &Call, const Summary &S, LockSet &State);
  bool isExcluded(const llvm::BasicBlock &B, unsigned Successor) const;
  void assume(const llvm::Value &Condition, bool Holds, LockSet &State);
  void onEdge(const llvm::BasicBlock &From, unsigned Successor, LockSet &State);
  void acquire(LockSet &State, PlaceId Lock, LockMode Mode, PlaceId Guard);
  void add(LockSet &State, PlaceId Lock, LockMode Mode, PlaceId Guard);
  void release(LockSet &State, PlaceId LockOrGuard);
  PlaceId only(const PlaceSet &S) const { return S.size() == 1 ? S[0] : UnknownPlace; }
  struct GuardInfo {
    PlaceId Lock = UnknownPlace;
    LockMode Mode = LockMode::Write;
  };
  GuardInfo lockOf(PlaceId Guard);
  bool isInside(PlaceId Lock, PlaceId Object) const;
  std::optional<LockSet> steeredTo(const llvm::BasicBlock &B, unsigned Successor);
  void propagate(const LockSet &Seed);
  LockSet meet(const LockSet &A, const LockSet &B) const;

  Unit &U;
  const llvm::Function &F;
  Values &V;
  Assumption Given;
  Approximation Way;
  bool CalleeMayTake = false;
  llvm::DenseMap<const llvm::BasicBlock *, LockSet> Entry;
  llvm::DenseMap<const llvm::BasicBlock *, bool> Steered; ///< whether it matters where a block was entered from
  /// Of such a block: what is held, by the block before.
  llvm::DenseMap<const llvm::BasicBlock *, llvm::MapVector<const llvm::BasicBlock *, LockSet>> Arrivals;
  llvm::DenseMap<PlaceId, GuardInfo> Guards;
  std::vector<std::pair<PlaceId, LockMode>> Taken; ///< locks that the function takes somewhere
  std::vector<PlaceId> Released;
  std::vector<PlaceId> InitialisationGuards;
  std::vector<LockSet> Returns;
  bool Final = false; ///< the fixpoint is reached; now effects are recorded
};

/// Intersection of multisets; a lock held in both modes counts as shared.
LockSet intersect(const LockSet &A, const LockSet &B);

} // namespace emm::race

#endif
