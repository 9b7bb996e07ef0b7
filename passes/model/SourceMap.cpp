//===- passes/model/SourceMap.cpp - debug information, with fallbacks -----===//

#include "passes/model/SourceMap.h"

#include "reports/finding/Fingerprint.h"

#include "llvm/BinaryFormat/Dwarf.h"
#include "llvm/Demangle/Demangle.h"
#include "llvm/IR/DebugInfo.h"
#include "llvm/IR/DebugProgramInstruction.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MD5.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"

using namespace llvm;

namespace emm {

SourceMap::SourceMap(const Module &Mod) : M(Mod), Source(Mod.getSourceFileName()) {
  for (const DICompileUnit *CU : M.debug_compile_units()) {
    Base = CU->getDirectory().str();
    break;
  }
  if (Base.empty()) {
    SmallString<128> Cwd;
    if (!sys::fs::current_path(Cwd))
      Base = std::string(Cwd);
  }
}

std::string SourceMap::fileName(const DIFile *F) const {
  if (!F)
    return {};
  std::string &Name = FileNames[F];
  if (!Name.empty())
    return Name;
  StringRef File = F->getFilename(), Dir = F->getDirectory();
  // Of an absolute main file clang moves what it shares with the working directory into the directory.
  if (sys::path::is_absolute(Source) && !sys::path::is_absolute(File)) {
    SmallString<128> Path(Dir);
    sys::path::append(Path, File);
    if (Path == Source)
      return Name = Source;
  }
  if (sys::path::is_absolute(File) || Dir.empty() || Dir == Base) {
    Name = File.str();
  } else {
    SmallString<128> Path(Dir);
    sys::path::append(Path, File);
    Name = std::string(Path);
  }
  return Name;
}


Location SourceMap::location(const DebugLoc &L) const {
  if (!L)
    return {Source, 0, 0};
  const DILocation *D = L.get();
  while (const DILocation *Outer = D->getInlinedAt())
    D = Outer;
  return {fileName(D->getFile()), D->getLine(), D->getLine() ? D->getColumn() : 0};
}

Location SourceMap::location(const Instruction &I) const {
  if (I.getDebugLoc() && I.getDebugLoc().getLine())
    return location(I.getDebugLoc());
  // Line 0 marks merged or artificial code; the nearest marked neighbour would be a guess.
  if (const DISubprogram *SP = I.getFunction()->getSubprogram())
    return {fileName(SP->getFile()), 0, 0};
  return {Source, 0, 0};
}

static bool isReadBack(const Value *V, unsigned Depth = 0) {
  if (const auto *L = dyn_cast<LoadInst>(V))
    return isa<AllocaInst>(L->getPointerOperand()->stripInBoundsConstantOffsets());
  if (const auto *I = dyn_cast<InsertValueInst>(V); I && Depth < 4)
    return isReadBack(I->getInsertedValueOperand(), Depth + 1) || isReadBack(I->getAggregateOperand(), Depth + 1);
  return false;
}

Location SourceMap::returnLocation(const ReturnInst &R) const {
  if (const Value *V = R.getReturnValue(); V && isReadBack(V))
    return location(*R.getFunction());
  return location(R);
}

Location SourceMap::location(const Function &F) const {
  if (const DISubprogram *SP = F.getSubprogram())
    // A lambda's operator stands at its introducer.
    return withColumn({fileName(SP->getFile()), SP->getLine(), 0},
                      SP->getName() == "operator()" && SP->getScope() && SP->getScope()->getName().empty() ? "["
                                                                                                           : SP->getName());
  return {Source, 0, 0};
}

std::string SourceMap::path(const Location &L) const {
  SmallString<128> Path(L.File);
  if (!sys::path::is_absolute(Path)) {
    Path = Base;
    sys::path::append(Path, L.File);
  }
  return Path.str().str();
}

Location SourceMap::withColumn(Location L, StringRef Name) const {
  L.Column = Lines.columnOf(path(L), L.Line, Name);
  return L;
}

std::string SourceMap::membersAfter(const Location &L, StringRef Name) const {
  return Lines.membersAfter(path(L), L.Line, Name);
}

Location SourceMap::location(const GlobalVariable &G) const {
  SmallVector<DIGlobalVariableExpression *, 1> Exprs;
  G.getDebugInfo(Exprs);
  for (const DIGlobalVariableExpression *E : Exprs)
    if (const DIGlobalVariable *V = E->getVariable())
      return withColumn({fileName(V->getFile()), V->getLine(), 0}, V->getName());
  return {Source, 0, 0};
}

Location SourceMap::declaration(const Value &V) const {
  if (const auto *G = dyn_cast<GlobalVariable>(&V))
    return location(*G);
  const DILocalVariable *D = variable(V);
  if (D && D->getLine())
    return withColumn({fileName(D->getFile()), D->getLine(), 0}, D->getName());
  if (const auto *A = dyn_cast<Argument>(&V))
    return location(*A->getParent());
  if (const auto *I = dyn_cast<Instruction>(&V))
    return location(*I);
  return {Source, 0, 0};
}

/// Prefers whole variables over fragments and the first record over later ones, so that the answer does not depend
/// on what optimisation did to the second copy of a variable.
void SourceMap::indexVariables(const Function &F) const {
  if (!Indexed.insert({&F, true}).second || !F.getSubprogram())
    return;
  auto Note = [&](const Value *V, const DILocalVariable *Var, bool Whole) {
    if (!V || isa<Constant>(V))
      return;
    auto [It, New] = Variables.insert({V, Var});
    // A parameter's own record wins over a copy in an inlined helper's variable of another scope.
    if (!New && Whole && It->second->getArg() == 0 && Var->getArg() != 0)
      It->second = Var;
  };
  for (const BasicBlock &BB : F)
    for (const Instruction &I : BB)
      // LLVM 19 has the accessors without const only.
      for (DbgVariableRecord &R : filterDbgVars(const_cast<Instruction &>(I).getDbgRecordRange())) {
        const DILocalVariable *Var = R.getVariable();
        bool Whole = !R.getExpression() || R.getExpression()->getNumElements() == 0;
        if (R.isDbgDeclare()) {
          Note(R.getVariableLocationOp(0), Var, Whole);
        } else if (R.isDbgAssign()) {
          Note(R.getAddress(), Var, Whole);
          if (R.getNumVariableLocationOps() == 1 && isa_and_nonnull<Argument>(R.getVariableLocationOp(0)))
            Note(R.getVariableLocationOp(0), Var, Whole);
        } else if (R.getNumVariableLocationOps() == 1) {
          Note(R.getVariableLocationOp(0), Var, Whole);
        }
      }
}

const DILocalVariable *SourceMap::variable(const Value &V) const {
  const Function *F = nullptr;
  if (const auto *A = dyn_cast<Argument>(&V))
    F = A->getParent();
  else if (const auto *I = dyn_cast<Instruction>(&V))
    F = I->getFunction();
  if (!F)
    return nullptr;
  indexVariables(*F);
  auto It = Variables.find(&V);
  if (It != Variables.end() && (!isa<Argument>(V) || It->second->getArg()))
    return It->second;
  // A parameter that stayed in its slot: the record is the slot's.
  if (isa<Argument>(V))
    for (const User *U : V.users())
      if (const auto *S = dyn_cast<StoreInst>(U); S && S->getValueOperand() == &V) {
        const Value *Slot = S->getPointerOperand()->stripInBoundsConstantOffsets();
        if (auto At = Variables.find(Slot); At != Variables.end() && At->second->getArg())
          return At->second;
      }
  return It == Variables.end() ? nullptr : It->second;
}

std::string SourceMap::name(const Value &V) const {
  if (const auto *G = dyn_cast<GlobalVariable>(&V)) {
    SmallVector<DIGlobalVariableExpression *, 1> Exprs;
    G->getDebugInfo(Exprs);
    for (const DIGlobalVariableExpression *E : Exprs)
      if (E->getVariable() && !E->getVariable()->getName().empty())
        return E->getVariable()->getName().str();
    return demangle(G->getName()); // only declared here, or no debug information
  }
  if (const DILocalVariable *D = variable(V); D && !D->getName().empty())
    return D->getName().str();
  if (const auto *A = dyn_cast<Argument>(&V)) {
    StringRef N = A->getName();
    if (!N.empty() && !N.contains(".coerce") && !N.contains("agg.") && !N.contains(".indirect"))
      return N.str();
    unsigned No = A->getArgNo() - (A->getParent()->hasStructRetAttr() && A->getArgNo() ? 1 : 0);
    return "arg#" + std::to_string(No);
  }
  if (const auto *A = dyn_cast<AllocaInst>(&V)) {
    if (A->hasName())
      return A->getName().split('.').first.str();
    return className(A->getAllocatedType());
  }
  return {};
}

std::string SourceMap::className(const Type *T) {
  const auto *S = dyn_cast_or_null<StructType>(T);
  if (!S || !S->hasName())
    return {};
  StringRef N = S->getName().split('.').second;
  StringRef Number = N.rsplit('.').second;
  if (!Number.empty() && Number.find_first_not_of("0123456789") == StringRef::npos)
    N = N.rsplit('.').first;
  return eraseTemplateArguments(N);
}

std::string SourceMap::typeName(const DIType *T) {
  // Depth bounds a malformed or cyclic type graph.
  std::string Suffix, Prefix;
  for (unsigned Depth = 0; T && Depth < 32; ++Depth) {
    const auto *D = dyn_cast<DIDerivedType>(T);
    if (!D) {
      if (const auto *C = dyn_cast<DICompositeType>(T); C && C->getTag() == dwarf::DW_TAG_array_type)
        return typeName(C->getBaseType()) + "[]" + Suffix;
      if (isa<DISubroutineType>(T))
        return "function" + Suffix;
      std::string Scope;
      for (const DIScope *S = T->getScope(); S && Depth < 32; S = S->getScope(), ++Depth)
        if (((isa<DINamespace>(S) && !cast<DINamespace>(S)->getExportSymbols()) || isa<DICompositeType>(S)) &&
            !S->getName().empty())
          Scope = S->getName().str() + "::" + Scope;
      return T->getName().empty() ? std::string() : Prefix + Scope + T->getName().str() + Suffix;
    }
    switch (D->getTag()) {
    case dwarf::DW_TAG_pointer_type:
      if (!D->getBaseType())
        return Prefix + "void*" + Suffix;
      Suffix = "*" + Suffix;
      break;
    case dwarf::DW_TAG_reference_type:
      Suffix = "&" + Suffix;
      break;
    case dwarf::DW_TAG_rvalue_reference_type:
      Suffix = "&&" + Suffix;
      break;
    case dwarf::DW_TAG_const_type:
    case dwarf::DW_TAG_volatile_type:
    case dwarf::DW_TAG_restrict_type:
    case dwarf::DW_TAG_atomic_type:
      break;
    default: // a typedef keeps the name the author chose
      return Prefix + D->getName().str() + Suffix;
    }
    T = D->getBaseType();
  }
  return {};
}

std::string SourceMap::className(const DIType *T) {
  for (unsigned Depth = 0; T && Depth < 32; ++Depth) {
    const auto *D = dyn_cast<DIDerivedType>(T);
    if (!D)
      return isa<DICompositeType>(T) ? eraseTemplateArguments(typeName(T)) : std::string();
    if (D->getTag() == dwarf::DW_TAG_pointer_type)
      return {};
    T = D->getBaseType();
  }
  return {};
}

bool SourceMap::isSystemFile(StringRef File) const {
  for (StringRef Dir : {"/usr/include/", "/usr/lib/", "/usr/local/include/", "/usr/local/lib/"})
    if (File.starts_with(Dir))
      return true;
  return File.contains("/include/c++/") || (File.contains("/lib/clang/") && File.contains("/include/"));
}

bool SourceMap::isUserCode(const Function &F) const {
  StringRef N = F.getName();
  // Thunks, guards' initialisers and the like are the compiler's own.
  if (N.starts_with("_ZTh") || N.starts_with("_ZTv") || N.starts_with("_ZTc") || N.starts_with("__cxx_global") ||
      N.starts_with("_GLOBAL__") || N.starts_with("__clang") || N == "__cxx_global_array_dtor")
    return false;
  const DISubprogram *SP = F.getSubprogram();
  if (!SP) {
    // With debug information only the compiler's and the headers' own functions lack it; without, the names that C
    // reserves for them tell.
    bool Reserved = N.starts_with("_") && !N.starts_with("_Z");
    return M.debug_compile_units().empty() && !Reserved;
  }
  return !SP->isArtificial() && !isSystemFile(fileName(SP->getFile()));
}

std::string SourceMap::digest(StringRef FileName) const {
  for (const auto &[F, Name] : FileNames)
    if (Name == FileName)
      if (auto Sum = F->getChecksum(); Sum && Sum->Kind == DIFile::CSK_MD5)
        return ("md5:" + Sum->Value).str();
  SmallString<128> Path(FileName);
  if (!sys::path::is_absolute(Path)) {
    Path = Base;
    sys::path::append(Path, FileName);
  }
  auto Buffer = MemoryBuffer::getFile(Path, /*IsText=*/false, /*RequiresNullTerminator=*/false);
  if (!Buffer)
    return {};
  MD5 Hash;
  Hash.update((*Buffer)->getBuffer());
  MD5::MD5Result Result;
  Hash.final(Result);
  return ("md5:" + Result.digest()).str();
}

} // namespace emm
