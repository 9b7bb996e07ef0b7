//===- passes/escape/AnalysisOrder.h - callees and targets first ----------===//
//
// The functions of a module in groups, each after those it depends on. A
// function depends on what it calls, on what it or a constant it mentions (a
// vtable, a table of functions) takes the address of, and on the operators of
// the closures it makes: a summary of all these is wanted while it is analysed.
//
// Groups are the strongly connected components of this relation, so they do not
// depend on the order of functions in the module, nor on their names. A group
// that addresses alone hold together may be most of a program; beyond MaxGroup
// it is cut into the components of its calls, and a member that is reached only
// through a pointer counts as unknown to the others.
//
//===----------------------------------------------------------------------===//

#ifndef EMM_PASSES_ESCAPE_ANALYSISORDER_H
#define EMM_PASSES_ESCAPE_ANALYSISORDER_H

#include "passes/Analysis.h"

#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/STLFunctionalExtras.h"

namespace emm {

struct FunctionGroup {
  llvm::SmallVector<const llvm::Function *, 1> Members; ///< in the order of the module
  bool Cyclic = false;                                  ///< a member may depend on another, or on itself
  /// Members of the uncut group, which must not be followed through a pointer; null if none.
  const llvm::DenseSet<const llvm::Function *> *Withheld = nullptr;
};

inline constexpr unsigned MaxGroup = 64;

/// Calls \p Visit for each group of functions with a body, dependencies first.
void forEachGroup(const llvm::Module &M, const ClosureFacts *Closures, llvm::function_ref<void(const FunctionGroup &)> Visit);

} // namespace emm

#endif
