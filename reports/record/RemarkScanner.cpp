//===- reports/record/RemarkScanner.cpp - documents, keys, locations ------===//

#include "reports/record/RemarkScanner.h"

#include "reports/record/GeneralYaml.h"
#include "reports/record/ScalarScanner.h"

#include <cstring>

using namespace llvm;

namespace emm {

/// Position of the next line that starts a document at or after \p From, which must be the start of a line.
static size_t findDocument(StringRef Text, size_t From) {
  if (Text.substr(From).starts_with("--- !"))
    return From;
  const char *Hit = static_cast<const char *>(memmem(Text.data() + From, Text.size() - From, "\n--- !", 6));
  return Hit ? Hit - Text.data() + 1 : StringRef::npos;
}

/// True when \p S holds nothing but blank lines, comments, directives and document ends.
static bool isNoise(StringRef S) {
  while (!S.empty()) {
    StringRef Line;
    std::tie(Line, S) = S.split('\n');
    Line = Line.trim(" \t\r");
    if (!Line.empty() && Line[0] != '#' && Line[0] != '%' && Line != "...")
      return false;
  }
  return true;
}

static StringRef dropByteOrderMark(StringRef Text) {
  Text.consume_front("\xEF\xBB\xBF");
  return Text;
}

bool looksLikeRemarkYaml(StringRef Text) {
  Text = dropByteOrderMark(Text);
  size_t First = findDocument(Text, 0);
  return First != StringRef::npos && isNoise(Text.take_front(First));
}

RemarkScanner::RemarkScanner(StringRef T) : Text(dropByteOrderMark(T)) {
  Next = findDocument(Text, 0);
  LeadingJunk = !isNoise(Text.take_front(Next));
}

bool RemarkScanner::advance() {
  if (Next == StringRef::npos)
    return false;
  size_t Begin = Next;
  const char *Hit = static_cast<const char *>(memmem(Text.data() + Begin, Text.size() - Begin, "\n--- !", 6));
  Next = Hit ? Hit - Text.data() + 1 : StringRef::npos;
  Document = Text.slice(Begin, Next);
  return true;
}

namespace {

/// Reads one document's lines. Every function leaves P behind what it read, or returns false with P anywhere.
class DocumentScanner : public ScalarScanner {
public:
  using ScalarScanner::ScalarScanner;

  bool document(Remark &R);

  bool SawEnd = false;

private:
  bool key(StringRef Word);
  bool number(uint64_t &Out);
  bool location(RemarkLocation &L);
  bool args(Remark &R);
};

/// `Word:` followed by a blank or the end of the line.
bool DocumentScanner::key(StringRef Word) {
  if (size_t(E - P) <= Word.size() || memcmp(P, Word.data(), Word.size()) != 0 || P[Word.size()] != ':')
    return false;
  P += Word.size() + 1;
  return P == E || *P == ' ' || *P == '\n' || *P == '\r';
}

/// Decimal digits, as LLVM writes them; anything else is for the general path to judge.
bool DocumentScanner::number(uint64_t &Out) {
  const char *Begin = P;
  uint64_t N = 0;
  while (P != E && *P >= '0' && *P <= '9' && P - Begin < 19)
    N = N * 10 + (*P++ - '0');
  Out = N;
  // A leading zero is left to the general path as well: it may be octal.
  return P != Begin && (P - Begin == 1 || *Begin != '0');
}

/// `{ File: X, Line: N, Column: N }`, wrapped anywhere between tokens.
bool DocumentScanner::location(RemarkLocation &L) {
  L = {};
  if (!flowGap() || P == E || *P++ != '{')
    return false;
  unsigned Seen = 0;
  for (;;) {
    if (!flowGap() || P == E)
      return false;
    unsigned Bit = *P == 'F' ? 1 : *P == 'L' ? 2 : 4;
    if (Seen & Bit)
      return false;
    Seen |= Bit;
    if (!key(Bit == 1 ? "File" : Bit == 2 ? "Line" : "Column"))
      return false;
    if (!flowGap())
      return false;
    if (Bit == 1) {
      if (!flowScalar(L.File))
        return false;
    } else {
      uint64_t N;
      if (!number(N) || N > ~0u)
        return false;
      (Bit == 2 ? L.Line : L.Column) = unsigned(N);
    }
    if (!flowGap() || P == E)
      return false;
    char C = *P++;
    if (C == '}')
      break;
    if (C != ',')
      return false;
  }
  return Seen == 7 && endOfLine();
}

bool DocumentScanner::args(Remark &R) {
  skipBlanks();
  if (P != E && *P == '[') {
    ++P;
    skipBlanks();
    return P != E && *P++ == ']' && endOfLine();
  }
  if (!endOfLine())
    return false;
  while (E - P > 4 && memcmp(P, "  - ", 4) == 0) {
    P += 4;
    RemarkArg &A = R.Args.emplace_back();
    const char *Begin = P;
    while (P != E && isKeyChar(*P))
      ++P;
    A.Key = StringRef(Begin, P - Begin);
    if (A.Key.empty() || P == E || *P++ != ':' || A.Key == "DebugLoc" || isNullWord(A.Key) || A.Key[0] == '-')
      return false;
    if (P == E || (*P != ' ' && *P != '\n' && *P != '\r'))
      return false;
    if (!scalar(A.Value, /*ParentIndent=*/4))
      return false;
    if (E - P > 13 && memcmp(P, "    DebugLoc:", 13) == 0) {
      P += 13;
      if (*P != ' ' || !location(A.Loc))
        return false;
    }
  }
  return true;
}

bool DocumentScanner::document(Remark &R) {
  P += 5; // `--- !`
  const char *Begin = P;
  while (P != E && isKeyChar(*P))
    ++P;
  R.Tag = StringRef(Begin, P - Begin);
  if (R.Tag.empty() || !endOfLine())
    return false;
  enum { Pass = 1, Name = 2, Loc = 4, Function = 8, Hotness = 16, Args = 32 };
  unsigned Seen = 0;
  auto Once = [&](unsigned Bit) {
    bool First = !(Seen & Bit);
    Seen |= Bit;
    return First;
  };
  while (P != E) {
    switch (*P) {
    case 'P':
      if (!key("Pass") || !Once(Pass) || !scalar(R.Pass, 0))
        return false;
      break;
    case 'N':
      if (!key("Name") || !Once(Name) || !scalar(R.Name, 0))
        return false;
      break;
    case 'D':
      if (!key("DebugLoc") || !Once(Loc) || !location(R.Loc))
        return false;
      break;
    case 'F':
      if (!key("Function") || !Once(Function) || !scalar(R.Function, 0))
        return false;
      break;
    case 'H':
      if (!key("Hotness") || !Once(Hotness))
        return false;
      skipBlanks();
      if (!number(R.Hotness) || !endOfLine())
        return false;
      break;
    case 'A':
      if (!key("Args") || !Once(Args) || !args(R))
        return false;
      break;
    case '.':
      if (E - P < 3 || memcmp(P, "...", 3) != 0)
        return false;
      P += 3;
      SawEnd = true;
      while (P != E && (*P == ' ' || *P == '\n' || *P == '\r'))
        ++P;
      return P == E && (Seen & (Pass | Name | Function)) == (Pass | Name | Function);
    case '\n':
    case '\r':
      if (!endOfLine())
        return false;
      break;
    default:
      return false;
    }
  }
  return (Seen & (Pass | Name | Function)) == (Pass | Name | Function);
}

} // namespace

/// A carriage return by itself ends a line in YAML. No compiler writes one.
static bool hasLoneReturn(StringRef Document) {
  for (size_t At = 0; (At = Document.find('\r', At)) != StringRef::npos; ++At)
    if (At + 1 == Document.size() || Document[At + 1] != '\n')
      return true;
  return false;
}

bool RemarkScanner::scanFast(Remark &R) {
  R.clear();
  if (hasLoneReturn(Document))
    return false;
  Scratch.Reset();
  DocumentScanner S(Document.begin(), Document.end(), Scratch);
  bool Ok = S.document(R);
  EndsOpen = !S.SawEnd;
  return Ok;
}

RemarkScanner::Result RemarkScanner::decode(Remark &R) {
  if (scanFast(R))
    return Result::Remark;
  R.clear();
  Damage.clear();
  EndsOpen = !Document.contains("\n...");
  return decodeGeneralYaml(Document, R, Scratch, Damage) ? Result::Remark : Result::Damaged;
}

} // namespace emm
