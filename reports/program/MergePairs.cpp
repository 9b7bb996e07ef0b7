//===- reports/program/MergePairs.cpp - conflicts and what callers get ----===//

#include "reports/program/FunctionMerge.h"

#include "llvm/ADT/STLExtras.h"

using namespace llvm;

namespace emm::program {

bool FunctionMerge::joins(const PlaceEvent &J, const StartEvent &S) const {
  if (any_of(S.T.Handles, [&](PlaceId H) { return P.mayMatch(H, J.Place); }))
    return true;
  // A handle of which nothing is known: it may be this one unless it is that of another start here.
  auto Identified = [&](PlaceId H) { return P.rootOf(H).Kind == RootKind::Local && !P.hasAny(H) && P.path(H).size() == 1; };
  for (const StartEvent &Other : Starts)
    if (any_of(Other.T.Handles, [&](PlaceId H) { return P.mayMatch(H, J.Place); }))
      return false;
  if (Identified(J.Place))
    return false;
  return S.T.Handles.empty() || !J.Place || !all_of(S.T.Handles, Identified);
}

std::vector<EventAt> FunctionMerge::barriers(const StartEvent &S, bool Signals) const {
  std::vector<EventAt> Out;
  for (const PlaceEvent &J : Joins)
    if (J.Flag) {
      for (PlaceId H : S.T.Handles)
        if (S.T.AtEnd && H && J.Place && P.rootId(H) == P.rootId(J.Place))
          Out.push_back(J.At);
    } else if (joins(J, S)) {
      Out.push_back(J.At);
    }
  if (Signals)
    for (const PlaceEvent &O : Orders)
      if (O.At != S.At && (O.Flag ? is_contained(S.T.Signals, O.Place) : !S.T.Signals.empty()))
        Out.push_back(O.At);
  return Out;
}

void FunctionMerge::judge(const Access &A, const Actor &ByA, const Access &B, const Actor &ByB, bool Crossed) {
  // What one unit shows by itself was judged when it was compiled.
  if ((!Crossed && !A.Crossed && !B.Crossed) || M.Conflicts.size() > 20000)
    return;
  bool Whole = isMap(A.Traits.Kind) || isObject(A.Traits.Kind);
  if (!race::mayConflict(A.Traits.Kind, B.Traits.Kind) || !P.overlap(A.Where, A.Size, B.Where, B.Size, Whole))
    return;
  // What runs once comes before the uses that rely on it; two that both run once do not know of one another.
  if (A.Once != B.Once && !isMap(A.Traits.Kind))
    return;
  std::optional<Rule> R = race::judgePair(A.Traits, B.Traits, race::commonLockOf(A.Locks, B.Locks));
  if (!R)
    return;
  // A scalar that may be protected is left alone; a map that may be is not.
  auto MayProtect = [](const LockSet &L, const Access &Other) {
    return any_of(L, [&](const Held &H) { return is_contained(Other.Locks, H) || is_contained(Other.Maybe, H); });
  };
  if (!isMap(A.Traits.Kind) && (MayProtect(A.Maybe, B) || MayProtect(B.Maybe, A)))
    return;
  Conflict C{*R, A, B, ByA, ByB, Number};
  if (*R == Rule::AtomicMissing && A.Locks.empty() != B.Locks.empty()) {
    // A lock that most accesses of the object hold shows what was meant.
    Access &Locked = C.A.Locks.empty() ? C.B : C.A;
    std::vector<unsigned> Holders(Locked.Locks.size());
    auto Count = [&](const Access &X) {
      if (!P.overlap(X.Where, X.Size, A.Where, A.Size, Whole))
        return;
      C.Total += X.Count;
      for (size_t N = 0; N < Holders.size(); ++N)
        if (any_of(X.Locks, [&](const Held &H) { return H.Lock == Locked.Locks[N].Lock; }))
          Holders[N] += X.Count;
    };
    for (const AccessEvent &E : Accesses)
      Count(E.A);
    for (const StartEvent &S : Starts)
      for (const Access &X : S.T.Accesses)
        Count(X);
    size_t Best = std::max_element(Holders.begin(), Holders.end()) - Holders.begin();
    C.Held = Holders[Best];
    if (C.Held >= 2 && C.Held * 2 > C.Total) {
      C.R = Rule::LockInconsistent;
      Locked.Locks = LockSet(1, Locked.Locks[Best]);
    }
  }
  if (race::belongsAtSecond(C.R, C.A.Traits, C.B.Traits, !C.A.Locks.empty())) {
    std::swap(C.A, C.B);
    std::swap(C.ByA, C.ByB);
  }
  M.Conflicts.push_back(std::move(C));
}

/// True if a pointer on the way to \p Where is among \p Written: two loads of it need not lead to the same object.
bool FunctionMerge::leadsElsewhere(PlaceId Where, const DenseSet<PlaceId> &Written) {
  SmallVector<Offset, 3> Path(P.path(Where));
  for (size_t Length = 1; Length < Path.size(); ++Length)
    if (Written.contains(P.make(P.rootId(Where), ArrayRef(Path).take_front(Length))))
      return true;
  return false;
}

void FunctionMerge::findConflicts() {
  for (StartEvent &S : Starts) {
    if (S.T.Waits) {
      Overlaps.push_back(std::nullopt);
      Unsignalled.push_back(std::nullopt);
      continue;
    }
    Overlaps.emplace_back(std::in_place, F, S.At, barriers(S, true), S.T.Told);
    Unsignalled.emplace_back(std::in_place, F, S.At, barriers(S, false), S.T.Told);
    if (Overlaps.back()->startsAgain() && !S.T.Several) {
      S.T.Several = true;
      S.T.CalledAgain = S.Lifted;
    }
  }
  auto ActorOf = [](const ThreadStart &T) { return Actor{T.At, T.Entry, ~0u, T.Several}; };
  DenseMap<uint32_t, SmallVector<uint32_t, 4>> EventsByRoot, StartsByRoot;
  for (uint32_t N = 0; N < Accesses.size(); ++N)
    EventsByRoot[P.rootId(Accesses[N].A.Where)].push_back(N);
  for (uint32_t N = 0; N < Starts.size(); ++N)
    for (const Access &A : Starts[N].T.Accesses)
      if (auto &List = StartsByRoot[P.rootId(A.Where)]; List.empty() || List.back() != N)
        List.push_back(N);
  for (uint32_t N = 0; N < Starts.size(); ++N) {
    const StartEvent &S = Starts[N];
    Actor Thread = ActorOf(S.T);
    // What is written while the thread runs.
    DenseSet<PlaceId> Written;
    for (const Access &A : S.T.Accesses)
      if (isWrite(A.Traits.Kind))
        Written.insert(A.Where);
    if (Overlaps[N])
      for (const AccessEvent &E : Accesses)
        if (isWrite(E.A.Traits.Kind) && Overlaps[N]->contains(E.At))
          Written.insert(E.A.Where);
    std::map<uint32_t, SmallVector<const Access *, 4>> ByRoot;
    for (const Access &A : S.T.Accesses)
      if (isMap(A.Traits.Kind) || !leadsElsewhere(A.Where, Written))
        ByRoot[P.rootId(A.Where)].push_back(&A);
    for (const auto &[Root, List] : ByRoot) {
      if (Overlaps[N])
        for (uint32_t I : EventsByRoot.lookup(Root)) {
          const AccessEvent &E = Accesses[I];
          if (E.At == S.At || (E.A.AfterJoin && Overlaps[N]->isBarrier(E.At)))
            continue;
          bool Overlapping = Overlaps[N]->contains(E.At);
          if (!Overlapping && !Unsignalled[N]->contains(E.At))
            continue;
          for (const Access *B : List)
            if ((Overlapping || B->AfterSignal) && !(B->Behind.Object && precedesWake(N, B->Behind, E.At)))
              judge(*B, Thread, E.A, Actor(), S.T.Crossed);
        }
      if (S.T.Several)
        for (size_t I = 0; I < List.size(); ++I)
          for (size_t J = I; J < List.size(); ++J)
            if ((!S.T.CalledAgain || isMap(List[I]->Traits.Kind)) && !P.hasAny(List[I]->Where) && !is_contained(S.T.Fresh, P.rootPlace(List[I]->Where)))
              judge(*List[I], Thread, *List[J], Thread, S.T.Crossed);
      for (uint32_t K : StartsByRoot.lookup(Root)) {
        const StartEvent &Other = Starts[K];
        if (K <= N || Other.At == S.At)
          continue;
        if (!(Overlaps[N] && Overlaps[N]->contains(Other.At)) && !(Overlaps[K] && Overlaps[K]->contains(S.At)))
          continue;
        // One function's start that two calls lead to, of the same entry: whether both happen is a matter of the tests in
        // between.
        bool Same = S.T.In == Other.T.In && S.T.In != Number && S.T.Entry == Other.T.Entry;
        for (const Access &B : Other.T.Accesses)
          if (P.rootId(B.Where) == Root && (!Same || isMap(B.Traits.Kind)))
            for (const Access *A : List)
              if (!isWokenAfter(S, *A, B.Behind, Other) && !isWokenAfter(Other, B, A->Behind, S))
                judge(*A, Thread, B, ActorOf(Other.T), S.T.Crossed || Other.T.Crossed);
      }
    }
  }
}

static bool lifts(RootKind K) { return K == RootKind::Param || K == RootKind::Global || K == RootKind::Heap; }

void FunctionMerge::summarise() {
  Closed C;
  auto Lifts = [&](PlaceId X) { return X && lifts(P.rootOf(X).Kind); };
  for (const PlaceSet &R : F.Results) {
    PlaceSet Set;
    bool Crossed = false;
    for (PlaceId One : R)
      for (PlaceId X : resolve(One, Crossed))
        if (!X || lifts(P.rootOf(X).Kind) || P.rootOf(X).Kind == RootKind::Function)
          P.insert(Set, X);
    C.ResultsCrossed |= Crossed;
    C.Results.push_back(Set);
  }
  std::vector<PlaceId> Addresses;
  for (const auto &Entry : Data)
    if (Lifts(Entry.first) && P.rootOf(Entry.first).Kind != RootKind::Global)
      Addresses.push_back(Entry.first);
  llvm::sort(Addresses);
  for (PlaceId Address : Addresses) {
    PlaceSet What;
    for (PlaceId X : resolve(Data[Address]))
      if (!X || lifts(P.rootOf(X).Kind) || P.rootOf(X).Kind == RootKind::Function)
        P.insert(What, X);
    if (!What.empty() && C.Stores.size() < 96)
      C.Stores.push_back({Address, What});
  }
  // An object under construction or destruction is its thread's own. Threads that are joined here have done theirs when
  // the function returns.
  std::map<std::tuple<PlaceId, uint8_t, uint32_t, unsigned>, SmallVector<uint32_t, 2>> Seen;
  auto Keep = [&](Access A) {
    const Root &R = P.rootOf(A.Where);
    if ((F.Constructor || F.Destructor) && R.Kind == RootKind::Param && R.Of == 0)
      return;
    // What was made here was nobody else's before it was handed on; a thread that got it was compared here.
    if (!lifts(R.Kind) || R.Kind == RootKind::Heap || P.hasAny(A.Where))
      return;
    erase_if(A.Locks, [&](const Held &H) { return !Lifts(H.Lock); });
    unsigned Flags = A.Traits.Volatile | A.Traits.FromLoad << 1 | A.AfterSignal << 2 | A.AfterJoin << 3 | A.Crossed << 4 | A.Once << 5 | A.AfterWake << 6;
    auto &Like = Seen[{A.Where, uint8_t(A.Traits.Kind), A.Size, Flags}];
    // What is possible under fewer conditions stands for what needs more of them.
    auto Includes = [](const Modes &All, const Modes &Some) {
      return all_of(Some, [&](const ModeTest &T) { return is_contained(All, T); });
    };
    for (uint32_t N : Like) {
      Access &Old = C.Accesses[N];
      if (Old.Locks != A.Locks || Old.Maybe != A.Maybe || Old.Behind != A.Behind)
        continue;
      bool Fewer = Includes(A.Tested, Old.Tested);
      if (!Fewer && !Includes(Old.Tested, A.Tested))
        continue;
      A.Count += Old.Count;
      if (Fewer)
        Old.Count = A.Count;
      else
        Old = std::move(A);
      return;
    }
    if (C.Accesses.size() >= 8192) {
      Cut = true;
      return;
    }
    Like.push_back(C.Accesses.size());
    C.Accesses.push_back(std::move(A));
  };
  for (AccessEvent &E : Accesses) {
    if (!E.A.Behind.Object)
      E.A.Behind = gateAt(E.At);
    E.A.Once |= any_of(F.Blocks[E.At.Block].Events[E.At.Index].Tested, [&](const ModeTest &T) {
      return T.Global != E.A.Where && is_contained(F.Once, T);
    });
    Keep(std::move(E.A));
  }
  for (size_t N = 0; N < Starts.size(); ++N) {
    ThreadStart &T = Starts[N].T;
    erase_if(T.Accesses, [&](const Access &A) { return !Lifts(A.Where); });
    for (Access &A : T.Accesses)
      erase_if(A.Locks, [&](const Held &H) { return !Lifts(H.Lock); });
    // Where the function waits for a signal, only what follows the signal is still to come.
    bool Outlives = Overlaps[N] && Overlaps[N]->outlivesFunction(), Signalled = false;
    if (!Outlives) {
      for (const Access &A : T.Accesses)
        Keep(A);
      erase_if(T.Accesses, [](const Access &A) { return !A.AfterSignal; });
      Signalled = Unsignalled[N] && Unsignalled[N]->outlivesFunction() && !T.Accesses.empty();
    }
    if (Outlives || Signalled) {
      PlaceSet Handles;
      for (PlaceId H : T.Handles)
        if (Lifts(H))
          Handles.push_back(H);
      T.Handles = Handles;
      auto Result = F.ToldBy.find({Starts[N].At.Block, Starts[N].At.Index});
      T.Told = Result == F.ToldBy.end() ? Tells::Nothing : Result->second.answer(T.Told);
      if (T.Entry == ~0u || !T.Accesses.empty())
        C.Threads.push_back(std::move(T));
    }
  }
  C.Acquires = AtReturn;
  C.MayAcquire = MaybeAtReturn;
  erase_if(C.MayAcquire, [&](const Held &H) { return !Lifts(H.Lock); });
  erase_if(C.Acquires, [&](const Held &H) { return !Lifts(H.Lock); });
  C.Releases = F.Releases;
  C.Gives = F.Gives;
  for (const PlaceEvent &J : Joins)
    if (!J.Flag && (!J.Place || Lifts(J.Place)) && C.Joins.size() < 16 && !is_contained(C.Joins, J.Place))
      C.Joins.push_back(J.Place);
  for (const PlaceEvent &O : Orders)
    if (!O.Flag && (!O.Place || Lifts(O.Place)) && C.Orders.size() < 16 && !is_contained(C.Orders, O.Place))
      C.Orders.push_back(O.Place);
  auto PassedBeforeReturn = [&](const AwaitEvent &Wait) {
    for (uint32_t B = 0; B < F.Blocks.size(); ++B)
      if (F.Blocks[B].Returns && !isBehind({B, uint32_t(F.Blocks[B].Events.size())}, Wait))
        return false;
    return true;
  };
  for (const AwaitEvent &Wait : Awaits)
    if (C.Passes.size() < 4 && Lifts(Wait.What.Object) && !is_contained(C.Passes, Wait.What) && PassedBeforeReturn(Wait))
      C.Passes.push_back(Wait.What);
  for (const WakeEvent &W : Wakes)
    if ((!W.What.Object || Lifts(W.What.Object)) && !is_contained(C.Wakes, W.What))
      C.Wakes.push_back(C.Wakes.size() < 64 ? W.What : Wake());
  for (size_t N = 0; N < Pending.size(); ++N)
    if (!Pending[N].Behind.Object)
      Pending[N].Behind = gateAt(PendingAt[N]);
  C.Pending = std::move(Pending);
  C.Leaves = F.Leaves || Leaves;
  C.Done = true;
  // What callees release that this function does not hold, its own callers may hold.
  for (const Block &B : F.Blocks)
    for (const Event &E : B.Events)
      if (E.K == Event::Call)
        for (uint32_t Callee : targets(E.Place)) {
          const Closed &G = M.Summaries[Callee];
          if (G.Releases.empty() || M.P.Functions[Callee].isIn(F.Unit))
            continue;
          std::vector<PlaceSet> Arguments;
          for (const PlaceSet &A : E.Arguments)
            Arguments.push_back(resolve(A));
          for (auto [To, From] : {std::pair(&C.Releases, &G.Releases), std::pair(&C.Gives, &G.Gives)})
            for (PlaceId R : *From)
              for (PlaceId Here : translate(R, E.Number, Arguments))
                if (Lifts(Here) && To->size() < 32)
                  P.insert(*To, Here);
        }
  M.Summaries[Number] = std::move(C);
}

} // namespace emm::program
