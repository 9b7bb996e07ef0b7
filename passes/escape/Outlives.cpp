//===- passes/escape/Outlives.cpp - what is left behind by a frame --------===//
//
// An address in a lasting place is a warning only if it is certainly still there
// when the frame ends: the function returns after it was put there, and nothing
// that may run in between can replace it, or wait for the thread. So after the
// statement only such code may follow as cannot write to the place: stores to
// other variables, calls that only read, library functions of which a model says
// that they keep and change nothing. One call of unknown code anywhere behind the
// statement makes it silent: it may well be the one that clears the place.
//
// What follows a statement is looked at once for each, up to MaxSteps instructions
// in a function; beyond them it is silent.
//
// `main` has no frame that anyone outlives. A destructor's object ends with it.
//
//===----------------------------------------------------------------------===//

#include "passes/escape/Outlives.h"

#include "llvm/BinaryFormat/Dwarf.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/Operator.h"

using namespace llvm;

namespace emm {

namespace {

/// A place in memory: Offset is that of a known constant, or any.
struct Place {
  const Value *Base = nullptr;
  int64_t Offset = AnyOffset;
};

class OutlivingReport {
public:
  OutlivingReport(const EscapeBuilder &Builder, AnalysisContext &Ctx)
      : B(Builder), C(Ctx), F(Builder.function()), DL(F.getParent()->getDataLayout()) {}

  void run() {
    if (F.getName() == "main" || F.isPresplitCoroutine())
      return;
    for (const Instruction &I : instructions(F)) {
      if (const auto *S = dyn_cast<StoreInst>(&I))
        store(*S);
      else if (const auto *Call = dyn_cast<CallBase>(&I))
        call(*Call);
    }
  }

private:
  enum Waiting { Writes, Threads }; ///< what ends the danger: a write to the place, or also whatever waits

  Place placeOf(const Value &Address) const {
    APInt Offset(DL.getIndexTypeSizeInBits(Address.getType()), 0);
    const Value *Base = Address.stripAndAccumulateConstantOffsets(DL, Offset, true);
    Place P{Base, Offset.getSExtValue()};
    while (const auto *GEP = dyn_cast<GEPOperator>(P.Base))
      P = {GEP->getPointerOperand()->stripInBoundsConstantOffsets(), AnyOffset};
    return P;
  }

  bool isDestructor() const {
    StringRef Name = C.Models.qualifiedName(F);
    return Name.rsplit("::").second.starts_with("~");
  }

  /// The words for a place that outlives the frame; empty if \p P is none.
  std::string lasting(const Place &P) const {
    if (const auto *GV = dyn_cast<GlobalVariable>(P.Base))
      return "global '" + C.Source.name(*GV) + "'";
    const auto *A = dyn_cast<Argument>(P.Base);
    if (!A || A->hasByValAttr() || A->hasStructRetAttr() || !A->getType()->isPointerTy())
      return {};
    const DILocalVariable *Var = C.Source.variable(*A);
    // A class passed by value through a hidden pointer is a variable of the function.
    if (!Var || isDestructor() || isClass(Var->getType()))
      return {};
    std::string Name = C.Source.name(*A);
    return Name == "this" ? "'*this'" : "memory reached from '" + Name + "'";
  }

  static bool isClass(const DIType *T) {
    while (const auto *D = dyn_cast_or_null<DIDerivedType>(T)) {
      if (D->getTag() != dwarf::DW_TAG_typedef && D->getTag() != dwarf::DW_TAG_const_type && D->getTag() != dwarf::DW_TAG_volatile_type)
        return false;
      T = D->getBaseType();
    }
    return isa_and_nonnull<DICompositeType>(T);
  }

  /// The variables of the function whose address \p V is, on one path at least.
  SmallVector<const Value *, 2> localsOf(const Value &V) const {
    SmallVector<const Value *, 2> Locals;
    SmallVector<const Value *, 4> Work = {&V};
    SmallPtrSet<const Value *, 8> Seen;
    while (!Work.empty()) {
      const Value *Next = Work.pop_back_val()->stripPointerCasts();
      if (!Seen.insert(Next).second)
        continue;
      if (const auto *GEP = dyn_cast<GEPOperator>(Next))
        Work.push_back(GEP->getPointerOperand());
      else if (isa<PHINode, SelectInst>(Next))
        for (const Use &U : cast<Instruction>(Next)->operands())
          Work.push_back(U);
      else if (isa<AllocaInst>(Next) || (isa<Argument>(Next) && cast<Argument>(Next)->hasByValAttr()))
        Locals.push_back(Next);
    }
    return Locals;
  }

  /// Those of localsOf that stand in the source.
  SmallVector<const Value *, 2> variablesOf(const Value &V) const {
    SmallVector<const Value *, 2> Locals = localsOf(V);
    erase_if(Locals, [&](const Value *L) { return !isVariable(*L); });
    return Locals;
  }

  bool isVariable(const Value &Local) const {
    const DILocalVariable *Var = C.Source.variable(Local);
    const auto *A = dyn_cast<AllocaInst>(&Local);
    return Var && !Var->isArtificial() && !(A && isClosureType(A->getAllocatedType()));
  }

  /// The variables whose addresses are stored in the object \p A: what a closure captures by reference, what a temporary
  /// pointer holds.
  SmallVector<const Value *, 2> heldBy(const AllocaInst &A) const {
    SmallVector<const Value *, 2> Held;
    SmallVector<const Value *, 4> Work = {&A};
    while (!Work.empty())
      for (const User *U : Work.pop_back_val()->users()) {
        if (isa<GEPOperator>(U))
          Work.push_back(U);
        else if (const auto *S = dyn_cast<StoreInst>(U); S && is_contained(localsOf(*S->getPointerOperand()), &A))
          if (S->getValueOperand()->getType()->isPointerTy())
            Held.append(variablesOf(*S->getValueOperand()));
      }
    return Held;
  }

  /// A temporary, or a closure: what it was made of is what it holds.
  const AllocaInst *temporary(const Value *V) const {
    const auto *A = V ? dyn_cast<AllocaInst>(V->stripInBoundsConstantOffsets()) : nullptr;
    return A && (isClosureType(A->getAllocatedType()) || !C.Source.variable(*A)) ? A : nullptr;
  }

  struct Holding {
    SmallVector<const Value *, 2> Variables;
    bool Closure = false;
  };

  /// What \p Object, a closure or a temporary made from one, holds.
  Holding holding(const AllocaInst &Object) const {
    if (isClosureType(Object.getAllocatedType()))
      return {heldBy(Object), true};
    for (const User *U : Object.users())
      if (const auto *Call = dyn_cast<CallBase>(U))
        if (const FunctionModel *M = C.Models.lookup(*Call))
          for (const EffectRow &R : M->Rows)
            if (R.E == Effect::StoreInto && argOperand(*Call, R.B) == &Object)
              if (const Value *Source = argOperand(*Call, R.A)) {
                // A small closure is passed as what it captures.
                const AllocaInst *From = closureCopiedBy(*Source) ? closureCopiedBy(*Source) : temporary(Source);
                if (From && isClosureType(From->getAllocatedType()))
                  return {heldBy(*From), true};
              }
    return {heldBy(Object), false};
  }

  void store(const StoreInst &S) {
    if (!S.getValueOperand()->getType()->isPointerTy())
      return;
    const Value *Variable = onlyVariable(*S.getValueOperand());
    if (!Variable)
      return;
    Place P = placeOf(*S.getPointerOperand());
    std::string Where = lasting(P);
    if (!Where.empty() && stays(S, P, Writes))
      report(S, *Variable, false, "is stored in " + Where, "ends with the function");
  }

  /// The variable whose address \p V holds, if the graph knows of nothing else: how far variables have become values, which
  /// depends on the optimisation level, does not matter to it.
  const Value *onlyVariable(const Value &V) const {
    auto It = B.nodes().find(&V);
    if (It == B.nodes().end() || B.graph().facts(It->second).size() != 1)
      return nullptr;
    const EscapeGraph &G = B.graph();
    const Fact *Last = &G.facts(It->second).front();
    for (const Fact *Link = Last; Link; Link = Link->FromNode == None ? nullptr : &G.facts(Link->FromNode)[Link->FromFact])
      if (G.why(Link->Why).May)
        return nullptr; // a callee that need not do it
    const Object &O = G.object(Last->T.Obj);
    return O.Kind == ObjectKind::Frame && O.V && isVariable(*O.V) ? O.V : nullptr;
  }

  void call(const CallBase &Call) {
    const FunctionModel *M = C.Models.lookup(Call);
    if (!M) {
      contained(Call);
      return;
    }
    bool Said = false;
    for (const EffectRow &R : M->Rows) {
      if (R.E == Effect::StoreInto) {
        const Value *Into = argOperand(Call, R.B);
        const AllocaInst *From = temporary(argOperand(Call, R.A));
        if (!Into || !From)
          continue;
        Place P = placeOf(*Into);
        std::string Where = lasting(P);
        Holding H = holding(*From);
        if (!Where.empty() && H.Closure && stays(Call, P, Writes))
          for (const Value *V : H.Variables) {
            report(Call, *V, true, "is stored in " + Where, "ends with the function");
            Said = true;
          }
      } else if (R.E == Effect::Detach) {
        if (const Value *Handle = argOperand(Call, R.A))
          threadsOf(*Handle, [&](const CallBase &Spawn, const EffectRow &Row) {
            started(Call, Spawn, Row, "a detached thread", {});
          });
      } else if (R.E == Effect::HandleMove) {
        const Value *To = argOperand(Call, R.A), *From = argOperand(Call, R.B);
        Place P = To ? placeOf(*To) : Place();
        if (std::string Where = P.Base ? lasting(P) : ""; !Where.empty() && From)
          threadsOf(*From, [&](const CallBase &Spawn, const EffectRow &Row) {
            started(Call, Spawn, Row, "a thread that is kept in " + Where, P);
          });
      } else if ((R.E == Effect::Spawn || R.E == Effect::SpawnClosure) && R.C >= 0) {
        const Value *Handle = argOperand(Call, R.C);
        Place P = Handle ? placeOf(*Handle) : Place();
        if (std::string Where = P.Base ? lasting(P) : ""; !Where.empty())
          started(Call, Call, R, "a thread that is kept in " + Where, P);
      }
    }
    if (!Said)
      contained(Call);
  }

  /// The calls that start the thread of handle \p H, an object or the value read from it.
  void threadsOf(const Value &H, function_ref<void(const CallBase &, const EffectRow &)> Visit) const {
    const Value *Object = H.stripInBoundsConstantOffsets();
    if (const auto *L = dyn_cast<LoadInst>(Object))
      Object = L->getPointerOperand()->stripInBoundsConstantOffsets();
    if (!isa<AllocaInst>(Object))
      return;
    for (const User *U : Object->users())
      if (const auto *Call = dyn_cast<CallBase>(U))
        if (const FunctionModel *M = C.Models.lookup(*Call))
          for (const EffectRow &R : M->Rows)
            if ((R.E == Effect::Spawn || R.E == Effect::SpawnClosure) && R.C >= 0 && argOperand(*Call, R.C) == Object)
              Visit(*Call, R);
  }

  /// The thread that \p Spawn starts may outlive the frame once \p At has run.
  void started(const CallBase &At, const CallBase &Spawn, const EffectRow &R, const std::string &Thread, const Place &P) {
    if (!stays(At, P, Threads))
      return;
    const AllocaInst *Callable = R.E == Effect::SpawnClosure ? temporary(argOperand(Spawn, R.A)) : nullptr;
    if (Callable && isClosureType(Callable->getAllocatedType()))
      for (const Value *V : heldBy(*Callable))
        report(Spawn, *V, true, "is started in " + Thread, "may end before the thread");
    for (int N = R.B; R.B >= 0; ++N) {
      const Value *Arg = argOperand(Spawn, N);
      if (!Arg)
        break;
      SmallVector<const Value *, 2> Variables;
      if (R.E == Effect::Spawn)
        Variables = variablesOf(*Arg);
      else if (const AllocaInst *A = temporary(Arg); A && A->getAllocatedType()->isPointerTy())
        Variables = heldBy(*A);
      for (const Value *V : Variables)
        report(Spawn, *V, false, "is handed to " + Thread, "may end before the thread");
    }
  }

  /// A container of a library in a lasting place is given the address.
  void contained(const CallBase &Call) {
    const Function *Callee = Call.getCalledFunction();
    if (!Callee || !C.Models.isLibrary(*Callee) || Call.arg_size() < 2 || !Call.getArgOperand(0)->getType()->isPointerTy())
      return;
    Place P = placeOf(*Call.getArgOperand(0));
    std::string Where = lasting(P);
    if (Where.empty() || !stays(Call, P, Writes))
      return;
    for (unsigned I = 1; I != Call.arg_size(); ++I) {
      const AllocaInst *From = temporary(Call.getArgOperand(I));
      if (!From)
        continue;
      Holding H = holding(*From);
      for (const Value *V : H.Variables)
        if (keeps(*Callee, I))
          report(Call, *V, H.Closure, "is stored in " + Where, "ends with the function");
    }
  }

  /// What argument \p Arg of \p Callee holds goes into the object that the first one points to, or to nobody knows where.
  bool keeps(const Function &Callee, unsigned Arg) const {
    const EscapeSummary *S = B.finishedSummaryOf(Callee);
    return S && any_of(S->Leaks, [&](const ParamLeak &L) {
      return L.Param == Arg && (L.To == ParamLeak::ToHeap || (L.To == ParamLeak::ToParam && L.Other == 0));
    });
  }

  /// True if the function may return after \p From and nothing that may run on the way ends the danger.
  bool stays(const Instruction &From, const Place &P, Waiting For) {
    bool Returns = false;
    SmallPtrSet<const BasicBlock *, 16> Seen;
    SmallVector<const BasicBlock *, 8> Work;
    auto Scan = [&](BasicBlock::const_iterator It, const BasicBlock &BB) {
      for (; It != BB.end(); ++It) {
        if (!Steps || (&*It != &From && ends(*It, P, For)))
          return false;
        --Steps;
        Returns |= isa<ReturnInst>(*It);
      }
      for (const BasicBlock *Next : successors(&BB))
        if (Seen.insert(Next).second)
          Work.push_back(Next);
      return true;
    };
    if (!Scan(std::next(From.getIterator()), *From.getParent()))
      return false;
    while (!Work.empty()) {
      const BasicBlock &BB = *Work.pop_back_val();
      if (!Scan(BB.begin(), BB))
        return false;
    }
    return Returns;
  }

  bool mayBe(const Value &Address, uint64_t Size, const Place &P) const {
    if (!P.Base)
      return false;
    Place Other = placeOf(Address);
    if (isa<AllocaInst>(Other.Base))
      return false;
    if (isa<GlobalVariable>(Other.Base) && isa<GlobalVariable>(P.Base) && Other.Base != P.Base)
      return false;
    if (Other.Base != P.Base || Other.Offset == AnyOffset || P.Offset == AnyOffset)
      return true;
    return Other.Offset < P.Offset + 8 && P.Offset < Other.Offset + int64_t(Size);
  }

  bool ends(const Instruction &I, const Place &P, Waiting For) const {
    if (const auto *S = dyn_cast<StoreInst>(&I))
      return mayBe(*S->getPointerOperand(), DL.getTypeStoreSize(S->getValueOperand()->getType()), P);
    if (const auto *L = dyn_cast<LoadInst>(&I))
      return For == Threads && (L->isAtomic() || L->isVolatile());
    if (isa<AtomicRMWInst, AtomicCmpXchgInst, FenceInst>(I))
      return true;
    const auto *Call = dyn_cast<CallBase>(&I);
    if (!Call || I.isLifetimeStartOrEnd() || isa<DbgInfoIntrinsic>(I))
      return false;
    if (const auto *M = dyn_cast<MemIntrinsic>(&I))
      return mayBe(*M->getDest(), uint64_t(1) << 32, P);
    if (const auto *Intrinsic = dyn_cast<IntrinsicInst>(&I))
      return !Intrinsic->isAssumeLikeIntrinsic() && !Intrinsic->onlyReadsMemory();
    if (Call->onlyReadsMemory() && For == Writes)
      return false;
    return !isHarmless(*Call, P);
  }

  /// A library function that keeps and changes nothing but its arguments, none of which is the place.
  bool isHarmless(const CallBase &Call, const Place &P) const {
    const FunctionModel *M = C.Models.lookup(Call);
    if (!M)
      return false;
    for (const EffectRow &R : M->Rows) {
      bool OfLocal = R.A >= 0 && argOperand(Call, R.A) && isa<AllocaInst>(argOperand(Call, R.A)->stripInBoundsConstantOffsets());
      switch (R.E) {
      case Effect::NoRetain:
      case Effect::ReturnArg:
      case Effect::ReturnElement:
      case Effect::ObjectRead:
      case Effect::MapRead:
        break;
      case Effect::HandleDtor:
        if (R.Mode == LockMode::Write || !OfLocal)
          return false;
        break;
      case Effect::ObjectWrite:
        if (!OfLocal)
          return false;
        break;
      default:
        return false;
      }
    }
    return !M->Rows.empty() && none_of(Call.args(), [&](const Use &A) {
      return P.Base && A->getType()->isPointerTy() && placeOf(*A).Base == P.Base;
    });
  }

  void report(const Instruction &At, const Value &Variable, bool Closure, const std::string &How, const char *End) {
    if (!Reported.insert({&At, &Variable}).second)
      return;
    std::string Name = C.Source.name(Variable);
    Finding Fi;
    Fi.R = Closure ? Rule::OutlivesCapture : Rule::OutlivesFrame;
    Fi.Loc = C.Source.location(At);
    Fi.Function = F.getName().str();
    Fi.Subject = Name;
    Fi.Message = (Closure ? "closure captures '" + Name + "' by reference and " : "address of local '" + Name + "' ") + How + "; '" +
                 Name + "' " + End;
    Fi.Steps.push_back({C.Source.declaration(Variable), "'" + Name + "' is declared here"});
    C.Findings.push_back(std::move(Fi));
  }

  const EscapeBuilder &B;
  AnalysisContext &C;
  const Function &F;
  const DataLayout &DL;
  static constexpr unsigned MaxSteps = 1 << 17;
  unsigned Steps = MaxSteps; ///< that are left
  DenseSet<std::pair<const Instruction *, const Value *>> Reported;
};

} // namespace

void reportOutliving(const EscapeBuilder &B, AnalysisContext &C) { OutlivingReport(B, C).run(); }

} // namespace emm
