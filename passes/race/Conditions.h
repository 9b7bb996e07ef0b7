//===- passes/race/Conditions.h - what is certain behind a branch ---------===//
//
// The optimiser makes one branch of `a && b`, as an `and` or a `select`; without
// it there are two. So branches are never asked for their condition but for what
// follows from having taken them.
//
//===----------------------------------------------------------------------===//

#ifndef EMM_PASSES_RACE_CONDITIONS_H
#define EMM_PASSES_RACE_CONDITIONS_H

#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/IR/BasicBlock.h"

#include <optional>

namespace emm::race {

/// Calls \p Do for each condition that is decided on the edge from \p B to its successor of number \p Successor, until it
/// returns true; returns whether it did. Nothing for edges of invokes and switches, and where both edges lead to one block.
bool anyOnEdge(const llvm::BasicBlock &B, unsigned Successor,
               llvm::function_ref<bool(const llvm::Value &Condition, bool Holds)> Do);

/// False if what \p Known says of conditions decides that the branch of \p B does not go to that successor.
bool mayTake(const llvm::BasicBlock &B, unsigned Successor,
             llvm::function_ref<std::optional<bool>(const llvm::Value &Condition)> Known);

/// The value whose being zero or not decides \p Condition, or null; \p TrueIfNonZero tells which way.
const llvm::Value *decidedBy(const llvm::Value *Condition, bool &TrueIfNonZero);

} // namespace emm::race

#endif
