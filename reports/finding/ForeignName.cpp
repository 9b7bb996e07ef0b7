//===- reports/finding/ForeignName.cpp - rustc's two schemes, flang's one -===//
//
// Rust's older scheme is C++'s nested name with a last part of `h` and 16
// hexadecimal digits, and with escapes for what C++ identifiers cannot hold.
// The newer one (`_R`) is LLVM's to demangle. Flang's is described in flang's
// document "Bijective Internal Name Uniquing": an upper-case letter for the
// kind of each scope, then its name, which is lower case.
//
//===----------------------------------------------------------------------===//

#include "reports/finding/ForeignName.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSwitch.h"
#include "llvm/Demangle/Demangle.h"
#include "llvm/Support/ConvertUTF.h"

using namespace llvm;

namespace emm {

/// What `$NAME$` stands for in the older scheme; none if that is no escape.
static std::optional<std::string> unescape(StringRef Name) {
  StringRef Known = StringSwitch<StringRef>(Name)
                        .Case("SP", "@")
                        .Case("BP", "*")
                        .Case("RF", "&")
                        .Case("LT", "<")
                        .Case("GT", ">")
                        .Case("LP", "(")
                        .Case("RP", ")")
                        .Case("C", ",")
                        .Default("");
  if (!Known.empty())
    return Known.str();
  unsigned Code;
  if (!Name.consume_front("u") || Name.empty() || Name.size() > 6 || Name.getAsInteger(16, Code))
    return std::nullopt;
  char Utf8[UNI_MAX_UTF8_BYTES_PER_CODE_POINT], *End = Utf8;
  if (Code < 0x20 || !ConvertCodePointToUTF8(Code, End))
    return std::nullopt;
  return std::string(Utf8, End);
}

static bool appendPart(std::string &Out, StringRef Part) {
  // The underscore makes an identifier of what begins with an escape.
  if (Part.starts_with("_$"))
    Part = Part.drop_front();
  while (!Part.empty()) {
    if (Part.consume_front("..")) {
      Out += "::";
    } else if (Part.consume_front("$")) {
      auto [Name, Rest] = Part.split('$');
      std::optional<std::string> Text = unescape(Name);
      if (!Text || Name.size() == Part.size())
        return false;
      Out += *Text;
      Part = Rest;
    } else {
      Out += Part.front();
      Part = Part.drop_front();
    }
  }
  return true;
}

static bool isHash(StringRef Part) {
  return Part.size() == 17 && Part.front() == 'h' &&
         all_of(Part.drop_front(), [](char C) { return isDigit(C) || (C >= 'a' && C <= 'f'); });
}

static std::optional<std::string> olderRust(StringRef Symbol) {
  if (!Symbol.consume_front("_ZN") || !Symbol.contains("17h"))
    return std::nullopt;
  std::string Out;
  unsigned Length;
  while (!Symbol.consumeInteger(10, Length)) {
    if (Length > Symbol.size())
      return std::nullopt;
    StringRef Part = Symbol.take_front(Length);
    Symbol = Symbol.drop_front(Length);
    if (isHash(Part) && Symbol.starts_with("E"))
      // What follows is a suffix of LLVM, as in `.llvm.123`.
      return Symbol.size() == 1 || Symbol[1] == '.' ? std::optional(Out) : std::nullopt;
    if (!Out.empty())
      Out += "::";
    if (!appendPart(Out, Part))
      return std::nullopt;
  }
  return std::nullopt;
}

static std::optional<std::string> newerRust(StringRef Symbol) {
  std::string Plain = Symbol.split('.').first.str(), Name = demangle(Plain);
  return Name == Plain ? std::nullopt : std::optional(Name);
}

static std::optional<std::string> fortran(StringRef Symbol) {
  if (Symbol == "_QQmain")
    return "main program";
  if (!Symbol.consume_front("_Q"))
    return std::nullopt;
  std::string Out;
  bool IsProcedure = false;
  auto IsNameChar = [](char C) { return (C >= 'a' && C <= 'z') || isDigit(C) || C == '_'; };
  while (!Symbol.empty() && !Symbol.starts_with(".")) {
    char Kind = Symbol.front();
    StringRef Name = Symbol.drop_front().take_while(IsNameChar);
    // Modules, submodules, functions and procedures; a block has a number instead of a name.
    if (!StringRef("MSFPB").contains(Kind) || Name.empty())
      return std::nullopt;
    Symbol = Symbol.drop_front(1 + Name.size());
    IsProcedure = Kind == 'P';
    if (Kind != 'B')
      Out += (Out.empty() ? "" : "::") + Name.str();
  }
  return IsProcedure ? std::optional(Out) : std::nullopt;
}

std::optional<std::string> foreignFunction(StringRef Symbol) {
  if (Symbol.starts_with("_ZN"))
    return olderRust(Symbol);
  if (Symbol.starts_with("_R"))
    return newerRust(Symbol);
  if (Symbol.starts_with("_Q"))
    return fortran(Symbol);
  return std::nullopt;
}

} // namespace emm
