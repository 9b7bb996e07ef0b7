//===- passes/race/Naming.cpp ---------------------------------------------===//

#include "passes/race/Naming.h"

#include "reports/finding/Fingerprint.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/BinaryFormat/Dwarf.h"
#include "llvm/IR/Instructions.h"

using namespace llvm;

namespace emm::race {

namespace {

const DIType *stripQualifiers(const DIType *T) {
  for (unsigned Depth = 0; Depth < 16; ++Depth) {
    const auto *D = dyn_cast_or_null<DIDerivedType>(T);
    if (!D)
      return T;
    switch (D->getTag()) {
    case dwarf::DW_TAG_typedef:
    case dwarf::DW_TAG_const_type:
    case dwarf::DW_TAG_volatile_type:
    case dwarf::DW_TAG_restrict_type:
    case dwarf::DW_TAG_atomic_type:
      T = D->getBaseType();
      break;
    default:
      return T;
    }
  }
  return T;
}

bool isReference(const DIType *T) {
  const auto *D = dyn_cast_or_null<DIDerivedType>(stripQualifiers(T));
  return D && (D->getTag() == dwarf::DW_TAG_reference_type || D->getTag() == dwarf::DW_TAG_rvalue_reference_type);
}

const DIType *pointee(const DIType *T) {
  const auto *D = dyn_cast_or_null<DIDerivedType>(stripQualifiers(T));
  if (D && (D->getTag() == dwarf::DW_TAG_pointer_type || isReference(D)))
    return D->getBaseType();
  return nullptr;
}

/// An object of which the text is known, and the way from it to a part.
struct Expression {
  std::string Text;
  const DIType *Type = nullptr; ///< of the object that Text denotes
  bool Arrow = false;           ///< Text is a pointer to the object: parts are reached by `->`
};

class Namer {
public:
  Namer(Unit &U, bool Whole, StringRef Class) : U(U), Whole(Whole), Class(Class) {}

  ObjectName name(PlaceId P);

private:
  bool root(const Root &R, Expression &E);
  const DIType *structure(const GlobalVariable &G);
  void descend(Expression &E, Offset O, bool Last);

  Unit &U;
  bool Whole;
  StringRef Class;
  bool Inside = false;
  Location Declaration;
};

/// The type of a global that is only declared here: its structure by name.
const DIType *Namer::structure(const GlobalVariable &G) {
  const auto *Type = dyn_cast<StructType>(G.getValueType());
  return Type && Type->hasName() ? U.structure(Type->getName().split('.').second) : nullptr;
}

/// A variable that holds the same pointer as \p A and has the type of what it leads to.
static const DILocalVariable *typedVariable(const Argument &A) {
  for (const BasicBlock &B : *A.getParent())
    for (const Instruction &I : B)
      for (DbgVariableRecord &R : filterDbgVars(const_cast<Instruction &>(I).getDbgRecordRange()))
        if (R.isDbgValue() && R.getNumVariableLocationOps() == 1 && R.getVariableLocationOp(0) == &A &&
            isa_and_nonnull<DICompositeType>(stripQualifiers(pointee(R.getVariable()->getType()))))
          return R.getVariable();
  return nullptr;
}

/// Returns true if the root is a pointer, so that the first offset is behind it.
bool Namer::root(const Root &R, Expression &E) {
  const SourceMap &S = U.C.Source;
  // An object that a callee made is what its caller keeps the result in: the function that allocates has no name for it.
  const Value *Of = R.V;
  for (const Root *X = &R; X->Via && Of == R.V; X = &U.Places.root(X->Extra))
    if (S.variable(*X->Via))
      Of = X->Via;
  E.Text = S.name(*Of);
  Declaration = S.declaration(*Of);
  if (R.Kind == RootKind::Global) {
    SmallVector<DIGlobalVariableExpression *, 1> Variables;
    cast<GlobalVariable>(R.V)->getDebugInfo(Variables);
    E.Type = Variables.empty() ? structure(*cast<GlobalVariable>(R.V)) : Variables[0]->getVariable()->getType();
    return false;
  }
  if (const DILocalVariable *Variable = S.variable(*Of))
    E.Type = Variable->getType();
  if (const auto *A = dyn_cast<Argument>(R.V); A && A->hasByValAttr())
    return false;
  // `struct task *t = argument;`: of a `void *` nobody knows members.
  if (R.Kind == RootKind::Param && !isa_and_nonnull<DICompositeType>(stripQualifiers(pointee(E.Type))))
    if (const DILocalVariable *Typed = typedVariable(*cast<Argument>(R.V))) {
      E.Text = Typed->getName().str();
      E.Type = Typed->getType();
    }
  if (R.Kind != RootKind::Heap)
    return R.Kind == RootKind::Param;
  if (!E.Text.empty() && pointee(E.Type))
    return true;
  E.Type = nullptr;
  E.Text = "the object made ";
  E.Text += Declaration.isKnown() ? "at line " + utostr(Declaration.Line)
                                  : "in " + functionName(*cast<Instruction>(R.V)->getFunction());
  return false;
}

void Namer::descend(Expression &E, Offset O, bool Last) {
  int64_t Rest = O.Bytes;
  const Expression Outermost = E;
  const Location Outer = Declaration;
  bool AtObject = Rest == 0, Foreign = false;
  for (unsigned Depth = 0; Depth < 12; ++Depth) {
    const auto *C = dyn_cast_or_null<DICompositeType>(stripQualifiers(E.Type));
    if (!C)
      break;
    std::string Name = SourceMap::typeName(C);
    Inside |= Last && !Class.empty() && eraseTemplateArguments(Name) == Class;
    // The inside of a library's type is nobody's name.
    if (Inside || U.C.Models.isLibraryName(Name) || (C->getFile() && U.C.Source.isSystemFile(U.C.Source.fileName(C->getFile())))) {
      Foreign = true;
      Rest = 0;
      break;
    }
    if (C->getTag() == dwarf::DW_TAG_array_type) {
      uint64_t Size = C->getBaseType() ? C->getBaseType()->getSizeInBits() / 8 : 0;
      if (const DIType *Element = stripQualifiers(C->getBaseType()); Element && !Size)
        Size = Element->getSizeInBits() / 8;
      if (!Size)
        break;
      E.Text += O.Any ? "[...]" : "[" + itostr(Rest / int64_t(Size)) + "]";
      Rest %= int64_t(Size);
      E.Type = C->getBaseType();
      E.Arrow = false;
      continue;
    }
    const DIDerivedType *Inside = nullptr;
    for (const DINode *N : C->getElements()) {
      const auto *M = dyn_cast_or_null<DIDerivedType>(N);
      if (!M || (M->getTag() != dwarf::DW_TAG_member && M->getTag() != dwarf::DW_TAG_inheritance) || M->isStaticMember())
        continue;
      int64_t Begin = int64_t(M->getOffsetInBits() / 8), Size = int64_t(M->getSizeInBits() / 8);
      if (const DIType *T = stripQualifiers(M->getBaseType()); T && !Size)
        Size = int64_t(T->getSizeInBits() / 8);
      if (Rest >= Begin && Rest < Begin + std::max<int64_t>(Size, 1)) {
        Inside = M;
        break;
      }
    }
    if (!Inside)
      break;
    Rest -= int64_t(Inside->getOffsetInBits() / 8);
    E.Type = Inside->getBaseType();
    if (Inside->getTag() == dwarf::DW_TAG_member && !Inside->getName().empty()) {
      E.Text += (E.Arrow ? "->" : ".") + Inside->getName().str();
      E.Arrow = false;
      Declaration = {U.C.Source.fileName(Inside->getFile()), Inside->getLine(), 0};
    }
  }
  // A container that is not a library's class is named as a whole, not by its first member.
  if (Whole && Last && AtObject && !Foreign) {
    E = Outermost;
    Declaration = Outer;
    return;
  }
  if (Rest && (!E.Type || Last))
    E.Text = "field at offset " + itostr(Rest) + " of " + E.Text;
}

ObjectName Namer::name(PlaceId P) {
  ObjectName Out;
  if (!P)
    return Out;
  const Place At = U.Places.place(P);
  const Root R = U.Places.root(At.R);
  if (!R.V)
    return Out;
  Expression E;
  bool Indirect = root(R, E);
  for (size_t N = 0; N < At.Path.size(); ++N) {
    if (N > 0 || Indirect) {
      E.Arrow = !isReference(E.Type);
      E.Type = pointee(E.Type);
    }
    descend(E, At.Path[N], N + 1 == At.Path.size());
  }
  Out.Text = E.Arrow && E.Type && E.Text != "this" && !Whole ? "*" + E.Text : E.Text;
  Out.Declaration = Declaration;
  Out.Type = SourceMap::typeName(E.Type);
  Out.Inside = Inside;
  return Out;
}

} // namespace

ObjectName nameOf(Unit &U, PlaceId P, bool Whole, StringRef Class) { return Namer(U, Whole, Class).name(P); }

ObjectName nameAt(Unit &U, PlaceId P, bool Whole, const Location &Site, StringRef Class) {
  ObjectName Out = nameOf(U, P, Whole, Class);
  if (!StringRef(Out.Text).starts_with("field at offset") || U.Places.rootOf(P).Kind != RootKind::Global ||
      U.Places.place(P).Path.size() != 1)
    return Out;
  std::string Global = U.C.Source.name(*U.Places.rootOf(P).V), Members = U.C.Source.membersAfter(Site, Global);
  if (!Members.empty() && !StringRef(Members).contains("->"))
    Out.Text = Global + Members;
  return Out;
}

static void forEachMember(Unit &U, const DIType *T, int64_t At, unsigned Depth, function_ref<void(int64_t)> Do) {
  const auto *C = dyn_cast_or_null<DICompositeType>(stripQualifiers(T));
  bool Structure = C && (C->getTag() == dwarf::DW_TAG_structure_type || C->getTag() == dwarf::DW_TAG_class_type);
  if (!Structure || Depth == 4 || U.C.Models.isLibraryName(SourceMap::typeName(C)) ||
      (C->getFile() && U.C.Source.isSystemFile(U.C.Source.fileName(C->getFile())))) {
    if (Depth)
      Do(At);
    return;
  }
  for (const DINode *N : C->getElements())
    if (const auto *M = dyn_cast_or_null<DIDerivedType>(N);
        M && (M->getTag() == dwarf::DW_TAG_member || M->getTag() == dwarf::DW_TAG_inheritance) && !M->isStaticMember())
      forEachMember(U, M->getBaseType(), At + int64_t(M->getOffsetInBits() / 8), Depth + 1, Do);
}

void forEachMember(Unit &U, const GlobalVariable &G, function_ref<void(int64_t)> Do) {
  SmallVector<DIGlobalVariableExpression *, 1> Variables;
  G.getDebugInfo(Variables);
  if (!Variables.empty())
    forEachMember(U, Variables[0]->getVariable()->getType(), 0, 0, Do);
}

std::string functionName(const Function &F) {
  std::string Name = canonicalFunction(F.getName());
  return Name.empty() ? F.getName().str() : Name;
}

} // namespace emm::race
