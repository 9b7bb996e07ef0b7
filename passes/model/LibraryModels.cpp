//===- passes/model/LibraryModels.cpp - looking functions up --------------===//

#include "passes/model/LibraryModels.h"

#include "passes/model/ModelFile.h"
#include "reports/finding/Fingerprint.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Demangle/Demangle.h"
#include "llvm/IR/Constants.h"
#include "llvm/IR/GlobalVariable.h"
#include "llvm/IR/Module.h"

#include <algorithm>

using namespace llvm;

namespace emm {

namespace {

struct ModelRow {
  uint8_t E;
  int8_t A, B, C;
  uint8_t Mode;
  uint32_t Text;
};

struct ModelKey {
  uint32_t Key, Parameter;
  uint16_t FirstRow, RowCount;
  int8_t Parameters;
  bool Const;
};

#include "generated/ModelTable.inc"

StringRef text(uint32_t Offset) { return Strings + Offset; }

/// A function's name, taken apart once.
struct NameParts {
  std::string Qualified;      ///< for people and for the key, except for constructors and destructors
  std::string Context;        ///< without template arguments; empty for C functions
  std::string ParameterText;  ///< without template arguments, filled on demand
  bool HasParameters = false; ///< the demangler can print them
  bool Mangled = false, Constructor = false, Destructor = false, Const = false, Library = false;
  const FunctionModel *Model = nullptr;
  bool Modelled = false; ///< Model is valid
};

std::string take(char *Buffer) {
  std::string Out = Buffer ? Buffer : "";
  std::free(Buffer);
  return Out;
}

/// Inline namespaces that eraseTemplateArguments does not know because people may see them.
std::string plainContext(std::string S) {
  if (S.empty())
    return S;
  // A context that ends in an inline namespace is followed by a name of its own.
  S = eraseTemplateArguments(S + "::");
  S.resize(S.size() - 2);
  for (StringRef Inline : {"::__debug::", "::__cxx1998::", "::__ndk1::", "::__fs::", "::lts_20220623::", "::lts_20230802::",
                           "::lts_20240116::", "::lts_20240722::", "::lts_20250127::"})
    for (size_t At; (At = S.find(Inline.str())) != std::string::npos;)
      S.erase(At, Inline.size() - 2);
  // Nested inline namespaces of versioned libraries: `tbb::detail::d1::mutex`.
  if (StringRef(S).starts_with("tbb::detail::d"))
    if (size_t End = S.find("::", 14); End != std::string::npos)
      S = "tbb" + S.substr(End);
  return S;
}

/// `__memcpy_chk` and `__isoc99_sscanf` are `memcpy` and `sscanf` with what the C library's headers make of them.
StringRef plainCName(StringRef Name) {
  if (Name.starts_with("\1"))
    Name = Name.drop_front();
  if (Name.starts_with("__") && Name.ends_with("_chk"))
    return Name.drop_front(2).drop_back(4);
  for (StringRef P : {"__isoc99_", "__isoc23_", "__xpg_"})
    if (Name.consume_front(P))
      return Name;
  return Name;
}

unsigned parameterCount(StringRef Parameters) {
  StringRef Inner = Parameters.trim();
  if (!Inner.consume_front("("))
    return 0;
  unsigned Depth = 0, Count = 0;
  bool Any = false;
  for (char C : Inner) {
    if (C == ')' && Depth == 0)
      break;
    Any |= C != ' ';
    Depth += C == '(' || C == '[' || C == '{';
    Depth -= (C == ')' || C == ']' || C == '}') && Depth;
    Count += C == ',' && Depth == 0;
  }
  return Any ? Count + 1 : 0;
}

} // namespace

struct LibraryModels::Impl {
  DenseMap<const Function *, std::unique_ptr<NameParts>> Names;
  std::vector<std::unique_ptr<FunctionModel>> Made;
  DenseMap<const ModelKey *, const FunctionModel *> Shipped;
  /// Models of user files by key, of the last file first.
  StringMap<std::vector<std::pair<OverloadCondition, const FunctionModel *>>> User;
  StringSet<> UserLibraries, UserMapTypes;
  DenseMap<const Function *, const FunctionModel *> Annotated;
  const Module *AnnotationsOf = nullptr;
  std::vector<std::unique_ptr<std::string>> Texts;

  StringRef keep(StringRef S) {
    if (S.empty())
      return "";
    Texts.push_back(std::make_unique<std::string>(S));
    return *Texts.back();
  }

  EffectRow row(const OwnedEffect &X) {
    return {X.E, int8_t(X.A), int8_t(X.B), int8_t(X.C), X.Mode, keep(X.Text)};
  }

  void addUserFile(const ModelFile &F) {
    // Within a file the overload with a condition wins over the plain one, whatever the order.
    StringMap<std::vector<std::pair<OverloadCondition, const FunctionModel *>>> Own;
    for (const ModelEntry &E : F.Entries) {
      auto Model = std::make_unique<FunctionModel>();
      for (const OwnedEffect &X : E.Effects)
        Model->Rows.push_back(row(X));
      Own[E.Key].push_back({E.When, Model.get()});
      Made.push_back(std::move(Model));
    }
    for (auto &Entry : Own) {
      auto &List = Entry.second;
      std::stable_sort(List.begin(), List.end(), [](auto &L, auto &R) { return L.first.conditional() && !R.first.conditional(); });
      auto &All = User[Entry.first()];
      All.insert(All.begin(), List.begin(), List.end());
    }
    for (const std::string &L : F.Libraries)
      UserLibraries.insert(L);
    for (const std::string &T : F.MapTypes)
      UserMapTypes.insert(T);
  }

  bool isLibraryNamespace(StringRef Context) const {
    StringRef Top = Context.split("::").first;
    if (UserLibraries.contains(Top))
      return true;
    for (uint32_t L : Libraries)
      if (text(L) == Top)
        return true;
    return false;
  }

  NameParts &parts(const Function &F) {
    std::unique_ptr<NameParts> &Slot = Names[&F];
    if (Slot)
      return *Slot;
    Slot = std::make_unique<NameParts>();
    NameParts &P = *Slot;
    StringRef Name = F.getName();
    ItaniumPartialDemangler D;
    // Clone suffixes (`.isra.0`, `.llvm.123`) are no part of the name.
    std::string Plain = Name.starts_with("_Z") ? Name.split('.').first.str() : std::string();
    if (Plain.empty() || D.partialDemangle(Plain.c_str()) || !D.isFunction()) {
      P.Qualified = plainCName(Name).str();
      return P;
    }
    P.Mangled = true;
    size_t N = 0;
    P.Context = plainContext(take(D.getFunctionDeclContextName(nullptr, &(N = 0))));
    std::string Base = eraseTemplateArguments(take(D.getFunctionBaseName(nullptr, &(N = 0))));
    P.Qualified = P.Context.empty() ? Base : P.Context + "::" + Base;
    P.Constructor = D.isCtorOrDtor();
    if (P.Constructor && StringRef(Base).starts_with("~"))
      P.Constructor = false, P.Destructor = true;
    P.Const = D.hasFunctionQualifiers();
    // A lambda's call operator inside a library function is still the library's; one in user code is the user's,
    // because its context starts with the user's function.
    P.Library = isLibraryNamespace(P.Context.empty() ? StringRef(P.Qualified) : StringRef(P.Context)) &&
                !P.Context.empty();
    return P;
  }

  StringRef parameters(const Function &F, NameParts &P) {
    if (P.HasParameters || !P.Mangled)
      return P.ParameterText;
    P.HasParameters = true;
    ItaniumPartialDemangler D;
    std::string Plain = F.getName().split('.').first.str();
    size_t N = 0;
    if (!D.partialDemangle(Plain.c_str()))
      P.ParameterText = plainContext(take(D.getFunctionParameters(nullptr, &N)));
    return P.ParameterText;
  }

  bool holds(StringRef Parameter, int Count, bool Const, const Function &F, NameParts &P) {
    if (Const && !P.Const)
      return false;
    if (!Parameter.empty() && !parameters(F, P).contains(Parameter))
      return false;
    return Count < 0 || parameterCount(parameters(F, P)) == unsigned(Count);
  }

  const FunctionModel *findUser(StringRef Key, const Function &F, NameParts &P) {
    auto It = User.find(Key);
    if (It == User.end())
      return nullptr;
    for (auto &[When, Model] : It->second)
      if (holds(When.Parameter, When.Parameters, When.Const, F, P))
        return Model;
    return nullptr;
  }

  const FunctionModel *findShipped(StringRef Key, const Function &F, NameParts &P) {
    const ModelKey *It = std::lower_bound(std::begin(Keys), std::end(Keys), Key,
                                          [](const ModelKey &K, StringRef S) { return text(K.Key) < S; });
    for (; It != std::end(Keys) && text(It->Key) == Key; ++It) {
      if (!holds(text(It->Parameter), It->Parameters, It->Const, F, P))
        continue;
      const FunctionModel *&Model = Shipped[It];
      if (!Model) {
        auto New = std::make_unique<FunctionModel>();
        for (unsigned I = 0; I < It->RowCount; ++I) {
          const ModelRow &R = Rows[It->FirstRow + I];
          New->Rows.push_back({Effect(R.E), R.A, R.B, R.C, LockMode(R.Mode), text(R.Text)});
        }
        Model = New.get();
        Made.push_back(std::move(New));
      }
      return Model;
    }
    return nullptr;
  }

  /// `annotate("emm:...")` on functions, from llvm.global.annotations. An unreadable one is no annotation.
  void readAnnotations(const Module &M) {
    if (AnnotationsOf == &M)
      return;
    AnnotationsOf = &M;
    const GlobalVariable *G = M.getNamedGlobal("llvm.global.annotations");
    const auto *Array = G && G->hasInitializer() ? dyn_cast<ConstantArray>(G->getInitializer()) : nullptr;
    if (!Array)
      return;
    DenseMap<const Function *, FunctionModel *> Open;
    for (const Use &U : Array->operands()) {
      const auto *Entry = dyn_cast<ConstantStruct>(U.get());
      if (!Entry || Entry->getNumOperands() < 2)
        continue;
      const auto *F = dyn_cast<Function>(Entry->getOperand(0)->stripPointerCasts());
      const auto *S = dyn_cast<GlobalVariable>(Entry->getOperand(1)->stripPointerCasts());
      const auto *Bytes = S && S->hasInitializer() ? dyn_cast<ConstantDataSequential>(S->getInitializer()) : nullptr;
      if (!F || !Bytes || !Bytes->isCString())
        continue;
      StringRef Text = Bytes->getAsCString();
      if (!Text.consume_front("emm:"))
        continue;
      Expected<OwnedEffect> X = readAnnotation(Text);
      if (!X) {
        consumeError(X.takeError());
        continue;
      }
      FunctionModel *&Model = Open[F];
      if (!Model) {
        Made.push_back(std::make_unique<FunctionModel>());
        Model = Made.back().get();
        Annotated[F] = Model;
      }
      Model->Rows.push_back(row(*X));
    }
  }

  const FunctionModel *find(const Function &F, NameParts &P) {
    if (F.isIntrinsic())
      return nullptr;
    readAnnotations(*F.getParent());
    if (auto It = Annotated.find(&F); It != Annotated.end())
      return It->second;
    std::string Key = P.Constructor || P.Destructor ? specialKey(P.Context, P.Destructor) : P.Qualified;
    std::string Default = P.Context.empty() ? std::string() : P.Context + "::*";
    if (!User.empty()) {
      if (const FunctionModel *Model = findUser(Key, F, P))
        return Model;
      if (const FunctionModel *Model = Default.empty() ? nullptr : findUser(Default, F, P))
        return Model;
    }
    if (!P.Mangled && !F.isDeclarationForLinker())
      return nullptr;
    // A C++ function outside of any namespace is no C function, whatever its name; `operator new` is.
    if (P.Mangled && P.Context.empty() && !StringRef(P.Qualified).starts_with("operator"))
      return nullptr;
    if (const FunctionModel *Model = findShipped(Key, F, P))
      return Model;
    return Default.empty() || P.Constructor || P.Destructor ? nullptr : findShipped(Default, F, P);
  }
};

LibraryModels::LibraryModels() : I(std::make_unique<Impl>()) {}
LibraryModels::~LibraryModels() = default;

Expected<std::unique_ptr<LibraryModels>> LibraryModels::create(ArrayRef<std::string> ExtraFiles) {
  std::unique_ptr<LibraryModels> Out(new LibraryModels);
  for (const std::string &Path : ExtraFiles) {
    Expected<ModelFile> F = readModelFile(Path);
    if (!F)
      return F.takeError();
    Out->I->addUserFile(*F);
  }
  return Out;
}

const FunctionModel *LibraryModels::lookup(const Function &F) {
  NameParts &P = I->parts(F);
  if (!P.Modelled) {
    P.Modelled = true;
    P.Model = I->find(F, P);
  }
  return P.Model;
}

bool LibraryModels::isLibrary(const Function &F) { return I->parts(F).Library; }

bool LibraryModels::isLibraryName(StringRef Name) const { return Name.contains("::") && I->isLibraryNamespace(Name); }

bool LibraryModels::isMapType(StringRef Context) const {
  if (I->UserMapTypes.contains(Context))
    return true;
  for (uint32_t T : MapTypes)
    if (text(T) == Context)
      return true;
  return false;
}

StringRef LibraryModels::qualifiedName(const Function &F) { return I->parts(F).Qualified; }

Value *argOperand(const CallBase &Call, int N) {
  if (N < 0)
    return nullptr;
  unsigned Hidden = Call.arg_size() && Call.paramHasAttr(0, Attribute::StructRet) ? 1 : 0;
  return unsigned(N) + Hidden < Call.arg_size() ? Call.getArgOperand(N + Hidden) : nullptr;
}

} // namespace emm
