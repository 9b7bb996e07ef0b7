//===- passes/race/FunctionTables.cpp -------------------------------------===//

#include "passes/race/FunctionTables.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/IR/Constants.h"
#include "llvm/IR/DataLayout.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/Operator.h"

using namespace llvm;

namespace emm::race {

void FunctionTables::add(Field F, const Function &Target) {
  auto &List = Targets[F];
  if (!is_contained(List, &Target))
    List.push_back(&Target);
}

void FunctionTables::readInitialiser(const Constant &K) {
  const auto *S = dyn_cast<ConstantStruct>(&K);
  const StructLayout *L = S ? M.getDataLayout().getStructLayout(S->getType()) : nullptr;
  for (unsigned N = 0; N < K.getNumOperands(); ++N) {
    const auto *Part = dyn_cast<Constant>(K.getOperand(N));
    if (!Part)
      continue;
    if (const auto *F = dyn_cast<Function>(Part->stripPointerCasts()); F && S)
      add({S->getType(), L->getElementOffset(N).getFixedValue()}, *F);
    else if (isa<ConstantStruct>(Part) || isa<ConstantArray>(Part))
      readInitialiser(*Part);
  }
}

/// The innermost structure around byte \p Bytes of \p T, and the offset in it.
std::optional<FunctionTables::Field> FunctionTables::fieldIn(Type *T, uint64_t Bytes) const {
  const DataLayout &DL = M.getDataLayout();
  std::optional<Field> Found;
  while (T) {
    if (auto *S = dyn_cast<StructType>(T)) {
      const StructLayout *L = DL.getStructLayout(S);
      if (!S->getNumElements() || Bytes >= L->getSizeInBytes().getFixedValue())
        break;
      Found = Field{S, Bytes};
      unsigned N = L->getElementContainingOffset(Bytes);
      Bytes -= L->getElementOffset(N).getFixedValue();
      T = S->getElementType(N);
    } else if (auto *A = dyn_cast<ArrayType>(T)) {
      uint64_t Size = DL.getTypeAllocSize(A->getElementType()).getFixedValue();
      if (!Size)
        break;
      Bytes %= Size;
      T = A->getElementType();
    } else {
      break;
    }
  }
  return Found;
}

std::optional<FunctionTables::Field> FunctionTables::fieldAt(const Value &Pointer) const {
  const DataLayout &DL = M.getDataLayout();
  APInt Bytes(64, 0);
  if (const auto *G = dyn_cast<GlobalVariable>(Pointer.stripAndAccumulateConstantOffsets(DL, Bytes, true)))
    return Bytes.isNegative() ? std::nullopt : fieldIn(G->getValueType(), Bytes.getZExtValue());
  const auto *GEP = dyn_cast<GEPOperator>(&Pointer);
  if (!GEP)
    return std::nullopt;
  APInt Within(64, 0);
  if (!isa<StructType>(GEP->getSourceElementType()) || !GEP->accumulateConstantOffset(DL, Within) || Within.isNegative())
    return std::nullopt;
  return fieldIn(GEP->getSourceElementType(), Within.getZExtValue());
}

void FunctionTables::read() {
  Read = true;
  for (const GlobalVariable &G : M.globals())
    if (G.hasInitializer() && (isa<ConstantStruct>(G.getInitializer()) || isa<ConstantArray>(G.getInitializer())))
      readInitialiser(*G.getInitializer());
  for (const Function &F : M)
    for (const Use &Reference : F.uses())
      if (const auto *S = dyn_cast<StoreInst>(Reference.getUser()); S && S->getValueOperand() == &F)
        if (std::optional<Field> At = fieldAt(*S->getPointerOperand()))
          add(*At, F);
}

ArrayRef<const Function *> FunctionTables::mayReach(const CallBase &Call) {
  const auto *Load = dyn_cast<LoadInst>(Call.getCalledOperand());
  if (!Load)
    return {};
  if (!Read)
    read();
  std::optional<Field> At = fieldAt(*Load->getPointerOperand());
  if (!At)
    return {};
  auto It = Targets.find(*At);
  return It == Targets.end() ? ArrayRef<const Function *>() : It->second;
}

} // namespace emm::race
