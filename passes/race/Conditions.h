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
#include "llvm/IR/Constants.h"
#include "llvm/IR/Instructions.h"

#include <optional>

namespace emm::race {

/// Calls \p Do for each condition that is decided on the edge from \p B to its successor of number \p Successor, until it
/// returns true; returns whether it did. Nothing for edges of invokes and switches, and where both edges lead to one block.
bool anyOnEdge(const llvm::BasicBlock &B, unsigned Successor,
               llvm::function_ref<bool(const llvm::Value &Condition, bool Holds)> Do);

/// False if what \p Known says of conditions decides that the branch of \p B does not go to that successor.
bool mayTake(const llvm::BasicBlock &B, unsigned Successor,
             llvm::function_ref<std::optional<bool>(const llvm::Value &Condition)> Known);

/// A comparison with an integer or a null pointer, which is put at the right: this early it stands where the source has it
/// (`0 != error`).
struct Comparison {
  const llvm::Value *Of = nullptr;
  const llvm::Constant *K = nullptr; ///< null if neither side is one
  llvm::ICmpInst::Predicate Predicate = llvm::ICmpInst::BAD_ICMP_PREDICATE;
};
Comparison withConstant(const llvm::ICmpInst &Cmp);

/// The value whose being zero or not decides \p Condition, or null; \p TrueIfNonZero tells which way.
const llvm::Value *decidedBy(const llvm::Value *Condition, bool &TrueIfNonZero);

/// Whether \p Condition holds if the integer \p Of is zero, or if it is any other number; nullopt where that does not decide it.
std::optional<bool> holdsIf(const llvm::Value &Condition, const llvm::Value &Of, bool Zero);

} // namespace emm::race

#endif
