//===- passes/model/Captures.cpp - reading the introducer's stores --------===//
//
// Clang fills a closure object field by field: by reference, it stores the
// address of the variable's slot (or the value of a reference's slot); by value
// it stores what it loads from the slot, or calls the copy constructor with the
// field and the slot. The position of the field's address is the introducer's.
//
//===----------------------------------------------------------------------===//

#include "passes/model/Captures.h"

#include "reports/finding/Fingerprint.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/BinaryFormat/Dwarf.h"
#include "llvm/Demangle/Demangle.h"
#include "llvm/IR/DataLayout.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/IntrinsicInst.h"

#include <map>

using namespace llvm;

namespace emm {

namespace {

/// The members of a closure class as debug information has them.
struct Member {
  std::string Name;
  bool IsReference = false;
  std::string Class; ///< of the variable, behind the reference
};

std::map<uint64_t, Member> membersOf(const Closure *C) {
  std::map<uint64_t, Member> ByOffset;
  const DISubprogram *SP = C ? C->Operator->getSubprogram() : nullptr;
  const auto *Class = SP ? dyn_cast_or_null<DICompositeType>(SP->getScope()) : nullptr;
  if (!Class)
    return ByOffset;
  for (const DINode *E : Class->getElements())
    if (const auto *D = dyn_cast<DIDerivedType>(E); D && D->getTag() == dwarf::DW_TAG_member) {
      const auto *T = dyn_cast_or_null<DIDerivedType>(D->getBaseType());
      bool Ref = T && (T->getTag() == dwarf::DW_TAG_reference_type || T->getTag() == dwarf::DW_TAG_rvalue_reference_type);
      StringRef Name = D->getName();
      ByOffset[D->getOffsetInBits() / 8] = {Name.empty() ? "this" : Name.str(), Ref, SourceMap::className(D->getBaseType())};
    }
  return ByOffset;
}

bool isMember(const Function *F) {
  // A member function's first parameter is an object: it carries the attributes of `this`.
  if (!F)
    return false;
  for (const Argument &A : F->args())
    if (!A.hasStructRetAttr())
      return A.hasNonNullAttr() && F->getName().starts_with("_ZN");
  return false;
}

bool isClosureField(const Value *Address) {
  const auto *G = dyn_cast<GetElementPtrInst>(Address);
  return G && isClosureType(G->getSourceElementType());
}

/// True of a slot that is only written: with -g, clang keeps the address of a class parameter in one for the debugger.
bool isDebugSlot(const Value &Slot) {
  return isa<AllocaInst>(Slot) &&
         all_of(Slot.users(), [&](const User *U) {
           const auto *S = dyn_cast<StoreInst>(U);
           return (S && S->getPointerOperand() == &Slot) || isa<LifetimeIntrinsic>(U);
         });
}

struct Usage {
  bool AddressTaken = false;
  unsigned Stores = 0;
};

/// How the variable in \p Slot is used apart from being captured.
Usage usageOf(const Value &Slot) {
  Usage U;
  for (const User *Us : Slot.users()) {
    if (const auto *S = dyn_cast<StoreInst>(Us)) {
      if (S->getPointerOperand() == &Slot) {
        ++U.Stores;
        continue;
      }
      U.AddressTaken |= !isClosureField(S->getPointerOperand()) && !isDebugSlot(*S->getPointerOperand());
    } else if (const auto *M = dyn_cast<MemIntrinsic>(Us)) {
      U.Stores += M->getDest() == &Slot;
    } else if (const auto *C = dyn_cast<CallBase>(Us); C && !isa<IntrinsicInst>(C)) {
      for (unsigned I = 0; I != C->arg_size(); ++I) {
        if (C->getArgOperand(I) != &Slot)
          continue;
        const Function *F = C->getCalledFunction();
        bool IsThis = I == (F && F->hasStructRetAttr() ? 1u : 0u) && isMember(F);
        bool IsResult = C->paramHasAttr(I, Attribute::StructRet);
        if (I != 0 && isClosureField(C->getArgOperand(0))) // copied or moved into the closure
          continue;
        if (IsResult || (IsThis && F->getName().contains("aSE"))) // an assignment operator
          ++U.Stores;
        else if (!IsThis)
          U.AddressTaken = true;
      }
    }
  }
  return U;
}

/// True if the body of \p C stores through its capture number \p Field.
bool assignsThrough(const Closure *C, unsigned Field) {
  if (!C || !C->Type)
    return false;
  for (const Instruction &I : instructions(*C->Operator)) {
    const auto *G = dyn_cast<GetElementPtrInst>(&I);
    if (!G || G->getSourceElementType() != C->Type || G->getNumIndices() != 2)
      continue;
    const auto *Index = dyn_cast<ConstantInt>(G->getOperand(2));
    if (!Index || Index->getZExtValue() != Field)
      continue;
    for (const User *U : G->users())
      if (const auto *L = dyn_cast<LoadInst>(U))
        for (const User *Deref : L->users())
          if (const auto *S = dyn_cast<StoreInst>(Deref); S && S->getPointerOperand() == L)
            return true;
  }
  return false;
}

class SiteReader {
public:
  SiteReader(const Module &M, const ClosureIndex &Closures, LibraryModels &Models)
      : Source(M), DL(M.getDataLayout()), Closures(Closures), Models(Models) {}

  /// \p Object is a local, or the hidden result slot when the closure is returned as it is made.
  ClosureSite read(const Value &Object, const Type *T, const Function &In) {
    ClosureSite Site;
    Site.Type = cast<StructType>(T);
    Site.In = &In;
    C = Closures.byType(Site.Type);
    Members = membersOf(C);
    for (const User *U : Object.users()) {
      const auto *G = dyn_cast<GetElementPtrInst>(U);
      if (!G || G->getSourceElementType() != Site.Type || G->getNumIndices() != 2)
        continue;
      const auto *Index = dyn_cast<ConstantInt>(G->getOperand(2));
      if (Index)
        readField(Site, *G, Index->getZExtValue());
    }
    return Site;
  }

private:
  void readField(ClosureSite &Site, const GetElementPtrInst &G, unsigned Field) {
    for (const User *U : G.users()) {
      const Value *From = nullptr;
      if (const auto *S = dyn_cast<StoreInst>(U); S && S->getPointerOperand() == &G)
        From = S->getValueOperand();
      else if (const auto *M = dyn_cast<MemTransferInst>(U); M && M->getDest() == &G)
        From = M->getSource();
      else if (const auto *Call = dyn_cast<CallBase>(U); Call && Call->arg_size() >= 1 && Call->getArgOperand(0) == &G)
        From = Call->arg_size() >= 2 ? Call->getArgOperand(1) : nullptr;
      else
        continue;
      // A closure passed in registers has its slot filled from the argument, which may be undefined where the class has
      // padding. A class parameter passed by address is itself the captured variable.
      if (const auto *A = dyn_cast_or_null<Argument>(From); A && !A->hasAttribute(Attribute::NoUndef))
        return;
      if (!Site.Introducer.isKnown())
        Site.Introducer = Source.location(G);
      Site.Captures.push_back(describe(Site, G, Field, From, *cast<Instruction>(U)));
      return;
    }
    // An array is filled by a loop over its elements.
    if (G.getResultElementType()->isArrayTy()) {
      if (!Site.Introducer.isKnown())
        Site.Introducer = Source.location(G);
      Site.Captures.push_back(describe(Site, G, Field, arrayCopiedInto(G), G));
    }
  }

  /// The variable whose elements the loop that fills \p G reads: the only other array of the type in the function.
  static const Value *arrayCopiedInto(const GetElementPtrInst &G) {
    const Value *Only = nullptr;
    for (const Instruction &I : instructions(*G.getFunction()))
      if (const auto *A = dyn_cast<AllocaInst>(&I); A && A->getAllocatedType() == G.getResultElementType()) {
        if (Only)
          return nullptr;
        Only = A;
      }
    return Only;
  }

  Capture describe(const ClosureSite &Site, const GetElementPtrInst &G, unsigned Field, const Value *From,
                   const Instruction &Fill) {
    Capture Cap;
    uint64_t Offset = DL.getStructLayout(const_cast<StructType *>(Site.Type))->getElementOffset(Field).getFixedValue();
    auto It = Members.find(Offset);
    const Value *Slot = From ? From->stripInBoundsConstantOffsets() : nullptr;
    bool Loaded = false;
    if (const auto *L = dyn_cast_or_null<LoadInst>(Slot)) {
      Slot = L->getPointerOperand()->stripInBoundsConstantOffsets();
      Loaded = true;
    }
    bool IsStore = isa<StoreInst>(Fill);
    if (It != Members.end())
      Cap.ByReference = It->second.IsReference;
    else
      Cap.ByReference = IsStore && ((Slot && !Loaded && isa<AllocaInst, GlobalVariable, Argument>(Slot)) ||
                                    (Loaded && isReferenceSlot(Slot)));
    Cap.Name = It != Members.end() ? It->second.Name : Slot ? Source.name(*Slot) : std::string();
    if (Cap.Name.empty() || StringRef(Cap.Name).starts_with("class."))
      Cap.Name = "capture#" + std::to_string(Field);
    Cap.At = Source.location(Fill);
    Cap.Declared = Slot && Source.variable(*Slot) ? Source.declaration(*Slot) : Source.location(G);
    Type *FieldType = G.getResultElementType();
    Type *VarType = FieldType;
    if (const auto *A = dyn_cast_or_null<AllocaInst>(Slot); A && Cap.ByReference && !Loaded)
      VarType = A->getAllocatedType();
    Cap.Width = DL.getTypeAllocSize(VarType).getFixedValue();
    const DILocalVariable *V = Cap.ByReference && Slot ? Source.variable(*Slot) : nullptr;
    if (V && Loaded) {
      if (const auto *Ref = dyn_cast_or_null<DIDerivedType>(V->getType()); Ref && Ref->getBaseType())
        Cap.Width = sizeOf(Ref->getBaseType());
    } else if (V && isa<Argument>(Slot)) {
      Cap.Width = sizeOf(V->getType());
    }
    Cap.IsMap = Models.isMapType(SourceMap::className(VarType)) ||
                (It != Members.end() && Models.isMapType(It->second.Class));
    if (const auto *Ctor = dyn_cast<CallBase>(&Fill); Ctor && Ctor->getCalledFunction())
      Cap.Moved = StringRef(demangle(Ctor->getCalledFunction()->getName())).contains("&&");
    if (isa_and_nonnull<AllocaInst, Argument, GlobalVariable>(Slot)) { // not the value of an init-capture
      Usage U = usageOf(*Slot);
      Cap.AddressTaken = U.AddressTaken;
      Cap.Assigned = U.Stores > 1 || (Cap.ByReference && assignsThrough(C, Field));
    }
    return Cap;
  }

  static uint64_t sizeOf(const DIType *T) {
    for (unsigned Depth = 0; T && Depth < 32 && T->getSizeInBits() == 0; ++Depth) {
      const auto *D = dyn_cast<DIDerivedType>(T);
      T = D ? D->getBaseType() : nullptr;
    }
    return T ? T->getSizeInBits() / 8 : 0;
  }

  /// A slot that holds a reference: it is filled from a parameter that must point somewhere.
  static bool isReferenceSlot(const Value *Slot) {
    if (!Slot)
      return false;
    for (const User *U : Slot->users())
      if (const auto *S = dyn_cast<StoreInst>(U); S && S->getPointerOperand() == Slot)
        if (const auto *A = dyn_cast<Argument>(S->getValueOperand()))
          return A->getDereferenceableBytes() > 0;
    return false;
  }

  SourceMap Source;
  const DataLayout &DL;
  const ClosureIndex &Closures;
  LibraryModels &Models;
  const Closure *C = nullptr;
  std::map<uint64_t, Member> Members;
};

} // namespace

std::vector<ClosureSite> findClosureSites(const Module &M, const ClosureIndex &Closures, LibraryModels &Models) {
  std::vector<ClosureSite> Sites;
  SiteReader Reader(M, Closures, Models);
  auto Add = [&](const Value &Object, const Type *T, const Function &In) {
    // A parameter's or a copy's slot is filled as a whole; only the lambda expression fills it field by field, apart
    // from a result in registers, which is not made here.
    const Closure *C = Closures.byType(T);
    if (C && !C->Creator.empty() && canonicalFunction(In.getName()) != C->Creator)
      return;
    ClosureSite S = Reader.read(Object, T, In);
    if (!S.Captures.empty())
      Sites.push_back(std::move(S));
  };
  for (const Function &F : M) {
    for (const Argument &A : F.args())
      if (const Type *T = A.getParamStructRetType(); T && isClosureType(T) && !F.isDeclaration())
        Add(A, T, F);
    for (const Instruction &I : instructions(F))
      if (const auto *A = dyn_cast<AllocaInst>(&I); A && isClosureType(A->getAllocatedType()))
        Add(*A, A->getAllocatedType(), F);
  }
  return Sites;
}

} // namespace emm
