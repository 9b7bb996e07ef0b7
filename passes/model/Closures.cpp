//===- passes/model/Closures.cpp - finding and pinning lambda objects -----===//

#include "passes/model/Closures.h"

#include "reports/finding/Fingerprint.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/Operator.h"

using namespace llvm;

namespace emm {

bool isClosureType(const Type *T) {
  const auto *S = dyn_cast<StructType>(T);
  return S && S->hasName() && S->getName().starts_with("class.anon");
}

bool hasClosures(const Module &M) {
  const Type *Last = nullptr; // neighbours mostly agree
  for (const Function &F : M)
    for (const Instruction &I : instructions(F)) {
      const Type *T = nullptr;
      if (const auto *A = dyn_cast<AllocaInst>(&I))
        T = A->getAllocatedType();
      else if (const auto *G = dyn_cast<GetElementPtrInst>(&I))
        T = G->getSourceElementType();
      if (T && T != Last && isClosureType(T))
        return true;
      Last = T ? T : Last;
    }
  return false;
}

static constexpr char PinKind[] = "emm.pin";

/// The accesses of \p A that could be split off, also through addresses of its fields.
static void collectAccesses(Value *A, SmallVectorImpl<Instruction *> &Out) {
  for (User *U : A->users()) {
    auto *I = dyn_cast<Instruction>(U);
    if (!I)
      continue;
    if (isa<GetElementPtrInst>(I))
      collectAccesses(I, Out);
    else if (isa<LoadInst>(I) || isa<MemIntrinsic>(I))
      Out.push_back(I);
    else if (auto *S = dyn_cast<StoreInst>(I); S && S->getPointerOperand() == A)
      Out.push_back(I);
  }
}

static void setVolatile(Instruction &I, bool V) {
  if (auto *L = dyn_cast<LoadInst>(&I))
    L->setVolatile(V);
  else if (auto *S = dyn_cast<StoreInst>(&I))
    S->setVolatile(V);
  else if (auto *M = dyn_cast<MemIntrinsic>(&I))
    M->setVolatile(ConstantInt::get(Type::getInt1Ty(I.getContext()), V));
}

static bool isVolatile(const Instruction &I) {
  if (const auto *L = dyn_cast<LoadInst>(&I))
    return L->isVolatile();
  if (const auto *S = dyn_cast<StoreInst>(&I))
    return S->isVolatile();
  const auto *M = dyn_cast<MemIntrinsic>(&I);
  return M && M->isVolatile();
}

/// SROA retypes even what it cannot promote; it leaves alone what a call knows the address of.
static constexpr char PinFunction[] = "emm.pin";

void pinClosures(Module &M) {
  LLVMContext &C = M.getContext();
  FunctionCallee Pin =
      M.getOrInsertFunction(PinFunction, FunctionType::get(Type::getVoidTy(C), {PointerType::getUnqual(C)}, false));
  for (Function &F : M)
    for (Instruction &I : make_early_inc_range(instructions(F))) {
      auto *A = dyn_cast<AllocaInst>(&I);
      if (!A || !isClosureType(A->getAllocatedType()) || A->getType()->getAddressSpace() != 0)
        continue;
      CallInst::Create(Pin, {A}, "", std::next(A->getIterator()));
      SmallVector<Instruction *, 8> Accesses;
      collectAccesses(A, Accesses);
      for (Instruction *Access : Accesses)
        if (!isVolatile(*Access)) { // a capture declared volatile stays so
          setVolatile(*Access, true);
          Access->setMetadata(PinKind, MDNode::get(M.getContext(), {}));
        }
    }
}

void unpinClosures(Module &M) {
  if (Function *Pin = M.getFunction(PinFunction)) {
    for (User *U : make_early_inc_range(Pin->users()))
      cast<CallInst>(U)->eraseFromParent();
    Pin->eraseFromParent();
  }
  for (Function &F : M)
    for (Instruction &I : instructions(F))
      if (I.getMetadata(PinKind))
        setVolatile(I, false);
}

std::string closureClass(StringRef Name) {
  // _Z Z <function encoding> E N [cv] <unnamed type> cl E <parameters>
  if (!Name.consume_front("_ZZ"))
    return {};
  size_t Call = Name.rfind("clE");
  if (Call == StringRef::npos) // a generic lambda's operator is a template
    Call = Name.rfind("clI");
  if (Call == StringRef::npos)
    return {};
  StringRef Head = Name.take_front(Call);
  // The unnamed type is the last component: from its start marker to the call.
  size_t Unnamed = Head.rfind("Ul");
  size_t Dollar = Head.rfind("$_");
  size_t At;
  if (Dollar != StringRef::npos && (Unnamed == StringRef::npos || Dollar > Unnamed)) {
    At = Dollar;
    while (At > 0 && isDigit(Head[At - 1]))
      --At;
  } else if (Unnamed != StringRef::npos) {
    At = Unnamed;
  } else {
    return {};
  }
  StringRef Type = Head.drop_front(At), Scope = Head.take_front(At);
  for (StringRef Marker : {"ENK", "EN", "ENKO", "ENO"})
    if (Scope.ends_with(Marker))
      return ("Z" + Scope.drop_back(Marker.size()) + "E" + Type).str();
  return {};
}

/// The enclosing function: `_ZZ <encoding> EN...` holds it whole.
static std::string creatorOf(StringRef Class) {
  StringRef Encoding = Class.drop_front(1);
  size_t E = StringRef::npos;
  for (size_t I = Encoding.size(); I-- > 0;) {
    if (Encoding[I] != 'E')
      continue;
    StringRef Rest = Encoding.drop_front(I + 1);
    if (Rest.starts_with("Ul") || (!Rest.empty() && isDigit(Rest[0]))) {
      E = I;
      break;
    }
  }
  if (E == StringRef::npos)
    return {};
  return canonicalFunction(("_Z" + Encoding.take_front(E)).str());
}

/// `this` at -O0: loaded from the slot that the argument was stored to.
static bool isReloadOf(const Value &V, const Argument &A) {
  const auto *L = dyn_cast<LoadInst>(&V);
  return L && any_of(A.users(), [&](const User *U) {
           const auto *S = dyn_cast<StoreInst>(U);
           return S && S->getValueOperand() == &A && S->getPointerOperand() == L->getPointerOperand();
         });
}

ClosureIndex::ClosureIndex(const Module &M) {
  for (const Function &F : M) {
    if (F.isDeclaration())
      continue;
    std::string Class = closureClass(F.getName());
    if (Class.empty())
      continue;
    if (F.arg_empty())
      continue;
    Closure C;
    C.Operator = &F;
    C.ClassName = Class;
    C.Creator = creatorOf(Class);
    const Argument *This = F.getArg(0);
    for (const Argument &A : F.args())
      if (!A.hasStructRetAttr()) {
        This = &A;
        break;
      }
    // The captures are read through `this`, at -O0 after a round trip through its slot.
    for (const Instruction &I : instructions(F)) {
      const auto *G = dyn_cast<GetElementPtrInst>(&I);
      if (!G || !isClosureType(G->getSourceElementType()))
        continue;
      const Value *P = G->getPointerOperand()->stripPointerCasts();
      if (P == This || isReloadOf(*P, *This)) {
        C.Type = cast<StructType>(G->getSourceElementType());
        break;
      }
    }
    auto Same = find_if(Closures, [&](const Closure &Old) { return Old.ClassName == C.ClassName; });
    if (Same != Closures.end()) {
      if (!Same->Type)
        Same->Type = C.Type;
      Operators[&F] = Same - Closures.begin();
      continue;
    }
    Operators[&F] = Closures.size();
    Closures.push_back(std::move(C));
  }
  for (unsigned I = 0; I != Closures.size(); ++I)
    if (Closures[I].Type)
      Types.insert({Closures[I].Type, I});
}

const Closure *ClosureIndex::byType(const Type *T) const {
  auto It = Types.find(T);
  return It == Types.end() ? nullptr : &Closures[It->second];
}

const Closure *ClosureIndex::byOperator(const Function &F) const {
  auto It = Operators.find(&F);
  return It == Operators.end() ? nullptr : &Closures[It->second];
}

const Closure *ClosureIndex::byMention(StringRef CalleeName) const {
  for (const Closure &C : Closures)
    if (!C.Type && CalleeName.contains(C.ClassName))
      return &C;
  return nullptr;
}

} // namespace emm
