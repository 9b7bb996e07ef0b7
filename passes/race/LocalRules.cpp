//===- passes/race/LocalRules.cpp -----------------------------------------===//

#include "passes/race/LocalRules.h"

#include "passes/race/Naming.h"
#include "passes/race/Overlap.h"
#include "passes/race/Values.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/IntrinsicInst.h"

#include <optional>

using namespace llvm;

namespace emm::race {

namespace {

using Instructions = SmallPtrSet<const Instruction *, 4>;

class LocalRules {
public:
  LocalRules(Unit &U, const Function &F) : U(U), F(F) {}
  void run();

private:
  struct Effective {
    const CallBase *Call;
    EffectRow Row;
  };
  void checkNilWrite(const Effective &E);
  void checkLocalLock(const Effective &E);
  void checkEmptyGuard(const Effective &E);
  void checkErasedIterator(const Effective &E);
  void checkReference(const Effective &Lookup);
  void checkLeak(const Effective &Lookup);
  const Instruction *derivedUse(const Value &V, const Overlap &Where, unsigned Depth = 0);
  bool onlyLocks(const Value &V, unsigned Depth = 0);
  std::string name(const Value *V);
  Finding &report(Rule R, const Instruction &At, std::string Subject, std::string Message);

  Unit &U;
  const Function &F;
  std::optional<Values> V;
  std::vector<Effective> Effects;
};

std::string LocalRules::name(const Value *Pointer) {
  if (!V) {
    V.emplace(U, F);
    V->compute();
  }
  PlaceSet P = V->of(Pointer);
  std::string Text = P.size() == 1 ? nameOf(U, P[0], true).Text : "";
  return Text.empty() ? "the object" : Text;
}

Finding &LocalRules::report(Rule R, const Instruction &At, std::string Subject, std::string Message) {
  Finding F2;
  F2.R = R;
  F2.Loc = U.C.Source.location(At);
  F2.Function = F.getName().str();
  F2.Subject = std::move(Subject);
  F2.Message = std::move(Message);
  U.C.Findings.push_back(std::move(F2));
  return U.C.Findings.back();
}

void LocalRules::checkNilWrite(const Effective &E) {
  const Value *Map = argOperand(*E.Call, E.Row.A);
  auto IsNil = [](const Value *X) { return isa_and_nonnull<ConstantPointerNull>(X); };
  bool Nil = IsNil(Map);
  // Null on one way here, and nothing asks.
  if (const auto *Phi = dyn_cast_or_null<PHINode>(Map))
    Nil = any_of(Phi->incoming_values(), [&](const Use &X) { return IsNil(X.get()); }) &&
          none_of(Phi->users(), [](const User *X) { return isa<ICmpInst>(X); });
  if (!Nil)
    return;
  Finding &Out = report(Rule::MapNilWrite, *E.Call, "map", isa<PHINode>(Map)
                            ? "assignment to an entry of a map that is nil on one path to here"
                            : "assignment to an entry of a nil map");
  Out.Steps.push_back({Out.Loc, "make the map before the assignment, with emm_makemap or emm_makemap_small"});
}

/// True if \p V, an address inside a local, is used by lock functions and the like alone.
bool LocalRules::onlyLocks(const Value &Address, unsigned Depth) {
  if (Depth > 4)
    return false;
  for (const User *X : Address.users()) {
    if (isa<GetElementPtrInst>(X)) {
      if (!onlyLocks(*X, Depth + 1))
        return false;
      continue;
    }
    if (const auto *S = dyn_cast<StoreInst>(X)) {
      if (S->getValueOperand() == &Address)
        return false;
      continue;
    }
    const auto *Call = dyn_cast<CallBase>(X);
    const Function *G = Call ? calleeOf(*Call) : nullptr;
    if (!G)
      return false;
    if (G->isIntrinsic())
      continue;
    const FunctionModel *M = U.model(*G);
    bool Lock = M && all_of(M->Rows, [](const EffectRow &R) {
      return R.E == Effect::NoRetain || (R.E >= Effect::Acquire && R.E <= Effect::GuardMove);
    });
    bool Special = U.C.Models.isLibrary(*G) && U.isConstructorOrDestructor(*G) && Call->arg_size() == 1;
    if (!Lock && !Special)
      return false;
  }
  return true;
}

/// True if \p Object is a structure passed by value, or a local that was copied from another object as a whole.
static bool isCopy(const Value &Object) {
  if (const auto *A = dyn_cast<Argument>(&Object))
    return A->hasByValAttr();
  const auto *Local = dyn_cast<AllocaInst>(&Object);
  return Local && any_of(Local->users(), [&](const User *X) {
    const auto *Copy = dyn_cast<MemCpyInst>(X);
    if (!Copy || Copy->getRawDest() != Local)
      return false;
    // An initialiser is copied from a constant.
    const auto *From = dyn_cast<GlobalVariable>(Copy->getSource()->stripPointerCasts());
    return !From || !From->isConstant();
  });
}

void LocalRules::checkLocalLock(const Effective &E) {
  const Value *Lock = argOperand(*E.Call, E.Row.E == Effect::GuardCtor ? E.Row.B : E.Row.A);
  const Value *Object = Lock ? Lock->stripInBoundsConstantOffsets() : nullptr;
  if (Object && isCopy(*Object)) {
    std::string Name = name(Lock);
    Finding &Out = report(Rule::LockUseless, *E.Call, Name,
                          "lock '" + Name + "' is a copy: each call of " + functionName(F) + " has its own, so it protects nothing");
    Out.Steps.push_back({U.C.Source.declaration(*Object), "'" + U.C.Source.name(*Object) + "' is copied here"});
    Out.Steps.push_back({Out.Loc, "pass the object by reference or pointer, and copy only what the lock guards"});
    return;
  }
  const auto *Local = Lock ? dyn_cast<AllocaInst>(Lock->stripPointerCasts()) : nullptr;
  if (!Local || !onlyLocks(*Local))
    return;
  std::string Name = name(Local);
  Finding &Out = report(Rule::LockUseless, *E.Call, Name,
                        "lock '" + Name + "' is local to " + functionName(F) + ": each call has its own, so it protects nothing");
  Out.Steps.push_back({U.C.Source.declaration(*Local), "'" + Name + "' is declared here"});
  Out.Steps.push_back({Out.Loc, "make the lock a member of what it guards, or static"});
}

void LocalRules::checkEmptyGuard(const Effective &E) {
  const Value *Guard = argOperand(*E.Call, E.Row.A);
  const Instruction *Next = E.Call->getNextNode();
  if (const auto *Invoke = dyn_cast<InvokeInst>(E.Call))
    Next = &*Invoke->getNormalDest()->begin();
  for (; Next; Next = Next->getNextNode()) {
    const auto *Call = dyn_cast<CallBase>(Next);
    if (isa<PHINode>(Next) || (Call && isa<IntrinsicInst>(Call)))
      continue;
    break;
  }
  const auto *End = dyn_cast_or_null<CallBase>(Next);
  const Function *G = End ? calleeOf(*End) : nullptr;
  const FunctionModel *M = G ? U.model(*G) : nullptr;
  const EffectRow *R = M ? M->find(Effect::GuardDtor) : nullptr;
  if (!R || argOperand(*End, R->A) != Guard)
    return;
  std::string Name = name(argOperand(*E.Call, E.Row.B));
  Finding &Out = report(Rule::LockUseless, *E.Call, Name,
                        "the guard of '" + Name + "' is released at once: it protects nothing");
  Out.Steps.push_back({Out.Loc, "an unnamed guard ends with its statement: name it, and hold it for as long as the data are used"});
}

/// Calls that give the iterator at \p Slot a new value.
static Instructions assignments(Unit &U, const Value &Slot) {
  Instructions Out;
  for (const User *X : Slot.users()) {
    const auto *I = dyn_cast<Instruction>(X);
    if (const auto *S = dyn_cast<StoreInst>(X); S && S->getPointerOperand() == &Slot)
      Out.insert(S);
    else if (const auto *GEP = dyn_cast<GetElementPtrInst>(X)) {
      for (const User *Y : GEP->users())
        if (const auto *S = dyn_cast<StoreInst>(Y); S && S->getPointerOperand() == GEP)
          Out.insert(S);
    } else if (const auto *Call = dyn_cast<CallBase>(X); Call && Call->arg_size() && Call->getArgOperand(0) == &Slot) {
      const Function *G = calleeOf(*Call);
      if (isa<MemTransferInst>(Call) || Call->paramHasAttr(0, Attribute::StructRet) ||
          (G && (U.C.Models.qualifiedName(*G).ends_with("::operator=") || U.isConstructorOrDestructor(*G))))
        Out.insert(I);
    }
  }
  return Out;
}

void LocalRules::checkErasedIterator(const Effective &E) {
  // The iterator goes to erase by value: loaded from the variable, or from its only member.
  const auto *Load = dyn_cast_or_null<LoadInst>(argOperand(*E.Call, E.Row.B));
  const Value *Slot = Load ? Load->getPointerOperand()->stripInBoundsConstantOffsets() : nullptr;
  if (!Slot || !isa<AllocaInst>(Slot))
    return;
  Overlap After(*E.Call, assignments(U, *Slot));
  const Instruction *Used = nullptr;
  for (const User *X : Slot->users()) {
    const auto *Call = dyn_cast<CallBase>(X);
    const Function *G = Call ? calleeOf(*Call) : nullptr;
    if (!G || G->isIntrinsic() || Call->getArgOperand(0) != Slot || !After.contains(*Call))
      continue;
    StringRef Name = U.C.Models.qualifiedName(*G);
    StringRef Base = Name.substr(Name.rfind("::") == StringRef::npos ? 0 : Name.rfind("::") + 2);
    if (Base != "operator*" && Base != "operator->" && Base != "operator++" && Base != "operator--")
      continue;
    if (!Used || U.C.Source.location(*Call) < U.C.Source.location(*Used))
      Used = Call;
  }
  if (!Used)
    return;
  std::string Iterator = U.C.Source.name(*Slot), Map = name(argOperand(*E.Call, E.Row.A));
  Finding &Out = report(Rule::MapInvalidated, *Used, Iterator,
                        "iterator '" + Iterator + "' is used here after '" + Map + "' erased the element it denoted");
  Out.Steps.push_back({U.C.Source.location(*E.Call), "the element is erased here"});
  Out.Steps.push_back({Out.Loc, "take the iterator that erase returns, or look the element up again"});
}

const Instruction *LocalRules::derivedUse(const Value &Pointer, const Overlap &Where, unsigned Depth) {
  for (const User *X : Pointer.users()) {
    const auto *I = dyn_cast<Instruction>(X);
    if (!I || Depth > 3)
      continue;
    if ((isa<LoadInst>(I) || (isa<StoreInst>(I) && cast<StoreInst>(I)->getPointerOperand() == &Pointer)) &&
        Where.contains(*I))
      return I;
    if (isa<GetElementPtrInst>(I))
      if (const Instruction *Found = derivedUse(*I, Where, Depth + 1))
        return Found;
  }
  return nullptr;
}

/// A reference to an element, used after an operation that moves or ends all elements.
void LocalRules::checkReference(const Effective &Lookup) {
  const Value *Map = argOperand(*Lookup.Call, Lookup.Row.A);
  if (!Lookup.Call->getType()->isPointerTy() || !Map)
    return;
  Overlap FromLookup(*Lookup.Call, {});
  for (const Effective &E : Effects) {
    if (E.Row.E != Effect::MapWrite || E.Row.Text != "all" || E.Call == Lookup.Call || argOperand(*E.Call, E.Row.A) != Map ||
        !FromLookup.contains(*E.Call))
      continue;
    // Looked up again, the reference is another one.
    Overlap After(*E.Call, Instructions({Lookup.Call}));
    const Instruction *Used = derivedUse(*Lookup.Call, After);
    if (!Used)
      continue;
    std::string Name = name(Map);
    Finding &Out = report(Rule::MapInvalidated, *Used, Name,
                          "a reference into map '" + Name + "' is used here after the map was changed, which ends its life");
    Out.Steps.push_back({U.C.Source.location(*Lookup.Call), "the reference was taken here"});
    Out.Steps.push_back({U.C.Source.location(*E.Call), "the map is changed here"});
    Out.Steps.push_back({Out.Loc, "look the element up again, or take a copy"});
    return;
  }
}

/// The function returns a reference that it looked up under a lock which it gives back.
void LocalRules::checkLeak(const Effective &Lookup) {
  if (!Lookup.Call->getType()->isPointerTy() || !F.getReturnType()->isPointerTy())
    return;
  bool Returned = false;
  for (const BasicBlock &B : F)
    if (const auto *R = dyn_cast<ReturnInst>(B.getTerminator())) {
      const Value *X = R->getReturnValue();
      Returned |= X == Lookup.Call;
      if (const auto *Phi = dyn_cast<PHINode>(X))
        Returned |= is_contained(Phi->incoming_values(), Lookup.Call);
    }
  if (!Returned)
    return;
  Overlap After(*Lookup.Call, {});
  for (const Effective &Taken : Effects) {
    bool Guard = Taken.Row.E == Effect::GuardCtor && Taken.Row.Text.empty();
    if ((!Guard && Taken.Row.E != Effect::Acquire) || !Overlap(*Taken.Call, {}).contains(*Lookup.Call))
      continue;
    for (const Effective &Given : Effects) {
      if (Given.Row.E != (Guard ? Effect::GuardDtor : Effect::Release) || !After.contains(*Given.Call) ||
          argOperand(*Given.Call, Given.Row.A) != argOperand(*Taken.Call, Taken.Row.A))
        continue;
      std::string Map = name(argOperand(*Lookup.Call, Lookup.Row.A));
      std::string Lock = name(argOperand(*Taken.Call, Guard ? Taken.Row.B : Taken.Row.A));
      Finding &Out = report(Rule::LockLeakedReference, *Lookup.Call, Map,
                            "a reference to an element of '" + Map + "' is returned, but '" + Lock +
                                "' that guards it is released before");
      Out.Steps.push_back({U.C.Source.location(*Taken.Call), "'" + Lock + "' is taken here"});
      Out.Steps.push_back({Out.Loc, "return a copy, or let the caller pass a function that runs under the lock"});
      return;
    }
  }
}

void LocalRules::run() {
  for (const BasicBlock &B : F)
    for (const Instruction &I : B)
      if (const auto *Call = dyn_cast<CallBase>(&I))
        if (const Function *G = calleeOf(*Call); G && !G->isIntrinsic())
          if (const FunctionModel *M = U.model(*G))
            for (const EffectRow &R : M->Rows)
              Effects.push_back({Call, R});
  bool Maps = any_of(Effects, [](const Effective &E) { return E.Row.E == Effect::MapWrite; });
  bool Locks = any_of(Effects, [](const Effective &E) {
    return E.Row.E == Effect::Acquire || E.Row.E == Effect::GuardCtor;
  });
  if (!Maps && !Locks)
    return;
  for (size_t N = 0; N < Effects.size(); ++N) {
    const Effective E = Effects[N];
    switch (E.Row.E) {
    case Effect::MapWrite:
      checkNilWrite(E);
      if (E.Row.Text == "erased")
        checkErasedIterator(E);
      break;
    case Effect::Acquire:
      checkLocalLock(E);
      break;
    case Effect::GuardCtor:
      if (E.Row.Text.empty())
        checkEmptyGuard(E);
      checkLocalLock(E);
      break;
    case Effect::ReturnElement:
      if (Maps && any_of(U.model(*calleeOf(*E.Call))->Rows, [](const EffectRow &R) {
            return R.E == Effect::MapRead || R.E == Effect::MapWrite;
          })) {
        checkReference(E);
        if (Locks)
          checkLeak(E);
      }
      break;
    default:
      break;
    }
  }
}

} // namespace

void checkLocally(Unit &U, const Function &F) {
  if (U.isUser(F))
    LocalRules(U, F).run();
}

} // namespace emm::race
