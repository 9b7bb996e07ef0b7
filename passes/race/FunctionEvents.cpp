//===- passes/race/FunctionEvents.cpp - what happens in a function --------===//

#include "passes/race/FunctionAnalysis.h"

#include "llvm/IR/DataLayout.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/IntrinsicInst.h"

using namespace llvm;

namespace emm::race {

namespace {
constexpr unsigned MaxAccesses = 4000; ///< of one function, callees included
} // namespace

bool FunctionAnalysis::isInitialising(const LockSet &Held) const {
  return any_of(Held, [&](const race::Held &H) { return L.isInitialisation(H.Lock); });
}

void FunctionAnalysis::addAccess(const Instruction &I, PlaceId Where, Access &&A) {
  if (!Where)
    return;
  const Root &R = U.Places.rootOf(Where);
  if (R.Kind == RootKind::Unknown || R.Kind == RootKind::Function)
    return;
  if (R.Kind == RootKind::Global && U.Places.place(Where).Path.size() == 1 && cast<GlobalVariable>(R.V)->isConstant())
    return;
  // Counters that clang adds for coverage and profiles are meant to be approximate, and nobody's to mend.
  if (R.Kind == RootKind::Global && (R.V->getName().starts_with("__llvm_") || R.V->getName().starts_with("__prof")))
    return;
  if (Accesses.size() >= MaxAccesses) {
    GaveUp = true;
    return;
  }
  A.Where = Where;
  // A way on which one phase is asked for and then another is not taken.
  if (!isMap(A.Kind))
    for (const ModeTest &M : modesAt(*I.getParent())) {
      if (U.Places.rootOf(M.Global).Kind != RootKind::Global)
        continue;
      if (any_of(A.Modes, [&](const ModeTest &X) { return X.contradicts(M); }))
        return;
      if (A.Modes.size() < 4 && !is_contained(A.Modes, M))
        A.Modes.push_back(M);
    }
  // Which guard holds a lock is no matter once it is held.
  for (race::Held &H : A.Locks)
    H.Guard = UnknownPlace;
  llvm::sort(A.Locks);
  Accesses.emplace_back(&I, std::move(A));
}

void FunctionAnalysis::addMemoryAccess(const Instruction &I, const Value *Pointer, Type *Type, bool Write,
                                       bool Volatile, const LockSet &Held) {
  if (!User || isInitialising(Held))
    return;
  Access A;
  A.Kind = Write ? AccessKind::Write : AccessKind::Read;
  A.Volatile = Volatile;
  A.Size = Type ? uint32_t(F.getParent()->getDataLayout().getTypeStoreSize(Type).getKnownMinValue()) : 0;
  A.Locks = Held;
  addMaybe(I, A);
  A.Sites.push_back(&I);
  for (PlaceId P : V.of(Pointer))
    addAccess(I, P, Access(A));
}

static uint8_t orderOf(AtomicOrdering O) {
  switch (O) {
  case AtomicOrdering::Acquire:
    return 2;
  case AtomicOrdering::Release:
    return 3;
  case AtomicOrdering::AcquireRelease:
    return 4;
  case AtomicOrdering::SequentiallyConsistent:
    return 5;
  default:
    return 0;
  }
}

/// True if \p V is computed from an atomic load of one of \p Places, within a few steps.
static bool computedFromLoad(const Value *V, const PlaceSet &Places, Values &Values, Unit &U, unsigned Depth = 0) {
  const auto *I = dyn_cast<Instruction>(V);
  if (!I || Depth > 6)
    return false;
  const Value *Pointer = nullptr;
  if (const auto *L = dyn_cast<LoadInst>(I); L && L->isAtomic())
    Pointer = L->getPointerOperand();
  if (const auto *Call = dyn_cast<CallBase>(I)) {
    const Function *G = calleeOf(*Call);
    const FunctionModel *M = G && !G->isIntrinsic() ? U.model(*G) : nullptr;
    const EffectRow *R = M ? M->find(Effect::AtomicLoad) : nullptr;
    if (!R)
      return false;
    Pointer = argOperand(*Call, R->A);
  }
  if (Pointer)
    return any_of(Values.of(Pointer), [&](PlaceId P) { return P && is_contained(Places, P); });
  if (isa<PHINode>(I))
    return false;
  return any_of(I->operands(), [&](const Use &O) { return computedFromLoad(O.get(), Places, Values, U, Depth + 1); });
}

void FunctionAnalysis::visit(const Instruction &I, const LockSet &Held) {
  if (U.neverReturns(I))
    NoReturns.push_back(&I);
  auto Atomic = [&](const Value *Pointer, bool Write, AtomicOrdering O, const Value *Stored) {
    if (!User || isInitialising(Held))
      return;
    Access A;
    A.Kind = Write ? AccessKind::AtomicWrite : AccessKind::AtomicRead;
    A.Order = orderOf(O);
    A.Locks = Held;
    addMaybe(I, A);
    A.Sites.push_back(&I);
    PlaceSet Places = V.of(Pointer);
    A.FromLoad = Stored && computedFromLoad(Stored, Places, V, U);
    for (PlaceId P : Places) {
      addAccess(I, P, Access(A));
      Orders.push_back({&I, P, true, A.Order < 2});
    }
  };
  if (const auto *Load = dyn_cast<LoadInst>(&I)) {
    if (Load->isAtomic())
      Atomic(Load->getPointerOperand(), false, Load->getOrdering(), nullptr);
    else
      addMemoryAccess(I, Load->getPointerOperand(), Load->getType(), false, Load->isVolatile(), Held);
  } else if (const auto *Store = dyn_cast<StoreInst>(&I)) {
    if (Store->isAtomic())
      Atomic(Store->getPointerOperand(), true, Store->getOrdering(), Store->getValueOperand());
    else
      addMemoryAccess(I, Store->getPointerOperand(), Store->getValueOperand()->getType(), true, Store->isVolatile(), Held);
  } else if (const auto *X = dyn_cast<AtomicRMWInst>(&I)) {
    Atomic(X->getPointerOperand(), true, X->getOrdering(), nullptr);
  } else if (const auto *X = dyn_cast<AtomicCmpXchgInst>(&I)) {
    Atomic(X->getPointerOperand(), true, X->getSuccessOrdering(), nullptr);
  } else if (const auto *Call = dyn_cast<CallBase>(&I)) {
    if (const auto *MI = dyn_cast<MemIntrinsic>(Call)) {
      auto Sized = [&](const Value *Pointer, bool Write) {
        const auto *N = dyn_cast<ConstantInt>(MI->getLength());
        Type *Bytes = N ? ArrayType::get(Type::getInt8Ty(F.getContext()), N->getZExtValue()) : nullptr;
        addMemoryAccess(I, Pointer, Bytes, Write, MI->isVolatile(), Held);
      };
      Sized(MI->getDest(), true);
      if (const auto *MT = dyn_cast<MemTransferInst>(MI))
        Sized(MT->getSource(), false);
      return;
    }
    const Function *Callee = calleeOf(*Call);
    if (!Callee) {
      for (PlaceId P : V.of(Call->getCalledOperand())) {
        const Root &R = U.Places.rootOf(P);
        noteCall(*Call, P, Held);
        if (R.Kind == RootKind::Function) {
          const auto &G = *cast<Function>(R.V);
          if (const Summary *S = U.summary(G))
            visitSummary(*Call, *S, Held, V.argumentsOf(*Call));
        } else if (R.Kind == RootKind::Param && Pending.size() < 16) {
          PendingCall P2;
          P2.Callee = P;
          P2.Arguments = V.argumentsOf(*Call);
          P2.Locks = Held;
          if (User)
            P2.Sites.push_back(&I);
          Pending.push_back(std::move(P2));
        }
      }
      return;
    }
    if (Callee->isIntrinsic())
      return;
    if (const FunctionModel *M = U.model(*Callee))
      Leaves |= M->find(Effect::Leave) != nullptr;
    if (!U.C.Models.isLibrary(*Callee) && (U.usesBody(*Callee) || (!hasBody(*Callee) && !U.model(*Callee))))
      for (PlaceId P : V.of(Callee))
        noteCall(*Call, P, Held);
    if (User && U.C.Models.isLibrary(*Callee))
      visitIterator(*Call, *Callee, Held);
    if (U.usesBody(*Callee)) {
      if (const Summary *S = U.summary(*Callee))
        visitSummary(*Call, *S, Held, V.argumentsOf(*Call));
      if (const FunctionModel *M = U.model(*Callee); M && (M->find(Effect::ObjectRead) || M->find(Effect::ObjectWrite)))
        visitModel(*Call, *Callee, *M, Held);
      // A library function that starts a thread somewhere inside: the start is the user's.
      if (User && U.C.Models.isLibrary(*Callee))
        if (const Function *Start = Entries.hiddenStart(*Callee)) {
          auto Targets = Entries.resolveHidden(*Call, *Start, V);
          const EffectRow *Row = U.model(*Start)->find(Effect::SpawnClosure);
          startThread(*Call, Targets, false, Row->Mode == LockMode::Write, V.ofResult(*Call));
        }
    } else if (const FunctionModel *M = U.model(*Callee)) {
      visitModel(*Call, *Callee, *M, Held);
    }
  }
}

/// An iterator is part of its map for as long as it is used: without the lock under which it was made it reads the map
/// on its own. The library's iterator classes have one member, the position.
void FunctionAnalysis::visitIterator(const CallBase &Call, const Function &Callee, const LockSet &Held) {
  if (Lookups.empty() || !Call.arg_size() || !Call.getArgOperand(0)->getType()->isPointerTy())
    return;
  StringRef Name = U.C.Models.qualifiedName(Callee);
  bool Steps = Name.ends_with("::operator++") || Name.ends_with("::operator--");
  if (!Steps && !Name.ends_with("::operator*") && !Name.ends_with("::operator->"))
    return;
  for (PlaceId Slot : V.of(Call.getArgOperand(0)))
    for (PlaceId Position : V.load(Slot)) {
      auto It = Lookups.find(Position);
      if (It == Lookups.end() || intersect(It->second.second, Held) == It->second.second)
        continue;
      Access A;
      A.Kind = Steps ? AccessKind::MapIterate : AccessKind::MapRead;
      A.Locks = Held;
      A.Sites.push_back(&Call);
      addAccess(Call, It->second.first, std::move(A));
    }
}

void FunctionAnalysis::visitModel(const CallBase &Call, const Function &Callee, const FunctionModel &M,
                                  const LockSet &Held) {
  auto Add = [&](const EffectRow &R, AccessKind Kind) {
    if (isInitialising(Held))
      return;
    Access A;
    A.Kind = Kind;
    A.Locks = Held;
    addMaybe(Call, A);
    if (User)
      A.Sites.push_back(&Call);
    if (isAtomic(Kind)) {
      const auto *Order = R.B >= 0 ? dyn_cast_or_null<ConstantInt>(argOperand(Call, R.B)) : nullptr;
      A.Order = Order ? uint8_t(Order->getZExtValue()) : 5;
    }
    PlaceSet Places = V.ofArgument(Call, R.A);
    if (R.E == Effect::AtomicStore)
      if (const Value *Stored = argOperand(Call, R.A + 1))
        A.FromLoad = computedFromLoad(Stored, Places, V, U);
    for (PlaceId P : Places) {
      addAccess(Call, P, Access(A));
      if (isAtomic(Kind))
        Orders.push_back({&Call, P, true, A.Order < 2});
    }
  };
  if (User && (M.find(Effect::MapRead) || M.find(Effect::MapIterate)))
    if (const EffectRow *R = M.find(Effect::ReturnElement))
      for (PlaceId P : V.ofArgument(Call, R->A))
        if (P)
          Lookups[U.Places.element(P)] = {P, Held};
  for (const EffectRow &R : M.Rows)
    switch (R.E) {
    case Effect::MapRead:
      Add(R, AccessKind::MapRead);
      break;
    case Effect::MapWrite:
      Add(R, AccessKind::MapWrite);
      break;
    case Effect::MapIterate:
      Add(R, AccessKind::MapIterate);
      break;
    case Effect::ObjectRead:
      Add(R, AccessKind::ObjectRead);
      break;
    case Effect::ObjectWrite:
      Add(R, AccessKind::ObjectWrite);
      break;
    case Effect::AtomicLoad:
      Add(R, AccessKind::AtomicRead);
      break;
    case Effect::AtomicStore:
    case Effect::AtomicRmw:
      Add(R, AccessKind::AtomicWrite);
      break;
    case Effect::WeakOrder:
    case Effect::CondWait: {
      PlaceSet Objects = V.ofArgument(Call, R.A);
      if (Objects.empty())
        Objects.push_back(UnknownPlace);
      for (PlaceId P : Objects)
        Orders.push_back({&Call, P, false});
      break;
    }
    case Effect::Await:
      for (PlaceId P : V.ofArgument(Call, R.A))
        if (bool Condition = M.find(Effect::CondWait); P) {
          bool Known = !Condition || Held.size() == 1;
          PlaceId Lock = Condition && Known ? Held[0].Lock : UnknownPlace;
          Awaits.push_back({&Call, Known ? U.Gates.insert({P, Lock}) : 0, false, P, Condition});
        }
      break;
    case Effect::Wake:
      for (PlaceId P : V.ofArgument(Call, R.A))
        if (P)
          Wakes.push_back({&Call, P, false, Held});
      break;
    case Effect::Spawn:
    case Effect::SpawnClosure: {
      // The launch policy of std::async: deferred work runs in the thread that asks for it.
      if (R.E == Effect::SpawnClosure && R.A == 1)
        if (const auto *Policy = dyn_cast_or_null<ConstantInt>(argOperand(Call, 0)); Policy && Policy->getZExtValue() == 2)
          break;
      PlaceSet Handles = R.C == ResultArgument ? V.ofResult(Call) : V.ofArgument(Call, R.C);
      startThread(Call, Entries.resolve(Call, R, V), R.C == -1, R.Mode == LockMode::Write, Handles);
      break;
    }
    case Effect::Join: {
      const Value *Argument = argOperand(Call, R.A);
      // A handle passed by value was loaded from where the start stored it.
      if (const auto *Load = dyn_cast_or_null<LoadInst>(Argument); Load && !Argument->getType()->isPointerTy())
        Argument = Load->getPointerOperand();
      if (!Argument)
        break;
      PlaceSet Handles = V.of(Argument);
      if (Handles.empty())
        Handles.push_back(UnknownPlace);
      for (PlaceId P : Handles)
        Joins.push_back({&Call, P});
      break;
    }
    case Effect::CallArg:
      // An object that keeps a callable calls it.
      if (R.A == 0 && U.C.Models.qualifiedName(Callee).ends_with("::operator()"))
        for (PlaceId Object : V.ofArgument(Call, R.A))
          for (PlaceId Holder : V.load(Object))
            callHeld(Call, Holder, Held, User ? Chain(1, &Call) : Chain());
      break;
    case Effect::HandleDtor:
      if (R.Mode == LockMode::Write)
        for (PlaceId P : V.ofArgument(Call, R.A))
          HandleEnds.push_back({&Call, P});
      break;
    case Effect::HandleMove:
      for (PlaceId To : R.A == ResultArgument ? V.ofResult(Call) : V.ofArgument(Call, R.A))
        for (PlaceId From : V.ofArgument(Call, R.B))
          HandleMoves.push_back({To, From});
      break;
    case Effect::StoreInto:
      // A handle moved into a container.
      for (PlaceId To : V.ofArgument(Call, R.B))
        for (PlaceId From : V.ofArgument(Call, R.A))
          HandleMoves.push_back({U.Places.element(To), From});
      break;
    default:
      break;
    }
  // `vector<thread>::emplace_back(lambda)` is modelled as a container operation and starts a thread as well.
  if (User && U.C.Models.isLibrary(Callee) && !M.find(Effect::SpawnClosure))
    if (const Function *Start = Entries.hiddenStart(Callee)) {
      const EffectRow *Row = U.model(*Start)->find(Effect::SpawnClosure);
      PlaceSet Handles;
      for (PlaceId P : V.ofArgument(Call, 0))
        U.Places.insert(Handles, U.Places.element(P));
      startThread(Call, Entries.resolveHidden(Call, *Start, V), false, Row->Mode == LockMode::Write, Handles);
    }
}

} // namespace emm::race
