//===- passes/escape/EscapeCalls.cpp - what a call does to pointers -------===//
//
// In this order: a model that says where arguments go; the summary of a body in
// this unit; the attributes of a declaration. A body that only exists because of
// the optimisation level (available_externally) counts as a declaration, so that
// verdicts do not depend on it.
//
//===----------------------------------------------------------------------===//

#include "passes/escape/EscapeBuilder.h"

#include "passes/Compat.h"
#include "reports/finding/Fingerprint.h"

#include "llvm/IR/IntrinsicInst.h"

using namespace llvm;

namespace emm {

NodeId EscapeBuilder::place(NodeId N, int64_t Offset, const Value *At) {
  if (Offset == 0)
    return N;
  auto [It, New] = Places.try_emplace({N, Offset}, None);
  if (!New)
    return It->second;
  NodeId Moved = G.addNode();
  It->second = Moved;
  G.addCopy(Moved, N, Offset, why("dot", At));
  return Moved;
}

NodeId EscapeBuilder::loaded(NodeId N, unsigned Loads, const Value *At, int64_t First) {
  for (unsigned I = 0; I != Loads; ++I) {
    NodeId From = place(N, I ? AnyOffset : First, At);
    auto [It, New] = LoadedNodes.try_emplace(From, None);
    if (New) {
      NodeId Next = G.addNode();
      It->second = Next;
      G.addLoad(Next, From, why("indirection", At));
      N = Next;
    } else {
      N = It->second;
    }
  }
  return N;
}

/// The result of \p Call, also when it is returned through a hidden slot.
void EscapeBuilder::defineResult(const CallBase &Call, NodeId From, uint32_t Why, int64_t Into) {
  if (Call.arg_size() && Call.paramHasAttr(0, Attribute::StructRet))
    G.addStore(place(nodeOf(Call.getArgOperand(0)), Into, &Call), From, Why);
  else if (!Call.getType()->isVoidTy())
    G.addCopy(nodeOf(&Call), From, 0, Why);
}

ObjectId EscapeBuilder::closureObject(const Value &A, const Type *T) {
  if (!C.Closures)
    return None;
  const Closure *Cl = C.Closures->Index.byType(T);
  // Without captures the operator does not tell its type; a callee that is given the object names its class.
  if (!Cl)
    for (const User *U : A.users())
      if (const auto *Call = dyn_cast<CallBase>(U); Call && Call->getCalledFunction() && !Cl)
        Cl = C.Closures->Index.byMention(Call->getCalledFunction()->getName());
  if (!Cl)
    return None;
  auto It = ClosureObjects.find(Cl);
  if (It != ClosureObjects.end())
    return It->second;
  ObjectId O = G.addObject(ObjectKind::Closure, &A);
  ClosureObjects.insert({Cl, O});
  return O;
}

void EscapeBuilder::applyOperator(const AllocaInst &Object) {
  const Closure *Cl = C.Closures ? C.Closures->Index.byType(Object.getAllocatedType()) : nullptr;
  const EscapeSummary *S = Cl ? summaryOf(*Cl->Operator) : nullptr;
  if (!S)
    return;
  uint32_t This = Cl->Operator->hasStructRetAttr() ? 1 : 0;
  for (const ParamLeak &L : S->Leaks)
    if (L.To == ParamLeak::ToHeap && L.Param == This && L.Loads)
      G.addCopy(G.heapContents(), loaded(nodeOf(&Object), L.Loads, &Object, L.At), 0,
                whyCause("captured by a closure", &Object, L.Why));
}

/// What of argument number \p Arg of \p Call \p L is about. A structure passed in memory is the callee's by value: one
/// load more.
NodeId EscapeBuilder::leaked(const CallBase &Call, unsigned Arg, const ParamLeak &L) {
  const Value &A = *Call.getArgOperand(Arg);
  if (L.Loads == 0 && L.At == CaptureOffset && closureCopiedBy(A))
    return loaded(nodeOf(cast<LoadInst>(A).getPointerOperand()), 1, &Call, 0);
  NodeId N = nodeOf(&A);
  if (Call.paramHasAttr(Arg, Attribute::ByVal))
    return loaded(N, L.Loads + 1, &Call);
  if (L.Loads)
    return loaded(N, L.Loads, &Call, L.At);
  return L.To == ParamLeak::ToHeap || L.At == CaptureOffset ? N : place(N, L.At, &Call);
}

/// The arguments of \p Call that parameter \p Param of a summary stands for: one, or for the number behind the last
/// parameter all that the callee takes with `...`. Only those that may carry a pointer.
SmallVector<unsigned, 2> EscapeBuilder::argumentsOf(const CallBase &Call, uint32_t Param) const {
  SmallVector<unsigned, 2> Args;
  unsigned Named = Call.getFunctionType()->getNumParams();
  unsigned End = Call.getFunctionType()->isVarArg() && Param == Named ? Call.arg_size() : std::min(Param + 1, Call.arg_size());
  for (unsigned I = Param; I < End; ++I) {
    const Value *A = Call.getArgOperand(I);
    if (!isa<ConstantData>(A) && (carriesPointers(A->getType()) || Nodes.count(A)))
      Args.push_back(I);
  }
  return Args;
}

/// The argument of \p Call that \p L is about reaches the heap in the callee.
void EscapeBuilder::applyLeak(const CallBase &Call, const ParamLeak &L) {
  for (unsigned Arg : argumentsOf(Call, L.Param)) {
    Cause Why = L.Why;
    if (Why.Loc.File.empty() || C.Source.isSystemFile(Why.Loc.File))
      Why.Loc = C.Source.location(Call);
    const char *Word = Why.What == Cause::Thread ? "started in a thread" : "call parameter";
    G.addCopy(G.heapContents(), leaked(Call, Arg, L), 0, whyCause(Word, &Call, std::move(Why)));
  }
}

/// What parameter \p Param of a summary points to, \p Loads loads away, at \p At: where something is stored.
SmallVector<NodeId, 2> EscapeBuilder::placesOf(const CallBase &Call, uint32_t Param, unsigned Loads, int64_t At) {
  SmallVector<NodeId, 2> Places;
  for (unsigned Arg : argumentsOf(Call, Param)) {
    NodeId N = nodeOf(Call.getArgOperand(Arg));
    Places.push_back(Loads ? place(loaded(N, Loads, &Call, At), AnyOffset, &Call) : place(N, At, &Call));
  }
  return Places;
}

void EscapeBuilder::applySummary(const CallBase &Call, const EscapeSummary &S, const Function &Callee) {
  // The callee may return this argument in some cases only; it always does if it returns nothing else.
  // A pointer of a result in memory into itself takes no place from it, and what is somewhere in it may be at each place.
  auto Competes = [&](const ParamLeak &O) {
    bool Itself = O.Param < Callee.arg_size() && Callee.getArg(O.Param)->hasStructRetAttr();
    ParamLeak Somewhere = O;
    Somewhere.Into = AnyOffset;
    return O.To == ParamLeak::ToResult && !Itself &&
           (O.Into == AnyOffset || none_of(S.Leaks, [&](const ParamLeak &L) { return L.sameFlow(Somewhere); }));
  };
  bool Only = !S.ResultIsUnknown && S.Allocations.empty() && count_if(S.Leaks, Competes) == 1;
  for (const ParamLeak &L : S.Leaks) {
    if (L.To == ParamLeak::ToHeap) {
      applyLeak(Call, L);
      continue;
    }
    for (unsigned Arg : argumentsOf(Call, L.Param)) {
      NodeId From = leaked(Call, Arg, L);
      if (L.To == ParamLeak::ToResult)
        defineResult(Call, From, mayWhy("call parameter", &Call, !Only || L.Loads), L.Into);
      else
        for (NodeId Into : placesOf(Call, L.Other, L.OtherLoads, L.Into))
          G.addStore(Into, From, whyStored(Call, L));
    }
  }
  for (const HandedOut &H : S.Allocations)
    takeOver(Call, H, Callee);
  for (const Planted &P : S.Plants) {
    NodeId N = G.addNode();
    if (P.What)
      G.addCopy(N, nodeOf(P.What), P.Offset, why("call parameter", &Call));
    else
      G.addOrigin(N, {G.heap(), AnyOffset}, why("call parameter", &Call));
    if (P.InResult)
      defineResult(Call, N, why("call parameter", &Call), P.Into);
    else
      for (NodeId Into : placesOf(Call, P.Param, P.Loads, P.Into))
        G.addStore(Into, N, mayWhy("call parameter", &Call, true));
  }
}

void EscapeBuilder::applyUnknown(const CallBase &Call, Cause::Kind Kind, StringRef Name) {
  NodeId Unknown = G.addNode();
  G.addOrigin(Unknown, {G.heap(), AnyOffset}, why("call parameter", &Call));
  uint32_t Why = 0;
  for (unsigned I = 0; I != Call.arg_size(); ++I) {
    const Value *A = Call.getArgOperand(I);
    if (isa<ConstantData>(A) || isa<Function>(A) || (!carriesPointers(A->getType()) && !Nodes.count(A)))
      continue;
    if (Call.paramHasAttr(I, Attribute::StructRet)) {
      G.addStore(nodeOf(A), Unknown, why("call parameter", &Call));
      continue;
    }
    if (!Why)
      Why = whyCause(Kind == Cause::VirtualCall ? "virtual call" : "call parameter", &Call,
                     {Kind, Name.str(), C.Source.location(Call)});
    bool Kept = !compat::doesNotCapture(Call, I) && !compat::capturesOnlyInResult(Call, I);
    bool Copied = Call.paramHasAttr(I, Attribute::ByVal);
    if (compat::capturesOnlyInResult(Call, I) || Call.paramHasAttr(I, Attribute::Returned))
      defineResult(Call, nodeOf(A), why("call parameter", &Call));
    if (Call.onlyReadsMemory())
      continue; // it can keep nothing anywhere but in its result
    if (Kept && !Copied)
      G.addCopy(G.heapContents(), nodeOf(A), 0, Why);
    else if (A->getType()->isPointerTy() && !Call.onlyAccessesInaccessibleMemory())
      G.addCopy(G.heapContents(), loaded(nodeOf(A), 1, &Call), 0, Why);
    if (A->getType()->isPointerTy() && !Call.onlyReadsMemory(I) && !Copied)
      G.addStore(wholeOf(A, Call), Unknown, why("call parameter", &Call));
  }
  if (Call.getType()->isPointerTy() && Call.returnDoesNotAlias()) {
    // Storage that nobody else knows. It is no allocation that the source shows, and may hold anything.
    ObjectId Fresh = G.addObject(ObjectKind::Allocation, &Call);
    G.addOrigin(nodeOf(&Call), {Fresh, 0}, why("call parameter", &Call));
    G.addCopy(G.contents(Fresh, AnyOffset), Unknown, 0, why("call parameter", &Call));
  } else if (carriesPointers(Call.getType())) {
    G.addCopy(nodeOf(&Call), Unknown, 0, why("call parameter", &Call));
  }
}

void EscapeBuilder::visitIntrinsic(const IntrinsicInst &I) {
  if (const auto *M = dyn_cast<AnyMemTransferInst>(&I)) {
    G.addMemoryCopy(nodeOf(M->getDest()), nodeOf(M->getSource()), why("assign", &I));
    return;
  }
  if (I.getIntrinsicID() == Intrinsic::vastart) {
    // The list leads to an area that holds the arguments behind the last parameter: one more parameter.
    ObjectId Area = G.addObject(ObjectKind::Frame, &I);
    NodeId N = G.addNode();
    G.addOrigin(N, {Area, AnyOffset}, why("assign", &I));
    G.addStore(wholeOf(I.getArgOperand(0), I), N, why("assign", &I));
    G.addOrigin(G.contents(Area, AnyOffset), {G.paramMemory(F.arg_size(), 0, &F), AnyOffset}, why("parameter", &I));
    return;
  }
  if (I.getIntrinsicID() == Intrinsic::coro_await_suspend_void || I.getIntrinsicID() == Intrinsic::coro_await_suspend_bool ||
      I.getIntrinsicID() == Intrinsic::coro_await_suspend_handle) {
    // The third operand is called with the first two: the awaiter and the frame.
    const auto *Suspend = dyn_cast<Function>(I.getArgOperand(2)->stripPointerCasts());
    if (Suspend && hasBody(*Suspend) && summaryOf(*Suspend) && !(Withheld && Withheld->contains(Suspend)))
      applyCallback(I, *Suspend, 0);
    else
      applyUnknown(I, Cause::UnknownCallee, Suspend ? canonicalFunction(Suspend->getName()) : "");
    return;
  }
  if (I.getIntrinsicID() == Intrinsic::vacopy) {
    G.addMemoryCopy(nodeOf(I.getArgOperand(0)), nodeOf(I.getArgOperand(1)), why("assign", &I));
    return;
  }
  if (I.isLifetimeStartOrEnd() || I.isAssumeLikeIntrinsic() || !carriesPointers(I.getType()))
    return;
  if (I.getIntrinsicID() == Intrinsic::threadlocal_address) {
    G.addOrigin(nodeOf(&I), {G.heap(), AnyOffset}, why("address-of", &I));
    return;
  }
  for (const Use &A : I.args())
    if (carriesPointers(A->getType()))
      G.addCopy(nodeOf(&I), nodeOf(A), AnyOffset, why("assign", &I));
}

void EscapeBuilder::visitCall(const CallBase &Call) {
  if (Call.isInlineAsm()) {
    applyUnknown(Call, Cause::UnknownCallee, "inline assembly");
    return;
  }
  const auto *Callee = dyn_cast<Function>(Call.getCalledOperand()->stripPointerCastsAndAliases());
  if (Callee)
    applyCallee(Call, *Callee);
  else
    wait(Call);
}

void EscapeBuilder::applyCallee(const CallBase &Call, const Function &Callee) {
  if (const FunctionModel *M = C.Models.lookup(Callee); M && applyModel(Call, *M, Callee))
    return;
  if (const EscapeSummary *S = hasBody(Callee) ? summaryOf(Callee) : nullptr) {
    if (S->Higher)
      wait(Call, Callee, *S->Higher);
    else
      applySummary(Call, *S, Callee);
    return;
  }
  applyUnknown(Call, Cause::UnknownCallee, canonicalFunction(Callee.getName()));
}

} // namespace emm
