//===- passes/race/ThreadEntry.cpp ----------------------------------------===//

#include "passes/race/ThreadEntry.h"

#include "reports/finding/Fingerprint.h"

#include "llvm/ADT/SetVector.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Demangle/Demangle.h"
#include "llvm/IR/Constants.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/Instructions.h"

using namespace llvm;

namespace emm::race {

static void visitConstant(const Constant &K, unsigned Depth, function_ref<void(const Function &)> Visit) {
  if (const auto *F = dyn_cast<Function>(&K))
    return Visit(*F);
  if (Depth > 4)
    return;
  if (const auto *A = dyn_cast<GlobalAlias>(&K))
    return visitConstant(*A->getAliasee(), Depth + 1, Visit);
  if (const auto *G = dyn_cast<GlobalVariable>(&K)) {
    // Vtables and tables of functions.
    if (G->isConstant() && G->hasInitializer() && G->getInitializer()->getNumOperands())
      visitConstant(*G->getInitializer(), Depth + 1, Visit);
    return;
  }
  for (const Use &Operand : K.operands())
    if (const auto *C = dyn_cast<Constant>(Operand.get()))
      visitConstant(*C, Depth + 1, Visit);
}

void forEachReference(const Instruction &I, function_ref<void(const Function &)> Visit) {
  for (const Use &Operand : I.operands())
    if (const auto *K = dyn_cast<Constant>(Operand.get()); K && !isa<ConstantData>(K))
      visitConstant(*K, 0, Visit);
}

void ThreadEntries::visitReferences(const Function &F, function_ref<void(const Function &)> Visit) {
  for (const Instruction &I : instructions(F))
    forEachReference(I, Visit);
}

const SmallVector<const Function *, 2> &ThreadEntries::callables(const Function &F) {
  if (auto It = Callables.find(&F); It != Callables.end())
    return It->second;
  SetVector<const Function *> Work, Users;
  Work.insert(&F);
  for (size_t I = 0; I < Work.size() && I < 4000; ++I)
    visitReferences(*Work[I], [&](const Function &G) {
      if (G.isIntrinsic())
        return;
      if (U.C.Models.isLibrary(G)) {
        if (hasBody(G))
          Work.insert(&G);
        return;
      }
      bool Mangled = G.getName().starts_with("_Z");
      if ((Mangled || hasBody(G)) && !U.isConstructorOrDestructor(G) &&
          !U.C.Models.qualifiedName(G).ends_with("::operator="))
        Users.insert(&G);
    });
  return Callables[&F] = SmallVector<const Function *, 2>(Users.begin(), Users.end());
}

const Function *ThreadEntries::hidden(const Function &F, Effect E) {
  if (auto It = Hidden.find({&F, unsigned(E)}); It != Hidden.end())
    return It->second;
  SetVector<const Function *> Work;
  Work.insert(&F);
  const Function *Found = nullptr;
  for (size_t I = 0; I < Work.size() && I < 1000 && !Found; ++I)
    for (const Instruction &Inst : instructions(*Work[I])) {
      const auto *Call = dyn_cast<CallBase>(&Inst);
      const Function *G = Call ? calleeOf(*Call) : nullptr;
      if (!G || G->isIntrinsic() || !U.C.Models.isLibrary(*G))
        continue;
      const FunctionModel *M = U.model(*G);
      const EffectRow *Row = M ? M->find(E) : nullptr;
      // Not one that hands on what another object of its kind keeps.
      if (Row && (E != Effect::KeepCallable || Row->C == 0)) {
        Found = G;
        break;
      }
      if (hasBody(*G))
        Work.insert(G);
    }
  return Hidden[{&F, unsigned(E)}] = Found;
}

/// The parameter list of \p F as the demangler prints it, split at top-level commas.
static SmallVector<std::string, 4> parameterTexts(const Function &F) {
  SmallVector<std::string, 4> Out;
  ItaniumPartialDemangler D;
  std::string Name = F.getName().split('.').first.str();
  if (!F.getName().starts_with("_Z") || D.partialDemangle(Name.c_str()))
    return Out;
  size_t N = 0;
  char *Buffer = D.getFunctionParameters(nullptr, &N);
  if (!Buffer)
    return Out;
  std::string Plain = Buffer;
  std::free(Buffer);
  for (StringRef Inline : {"__1::", "__cxx11::"})
    for (size_t At; (At = Plain.find("std::" + Inline.str())) != std::string::npos;)
      Plain.erase(At + 5, Inline.size());
  StringRef Text = Plain;
  Text.consume_front("(");
  int Depth = 0;
  std::string Current;
  for (size_t I = 0; I < Text.size(); ++I) {
    char C = Text[I];
    if (C == ')' && Depth == 0)
      break;
    Depth += C == '(' || C == '<' || C == '[' || C == '{';
    Depth -= C == ')' || (C == '>' && I && Text[I - 1] != '-') || C == ']' || C == '}';
    if (C == ',' && Depth == 0) {
      Out.push_back(StringRef(Current).trim().str());
      Current.clear();
    } else {
      Current += C;
    }
  }
  if (!StringRef(Current).trim().empty())
    Out.push_back(StringRef(Current).trim().str());
  return Out;
}

static StringRef withoutReferences(StringRef Type) {
  while (Type.consume_back("&"))
    ;
  return Type.trim();
}

static bool isMember(const Function &F) {
  // Neither a namespace nor a class can be told from a name, but clang marks `this`.
  return F.arg_size() > firstParameter(F) && F.hasParamAttribute(firstParameter(F), Attribute::NonNull) &&
         F.hasParamAttribute(firstParameter(F), Attribute::NoUndef) &&
         F.getParamDereferenceableBytes(firstParameter(F)) > 0 && F.getName().starts_with("_ZN");
}

void ThreadEntries::bind(const CallBase &Call, const Function &Through, const Function &Entry, const PlaceSet *Closure,
                         int FirstArgument, Values &V, ThreadTarget &Out) {
  Out.Entry = &Entry;
  Out.Arguments.assign(Entry.arg_size(), {});
  unsigned Next = firstParameter(Entry);
  if (Closure && Next < Entry.arg_size()) {
    Out.Arguments[Next] = PlaceSet(1, V.copyFor(Call, Next, *Closure));
    ++Next;
  }
  auto EntryTypes = parameterTexts(Entry), GivenTypes = parameterTexts(Through);
  bool GivenMember = Through.arg_size() > GivenTypes.size() + firstParameter(Through);
  // A member function called through a pointer takes its object first; its parameter list does not name it.
  bool EntryMember = !Closure && isMember(Entry) && EntryTypes.size() + Next < Entry.arg_size();
  if (Closure && !EntryTypes.empty() && StringRef(EntryTypes[0]).starts_with("std::stop_token"))
    ++Next;
  for (unsigned Parameter = 0; FirstArgument >= 0 && Next < Entry.arg_size(); ++Parameter, ++Next) {
    const Value *Given = argOperand(Call, FirstArgument + int(Parameter));
    if (!Given)
      break;
    PlaceSet Address = V.of(Given);
    size_t GivenIndex = FirstArgument + Parameter - (GivenMember ? 1 : 0);
    StringRef GivenType = GivenIndex < GivenTypes.size() ? StringRef(GivenTypes[GivenIndex]) : "";
    unsigned TypeIndex = Parameter - (EntryMember ? 1 : 0);
    StringRef EntryType =
        EntryMember && Parameter == 0 ? "this" : TypeIndex < EntryTypes.size() ? StringRef(EntryTypes[TypeIndex]) : "";
    bool Wrapped = withoutReferences(GivenType).starts_with("std::reference_wrapper");
    bool ByValue = EntryType.ends_with("*") || !Entry.getArg(Next)->getType()->isPointerTy() ||
                   (EntryType == "this" && withoutReferences(GivenType).ends_with("*"));
    PlaceSet Held;
    for (PlaceId P : Address)
      U.Places.insert(Held, V.load(P));
    Out.Arguments[Next] = Wrapped || ByValue ? Held : PlaceSet(1, V.copyFor(Call, Next, Address));
  }
}

void ThreadEntries::resolveCallable(const CallBase &Call, const Function &Through, int Callable, int FirstArgument,
                                    Values &V, SmallVectorImpl<ThreadTarget> &Out, unsigned Depth) {
  const Value *Operand = argOperand(Call, Callable);
  if (!Operand || Depth > 3)
    return;
  PlaceSet Object = V.of(Operand);

  // A small closure passed by value travels in registers: its fields are the arguments. Clang promises nothing
  // (`noundef`) of such pieces, while an address is always defined.
  auto Texts = parameterTexts(Through);
  size_t TypeIndex = size_t(Callable) - (Through.arg_size() > Texts.size() + firstParameter(Through) ? 1 : 0);
  if (TypeIndex < Texts.size() && !StringRef(Texts[TypeIndex]).ends_with("&")) {
    unsigned Index = unsigned(Callable) + firstParameter(Through);
    if (!Call.paramHasAttr(Index, Attribute::NoUndef) && Operand->getType()->isPointerTy()) {
      PlaceId Whole = V.copyFor(Call, 1000 + Index, {});
      for (unsigned Field = 0; Index + Field < Call.arg_size(); ++Field) {
        if (Field && Call.paramHasAttr(Index + Field, Attribute::NoUndef))
          break;
        V.store(U.Places.advance(Whole, 8 * Field, false), V.of(Call.getArgOperand(Index + Field)));
      }
      Object.assign(1, Whole);
    }
  }

  // A function, a pointer to one, or a member pointer.
  PlaceSet Functions = Object;
  for (PlaceId P : Object)
    U.Places.insert(Functions, V.load(P));
  for (PlaceId P : Functions)
    if (U.Places.rootOf(P).Kind == RootKind::Function) {
      ThreadTarget T;
      bind(Call, Through, *cast<Function>(U.Places.rootOf(P).V), nullptr, FirstArgument, V, T);
      Out.push_back(std::move(T));
      return;
    }

  // An object of class type whose call operator the library reaches.
  SmallVector<const Function *, 2> Operators;
  for (const Function *F : callables(Through))
    if (U.C.Models.qualifiedName(*F).ends_with("operator()"))
      Operators.push_back(F);
  if (Operators.size() > 1) {
    // The closure's own type stands in the parameter list.
    std::string All = join(Texts, ",");
    SmallVector<const Function *, 2> Named;
    for (const Function *F : Operators) {
      ItaniumPartialDemangler D;
      std::string Name = F->getName().split('.').first.str();
      size_t N = 0;
      if (D.partialDemangle(Name.c_str()))
        continue;
      if (char *Context = D.getFunctionDeclContextName(nullptr, &N)) {
        if (StringRef(All).contains(Context))
          Named.push_back(F);
        std::free(Context);
      }
    }
    if (!Named.empty())
      Operators = Named;
  }
  if (!Operators.empty()) {
    ThreadTarget T;
    bind(Call, Through, *Operators.front(), &Object, FirstArgument, V, T);
    Out.push_back(std::move(T));
    return;
  }

  // Made by another library call: std::bind, std::function, std::packaged_task.
  for (const Instruction &I : instructions(*Call.getFunction())) {
    const auto *Maker = dyn_cast<CallBase>(&I);
    const Function *G = Maker ? calleeOf(*Maker) : nullptr;
    if (!G || Maker == &Call || G->isIntrinsic() || !U.C.Models.isLibrary(*G) || U.isDestructor(*G) ||
        !Maker->arg_size())
      continue;
    PlaceSet Made = V.of(Maker->getArgOperand(0));
    if (none_of(Made, [&](PlaceId P) { return P && is_contained(Object, P); }))
      continue;
    bool Slot = Maker->paramHasAttr(0, Attribute::StructRet);
    if (!Slot && !U.isConstructorOrDestructor(*G))
      continue;
    resolveCallable(*Maker, *G, Slot ? 0 : 1, Slot ? 1 : 2, V, Out, Depth + 1);
    if (!Out.empty())
      return;
  }
}

SmallVector<ThreadTarget, 1> ThreadEntries::resolve(const CallBase &Call, const EffectRow &Row, Values &V) {
  SmallVector<ThreadTarget, 1> Out;
  const Function *Callee = calleeOf(Call);
  if (Row.E == Effect::SpawnClosure) {
    resolveCallable(Call, *Callee, Row.A, Row.B, V, Out, 0);
    return Out;
  }
  std::vector<PlaceSet> Given;
  for (int N = Row.B; const Value *A = argOperand(Call, N); ++N)
    Given.push_back(V.of(A));
  for (PlaceId P : V.ofArgument(Call, Row.A)) {
    ThreadTarget T;
    if (U.Places.rootOf(P).Kind == RootKind::Function) {
      T.Entry = cast<Function>(U.Places.rootOf(P).V);
      // Parameters that the runtime supplies itself (thread numbers of a parallel region) come first.
      size_t Supplied = T.Entry->arg_size() > Given.size() ? T.Entry->arg_size() - Given.size() : 0;
      T.Arguments.assign(Supplied, {});
      T.Arguments.insert(T.Arguments.end(), Given.begin(), Given.end());
    } else if (U.Places.rootOf(P).Kind == RootKind::Param) {
      T.Pending = P;
      T.Arguments = Given;
    } else {
      continue;
    }
    Out.push_back(std::move(T));
  }
  return Out;
}

SmallVector<ThreadTarget, 1> ThreadEntries::resolveKept(const CallBase &Call, const EffectRow &Row, Values &V) {
  SmallVector<ThreadTarget, 1> Out;
  resolveCallable(Call, *calleeOf(Call), Row.A, -1, V, Out, 0);
  return Out;
}

SmallVector<ThreadTarget, 1> ThreadEntries::resolveHidden(const CallBase &Call, const Function &Start, Values &V) {
  SmallVector<ThreadTarget, 1> Out;
  const Function *Callee = calleeOf(Call);
  auto StartTypes = parameterTexts(Start), Types = parameterTexts(*Callee);
  if (StartTypes.empty())
    return Out;
  // The argument of the same type as the callable that the start takes; arguments are handed on in order.
  for (size_t I = 0; I < Types.size(); ++I)
    if (withoutReferences(Types[I]) == withoutReferences(StartTypes[0])) {
      bool Member = Callee->arg_size() > Types.size() + firstParameter(*Callee);
      int Callable = int(I) + (Member ? 1 : 0);
      resolveCallable(Call, *Callee, Callable, Callable + 1, V, Out, 0);
      return Out;
    }
  return Out;
}

} // namespace emm::race
