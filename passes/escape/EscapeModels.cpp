//===- passes/escape/EscapeModels.cpp - calls that a model speaks of ------===//
//
// A model is taken before the body of a library function when it says where
// arguments go, with two exceptions: what the body hands to a thread goes there
// too, and a body says which part of an argument is the result.
//
//===----------------------------------------------------------------------===//

#include "passes/escape/EscapeBuilder.h"

#include "reports/finding/Fingerprint.h"

using namespace llvm;

namespace emm {

static bool isFlowEffect(Effect E) {
  switch (E) {
  case Effect::Allocate:
  case Effect::Free:
  case Effect::MakeMap:
  case Effect::Spawn:
  case Effect::SpawnClosure:
  case Effect::NoRetain:
  case Effect::Retain:
  case Effect::StoreInto:
  case Effect::ReturnArg:
  case Effect::ReturnElement:
  case Effect::CallArg:
  case Effect::NoReturn:
  case Effect::Leave:
  case Effect::GuardCtor:
  case Effect::MapCtor: // a container's pointers into itself are no flow
  case Effect::MapDtor:
    return true;
  default:
    return false;
  }
}

/// A body tells more than a model that only says that the result is an argument: which part of it.
static bool onlyForwards(const FunctionModel &M) {
  return !M.Rows.empty() && all_of(M.Rows, [](const EffectRow &R) { return R.E == Effect::ReturnArg; });
}

static bool saysWhereArgumentsGo(const FunctionModel &M) {
  return M.Rows.empty() || any_of(M.Rows, [](const EffectRow &R) { return isFlowEffect(R.E); });
}

bool EscapeBuilder::applyModel(const CallBase &Call, const FunctionModel &M, const Function &Callee) {
  const EscapeSummary *Body = hasBody(Callee) ? summaryOf(Callee) : nullptr;
  if (Body && (!saysWhereArgumentsGo(M) || onlyForwards(M)))
    return false;
  // A container of threads starts one where it makes an element: what a model says of containers in general leaves
  // out what the element's constructor does.
  if (Body)
    for (const ParamLeak &L : Body->Leaks)
      if (L.To == ParamLeak::ToHeap && L.Why.What == Cause::Thread)
        applyLeak(Call, L);
  bool ResultKnown = false;
  for (const EffectRow &R : M.Rows) {
    const Value *A = argOperand(Call, R.A);
    switch (R.E) {
    case Effect::Allocate:
      if (Body)
        applySummary(Call, *Body, Callee);
      else
        allocate(Call, R.Text, argOperand(Call, R.A), argOperand(Call, R.B), R.A >= 0);
      ResultKnown = true;
      break;
    case Effect::MakeMap:
      allocate(Call, R.Text.empty() ? Callee.getName() : R.Text, nullptr, nullptr, true);
      ResultKnown = true;
      break;
    case Effect::Retain:
      if (A)
        G.addCopy(G.heapContents(), nodeOf(A), 0,
                  whyCause("call parameter", &Call, {Cause::UnknownCallee, canonicalFunction(Callee.getName()), C.Source.location(Call)}));
      break;
    case Effect::Spawn:
    case Effect::SpawnClosure: {
      uint32_t Why = whyCause("started in a thread", &Call, {Cause::Thread, "", C.Source.location(Call)});
      // A callable passed by reference is copied into the thread; what it holds goes with it.
      unsigned Loads = R.E == Effect::SpawnClosure ? 1 : 0;
      if (A && !isa<Function>(A))
        G.addCopy(G.heapContents(), loaded(nodeOf(A), Loads, &Call), 0, Why);
      for (int N = R.B; R.B >= 0; ++N) {
        const Value *Arg = argOperand(Call, N);
        if (!Arg)
          break;
        if (carriesPointers(Arg->getType()) && !isa<Constant>(Arg))
          G.addCopy(G.heapContents(), loaded(nodeOf(Arg), Loads, &Call), 0, Why);
      }
      break;
    }
    case Effect::StoreInto:
      if (const Value *Into = argOperand(Call, R.B); A && Into && (carriesPointers(A->getType()) || Nodes.count(A)))
        // Models count from a reference; a small callable passed by value is here already what the reference leads to.
        G.addStore(wholeOf(Into, Call), loaded(nodeOf(A), closureCopiedBy(*A) ? 0 : std::max<int>(R.C, 0), &Call),
                   why("call parameter", &Call));
      break;
    case Effect::ReturnArg:
      ResultKnown = true;
      if (A && carriesPointers(A->getType()))
        defineResult(Call, loaded(nodeOf(A), std::max<int>(R.C, 0), &Call), why("call parameter", &Call));
      break;
    case Effect::ReturnElement:
      ResultKnown = true;
      if (A && carriesPointers(A->getType()))
        defineResult(Call, wholeOf(A, Call), why("call parameter", &Call));
      break;
    case Effect::GuardCtor:
      if (const Value *Lock = argOperand(Call, R.B); A && Lock && carriesPointers(Lock->getType()))
        G.addStore(nodeOf(A), nodeOf(Lock), why("call parameter", &Call));
      break;
    case Effect::CallArg: {
      const auto *Target = A ? dyn_cast<Function>(A->stripPointerCasts()) : nullptr;
      bool Known = Target && hasBody(*Target) && summaryOf(*Target) && !(Withheld && Withheld->contains(Target));
      if (Known && R.B >= 0)
        applyCallback(Call, *Target, R.B);
      for (int N = R.B; R.B >= 0 && !Known; ++N) {
        const Value *Arg = argOperand(Call, N);
        if (!Arg)
          break;
        if (carriesPointers(Arg->getType()) && !isa<Constant>(Arg))
          G.addCopy(G.heapContents(), nodeOf(Arg), 0,
                    whyCause("call parameter", &Call, {Cause::UnknownCallee, "", C.Source.location(Call)}));
      }
      break;
    }
    default:
      break;
    }
  }
  if (!ResultKnown && carriesPointers(Call.getType()))
    G.addOrigin(nodeOf(&Call), {G.heap(), AnyOffset}, why("call parameter", &Call));
  return true;
}

/// A callee such as qsort calls \p Target with addresses in any of the arguments from number \p First on.
void EscapeBuilder::applyCallback(const CallBase &Call, const Function &Target, int First) {
  const EscapeSummary &S = *summaryOf(Target);
  SmallVector<NodeId, 4> Given;
  for (int N = First; const Value *Arg = argOperand(Call, N); ++N)
    if (carriesPointers(Arg->getType()) && !isa<Constant>(Arg))
      Given.push_back(wholeOf(Arg, Call));
  for (NodeId From : Given) {
    for (const ParamLeak &L : S.Leaks) {
      NodeId Leaked = loaded(From, L.Loads, &Call, L.At);
      if (L.To == ParamLeak::ToHeap)
        G.addCopy(G.heapContents(), Leaked, 0, whyCause("call parameter", &Call, L.Why));
      else if (L.To == ParamLeak::ToParam)
        for (NodeId Into : Given)
          G.addStore(place(loaded(Into, L.OtherLoads, &Call, L.Into), AnyOffset, &Call), Leaked,
                     mayWhy("call parameter", &Call, true));
    }
    for (const Planted &P : S.Plants)
      if (!P.InResult) {
        NodeId Unknown = G.addNode();
        G.addOrigin(Unknown, {G.heap(), AnyOffset}, why("call parameter", &Call));
        G.addStore(place(loaded(From, P.Loads, &Call, P.Into), AnyOffset, &Call), Unknown, mayWhy("call parameter", &Call, true));
      }
  }
}

} // namespace emm
