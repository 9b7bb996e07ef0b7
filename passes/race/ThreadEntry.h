//===- passes/race/ThreadEntry.h - what a starting call runs --------------===//
//
// From a call that starts a thread to the user function that the thread enters
// and what its parameters hold. Libraries hide both behind layers that differ
// by version, so nothing here knows their insides:
//
//  - a callable of class type (lambda, functor) is found by reachability: from
//    the library function through calls, addresses of functions and vtables,
//    stopping at user code. It is the one call operator that is reached;
//  - a function or member pointer is found as a value;
//  - an object made by std::bind, std::function, std::packaged_task is resolved
//    through the call that made it.
//
// The new thread gets copies of its arguments, except for what a
// std::reference_wrapper or a pointer leads to.
//
//===----------------------------------------------------------------------===//

#ifndef EMM_PASSES_RACE_THREADENTRY_H
#define EMM_PASSES_RACE_THREADENTRY_H

#include "passes/race/Values.h"

namespace emm::race {

/// Memory of reachability questions, for one module.
class ThreadEntries {
public:
  explicit ThreadEntries(Unit &U) : U(U) {}

  /// Resolves the start that \p Row of the model of \p Call's callee describes.
  llvm::SmallVector<ThreadTarget, 1> resolve(const llvm::CallBase &Call, const EffectRow &Row, Values &V);

  /// The function with a Spawn model that library function \p F leads to (`vector<thread>::emplace_back`), or null.
  const llvm::Function *hiddenStart(const llvm::Function &F) { return hidden(F, Effect::SpawnClosure); }
  /// As hiddenStart, the function that makes an object which will call what it is given (`queue<function>::emplace`).
  const llvm::Function *hiddenKeeper(const llvm::Function &F) { return hidden(F, Effect::KeepCallable); }
  /// As resolve, for a call of such a function; \p Start is what hiddenStart or hiddenKeeper returned.
  llvm::SmallVector<ThreadTarget, 1> resolveHidden(const llvm::CallBase &Call, const llvm::Function &Start, Values &V);

  /// What the callable that \p Row of the model of \p Call's callee keeps runs when it is called.
  llvm::SmallVector<ThreadTarget, 1> resolveKept(const llvm::CallBase &Call, const EffectRow &Row, Values &V);

  /// User functions that library function \p F may call through what it is handed.
  const llvm::SmallVector<const llvm::Function *, 2> &callables(const llvm::Function &F);

private:
  const llvm::Function *hidden(const llvm::Function &F, Effect E);
  void visitReferences(const llvm::Function &F, llvm::function_ref<void(const llvm::Function &)> Visit);
  void resolveCallable(const llvm::CallBase &Call, const llvm::Function &Through, int Callable, int FirstArgument,
                       Values &V, llvm::SmallVectorImpl<ThreadTarget> &Out, unsigned Depth);
  void bind(const llvm::CallBase &Call, const llvm::Function &Through, const llvm::Function &Entry,
            const PlaceSet *Closure, int FirstArgument, Values &V, ThreadTarget &Out);

  Unit &U;
  llvm::DenseMap<const llvm::Function *, llvm::SmallVector<const llvm::Function *, 2>> Callables;
  llvm::DenseMap<std::pair<const llvm::Function *, unsigned>, const llvm::Function *> Hidden; ///< by effect
};

/// Calls \p Visit for every function that an operand of \p I names, directly, through an alias or in a vtable.
void forEachReference(const llvm::Instruction &I, llvm::function_ref<void(const llvm::Function &)> Visit);

} // namespace emm::race

#endif
