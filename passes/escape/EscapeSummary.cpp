//===- passes/escape/EscapeSummary.cpp - a solved graph to a summary ------===//

#include "passes/escape/EscapeBuilder.h"

#include "llvm/IR/Operator.h"

using namespace llvm;

namespace emm {

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

EscapeSummary EscapeBuilder::summary() const {
  EscapeSummary S;
  auto AddParamFacts = [&](NodeId Sink, ParamLeak::Sink To, uint32_t Other, unsigned OtherLoads) {
    if (Sink == None)
      return;
    for (const Fact &Fa : G.facts(Sink)) {
      const Object &O = G.object(Fa.T.Obj);
      if (O.Kind != ObjectKind::ParamMemory)
        continue;
      // A parameter's own memory holds its own deeper memory.
      if (To == ParamLeak::ToParam && O.Param == Other && O.Depth > 0)
        continue;
      ParamLeak L;
      L.To = To;
      L.Param = O.Param;
      L.Loads = O.Depth;
      L.Other = Other;
      L.OtherLoads = OtherLoads;
      if (To == ParamLeak::ToHeap)
        L.Why = causeOf(Sink, Fa);
      S.add(std::move(L));
    }
  };
  AddParamFacts(G.heapContents(), ParamLeak::ToHeap, 0, 0);
  AddParamFacts(G.result(), ParamLeak::ToResult, 0, 0);
  // What a returned object points to: library code hands the object out, so its contents come with the result; from
  // user code the object is on the heap, and what it holds is too.
  AddParamFacts(G.behindResult(), Library ? ParamLeak::ToResult : ParamLeak::ToHeap, 0, 0);
  for (const Argument &A : F.args())
    for (unsigned Depth = 0; Depth <= EscapeGraph::MaxDepth; ++Depth)
      AddParamFacts(G.storedInto(A.getArgNo(), Depth), ParamLeak::ToParam, A.getArgNo(), Depth);

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
  auto Inspect = [&](NodeId Sink, bool InResult, uint32_t Param) {
    if (Sink == None)
      return;
    for (const Fact &Fa : G.facts(Sink)) {
      ObjectKind K = G.object(Fa.T.Obj).Kind;
      bool Foreign = K == ObjectKind::Heap || K == ObjectKind::Frame || K == ObjectKind::Code || K == ObjectKind::Constant;
      if (K == ObjectKind::Allocation && Library)
        HandOut(Fa, InResult, Param);
      else if (InResult && (Foreign || K == ObjectKind::Allocation))
        S.ResultIsUnknown = true;
    }
  };
  Inspect(G.result(), true, 0);
  for (const Argument &A : F.args())
    Inspect(G.storedInto(A.getArgNo(), 0), false, A.getArgNo());
  return S;
}

} // namespace emm
