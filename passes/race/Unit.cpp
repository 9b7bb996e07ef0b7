//===- passes/race/Unit.cpp -----------------------------------------------===//

#include "passes/race/Unit.h"

#include "llvm/Analysis/CFG.h"
#include "llvm/Demangle/Demangle.h"
#include "llvm/IR/Constants.h"
#include "llvm/IR/DebugInfo.h"
#include "llvm/IR/Instructions.h"

using namespace llvm;

namespace emm::race {

bool Unit::usesBody(const Function &F) {
  if (!hasBody(F))
    return false;
  const FunctionModel *Model = model(F);
  if (!Model)
    return true;
  auto Flow = [](const EffectRow &R) {
    return R.E == Effect::NoRetain || R.E == Effect::ReturnArg || R.E == Effect::StoreInto || R.E == Effect::Retain;
  };
  auto Object = [](const EffectRow &R) { return R.E == Effect::ObjectRead || R.E == Effect::ObjectWrite; };
  // A model that says only that the object is used leaves its values to the body.
  return !Model->Rows.empty() && (all_of(Model->Rows, Flow) || all_of(Model->Rows, Object));
}

bool Unit::neverReturns(const Instruction &I) {
  const auto *Call = dyn_cast<CallBase>(&I);
  const Function *Callee = Call ? calleeOf(*Call) : nullptr;
  const Summary *S = Callee && !Callee->isIntrinsic() ? summary(*Callee) : nullptr;
  return S && S->NeverReturns && usesBody(*Callee);
}

bool Unit::endsProgram(const CallBase &Call) {
  if (!isa_and_nonnull<UnreachableInst>(Call.getNextNode()) ||
      !(Call.doesNotThrow() || Call.getFunction()->doesNotThrow()))
    return false;
  const Function *Callee = calleeOf(Call);
  if (!Callee)
    return false;
  if (const FunctionModel *M = model(*Callee); M && M->find(Effect::Leave))
    return false;
  const Summary *S = summary(*Callee);
  if (!S)
    return true;
  if (S->Leaves || !S->Complete)
    return false;
  if (!S->NeverReturns)
    return true;
  auto [It, New] = Cyclic.try_emplace(Callee, false);
  if (New) {
    SmallVector<std::pair<const BasicBlock *, const BasicBlock *>, 4> BackEdges;
    FindFunctionBackedges(*Callee, BackEdges);
    It->second = !BackEdges.empty();
  }
  return !It->second;
}

bool isFeasible(const BasicBlock &B, unsigned Successor) {
  const Instruction *T = B.getTerminator();
  if (T->getNumSuccessors() != 2 || isa<InvokeInst>(T) || !T->getNumOperands())
    return true;
  const auto *K = dyn_cast<ConstantInt>(T->getOperand(0));
  return !K || !K->getType()->isIntegerTy(1) || (Successor == 0) == K->isOne();
}

bool Unit::isUser(const Function &F) {
  auto [It, New] = UserCode.try_emplace(&F, false);
  if (New) {
    bool User = !C.Models.isLibrary(F) && C.Source.isUserCode(F);
    // A parallel region is a function that the compiler made of the user's code.
    if (!User && F.hasLocalLinkage() && F.getName().contains(".omp_outlined"))
      if (const DISubprogram *SP = F.getSubprogram())
        User = !C.Source.isSystemFile(C.Source.fileName(SP->getFile()));
    UserCode[&F] = User;
    return User;
  }
  return It->second;
}

bool Unit::isConstructorOrDestructor(const Function &F) {
  auto [It, New] = Special.try_emplace(&F, 0);
  if (New && F.getName().starts_with("_Z")) {
    ItaniumPartialDemangler D;
    std::string Name = F.getName().split('.').first.str();
    if (!D.partialDemangle(Name.c_str()) && D.isCtorOrDtor()) {
      size_t N = 0;
      char *Base = D.getFunctionBaseName(nullptr, &N);
      It->second = Base && Base[0] == '~' ? 2 : 1;
      std::free(Base);
    }
  }
  return It->second != 0;
}

bool Unit::isDestructor(const Function &F) { return isConstructorOrDestructor(F) && Special[&F] == 2; }

const DICompositeType *Unit::structure(StringRef Name) {
  if (!Structures) {
    Structures.emplace();
    DebugInfoFinder Finder;
    Finder.processModule(C.M);
    for (const DIType *T : Finder.types())
      if (const auto *Of = dyn_cast<DICompositeType>(T); Of && !Of->isForwardDecl() && !Of->getName().empty())
        Structures->try_emplace(Of->getName(), Of);
  }
  return Structures->lookup(Name);
}

} // namespace emm::race
