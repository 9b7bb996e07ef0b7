//===- passes/BodyCopy.cpp - copying blocks within one context ------------===//

#include "passes/BodyCopy.h"

#include "passes/Compat.h"

#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/PostOrderIterator.h"
#include "llvm/ADT/SmallPtrSet.h"
#include "llvm/IR/CFG.h"
#include "llvm/IR/DebugInfoMetadata.h"
#include "llvm/IR/DebugProgramInstruction.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/LLVMContext.h"
#include "llvm/IR/Metadata.h"

using namespace llvm;

namespace emm {

namespace {

/// One copy in progress. Only what is local to the function is mapped: arguments, blocks, instructions.
class Copier {
public:
  void map(const Value &From, Value &To) { Map[&From] = &To; }
  void copyBlocks(Function &From, Function &To);

private:
  Value *mapped(Value *V) const {
    auto It = Map.find(V);
    return It == Map.end() ? nullptr : It->second;
  }
  Metadata *mapped(Metadata *MD, LLVMContext &C) const;
  DIAssignID *mapped(DIAssignID *Id, LLVMContext &C);
  void remap(Instruction &I);
  void remap(DbgVariableRecord &R);

  DenseMap<const Value *, Value *> Map;
  /// Assignments are linked to their records by identity: a copy that kept it would change the original's records.
  DenseMap<const DIAssignID *, DIAssignID *> AssignIds;
};

/// The metadata that names a local value, for the copy's value; null if nothing in it is local.
Metadata *Copier::mapped(Metadata *MD, LLVMContext &C) const {
  if (auto *L = dyn_cast<LocalAsMetadata>(MD)) {
    Value *V = mapped(L->getValue());
    return V ? ValueAsMetadata::get(V) : nullptr;
  }
  auto *List = dyn_cast<DIArgList>(MD);
  if (!List)
    return nullptr;
  SmallVector<ValueAsMetadata *, 4> Args;
  for (ValueAsMetadata *A : List->getArgs()) {
    Value *V = mapped(A->getValue());
    Args.push_back(V ? ValueAsMetadata::get(V) : A);
  }
  return DIArgList::get(C, Args);
}

DIAssignID *Copier::mapped(DIAssignID *Id, LLVMContext &C) {
  DIAssignID *&New = AssignIds[Id];
  if (!New)
    New = DIAssignID::getDistinct(C);
  return New;
}

void Copier::remap(DbgVariableRecord &R) {
  LLVMContext &C = R.getVariable()->getContext();
  if (Metadata *Raw = R.getRawLocation())
    if (Metadata *New = mapped(Raw, C))
      R.setRawLocation(New);
  if (!R.isDbgAssign())
    return;
  if (Value *Address = R.getAddress())
    if (Value *New = mapped(Address))
      R.setAddress(New);
  R.setAssignId(mapped(R.getAssignID(), C));
}

/// The address of a first field is the address of the whole: `p->first` at -O0 and at -O2.
static bool isNoStep(const Instruction &I) {
  const auto *G = dyn_cast<GetElementPtrInst>(&I);
  return G && G->hasAllZeroIndices() && G->getType() == G->getPointerOperandType() && !I.hasDbgRecords();
}

void Copier::remap(Instruction &I) {
  for (Use &Op : I.operands()) {
    if (Value *New = mapped(Op.get()))
      Op.set(New);
    else if (auto *Wrapped = dyn_cast<MetadataAsValue>(Op.get()))
      if (Metadata *MD = mapped(Wrapped->getMetadata(), I.getContext()))
        Op.set(MetadataAsValue::get(I.getContext(), MD));
  }
  if (auto *Phi = dyn_cast<PHINode>(&I))
    for (unsigned N = Phi->getNumIncomingValues(); N-- > 0;) {
      if (Value *From = mapped(Phi->getIncomingBlock(N)))
        Phi->setIncomingBlock(N, cast<BasicBlock>(From));
      else
        Phi->removeIncomingValue(N, /*DeletePHIIfEmpty=*/false);
    }
  if (I.hasMetadataOtherThanDebugLoc())
    if (auto *Id = cast_or_null<DIAssignID>(I.getMetadata(LLVMContext::MD_DIAssignID)))
      I.setMetadata(LLVMContext::MD_DIAssignID, mapped(Id, I.getContext()));
  for (DbgRecord &R : I.getDbgRecordRange())
    if (auto *V = dyn_cast<DbgVariableRecord>(&R))
      remap(*V);
}

/// In an order in which definitions precede uses; code that is never reached is left out.
void Copier::copyBlocks(Function &From, Function &To) {
  ReversePostOrderTraversal<Function *> Reached(&From);
  size_t Instructions = 0;
  SmallPtrSet<const BasicBlock *, 32> Set;
  for (const BasicBlock *BB : Reached) {
    Instructions += BB->size();
    Set.insert(BB);
  }
  Map.reserve(Map.size() + Set.size() + Instructions);
  for (BasicBlock &BB : From)
    if (Set.contains(&BB)) {
      BasicBlock *New = BasicBlock::Create(To.getContext(), BB.getName(), &To);
      compat::setDebugFormatOf(*New, BB);
      map(BB, *New);
    }
  for (BasicBlock *BB : Reached) {
    auto *New = cast<BasicBlock>(mapped(BB));
    for (Instruction &I : *BB) {
      if (isNoStep(I)) {
        Value *Base = mapped(I.getOperand(0));
        map(I, Base ? *Base : *I.getOperand(0));
        continue;
      }
      Instruction *Copy = I.clone();
      if (I.hasName())
        Copy->setName(I.getName());
      Copy->insertInto(New, New->end());
      Copy->cloneDebugInfoFrom(&I);
      if (!I.getType()->isVoidTy())
        map(I, *Copy);
    }
  }
  for (BasicBlock &BB : To)
    for (Instruction &I : BB)
      remap(I);
}

} // namespace

SetAside::SetAside(Function &Fn)
    : F(Fn), Original(Function::Create(Fn.getFunctionType(), GlobalValue::InternalLinkage, Fn.getAddressSpace())) {
  compat::setDebugFormatOf(*Original, F);
  Original->stealArgumentListFrom(F);
  Original->splice(Original->end(), &F);
  Copier C;
  for (unsigned N = 0; N != F.arg_size(); ++N) {
    Argument &Old = *Original->getArg(N), &New = *F.getArg(N);
    if (Old.hasName())
      New.setName(Old.getName());
    C.map(Old, New);
  }
  C.copyBlocks(*Original, F);
}

SetAside::~SetAside() {
  for (BasicBlock &BB : F)
    BB.dropAllReferences();
  while (!F.empty())
    F.begin()->eraseFromParent();
  F.stealArgumentListFrom(*Original);
  F.splice(F.end(), Original.get());
}

} // namespace emm
