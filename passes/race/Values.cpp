//===- passes/race/Values.cpp ---------------------------------------------===//

#include "passes/race/Values.h"
#include "passes/Compat.h"
#include "passes/race/Overlap.h"

#include "llvm/ADT/PostOrderIterator.h"
#include "llvm/Analysis/ConstantFolding.h"
#include "llvm/IR/DataLayout.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/Operator.h"

#include <algorithm>

using namespace llvm;

namespace emm::race {

void Values::compute() {
  ReversePostOrderTraversal<const Function *> Order(&F);
  // The second round sees what the first one found to be stored further down.
  for (unsigned Round = 0; Round < 2 && (!Round || Again); ++Round)
    for (const BasicBlock *B : Order)
      for (const Instruction &I : *B)
        visit(I);
}

PlaceId Values::heap(const CallBase &Call) {
  Root R;
  R.Kind = RootKind::Heap;
  R.V = &Call;
  return U.Places.make(U.Places.root(R));
}

PlaceSet Values::of(const Value *V) {
  if (auto It = Known.find(V); It != Known.end())
    return It->second;
  if (isa<Constant>(V) || isa<Argument>(V))
    return Known[V] = evaluate(*V);
  return {};
}

static PlaceSet single(PlaceId P) { return PlaceSet(1, P); }

PlaceSet Values::evaluate(const Value &V) {
  Root R;
  R.V = &V;
  if (const auto *A = dyn_cast<Argument>(&V)) {
    if (!A->getType()->isPointerTy())
      return {};
    R.Kind = RootKind::Param;
    return single(U.Places.make(U.Places.root(R)));
  }
  if (const auto *G = dyn_cast<GlobalVariable>(&V)) {
    if (G->isThreadLocal())
      return single(UnknownPlace);
    R.Kind = RootKind::Global;
    return single(U.Places.make(U.Places.root(R)));
  }
  if (isa<Function>(V)) {
    R.Kind = RootKind::Function;
    return single(U.Places.make(U.Places.root(R)));
  }
  if (const auto *A = dyn_cast<GlobalAlias>(&V))
    return of(A->getAliasee());
  if (const auto *GEP = dyn_cast<GEPOperator>(&V)) {
    PlaceSet Base = of(GEP->getPointerOperand()), Out;
    APInt Constant(64, 0);
    compat::GepOffsets Variable;
    if (!GEP->collectOffset(F.getParent()->getDataLayout(), 64, Variable, Constant))
      return single(UnknownPlace);
    for (PlaceId P : Base)
      U.Places.insert(Out, U.Places.advance(P, Constant.getSExtValue(), !Variable.empty()));
    return Out;
  }
  if (const auto *E = dyn_cast<ConstantExpr>(&V)) {
    if (E->isCast())
      return of(E->getOperand(0));
    return {};
  }
  return {};
}

/// True if the call that yields the object runs again within this function.
bool Values::madeInLoop(const Root &R) {
  const auto *Made = cast<Instruction>(R.Via ? R.Via : R.V);
  if (Made->getFunction() != &F)
    return false;
  auto [It, New] = InLoop.try_emplace(Made->getParent(), false);
  if (New)
    It->second = Overlap(*Made, {}).startsAgain();
  return It->second;
}

PlaceSet Values::load(PlaceId Address, unsigned Depth) { return loaded(Address, Depth); }

const PlaceSet &Values::loaded(PlaceId Address, unsigned Depth) {
  static const PlaceSet Unknown = single(UnknownPlace);
  if (!Address)
    return Unknown;
  Loaded = true;
  if (auto It = Remembered.find({Address, Depth}); It != Remembered.end())
    return It->second;
  PlaceSet Out = find(Address, Depth);
  return Remembered[{Address, Depth}] = std::move(Out);
}

/// The function at byte \p Bytes of a constant: a vtable, or a table of functions.
static const Function *functionIn(const GlobalVariable &G, int64_t Bytes) {
  if (!G.isConstant() || !G.hasInitializer() || Bytes < 0)
    return nullptr;
  const DataLayout &DL = G.getDataLayout();
  const Constant *K = ConstantFoldLoadFromConst(const_cast<Constant *>(G.getInitializer()), PointerType::get(G.getContext(), 0),
                                                APInt(DL.getIndexTypeSizeInBits(G.getType()), Bytes), DL);
  return K ? dyn_cast<Function>(K->stripPointerCastsAndAliases()) : nullptr;
}

PlaceSet Values::find(PlaceId Address, unsigned Depth) {
  PlaceTable &T = U.Places;
  PlaceSet Out;
  if (auto It = Contents.find(Address); It != Contents.end())
    Out = It->second;
  // Interning places moves them.
  const RootId R = T.place(Address).R;
  const Offset Last = T.place(Address).Path.back();
  const bool Direct = T.place(Address).Path.size() == 1;
  if (Depth < 4) {
    if (auto It = CopiesInto.find(T.place(Address).Prefix); It != CopiesInto.end())
      for (const CopyEffect &C : It->second) {
        const Offset To = T.place(C.To).Path.back();
        int64_t Delta = int64_t(Last.Bytes) - To.Bytes;
        // Some element was copied as a whole: within it the way is known.
        if (C.covers(Delta))
          T.insert(Out, load(T.advance(C.From, Delta, Last.Any && !To.Any), Depth + 1));
      }
    if (Direct)
      if (auto It = CopySources.find(R); It != CopySources.end())
        for (PlaceId S : It->second)
          T.insert(Out, load(T.advance(S, Last.Bytes, Last.Any), Depth + 1));
  }
  // One slot among several that a loop filled: one object among several.
  if (T.hasAny(Address))
    for (PlaceId P : PlaceSet(Out))
      if (P && T.rootOf(P).Kind == RootKind::Heap && !T.hasAny(P) && madeInLoop(T.rootOf(P))) {
        erase_if(Out, [&](PlaceId Q) { return Q == P; });
        T.insert(Out, T.advance(P, 0, true));
      }
  RootKind Kind = T.root(R).Kind;
  // A global may be written by anyone: only functions in it are believed, and its own name is its content's.
  if (Kind == RootKind::Global) {
    erase_if(Out, [&](PlaceId P) { return T.rootOf(P).Kind != RootKind::Function; });
    if (const Function *Held = Direct && !Last.Any ? functionIn(*cast<GlobalVariable>(T.root(R).V), Last.Bytes) : nullptr)
      T.insert(Out, of(Held));
  }
  bool Known = Made && T.root(R).V == Made && Direct;
  if (Out.empty() || Kind == RootKind::Global || (Kind == RootKind::Param && !Known))
    T.insert(Out, T.load(Address));
  T.limit(Out);
  return Out;
}

std::optional<PlaceSet> Values::rootHere(PlaceId P, const Instruction &Call, ArrayRef<PlaceSet> Arguments) {
  PlaceTable &T = U.Places;
  RootId Id = T.place(P).R;
  const Root R = T.root(Id);
  switch (R.Kind) {
  case RootKind::Param: {
    unsigned N = cast<Argument>(R.V)->getArgNo();
    if (N >= Arguments.size())
      return std::nullopt;
    return Arguments[N];
  }
  case RootKind::Heap: {
    unsigned Nesting = 0;
    for (const Root *X = &R; X->Via; X = &T.root(X->Extra))
      ++Nesting;
    Root Outer = R;
    if (Nesting < 3) {
      Outer.Extra = Id;
      Outer.Via = &Call;
    }
    // Seen through more calls it is one of many.
    return single(T.advance(T.make(T.root(Outer)), 0, Nesting >= 3));
  }
  default:
    return std::nullopt;
  }
}

/// Where \p Path leads from the objects \p At.
PlaceSet Values::along(PlaceSet At, ArrayRef<Offset> Path) {
  PlaceTable &T = U.Places;
  PlaceSet Next;
  for (size_t I = 0; I < Path.size(); ++I) {
    if (I == 0 && Path[0] == Offset() && At.size() <= PlaceTable::MaxSet)
      continue;
    Next.clear();
    for (PlaceId C : At) {
      if (I == 0)
        T.insert(Next, T.advance(C, Path[0].Bytes, Path[0].Any));
      else
        for (PlaceId L : loaded(C))
          T.insert(Next, T.advance(L, Path[I].Bytes, Path[I].Any));
    }
    T.limit(Next);
    std::swap(At, Next);
  }
  return At;
}

PlaceSet Values::translate(PlaceId P, const Instruction &Call, ArrayRef<PlaceSet> Arguments) {
  RootKind K = P ? U.Places.rootOf(P).Kind : RootKind::Unknown;
  if (K == RootKind::Global || K == RootKind::Function)
    return single(P);
  if (!Current || Current->Call != &Call || Current->Arguments != Arguments.data())
    return translateAnew(P, Call, Arguments);
  if (Current->Age != Age) {
    Current->Known.clear();
    Current->Age = Age;
  }
  if (auto It = Current->Known.find(P); It != Current->Known.end())
    return It->second;
  PlaceSet Here = translateAnew(P, Call, Arguments);
  Current->Known[P] = Here;
  return Here;
}

PlaceSet Values::translateAnew(PlaceId P, const Instruction &Call, ArrayRef<PlaceSet> Arguments) {
  std::optional<PlaceSet> Root = P ? rootHere(P, Call, Arguments) : std::nullopt;
  if (!Root)
    return single(UnknownPlace);
  const SmallVector<Offset, 3> Path = U.Places.place(P).Path; // interning places moves them
  return along(std::move(*Root), Path);
}

std::vector<std::pair<PlaceId, PlaceId>> Values::translatePair(PlaceId P, PlaceId Q, const Instruction &Call,
                                                               ArrayRef<PlaceSet> Arguments) {
  std::vector<std::pair<PlaceId, PlaceId>> Out;
  const Place A = U.Places.place(P), B = U.Places.place(Q);
  std::optional<PlaceSet> Bases = A.R == B.R ? rootHere(P, Call, Arguments) : std::nullopt;
  if (!Bases)
    return Out;
  // The objects up to which both ways are the same; from each of them the two are followed side by side.
  size_t Shared = 0;
  while (Shared + 1 < A.Path.size() && Shared + 1 < B.Path.size() && A.Path[Shared] == B.Path[Shared])
    ++Shared;
  if (Shared) {
    PlaceSet Behind;
    for (PlaceId C : along(std::move(*Bases), ArrayRef(A.Path).take_front(Shared)))
      for (PlaceId L : load(C))
        U.Places.insert(Behind, L);
    U.Places.limit(Behind);
    Bases = std::move(Behind);
  }
  for (PlaceId Base : *Bases) {
    PlaceSet Others = along(single(Base), ArrayRef(B.Path).drop_front(Shared));
    for (PlaceId Here : along(single(Base), ArrayRef(A.Path).drop_front(Shared)))
      Out.push_back({Here, Others.size() == 1 ? Others[0] : UnknownPlace});
  }
  return Out;
}

std::vector<PlaceSet> Values::argumentsOf(const CallBase &Call) {
  std::vector<PlaceSet> Out;
  for (const Use &A : Call.args())
    Out.push_back(of(A.get()));
  return Out;
}

PlaceSet Values::ofResult(const CallBase &Call) {
  if (Call.arg_size() && Call.paramHasAttr(0, Attribute::StructRet))
    return of(Call.getArgOperand(0));
  return of(&Call);
}

void Values::visit(const Instruction &I) {
  PlaceTable &T = U.Places;
  auto Union = [&](auto &&Operands) {
    PlaceSet Out;
    for (const Value *V : Operands)
      T.insert(Out, of(V));
    T.limit(Out);
    return Out;
  };
  if (const auto *A = dyn_cast<AllocaInst>(&I)) {
    Root R;
    R.Kind = RootKind::Local;
    R.V = A;
    Known[&I] = single(T.make(T.root(R)));
  } else if (isa<GetElementPtrInst>(I)) {
    Known[&I] = evaluate(I);
  } else if (isa<CastInst>(I) || isa<FreezeInst>(I)) {
    if (!I.getType()->isFloatingPointTy())
      Known[&I] = of(I.getOperand(0));
  } else if (const auto *Phi = dyn_cast<PHINode>(&I)) {
    PlaceSet Out;
    for (const Value *V : Phi->incoming_values()) {
      // A pointer that walks: `p = phi(base, p + 8)`.
      const auto *GEP = dyn_cast<GEPOperator>(V);
      if (GEP && GEP->getPointerOperand() == Phi)
        continue;
      Again |= isa<Instruction>(V) && V->getType()->isPointerTy() && !Known.contains(V);
      T.insert(Out, of(V));
    }
    for (const Value *V : Phi->incoming_values()) {
      const auto *GEP = dyn_cast<GEPOperator>(V);
      if (GEP && GEP->getPointerOperand() == Phi) {
        PlaceSet Walked;
        for (PlaceId P : Out)
          T.insert(Walked, T.advance(P, 0, true));
        Out = Walked;
      }
    }
    T.limit(Out);
    Known[&I] = Out;
  } else if (const auto *S = dyn_cast<SelectInst>(&I)) {
    Known[&I] = Union(ArrayRef<const Value *>{S->getTrueValue(), S->getFalseValue()});
  } else if (const auto *L = dyn_cast<LoadInst>(&I)) {
    bool Pointer = L->getType()->isPointerTy();
    if (!Pointer && !L->getType()->isIntegerTy(64))
      return;
    PlaceSet Out;
    for (PlaceId P : of(L->getPointerOperand())) {
      PlaceSet Loaded = load(P);
      // An integer is followed only where a pointer is known to be in it.
      if (!Pointer)
        erase_if(Loaded, [&](PlaceId Q) { return Q == T.load(P) || !Q; });
      T.insert(Out, Loaded);
    }
    T.limit(Out);
    Known[&I] = Out;
  } else if (const auto *S = dyn_cast<StoreInst>(&I)) {
    const auto *K = dyn_cast<ConstantStruct>(S->getValueOperand());
    PlaceSet What = K ? PlaceSet() : of(S->getValueOperand());
    for (PlaceId P : of(S->getPointerOperand())) {
      if (K)
        storeConstant(P, *K);
      else if (isa<InsertValueInst>(S->getValueOperand()) || S->getValueOperand()->getType()->isStructTy()) {
        auto *Type = cast<StructType>(S->getValueOperand()->getType());
        const StructLayout *Layout = F.getParent()->getDataLayout().getStructLayout(Type);
        for (unsigned N = 0; N < Type->getNumElements(); ++N)
          if (auto It = Parts.find({S->getValueOperand(), N}); It != Parts.end())
            store(T.advance(P, Layout->getElementOffset(N), false), PlaceSet(It->second));
      } else
        store(P, What);
    }
  } else if (const auto *E = dyn_cast<ExtractValueInst>(&I)) {
    if (E->getNumIndices() == 1)
      if (auto It = Parts.find({E->getAggregateOperand(), E->getIndices()[0]}); It != Parts.end()) {
        PlaceSet Part = It->second;
        Known[&I] = Part;
      }
  } else if (const auto *V = dyn_cast<InsertValueInst>(&I)) {
    if (V->getNumIndices() == 1 && V->getType()->isStructTy()) {
      unsigned N = cast<StructType>(V->getType())->getNumElements();
      for (unsigned K = 0; K < N; ++K) {
        PlaceSet Part;
        if (K == V->getIndices()[0])
          Part = of(V->getInsertedValueOperand());
        else if (auto It = Parts.find({V->getAggregateOperand(), K}); It != Parts.end())
          Part = It->second;
        Parts[{&I, K}] = Part;
      }
    }
  } else if (const auto *Call = dyn_cast<CallBase>(&I)) {
    visitCall(*Call);
  }
}

} // namespace emm::race
