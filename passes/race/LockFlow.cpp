//===- passes/race/LockFlow.cpp -------------------------------------------===//

#include "passes/race/LockFlow.h"

#include "passes/race/Conditions.h"

#include "llvm/ADT/PostOrderIterator.h"
#include "llvm/IR/CFG.h"
#include "llvm/IR/Constants.h"
#include "llvm/IR/Instructions.h"

#include <algorithm>

using namespace llvm;

namespace emm::race {

LockSet intersect(const LockSet &A, const LockSet &B) {
  LockSet Out;
  SmallVector<bool, 8> Taken(B.size(), false);
  for (const Held &H : A)
    for (size_t I = 0; I < B.size(); ++I)
      if (!Taken[I] && B[I].Lock == H.Lock && B[I].Guard == H.Guard) {
        Taken[I] = true;
        Held Both = H;
        if (B[I].Mode == LockMode::Read)
          Both.Mode = LockMode::Read;
        Out.push_back(Both);
        break;
      }
  llvm::sort(Out);
  return Out;
}

void LockFlow::acquire(LockSet &State, PlaceId Lock, LockMode Mode, PlaceId Guard) {
  if (Way != Approximation::CalleeMay)
    add(State, Lock, Mode, Guard);
}

void LockFlow::add(LockSet &State, PlaceId Lock, LockMode Mode, PlaceId Guard) {
  if (!Lock || State.size() >= 16)
    return;
  if (!Final && none_of(Taken, [&](const auto &T) { return T.first == Lock; }))
    Taken.push_back({Lock, Mode});
  Held H{Lock, Mode, Guard};
  if (llvm::count(State, H) >= 2)
    return;
  State.insert(std::upper_bound(State.begin(), State.end(), H), H);
}

void LockFlow::release(LockSet &State, PlaceId P) {
  if (!P)
    return;
  auto It = find_if(State, [&](const Held &H) { return H.Lock == P || H.Guard == P; });
  if (It == State.end()) {
    RootKind K = U.Places.rootOf(P).Kind;
    if (Final && (K == RootKind::Param || K == RootKind::Global) && !is_contained(Released, P) && Released.size() < 64)
      Released.push_back(P);
    return;
  }
  // A guard over several locks releases all of them, an unlock one hold.
  if (It->Guard == P)
    erase_if(State, [&](const Held &H) { return H.Guard == P; });
  else
    State.erase(It);
}

LockFlow::GuardInfo LockFlow::lockOf(PlaceId Guard) {
  if (auto It = Guards.find(Guard); It != Guards.end())
    return It->second;
  GuardInfo G;
  G.Lock = only(V.load(Guard));
  return G;
}

void LockFlow::applyModel(const CallBase &Call, const FunctionModel &M, LockSet &State) {
  for (const EffectRow &R : M.Rows) {
    PlaceId A = only(V.ofArgument(Call, R.A));
    switch (R.E) {
    case Effect::Acquire:
      acquire(State, A, R.Mode, UnknownPlace);
      break;
    case Effect::Release:
    case Effect::AtomicStore:
      release(State, A);
      break;
    case Effect::LockAll:
      for (const Use &Argument : Call.args())
        acquire(State, only(V.of(Argument.get())), LockMode::Write, UnknownPlace);
      break;
    case Effect::GuardCtor:
      // A guard may take several locks: all from argument B on.
      for (int N = R.B; const Value *Argument = argOperand(Call, N); ++N) {
        if (!Argument->getType()->isPointerTy())
          continue;
        PlaceId Lock = only(V.of(Argument));
        if (A && N == R.B)
          Guards[A] = {Lock, R.Mode};
        if (R.Text == "adopt")
          release(State, Lock);
        if (R.Text.empty() || R.Text == "adopt")
          acquire(State, Lock, R.Mode, A);
      }
      break;
    case Effect::GuardDtor:
    case Effect::GuardUnlock:
      if (any_of(State, [&](const Held &H) { return H.Guard == A; }) || R.E == Effect::GuardDtor)
        release(State, A);
      else
        release(State, lockOf(A).Lock);
      break;
    case Effect::GuardLock:
      if (A) {
        GuardInfo G = lockOf(A);
        acquire(State, G.Lock, R.Mode == LockMode::Read ? R.Mode : G.Mode, A);
      }
      break;
    case Effect::GuardRelease:
      for (Held &H : State)
        if (H.Guard == A)
          H.Guard = UnknownPlace;
      llvm::sort(State);
      break;
    case Effect::GuardMove: {
      PlaceId From = only(V.ofArgument(Call, R.B));
      if (!A || !From)
        break;
      Guards[A] = lockOf(From);
      for (Held &H : State)
        if (H.Guard == From)
          H.Guard = A;
      llvm::sort(State);
      break;
    }
    default:
      break;
    }
  }
}

void LockFlow::applySummary(const CallBase &Call, const Summary &S, LockSet &State) {
  CalleeMayTake |= !S.MayAcquire.empty();
  bool May = Way != Approximation::Must;
  if (S.NotGivenBack.empty() && S.Acquired.empty() && (!May || S.MayAcquire.empty()))
    return;
  std::vector<PlaceSet> Arguments = V.argumentsOf(Call);
  auto Here = [&](PlaceId P) { return P ? only(V.translate(P, Call, Arguments)) : UnknownPlace; };
  for (PlaceId P : S.NotGivenBack)
    release(State, Here(P));
  for (const Held &H : S.Acquired)
    acquire(State, Here(H.Lock), H.Mode, Here(H.Guard));
  for (const Held &H : May ? S.MayAcquire : LockSet())
    for (PlaceId P : V.translate(H.Lock, Call, Arguments))
      add(State, P, H.Mode, UnknownPlace);
}

void LockFlow::transfer(const Instruction &I, LockSet &State) {
  if (const auto *S = dyn_cast<StoreInst>(&I)) {
    if (S->isAtomic() && !State.empty())
      release(State, only(V.of(S->getPointerOperand())));
    return;
  }
  const auto *Call = dyn_cast<CallBase>(&I);
  if (!Call)
    return;
  const Function *Callee = calleeOf(*Call);
  if (!Callee) {
    for (PlaceId P : V.of(Call->getCalledOperand()))
      if (U.Places.rootOf(P).Kind == RootKind::Function)
        if (const Summary *S = U.summary(*cast<Function>(U.Places.rootOf(P).V)))
          return applySummary(*Call, *S, State);
    // Of the functions that a table may hold, those that lock are the ones a program with threads puts there.
    for (const Function *Target : U.Tables.mayReach(*Call))
      if (const Summary *S = U.summary(*Target); S && !(S->NotGivenBack.empty() && S->Acquired.empty()))
        return applySummary(*Call, *S, State);
    return;
  }
  if (Callee->isIntrinsic())
    return;
  if (U.usesBody(*Callee)) {
    if (const Summary *S = U.summary(*Callee))
      applySummary(*Call, *S, State);
  } else if (const FunctionModel *M = U.model(*Callee)) {
    applyModel(*Call, *M, State);
  }
}

/// True if \p Lock is an address in, or is reached from, the object that the pointer value \p Object leads to.
bool LockFlow::isInside(PlaceId Lock, PlaceId Object) const {
  const Place &L = U.Places.place(Lock), &O = U.Places.place(Object);
  return L.R == O.R && L.Path.size() >= O.Path.size() &&
         std::equal(O.Path.begin(), O.Path.end() - 1, L.Path.begin());
}

bool LockFlow::isExcluded(const BasicBlock &B, unsigned Successor) const {
  return Given.A && !mayTake(B, Successor, [&](const Value &Condition) -> std::optional<bool> {
    bool TrueIfNonZero;
    if (decidedBy(&Condition, TrueIfNonZero) != Given.A)
      return std::nullopt;
    return Given.NonZero == TrueIfNonZero;
  });
}

void LockFlow::onEdge(const BasicBlock &From, unsigned Successor, LockSet &State) {
  anyOnEdge(From, Successor, [&](const Value &Condition, bool Holds) {
    assume(Condition, Holds, State);
    return false;
  });
}

void LockFlow::assume(const Value &Condition, bool Holds, LockSet &State) {
  // Where there is no object there is nothing to lock: `if (mutex) lock(mutex);` locks as far as its caller can tell.
  const auto *Cmp = dyn_cast<ICmpInst>(&Condition);
  Comparison C = Cmp && Cmp->isEquality() ? withConstant(*Cmp) : Comparison();
  if (isa_and_nonnull<ConstantPointerNull>(C.K) && !Taken.empty()) {
    PlaceId Absent = only(V.of(C.Of));
    if (Absent && Holds == (C.Predicate == ICmpInst::ICMP_EQ))
      for (auto [Lock, Mode] : Taken)
        if (isInside(Lock, Absent))
          acquire(State, Lock, Mode, UnknownPlace);
    return;
  }
  bool TrueIfNonZero;
  const Value *Decider = decidedBy(&Condition, TrueIfNonZero);
  if (!Decider)
    return;
  bool NonZero = Holds == TrueIfNonZero;
  if (const auto *E = dyn_cast<ExtractValueInst>(Decider)) {
    // The success flag of a compare-exchange.
    const auto *X = dyn_cast<AtomicCmpXchgInst>(E->getAggregateOperand());
    if (X && E->getIndices()[0] == 1 && NonZero)
      acquire(State, only(V.of(X->getPointerOperand())), LockMode::Write, UnknownPlace);
    return;
  }
  if (const auto *X = dyn_cast<AtomicRMWInst>(Decider)) {
    if (X->getOperation() == AtomicRMWInst::Xchg && !NonZero)
      acquire(State, only(V.of(X->getPointerOperand())), LockMode::Write, UnknownPlace);
    return;
  }
  const auto *Call = dyn_cast<CallBase>(Decider);
  const Function *Callee = Call ? calleeOf(*Call) : nullptr;
  const FunctionModel *M = Callee && !Callee->isIntrinsic() ? U.model(*Callee) : nullptr;
  if (!M)
    return;
  for (const EffectRow &R : M->Rows) {
    PlaceId A = only(V.ofArgument(*Call, R.A));
    if (R.E == Effect::TryAcquire && NonZero == (R.B != 0)) {
      acquire(State, A, R.Mode, UnknownPlace);
    } else if (R.E == Effect::GuardTryLock && NonZero == (R.B != 0) && A) {
      GuardInfo G = lockOf(A);
      if (none_of(State, [&](const Held &H) { return H.Guard == A; }))
        acquire(State, G.Lock, G.Mode, A);
    } else if (R.E == Effect::AtomicRmw) {
      StringRef Name = U.C.Models.qualifiedName(*Callee);
      bool Exchange = Name.ends_with("::exchange") || Name.ends_with("test_and_set");
      if ((Exchange && !NonZero) || (Name.contains("compare_exchange") && NonZero))
        acquire(State, A, LockMode::Write, UnknownPlace);
    }
  }
}

void LockFlow::compute(const LockSet &Seed) {
  // The guard variable of a static local: its initialisation happens before every use.
  for (const BasicBlock &B : F)
    for (const Instruction &I : B)
      if (const auto *Call = dyn_cast<CallBase>(&I))
        if (const Function *Callee = calleeOf(*Call); Callee && Callee->getName() == "__cxa_guard_acquire")
          if (PlaceId P = only(V.of(Call->getArgOperand(0))))
            InitialisationGuards.push_back(P);

  propagate(Seed);
  // What is not locked because there is none is known once it is known what is locked.
  if (!Taken.empty() && any_of(F, [](const BasicBlock &B) {
        return any_of(B, [](const Instruction &I) {
          const auto *Cmp = dyn_cast<ICmpInst>(&I);
          return Cmp && isa_and_nonnull<ConstantPointerNull>(withConstant(*Cmp).K);
        });
      })) {
    Entry.clear();
    Arrivals.clear();
    propagate(Seed);
  }
}

/// The number that \p B gets from \p From for the value that chooses its way on, if it is one: `a ? 0 : 1` and loops that go
/// round once are left as such to the analysis.
static const ConstantInt *chosenBy(const BasicBlock &B, const BasicBlock &From, const Value &Condition, bool &TrueIfNonZero) {
  const auto *Phi = dyn_cast_or_null<PHINode>(decidedBy(&Condition, TrueIfNonZero));
  return Phi && Phi->getParent() == &B ? dyn_cast<ConstantInt>(Phi->getIncomingValueForBlock(&From)) : nullptr;
}

/// True if where \p B was entered from may decide its way on.
static bool isSteered(const BasicBlock &B) {
  const auto *First = dyn_cast<PHINode>(&B.front());
  if (!First || B.getTerminator()->getNumSuccessors() != 2)
    return false;
  for (const BasicBlock *From : First->blocks())
    for (unsigned N = 0; N < 2; ++N)
      if (!mayTake(B, N, [&](const Value &Condition) -> std::optional<bool> {
            bool TrueIfNonZero;
            const ConstantInt *K = chosenBy(B, *From, Condition, TrueIfNonZero);
            return K ? std::optional(TrueIfNonZero != K->isZero()) : std::nullopt;
          }))
        return true;
  return false;
}

/// What is held at the end of \p B on the way to its successor of number \p N, if that is ever taken: from where the block was
/// entered may decide on it.
std::optional<LockSet> LockFlow::steeredTo(const BasicBlock &B, unsigned N) {
  std::optional<LockSet> Out;
  for (auto &[From, State] : Arrivals[&B]) {
    if (!mayTake(B, N, [&, From = From](const Value &Condition) -> std::optional<bool> {
          bool TrueIfNonZero;
          const ConstantInt *K = chosenBy(B, *From, Condition, TrueIfNonZero);
          return K ? std::optional(TrueIfNonZero != K->isZero()) : std::nullopt;
        }))
      continue;
    LockSet Here = State;
    for (const Instruction &I : B)
      transfer(I, Here);
    Out = Out ? meet(*Out, Here) : Here;
  }
  return Out;
}

void LockFlow::propagate(const LockSet &Seed) {
  ReversePostOrderTraversal<const Function *> Order(&F);
  Entry[&F.getEntryBlock()] = Seed;
  bool Changed = true;
  for (unsigned Round = 0; Changed && Round < 12; ++Round) {
    Changed = false;
    for (const BasicBlock *B : Order) {
      auto It = Entry.find(B);
      if (It == Entry.end())
        continue;
      LockSet State = It->second;
      bool Ends = false;
      for (const Instruction &I : *B) {
        transfer(I, State);
        if ((Ends = U.neverReturns(I)))
          break;
      }
      for (unsigned N = 0; N < B->getTerminator()->getNumSuccessors(); ++N) {
        if (!isFeasible(*B, N) || isExcluded(*B, N))
          continue;
        // It may still throw.
        if (Ends && !(N == 1 && isa<InvokeInst>(B->getTerminator())))
          continue;
        LockSet Out = State;
        if (auto Of = Steered.find(B); Of != Steered.end() && Of->second) {
          std::optional<LockSet> Only = steeredTo(*B, N);
          if (!Only)
            continue;
          Out = std::move(*Only);
        }
        onEdge(*B, N, Out);
        const BasicBlock *Next = B->getTerminator()->getSuccessor(N);
        auto [Kind, Unknown] = Steered.try_emplace(Next, false);
        if (Unknown)
          Kind->second = isSteered(*Next);
        if (Kind->second) {
          auto [Slot, New] = Arrivals[Next].try_emplace(B, Out);
          LockSet Met = New ? Out : meet(Slot->second, Out);
          Changed |= New || Met != Slot->second;
          Slot->second = std::move(Met);
        }
        auto [Slot, New] = Entry.try_emplace(Next, Out);
        if (New) {
          Changed = true;
          continue;
        }
        LockSet Met = meet(Slot->second, Out);
        if (Met != Slot->second) {
          Slot->second = std::move(Met);
          Changed = true;
        }
      }
    }
  }
}

void LockFlow::walk(function_ref<void(const Instruction &, const LockSet &)> Visit) {
  Final = true;
  ReversePostOrderTraversal<const Function *> Order(&F);
  for (const BasicBlock *B : Order) {
    auto It = Entry.find(B);
    if (It == Entry.end())
      continue;
    LockSet State = It->second;
    for (const Instruction &I : *B) {
      Visit(I, State);
      transfer(I, State);
      if (isa<ReturnInst>(I))
        Returns.push_back(State);
      if (U.neverReturns(I))
        break;
    }
  }
}

LockSet LockFlow::atReturn() const {
  if (Returns.empty())
    return {};
  LockSet Out = Returns[0];
  for (const LockSet &R : Returns)
    Out = meet(Out, R);
  return Out;
}

LockSet LockFlow::meet(const LockSet &A, const LockSet &B) const {
  if (Way == Approximation::Must)
    return intersect(A, B);
  LockSet Out = A;
  for (const Held &H : B)
    if (!is_contained(Out, H) && Out.size() < 16)
      Out.push_back(H);
  llvm::sort(Out);
  return Out;
}

} // namespace emm::race
