//===- passes/race/FunctionLocks.h - locks that a parameter switches ------===//
//
// `void put(queue *q, int lock) { if (lock) mtx_lock(&q->mutex); ... }`: where
// both ways meet nothing is certainly held. A function that tests an integer
// parameter and takes or gives back a lock right behind the test is followed
// twice, once for each outcome; callers that pass a constant choose. One
// parameter is followed, the first; others are tests like any.
//
//===----------------------------------------------------------------------===//

#ifndef EMM_PASSES_RACE_FUNCTIONLOCKS_H
#define EMM_PASSES_RACE_FUNCTIONLOCKS_H

#include "passes/race/LockFlow.h"

#include <optional>

namespace emm::race {

/// LockFlow's questions, answered for every outcome of the switch at once.
class FunctionLocks {
public:
  FunctionLocks(Unit &U, const llvm::Function &F, Values &V) : U(U), F(F), V(V) {}

  void compute(const LockSet &Seed = {});
  void walk(llvm::function_ref<void(const llvm::Instruction &, const LockSet &)> Visit);

  LockSet atReturn() const;
  /// Held at some return, once walk() has been called.
  LockSet mayBeHeldAtReturn() const;
  /// Locks that a callee before \p I took on some of its ways, once walk() has been called. Nothing where an argument switches the locks.
  PlaceSet maybeAt(const llvm::Instruction &I) const { return Maybe.lookup(&I); }
  bool returns() const;
  std::vector<PlaceId> released() const;
  bool isInitialisation(PlaceId Lock) const;
  /// What is held at \p I for each outcome; null where it is the same.
  const SwitchedLocks *switchedAt(const llvm::Instruction &I) const;

private:
  const llvm::Argument *findSwitch();
  void findMaybe();

  Unit &U;
  const llvm::Function &F;
  Values &V;
  std::vector<LockFlow> Flows; ///< one, or two: the switch is on, the switch is off
  LockSet MayReturn;
  llvm::DenseMap<const llvm::Instruction *, PlaceSet> Maybe;
  const llvm::Argument *Switch = nullptr;
  llvm::DenseMap<const llvm::Instruction *, const SwitchedLocks *> Switched;
};

} // namespace emm::race

#endif
