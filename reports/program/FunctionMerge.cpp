//===- reports/program/FunctionMerge.cpp - events of a function -----------===//

#include "reports/program/FunctionMerge.h"

#include "llvm/ADT/STLExtras.h"

using namespace llvm;

namespace emm::program {

namespace {
constexpr unsigned MaxAccesses = 20000; ///< of one function, callees included
constexpr unsigned MaxChain = 6;
constexpr unsigned MaxTests = 12;
} // namespace

std::vector<uint32_t> FunctionMerge::targets(PlaceId Callee) {
  std::vector<uint32_t> Out;
  PlaceSet Functions(1, Callee);
  if (P.rootOf(Callee).Kind == RootKind::Global && P.path(Callee).size() == 2) {
    SmallVector<Offset, 3> Path(P.path(Callee).drop_back());
    Functions = load(P.make(P.rootId(Callee), Path));
  }
  for (PlaceId Of : Functions)
    if (P.rootOf(Of).Kind == RootKind::Function)
      if (uint32_t N = M.P.definition(P.rootOf(Of).Of, F.Unit); N != ~0u)
        Out.push_back(N);
  return Out;
}

/// What calls return and what they store where their parameters lead. Twice: a later call may decide an earlier value.
void FunctionMerge::findResults() {
  for (const auto &[Address, What] : F.Data)
    P.insert(Data[Address], What);
  for (unsigned Round = 0; Round < 2; ++Round)
    for (const Block &B : F.Blocks)
      for (const Event &E : B.Events) {
        if (E.K != Event::Call)
          continue;
        std::vector<PlaceSet> Arguments;
        for (const PlaceSet &A : E.Arguments)
          Arguments.push_back(resolve(A));
        for (uint32_t Callee : targets(E.Place)) {
          const Closed &C = M.Summaries[Callee];
          if (!C.Done)
            continue;
          uint32_t R = P.root({RootKind::Result, Number, E.Number, 0});
          if (!C.Results.empty()) {
            PlaceSet Here = Results.lookup(R);
            for (PlaceId One : C.Results[0])
              for (PlaceId T : translate(One, E.Number, Arguments))
                if (!T || P.rootId(T) != R)
                  P.insert(Here, T);
            P.limit(Here);
            Results[R] = Here;
            if (C.ResultsCrossed || !M.P.Functions[Callee].isIn(F.Unit))
              CrossedResults.insert(R);
          }
          for (const auto &[Address, What] : C.Stores)
            for (PlaceId Where : translate(Address, E.Number, Arguments))
              if (Where)
                for (PlaceId One : What)
                  for (PlaceId T : translate(One, E.Number, Arguments)) {
                    P.insert(Data[Where], T);
                    P.limit(Data[Where]);
                  }
        }
      }
}

/// What the callees of \p E do to the locks that are held, and that may be held.
void FunctionMerge::applyLocks(const Event &E, LockSet &Must, LockSet &May) {
  if (E.K != Event::Call)
    return;
  for (uint32_t Callee : targets(E.Place)) {
    const Closed &C = M.Summaries[Callee];
    if (C.Gives.empty() && C.Acquires.empty() && C.MayAcquire.empty())
      continue;
    std::vector<PlaceSet> Arguments;
    for (const PlaceSet &A : E.Arguments)
      Arguments.push_back(resolve(A));
    for (PlaceId G : C.Gives)
      for (PlaceId Here : translate(G, E.Number, Arguments))
        for (LockSet *Set : {&Must, &May})
          erase_if(*Set, [&](const Held &H) { return Here && H.Lock == Here; });
    auto Add = [&](LockSet &To, const LockSet &Of) {
      for (const Held &H : translate(Of, E.Number, Arguments, Callee))
        if (!is_contained(To, H))
          To.push_back(H);
      llvm::sort(To);
    };
    Add(Must, C.Acquires);
    Add(May, C.MayAcquire);
  }
}

/// A dataflow of the locks that callees hold on return: those held on every way (intersection), and on some way (union).
/// What this function locks itself stands at its events.
void FunctionMerge::findLocks() {
  Extra.resize(F.Blocks.size());
  Maybe.resize(F.Blocks.size());
  for (size_t B = 0; B < F.Blocks.size(); ++B) {
    Extra[B].resize(F.Blocks[B].Events.size() + 1);
    Maybe[B].resize(F.Blocks[B].Events.size() + 1);
  }
  AtReturn = resolve(F.Acquires);
  auto Locks = [&](uint32_t C) {
    const Closed &S = M.Summaries[C];
    return !S.Acquires.empty() || !S.Gives.empty() || !S.MayAcquire.empty();
  };
  bool Any = any_of(F.Blocks, [&](const Block &B) {
    return any_of(B.Events, [&](const Event &E) { return E.K == Event::Call && any_of(targets(E.Place), Locks); });
  });
  if (Any) {
    std::vector<std::optional<std::pair<LockSet, LockSet>>> In(F.Blocks.size());
    In[0].emplace();
    SmallVector<uint32_t, 16> Work{0};
    while (!Work.empty()) {
      uint32_t B = Work.pop_back_val();
      auto [Must, May] = *In[B];
      for (size_t N = 0; N < F.Blocks[B].Events.size(); ++N) {
        Extra[B][N] = Must;
        Maybe[B][N] = May;
        applyLocks(F.Blocks[B].Events[N], Must, May);
      }
      Extra[B].back() = Must;
      Maybe[B].back() = May;
      for (uint32_t To : F.Blocks[B].Next) {
        if (!In[To]) {
          In[To].emplace(Must, May);
          Work.push_back(To);
          continue;
        }
        auto &[MustThere, MayThere] = *In[To];
        size_t Before = MustThere.size(), BeforeMay = MayThere.size();
        erase_if(MustThere, [&](const Held &H) { return !is_contained(Must, H); });
        for (const Held &H : May)
          if (!is_contained(MayThere, H) && MayThere.size() < 16)
            MayThere.push_back(H);
        if (MustThere.size() != Before || MayThere.size() != BeforeMay)
          Work.push_back(To);
      }
    }
    std::optional<LockSet> Out;
    for (size_t B = 0; B < F.Blocks.size(); ++B)
      if (F.Blocks[B].Returns && In[B]) {
        if (!Out)
          Out = Extra[B].back();
        else
          erase_if(*Out, [&](const Held &H) { return !is_contained(Extra[B].back(), H); });
        for (const Held &H : Maybe[B].back())
          if (!is_contained(MaybeAtReturn, H))
            MaybeAtReturn.push_back(H);
      }
    if (Out)
      for (const Held &H : *Out)
        if (!is_contained(AtReturn, H) && !is_contained(F.Releases, H.Lock))
          AtReturn.push_back(H);
  }
  llvm::sort(AtReturn);
  for (const LockSet &More : {AtReturn, resolve(F.MayAcquire)})
    for (const Held &H : More)
      if (!is_contained(MaybeAtReturn, H))
        MaybeAtReturn.push_back(H);
  llvm::sort(MaybeAtReturn);
}

void FunctionMerge::addAccess(EventAt At, Access A) {
  const Root &R = P.rootOf(A.Where);
  if (!A.Where || R.Kind == RootKind::Function || R.Kind == RootKind::Unknown || R.Kind == RootKind::Copy)
    return;
  if (R.Kind == RootKind::Global && !M.SharedGlobals.contains(R.Of))
    return;
  if (Accesses.size() >= MaxAccesses) {
    Cut = true;
    return;
  }
  Accesses.push_back({At, std::move(A)});
}

void FunctionMerge::visitCall(EventAt At, const Event &E, uint32_t Callee, ArrayRef<PlaceSet> Arguments, const LockSet &Held,
                              const Modes &Tested, const Sites &Via, unsigned Depth) {
  const Closed &C = M.Summaries[Callee];
  const Function &G = M.P.Functions[Callee];
  if (!C.Done)
    return;
  Leaves |= C.Leaves;
  // While the program reports its own end nobody waits for locks.
  if (E.AtEnd && !C.Leaves && !G.runsForEver())
    return;
  bool Crosses = !G.isIn(F.Unit);
  LockSet Kept = Held;
  for (PlaceId R : C.Releases)
    for (PlaceId Here : translate(R, E.Number, Arguments))
      erase_if(Kept, [&](const program::Held &H) { return Here && H.Lock == Here; });
  auto Extend = [&](Sites S) {
    if (S.size() < MaxChain)
      S.append(Via.begin(), Via.end());
    return S;
  };
  auto Locked = [&](const LockSet &Inner, PlaceId InnerWhere = Unknown, PlaceId Where = Unknown) {
    LockSet Out = translate(Inner, E.Number, Arguments, Callee, InnerWhere, Where);
    Out.append(Kept.begin(), Kept.end());
    llvm::sort(Out);
    Out.erase(std::unique(Out.begin(), Out.end()), Out.end());
    return Out;
  };
  for (const Access &Inner : C.Accesses) {
    if (Inner.At.size() >= MaxChain && !isMap(Inner.Traits.Kind))
      continue;
    Access A = Inner;
    bool Contradicts = false;
    if (!isMap(A.Traits.Kind))
      for (const ModeTest &T : Tested) {
        Contradicts |= any_of(A.Tested, [&](const ModeTest &X) { return X.contradicts(T); });
        if (A.Tested.size() < MaxTests && !is_contained(A.Tested, T))
          A.Tested.push_back(T);
      }
    if (Contradicts)
      continue;
    A.At = Extend(Inner.At);
    A.Crossed |= Crosses;
    for (PlaceId Where : translate(Inner.Where, E.Number, Arguments)) {
      Access Here = A;
      Here.Where = Where;
      Here.Behind = gateHere(Inner.Behind, E.Number, Arguments, Inner.Where, Where);
      Here.Locks = Locked(Inner.Locks, Inner.Where, Where);
      Here.Maybe = translate(Inner.Maybe, E.Number, Arguments, Callee, Inner.Where, Where);
      for (const program::Held &H : Maybe[At.Block][At.Index])
        if (!is_contained(Here.Maybe, H) && Here.Maybe.size() < 16)
          Here.Maybe.push_back(H);
      rename(Here, G, Inner.Where, Arguments);
      addAccess(At, std::move(Here));
    }
  }
  for (PlaceId J : C.Joins)
    for (PlaceId Here : translate(J, E.Number, Arguments))
      Joins.push_back({At, Here, false});
  for (PlaceId O : C.Orders)
    for (PlaceId Here : translate(O, E.Number, Arguments))
      Orders.push_back({At, Here, false});
  for (const Gate &G : C.Passes)
    if (Gate Here = gateHere(G, E.Number, Arguments); Here.Object)
      Awaits.push_back({At, Here});
  std::vector<Wake> Woken;
  addWakes(Woken, C.Wakes, !Held.empty(), E.Number, Arguments);
  for (const Wake &W : Woken)
    Wakes.push_back({At, W});
  for (const ThreadStart &T : C.Threads) {
    if (Starts.size() >= MaxStarts)
      break;
    ThreadStart Here = T;
    Here.At = Extend(T.At);
    Here.Crossed |= Crosses;
    // The result of a callback is not the call's.
    if (Depth > 0)
      Here.Told = Tells::Nothing;
    Here.Handles.clear();
    for (PlaceId H : T.Handles)
      P.insert(Here.Handles, translate(H, E.Number, Arguments));
    if (T.Entry == ~0u) {
      for (PlaceId Target : translate(T.Pending, E.Number, Arguments))
        startWhat(At, PlaceSet(1, Target), translate(ArrayRef(T.Arguments), E.Number, Arguments), Here, {}, 0,
                  gateHere(T.Behind, E.Number, Arguments, T.Pending, Target));
      continue;
    }
    Here.Wakes.clear();
    addWakes(Here.Wakes, T.Wakes, false, E.Number, Arguments);
    Here.Accesses.clear();
    Here.Signals.clear();
    for (const Access &Inner : T.Accesses)
      for (PlaceId Where : translate(Inner.Where, E.Number, Arguments)) {
        if (!Where)
          continue;
        Access A = Inner;
        A.Where = Where;
        A.Behind = gateHere(Inner.Behind, E.Number, Arguments, Inner.Where, Where);
        A.Locks = translate(Inner.Locks, E.Number, Arguments, Callee, Inner.Where, Where);
        A.Maybe = translate(Inner.Maybe, E.Number, Arguments, Callee, Inner.Where, Where);
        rename(A, G, Inner.Where, Arguments);
        Here.Accesses.push_back(std::move(A));
      }
    for (PlaceId S : T.Signals)
      for (PlaceId Q : translate(S, E.Number, Arguments))
        Here.Signals.push_back(Q);
    Starts.push_back({At, std::move(Here), true});
  }
  for (const PendingCall &Inner : C.Pending) {
    std::vector<PlaceSet> Given = translate(ArrayRef(Inner.Arguments), E.Number, Arguments);
    for (PlaceId Target : translate(Inner.Callee, E.Number, Arguments)) {
      if (P.rootOf(Target).Kind == RootKind::Param) {
        if (Pending.size() < 16)
          Pending.push_back({Target, Given, Locked(Inner.Locks), Inner.Tested, Extend(Inner.At),
                             gateHere(Inner.Behind, E.Number, Arguments, Inner.Callee, Target)});
        PendingAt.resize(Pending.size(), At);
        continue;
      }
      for (uint32_t N : targets(Target))
        if (N != Callee && Depth < 3)
          visitCall(At, E, N, Given, Locked(Inner.Locks), Inner.Tested, Extend(Inner.At), Depth + 1);
    }
  }
}

void FunctionMerge::visit(EventAt At, const Event &E) {
  Sites Here(E.Sites.begin(), E.Sites.end());
  LockSet Held = resolve(E.Locks);
  for (const program::Held &H : Extra[At.Block][At.Index])
    if (!is_contained(Held, H))
      Held.push_back(H);
  llvm::sort(Held);
  for (const program::Held &H : Held)
    if (auto [It, New] = M.LockNames.try_emplace({Number, H.Lock}); New) {
      Position Declared;
      It->second = nameOf(H.Lock, Declared);
    }
  switch (E.K) {
  case Event::Access: {
    bool Crossed = false;
    for (PlaceId Where : resolve(E.Place, Crossed)) {
      Access A;
      A.Where = Where;
      A.Traits = {E.Kind, E.Volatile, E.FromLoad};
      A.AfterSignal = E.AfterSignal;
      A.AfterJoin = E.AfterJoin;
      A.Relaxed = E.Relaxed;
      A.Crossed = Crossed;
      A.Size = E.Size;
      A.Count = E.Count;
      A.In = Number;
      A.Locks = Held;
      // An object that a call returned, one of several, has its own lock.
      if (P.rootOf(E.Place).Kind == RootKind::Result)
        for (const program::Held &H : E.Locks)
          if (PlaceId Own = ownLock(H.Lock, E.Place, Where); Own && !is_contained(A.Locks, program::Held{Own, H.Mode}))
            A.Locks.push_back({Own, H.Mode});
      llvm::sort(A.Locks);
      A.Maybe = Maybe[At.Block][At.Index];
      A.Tested = E.Tested;
      A.At = Here;
      A.Name = nameOf(E.Place, A.Declaration);
      addAccess(At, std::move(A));
    }
    return;
  }
  case Event::Call: {
    std::vector<PlaceSet> Arguments;
    for (const PlaceSet &A : E.Arguments)
      Arguments.push_back(resolve(A));
    if (P.rootOf(E.Place).Kind == RootKind::Param && Pending.size() < 16) {
      Pending.push_back({E.Place, Arguments, Held, E.Tested, Here, {}});
      PendingAt.resize(Pending.size(), At);
      return;
    }
    for (uint32_t Callee : targets(E.Place))
      visitCall(At, E, Callee, Arguments, Held, E.Tested, Here, 0);
    return;
  }
  case Event::Start: {
    ThreadStart T;
    T.At = Here;
    T.In = Number;
    T.Waits = E.Waits;
    T.AtEnd = E.AtEnd;
    T.Several = E.Several;
    T.Told = E.ZeroTells ? Tells::Zero : Tells::Nothing;
    T.Handles = resolve(E.Handles);
    T.Fresh = resolve(E.Fresh);
    std::vector<PlaceSet> Arguments;
    for (const PlaceSet &A : E.Arguments)
      Arguments.push_back(resolve(A));
    startWhat(At, PlaceSet(1, E.Place), Arguments, T, {}, 0);
    return;
  }
  case Event::Join:
    for (PlaceId J : resolve(PlaceSet(1, E.Place)))
      Joins.push_back({At, J, E.AtEnd});
    return;
  case Event::Order:
    for (PlaceId O : resolve(PlaceSet(1, E.Place)))
      if (E.Awaits || E.AtomicWait) {
        if (O && !E.Relaxed)
          Awaits.push_back({At, {O, E.Condition}, E.AtomicWait});
      } else if (E.Wakes) {
        if (O)
          Wakes.push_back({At, {O, !Held.empty()}});
      }
    if (E.Awaits || E.Wakes)
      return;
    for (PlaceId O : resolve(PlaceSet(1, E.Place)))
      if (!E.Relaxed)
        Orders.push_back({At, O, E.AtomicWait});
    return;
  }
}

void FunctionMerge::run() {
  findResults();
  findLocks();
  for (uint32_t B = 0; B < F.Blocks.size(); ++B)
    for (uint32_t N = 0; N < F.Blocks[B].Events.size(); ++N)
      visit({B, N}, F.Blocks[B].Events[N]);
  markAfterWakes();
  findConflicts();
  summarise();
  M.GaveUp += Cut;
}

} // namespace emm::program
