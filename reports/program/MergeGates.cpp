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

/// True if the thread \p T makes the access \p Of before it gives the signal that the other one, behind \p G, waits for.
bool FunctionMerge::isWokenAfter(const ThreadStart &T, const Access &Of, const Gate &G) const {
  if (!G.Object || Of.AfterSignal || !wakes(T, G))
    return false;
  return !G.Condition || all_of(T.Wakes, [&](const Wake &W) { return !matches(W, G) || W.Locked; });
}

/// True if a thread of start \p N cannot have passed \p G while what happens at \p At does.
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
    bool BySiblings = false;
    for (const StartEvent &Other : Starts)
      if (wakes(Other.T, G)) {
        if (Other.At == S.At)
          BySiblings = true;
        else
          From.emplace_back(F, Other.At, std::vector<EventAt>());
      }
    RootKind K = P.rootOf(G.Object).Kind;
    // Nobody here wakes it: it may be up to callers.
    bool ByCallers = (K == RootKind::Param || K == RootKind::Global || K == RootKind::Heap) && F.Symbol != "main" &&
                     Free.outlivesFunction();
    if (From.empty())
      Known &= ByCallers && !BySiblings;
  }
  return Known && none_of(From, [&](const AfterEvent &W) { return W.start() == At || W.contains(At); });
}

} // namespace emm::program
