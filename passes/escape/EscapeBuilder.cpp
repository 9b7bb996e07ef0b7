//===- passes/escape/EscapeBuilder.cpp - instructions ---------------------===//

#include "passes/escape/EscapeBuilder.h"

#include "passes/Compat.h"

#include "llvm/Analysis/ConstantFolding.h"
#include "llvm/Analysis/LoopInfo.h"
#include "llvm/IR/DataLayout.h"
#include "llvm/IR/Dominators.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/Operator.h"

using namespace llvm;

namespace emm {

/// The addresses in a constant and where they stand in it; false if they, or the \p Parts left to be looked at, are too
/// many to be followed.
static bool addressesIn(const Constant &Data, int64_t At, const DataLayout &DL, EscapeGraph::Addresses &Out, unsigned &Parts) {
  if (!Parts--)
    return false;
  if (isa<ConstantData>(Data))
    return true;
  if (!isa<ConstantAggregate>(Data)) {
    Out.push_back({At, &Data});
    return Out.size() <= EscapeGraph::MaxFields;
  }
  for (unsigned I = 0; I != Data.getNumOperands(); ++I) {
    const auto &Element = *cast<Constant>(Data.getOperand(I));
    auto *S = dyn_cast<StructType>(Data.getType());
    uint64_t Offset = S ? DL.getStructLayout(S)->getElementOffset(I).getFixedValue() : I * DL.getTypeAllocSize(Element.getType()).getFixedValue();
    if (!addressesIn(Element, At + int64_t(Offset), DL, Out, Parts))
      return false;
  }
  return true;
}

/// A pointer to a member function: the function, or its place in the table, and what is added to the object's address.
static bool isMemberPointer(const Type *T) {
  const auto *S = dyn_cast<StructType>(T);
  return S && S->isLiteral() && S->getNumElements() == 2 &&
         all_of(S->elements(), [](const Type *E) { return E->isIntegerTy(64); });
}

EscapeBuilder::EscapeBuilder(const Function &Fn, AnalysisContext &Ctx, const SummaryMap &S,
                             const DenseSet<const Function *> *NotThroughPointers)
    : F(Fn), C(Ctx), Summaries(S), Withheld(NotThroughPointers), CalleeCauses(1), UserCode(Ctx.Source.isUserCode(Fn)), Library(Ctx.Models.isLibrary(Fn)) {
  G.NodeOfConstant = [this](const Value &V) { return nodeOf(&V); };
  G.ReadConstant = [](const Value &Global, int64_t Offset) -> const Value * {
    const auto &GV = cast<GlobalVariable>(Global);
    const DataLayout &DL = GV.getParent()->getDataLayout();
    if (Offset < 0)
      return nullptr;
    return ConstantFoldLoadFromConst(const_cast<Constant *>(GV.getInitializer()), PointerType::getUnqual(GV.getContext()),
                                     APInt(64, Offset), DL);
  };
  G.ReadAll = [](const Value &Global) {
    const auto &GV = cast<GlobalVariable>(Global);
    EscapeGraph::Addresses All;
    unsigned Parts = 1024; // each reader of a table looks at it
    return addressesIn(*GV.getInitializer(), 0, GV.getParent()->getDataLayout(), All, Parts) ? std::optional(std::move(All)) : std::nullopt;
  };
}

const EscapeSummary *EscapeBuilder::summaryOf(const Function &Callee) {
  auto It = Summaries.find(&Callee);
  if (It == Summaries.end())
    return nullptr;
  Used.insert(&Callee);
  return &It->second;
}

uint32_t EscapeBuilder::why(const char *Word, const Value *At, uint32_t Detail) { return G.addWhy({Word, At, "", Detail}); }

uint32_t EscapeBuilder::whyCause(const char *Word, const Value *At, Cause Why) {
  CalleeCauses.push_back(std::move(Why));
  return why(Word, At, CalleeCauses.size() - 1);
}

bool EscapeBuilder::carriesPointers(const Type *T) const {
  if (T->isPtrOrPtrVectorTy())
    return true;
  if (const auto *S = dyn_cast<StructType>(T))
    return any_of(S->elements(), [&](const Type *E) { return carriesPointers(E); });
  if (const auto *A = dyn_cast<ArrayType>(T))
    return carriesPointers(A->getElementType());
  return false;
}

/// Constants and globals get their node on first use; instructions and arguments too, so that order does not matter.
NodeId EscapeBuilder::nodeOf(const Value *V) {
  auto It = Nodes.find(V);
  if (It != Nodes.end())
    return It->second;
  NodeId N = G.addNode();
  Nodes[V] = N;
  if (const auto *GV = dyn_cast<GlobalVariable>(V)) {
    if (GV->isConstant() && GV->hasDefinitiveInitializer())
      G.addOrigin(N, {G.addObject(ObjectKind::Constant, GV), 0}, why("address-of", V));
    else
      G.addOrigin(N, {G.heap(), AnyOffset}, why("address-of", V));
  } else if (isa<Function>(V)) {
    G.addOrigin(N, {G.addObject(ObjectKind::Code, V), 0}, why("address-of", V));
  } else if (isa<GlobalAlias>(V) || isa<GlobalIFunc>(V)) {
    G.addOrigin(N, {G.heap(), AnyOffset}, why("address-of", V));
  } else if (const auto *GEP = dyn_cast<GEPOperator>(V); GEP && isa<Constant>(V)) {
    APInt Offset(64, 0);
    bool Known = GEP->accumulateConstantOffset(F.getParent()->getDataLayout(), Offset);
    G.addCopy(N, nodeOf(GEP->getPointerOperand()), Known ? Offset.getSExtValue() : AnyOffset, why("dot", V));
  } else if (const auto *CE = dyn_cast<ConstantExpr>(V)) {
    for (const Use &U : CE->operands())
      if (!isa<ConstantData>(U))
        G.addCopy(N, nodeOf(U), 0, why("assign", V));
  } else if (const auto *Agg = dyn_cast<ConstantAggregate>(V)) {
    for (const Use &U : Agg->operands())
      if (!isa<ConstantData>(U))
        G.addCopy(N, nodeOf(U), 0, why("assign", V));
  }
  return N;
}

static bool fillsClosure(const Argument &A) {
  return any_of(A.users(), [](const User *U) {
    const auto *S = dyn_cast<StoreInst>(U);
    const auto *Slot = S ? dyn_cast<AllocaInst>(S->getPointerOperand()->stripInBoundsConstantOffsets()) : nullptr;
    return Slot && isClosureType(Slot->getAllocatedType());
  });
}

const AllocaInst *closureCopiedBy(const Value &V) {
  const auto *L = dyn_cast<LoadInst>(&V);
  const auto *Object = L ? dyn_cast<AllocaInst>(L->getPointerOperand()->stripInBoundsConstantOffsets()) : nullptr;
  return Object && isClosureType(Object->getAllocatedType()) ? Object : nullptr;
}

/// The arguments that a closure passed in registers was put together from in \p Slot.
static SmallVector<const Argument *, 2> argumentsIn(const AllocaInst &Slot) {
  SmallVector<const Argument *, 2> Args;
  for (const Argument &A : Slot.getFunction()->args())
    for (const User *U : A.users())
      if (const auto *S = dyn_cast<StoreInst>(U);
          S && S->getValueOperand() == &A && S->getPointerOperand()->stripInBoundsConstantOffsets() == &Slot)
        Args.push_back(&A);
  return Args;
}

void EscapeBuilder::run() {
  G.reserve(F.getInstructionCount() + F.arg_size());
  for (const Argument &A : F.args()) {
    if (A.hasStructRetAttr()) {
      // The hidden slot is the result: what is stored there is what the function returns.
      ObjectId Slot = G.addObject(ObjectKind::Frame, &A);
      G.addOrigin(nodeOf(&A), {Slot, 0}, why("return", &A));
      G.addCopy(G.result(), G.contents(Slot, AnyOffset), 0, why("return", &A));
      Slots.push_back(Slot);
      G.setReturned(Slot);
      if (const Type *T = A.getParamStructRetType(); isClosureType(T))
        if (ObjectId Identity = closureObject(A, T); Identity != None)
          G.addOrigin(G.contents(Slot, IdentityOffset), {Identity, AnyOffset}, why("spill", &A));
      continue;
    }
    if (A.hasByValAttr()) {
      ObjectId Copy = G.addObject(ObjectKind::Frame, &A);
      G.addOrigin(nodeOf(&A), {Copy, 0}, why("parameter", &A));
      G.addOrigin(G.contents(Copy, AnyOffset), {G.paramMemory(A.getArgNo(), 0, &A), AnyOffset}, why("parameter", &A));
      continue;
    }
    // A number may be a closure's only capture: it takes part so that the closure is followed.
    if (carriesPointers(A.getType()) || fillsClosure(A))
      G.addOrigin(nodeOf(&A), {G.paramMemory(A.getArgNo(), 0, &A), 0}, why("parameter", &A));
  }
  for (const Instruction &I : instructions(F))
    visit(I);
  if (CoroutineFrame != None)
    fillCoroutineFrame();
  completeResult();
  resolveCalls();
  exportOpenCalls();
  markLoopCarried();
  completeResult();
}

/// Fields of the result slot come up while solving. What is somewhere in the slot goes straight into the result first, not
/// by way of a field where it might be.
void EscapeBuilder::completeResult() {
  G.solve();
  for (ObjectId Slot : Slots)
    for (unsigned I = 0; I != G.object(Slot).Fields.size(); ++I)
      G.addCopy(G.result(), G.object(Slot).Fields[I].second, 0, why("return", G.object(Slot).V));
  G.solve();
}

void EscapeBuilder::fillCoroutineFrame() {
  for (const Instruction &I : instructions(F))
    if (const auto *Id = dyn_cast<IntrinsicInst>(&I); Id && Id->getIntrinsicID() == Intrinsic::coro_id)
      if (const Value *Promise = Id->getArgOperand(1)->stripPointerCasts(); isa<AllocaInst>(Promise))
        G.addOrigin(nodeOf(Promise), {CoroutineFrame, AnyOffset}, why("spill", Promise));
  for (const Argument &A : F.args())
    if (!A.hasStructRetAttr() && carriesPointers(A.getType()))
      G.addCopy(G.contents(CoroutineFrame, AnyOffset), nodeOf(&A), 0, why("captured by a closure", &A));
}

static bool isPlainInteger(const Type *T) { return T->isIntOrIntVectorTy(); }

/// The successor that \p B's terminator takes when control came from \p Pred, if a phi of constants decides; else null.
static const BasicBlock *threadedSuccessor(const BasicBlock &B, const BasicBlock &Pred) {
  const auto *S = dyn_cast<SwitchInst>(B.getTerminator());
  const auto *Selector = S ? dyn_cast<PHINode>(S->getCondition()) : nullptr;
  if (!Selector || Selector->getParent() != &B)
    return nullptr;
  const auto *C = dyn_cast<ConstantInt>(Selector->getIncomingValueForBlock(&Pred));
  return C ? S->findCaseValue(C)->getCaseSuccessor() : nullptr;
}

/// False if a constant condition sends control elsewhere: what a pointer to a member says of itself is tested that way.
static bool isTaken(const BasicBlock &From, const BasicBlock &To) {
  const auto *B = dyn_cast<BranchInst>(From.getTerminator());
  const auto *C = B && B->isConditional() ? dyn_cast<ConstantInt>(B->getCondition()) : nullptr;
  return !C || B->getSuccessor(C->isZero() ? 1 : 0) == &To;
}

/// With optimisation clang runs the ends of lifetimes through one block with a switch on where to go on. The paths
/// through it do not mix, at -O0 they never meet: so a phi behind the switch takes from a phi before it only what comes
/// in on paths that lead here.
void EscapeBuilder::visitPhi(const PHINode &Phi) {
  bool Pointers = carriesPointers(Phi.getType());
  if (!Pointers && !isPlainInteger(Phi.getType()))
    return;
  auto Take = [&](const Value *V) {
    if (Pointers || Nodes.count(V))
      G.addCopy(nodeOf(&Phi), nodeOf(V), 0, why("assign", &Phi));
  };
  for (unsigned I = 0; I != Phi.getNumIncomingValues(); ++I) {
    const BasicBlock *Via = Phi.getIncomingBlock(I);
    const BasicBlock *Before = Via->getSinglePredecessor();
    if (!isTaken(*Via, *Phi.getParent()) || (Before && !isTaken(*Before, *Via)))
      continue;
    const auto *Merged = dyn_cast<PHINode>(Phi.getIncomingValue(I));
    if (!Merged || Merged->getParent() != Via || !isa<SwitchInst>(Via->getTerminator())) {
      Take(Phi.getIncomingValue(I));
      continue;
    }
    for (unsigned J = 0; J != Merged->getNumIncomingValues(); ++J) {
      const BasicBlock *To = threadedSuccessor(*Via, *Merged->getIncomingBlock(J));
      if (!To || To == Phi.getParent())
        Take(Merged->getIncomingValue(J));
    }
  }
}

static void pointerOffsets(Type *T, int64_t Base, const DataLayout &DL, SmallVectorImpl<int64_t> &Out) {
  if (T->isPointerTy()) {
    Out.push_back(Base);
  } else if (auto *S = dyn_cast<StructType>(T)) {
    const StructLayout *Layout = DL.getStructLayout(S);
    for (unsigned I = 0; I != S->getNumElements(); ++I)
      pointerOffsets(S->getElementType(I), Base + int64_t(Layout->getElementOffset(I).getFixedValue()), DL, Out);
  } else if (isa<ArrayType>(T) || isa<FixedVectorType>(T)) {
    auto *A = dyn_cast<ArrayType>(T);
    uint64_t Count = A ? A->getNumElements() : cast<FixedVectorType>(T)->getNumElements();
    Type *Element = A ? A->getElementType() : cast<FixedVectorType>(T)->getElementType();
    for (uint64_t I = 0; I != Count && Out.size() <= EscapeGraph::MaxFields; ++I)
      pointerOffsets(Element, Base + int64_t(I * DL.getTypeAllocSize(Element).getFixedValue()), DL, Out);
  }
}

/// The places that a load or store of a \p T at \p Address is about: one, or for an aggregate each that holds a pointer.
SmallVector<NodeId, 2> EscapeBuilder::accessed(Type *T, const Value &Address, const Value &At) {
  SmallVector<int64_t, 4> Offsets;
  if (T->isAggregateType() || T->isVectorTy())
    pointerOffsets(T, 0, F.getParent()->getDataLayout(), Offsets);
  NodeId N = nodeOf(&Address);
  if (Offsets.empty())
    return {N};
  if (Offsets.size() > EscapeGraph::MaxFields)
    return {place(N, AnyOffset, &At)};
  SmallVector<NodeId, 2> Places;
  for (int64_t O : Offsets)
    Places.push_back(place(N, O, &At));
  return Places;
}

void EscapeBuilder::visit(const Instruction &I) {
  switch (I.getOpcode()) {
  case Instruction::Alloca: {
    const auto &A = cast<AllocaInst>(I);
    ObjectId O = G.addObject(ObjectKind::Frame, &A);
    G.addOrigin(nodeOf(&A), {O, 0}, why("address-of", &A));
    if (isClosureType(A.getAllocatedType()))
      if (ObjectId Identity = closureObject(A, A.getAllocatedType()); Identity != None)
        G.addOrigin(G.contents(O, IdentityOffset), {Identity, AnyOffset}, why("spill", &A));
    if (isClosureType(A.getAllocatedType()))
      applyOperator(A);
    return;
  }
  case Instruction::GetElementPtr: {
    const auto &GEP = cast<GEPOperator>(I);
    if (I.getType()->isVectorTy()) {
      G.addCopy(nodeOf(&I), nodeOf(GEP.getPointerOperand()), AnyOffset, why("dot", &I));
      return;
    }
    APInt Offset(64, 0);
    bool Known = GEP.accumulateConstantOffset(F.getParent()->getDataLayout(), Offset);
    G.addCopy(nodeOf(&I), nodeOf(GEP.getPointerOperand()), Known ? Offset.getSExtValue() : AnyOffset, why("dot", &I));
    return;
  }
  case Instruction::BitCast:
  case Instruction::AddrSpaceCast:
  case Instruction::Freeze:
  case Instruction::PtrToInt:
  case Instruction::IntToPtr:
  case Instruction::Trunc:
  case Instruction::ZExt:
    if (I.getOperand(0)->getType()->isPtrOrPtrVectorTy() || Nodes.count(I.getOperand(0)))
      G.addCopy(nodeOf(&I), nodeOf(I.getOperand(0)), isa<IntToPtrInst>(I) ? AnyOffset : 0, why("assign", &I));
    return;
  case Instruction::Add:
  case Instruction::Sub:
  case Instruction::And:
  case Instruction::Or:
  case Instruction::Xor:
    for (const Use &U : I.operands())
      if (Nodes.count(U))
        G.addCopy(nodeOf(&I), nodeOf(U), AnyOffset, why("assign", &I));
    return;
  case Instruction::PHI:
    visitPhi(cast<PHINode>(I));
    return;
  case Instruction::Select:
    if (carriesPointers(I.getType()) || Nodes.count(I.getOperand(1)) || Nodes.count(I.getOperand(2))) {
      G.addCopy(nodeOf(&I), nodeOf(I.getOperand(1)), 0, why("assign", &I));
      G.addCopy(nodeOf(&I), nodeOf(I.getOperand(2)), 0, why("assign", &I));
    }
    return;
  case Instruction::ExtractValue:
  case Instruction::ExtractElement:
  case Instruction::InsertValue:
  case Instruction::InsertElement:
  case Instruction::ShuffleVector:
    for (const Use &U : I.operands())
      if (carriesPointers(U->getType()) || Nodes.count(U))
        G.addCopy(nodeOf(&I), nodeOf(U), 0, why("assign", &I));
    return;
  case Instruction::Load: {
    const auto &L = cast<LoadInst>(I);
    const auto *Slot = dyn_cast<AllocaInst>(L.getPointerOperand()->stripInBoundsConstantOffsets());
    if (carriesPointers(L.getType()) || isMemberPointer(L.getType()) || (Slot && isClosureType(Slot->getAllocatedType())))
      for (NodeId From : accessed(L.getType(), *L.getPointerOperand(), L))
        G.addLoad(nodeOf(&L), From, why("indirection", &L));
    if (Slot && isClosureType(Slot->getAllocatedType()))
      for (const Argument *A : argumentsIn(*Slot))
        G.addCopy(nodeOf(&L), nodeOf(A), 0, why("assign", &L));
    if (Slot && isClosureType(Slot->getAllocatedType()))
      // Its creator reads a closure object only to copy it.
      if (ObjectId Identity = closureObject(*Slot, Slot->getAllocatedType()); Identity != None)
        G.addOrigin(nodeOf(&L), {Identity, AnyOffset}, why("spill", &L));
    return;
  }
  case Instruction::Store: {
    const auto &S = cast<StoreInst>(I);
    const Value *V = S.getValueOperand();
    const auto *Slot = dyn_cast<AllocaInst>(S.getPointerOperand()->stripInBoundsConstantOffsets());
    bool IntoClosure = Slot && isClosureType(Slot->getAllocatedType());
    if (isa<ConstantData>(V) || !(carriesPointers(V->getType()) || isa<Constant>(V) || Nodes.count(V) || IntoClosure))
      return;
    for (NodeId Into : accessed(V->getType(), *S.getPointerOperand(), S))
      G.addStore(Into, IntoClosure && isa<Argument>(V) ? place(nodeOf(V), CaptureOffset, &S) : nodeOf(V),
                 why(IntoClosure && !isa<Argument>(V) ? "captured by a closure" : "assign", &S));
    return;
  }
  case Instruction::AtomicRMW: {
    const auto &A = cast<AtomicRMWInst>(I);
    if (carriesPointers(A.getType())) {
      G.addStore(nodeOf(A.getPointerOperand()), nodeOf(A.getValOperand()), why("assign", &I));
      G.addLoad(nodeOf(&I), nodeOf(A.getPointerOperand()), why("indirection", &I));
    }
    return;
  }
  case Instruction::AtomicCmpXchg: {
    const auto &A = cast<AtomicCmpXchgInst>(I);
    if (carriesPointers(A.getNewValOperand()->getType())) {
      G.addStore(nodeOf(A.getPointerOperand()), nodeOf(A.getNewValOperand()), why("assign", &I));
      G.addLoad(nodeOf(&I), nodeOf(A.getPointerOperand()), why("indirection", &I));
    }
    return;
  }
  case Instruction::Ret:
    if (const Value *V = cast<ReturnInst>(I).getReturnValue())
      if (carriesPointers(V->getType()) || Nodes.count(V))
        G.addCopy(G.result(), nodeOf(V), 0, why("return", &I));
    return;
  case Instruction::VAArg:
    G.addCopy(nodeOf(&I), loaded(place(nodeOf(I.getOperand(0)), AnyOffset, &I), 2, &I), 0, why("indirection", &I));
    return;
  case Instruction::LandingPad:
    G.addOrigin(nodeOf(&I), {G.heap(), AnyOffset}, why("assign", &I));
    return;
  case Instruction::Call:
  case Instruction::Invoke:
  case Instruction::CallBr:
    if (const auto *Intrinsic = dyn_cast<IntrinsicInst>(&I))
      visitIntrinsic(*Intrinsic);
    else
      visitCall(cast<CallBase>(I));
    return;
  default:
    return;
  }
}

/// True if what \p Phi carries into an iteration may be used once \p Made has made another object there. What only phis use
/// nobody reads; a load that always comes before takes the old object's value, whose place may then be used again. SROA
/// removes such loads, so that without this rule the verdict would depend on where it runs.
static bool isReadAfter(const PHINode &Phi, const Instruction &Made, const DominatorTree &DT) {
  SmallVector<const PHINode *, 4> Work = {&Phi};
  SmallPtrSet<const PHINode *, 4> Seen = {&Phi};
  while (!Work.empty()) {
    const PHINode *Next = Work.pop_back_val();
    for (const User *U : Next->users()) {
      if (const auto *Further = dyn_cast<PHINode>(U)) {
        if (Seen.insert(Further).second)
          Work.push_back(Further);
        continue;
      }
      const auto *L = dyn_cast<LoadInst>(U);
      if (Next != &Phi || !L || L->getType()->isPointerTy() || !DT.dominates(L, &Made))
        return true;
    }
  }
  return false;
}

/// An allocation or closure made in a loop whose address is still there in the next iteration needs more than one slot.
/// The address is carried by a phi at the head of the loop, or stays in an object made outside of it.
void EscapeBuilder::markLoopCarried() {
  bool Any = any_of(Subjects, [](const Subject &S) { return S.What != Subject::Variable; });
  if (!Any)
    return;
  DominatorTree DT(const_cast<Function &>(F));
  LoopInfo LI(DT);
  if (LI.empty())
    return;
  for (Subject &S : Subjects) {
    const auto *Made = dyn_cast<Instruction>(S.V);
    const Loop *L = Made && S.What == Subject::Allocation ? LI.getLoopFor(Made->getParent()) : nullptr;
    if (!L || S.Forced.What != Cause::Unknown)
      continue;
    auto Holds = [&](NodeId N) {
      return any_of(G.facts(N), [&](const Fact &Fa) { return is_contained(S.Objects, Fa.T.Obj); });
    };
    for (const Loop *Outer = L; Outer && S.Forced.What == Cause::Unknown; Outer = Outer->getParentLoop())
      for (const PHINode &Phi : Outer->getHeader()->phis())
        if (Nodes.count(&Phi) && Holds(nodeOf(&Phi)) && isReadAfter(Phi, *Made, DT)) {
          S.Forced = {Cause::OuterLoop, C.Source.name(Phi), C.Source.location(Phi)};
          break;
        }
    for (ObjectId O = 0; O != G.objectCount() && S.Forced.What == Cause::Unknown; ++O) {
      const Object &Obj = G.object(O);
      if ((Obj.Kind != ObjectKind::Frame && Obj.Kind != ObjectKind::Allocation) || is_contained(S.Objects, O))
        continue;
      // A variable that is only used inside the loop holds the address for one iteration.
      const auto *Def = dyn_cast<Instruction>(Obj.V);
      if (!Def)
        continue;
      bool Inside = Obj.Kind == ObjectKind::Allocation
                        ? L->contains(Def->getParent())
                        : all_of(Def->users(), [&](const User *U) {
                            const auto *UI = dyn_cast<Instruction>(U);
                            return UI && (L->contains(UI->getParent()) || UI->isLifetimeStartOrEnd());
                          });
      if (Inside)
        continue;
      bool Held = Obj.Whole != None && Holds(Obj.Whole);
      for (const auto &[Offset, N] : Obj.Fields)
        Held |= Holds(N);
      if (Held)
        S.Forced = {Cause::OuterLoop, C.Source.name(*Obj.V), C.Source.location(*Made)};
    }
  }
}

} // namespace emm
