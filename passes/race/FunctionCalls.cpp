//===- passes/race/FunctionCalls.cpp - what a callee does, said here -----===//

#include "passes/race/FunctionAnalysis.h"

#include "llvm/IR/Instructions.h"

using namespace llvm;

namespace emm::race {

/// Calls between an access and the function that is told of it.
static constexpr unsigned MaxChain = 6;

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
                                       function_ref<void(Access &&)> Do) {
  PlaceSet Places = V.translate(Inner.Where, Call, Arguments);
  LockSet Certain = translateLocks(Inner.Locks, Call, Arguments);
  GateId Behind = gateHere(Inner.Behind, Call, Arguments);
  PlaceSet Maybe;
  for (PlaceId Lock : Inner.Maybe)
    for (PlaceId P : V.translate(Lock, Call, Arguments))
      if (P)
        U.Places.insert(Maybe, P);
  auto Give = [&](PlaceId P, const LockSet &Locks) {
    if (!P)
      return;
    Access A = Inner;
    A.Where = P;
    A.Behind = Behind;
    A.Locks = Locks;
    A.Maybe = Maybe;
    Do(std::move(A));
  };
  if (Places.size() < 2 || Certain.size() == Inner.Locks.size()) {
    for (PlaceId P : Places)
      Give(P, Certain);
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
    Give(P, Locks);
  }
}

void FunctionAnalysis::addMaybe(const Instruction &I, Access &A) {
  if (!isMap(A.Kind))
    U.Places.insert(A.Maybe, L.maybeAt(I));
}

void FunctionAnalysis::visitSummary(const CallBase &Call, const Summary &S, const LockSet &Held,
                                    const std::vector<PlaceSet> &Arguments) {
  Leaves |= S.Leaves;
  if (isInitialising(Held))
    return;
  Values::Translation Remember(V, Call, Arguments);
  // What the callee may release does not protect its accesses.
  LockSet Kept = Held;
  for (PlaceId P : S.Released)
    for (PlaceId Here : V.translate(P, Call, Arguments))
      erase_if(Kept, [&](const race::Held &H) { return Here && (H.Lock == Here || H.Guard == Here); });
  settleOpen(Call, S, Kept, Arguments);
  // While the program reports its own end nobody waits for locks.
  if (U.endsProgram(Call))
    return;
  auto Lengthen = [&](Chain &Sites) {
    if ((User || !Sites.empty()) && Sites.size() < MaxChain)
      Sites.push_back(&Call);
  };
  auto Extend = [&](Chain Sites) {
    Lengthen(Sites);
    return Sites;
  };
  for (const Access &Inner : S.Accesses) {
    // The longer the way, the less likely that it is ever taken: a scalar is not followed further.
    if (Inner.Sites.size() >= MaxChain && !isMap(Inner.Kind))
      continue;
    Access Settled;
    if (Inner.Switched) {
      Settled = Inner;
      settleSwitch(Settled, Call, Arguments);
    }
    const Access &Source = Inner.Switched ? Settled : Inner;
    translateAccess(Source, Call, Arguments, [&](Access &&A) {
      Lengthen(A.Sites);
      A.Locks.append(Kept.begin(), Kept.end());
      llvm::sort(A.Locks);
      if (S.Released.empty())
        addMaybe(Call, A);
      PlaceId Where = A.Where;
      addAccess(Call, Where, std::move(A));
    });
  }
  for (PlaceId P : S.Joins)
    for (PlaceId Here : V.translate(P, Call, Arguments))
      Joins.push_back({&Call, Here});
  for (PlaceId P : S.Orders)
    for (PlaceId Here : V.translate(P, Call, Arguments))
      Orders.push_back({&Call, Here, false});
  addGates(Call, S, Arguments);
  for (const ThreadStart &T : S.Threads) {
    if (Starts.size() >= MaxStarts) {
      GaveUp = true;
      break;
    }
    auto Modes = parametersTested(Call, T.Modes);
    if (!Modes)
      continue;
    // The result of a callback is not the call's.
    StartTells Tells = Running.empty() ? T.Tells : StartTells::Nothing;
    if (T.PendingEntry) {
      // The entry was a parameter of the callee.
      ThreadStart Like;
      Like.Sites = Extend(T.Sites);
      Like.Waits = T.Waits;
      Like.WaitsAtEnd = T.WaitsAtEnd;
      Like.Tells = Tells;
      Like.Several = T.Several;
      Like.Modes = *Modes;
      for (PlaceId H : T.Handles)
        U.Places.insert(Like.Handles, V.translate(H, Call, Arguments));
      for (const ThreadTarget &Target : targetsOf(T.PendingEntry, T.PendingArguments, Call, Arguments))
        addStart(Call, Target, Like, {}, 0, gateHere(T.Behind, Call, Arguments));
      continue;
    }
    ThreadStart Here = T;
    Here.Tells = Tells;
    Here.Sites = Extend(T.Sites);
    Here.Held = translateHeld(T.Held, Call, Arguments);
    Here.Modes = *Modes;
    Here.Handles.clear();
    for (PlaceId H : T.Handles)
      U.Places.insert(Here.Handles, V.translate(H, Call, Arguments));
    Here.Wakes.clear();
    for (PlaceId W : T.Wakes)
      U.Places.insert(Here.Wakes, W ? V.translate(W, Call, Arguments) : PlaceSet(1, UnknownPlace));
    Here.Accesses.clear();
    for (const Access &Inner : T.Accesses)
      translateAccess(Inner, Call, Arguments, [&](Access &&A) { Here.Accesses.push_back(std::move(A)); });
    for (auto [To, From] : {std::pair(&Here.Signals, &T.Signals), std::pair(&Here.WeakSignals, &T.WeakSignals)}) {
      To->clear();
      for (PlaceId P : *From)
        for (PlaceId Q : V.translate(P, Call, Arguments))
          To->push_back(Q);
    }
    Starts.push_back({&Call, std::move(Here), true});
  }
  for (const PendingCall &P : S.Outside)
    noteOutside(Call, P, Kept, Arguments, Extend(P.Sites));
  // Callbacks: calls of a parameter, now that its value is known.
  for (const PendingCall &P : S.Pending) {
    LockSet Locks = translateLocks(P.Locks, Call, Arguments);
    Locks.append(Kept.begin(), Kept.end());
    llvm::sort(Locks);
    if (P.Held) {
      for (PlaceId Holder : V.translate(P.Callee, Call, Arguments))
        callHeld(Call, Holder, Locks, Extend(P.Sites));
      continue;
    }
    for (ThreadTarget &Target : targetsOf(P.Callee, P.Arguments, Call, Arguments)) {
      if (!Target.Entry) {
        if (Pending.size() < 16)
          Pending.push_back({Target.Pending, gateHere(P.Behind, Call, Arguments), false, std::move(Target.Arguments), Locks,
                             Extend(P.Sites)});
        continue;
      }
      const Summary *Callee = U.summary(*Target.Entry);
      // A callback may be handed on to what calls it again.
      if (!Callee || Callee == &S || is_contained(Running, Target.Entry) || Running.size() >= MaxLayers)
        continue;
      Running.push_back(Target.Entry);
      visitSummary(Call, *Callee, Locks, Target.Arguments);
      Running.pop_back();
    }
  }
}

} // namespace emm::race
