//===- passes/race/Callables.cpp - objects that keep something to call ----===//
//
// A std::function is a pointer to a holder: a place of its own for each call
// that gives a callable to such an object. The holder has what the callable
// captured, and in front of it, at negative offsets, the function to call and
// what is known of its arguments. Moving, copying and queueing the object hand
// the pointer on, by the same rules as any other pointer, so a callable is
// found where the object is called: here, in a caller, or in a thread that took
// it from a queue.
//
// A thread that calls what a queue keeps runs the callable from the moment on
// at which it was kept. It is the thread's own work: two callables that one
// thread runs do not meet. Not followed: more callables in one queue than a
// place set has room for, and queues in globals, which anyone may change.
//
//===----------------------------------------------------------------------===//

#include "passes/race/FunctionAnalysis.h"

#include "llvm/IR/Instructions.h"

using namespace llvm;

namespace emm::race {

namespace {
constexpr int64_t Entry = -8, FirstArgument = -16; ///< in a holder; arguments go downwards
constexpr unsigned MaxHeld = 16;                   ///< calls of one thread that only callers can resolve

bool isFunction(const PlaceTable &T, PlaceId P) { return T.rootOf(P).Kind == RootKind::Function; }
} // namespace

void Values::keepCallable(const CallBase &Call, const EffectRow &Row) {
  PlaceSet Objects = ofArgument(Call, Row.B);
  if (Row.C == 0)
    return keepIn(Call, Objects, U.Entries->resolveKept(Call, Row, *this));
  for (PlaceId From : ofArgument(Call, Row.A))
    for (PlaceId Object : Objects)
      store(Object, load(From));
}

/// A container that makes an element of a callable: `queue<function>::emplace`.
void Values::keepInElement(const CallBase &Call, const Function &Callee, const EffectRow &Row) {
  const Function *Keeper = U.Entries->hiddenKeeper(Callee);
  if (!Keeper)
    return;
  PlaceSet Elements;
  for (PlaceId Container : ofArgument(Call, Row.B))
    U.Places.insert(Elements, U.Places.element(Container));
  keepIn(Call, Elements, U.Entries->resolveHidden(Call, *Keeper, *this));
}

void Values::keepIn(const CallBase &Call, const PlaceSet &Objects, ArrayRef<ThreadTarget> Targets) {
  PlaceTable &T = U.Places;
  if (Targets.empty() || !Targets.front().Entry)
    return;
  const ThreadTarget &Target = Targets.front();
  PlaceId Holder = heap(Call);
  store(T.advance(Holder, Entry, false), of(Target.Entry));
  for (size_t N = 0; N < Target.Arguments.size(); ++N) {
    PlaceSet Given;
    for (PlaceId P : Target.Arguments[N]) {
      if (T.rootOf(P).Kind != RootKind::Copy) {
        T.insert(Given, P);
        continue;
      }
      for (PlaceId Source : sourcesOf(T.place(P).R))
        copy(Holder, Source);
      T.insert(Given, Holder);
    }
    store(T.advance(Holder, FirstArgument - 8 * int64_t(N), false), Given);
  }
  for (PlaceId Object : Objects)
    store(Object, PlaceSet(1, Holder));
}

std::optional<ThreadTarget> Values::kept(PlaceId Holder) {
  PlaceTable &T = U.Places;
  // One of several that a loop made: they all run the same.
  if (Holder && T.rootOf(Holder).Kind == RootKind::Heap && T.place(Holder).Path.size() == 1)
    Holder = T.rootPlace(Holder);
  for (PlaceId P : load(T.advance(Holder, Entry, false))) {
    if (!P || !isFunction(T, P))
      continue;
    ThreadTarget Out;
    Out.Entry = cast<Function>(T.rootOf(P).V);
    for (size_t N = 0; N < Out.Entry->arg_size(); ++N) {
      PlaceId Slot = T.advance(Holder, FirstArgument - 8 * int64_t(N), false);
      PlaceSet Given = load(Slot);
      erase_if(Given, [&](PlaceId Q) { return Q == T.load(Slot); });
      Out.Arguments.push_back(Given);
    }
    return Out;
  }
  return std::nullopt;
}

/// The call of what \p Holder keeps: here if it is known, else by callers.
void FunctionAnalysis::callHeld(const CallBase &Call, PlaceId Holder, const LockSet &Locks, Chain Sites) {
  if (std::optional<ThreadTarget> Target = V.kept(Holder)) {
    const Summary *S = U.summary(*Target->Entry);
    // A callable may call what keeps it.
    if (!S || !S->Complete || is_contained(Running, Target->Entry) || Running.size() >= MaxLayers)
      return;
    Running.push_back(Target->Entry);
    visitSummary(Call, *S, Locks, Target->Arguments);
    Running.pop_back();
    return;
  }
  RootKind Kind = U.Places.rootOf(Holder).Kind;
  if ((Kind != RootKind::Param && Kind != RootKind::Heap) || Pending.size() >= MaxHeld)
    return;
  PendingCall P;
  P.Callee = Holder;
  P.Held = true;
  P.Locks = Locks;
  P.Sites = std::move(Sites);
  Pending.push_back(std::move(P));
}

std::vector<PendingCall> FunctionAnalysis::translateHeld(ArrayRef<PendingCall> Inner, const Instruction &Call,
                                                         ArrayRef<PlaceSet> Arguments) {
  std::vector<PendingCall> Out;
  for (const PendingCall &P : Inner)
    if (P.Held)
      for (PlaceId Holder : V.translate(P.Callee, Call, Arguments))
        if (Holder && Out.size() < MaxHeld) {
          PendingCall Here;
          Here.Callee = Holder;
          Here.Held = true;
          Here.Locks = translateLocks(P.Locks, Call, Arguments);
          Out.push_back(std::move(Here));
        }
  return Out;
}

/// Threads that call what was kept for them in this function or by its callees: from there on they run it.
void FunctionAnalysis::startHeld() {
  for (size_t N = 0, End = Starts.size(); N < End; ++N)
    for (const PendingCall &C : std::vector<PendingCall>(Starts[N].T.Held)) {
      const Root &R = U.Places.rootOf(C.Callee);
      if (R.Kind != RootKind::Heap)
        continue;
      const auto *At = dyn_cast<CallBase>(R.Via ? R.Via : R.V);
      std::optional<ThreadTarget> Target = V.kept(C.Callee);
      if (!At || At->getFunction() != &F || !Target || Starts.size() >= MaxStarts)
        continue;
      ThreadStart T = makeThread(*At, *Target);
      const ThreadStart &Worker = Starts[N].T;
      erase_if(T.Accesses, [&](const Access &A) { return U.Places.place(A.Where).R == U.Places.place(C.Callee).R; });
      for (Access &A : T.Accesses) {
        A.Locks.append(C.Locks.begin(), C.Locks.end());
        llvm::sort(A.Locks);
      }
      T.Sites = Worker.Sites;
      T.Several = Worker.Several;
      T.WaitsAtEnd = Worker.WaitsAtEnd;
      T.Handles = Worker.Handles;
      // What the call that hands the work over returns may be waited for as well: a future.
      U.Places.insert(T.Handles, V.ofResult(*At));
      T.Modes = Worker.Modes;
      Starts.push_back({At, std::move(T), true, N});
    }
}

} // namespace emm::race
