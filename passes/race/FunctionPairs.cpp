//===- passes/race/FunctionPairs.cpp - conflicts seen in one function -----===//

#include "passes/race/FunctionAnalysis.h"
#include "passes/race/Pairs.h"
#include "passes/race/SummaryWriter.h"
#include "passes/race/Told.h"

#include "llvm/IR/Instructions.h"

using namespace llvm;

namespace emm::race {

bool FunctionAnalysis::isSignal(const OrderEvent &O) const {
  return any_of(Accesses, [&](const AccessEvent &E) {
    return E.At == O.At && E.A.Kind == AccessKind::AtomicWrite && E.A.Where == O.Object;
  });
}

/// An access after the thread's last signal is not ordered by it.
void FunctionAnalysis::markAfterSignals() {
  if (Orders.empty())
    return;
  for (const OrderEvent &O : Orders) {
    // Of atomic operations only what gives a signal counts: a store, not the load of a flag that is waited on.
    if (O.Atomic && !isSignal(O))
      continue;
    const Overlap &After = freelyAfter(*O.At);
    if (After.startsAgain())
      continue;
    for (AccessEvent &E : Accesses)
      if (E.At != O.At && After.contains(*E.At))
        E.A.AfterSignal = true;
  }
}

/// For callers whose thread this function joins: what comes after the join does not meet the thread.
void FunctionAnalysis::markAfterJoins() {
  if (Joins.empty())
    return;
  SmallPtrSet<const Instruction *, 4> Barriers;
  for (const JoinEvent &J : Joins)
    addJoinBarriers(J, nullptr, Barriers);
  const Instruction &Entry = *F.getEntryBlock().begin();
  Overlap Before(Entry, Barriers);
  for (AccessEvent &E : Accesses)
    if (E.At != &Entry && !Before.contains(*E.At))
      E.A.AfterJoin = true;
}

/// A lock that most accesses of the object hold shows what was meant.
void FunctionAnalysis::countHolders(Conflict &C) {
  PlaceId Lock = (C.A.Locks.empty() ? C.B : C.A).Locks[0].Lock;
  if (!canGuard(U.Places, Lock, C.A.Where))
    return;
  auto Count = [&](const Access &X) {
    if (!sameObject(U.Places, X, C.A))
      return;
    C.Total += X.Count;
    if (any_of(X.Locks, [&](const Held &H) { return H.Lock == Lock; }))
      C.Held += X.Count;
  };
  for (const AccessEvent &E : Accesses)
    Count(E.A);
  for (const StartEvent &S : Starts)
    for (const Access &X : S.T.Accesses)
      Count(X);
  if (C.Held >= 2 && C.Held * 2 > C.Total)
    C.R = Rule::LockInconsistent;
}

/// An object that was allocated is named by the variable that holds it.
void FunctionAnalysis::nameByHolder(Conflict &C) {
  PlaceTable &T = U.Places;
  const Place At = T.place(C.Object);
  if (T.root(At.R).Kind != RootKind::Heap || !U.C.Source.name(*T.root(At.R).V).empty())
    return;
  PlaceId Object = T.make(At.R), Holder = UnknownPlace;
  for (const auto &Entry : V.contents())
    if (is_contained(Entry.second, Object) && T.rootOf(Entry.first).Kind == RootKind::Local &&
        !U.C.Source.name(*T.rootOf(Entry.first).V).empty() && U.C.Source.variable(*T.rootOf(Entry.first).V) &&
        (!Holder || Entry.first < Holder))
      Holder = Entry.first;
  if (!Holder)
    return;
  SmallVector<Offset, 3> Path = T.place(Holder).Path;
  Path.append(At.Path.begin(), At.Path.end());
  if (PlaceId Named = T.make(T.place(Holder).R, Path))
    C.Object = Named;
}

/// The conflict may be no more than the lack of a lock that all callers hold.
void FunctionAnalysis::leaveOpen(size_t Index) {
  const Conflict &C = U.Conflicts[Index];
  if (!hasKnownCallers() || C.ByA.Start.empty() == C.ByB.Start.empty())
    return;
  const LockSet &OfThread = C.ByA.Start.empty() ? C.B.Locks : C.A.Locks;
  if (!OfThread.empty())
    Open.push_back({Index, OfThread});
}

/// Decides for \p Call what the callee left open, or leaves it to the callers of this function.
void FunctionAnalysis::settleOpen(const CallBase &Call, const Summary &S, const LockSet &Held,
                                  ArrayRef<PlaceSet> Arguments) {
  for (const OpenConflict &O : S.Open) {
    Conflict &C = U.Conflicts[O.Index];
    LockSet Here = translateLocks(O.Locks, Call, Arguments);
    auto Guards = [&](const race::Held &L) {
      return any_of(Held, [&](const race::Held &H) {
        return H.Lock == L.Lock && (H.Mode == LockMode::Write || L.Mode == LockMode::Write);
      });
    };
    if (any_of(Here, Guards))
      C.Guarded = true;
    else if (hasKnownCallers() && !Here.empty())
      Open.push_back({O.Index, Here});
    else
      C.Unguarded = true;
  }
}

void FunctionAnalysis::findConflicts() {
  PlaceTable &T = U.Places;
  auto Emit = [&](const Access &A, const Actor &ByA, const Access &B, const Actor &ByB, PlaceId Flag = UnknownPlace) {
    std::optional<Rule> R = judge(T, A, B);
    if (!R || A.Sites.empty() || B.Sites.empty() || U.Conflicts.size() > 20000)
      return;
    Conflict C{*R, A.Where, &F, A, B, ByA, ByB};
    if (Flag && !isAtomic(A.Kind) && !isAtomic(B.Kind)) {
      C.R = Rule::AtomicWeakPublication;
      C.Flag = Flag;
    }
    if (C.R == Rule::AtomicMissing && A.Locks.empty() != B.Locks.empty())
      countHolders(C);
    putFirst(C);
    nameByHolder(C);
    U.Conflicts.push_back(std::move(C));
    leaveOpen(U.Conflicts.size() - 1);
  };
  auto ActorOf = [](const StartEvent &S) {
    Actor A;
    A.Start = S.T.Sites;
    A.Entry = S.T.Entry;
    A.Several = S.T.Several;
    return A;
  };

  for (size_t N = 0; N < Starts.size(); ++N) {
    const StartEvent &S = Starts[N];
    if (S.T.Accesses.empty())
      continue;
    DenseMap<RootId, SmallVector<const Access *, 4>> ByRoot;
    for (const Access &A : S.T.Accesses)
      ByRoot[T.place(A.Where).R].push_back(&A);
    Actor Thread = ActorOf(S);

    if (Overlaps[N])
      for (const AccessEvent &E : Accesses) {
        auto It = ByRoot.find(T.place(E.A.Where).R);
        if (It == ByRoot.end() || E.At == S.At)
          continue;
        if (E.A.AfterJoin && Overlaps[N]->isBarrier(*E.At))
          continue;
        bool Overlapping = Overlaps[N]->contains(*E.At);
        if (!Overlapping && !Unsignalled[N]->contains(*E.At))
          continue;
        // A relaxed flag stands where an order was meant.
        PlaceId Flag = UnknownPlace;
        if (Overlapping && !Flagged[N]->contains(*E.At))
          for (const OrderEvent &O : Orders)
            if (O.Atomic && (is_contained(S.T.WeakSignals, O.Object) || (O.Weak && is_contained(S.T.Signals, O.Object))))
              Flag = O.Object;
        for (const Access *B : It->second)
          if ((Overlapping || B->AfterSignal) && !(B->Behind && precedesWake(S, B->Behind, *E.At)))
            Emit(*B, Thread, E.A, Actor(), B->AfterSignal ? UnknownPlace : Flag);
      }

    // The thread beside another one from the same start. What was lifted was judged where it was started.
    if (S.T.Several)
      for (auto &Root : ByRoot) {
        auto &List = Root.second;
        for (size_t I = 0; I < List.size(); ++I)
          if (!isFreshPerStart(List[I]->Where, S))
            for (size_t J = I; J < List.size(); ++J)
              Emit(*List[I], Thread, *List[J], Thread);
      }

    for (size_t M = N + 1; M < Starts.size(); ++M) {
      const StartEvent &Other = Starts[M];
      if (Other.At == S.At || areOneThread(S, Other))
        continue;
      bool Together = (Overlaps[N] && Overlaps[N]->contains(*Other.At)) || (Overlaps[M] && Overlaps[M]->contains(*S.At));
      if (!Together)
        continue;
      const Actor OtherThread = ActorOf(Other);
      for (const Access &B : Other.T.Accesses)
        if (auto It = ByRoot.find(T.place(B.Where).R); It != ByRoot.end())
          for (const Access *A : It->second)
            if (!isWokenAfter(S, *A, B.Behind, Other) && !isWokenAfter(Other, B, A->Behind, S))
              Emit(*A, Thread, B, OtherThread);
    }
  }
}

/// A write of a map under nothing but a shared lock needs no second thread in sight: the lock says that there is one.
void FunctionAnalysis::reportReaderLocks() {
  for (const AccessEvent &E : Accesses) {
    const Access &A = E.A;
    if (A.Kind != AccessKind::MapWrite || A.Locks.empty() || A.Sites.size() != 1 || A.Sites[0] != E.At)
      continue;
    const Root &R = U.Places.rootOf(A.Where);
    if ((R.Kind != RootKind::Global && R.Kind != RootKind::Param) || U.Places.hasAny(A.Where))
      continue;
    if (any_of(A.Locks, [](const Held &H) { return H.Mode == LockMode::Write; }))
      continue;
    U.Conflicts.push_back({Rule::MapWriteUnderReaderLock, A.Where, &F, A, A, Actor(), Actor()});
  }
}

/// True if \p M is a test of a global that the function changes afterwards and does not change back: only the first caller
/// passes it.
bool FunctionAnalysis::isFirstCallers(const ModeTest &M) const {
  if (!M.Equal || U.Places.rootOf(M.Global).Kind != RootKind::Global)
    return false;
  bool Set = false, Reset = false;
  for (const AccessEvent &W : Accesses)
    if (W.A.Where == M.Global && isWrite(W.A.Kind)) {
      const auto *Store = dyn_cast<StoreInst>(W.At);
      const auto *K = Store ? dyn_cast<Constant>(Store->getValueOperand()) : nullptr;
      const auto *N = dyn_cast_or_null<ConstantInt>(K);
      bool Same = K && (N ? N->getSExtValue() == M.Value : K->isNullValue() && M.Value == 0);
      (Same ? Reset : Set) = true;
    }
  return Set && !Reset;
}

/// True if \p E stands behind such a test: that code initialises. The tested global itself is not protected by that.
bool FunctionAnalysis::runsOnce(const AccessEvent &E) {
  return any_of(modesAt(*E.At->getParent()), [&](const ModeTest &M) { return M.Global != E.A.Where && isFirstCallers(M); });
}

static bool lifts(RootKind K) { return K == RootKind::Param || K == RootKind::Global || K == RootKind::Heap; }

void FunctionAnalysis::summarise(Summary &S) {
  PlaceTable &T = U.Places;
  auto Lifts = [&](PlaceId P) {
    if (!P || !lifts(T.rootOf(P).Kind))
      return false;
    // A structure passed by value is the callee's own.
    const auto *A = dyn_cast<Argument>(T.rootOf(P).V);
    return !A || !A->hasByValAttr() || T.place(P).Path.size() > 1;
  };
  auto Outward = [&](const PlaceSet &In) {
    PlaceSet Out;
    for (PlaceId P : In)
      if (!P || lifts(T.rootOf(P).Kind) || T.rootOf(P).Kind == RootKind::Function)
        T.insert(Out, P);
    return Out;
  };

  // Values
  S.Results.clear();
  for (const BasicBlock &B : F)
    if (const auto *Return = dyn_cast<ReturnInst>(B.getTerminator()))
      if (const Value *Result = Return->getReturnValue()) {
        unsigned Parts = isa<StructType>(Result->getType()) ? cast<StructType>(Result->getType())->getNumElements() : 1;
        S.Results.resize(std::max<size_t>(S.Results.size(), Parts));
        for (unsigned N = 0; N < Parts; ++N) {
          T.insert(S.Results[N], Outward(isa<StructType>(Result->getType()) ? V.part(Result, N) : V.of(Result)));
          T.limit(S.Results[N]);
        }
      }
  S.Stores.clear();
  S.Copies.clear();
  std::vector<PlaceId> Addresses;
  for (const auto &Entry : V.contents())
    if (Lifts(Entry.first) && T.rootOf(Entry.first).Kind != RootKind::Global)
      Addresses.push_back(Entry.first);
  llvm::sort(Addresses);
  for (PlaceId P : Addresses) {
    PlaceSet What = Outward(V.contents().find(P)->second);
    if (!What.empty() && S.Stores.size() < 96)
      S.Stores.push_back({P, What});
  }
  for (const CopyEffect &C : V.copies()) {
    if (!Lifts(C.To) || T.rootOf(C.To).Kind == RootKind::Global)
      continue;
    if (Lifts(C.From)) {
      if (S.Copies.size() < 32)
        S.Copies.push_back(C);
      continue;
    }
    // A local that was filled and then copied out: its contents go with it.
    const Place From = T.place(C.From);
    std::vector<PlaceId> Inside;
    for (const auto &Entry : V.contents())
      if (T.place(Entry.first).Prefix == From.Prefix)
        Inside.push_back(Entry.first);
    llvm::sort(Inside);
    for (PlaceId P : Inside) {
      int64_t Delta = T.place(P).Path.back().Bytes - From.Path.back().Bytes;
      PlaceSet What = Outward(V.load(P));
      if (C.covers(Delta) && !What.empty() && S.Stores.size() < 96)
        S.Stores.push_back({T.advance(C.To, Delta, false), What});
    }
  }

  // Accesses. Threads that are joined here have done theirs when the function returns.
  const Argument *This = U.isConstructorOrDestructor(F) && F.arg_size() ? F.getArg(firstParameter(F)) : nullptr;
  S.Accesses.clear();
  unsigned Scalars = 0, Others = 0;
  DenseMap<std::pair<PlaceId, unsigned>, SmallVector<unsigned, 2>> Kept;
  auto Keep = [&](const Access &A) {
    const Root &R = T.rootOf(A.Where);
    // An object under construction or destruction is its thread's own, except for what a destructor does before it
    // joins a thread.
    if (This && R.V == This && (A.AfterJoin || Joins.empty() || !U.isDestructor(F)))
      return;
    // What was made here was nobody else's before it was handed on; a thread that got it was compared here.
    if (!Lifts(A.Where) || R.Kind == RootKind::Heap || T.hasAny(A.Where))
      return;
    auto Stays = [&](const Held &H) { return !Lifts(H.Lock); };
    auto MaybeStays = [&](PlaceId Lock) { return !Lifts(Lock); };
    std::optional<Access> Outside; // most are kept before, or as they are
    if (any_of(A.Locks, Stays) || any_of(A.Maybe, MaybeStays)) {
      Outside = A;
      erase_if(Outside->Locks, Stays);
      erase_if(Outside->Maybe, MaybeStays);
    }
    const Access &B = Outside ? *Outside : A;
    SmallVector<unsigned, 2> &Same = Kept[{B.Where, unsigned(B.Kind)}];
    for (unsigned N : Same) {
      Access &Old = S.Accesses[N];
      if (Old.Size == B.Size && Old.Locks == B.Locks && Old.Maybe == B.Maybe && Old.Volatile == B.Volatile &&
          Old.FromLoad == B.FromLoad && Old.AfterSignal == B.AfterSignal && Old.AfterJoin == B.AfterJoin && Old.Once == B.Once &&
          Old.Behind == B.Behind && Old.AfterWake == B.AfterWake &&          Old.Modes == B.Modes && Old.Switched == B.Switched) {
        Old.Count += B.Count;
        return;
      }
    }
    unsigned &Number = isMap(B.Kind) || isObject(B.Kind) ? Others : Scalars;
    if (++Number > 256) {
      GaveUp = true;
      return;
    }
    Same.push_back(S.Accesses.size());
    S.Accesses.push_back(B);
  };
  for (AccessEvent &E : Accesses) {
    E.A.Once |= runsOnce(E);
    if (!E.A.Behind)
      E.A.Behind = gateAt(*E.At);
    Keep(E.A);
  }
  S.Threads.clear();
  for (size_t N = 0; N < Starts.size(); ++N) {
    ThreadStart &Start = Starts[N].T;
    erase_if(Start.Accesses, [&](const Access &A) { return !Lifts(A.Where); });
    for (Access &A : Start.Accesses) {
      erase_if(A.Locks, [&](const Held &H) { return !Lifts(H.Lock); });
      erase_if(A.Maybe, [&](PlaceId Lock) { return !Lifts(Lock); });
    }
    // Where the function waits for a signal, only what follows the signal is still to come.
    bool Outlives = Overlaps[N] && Overlaps[N]->outlivesFunction(), Signalled = false;
    if (!Outlives) {
      for (const Access &A : Start.Accesses)
        Keep(A);
      Signalled = Unsignalled[N] && Unsignalled[N]->outlivesFunction() &&
                  any_of(Start.Accesses, [](const Access &A) { return A.AfterSignal; });
    }
    if (Outlives || Signalled) {
      S.Threads.push_back(Start);
      if (Signalled)
        erase_if(S.Threads.back().Accesses, [](const Access &A) { return !A.AfterSignal; });
      S.Threads.back().Tells = toldByResult(F, *Starts[N].At, Starts[N].T.Tells, Outlives ? *Overlaps[N] : *Unsignalled[N]);
    }
  }
  for (ThreadStart &Start : S.Threads) {
    erase_if(Start.Handles, [&](PlaceId P) { return !Lifts(P); });
    erase_if(Start.Wakes, [&](PlaceId P) { return P && !Lifts(P); });
    erase_if(Start.Held, [&](const PendingCall &C) { return !Lifts(C.Callee) || T.rootOf(C.Callee).Kind == RootKind::Global; });
  }

  // Locks, joins, order
  S.Acquired.clear();
  for (Held H : L.atReturn()) {
    if (!Lifts(H.Lock))
      continue;
    // A guard that dies with the function has released its lock on every path that this is a return of.
    if (H.Guard && !Lifts(H.Guard))
      continue;
    S.Acquired.push_back(H);
  }
  S.MayAcquire = L.mayBeHeldAtReturn();
  erase_if(S.MayAcquire, [&](const Held &H) { return !Lifts(H.Lock) || is_contained(S.Acquired, H); });
  S.Released = L.released();
  S.NotGivenBack.clear();
  if (!S.Released.empty()) {
    // What is released and taken again changes nothing for the caller: seen by assuming that the caller held it.
    LockSet Seed;
    for (PlaceId P : S.Released)
      Seed.push_back({P, LockMode::Write, UnknownPlace});
    llvm::sort(Seed);
    FunctionLocks Seeded(U, F, V);
    Seeded.compute(Seed);
    Seeded.walk([](const Instruction &, const LockSet &) {});
    LockSet Kept = Seeded.atReturn();
    for (PlaceId P : S.Released)
      if (none_of(Kept, [&](const Held &H) { return H.Lock == P; }))
        S.NotGivenBack.push_back(P);
      else
        erase_if(S.Acquired, [&](const Held &H) { return H.Lock == P; });
  }
  S.Joins.clear();
  for (const JoinEvent &J : Joins)
    if ((!J.Handle || Lifts(J.Handle)) && S.Joins.size() < 16 && !is_contained(S.Joins, J.Handle))
      S.Joins.push_back(J.Handle);
  S.Orders.clear();
  for (const OrderEvent &O : Orders)
    if (!O.Atomic && (!O.Object || Lifts(O.Object)) && S.Orders.size() < 16 && !is_contained(S.Orders, O.Object))
      S.Orders.push_back(O.Object);
  S.Passes.clear();
  for (const AwaitEvent &Wait : Awaits)
    if (Wait.What && S.Passes.size() < 4 && !is_contained(S.Passes, Wait.What) && passesBeforeReturn(Wait))
      S.Passes.push_back(Wait.What);
  S.Wakes.clear();
  for (const WakeEvent &W : Wakes)
    if (!W.Object || Lifts(W.Object))
      T.insert(S.Wakes, S.Wakes.size() < 16 ? W.Object : UnknownPlace);
  S.NeverReturns = !L.returns();
  S.Leaves = Leaves;
  S.Outside.clear();
  if (!User)
    for (const CallEvent &E : Calls)
      if (S.Outside.size() < 16)
        S.Outside.push_back(E.Call);
  for (PendingCall &C : Pending)
    if (!C.Behind && !C.Sites.empty() && C.Sites.back()->getFunction() == &F)
      C.Behind = gateAt(*C.Sites.back());
  S.Pending = std::move(Pending);
  S.Open = std::move(Open);
  S.GaveUp = GaveUp;
  // It stays as long as the unit.
  S.Accesses.shrink_to_fit();
  S.Stores.shrink_to_fit();
  for (ThreadStart &Start : S.Threads)
    Start.Accesses.shrink_to_fit();
}

void FunctionAnalysis::run(Summary &S) {
  V.compute();
  L.compute();
  const Instruction *Last = nullptr;
  LockSet Before;
  L.walk([&](const Instruction &I, const LockSet &Held) {
    if (Last && Last->getParent() == I.getParent())
      for (const race::Held &H : Before)
        if (none_of(Held, [&](const race::Held &Now) { return Now.Lock == H.Lock; }))
          Wakes.push_back({Last, H.Lock, /*Release=*/true});
    Last = &I;
    Before = Held;
    visit(I, Held);
  });
  switchLocks();
  settleThreads();
  settleGates();
  markAfterSignals();
  markAfterWakes();
  findConflicts();
  markAfterJoins();
  if (User)
    reportReaderLocks();
  summarise(S);
  if (User)
    U.Writer->add(*this, S);
  S.Complete = true;
}

} // namespace emm::race
