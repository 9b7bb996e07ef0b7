//===- reports/source/Lexer.h - C and C++ tokens of a text ----------------===//
//
// Cuts a text into the tokens that clang's raw lexer sees, as far as colour
// needs them: comments, literals, identifiers, numbers. It knows line splices,
// raw strings, encoding prefixes, user-defined suffixes, digit separators,
// exponents and universal characters in identifiers; it does not know macros or
// dead `#if` regions. It accepts every input: an unterminated literal ends at
// the line's end, an unterminated comment or raw string at the text's end.
//
// The oracle is `clang -cc1 -dump-raw-tokens`; test/browser compares with it.
//
//===----------------------------------------------------------------------===//

#ifndef EMM_REPORTS_SOURCE_LEXER_H
#define EMM_REPORTS_SOURCE_LEXER_H

#include "llvm/ADT/StringRef.h"

#include <cstddef>
#include <cstdint>

namespace emm {

enum class TokenKind : uint8_t { End, Identifier, Number, String, Character, Comment, Hash, Punctuation };

struct Token {
  TokenKind Kind = TokenKind::End;
  size_t Begin = 0;
  size_t End = 0;          ///< one past the last byte
  bool StartsLine = false; ///< only white space and comments stand before it on its logical line
};

class Lexer {
public:
  /// \p CPlusPlus turns on user-defined suffixes; otherwise the text is read as GNU C23. \p Text must outlive
  /// the lexer.
  Lexer(llvm::StringRef Text, bool CPlusPlus);

  /// The next token; End at the end of the text, again and again.
  Token next();

private:
  char peek(size_t Ahead = 0) const;
  size_t splice(size_t At) const;
  void advance();
  void skipSplices();
  void identifierRest();
  bool identifierCharacter();
  void suffix(bool OfString);
  void quoted(char Quote);
  void rawString();
  void lineComment();
  void blockComment();
  void number();

  llvm::StringRef Text;
  size_t At = 0;
  bool CPlusPlus;
  bool LineStart = true;
};

} // namespace emm

#endif
