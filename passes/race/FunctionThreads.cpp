//===- passes/race/FunctionThreads.cpp - starts and joins -----------------===//

#include "passes/race/Conditions.h"
#include "passes/race/FunctionAnalysis.h"

#include "llvm/IR/Instructions.h"

using namespace llvm;

namespace emm::race {

/// The thread's accesses in the places of this function. What the thread owns itself is left out.
ThreadStart FunctionAnalysis::makeThread(const Instruction &Call, const ThreadTarget &Target, unsigned Depth) {
  ThreadStart T;
  if (Target.Pending) {
    T.PendingEntry = Target.Pending;
    T.PendingArguments = Target.Arguments;
    return T;
  }
  T.Entry = Target.Entry;
  T.Arguments = Target.Arguments;
  const Summary *S = Target.Entry ? U.summary(*Target.Entry) : nullptr;
  if (!S)
    return T;
  auto Owned = [&](PlaceId P) {
    const Root &R = U.Places.rootOf(P);
    return R.Kind == RootKind::Unknown || R.Kind == RootKind::Copy || (R.Kind == RootKind::Heap && R.Via == &Call);
  };
  auto Take = [&](const std::vector<Access> &From, ThreadStart &To) {
    for (const Access &Inner : From) {
      // What the thread allocates is its own.
      if (U.Places.rootOf(Inner.Where).Kind == RootKind::Heap)
        continue;
      translateAccess(Inner, Call, Target.Arguments, [&](Access &&A) {
        if (Owned(A.Where) || To.Accesses.size() >= 512)
          return;
        A.Once &= Inner.Sites.size() > 1;
        erase_if(A.Maybe, Owned);
        erase_if(A.Locks, [&](const race::Held &H) { return Owned(H.Lock); });
        To.Accesses.push_back(std::move(A));
      });
    }
  };
  Take(S->Accesses, T);
  T.Held = translateHeld(S->Pending, Call, Target.Arguments);
  for (PlaceId P : S->Orders)
    for (PlaceId Here : V.translate(P, Call, Target.Arguments))
      T.Signals.push_back(Here);
  for (PlaceId P : S->Wakes)
    U.Places.insert(T.Wakes, P ? V.translate(P, Call, Target.Arguments) : PlaceSet(1, UnknownPlace));
  for (const Access &A : T.Accesses)
    if (A.Kind == AccessKind::AtomicWrite)
      (A.Order >= 3 ? T.Signals : T.WeakSignals).push_back(A.Where);
  // Threads that the thread starts in turn.
  for (const ThreadStart &Inner : S->Threads) {
    if (Starts.size() >= MaxStarts)
      break;
    ThreadStart Nested;
    Nested.Sites = Inner.Sites;
    Nested.Entry = Inner.Entry;
    Nested.Several = Inner.Several;
    Nested.Waits = Inner.Waits;
    if (Inner.PendingEntry) {
      for (const ThreadTarget &Known : targetsOf(Inner.PendingEntry, Inner.PendingArguments, Call, Target.Arguments))
        if (Known.Entry && Depth < MaxLayers)
          addStart(Call, Known, Nested, {}, Depth + 1, gateHere(Inner.Behind, Call, Target.Arguments));
      continue;
    }
    Take(Inner.Accesses, Nested);
    Starts.push_back({&Call, std::move(Nested), true});
  }
  return T;
}

/// What \p Callee, of which a summary tells, is in the places of this function, with what it is given.
SmallVector<ThreadTarget, 1> FunctionAnalysis::targetsOf(PlaceId Callee, ArrayRef<PlaceSet> Given, const Instruction &Call,
                                                         ArrayRef<PlaceSet> Arguments) {
  SmallVector<ThreadTarget, 1> Out;
  for (PlaceId P : V.translate(Callee, Call, Arguments)) {
    const Root &R = U.Places.rootOf(P);
    ThreadTarget T;
    if (R.Kind == RootKind::Function)
      T.Entry = cast<Function>(R.V);
    else if (R.Kind == RootKind::Param)
      T.Pending = P;
    else
      continue;
    for (const PlaceSet &One : Given) {
      PlaceSet Here;
      for (PlaceId G : One)
        U.Places.insert(Here, V.translate(G, Call, Arguments));
      T.Arguments.push_back(std::move(Here));
    }
    Out.push_back(std::move(T));
  }
  return Out;
}

/// Adds the start of \p Target, in all else like \p Like, and one for everything that the entry calls through what it is
/// given (`job->run(job->argument)`, a virtual function of its object): the same thread runs that. Starts of one
/// instruction are not compared with each other.
void FunctionAnalysis::addStart(const Instruction &Call, const ThreadTarget &Target, const ThreadStart &Like,
                                const LockSet &Locks, unsigned Depth, GateId Behind) {
  if (Starts.size() >= MaxStarts) {
    GaveUp = true;
    return;
  }
  ThreadStart T = makeThread(Call, Target, Depth);
  T.Sites = Like.Sites;
  T.Waits = Like.Waits;
  T.WaitsAtEnd = Like.WaitsAtEnd;
  T.Tells = Like.Tells;
  T.Several = Like.Several;
  T.Handles = Like.Handles;
  T.Modes = Like.Modes;
  T.Behind = Behind;
  if (Behind)
    for (Access &A : T.Accesses)
      if (!A.Behind)
        A.Behind = Behind;
  if (!Locks.empty())
    for (Access &A : T.Accesses) {
      A.Locks.append(Locks.begin(), Locks.end());
      llvm::sort(A.Locks);
    }
  Starts.push_back({&Call, std::move(T), false});
  Starts.back().Layer = Depth;
  const Summary *S = Target.Entry && Depth < MaxLayers ? U.summary(*Target.Entry) : nullptr;
  if (!S || !S->Complete)
    return;
  for (const PendingCall &P : S->Pending) {
    if (P.Held)
      continue;
    LockSet Inner = translateLocks(P.Locks, Call, Target.Arguments);
    Inner.append(Locks.begin(), Locks.end());
    GateId Passed = gateHere(P.Behind, Call, Target.Arguments);
    for (const ThreadTarget &Next : targetsOf(P.Callee, P.Arguments, Call, Target.Arguments))
      // Callers could not be told of the locks.
      if (Next.Entry ? Next.Entry != Target.Entry : Inner.empty())
        addStart(Call, Next, Like, Inner, Depth + 1, Passed ? Passed : Behind);
  }
}

void FunctionAnalysis::startThread(const CallBase &Call, ArrayRef<ThreadTarget> Targets, bool Waits, bool WaitsAtEnd,
                                   PlaceSet Handles) {
  ThreadStart Like;
  if (User)
    Like.Sites.push_back(&Call);
  Like.Waits = Waits;
  Like.WaitsAtEnd = WaitsAtEnd;
  // Those of C return an error number.
  if (Call.getType()->isIntegerTy())
    Like.Tells = StartTells::Zero;
  Like.Several = Waits;
  Like.Handles = std::move(Handles);
  Like.Modes = *parametersTested(Call, {});
  for (const ThreadTarget &Target : Targets)
    addStart(Call, Target, Like, {}, 0);
}

/// A thread's handle may be moved: the start then is known by the new place as well.
void FunctionAnalysis::moveHandles() {
  bool Changed = true;
  for (unsigned Round = 0; Changed && Round < 4; ++Round) {
    Changed = false;
    for (auto [To, From] : HandleMoves)
      for (StartEvent &S : Starts)
        if (To && From && is_contained(S.T.Handles, From) && !is_contained(S.T.Handles, To)) {
          U.Places.insert(S.T.Handles, To);
          Changed = true;
        }
  }
}

bool FunctionAnalysis::joins(const JoinEvent &J, const StartEvent &S) {
  if (any_of(S.T.Handles, [&](PlaceId H) { return U.Places.mayMatch(H, J.Handle); }))
    return true;
  // A handle of which nothing is known: it may be this one unless it is that of another start here.
  auto Identified = [&](PlaceId P) {
    RootKind K = U.Places.rootOf(P).Kind;
    return K == RootKind::Local && !U.Places.hasAny(P) && U.Places.place(P).Path.size() == 1;
  };
  for (const StartEvent &Other : Starts)
    if (any_of(Other.T.Handles, [&](PlaceId H) { return U.Places.mayMatch(H, J.Handle); }))
      return false;
  if (Identified(J.Handle))
    return false;
  return S.T.Handles.empty() || !J.Handle || !all_of(S.T.Handles, Identified);
}

const DominatorTree &FunctionAnalysis::dominators() {
  if (!Dominators)
    Dominators = std::make_unique<DominatorTree>(const_cast<Function &>(F));
  return *Dominators;
}

const Overlap &FunctionAnalysis::freelyAfter(const Instruction &I) {
  std::unique_ptr<Overlap> &Slot = Free[&I];
  if (!Slot)
    Slot = std::make_unique<Overlap>(I, SmallPtrSet<const Instruction *, 4>());
  return *Slot;
}

/// A join in a loop that does not hold the start joins all threads once the loop is left: its header is the barrier.
const Instruction *FunctionAnalysis::loopBarrier(const Instruction &I, const Instruction *Start) {
  const Instruction *&Best = LoopBarriers[{&I, Start}];
  if (Best)
    return Best;
  // The outermost block that dominates the join, is reached again from it and not in a loop with the start.
  Best = &I;
  const Overlap &FromJoin = freelyAfter(I);
  const Overlap *FromStart = Start && FromJoin.contains(*Start) ? &freelyAfter(*Start) : nullptr;
  for (const DomTreeNode *N = dominators().getNode(I.getParent()); N; N = N->getIDom()) {
    const BasicBlock *B = N->getBlock();
    // A back edge to B from a block that I dominates or shares a loop with: B reaches I and I reaches B.
    if (!FromJoin.contains(*B->begin()))
      continue;
    if (FromStart && FromStart->contains(*B->begin()))
      break; // the start is in this loop too
    Best = &*B->getFirstNonPHIIt();
  }
  return Best;
}

void FunctionAnalysis::addJoinBarriers(const JoinEvent &J, const Instruction *Start,
                                       SmallPtrSet<const Instruction *, 4> &Out) {
  Out.insert(loopBarrier(*J.At, Start));
  // `if (t.joinable()) t.join();`: the test stands for the join.
  if (const BasicBlock *Test = J.At->getParent()->getSinglePredecessor())
    for (const Instruction &I : *Test)
      if (const auto *Call = dyn_cast<CallBase>(&I))
        if (const Function *G = calleeOf(*Call); G && U.C.Models.qualifiedName(*G).ends_with("::joinable"))
          Out.insert(loopBarrier(I, Start));
}

SmallPtrSet<const Instruction *, 4> FunctionAnalysis::barriersOf(const StartEvent &S, Ordering Counts) {
  // Nothing follows a call that never returns.
  SmallPtrSet<const Instruction *, 4> Out(NoReturns.begin(), NoReturns.end());
  for (const JoinEvent &J : Joins)
    if (joins(J, S))
      addJoinBarriers(J, S.At, Out);
  // The end of a container of handles that wait.
  if (S.T.WaitsAtEnd)
    for (const JoinEvent &E : Ends)
      for (PlaceId H : S.T.Handles)
        if (H && E.Handle && U.Places.place(H).R == U.Places.place(E.Handle).R)
          Out.insert(E.At);
  if (Counts == Ordering::Joins)
    return Out;
  // Waiting for a signal that the thread gives.
  for (const OrderEvent &O : Orders) {
    bool Flags = Counts == Ordering::WeakSignals;
    bool Signalled = O.Atomic ? (is_contained(S.T.Signals, O.Object) && (!O.Weak || Flags)) ||
                                    (Flags && is_contained(S.T.WeakSignals, O.Object))
                              : !S.T.Signals.empty();
    if (!Signalled || O.At == S.At)
      continue;
    if (O.Atomic) {
      // Only a loop that waits for the value, and not one around the start.
      if (isa<LoadInst>(O.At) || isa<CallBase>(O.At))
        if (freelyAfter(*O.At).startsAgain())
          Out.insert(loopBarrier(*O.At, S.At));
    } else {
      Out.insert(O.At);
    }
  }
  return Out;
}

bool FunctionAnalysis::areOneThread(const StartEvent &A, const StartEvent &B) const {
  const StartEvent &ThreadOfA = A.Worker ? Starts[*A.Worker] : A, &ThreadOfB = B.Worker ? Starts[*B.Worker] : B;
  return &ThreadOfA == &ThreadOfB && !ThreadOfA.T.Several;
}

void FunctionAnalysis::settleThreads() {
  // The destructor of a handle waits for the thread, unless the handle was moved elsewhere.
  auto MovedAway = [&](PlaceId Handle) {
    return any_of(HandleMoves, [&](const auto &M) { return Handle && M.second == Handle; });
  };
  for (const JoinEvent &J : HandleEnds)
    if (!MovedAway(J.Handle))
      Joins.push_back(J);
  // Destructors of containers of handles.
  bool NeedEnds = any_of(Starts, [](const StartEvent &S) { return S.T.WaitsAtEnd; });
  if (NeedEnds)
    for (const BasicBlock &B : F)
      for (const Instruction &I : B)
        if (const auto *Call = dyn_cast<CallBase>(&I))
          if (const Function *G = calleeOf(*Call); G && !G->isIntrinsic() && U.C.Models.isLibrary(*G) &&
                                                   U.isDestructor(*G))
            for (PlaceId P : V.ofArgument(*Call, 0))
              if (!MovedAway(P))
                Ends.push_back({Call, P});
  moveHandles();
  startHeld();
  for (StartEvent &S : Starts) {
    if (S.T.Waits) {
      Overlaps.push_back(nullptr);
      Flagged.push_back(nullptr);
      Unsignalled.push_back(nullptr);
      continue;
    }
    auto After = [&](Ordering O) { return &Regions.emplace_back(*S.At, barriersOf(S, O), &dominators(), S.T.Tells); };
    Overlaps.push_back(After(Ordering::Signals));
    // Without signals the three are one.
    Flagged.push_back(Orders.empty() ? Overlaps.back() : After(Ordering::WeakSignals));
    Unsignalled.push_back(Orders.empty() ? Overlaps.back() : After(Ordering::Joins));
    // Work for one thread is done one after the other, however often it is handed over.
    if (Overlaps.back()->startsAgain() && (!S.Worker || Starts[*S.Worker].T.Several))
      S.T.Several = true;
  }
}

/// True if \p Object is a different one for each execution of the start: it is allocated in the same loop.
bool FunctionAnalysis::isFreshPerStart(PlaceId Object, const StartEvent &S) {
  if (U.Places.hasAny(Object))
    return true;
  const Root &R = U.Places.rootOf(Object);
  if (R.Kind == RootKind::Heap) {
    const auto *Made = cast<Instruction>(R.Via ? R.Via : R.V);
    return Made->getFunction() == &F && !Overlap(*S.At, {Made}).startsAgain();
  }
  if (R.Kind != RootKind::Local)
    return false;
  // A local of the loop's body that is constructed inside the loop.
  for (const llvm::User *X : R.V->users()) {
    const auto *Call = dyn_cast<CallBase>(X);
    const Function *G = Call ? calleeOf(*Call) : nullptr;
    if (!G || !Call->arg_size() || Call->getArgOperand(0) != R.V || !U.isConstructorOrDestructor(*G) ||
        U.isDestructor(*G))
      continue;
    if (freelyAfter(*S.At).contains(*Call) && freelyAfter(*Call).contains(*S.At))
      return true;
  }
  return false;
}

} // namespace emm::race
