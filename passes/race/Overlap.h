//===- passes/race/Overlap.h - before and after a thread ------------------===//
//
// Within one function: an instruction may overlap a thread if a path leads from
// the start to it without passing a barrier (a join of the thread, or a wait
// for its signal). Linear in the function for each start.
//
// With a dominator tree, a way that contradicts what was tested on every way to
// the start is none: `if (n > 1) start(); if (n > 1) join();` joins. That is
// asked of SSA values alone, and of those that the code after the start does not
// compute again.
//
//===----------------------------------------------------------------------===//

#ifndef EMM_PASSES_RACE_OVERLAP_H
#define EMM_PASSES_RACE_OVERLAP_H

#include "llvm/ADT/SmallPtrSet.h"
#include "llvm/IR/BasicBlock.h"
#include "llvm/IR/Dominators.h"
#include "llvm/IR/Instruction.h"

namespace emm::race {

/// Which integer result of a starting call says that there is a thread.
enum class StartTells : uint8_t { Nothing, Zero, NonZero };

/// The instructions after a start, up to the barriers.
class Overlap {
public:
  Overlap(const llvm::Instruction &Start, llvm::SmallPtrSet<const llvm::Instruction *, 4> Barriers,
          const llvm::DominatorTree *Dominators = nullptr, StartTells Tells = StartTells::Nothing);

  bool contains(const llvm::Instruction &I) const;
  bool isBarrier(const llvm::Instruction &I) const { return Barriers.contains(&I); }
  /// Of two ways on from \p Terminator the one to \p To may be gone.
  bool takes(const llvm::Instruction &Terminator, const llvm::BasicBlock &To) const;
  /// The thread may still run when the function returns.
  bool outlivesFunction() const { return ReachesReturn; }
  /// The start may execute again while the thread runs.
  bool startsAgain() const { return contains(Start); }

private:
  /// What a branch decided on every way to the start.
  struct Decided {
    const llvm::Value *Condition;
    bool Holds;
  };
  llvm::SmallVector<Decided, 4> decidedBefore(const llvm::DominatorTree &Dominators) const;
  bool isTaken(const llvm::BasicBlock &B, unsigned Successor) const;
  void follow();
  bool passes(const llvm::BasicBlock &B, const llvm::Instruction *After, const llvm::Instruction *Until) const;

  const llvm::Instruction &Start;
  llvm::SmallPtrSet<const llvm::Instruction *, 4> Barriers;
  llvm::SmallPtrSet<const llvm::BasicBlock *, 16> Entered; ///< blocks whose begin is reached
  llvm::SmallVector<Decided, 4> Known;
  bool ReachesReturn = false;
  StartTells Tells = StartTells::Nothing;
};

} // namespace emm::race

#endif
