//===- reports/source/Language.cpp - file names and keywords --------------===//

#include "reports/source/Language.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/Path.h"

using namespace llvm;

namespace emm {

bool isCPlusPlusName(StringRef FileName) { return sys::path::extension(FileName) != ".c"; }

bool isSourceName(StringRef FileName) {
  // Without an extension: <vector> and its kind.
  static constexpr StringRef Known[] = {
      "",     ".c",   ".h",   ".cc",  ".cpp", ".cxx", ".c++", ".hh", ".hpp", ".hxx", ".h++", ".inc",  ".inl",
      ".ipp", ".tcc", ".tpp", ".txx", ".def", ".m",   ".mm",  ".y",  ".l",   ".cu",  ".cuh", ".cppm", ".ixx"};
  return is_contained(Known, sys::path::extension(FileName).lower());
}

static constexpr StringRef SharedKeywords[] = {
    "alignas",       "alignof",  "auto",          "bool",         "break",    "case",
    "char",          "const",    "continue",      "default",      "do",       "double",
    "else",          "enum",     "extern",        "false",        "float",    "for",
    "goto",          "if",       "inline",        "int",          "long",     "nullptr",
    "register",      "return",   "short",         "signed",       "sizeof",   "static",
    "struct",        "switch",   "true",          "typedef",      "union",    "unsigned",
    "void",          "volatile", "while",         "constexpr",    "asm",      "__asm__",
    "_Generic",      "_Bool",    "static_assert", "thread_local", "_Atomic",  "_Noreturn",
    "restrict",      "typeof",   "__attribute__", "__restrict",   "__inline", "_Static_assert",
    "_Thread_local", "_Alignas"};

static constexpr StringRef CPlusPlusKeywords[] = {
    "and",       "and_eq",       "bitand",     "bitor",     "catch",     "char16_t",
    "char32_t",  "char8_t",      "class",      "co_await",  "co_return", "co_yield",
    "compl",     "concept",      "const_cast", "consteval", "constinit", "decltype",
    "delete",    "dynamic_cast", "explicit",   "export",    "friend",    "mutable",
    "namespace", "new",          "noexcept",   "not",       "not_eq",    "operator",
    "or",        "or_eq",        "private",    "protected", "public",    "reinterpret_cast",
    "requires",  "static_cast",  "template",   "this",      "throw",     "try",
    "typeid",    "typename",     "using",      "virtual",   "wchar_t",   "xor",
    "xor_eq"};

bool isKeyword(StringRef Word, bool CPlusPlus) {
  static const StringSet<> Shared = [] {
    StringSet<> S;
    for (StringRef K : SharedKeywords)
      S.insert(K);
    return S;
  }();
  static const StringSet<> Cxx = [] {
    StringSet<> S;
    for (StringRef K : CPlusPlusKeywords)
      S.insert(K);
    return S;
  }();
  return Shared.contains(Word) || (CPlusPlus && Cxx.contains(Word));
}

} // namespace emm
