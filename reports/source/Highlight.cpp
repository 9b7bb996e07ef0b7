//===- reports/source/Highlight.cpp - tokens to colour classes ------------===//

#include "reports/source/Highlight.h"

#include "reports/source/Language.h"
#include "reports/source/Lexer.h"

#include "llvm/ADT/StringExtras.h"

using namespace llvm;

namespace emm {

namespace {
/// What the contextual keywords and directives depend on.
struct Context {
  StringRef Previous;     ///< text of the previous token that is no comment
  bool AfterHash = false; ///< the previous token is the `#` of a directive
};
} // namespace

/// `override` and `final` are names except after a declarator or between a class name and its body.
static bool isVirtSpecifier(StringRef Word, const Context &C, StringRef Rest) {
  if (Word != "override" && Word != "final")
    return false;
  Rest = Rest.ltrim();
  if (C.Previous == ")" || C.Previous == "&" || C.Previous == "const" || C.Previous == "noexcept" ||
      C.Previous == "override" || C.Previous == "final" || C.Previous == "volatile")
    return true;
  return Word == "final" && !isKeyword(C.Previous, true) && (Rest.starts_with("{") || Rest.starts_with(":"));
}

std::vector<PaintSpan> highlight(StringRef Text, bool CPlusPlus) {
  std::vector<PaintSpan> Spans;
  Lexer L(Text, CPlusPlus);
  Context C;
  size_t HashAt = 0;
  size_t HeaderUntil = 0; ///< end of the `<...>` of an #include
  for (Token T = L.next(); T.Kind != TokenKind::End; T = L.next()) {
    StringRef Word = Text.slice(T.Begin, T.End);
    bool AfterHash = C.AfterHash;
    if (T.Kind != TokenKind::Comment)
      C.AfterHash = false;
    if (T.Begin < HeaderUntil)
      continue;
    switch (T.Kind) {
    case TokenKind::Comment:
      Spans.push_back({T.Begin, T.End, Paint::Comment});
      continue;
    case TokenKind::String:
    case TokenKind::Character:
      Spans.push_back({T.Begin, T.End, Paint::String});
      break;
    case TokenKind::Number:
      Spans.push_back({T.Begin, T.End, Paint::Number});
      break;
    case TokenKind::Hash:
      if (T.StartsLine) {
        C.AfterHash = true;
        HashAt = T.Begin;
      }
      break;
    case TokenKind::Identifier:
      if (AfterHash) {
        // A comment between `#` and its name keeps its own span.
        bool Parted = !Spans.empty() && Spans.back().Begin > HashAt;
        Spans.push_back({Parted ? T.Begin : HashAt, T.End, Paint::Directive});
        size_t Open = Text.find_first_not_of(" \t", T.End);
        if ((Word == "include" || Word == "include_next" || Word == "import" || Word == "embed") &&
            Open != StringRef::npos && Text[Open] == '<') {
          size_t Close = Text.find_first_of(">\r\n", Open);
          if (Close != StringRef::npos && Text[Close] == '>') {
            HeaderUntil = Close + 1;
            Spans.push_back({Open, HeaderUntil, Paint::String});
          }
        }
      } else if (isKeyword(Word, CPlusPlus) ||
                 (CPlusPlus && isVirtSpecifier(Word, C, Text.substr(T.End, 64)))) {
        Spans.push_back({T.Begin, T.End, Paint::Keyword});
      }
      break;
    case TokenKind::Punctuation:
    case TokenKind::End:
      break;
    }
    C.Previous = Word;
  }
  return Spans;
}

size_t wordEnd(StringRef Text, size_t Begin) {
  auto IsWord = [](char C) {
    return isAlnum(C) || C == '_' || C == '$' || static_cast<unsigned char>(C) >= 0x80;
  };
  size_t End = Begin;
  if (End < Text.size() && Text[End] == '~')
    ++End;
  size_t Word = End;
  while (End < Text.size() && IsWord(Text[End]))
    ++End;
  if (End > Word || Begin >= Text.size())
    return End;
  return Begin + 1;
}

} // namespace emm
