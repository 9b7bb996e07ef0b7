//===- passes/escape/EscapeSummary.cpp - a solved graph to a summary ------===//

#include "passes/escape/EscapeBuilder.h"

#include "llvm/IR/GlobalVariable.h"
#include "llvm/IR/Operator.h"

using namespace llvm;

namespace emm {

bool EscapeSummary::add(ParamLeak L) {
  if (!L.capture() && (Coarse || (L.To == ParamLeak::ToHeap && L.Loads == 0)))
    L.At = AnyOffset;
  if (Coarse)
    L.Into = AnyOffset;
  if (Flat && L.To == ParamLeak::ToParam) {
    Planted Anything;
    Anything.Param = L.Other;
    Anything.Loads = L.OtherLoads;
    add(Anything);
    ParamLeak ToHeap;
    ToHeap.Param = L.Param;
    ToHeap.Loads = L.Loads;
    ToHeap.At = L.Loads || L.capture() ? L.At : AnyOffset;
    ToHeap.Why.What = Cause::Widened;
    L = std::move(ToHeap);
  }
  for (ParamLeak &Old : Leaks)
    if (Old.sameFlow(L) || L.follows(Old)) {
      bool Grew = Old.Inside && !L.Inside;
      Old.Inside &= L.Inside;
      return Grew;
    }
  erase_if(Leaks, [&](const ParamLeak &Old) { return Old.follows(L); });
  Leaks.push_back(std::move(L));
  if (Leaks.size() > MaxLeaks && !Coarse)
    coarsen();
  if (Leaks.size() > MaxCoarse && !Flat)
    flatten();
  return true;
}

bool EscapeSummary::add(Planted P) {
  if (Coarse)
    P.Into = AnyOffset;
  if (Plants.size() >= MaxPlants) {
    P.What = nullptr;
    P.Offset = 0;
    P.Into = AnyOffset;
  }
  if (is_contained(Plants, P))
    return false;
  Plants.push_back(P);
  return true;
}

bool EscapeSummary::coarsen() {
  if (Coarse)
    return false;
  Coarse = true;
  SmallVector<Planted, 1> OldPlants;
  std::swap(OldPlants, Plants);
  for (const Planted &P : OldPlants)
    add(P);
  SmallVector<ParamLeak, 4> Old;
  std::swap(Old, Leaks);
  for (ParamLeak &L : Old)
    add(std::move(L));
  return true;
}

void EscapeSummary::flatten() {
  coarsen();
  if (Flat)
    return;
  Flat = true;
  SmallVector<ParamLeak, 4> Old;
  std::swap(Old, Leaks);
  for (ParamLeak &L : Old)
    add(std::move(L));
}

bool EscapeSummary::join(EscapeSummary O) {
  bool Grew = false;
  if (O.Coarse && !Coarse) {
    coarsen();
    Grew = true;
  }
  if (O.Flat && !Flat) {
    flatten();
    Grew = true;
  }
  for (ParamLeak &L : O.Leaks)
    Grew |= add(std::move(L));
  for (const HandedOut &H : O.Allocations)
    if (!is_contained(Allocations, H)) {
      Allocations.push_back(H);
      Grew = true;
    }
  for (const Planted &P : O.Plants)
    Grew |= add(P);
  Grew |= O.ResultIsUnknown && !ResultIsUnknown;
  ResultIsUnknown |= O.ResultIsUnknown;
  return Grew;
}

template <typename T> static bool addAll(SmallVectorImpl<T> &Into, ArrayRef<T> More) {
  size_t Before = Into.size();
  for (const T &V : More)
    if (!is_contained(Into, V))
      Into.push_back(V);
  return Into.size() != Before;
}

bool CalledBack::join(const CalledBack &O) {
  bool Grew = false;
  for (size_t I = 0; I != Args.size(); ++I) {
    Argument &A = Args[I];
    const Argument &More = O.Args[I];
    Grew |= addAll<CallerValue>(A.Values, More.Values) | addAll<CallerValue>(A.Behind, More.Behind);
    for (bool Argument::*Flag : {&Argument::Unknown, &Argument::Own, &Argument::UnknownBehind, &Argument::Nested,
                                     &Argument::Keeper}) {
      Grew |= More.*Flag && !(A.*Flag);
      A.*Flag |= More.*Flag;
    }
  }
  for (const ParamLeak &R : O.Results)
    if (none_of(Results, [&](const ParamLeak &Old) { return Old.sameFlow(R); })) {
      Results.push_back(R);
      Grew = true;
    }
  return Grew;
}

bool HigherOrder::join(const HigherOrder &O) {
  bool Grew = Rest.join(O.Rest);
  for (const CalledBack &Call : O.Calls) {
    auto Old = find_if(Calls, [&](const CalledBack &C) { return C.sameCallee(Call); });
    if (Old != Calls.end()) {
      Grew |= Old->join(Call);
    } else {
      Calls.push_back(Call);
      Grew = true;
    }
  }
  return Grew;
}

void HigherOrder::coarsen() {
  Rest.coarsen();
  auto Coarsened = [](SmallVectorImpl<CallerValue> &Values) {
    SmallVector<CallerValue, 2> Old(Values.begin(), Values.end());
    Values.clear();
    for (CallerValue V : Old) {
      if (V.Loads || V.At != CaptureOffset)
        V.At = AnyOffset;
      addAll<CallerValue>(Values, V);
    }
  };
  std::vector<CalledBack> Old;
  std::swap(Old, Calls);
  HigherOrder Joined;
  for (CalledBack &Call : Old) {
    Coarsened(Call.Callee);
    for (CalledBack::Argument &A : Call.Args) {
      Coarsened(A.Values);
      Coarsened(A.Behind);
    }
    std::vector<ParamLeak> Results;
    std::swap(Results, Call.Results);
    CalledBack Sinks = Call;
    for (ParamLeak &R : Results) {
      R.Into = AnyOffset;
      Sinks.Results.push_back(std::move(R));
    }
    Call.join(Sinks);
    Joined.Calls.push_back(std::move(Call));
  }
  // What has become the same is one call.
  HigherOrder Each;
  Each.join(Joined);
  Calls = std::move(Each.Calls);
}

bool HigherOrder::fits() const {
  return Calls.size() <= MaxCalls && all_of(Calls, [](const CalledBack &C) {
           return C.Callee.size() <= MaxValues && C.Results.size() <= MaxResults && all_of(C.Args, [](const CalledBack::Argument &A) {
                    return A.Values.size() <= MaxValues && A.Behind.size() <= MaxValues;
                  });
         });
}

Cause EscapeBuilder::causeOf(NodeId Sink, const Fact &Last) const {
  const WhyNote &W = G.why(Last.Why);
  if (W.Detail)
    return CalleeCauses[W.Detail];
  // What another object in the sink points to is there for that object's reason.
  if (Last.FromNode != None)
    if (ObjectId Holder = G.owner(Last.FromNode); Holder != None && Holder != Last.T.Obj && StringRef(W.Word) == "reachable from it")
      for (const Fact &Of : G.facts(Sink))
        if (Of.T.Obj == Holder && StringRef(G.why(Of.Why).Word) != "reachable from it")
          return causeOf(Sink, Of);
  if (Sink == G.result() || Sink == G.behindResult()) {
    if (const auto *R = dyn_cast_or_null<ReturnInst>(W.At))
      return {Cause::Returned, "", C.Source.returnLocation(*R)};
    return {Cause::Returned, "", C.Source.location(F)};
  }
  const auto *I = dyn_cast_or_null<Instruction>(W.At);
  Location Loc = I ? C.Source.location(*I) : C.Source.location(F);
  const Value *Address = nullptr;
  if (const auto *S = dyn_cast_or_null<StoreInst>(W.At))
    Address = S->getPointerOperand();
  else if (const auto *M = dyn_cast_or_null<AnyMemTransferInst>(W.At))
    Address = M->getDest();
  else if (const auto *A = dyn_cast_or_null<AtomicRMWInst>(W.At))
    Address = A->getPointerOperand();
  else if (const auto *A = dyn_cast_or_null<AtomicCmpXchgInst>(W.At))
    Address = A->getPointerOperand();
  if (Address) {
    if (const auto *GV = dyn_cast<GlobalVariable>(Address->stripInBoundsConstantOffsets()))
      return {Cause::StoredInGlobal, C.Source.name(*GV), Loc};
    const Value *Base = Address->stripInBoundsConstantOffsets();
    while (const auto *GEP = dyn_cast<GEPOperator>(Base))
      Base = GEP->getPointerOperand()->stripInBoundsConstantOffsets();
    if (const auto *GV = dyn_cast<GlobalVariable>(Base))
      return {Cause::StoredInGlobal, C.Source.name(*GV), Loc};
  }
  if (ObjectId Holder = G.owner(Sink); Holder != None && G.object(Holder).Kind == ObjectKind::ParamMemory)
    return {Cause::StoredInParam, C.Source.name(*G.object(Holder).V), Loc};
  return {Cause::StoredInUnknown, "", Loc};
}

bool EscapeBuilder::isInside(const Fact &Fa) const {
  const WhyNote &W = G.why(Fa.Why);
  const auto *Call = dyn_cast_or_null<CallBase>(W.At);
  const Function *Callee = Call ? Call->getCalledFunction() : nullptr;
  return W.Inside || (Callee && C.Models.isLibrary(*Callee));
}

EscapeSummary EscapeBuilder::summary(std::vector<CalledBack> *Calls) const {
  EscapeSummary S;
  S.Higher = Higher;
  auto AddParamFacts = [&](NodeId Sink, const ParamLeak &Into) {
    for (const Fact &Fa : G.facts(Sink)) {
      const Object &O = G.object(Fa.T.Obj);
      if (O.Kind == ObjectKind::CallResult && Calls && O.Label < Calls->size()) {
        ParamLeak To = Into;
        if (To.To == ParamLeak::ToHeap)
          To.Why = causeOf(Sink, Fa);
        (*Calls)[O.Label].Results.push_back(std::move(To));
      }
      if (O.Kind != ObjectKind::ParamMemory && !(O.Returned && Into.To == ParamLeak::ToResult))
        continue;
      ParamLeak L = Into;
      L.Param = O.Returned ? cast<Argument>(O.V)->getArgNo() : O.Param;
      L.Loads = O.Depth;
      L.At = O.Depth ? O.At : Fa.T.Offset;
      L.Inside = L.To == ParamLeak::ToParam && L.Param == L.Other && (Library || isInside(Fa));
      if (L.To == ParamLeak::ToHeap)
        L.Why = causeOf(Sink, Fa);
      S.add(std::move(L));
    }
  };
  ParamLeak Heap, Result;
  Result.To = ParamLeak::ToResult;
  AddParamFacts(G.heapContents(), Heap);
  if (Slots.empty())
    AddParamFacts(G.result(), Result);
  for (ObjectId Slot : Slots) {
    if (NodeId Whole = G.object(Slot).Whole; Whole != None)
      AddParamFacts(Whole, Result);
    for (const auto &[Offset, N] : G.object(Slot).Fields) {
      Result.Into = Offset;
      AddParamFacts(N, Result);
    }
    Result.Into = AnyOffset;
  }
  // What a returned object points to: library code hands the object out, so its contents come with the result; from
  // user code the object is on the heap, and what it holds is too.
  AddParamFacts(G.behindResult(), Library ? Result : Heap);
  for (const EscapeGraph::Stored &Place : G.stored()) {
    ParamLeak Into;
    Into.To = ParamLeak::ToParam;
    Into.Other = Place.Param;
    Into.OtherLoads = Place.Depth;
    Into.Into = Place.At;
    AddParamFacts(Place.N, Into);
  }

  auto HandOut = [&](const Fact &Fa, bool InResult, uint32_t Param) {
    HandedOut H{InResult, Param, Cause::Unknown};
    for (const Subject &Sub : Subjects)
      if (is_contained(Sub.Objects, Fa.T.Obj))
        H.Size = Sub.Forced.What;
    if (H.Size == Cause::OuterLoop)
      H.Size = Cause::NonConstantSize; // several objects come out of one call
    if (!is_contained(S.Allocations, H) && S.Allocations.size() < 4)
      S.Allocations.push_back(H);
  };
  auto Inspect = [&](NodeId Sink, Planted Into) {
    // A constructor's own vtable replaces those that the constructors of its bases have stored before.
    auto IsVTable = [&](const Fact &Fa) {
      const Object &O = G.object(Fa.T.Obj);
      return O.Kind == ObjectKind::Constant && O.V->getName().starts_with("_ZTV");
    };
    auto IsOwn = [&](const Fact &Fa) { return isa_and_nonnull<StoreInst>(G.why(Fa.Why).At); };
    bool OwnVTable = any_of(G.facts(Sink), [&](const Fact &Fa) { return IsVTable(Fa) && IsOwn(Fa); });
    for (const Fact &Fa : G.facts(Sink)) {
      const Object &O = G.object(Fa.T.Obj);
      if (O.Returned && Into.InResult)
        continue; // the result points into itself, which the leaks say
      Planted P = Into;
      switch (O.Kind) {
      case ObjectKind::Allocation:
        if (Library && Into.Loads == 0) {
          HandOut(Fa, Into.InResult, Into.Param);
          break;
        }
        [[fallthrough]];
      case ObjectKind::Heap:
      case ObjectKind::Frame:
        S.add(P);
        break;
      case ObjectKind::Code:
      case ObjectKind::Constant:
        if (OwnVTable && IsVTable(Fa) && !IsOwn(Fa))
          break;
        if (Fa.T.Offset != AnyOffset) {
          P.What = cast<GlobalValue>(O.V);
          P.Offset = Fa.T.Offset;
        }
        S.add(P);
        break;
      case ObjectKind::ParamMemory:
      case ObjectKind::Closure:
      case ObjectKind::CallResult:
        break;
      }
    }
  };
  Planted InResult;
  InResult.InResult = true;
  if (Slots.empty())
    Inspect(G.result(), InResult);
  for (ObjectId Slot : Slots) {
    if (NodeId Whole = G.object(Slot).Whole; Whole != None)
      Inspect(Whole, InResult);
    for (const auto &[Offset, N] : G.object(Slot).Fields) {
      InResult.Into = Offset;
      Inspect(N, InResult);
    }
    InResult.Into = AnyOffset;
  }
  // Functions and tables of them stand in a result in memory at places of their own, beside what else it holds.
  auto Beside = [](const Planted &P) {
    return P.Into != AnyOffset && P.What && (isa<Function>(P.What) || P.What->getName().starts_with("_ZTV"));
  };
  S.ResultIsUnknown = any_of(S.Plants, [&](const Planted &P) { return P.InResult && !Beside(P); }) ||
                      any_of(G.facts(G.result()), [&](const Fact &Fa) { return G.object(Fa.T.Obj).Kind == ObjectKind::CallResult; });
  for (const EscapeGraph::Stored &Place : G.stored()) {
    Planted Into;
    Into.Param = Place.Param;
    Into.Loads = Place.Depth;
    Into.Into = Place.At;
    Inspect(Place.N, Into);
  }
  return S;
}

} // namespace emm
