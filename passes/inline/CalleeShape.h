//===- passes/inline/CalleeShape.h - what a refused callee is made of -----===//
//
// Read when the inliner refuses a call, from the callee as the inliner sees it
// then: with its own calls already inlined. Costs are estimates in the
// inliner's unit (5 for an instruction, 25 more for a call); they say which
// part of a function is worth moving, not what the inliner will compute.
//
//===----------------------------------------------------------------------===//

#ifndef EMM_PASSES_INLINE_CALLEESHAPE_H
#define EMM_PASSES_INLINE_CALLEESHAPE_H

#include "llvm/IR/DebugLoc.h"
#include "llvm/IR/Function.h"

namespace emm {

struct CalleeShape {
  int Cost = 0;
  /// Code from which the function does not return: it throws or ends the program.
  int DeadEndCost = 0;
  llvm::DebugLoc DeadEnd; ///< its most expensive block
  /// The way from the first branch to a return, if one side of the branch goes there and the other does most of the work.
  bool HasFastPath = false;
  int FastCost = 0;       ///< with what stands before the branch
  llvm::DebugLoc Branch;  ///< the condition
  bool IsLocal = false;   ///< no other unit can call it
  unsigned Calls = 0;     ///< direct calls of it in the unit
};

CalleeShape shapeOf(const llvm::Function &F);

} // namespace emm

#endif
