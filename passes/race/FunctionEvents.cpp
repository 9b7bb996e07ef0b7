//===- passes/race/FunctionEvents.cpp - what happens in a function --------===//

#include "passes/race/FunctionAnalysis.h"

#include "llvm/IR/DataLayout.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/IntrinsicInst.h"

using namespace llvm;

namespace emm::race {

namespace {
constexpr unsigned MaxAccesses = 4000; ///< of one function, callees included
constexpr unsigned MaxChain = 6;
} // namespace

bool FunctionAnalysis::isInitialising(const LockSet &Held) const {
  return any_of(Held, [&](const race::Held &H) { return L.isInitialisation(H.Lock); });
}

/// The tests of globals against constants that decide whether \p B is reached.
const SmallVector<ModeTest, 1> &FunctionAnalysis::modesAt(const BasicBlock &B) {
  if (auto It = Modes.find(&B); It != Modes.end())
    return *It->second;
  SmallVector<ModeTest, 1> Out;
  const DomTreeNode *Node = dominators().getNode(&B);
  if (Node && Node->getIDom()) {
    const BasicBlock &Test = *Node->getIDom()->getBlock();
    Out = modesAt(Test);
    const Instruction *T = Test.getTerminator();
    const auto *Cmp = T->getNumSuccessors() == 2 && T->getNumOperands() ? dyn_cast<ICmpInst>(T->getOperand(0)) : nullptr;
    const auto *K = Cmp && Cmp->isEquality() ? dyn_cast<ConstantInt>(Cmp->getOperand(1)) : nullptr;
    const auto *Load = K && K->getBitWidth() <= 64 ? dyn_cast<LoadInst>(Cmp->getOperand(0)) : nullptr;
    if (Load && B.getSinglePredecessor() == &Test && Out.size() < 4) {
      PlaceSet P = V.of(Load->getPointerOperand());
      bool Taken = T->getSuccessor(0) == &B;
      if (P.size() == 1 && U.Places.rootOf(P[0]).Kind == RootKind::Global && U.Places.place(P[0]).Path.size() == 1)
        Out.push_back({P[0], K->getSExtValue(), Taken == (Cmp->getPredicate() == ICmpInst::ICMP_EQ)});
    }
  }
  auto &Slot = Modes[&B];
  Slot = std::make_unique<SmallVector<ModeTest, 1>>(std::move(Out));
  return *Slot;
}

void FunctionAnalysis::addAccess(const Instruction &I, PlaceId Where, Access A) {
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
      if (any_of(A.Modes, [&](const ModeTest &X) { return X.contradicts(M); }))
        return;
      if (A.Modes.size() < 4 && !is_contained(A.Modes, M))
        A.Modes.push_back(M);
    }
  // Which guard holds a lock is no matter once it is held.
  for (race::Held &H : A.Locks)
    H.Guard = UnknownPlace;
  llvm::sort(A.Locks);
  Accesses.push_back({&I, std::move(A)});
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
  A.Sites.push_back(&I);
  for (PlaceId P : V.of(Pointer))
    addAccess(I, P, A);
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
    A.Sites.push_back(&I);
    PlaceSet Places = V.of(Pointer);
    A.FromLoad = Stored && computedFromLoad(Stored, Places, V, U);
    for (PlaceId P : Places) {
      addAccess(I, P, A);
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
    if (U.usesBody(*Callee)) {
      if (const Summary *S = U.summary(*Callee))
        visitSummary(*Call, *S, Held, V.argumentsOf(*Call));
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

void FunctionAnalysis::visitModel(const CallBase &Call, const Function &Callee, const FunctionModel &M,
                                  const LockSet &Held) {
  auto Add = [&](const EffectRow &R, AccessKind Kind) {
    if (isInitialising(Held))
      return;
    Access A;
    A.Kind = Kind;
    A.Locks = Held;
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
      addAccess(Call, P, A);
      if (isAtomic(Kind))
        Orders.push_back({&Call, P, true, A.Order < 2});
    }
  };
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
    case Effect::HandleDtor:
      if (R.Mode == LockMode::Write)
        for (PlaceId P : V.ofArgument(Call, R.A))
          Joins.push_back({&Call, P});
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

LockSet FunctionAnalysis::translateLocks(const LockSet &Locks, const Instruction &Call, ArrayRef<PlaceSet> Arguments) {
  LockSet Out;
  for (const race::Held &H : Locks) {
    PlaceSet Here = V.translate(H.Lock, Call, Arguments);
    if (Here.size() == 1 && Here[0])
      Out.push_back({Here[0], H.Mode, UnknownPlace});
  }
  return Out;
}

/// The callee's access, with the locks that follow from the argument; what the argument leaves open is left to callers of
/// this function when it is a parameter of it.
void FunctionAnalysis::settleSwitch(Access &A, const CallBase &Call, ArrayRef<PlaceSet> Arguments) {
  const SwitchedLocks *S = std::exchange(A.Switched, nullptr);
  if (!S || S->Argument >= Call.arg_size())
    return;
  const Value *Given = Call.getArgOperand(S->Argument);
  while (const auto *Cast = dyn_cast<CastInst>(Given))
    Given = Cast->getOperand(0);
  if (const auto *K = dyn_cast<ConstantInt>(Given))
    A.Locks = K->isZero() ? S->Off : S->On;
  else if (const auto *Outer = dyn_cast<Argument>(Given))
    A.Switched = U.keep({Outer->getArgNo(), translateLocks(S->On, Call, Arguments), translateLocks(S->Off, Call, Arguments)});
}

/// Accesses made here, and by callees that leave the caller's locks alone.
void FunctionAnalysis::switchLocks() {
  for (AccessEvent &E : Accesses) {
    const SwitchedLocks *S = E.A.Switched ? nullptr : L.switchedAt(*E.At);
    if (!S)
      continue;
    const auto *Call = dyn_cast<CallBase>(E.At);
    const Function *Callee = Call ? calleeOf(*Call) : nullptr;
    const Summary *Inner = Callee ? U.summary(*Callee) : nullptr;
    if (Inner && !Inner->Released.empty())
      continue;
    auto With = [&](const LockSet &More) {
      LockSet Out = E.A.Locks;
      for (race::Held H : More) {
        H.Guard = UnknownPlace;
        if (!is_contained(Out, H))
          Out.push_back(H);
      }
      llvm::sort(Out);
      return Out;
    };
    E.A.Switched = U.keep({S->Argument, With(S->On), With(S->Off)});
  }
}

void FunctionAnalysis::translateAccess(const Access &Inner, const Instruction &Call, ArrayRef<PlaceSet> Arguments,
                                       function_ref<void(PlaceId, LockSet)> Do) {
  PlaceSet Places = V.translate(Inner.Where, Call, Arguments);
  LockSet Certain = translateLocks(Inner.Locks, Call, Arguments);
  if (Places.size() < 2 || Certain.size() == Inner.Locks.size()) {
    for (PlaceId P : Places)
      Do(P, Certain);
    return;
  }
  // Of several objects each has its own lock.
  std::vector<std::pair<LockMode, std::vector<std::pair<PlaceId, PlaceId>>>> Own;
  for (const race::Held &H : Inner.Locks)
    if (V.translate(H.Lock, Call, Arguments).size() > 1)
      Own.push_back({H.Mode, V.translatePair(Inner.Where, H.Lock, Call, Arguments)});
  for (PlaceId P : Places) {
    LockSet Locks = Certain;
    for (const auto &[Mode, Pairs] : Own) {
      PlaceSet Of;
      for (const auto &[Where, Lock] : Pairs)
        if (Where == P)
          U.Places.insert(Of, Lock);
      if (Of.size() == 1 && Of[0])
        Locks.push_back({Of[0], Mode, UnknownPlace});
    }
    Do(P, std::move(Locks));
  }
}

void FunctionAnalysis::visitSummary(const CallBase &Call, const Summary &S, const LockSet &Held,
                                    const std::vector<PlaceSet> &Arguments) {
  if (isInitialising(Held))
    return;
  // What the callee may release does not protect its accesses.
  LockSet Kept = Held;
  for (PlaceId P : S.Released)
    for (PlaceId Here : V.translate(P, Call, Arguments))
      erase_if(Kept, [&](const race::Held &H) { return Here && (H.Lock == Here || H.Guard == Here); });
  settleOpen(Call, S, Kept, Arguments);
  auto Extend = [&](Chain Sites) {
    if ((User || !Sites.empty()) && Sites.size() < MaxChain)
      Sites.push_back(&Call);
    return Sites;
  };
  for (const Access &Inner : S.Accesses) {
    // The longer the way, the less likely that it is ever taken: a scalar is not followed further.
    if (Inner.Sites.size() >= MaxChain && !isMap(Inner.Kind))
      continue;
    Access A = Inner;
    settleSwitch(A, Call, Arguments);
    A.Sites = Extend(Inner.Sites);
    translateAccess(Access(A), Call, Arguments, [&](PlaceId P, LockSet Locks) {
      A.Locks = std::move(Locks);
      A.Locks.append(Kept.begin(), Kept.end());
      llvm::sort(A.Locks);
      addAccess(Call, P, A);
    });
  }
  for (PlaceId P : S.Joins)
    for (PlaceId Here : V.translate(P, Call, Arguments))
      Joins.push_back({&Call, Here});
  for (PlaceId P : S.Orders)
    for (PlaceId Here : V.translate(P, Call, Arguments))
      Orders.push_back({&Call, Here, false});
  for (const ThreadStart &T : S.Threads) {
    if (Starts.size() >= 64) {
      GaveUp = true;
      break;
    }
    if (T.PendingEntry) {
      // The entry was a parameter of the callee.
      for (PlaceId P : V.translate(T.PendingEntry, Call, Arguments)) {
        ThreadTarget Target;
        for (const PlaceSet &Given : T.PendingArguments) {
          PlaceSet Here;
          for (PlaceId G : Given)
            U.Places.insert(Here, V.translate(G, Call, Arguments));
          Target.Arguments.push_back(Here);
        }
        const Root &R = U.Places.rootOf(P);
        if (R.Kind == RootKind::Function)
          Target.Entry = cast<Function>(R.V);
        else if (R.Kind == RootKind::Param)
          Target.Pending = P;
        else
          continue;
        ThreadStart Made = makeThread(Call, Target);
        Made.Sites = Extend(T.Sites);
        Made.WaitsAtEnd = T.WaitsAtEnd;
        Made.Several = T.Several;
        for (PlaceId H : T.Handles)
          U.Places.insert(Made.Handles, V.translate(H, Call, Arguments));
        Starts.push_back({&Call, std::move(Made), false});
      }
      continue;
    }
    ThreadStart Here = T;
    Here.Sites = Extend(T.Sites);
    Here.Handles.clear();
    for (PlaceId H : T.Handles)
      U.Places.insert(Here.Handles, V.translate(H, Call, Arguments));
    Here.Accesses.clear();
    for (const Access &Inner : T.Accesses)
      translateAccess(Inner, Call, Arguments, [&](PlaceId P, LockSet Locks) {
        if (!P)
          return;
        Access A = Inner;
        A.Where = P;
        A.Locks = std::move(Locks);
        Here.Accesses.push_back(std::move(A));
      });
    for (auto [To, From] : {std::pair(&Here.Signals, &T.Signals), std::pair(&Here.WeakSignals, &T.WeakSignals)}) {
      To->clear();
      for (PlaceId P : *From)
        for (PlaceId Q : V.translate(P, Call, Arguments))
          To->push_back(Q);
    }
    Starts.push_back({&Call, std::move(Here), true});
  }
  // Callbacks: calls of a parameter, now that its value is known.
  for (const PendingCall &P : S.Pending)
    for (PlaceId Target : V.translate(P.Callee, Call, Arguments)) {
      const Root &R = U.Places.rootOf(Target);
      std::vector<PlaceSet> Given;
      for (const PlaceSet &G : P.Arguments) {
        PlaceSet Here;
        for (PlaceId Q : G)
          U.Places.insert(Here, V.translate(Q, Call, Arguments));
        Given.push_back(Here);
      }
      LockSet Locks = translateLocks(P.Locks, Call, Arguments);
      Locks.append(Kept.begin(), Kept.end());
      llvm::sort(Locks);
      if (R.Kind == RootKind::Function) {
        const Summary *Callee = U.summary(*cast<Function>(R.V));
        if (Callee && Callee != &S && Callee->Pending.empty())
          visitSummary(Call, *Callee, Locks, Given);
      } else if (R.Kind == RootKind::Param && Pending.size() < 16) {
        PendingCall Outer;
        Outer.Callee = Target;
        Outer.Arguments = Given;
        Outer.Locks = Locks;
        Outer.Sites = Extend(P.Sites);
        Pending.push_back(std::move(Outer));
      }
    }
}

} // namespace emm::race
