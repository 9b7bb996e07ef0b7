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

#include "llvm/Demangle/Demangle.h"
#include "llvm/IR/IntrinsicInst.h"

using namespace llvm;

namespace emm {

/// Above this a constant-size object is no stack slot; Go's limit for implicit allocations.
static constexpr uint64_t MaxStackBytes = 64 * 1024;

static bool isFlowEffect(Effect E) {
  switch (E) {
  case Effect::Allocate:
  case Effect::Free:
  case Effect::MakeMap:
  case Effect::Spawn:
  case Effect::SpawnClosure:
  case Effect::NoRetain:
  case Effect::Retain:
  case Effect::StoreInto:
  case Effect::ReturnArg:
  case Effect::ReturnElement:
  case Effect::CallArg:
  case Effect::NoReturn:
  case Effect::GuardCtor:
  case Effect::MapCtor: // a container's pointers into itself are no flow
  case Effect::MapDtor:
    return true;
  default:
    return false;
  }
}

/// A body tells more than a model that only says that the result is an argument: which part of it.
static bool onlyForwards(const FunctionModel &M) {
  return !M.Rows.empty() && all_of(M.Rows, [](const EffectRow &R) { return R.E == Effect::ReturnArg; });
}

static bool saysWhereArgumentsGo(const FunctionModel &M) {
  return M.Rows.empty() || any_of(M.Rows, [](const EffectRow &R) { return isFlowEffect(R.E); });
}

static bool hasBody(const Function &F) { return !F.isDeclaration() && !F.hasAvailableExternallyLinkage(); }

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
  auto It = Cl ? Summaries.find(Cl->Operator) : Summaries.end();
  if (It == Summaries.end())
    return;
  uint32_t This = Cl->Operator->hasStructRetAttr() ? 1 : 0;
  for (const ParamLeak &L : It->second.Leaks)
    if (L.To == ParamLeak::ToHeap && L.Param == This && L.Loads)
      G.addCopy(G.heapContents(), loaded(nodeOf(&Object), L.Loads, &Object), 0, whyCause("captured by a closure", &Object, L.Why));
}

static std::string firstTemplateArgument(StringRef Demangled, StringRef Base) {
  size_t At = Demangled.find(Base);
  if (At == StringRef::npos)
    return {};
  At = Demangled.find('<', At);
  unsigned Depth = 0;
  for (size_t I = At; I < Demangled.size(); ++I) {
    if (Demangled[I] == '<')
      ++Depth;
    else if (Demangled[I] == '>' && --Depth == 0)
      return Demangled.slice(At + 1, I).str();
    else if (Demangled[I] == ',' && Depth == 1)
      return Demangled.slice(At + 1, I).str();
  }
  return {};
}

/// `new int`, `malloc(16)`, `std::make_unique<int>`: the allocation in the source's words.
static std::string spell(const CallBase &Call, StringRef Spelling, const Value *Size, const Value *Count) {
  auto *Type = dyn_cast_or_null<DIType>(Call.getMetadata("heapallocsite"));
  bool IsArray = Spelling == "new[]";
  if (Spelling == "new" || IsArray) {
    std::string T = SourceMap::typeName(Type);
    if (!T.empty())
      return "new " + shortType(T) + (IsArray ? "[]" : "");
    if (const auto *N = dyn_cast_or_null<ConstantInt>(Size); N && !IsArray)
      return "new (" + std::to_string(N->getZExtValue()) + " bytes)";
    return IsArray ? "new[]" : "new";
  }
  if (Spelling.contains("::")) {
    std::string T = firstTemplateArgument(demangle(Call.getCalledFunction()->getName()), Spelling.rsplit("::").second);
    return Spelling.str() + "<" + shortType(T) + ">";
  }
  const auto *Bytes = dyn_cast_or_null<ConstantInt>(Size), *Times = dyn_cast_or_null<ConstantInt>(Count);
  if (!Bytes || (Count && !Times))
    return Spelling.str() + "(...)";
  return Spelling.str() + "(" + (Times ? std::to_string(Times->getZExtValue()) + ", " : "") +
         std::to_string(Bytes->getZExtValue()) + ")";
}

static Cause::Kind sizeCause(const Value *Size, const Value *Count, bool Known) {
  if (!Known)
    return Cause::NonConstantSize;
  uint64_t Bytes = 1;
  for (const Value *V : {Size, Count}) {
    if (!V)
      continue;
    const auto *N = dyn_cast<ConstantInt>(V);
    if (!N)
      return Cause::NonConstantSize;
    Bytes *= N->getLimitedValue(MaxStackBytes + 1);
  }
  return Bytes > MaxStackBytes ? Cause::TooLarge : Cause::Unknown;
}

void EscapeBuilder::allocate(const CallBase &Call, StringRef Spelling, const Value *Size, const Value *Count,
                             bool SizeKnown) {
  ObjectId O = G.addObject(ObjectKind::Allocation, &Call);
  NodeId N = G.addNode();
  G.addOrigin(N, {O, 0}, why("spill", &Call));
  defineResult(Call, N, why("assign", &Call));
  Subject S;
  S.What = Subject::Allocation;
  S.V = &Call;
  S.Name = UserCode && !Library ? spell(Call, Spelling, Size, Count) : Spelling.str();
  S.Loc = C.Source.location(Call);
  S.Forced.What = sizeCause(Size, Count, SizeKnown);
  S.Forced.Loc = S.Loc;
  S.Objects.push_back(O);
  Subjects.push_back(std::move(S));
}

/// A closure passed in registers: read from its object.
static bool isClosureCopy(const Value &V) {
  const auto *L = dyn_cast<LoadInst>(&V);
  const auto *Object = L ? dyn_cast<AllocaInst>(L->getPointerOperand()->stripInBoundsConstantOffsets()) : nullptr;
  return Object && isClosureType(Object->getAllocatedType());
}

bool EscapeBuilder::applyModel(const CallBase &Call, const FunctionModel &M, const Function &Callee) {
  const EscapeSummary *Body = nullptr;
  if (hasBody(Callee))
    if (auto It = Summaries.find(&Callee); It != Summaries.end())
      Body = &It->second;
  if (Body && (!saysWhereArgumentsGo(M) || onlyForwards(M)))
    return false;
  // A container of threads starts one where it makes an element: what a model says of containers in general leaves
  // out what the element's constructor does.
  if (Body)
    for (const ParamLeak &L : Body->Leaks)
      if (L.To == ParamLeak::ToHeap && L.Why.What == Cause::Thread)
        applyLeak(Call, L);
  bool ResultKnown = false;
  for (const EffectRow &R : M.Rows) {
    const Value *A = argOperand(Call, R.A);
    switch (R.E) {
    case Effect::Allocate:
      if (Body)
        applySummary(Call, *Body, Callee);
      else
        allocate(Call, R.Text, argOperand(Call, R.A), argOperand(Call, R.B), R.A >= 0);
      ResultKnown = true;
      break;
    case Effect::MakeMap:
      allocate(Call, R.Text.empty() ? Callee.getName() : R.Text, nullptr, nullptr, true);
      ResultKnown = true;
      break;
    case Effect::Retain:
      if (A)
        G.addCopy(G.heapContents(), nodeOf(A), 0,
                  whyCause("call parameter", &Call, {Cause::UnknownCallee, canonicalFunction(Callee.getName()), C.Source.location(Call)}));
      break;
    case Effect::Spawn:
    case Effect::SpawnClosure: {
      uint32_t Why = whyCause("started in a thread", &Call, {Cause::Thread, "", C.Source.location(Call)});
      // A callable passed by reference is copied into the thread; what it holds goes with it.
      unsigned Loads = R.E == Effect::SpawnClosure ? 1 : 0;
      if (A && !isa<Function>(A))
        G.addCopy(G.heapContents(), loaded(nodeOf(A), Loads, &Call), 0, Why);
      for (int N = R.B; R.B >= 0; ++N) {
        const Value *Arg = argOperand(Call, N);
        if (!Arg)
          break;
        if (carriesPointers(Arg->getType()) && !isa<Constant>(Arg))
          G.addCopy(G.heapContents(), loaded(nodeOf(Arg), Loads, &Call), 0, Why);
      }
      break;
    }
    case Effect::StoreInto:
      if (const Value *Into = argOperand(Call, R.B); A && Into && (carriesPointers(A->getType()) || Nodes.count(A)))
        // Models count from a reference; a small callable passed by value is here already what the reference leads to.
        G.addStore(wholeOf(Into, Call), loaded(nodeOf(A), isClosureCopy(*A) ? 0 : std::max<int>(R.C, 0), &Call),
                   why("call parameter", &Call));
      break;
    case Effect::ReturnArg:
      ResultKnown = true;
      if (A && carriesPointers(A->getType()))
        defineResult(Call, loaded(nodeOf(A), std::max<int>(R.C, 0), &Call), why("call parameter", &Call));
      break;
    case Effect::ReturnElement:
      ResultKnown = true;
      if (A && carriesPointers(A->getType()))
        defineResult(Call, wholeOf(A, Call), why("call parameter", &Call));
      break;
    case Effect::GuardCtor:
      if (const Value *Lock = argOperand(Call, R.B); A && Lock && carriesPointers(Lock->getType()))
        G.addStore(nodeOf(A), nodeOf(Lock), why("call parameter", &Call));
      break;
    case Effect::CallArg: {
      const auto *Target = A ? dyn_cast<Function>(A->stripPointerCasts()) : nullptr;
      bool Known = Target && hasBody(*Target) && Summaries.count(Target);
      for (int N = R.B; R.B >= 0 && !Known; ++N) {
        const Value *Arg = argOperand(Call, N);
        if (!Arg)
          break;
        if (carriesPointers(Arg->getType()) && !isa<Constant>(Arg))
          G.addCopy(G.heapContents(), nodeOf(Arg), 0,
                    whyCause("call parameter", &Call, {Cause::UnknownCallee, "", C.Source.location(Call)}));
      }
      break;
    }
    default:
      break;
    }
  }
  if (!ResultKnown && carriesPointers(Call.getType()))
    G.addOrigin(nodeOf(&Call), {G.heap(), AnyOffset}, why("call parameter", &Call));
  return true;
}

/// What of argument \p A of \p Call \p L is about. A structure passed in memory is the callee's by value: one load more.
NodeId EscapeBuilder::leaked(const CallBase &Call, const Value &A, const ParamLeak &L) {
  if (Call.paramHasAttr(L.Param, Attribute::ByVal))
    return loaded(nodeOf(&A), L.Loads + 1, &Call);
  if (L.Loads)
    return loaded(nodeOf(&A), L.Loads, &Call, L.At);
  return L.To == ParamLeak::ToHeap ? nodeOf(&A) : place(nodeOf(&A), L.At, &Call);
}

/// The argument of \p Call that \p L is about reaches the heap in the callee.
void EscapeBuilder::applyLeak(const CallBase &Call, const ParamLeak &L) {
  const Value *A = L.Param < Call.arg_size() ? Call.getArgOperand(L.Param) : nullptr;
  if (!A || isa<ConstantData>(A) || (!carriesPointers(A->getType()) && !Nodes.count(A)))
    return;
  Cause Why = L.Why;
  if (Why.Loc.File.empty() || C.Source.isSystemFile(Why.Loc.File))
    Why.Loc = C.Source.location(Call);
  const char *Word = Why.What == Cause::Thread ? "started in a thread" : "call parameter";
  G.addCopy(G.heapContents(), leaked(Call, *A, L), 0, whyCause(Word, &Call, std::move(Why)));
}

void EscapeBuilder::applySummary(const CallBase &Call, const EscapeSummary &S, const Function &Callee) {
  auto Operand = [&](uint32_t N) -> const Value * {
    return N < Call.arg_size() ? Call.getArgOperand(N) : nullptr;
  };
  for (const ParamLeak &L : S.Leaks) {
    const Value *A = Operand(L.Param);
    if (!A || isa<ConstantData>(A) || (!carriesPointers(A->getType()) && !Nodes.count(A)))
      continue;
    NodeId From = leaked(Call, *A, L);
    switch (L.To) {
    case ParamLeak::ToHeap:
      applyLeak(Call, L);
      break;
    case ParamLeak::ToResult: {
      // The callee may return this argument in some cases only; it always does if it returns nothing else.
      bool Only = !S.ResultIsUnknown && S.Allocations.empty() && count_if(S.Leaks, [](const ParamLeak &O) {
                                                                   return O.To == ParamLeak::ToResult;
                                                                 }) == 1;
      defineResult(Call, From, mayWhy("call parameter", &Call, !Only || L.Loads), L.Into);
      break;
    }
    case ParamLeak::ToParam:
      if (const Value *Into = Operand(L.Other); Into && !isa<ConstantData>(Into))
        G.addStore(L.OtherLoads ? place(loaded(nodeOf(Into), L.OtherLoads, &Call, L.Into), AnyOffset, &Call)
                                : place(nodeOf(Into), L.Into, &Call),
                   From, mayWhy("call parameter", &Call, true));
      break;
    }
  }
  for (const HandedOut &H : S.Allocations) {
    ObjectId O = G.addObject(ObjectKind::Allocation, &Call, 1);
    NodeId N = G.addNode();
    G.addOrigin(N, {O, 0}, why("spill", &Call));
    if (H.InResult)
      defineResult(Call, N, why("assign", &Call));
    else if (const Value *Into = Operand(H.Param))
      G.addStore(wholeOf(Into, Call), N, why("call parameter", &Call));
    const FunctionModel *M = C.Models.lookup(Callee);
    const EffectRow *Row = M ? M->find(Effect::Allocate) : nullptr;
    // The storage inside a container or a string is its own business; a factory's is what the source asked for.
    Subject Sub;
    Sub.What = Subject::Allocation;
    Sub.V = &Call;
    Sub.Name = Row ? spell(Call, Row->Text, nullptr, nullptr) : std::string();
    Sub.Loc = C.Source.location(Call);
    // A factory of one object hands the allocator a count of one, which its body does not show; of an array, it is given.
    bool One = Row && !StringRef(Sub.Name).contains("[]");
    Sub.Forced = {One ? Cause::Unknown : H.Size, "", Sub.Loc};
    Sub.Objects.push_back(O);
    auto Same = find_if(Subjects, [&](const Subject &Old) { return Old.V == &Call && Old.Name == Sub.Name; });
    if (Same != Subjects.end())
      Same->Objects.push_back(O);
    else
      Subjects.push_back(std::move(Sub));
  }
  for (const Planted &P : S.Plants) {
    NodeId N = G.addNode();
    if (P.What)
      G.addCopy(N, nodeOf(P.What), P.Offset, why("call parameter", &Call));
    else
      G.addOrigin(N, {G.heap(), AnyOffset}, why("call parameter", &Call));
    if (P.InResult)
      defineResult(Call, N, why("call parameter", &Call), P.Into);
    else if (const Value *Into = Operand(P.Param); Into && !isa<ConstantData>(Into))
      G.addStore(P.Loads ? place(loaded(nodeOf(Into), P.Loads, &Call, P.Into), AnyOffset, &Call)
                         : place(nodeOf(Into), P.Into, &Call),
                 N, mayWhy("call parameter", &Call, true));
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
  if (carriesPointers(Call.getType()))
    G.addCopy(nodeOf(&Call), Unknown, 0, why("call parameter", &Call));
}

void EscapeBuilder::visitIntrinsic(const IntrinsicInst &I) {
  if (const auto *M = dyn_cast<AnyMemTransferInst>(&I)) {
    G.addMemoryCopy(nodeOf(M->getDest()), nodeOf(M->getSource()), why("assign", &I));
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
    Indirect.push_back(&Call);
}

void EscapeBuilder::applyCallee(const CallBase &Call, const Function &Callee) {
  if (const FunctionModel *M = C.Models.lookup(Callee); M && applyModel(Call, *M, Callee))
    return;
  if (hasBody(Callee))
    if (auto It = Summaries.find(&Callee); It != Summaries.end()) {
      applySummary(Call, It->second, Callee);
      return;
    }
  applyUnknown(Call, Cause::UnknownCallee, canonicalFunction(Callee.getName()));
}

/// A call through a table of functions that is loaded from the object itself.
static bool isVirtualCall(const CallBase &Call) {
  const auto *Slot = dyn_cast<LoadInst>(Call.getCalledOperand());
  const auto *Table = Slot ? dyn_cast<LoadInst>(Slot->getPointerOperand()->stripInBoundsConstantOffsets()) : nullptr;
  return Table && any_of(Call.args(), [&](const Use &A) { return A.get() == Table->getPointerOperand(); });
}

void EscapeBuilder::resolveIndirectCalls() {
  DenseMap<const CallBase *, SmallVector<ObjectId, 2>> Applied;
  // New targets come up only through flows that the former ones opened; a few rounds reach the end or a loop.
  for (unsigned Round = 0; Round != 4; ++Round) {
    bool Changed = false;
    for (const CallBase *Call : Indirect) {
      NodeId N = nodeOf(Call->getCalledOperand());
      SmallVector<ObjectId, 4> Targets;
      bool Unknown = G.facts(N).empty() || Round == 3;
      for (const Fact &Fa : G.facts(N)) {
        if (G.object(Fa.T.Obj).Kind == ObjectKind::Code)
          Targets.push_back(Fa.T.Obj);
        else
          Unknown = true;
      }
      SmallVector<ObjectId, 2> &Done = Applied[Call];
      if (Unknown)
        Targets.assign(1, G.heap());
      for (ObjectId T : Targets) {
        if (is_contained(Done, T) || is_contained(Done, G.heap()))
          continue;
        Done.push_back(T);
        Changed = true;
        const auto *Target = T == G.heap() ? nullptr : cast<Function>(G.object(T).V);
        if (!Target)
          applyUnknown(*Call, isVirtualCall(*Call) ? Cause::VirtualCall : Cause::UnknownCallee, "");
        else if (Withheld && Withheld->contains(Target))
          applyUnknown(*Call, Cause::UnknownCallee, canonicalFunction(Target->getName()));
        else
          applyCallee(*Call, *Target);
      }
    }
    if (!Changed)
      return;
    G.solve();
  }
}

} // namespace emm
