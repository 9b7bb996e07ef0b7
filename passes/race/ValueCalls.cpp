//===- passes/race/ValueCalls.cpp - what calls do to values ---------------===//

#include "passes/race/Values.h"

#include "llvm/IR/IntrinsicInst.h"

using namespace llvm;

namespace emm::race {

static PlaceSet single(PlaceId P) { return PlaceSet(1, P); }

/// Returns true when the model says all there is to say of values.
bool Values::applyModel(const CallBase &Call, const FunctionModel &Model) {
  PlaceTable &T = U.Places;
  bool Slot = Call.arg_size() && Call.paramHasAttr(0, Attribute::StructRet);
  PlaceSet Result;
  for (const EffectRow &R : Model.Rows) {
    switch (R.E) {
    case Effect::Allocate:
    case Effect::MakeMap:
      T.insert(Result, heap(Call));
      break;
    case Effect::ReturnArg:
      for (PlaceId P : ofArgument(Call, R.A)) {
        PlaceSet S = single(P);
        for (int L = 0; L < R.C; ++L) {
          PlaceSet Next;
          for (PlaceId Q : S)
            T.insert(Next, load(Q));
          S = Next;
        }
        T.insert(Result, S);
      }
      break;
    case Effect::ReturnElement:
      for (PlaceId P : ofArgument(Call, R.A))
        T.insert(Result, T.element(P));
      break;
    case Effect::StoreInto:
      for (PlaceId Object : ofArgument(Call, R.B))
        for (PlaceId P : ofArgument(Call, R.A)) {
          // One level in: what the container's elements hold.
          if (R.C == 0)
            store(T.element(Object), single(P));
          else
            copy(T.element(Object), P);
        }
      if (const Function *Callee = calleeOf(Call); R.C != 0 && U.C.Models.isLibrary(*Callee))
        keepInElement(Call, *Callee, R);
      break;
    case Effect::KeepCallable:
      keepCallable(Call, R);
      break;
    case Effect::GuardCtor:
      for (PlaceId Guard : ofArgument(Call, R.A))
        store(Guard, ofArgument(Call, R.B));
      break;
    case Effect::GuardMove:
    case Effect::HandleMove:
      break;
    default:
      break;
    }
  }
  if (Slot) {
    for (PlaceId P : of(Call.getArgOperand(0)))
      store(P, Result);
  } else if (Call.getType()->isPointerTy() || Call.getType()->isIntegerTy(64)) {
    if (Result.empty() && Call.getType()->isPointerTy())
      Result = single(heap(Call));
    T.limit(Result);
    Known[&Call] = Result;
  } else if (Call.getType()->isStructTy()) {
    Parts[{&Call, 0}] = Result;
  }
  return true;
}

void Values::applySummary(const CallBase &Call, const Summary &S) {
  PlaceTable &T = U.Places;
  std::vector<PlaceSet> Arguments = argumentsOf(Call);
  Translation Remember(*this, Call, Arguments);
  for (const StoreEffect &E : S.Stores) {
    PlaceSet What;
    for (PlaceId P : E.Values)
      T.insert(What, translate(P, Call, Arguments));
    T.limit(What);
    for (PlaceId Where : translate(E.Where, Call, Arguments))
      store(Where, What);
  }
  for (const CopyEffect &E : S.Copies)
    for (PlaceId To : translate(E.To, Call, Arguments))
      for (PlaceId From : translate(E.From, Call, Arguments))
        copy(To, From, E.Bytes);
  for (unsigned I = 0; I < S.Results.size(); ++I) {
    PlaceSet Out;
    for (PlaceId P : S.Results[I])
      T.insert(Out, translate(P, Call, Arguments));
    T.limit(Out);
    if (Call.getType()->isStructTy())
      Parts[{&Call, I}] = Out;
    else
      Known[&Call] = Out;
  }
}

void Values::visitCall(const CallBase &Call) {
  if (const auto *MT = dyn_cast<MemTransferInst>(&Call)) {
    const auto *Length = dyn_cast<ConstantInt>(MT->getLength());
    int64_t Bytes = Length && Length->getValue().isIntN(32) ? int64_t(Length->getZExtValue()) : CopyEffect::Unbounded;
    for (PlaceId To : of(MT->getDest()))
      for (PlaceId From : of(MT->getSource()))
        copy(To, From, Bytes);
    return;
  }
  if (const auto *II = dyn_cast<IntrinsicInst>(&Call)) {
    switch (II->getIntrinsicID()) {
    case Intrinsic::threadlocal_address:
      Known[&Call] = single(UnknownPlace);
      return;
    case Intrinsic::launder_invariant_group:
    case Intrinsic::strip_invariant_group:
    case Intrinsic::ptrmask:
      Known[&Call] = of(II->getArgOperand(0));
      return;
    default:
      return;
    }
  }
  const Function *Callee = calleeOf(Call);
  if (!Callee) {
    // A call through a pointer to one known function.
    for (PlaceId P : of(Call.getCalledOperand()))
      if (U.Places.rootOf(P).Kind == RootKind::Function)
        if (const Summary *S = U.summary(*cast<Function>(U.Places.rootOf(P).V)))
          return applySummary(Call, *S);
  } else if (U.usesBody(*Callee)) {
    if (const Summary *S = U.summary(*Callee))
      return applySummary(Call, *S);
  } else if (const FunctionModel *Model = U.model(*Callee)) {
    applyModel(Call, *Model);
    return;
  }
  if (Call.getType()->isPointerTy())
    Known[&Call] = single(heap(Call));
}

} // namespace emm::race
