//===- reports/finding/Fingerprint.cpp - hashing what survives an edit ----===//

#include "reports/finding/Fingerprint.h"

#include "reports/finding/ForeignName.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Demangle/Demangle.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/xxhash.h"

using namespace llvm;

namespace emm {

/// Length of an operator's punctuation at the start of \p S, which follows the word `operator`.
static size_t operatorLength(StringRef S) {
  for (StringRef Op : {"<=>", "->*", "<<=", ">>=", "<<", ">>", "<=", ">=", "->", "<", ">"})
    if (S.starts_with(Op))
      return Op.size();
  return 0;
}

std::string eraseTemplateArguments(StringRef Name) {
  std::string Out;
  unsigned Depth = 0;
  for (size_t I = 0; I < Name.size();) {
    if (Depth == 0 && Name.substr(I).starts_with("operator") && (I == 0 || !isAlnum(Name[I - 1]))) {
      size_t Op = operatorLength(Name.substr(I + 8));
      Out += Name.substr(I, 8 + Op);
      I += 8 + Op;
      continue;
    }
    char C = Name[I];
    if (Depth == 0 && Name.substr(I).starts_with("[abi:")) {
      size_t End = Name.find(']', I);
      I = End == StringRef::npos ? Name.size() : End + 1;
      continue;
    }
    // `->` inside template arguments (a decltype) does not close one.
    if (C == '<')
      ++Depth;
    else if (C == '>' && Depth && Name[I - 1] != '-')
      --Depth;
    else if (!Depth)
      Out += C;
    ++I;
  }
  for (StringRef Inline : {"::__1", "::__cxx11", "::__2", "::_V2", "::__n4861"})
    for (size_t At; (At = Out.find(Inline.str() + "::")) != std::string::npos;)
      Out.erase(At, Inline.size());
  return Out;
}

static void replaceAll(std::string &S, StringRef From, StringRef To) {
  for (size_t At = 0; (At = S.find(From.data(), At, From.size())) != std::string::npos; At += To.size())
    S.replace(At, From.size(), To.data(), To.size());
}

/// Removes `, std::allocator<...>` and its kind where it is the last argument of a list.
static void dropLastArgument(std::string &S, StringRef Template) {
  for (size_t At = 0; (At = S.find((", " + Template + "<").str(), At)) != std::string::npos;) {
    size_t I = At + 2 + Template.size();
    unsigned Depth = 0;
    do {
      Depth += S[I] == '<';
      Depth -= S[I] == '>';
    } while (++I < S.size() && Depth);
    size_t Close = S.find_first_not_of(' ', I);
    if (Close != std::string::npos && S[Close] == '>')
      S.erase(At, Close - At);
    else
      At = I;
  }
}

std::string shortType(StringRef Name) {
  std::string S = Name.str();
  for (StringRef Inline : {"std::__cxx11::", "std::__1::", "std::__2::"})
    replaceAll(S, Inline, "std::");
  replaceAll(S, " []", "[]");
  replaceAll(S, "std::basic_string<char, std::char_traits<char>, std::allocator<char>>", "std::string");
  replaceAll(S, "std::basic_string<char, std::char_traits<char>, std::allocator<char> >", "std::string");
  replaceAll(S, "std::basic_string_view<char, std::char_traits<char>>", "std::string_view");
  // From the last default to the first: each is the last argument once the ones behind it are gone.
  for (StringRef Default : {"std::allocator", "std::equal_to", "std::hash", "std::less", "std::default_delete"})
    dropLastArgument(S, Default);
  return S;
}

std::string demangledFunction(StringRef Mangled) {
  if (std::optional<std::string> Foreign = foreignFunction(Mangled))
    return *Foreign;
  // Clang's suffixes (`.isra`, `.cold`, `.__uniq.N`) confuse the demangler's grammar less than people.
  return demangle(Mangled);
}

/// Lambdas are `'lambda'(int)`, `'lambda0'()`, `$_0` or `{lambda()#1}` by demangler and linkage: their number shifts
/// with every lambda added above, so it is dropped.
static std::string dropLambdaNumbers(StringRef Name) {
  std::string Out;
  for (size_t I = 0; I < Name.size(); ++I) {
    if (Name.substr(I).starts_with("'lambda")) {
      size_t End = Name.find('\'', I + 1);
      Out += "'lambda'";
      I = End == StringRef::npos ? Name.size() : End;
    } else if (Name.substr(I).starts_with("$_")) {
      Out += "'lambda'";
      for (++I; I + 1 < Name.size() && isDigit(Name[I + 1]); ++I)
        ;
    } else {
      Out += Name[I];
    }
  }
  return Out;
}

std::string canonicalFunction(StringRef Mangled) {
  if (std::optional<std::string> Foreign = foreignFunction(Mangled))
    return *Foreign;
  // Only up to the first clone suffix: `f(int) (.cold)` and `f(int)` are one function to a reader.
  std::string Full = demangle(Mangled.split('.').first.empty() ? Mangled : Mangled.split('.').first);
  ItaniumPartialDemangler D;
  std::string M = Mangled.split('.').first.str();
  if (M.empty() || D.partialDemangle(M.c_str()))
    return Mangled.str();
  if (!D.isFunction())
    return dropLambdaNumbers(eraseTemplateArguments(Full));
  size_t N = 0;
  std::string Context, Base;
  if (char *Buf = D.getFunctionDeclContextName(nullptr, &N)) {
    Context = Buf;
    std::free(Buf);
  }
  if (char *Buf = D.getFunctionBaseName(nullptr, &N)) {
    Base = Buf;
    std::free(Buf);
  }
  std::string Name = Context.empty() ? Base : Context + "::" + Base;
  return dropLambdaNumbers(eraseTemplateArguments(Name));
}

std::string IdSequence::next(StringRef RuleId, const Location &Loc, StringRef Function, StringRef Subject) {
  std::string &Name = Canonical[Function];
  if (Name.empty())
    Name = canonicalFunction(Function);
  std::string Key;
  for (StringRef Part : {RuleId, sys::path::filename(Loc.File), StringRef(Name), Subject}) {
    Key += Part;
    Key += '\0';
  }
  // As a reader of the record sees it.
  if (!json::isUTF8(Key))
    Key = json::fixUTF8(Key);
  Seen &S = Counts[Key];
  if (S.Ordinal == 0 || S.Last != Loc) {
    ++S.Ordinal;
    S.Last = Loc;
  }
  Key += utostr(S.Ordinal);
  return utohexstr(xxh3_64bits(arrayRefFromStringRef(Key)), /*LowerCase=*/true, 16);
}

void assignIds(MutableArrayRef<Finding> Findings) {
  IdSequence Ids;
  for (Finding &F : Findings)
    F.Id = Ids.next(ruleInfo(F.R).Id, F.Loc, F.Function, F.Subject);
}

} // namespace emm
