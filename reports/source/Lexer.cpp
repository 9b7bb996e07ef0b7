//===- reports/source/Lexer.cpp - the token grammar, after clang's raw mode -===//

#include "reports/source/Lexer.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

using namespace llvm;

namespace emm {

static bool isHorizontalSpace(char C) { return C == ' ' || C == '\t' || C == '\f' || C == '\v' || C == '\0'; }
static bool isNewline(char C) { return C == '\n' || C == '\r'; }
static bool isIdentifierByte(char C) {
  return isAlnum(C) || C == '_' || C == '$' || static_cast<unsigned char>(C) >= 0x80;
}

Lexer::Lexer(StringRef Text, bool CPlusPlus) : Text(Text), CPlusPlus(CPlusPlus) {
  if (Text.starts_with("\xEF\xBB\xBF"))
    At = 3;
}

/// Where \p P leads when the line splices that stand there are passed over. As in clang, white space may
/// stand between the backslash and the end of the line.
size_t Lexer::splice(size_t P) const {
  while (P < Text.size() && Text[P] == '\\') {
    size_t N = P + 1;
    while (N < Text.size() && isHorizontalSpace(Text[N]))
      ++N;
    if (N == Text.size() || !isNewline(Text[N]))
      break;
    P = Text.substr(N).starts_with("\r\n") ? N + 2 : N + 1;
  }
  return P;
}

/// The character \p Ahead logical characters on, NUL at the end.
char Lexer::peek(size_t Ahead) const {
  size_t P = splice(At);
  while (Ahead-- && P < Text.size())
    P = splice(P + 1);
  return P < Text.size() ? Text[P] : '\0';
}

void Lexer::advance() {
  At = splice(At);
  if (At < Text.size())
    ++At;
}

void Lexer::skipSplices() { At = splice(At); }

/// Takes one character of an identifier: a plain one or `\uXXXX`, `\UXXXXXXXX`, `\u{X}`, `\N{NAME}`.
bool Lexer::identifierCharacter() {
  size_t P = splice(At);
  if (P == Text.size())
    return false;
  if (isIdentifierByte(Text[P])) {
    At = P + 1;
    return true;
  }
  StringRef Rest = Text.substr(P);
  size_t Length = 0;
  if (Rest.starts_with("\\u{") || Rest.starts_with("\\N{")) {
    size_t Close = Rest.find_first_of("}\n");
    Length = Close != StringRef::npos && Rest[Close] == '}' ? Close + 1 : 0;
  } else if (Rest.starts_with("\\u") || Rest.starts_with("\\U")) {
    size_t Digits = Rest[1] == 'u' ? 4 : 8;
    if (Rest.size() >= Digits + 2 && all_of(Rest.substr(2, Digits), isHexDigit))
      Length = Digits + 2;
  }
  At = Length ? P + Length : At;
  return Length != 0;
}

void Lexer::identifierRest() {
  while (identifierCharacter())
    ;
}

/// clang takes a suffix of a string without an underscore only where the standard library defines it, so that
/// `"x"PRIu64` stays two tokens.
static bool isStandardSuffix(StringRef S) {
  static constexpr StringRef Known[] = {"h", "min", "s", "ms", "us", "ns", "il", "i", "if", "sv", "d", "y"};
  return is_contained(Known, S);
}

/// Takes a user-defined suffix, if one stands here. A character has none without an underscore.
void Lexer::suffix(bool OfString) {
  if (!CPlusPlus)
    return;
  size_t Begin = At;
  identifierRest();
  StringRef Suffix = Text.slice(Begin, At);
  bool Ascii = !Suffix.empty() && isAlnum(Suffix.front());
  if (Ascii && !(OfString && isStandardSuffix(Suffix)))
    At = Begin;
}

void Lexer::quoted(char Quote) {
  for (;;) {
    // A backslash that splices lines is no escape; splice() has passed it over.
    size_t P = splice(At);
    if (P == Text.size() || isNewline(Text[P])) {
      At = P;
      return;
    }
    At = P + 1;
    if (Text[P] == Quote)
      break;
    if (Text[P] == '\\' && splice(At) < Text.size() && !isNewline(Text[splice(At)]))
      advance();
  }
  suffix(Quote == '"');
}

/// Stands at the quote. No splices inside.
void Lexer::rawString() {
  size_t Open = At + 1;
  size_t Paren = Open;
  while (Paren < Text.size() && Paren - Open <= 16 && !StringRef("() \\\t\v\f\n\r\"").contains(Text[Paren]))
    ++Paren;
  if (Paren == Text.size() || Text[Paren] != '(' || Paren - Open > 16) {
    // As clang recovers: the next quote, on whatever line, ends it.
    size_t Quote = Text.find('"', std::min(Paren, Open + 16));
    At = Quote == StringRef::npos ? Text.size() : Quote + 1;
    return;
  }
  std::string Close = (")" + Text.slice(Open, Paren) + "\"").str();
  size_t End = Text.find(Close, Paren);
  if (End == StringRef::npos) {
    At = Text.size();
    return;
  }
  At = End + Close.size();
  suffix(true);
}

void Lexer::lineComment() {
  for (;;) {
    size_t P = splice(At);
    if (P == Text.size() || isNewline(Text[P])) {
      At = P;
      return;
    }
    At = P + 1;
  }
}

void Lexer::blockComment() {
  // `*`, splice, `/` closes too; every `*` is tried.
  for (size_t P = At; P < Text.size(); ++P)
    if (Text[P] == '*') {
      size_t Slash = splice(P + 1);
      if (Slash < Text.size() && Text[Slash] == '/') {
        At = Slash + 1;
        return;
      }
    }
  At = Text.size();
}

void Lexer::number() {
  for (;;) {
    char C = peek();
    if (isAlnum(C) || C == '_' || C == '.') {
      advance();
      if ((C == 'e' || C == 'E' || C == 'p' || C == 'P') && (peek() == '+' || peek() == '-'))
        advance();
    } else if (C == '\'' && (isAlnum(peek(1)) || peek(1) == '_')) {
      advance();
      advance();
    } else if (!identifierCharacter()) {
      return;
    }
  }
}

Token Lexer::next() {
  for (;;) {
    skipSplices();
    if (At == Text.size())
      return {TokenKind::End, At, At, LineStart};
    if (isNewline(Text[At]))
      LineStart = true;
    else if (!isHorizontalSpace(Text[At]))
      break;
    ++At;
  }

  Token T;
  T.Begin = At;
  T.StartsLine = LineStart;
  char C = Text[At];
  auto Done = [&](TokenKind K) {
    T.Kind = K;
    T.End = At;
    if (K != TokenKind::Comment)
      LineStart = false;
    return T;
  };

  if (C == '/' && peek(1) == '/') {
    lineComment();
    return Done(TokenKind::Comment);
  }
  if (C == '/' && peek(1) == '*') {
    advance();
    advance();
    blockComment();
    return Done(TokenKind::Comment);
  }
  if (isDigit(C) || (C == '.' && isDigit(peek(1)))) {
    number();
    return Done(TokenKind::Number);
  }
  if (C == '"' || C == '\'') {
    advance();
    quoted(C);
    return Done(C == '"' ? TokenKind::String : TokenKind::Character);
  }
  if (identifierCharacter()) {
    identifierRest();
    std::string Clean;
    StringRef Word = Text.slice(T.Begin, At);
    if (Word.contains('\\')) {
      for (size_t P = T.Begin; (P = splice(P)) < At; ++P)
        Clean += Text[P];
      Word = Clean;
    }
    bool Prefix = Word == "L" || Word == "u" || Word == "U" || Word == "u8";
    bool Raw = Word == "R" || Word == "LR" || Word == "uR" || Word == "UR" || Word == "u8R";
    if ((Prefix || Raw) && peek() == '"') {
      skipSplices();
      if (Raw) {
        rawString();
      } else {
        advance();
        quoted('"');
      }
      return Done(TokenKind::String);
    }
    if (Prefix && peek() == '\'') {
      advance();
      quoted('\'');
      return Done(TokenKind::Character);
    }
    return Done(TokenKind::Identifier);
  }
  advance();
  return Done(C == '#' ? TokenKind::Hash : TokenKind::Punctuation);
}

} // namespace emm
