//===- reports/program/MergeThreads.cpp - what threads run -----------------===//

#include "reports/program/FunctionMerge.h"

#include "llvm/ADT/STLExtras.h"

using namespace llvm;

namespace emm::program {

namespace {
constexpr unsigned MaxLayers = 4; ///< functions between a thread's entry and what it calls through what it was given
} // namespace

/// Starts, in all else like \p Like, a thread for each function that \p Callee may be; who knows a parameter will do it.
void FunctionMerge::startWhat(EventAt At, const PlaceSet &Callee, const std::vector<PlaceSet> &Given, const ThreadStart &Like,
                              const LockSet &Locks, unsigned Depth, const Gate &Behind) {
  for (PlaceId Target : Callee) {
    if (P.rootOf(Target).Kind != RootKind::Param) {
      for (uint32_t N : targets(Target))
        start(At, N, Given, Like, Locks, Depth, Behind);
    } else if (Locks.empty() && Starts.size() < MaxStarts) {
      // Callers are not told of locks.
      StartEvent &S = Starts.emplace_back(StartEvent{At, Like});
      S.T.Entry = ~0u;
      S.T.Pending = Target;
      S.T.Arguments = Given;
      S.T.Behind = Behind;
    }
  }
}

/// Adds the start of \p Entry, in all else like \p T, and one for everything that the entry calls through what it is
/// given: the same thread runs that. Starts of one event are not compared with each other.
void FunctionMerge::start(EventAt At, uint32_t Entry, const std::vector<PlaceSet> &Arguments, ThreadStart T,
                          const LockSet &Locks, unsigned Depth, const Gate &Behind) {
  if (Starts.size() >= MaxStarts) {
    Cut = true;
    return;
  }
  const Function &E = M.P.Functions[Entry];
  const Closed &C = M.Summaries[Entry];
  // A number of its own, so that what the thread allocates is nobody else's.
  uint32_t Call = 1u << 20 | At.Block << 10 | (At.Index & 1023);
  T.Entry = Entry;
  T.Pending = Unknown;
  T.Crossed |= !E.isIn(F.Unit);
  const ThreadStart Like = T;
  auto Owned = [&](PlaceId X) {
    const Root &R = P.rootOf(X);
    return R.Kind == RootKind::Unknown || R.Kind == RootKind::Copy || (R.Kind == RootKind::Heap && R.Via == Call + 1);
  };
  auto Take = [&](const std::vector<Access> &From, ThreadStart &To) {
    for (const Access &Inner : From) {
      if (P.rootOf(Inner.Where).Kind == RootKind::Heap)
        continue;
      for (PlaceId Where : translate(Inner.Where, Call, Arguments)) {
        if (Owned(Where) || To.Accesses.size() >= 512)
          continue;
        Access A = Inner;
        A.Where = Where;
        A.Behind = gateHere(Inner.Behind, Call, Arguments, Inner.Where, Where);
        if (!A.Behind.Object)
          A.Behind = Behind;
        A.Crossed |= To.Crossed;
        A.Once &= Inner.At.size() > 1;
        A.Locks = translate(Inner.Locks, Call, Arguments, Entry, Inner.Where, Where);
        A.Maybe = translate(Inner.Maybe, Call, Arguments, Entry, Inner.Where, Where);
        erase_if(A.Locks, [&](const Held &H) { return Owned(H.Lock); });
        for (const Held &H : Locks)
          if (!is_contained(A.Locks, H))
            A.Locks.push_back(H);
        llvm::sort(A.Locks);
        rename(A, E, Inner.Where, Arguments);
        To.Accesses.push_back(std::move(A));
      }
    }
  };
  Take(C.Accesses, T);
  for (PlaceId O : C.Orders)
    for (PlaceId Here : translate(O, Call, Arguments))
      T.Signals.push_back(Here);
  addWakes(T.Wakes, C.Wakes, false, Call, Arguments);
  for (const Access &A : T.Accesses)
    if (A.Traits.Kind == race::AccessKind::AtomicWrite && !A.Relaxed)
      T.Signals.push_back(A.Where);
  // Threads that the thread starts in turn.
  for (const ThreadStart &Inner : C.Threads) {
    if (Starts.size() >= MaxStarts)
      break;
    ThreadStart Nested = Inner;
    Nested.Accesses.clear();
    Nested.Handles.clear();
    Nested.Crossed |= T.Crossed;
    Nested.Told = Tells::Nothing;
    if (Inner.Entry == ~0u) {
      PlaceSet Known = translate(Inner.Pending, Call, Arguments);
      erase_if(Known, [&](PlaceId X) { return P.rootOf(X).Kind == RootKind::Param; });
      if (Depth < MaxLayers)
        for (PlaceId Target : Known)
          startWhat(At, PlaceSet(1, Target), translate(ArrayRef(Inner.Arguments), Call, Arguments), Nested, {}, Depth + 1,
                    gateHere(Inner.Behind, Call, Arguments, Inner.Pending, Target));
      continue;
    }
    Take(Inner.Accesses, Nested);
    Starts.push_back({At, std::move(Nested), true});
  }
  Starts.push_back({At, std::move(T)});
  if (Depth >= MaxLayers)
    return;
  for (const PendingCall &Inner : C.Pending) {
    PlaceSet Callee = translate(Inner.Callee, Call, Arguments);
    LockSet Held = translate(Inner.Locks, Call, Arguments, Entry);
    Held.append(Locks.begin(), Locks.end());
    for (PlaceId Target : Callee) {
      Gate Passed = gateHere(Inner.Behind, Call, Arguments, Inner.Callee, Target);
      startWhat(At, PlaceSet(1, Target), translate(ArrayRef(Inner.Arguments), Call, Arguments), Like, Held, Depth + 1,
                Passed.Object ? Passed : Behind);
    }
  }
}

} // namespace emm::program
