//===- passes/race/ModulePairs.cpp ----------------------------------------===//

#include "passes/race/ModulePairs.h"

#include "passes/race/Pairs.h"
#include "passes/race/ThreadEntry.h"

#include "llvm/ADT/DenseSet.h"
#include "llvm/IR/Constants.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/Module.h"

using namespace llvm;

namespace emm::race {

namespace {

class ModulePairs {
public:
  ModulePairs(Unit &U, ArrayRef<const Function *> Functions) : U(U), Functions(Functions) {}
  void run();

private:
  void findRoots();
  StringRef classOf(const Function &F);
  PlaceId toThisOf(PlaceId P, const Function &From, const Function &To);
  void compare(const Function &Starter, const ThreadStart &T, const Function &Other);
  void compareThreads(const Function &A, const ThreadStart &T, const ThreadStart &Other);

  Unit &U;
  ArrayRef<const Function *> Functions;
  std::vector<const Function *> Roots;
};

/// Functions that nothing in the unit calls or starts, initialisers of globals left out.
void ModulePairs::findRoots() {
  DenseSet<const Function *> Called;
  for (const Function *F : Functions) {
    for (const Instruction &I : instructions(*F))
      if (const auto *Call = dyn_cast<CallBase>(&I))
        if (const Function *G = calleeOf(*Call); G && G != F)
          Called.insert(G);
    if (const Summary *S = U.summary(*F))
      for (const ThreadStart &T : S->Threads)
        Called.insert(T.Entry);
  }
  const Module &M = U.C.M;
  if (const GlobalVariable *G = M.getNamedGlobal("llvm.global_ctors"); G && G->hasInitializer())
    for (const Use &Entry : G->getInitializer()->operands())
      if (const auto *S = dyn_cast<ConstantStruct>(Entry.get()))
        if (const auto *F = dyn_cast<Function>(S->getOperand(1)->stripPointerCasts()))
          Called.insert(F);
  for (const Function *F : Functions)
    if (!Called.contains(F) && U.isUser(*F) && F->getName() != "main" && !U.isConstructorOrDestructor(*F))
      Roots.push_back(F);
}

StringRef ModulePairs::classOf(const Function &F) {
  StringRef Name = U.C.Models.qualifiedName(F);
  size_t At = Name.rfind("::");
  return At == StringRef::npos ? StringRef() : Name.take_front(At);
}

/// \p P, rooted at `this` of \p From or at a global, in the words of \p To; the unknown place when it is neither.
PlaceId ModulePairs::toThisOf(PlaceId P, const Function &From, const Function &To) {
  const Root &R = U.Places.rootOf(P);
  if (R.Kind == RootKind::Global)
    return P;
  unsigned This = firstParameter(From), Target = firstParameter(To);
  if (R.Kind != RootKind::Param || This >= From.arg_size() || R.V != From.getArg(This) || Target >= To.arg_size())
    return UnknownPlace;
  Root Other;
  Other.Kind = RootKind::Param;
  Other.V = To.getArg(Target);
  SmallVector<Offset, 3> Path = U.Places.place(P).Path;
  return U.Places.make(U.Places.root(Other), Path);
}

void ModulePairs::compare(const Function &Starter, const ThreadStart &T, const Function &Other) {
  const Summary *S = U.summary(Other);
  if (!S || &Other == &Starter || &Other == T.Entry)
    return;
  // What the function's own start of this thread precedes or follows was judged in it.
  if (any_of(S->Threads, [&](const ThreadStart &X) { return !X.Sites.empty() && X.Sites.front() == T.Sites.front(); }))
    return;
  StringRef Class = classOf(Starter);
  bool SameClass = !Class.empty() && classOf(Other) == Class && Other.arg_size() > firstParameter(Other) &&
                   Starter.arg_size() > firstParameter(Starter);
  Actor Thread, Caller;
  Thread.Start = T.Sites;
  Thread.Entry = T.Entry;
  Thread.Several = T.Several;
  Caller.Caller = &Other;
  for (const Access &Outer : S->Accesses) {
    bool Global = U.Places.rootOf(Outer.Where).Kind == RootKind::Global;
    if (!Global && !SameClass)
      continue;
    Access A = Outer;
    A.Where = toThisOf(Outer.Where, Other, Starter);
    if (!A.Where || A.AfterJoin || A.Sites.empty())
      continue;
    for (Held &H : A.Locks)
      H.Lock = toThisOf(H.Lock, Other, Starter);
    for (PlaceId &Lock : A.Maybe)
      Lock = toThisOf(Lock, Other, Starter);
    for (const Access &B : T.Accesses) {
      if (B.Sites.empty() || U.Places.place(A.Where).R != U.Places.place(B.Where).R)
        continue;
      std::optional<Rule> R = judge(U.Places, B, A);
      if (!R)
        continue;
      // A caller may hold a lock that this unit does not see, or may run before the thread does.
      if (!isMap(A.Kind) && S->Joins.empty() && *R != Rule::AtomicVolatile)
        continue;
      Conflict C{*R, A.Where, &Starter, B, A, Thread, Caller};
      putFirst(C);
      U.Conflicts.push_back(std::move(C));
    }
  }
}

void ModulePairs::compareThreads(const Function &A, const ThreadStart &T, const ThreadStart &Other) {
  Actor ByA, ByB;
  ByA.Start = T.Sites;
  ByA.Entry = T.Entry;
  ByA.Several = T.Several;
  ByB.Start = Other.Sites;
  ByB.Entry = Other.Entry;
  ByB.Several = Other.Several;
  for (const Access &X : T.Accesses)
    for (const Access &Y : Other.Accesses) {
      if (U.Places.rootOf(X.Where).Kind != RootKind::Global || X.Sites.empty() || Y.Sites.empty() ||
          U.Places.place(X.Where).R != U.Places.place(Y.Where).R)
        continue;
      if (std::optional<Rule> R = judge(U.Places, X, Y)) {
        Conflict C{*R, X.Where, &A, X, Y, ByA, ByB};
        putFirst(C);
        U.Conflicts.push_back(std::move(C));
      }
    }
}

void ModulePairs::run() {
  findRoots();
  std::vector<std::pair<const Function *, const ThreadStart *>> Threads;
  for (const Function *F : Functions)
    if (const Summary *S = U.summary(*F))
      for (const ThreadStart &T : S->Threads)
        if (T.Sites.size() == 1 && T.Entry)
          Threads.push_back({F, &T});
  for (size_t N = 0; N < Threads.size(); ++N) {
    auto [Starter, T] = Threads[N];
    for (const Function *Other : Roots)
      compare(*Starter, *T, *Other);
    // Starters that one function calls were compared there.
    for (size_t M = N + 1; M < Threads.size(); ++M)
      if (Threads[M].first != Starter && is_contained(Roots, Starter) && is_contained(Roots, Threads[M].first))
        compareThreads(*Starter, *T, *Threads[M].second);
  }
}

} // namespace

void findModuleConflicts(Unit &U, ArrayRef<const Function *> Functions) { ModulePairs(U, Functions).run(); }

} // namespace emm::race
