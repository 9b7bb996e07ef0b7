//===- reports/program/MergeGates.cpp - waits before the work --------------===//
//
// As the compiler's FunctionGates, over all units: what a thread does behind a
// wait does not meet what its creator does before waking it. Of a condition
// variable it is the lock that orders; here a signal counts only if it is given
// with a lock held.
//
//===----------------------------------------------------------------------===//

#include "reports/program/FunctionMerge.h"

#include "llvm/ADT/STLExtras.h"

using namespace llvm;

namespace emm::program {

/// What \p G of a callee is here, or none: as with locks, that of the object which was at \p InnerWhere there and is at
/// \p Where here.
Gate FunctionMerge::gateHere(const Gate &G, uint32_t Call, ArrayRef<PlaceSet> Arguments, PlaceId InnerWhere, PlaceId Where) {
  PlaceId Here = G.Object ? lockFor(G.Object, InnerWhere, Where, Call, Arguments) : Unknown;
  return Here ? Gate{Here, G.Condition} : Gate();
}

void FunctionMerge::addWakes(std::vector<Wake> &To, ArrayRef<Wake> Of, bool Locked, uint32_t Call,
                             ArrayRef<PlaceSet> Arguments) {
  for (const Wake &W : Of)
    for (PlaceId Here : W.Object ? translate(W.Object, Call, Arguments) : PlaceSet(1, Unknown))
      if (Wake More{Here, W.Locked || Locked}; !is_contained(To, More))
        To.push_back(To.size() < 64 ? More : Wake());
}

/// True if every way to \p At passes \p Wait or the smallest loop around it.
bool FunctionMerge::isBehind(EventAt At, const AwaitEvent &Wait) {
  if (!Graph)
    Graph.emplace(F);
  if (std::optional<uint32_t> Loop = Graph->loopAround(Wait.At.Block); Loop && !Graph->holds(*Loop, At.Block))
    return Graph->dominates(Graph->headerOf(*Loop), At.Block);
  if (Wait.Polls || Wait.At == At)
    return false;
  return Wait.At.Block == At.Block ? Wait.At.Index < At.Index : Graph->dominates(Wait.At.Block, At.Block);
}

Gate FunctionMerge::gateAt(EventAt At) {
  for (const AwaitEvent &Wait : Awaits)
    if (isBehind(At, Wait))
      return Wait.What;
  return Gate();
}

bool FunctionMerge::matches(const Wake &W, const Gate &G) const { return !W.Object || P.mayMatch(W.Object, G.Object); }

/// True if the thread may be the one that lets others through \p G.
bool FunctionMerge::wakes(const ThreadStart &T, const Gate &G) const {
  return any_of(T.Wakes, [&](const Wake &W) { return matches(W, G); }) || any_of(T.Accesses, [&](const Access &A) {
           return A.Traits.Kind == race::AccessKind::AtomicWrite && P.mayMatch(A.Where, G.Object);
         });
}

void FunctionMerge::markAfterWakes() {
  std::vector<AfterEvent> After;
  auto Add = [&](EventAt At) {
    if (none_of(After, [&](const AfterEvent &A) { return A.start() == At; }))
      After.emplace_back(F, At, std::vector<EventAt>());
  };
  for (const WakeEvent &W : Wakes)
    Add(W.At);
  for (const AccessEvent &E : Accesses)
    if (E.A.Traits.Kind == race::AccessKind::AtomicWrite)
      Add(E.At);
  for (AccessEvent &E : Accesses)
    E.A.AfterWake |= any_of(After, [&](const AfterEvent &A) {
      bool Here = A.start() == E.At && F.Blocks[E.At.Block].Events[E.At.Index].K == Event::Call;
      return Here ? E.A.Traits.Kind != race::AccessKind::AtomicWrite : A.contains(E.At);
    });
}

/// True if the thread of \p S makes the access \p Of before it gives the signal that another one, behind \p G, waits for, and
/// nobody else is seen to give it.
bool FunctionMerge::isWokenAfter(const StartEvent &S, const Access &Of, const Gate &G, const StartEvent &Waiting) const {
  if (!G.Object || Of.AfterWake || !wakes(S.T, G))
    return false;
  if (any_of(S.T.Wakes, [&](const Wake &W) { return !W.Object || (G.Condition && matches(W, G) && !W.Locked); }))
    return false;
  return none_of(Starts, [&](const StartEvent &Other) { return Other.At != S.At && Other.At != Waiting.At && wakes(Other.T, G); }) &&
         none_of(Wakes, [&](const WakeEvent &W) { return matches(W.What, G); }) &&
         none_of(Accesses, [&](const AccessEvent &E) {
           return E.A.Traits.Kind == race::AccessKind::AtomicWrite && P.mayMatch(E.A.Where, G.Object);
         });
}

/// True if a thread of start \p N cannot have passed \p G while what happens at \p At does: this function, or a thread that it
/// starts, wakes it later. Where nobody is seen to do so, anybody may.
bool FunctionMerge::precedesWake(uint32_t N, const Gate &G, EventAt At) {
  const StartEvent &S = Starts[N];
  auto [It, New] = WakesOf.try_emplace({N, G});
  auto &[Known, From] = It->second;
  if (New) {
    Known = true;
    const AfterEvent Free(F, S.At, {});
    auto Add = [&](EventAt W) {
      if (W != S.At && Free.contains(W))
        From.emplace_back(F, W, std::vector<EventAt>());
    };
    for (const WakeEvent &W : Wakes)
      if (matches(W.What, G)) {
        Known &= !G.Condition || W.What.Locked;
        Add(W.At);
      }
    for (const AccessEvent &E : Accesses)
      if (E.A.Traits.Kind == race::AccessKind::AtomicWrite && P.mayMatch(E.A.Where, G.Object))
        Add(E.At);
    for (const StartEvent &Other : Starts)
      if (Other.At != S.At && wakes(Other.T, G))
        From.emplace_back(F, Other.At, std::vector<EventAt>());
  }
  return Known && !From.empty() && none_of(From, [&](const AfterEvent &W) { return W.start() == At || W.contains(At); });
}

} // namespace emm::program
