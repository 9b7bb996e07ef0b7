//===- passes/escape/EscapeModels.cpp - calls that a model speaks of ------===//
//
// A model is taken before the body of a library function when it says where
// arguments go, with three exceptions: what the body hands to a thread goes there
// too, a body says which part of an argument is the result, and for an object that
// keeps a callable, as std::function does, the bodies say which code it leads to
// and where that stands, so that a call of the object is one of the callable.
//
// Limits: what is captured stands anywhere in such an object, also where the code
// does. A callable that the library puts on the heap counts as unknown, and what an
// object does that keeps a lambda is taken to be what the lambda does.
//
//===----------------------------------------------------------------------===//

#include "passes/escape/EscapeBuilder.h"

#include "reports/finding/Fingerprint.h"

#include "llvm/IR/InstIterator.h"

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

/// A callable object is copied as it stands, with the places of what it calls; a pointer to its own buffer is one to the
/// copy's.
static bool copiesCallable(const FunctionModel &M, const EffectRow &Store) {
  return any_of(M.Rows, [&](const EffectRow &R) {
    return R.E == Effect::KeepCallable && R.C > 0 && R.A == Store.A && R.B == Store.B;
  });
}

/// What makes the object: an assignment makes another one first and takes that one's place.
static const Function &keeperIn(const Function &Callee, LibraryModels &Models) {
  for (const Instruction &I : instructions(Callee))
    if (const auto *Call = dyn_cast<CallBase>(&I); Call && Call->getCalledFunction() && hasBody(*Call->getCalledFunction())) {
      const FunctionModel *M = Models.lookup(*Call->getCalledFunction());
      if (const EffectRow *R = M ? M->find(Effect::KeepCallable) : nullptr; R && R->C <= 0)
        return *Call->getCalledFunction();
    }
  return Callee;
}

/// Which code an object that keeps a callable leads to its library's own body says, and where in the object; what else that
/// body does is the model's. Of a callable that the body puts into storage of its own, the places are not known.
void EscapeBuilder::keepCallable(const CallBase &Call, const Function &Callee) {
  const Function &Keeper = hasBody(Callee) ? keeperIn(Callee, C.Models) : Callee;
  const EscapeSummary *Body = hasBody(Keeper) ? summaryOf(Keeper) : nullptr;
  EscapeSummary Code;
  if (Body && Body->Allocations.empty()) {
    for (const Planted &P : Body->Plants)
      if (!P.InResult && P.Param == 0)
        Code.add(P);
    for (const ParamLeak &L : Body->Leaks)
      if (L.To == ParamLeak::ToParam && L.Param == 0 && L.Other == 0 && L.Loads == 0 && !L.capture())
        Code.add(L);
  } else {
    Code.add(Planted());
  }
  applySummary(Call, Code, Callee);
}

/// The arguments from number \p First on are given to unknown code.
void EscapeBuilder::callUnknown(const CallBase &Call, int First) {
  for (int N = First; First >= 0; ++N) {
    const Value *Arg = argOperand(Call, N);
    if (!Arg)
      break;
    if (carriesPointers(Arg->getType()) && !isa<Constant>(Arg))
      G.addCopy(G.heapContents(), nodeOf(Arg), 0,
                whyCause("call parameter", &Call, {Cause::UnknownCallee, "", C.Source.location(Call)}));
  }
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
    case Effect::KeepCallable:
      if (const Value *Into = argOperand(Call, R.B); A && Into && R.C > 0)
        G.addMemoryCopy(nodeOf(Into), nodeOf(A), mayWhy("call parameter", &Call, true), true);
      else
        keepCallable(Call, Callee);
      break;
    case Effect::StoreInto:
      if (copiesCallable(M, R))
        break;
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
      if (Body && Body->Higher) {
        wait(Call, Callee, *Body->Higher);
        ResultKnown = true;
        break;
      }
      const auto *Target = A ? dyn_cast<Function>(A->stripPointerCasts()) : nullptr;
      bool Known = Target && hasBody(*Target) && summaryOf(*Target) && !(Withheld && Withheld->contains(Target));
      if (Known && R.B >= 0)
        applyCallback(Call, *Target, R.B);
      if (!Known)
        callUnknown(Call, R.B);
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
