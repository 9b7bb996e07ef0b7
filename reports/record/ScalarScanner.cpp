//===- reports/record/ScalarScanner.cpp - quotes, escapes, folds, blocks --===//

#include "reports/record/ScalarScanner.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/ConvertUTF.h"

#include <array>
#include <cstring>

using namespace llvm;

namespace emm {

/// Classes of bytes: where a plain scalar may go on in a block, where in a flow mapping, what a key may hold.
enum : uint8_t { InBlock = 1, InFlow = 2, InKey = 4, AtStart = 8 };

static constexpr std::array<uint8_t, 256> Classes = [] {
  std::array<uint8_t, 256> T{};
  auto Add = [&](const char *Chars, uint8_t Bits) {
    for (; *Chars; ++Chars)
      T[uint8_t(*Chars)] |= Bits;
  };
  Add("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_", InBlock | InFlow | InKey | AtStart);
  Add("./$", InBlock | InFlow | AtStart);
  Add("-", InBlock | InFlow | InKey);
  Add("^+()~<>=", InBlock | InFlow);
  Add("<", AtStart);
  Add(" ,", InBlock);
  for (unsigned C = 0x80; C != 0x100; ++C)
    T[C] = InBlock | InFlow | AtStart;
  return T;
}();

static bool is(char C, uint8_t Bits) { return Classes[uint8_t(C)] & Bits; }

bool ScalarScanner::isKeyChar(char C) { return is(C, InKey); }

bool ScalarScanner::isNullWord(StringRef S) { return S == "~" || S == "null" || S == "Null" || S == "NULL"; }

bool ScalarScanner::endOfLine() {
  while (P != E && (*P == ' ' || *P == '\r'))
    ++P;
  if (P == E)
    return true;
  return *P++ == '\n';
}

bool ScalarScanner::scalar(StringRef &Out, unsigned ParentIndent) {
  skipBlanks();
  if (P == E)
    return Out = {}, true;
  switch (*P) {
  case '\'':
    return singleQuoted(Out) && endOfLine();
  case '"':
    return doubleQuoted(Out) && endOfLine();
  case '|':
    return literalBlock(Out, ParentIndent);
  case '\n':
  case '\r':
    Out = {};
    return endOfLine();
  default:
    break;
  }
  const char *Begin = P;
  if (!is(*P, AtStart))
    return false;
  while (P != E && is(*P, InBlock))
    ++P;
  Out = StringRef(Begin, P - Begin).rtrim(' ');
  if (isNullWord(Out))
    Out = {};
  return endOfLine();
}

bool ScalarScanner::flowScalar(StringRef &Out) {
  if (P == E)
    return false;
  if (*P == '\'')
    return singleQuoted(Out);
  if (*P == '"')
    return doubleQuoted(Out);
  const char *Begin = P;
  if (!is(*P, AtStart))
    return false;
  while (P != E && is(*P, InFlow))
    ++P;
  Out = StringRef(Begin, P - Begin);
  return !isNullWord(Out);
}

/// At a line break inside quotes: appends what the break and the blanks around it stand for. Trailing blanks are
/// dropped from \p Buf, but not below \p Keep characters, which came from escapes.
bool ScalarScanner::fold(SmallVectorImpl<char> &Buf, size_t Keep) {
  while (Buf.size() > Keep && (Buf.back() == ' ' || Buf.back() == '\t' || Buf.back() == '\r'))
    Buf.pop_back();
  unsigned Breaks = 0;
  while (P != E && (*P == ' ' || *P == '\t' || *P == '\r' || *P == '\n')) {
    Breaks += *P == '\n';
    // A tab that indents is a matter of dispute between YAML readers.
    if (*P == '\t' || (*P == '\r' && (P + 1 == E || P[1] != '\n')))
      return false;
    ++P;
  }
  if (Breaks == 1)
    Buf.push_back(' ');
  else
    Buf.append(Breaks - 1, '\n');
  // Text at the margin could be a document marker, and is not what LLVM writes.
  return P != E && P[-1] != '\n';
}

bool ScalarScanner::singleQuoted(StringRef &Out) {
  ++P;
  const char *Begin = P;
  const char *Quote = static_cast<const char *>(memchr(P, '\'', E - P));
  if (!Quote)
    return false;
  if ((Quote + 1 == E || Quote[1] != '\'') && !memchr(Begin, '\n', Quote - Begin) &&
      !memchr(Begin, '\r', Quote - Begin)) {
    Out = StringRef(Begin, Quote - Begin);
    P = Quote + 1;
    return true;
  }
  SmallString<256> Buf;
  while (P != E) {
    char C = *P;
    if (C == '\'') {
      if (P + 1 == E || P[1] != '\'') {
        ++P;
        Out = keep(Buf);
        return true;
      }
      Buf.push_back('\'');
      P += 2;
    } else if (C == '\n' || C == '\r') {
      if (!fold(Buf, 0))
        return false;
    } else {
      Buf.push_back(C);
      ++P;
    }
  }
  return false;
}

/// The escape after a backslash at P.
bool ScalarScanner::escape(SmallVectorImpl<char> &Buf) {
  if (P == E)
    return false;
  unsigned Digits = 0;
  switch (char C = *P++) {
  case '0': Buf.push_back('\0'); return true;
  case 'a': Buf.push_back('\a'); return true;
  case 'b': Buf.push_back('\b'); return true;
  case 't': Buf.push_back('\t'); return true;
  case 'n': Buf.push_back('\n'); return true;
  case 'v': Buf.push_back('\v'); return true;
  case 'f': Buf.push_back('\f'); return true;
  case 'r': Buf.push_back('\r'); return true;
  case 'e': Buf.push_back('\x1b'); return true;
  case '"': case '\\': case '/': case ' ': Buf.push_back(C); return true;
  case 'x': Digits = 2; break;
  case 'u': Digits = 4; break;
  case 'U': Digits = 8; break;
  default: return false;
  }
  if (size_t(E - P) < Digits)
    return false;
  unsigned Value;
  if (StringRef(P, Digits).getAsInteger(16, Value) || Value > 0x10FFFF || (Value >= 0xD800 && Value < 0xE000))
    return false;
  P += Digits;
  char Utf8[UNI_MAX_UTF8_BYTES_PER_CODE_POINT], *End = Utf8;
  if (!ConvertCodePointToUTF8(Value, End))
    return false;
  Buf.append(Utf8, End);
  return true;
}

bool ScalarScanner::doubleQuoted(StringRef &Out) {
  ++P;
  const char *Begin = P;
  while (P != E && *P != '"' && *P != '\\' && *P != '\n' && *P != '\r')
    ++P;
  if (P == E)
    return false;
  if (*P == '"') {
    Out = StringRef(Begin, P - Begin);
    ++P;
    return true;
  }
  SmallString<256> Buf(StringRef(Begin, P - Begin));
  size_t Keep = 0;
  while (P != E) {
    char C = *P;
    if (C == '"') {
      ++P;
      Out = keep(Buf);
      return true;
    }
    if (C == '\\') {
      ++P;
      if (P != E && (*P == '\n' || *P == '\r'))
        return false; // an escaped line break
      if (!escape(Buf))
        return false;
      Keep = Buf.size();
    } else if (C == '\n' || C == '\r') {
      if (!fold(Buf, Keep))
        return false;
    } else {
      Buf.push_back(C);
      ++P;
    }
  }
  return false;
}

/// `|` without indicators: lines indented as the first one that is not blank, each with its end; of the ends at the
/// end of the scalar one is kept.
bool ScalarScanner::literalBlock(StringRef &Out, unsigned ParentIndent) {
  ++P;
  if (!endOfLine())
    return false;
  SmallString<256> Buf;
  size_t Indent = 0, Blank = 0;
  while (P != E) {
    const char *LineEnd = static_cast<const char *>(memchr(P, '\n', E - P));
    StringRef Line(P, (LineEnd ? LineEnd : E) - P);
    Line.consume_back("\r");
    if (Line.contains('\r') || Line.contains('\t'))
      return false;
    size_t Spaces = Line.find_first_not_of(' ');
    if (Spaces == StringRef::npos) {
      // Blanks deeper than the text are text; before the first line of text that is decided differently by readers.
      if (Line.size() > (Indent ? Indent : ParentIndent))
        return false;
      ++Blank;
    } else {
      if (!Indent) {
        if (Spaces <= ParentIndent)
          break;
        Indent = Spaces;
      } else if (Spaces < Indent) {
        break;
      }
      Buf.append(Blank, '\n');
      Blank = 0;
      Buf += Line.substr(Indent);
      Buf += '\n';
    }
    if (!LineEnd)
      return false; // cut short: readers differ on the last line's end
    P = LineEnd + 1;
  }
  Out = keep(Buf);
  return true;
}

} // namespace emm
