//===- reports/html/Escape.cpp - decoding once, replacing what misleads ---===//

#include "reports/html/Escape.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/ConvertUTF.h"

#include <array>

using namespace llvm;

namespace emm {

namespace {
struct Decoded {
  uint32_t Code = 0xFFFD;
  unsigned Length = 1;
  bool Valid = false;
};
} // namespace

/// The character at the start of \p S, which is not ASCII and not empty.
static Decoded decode(StringRef S) {
  unsigned Length = getNumBytesForUTF8(static_cast<UTF8>(S.front()));
  const auto *Begin = reinterpret_cast<const UTF8 *>(S.begin());
  if (Length > S.size() || !isLegalUTF8Sequence(Begin, Begin + Length))
    return {};
  const UTF8 *At = Begin;
  UTF32 Code;
  UTF32 *Target = &Code;
  if (ConvertUTF8toUTF32(&At, Begin + Length, &Target, &Code + 1, strictConversion) != conversionOK)
    return {};
  return {Code, Length, true};
}

/// Characters that change how their neighbours are read, or that nobody sees.
static bool mustBeSeen(uint32_t C) {
  if (C < 0x20)
    return C != '\t' && C != '\n' && C != '\r';
  return (C >= 0x7F && C < 0xA0) || C == 0xAD || C == 0x61C || C == 0x180E || C == 0x200B || C == 0x200E ||
         C == 0x200F || (C >= 0x2028 && C <= 0x202E) || (C >= 0x2060 && C <= 0x206F) || C == 0xFEFF ||
         (C >= 0xFFF9 && C <= 0xFFFB) || (C >= 0xE0000 && C <= 0xE0FFF);
}

static std::string codeName(uint32_t C) {
  std::string Hex = utohexstr(C);
  return "[U+" + std::string(Hex.size() < 4 ? 4 - Hex.size() : 0, '0') + Hex + "]";
}

/// ASCII that is passed on without a look: most of every text.
static constexpr std::array<bool, 256> IsOrdinary = [] {
  std::array<bool, 256> T{};
  for (unsigned C = 0x20; C != 0x7F; ++C)
    T[C] = C != '<' && C != '>' && C != '&' && C != '"' && C != '\'';
  for (unsigned char C : {'\t', '\n', '\r'})
    T[C] = true;
  return T;
}();

/// Calls \p Plain for runs that stay as they are and \p Replace(code, replacement) for what does not.
template <typename PlainFn, typename ReplaceFn>
static void scan(StringRef S, PlainFn Plain, ReplaceFn Replace) {
  size_t Run = 0;
  for (size_t I = 0; I < S.size();) {
    unsigned char C = S[I];
    if (IsOrdinary[C]) {
      ++I;
      continue;
    }
    unsigned Length = 1;
    uint32_t Code = C;
    bool Valid = true;
    if (C >= 0x80) {
      Decoded D = decode(S.substr(I));
      Code = D.Code;
      Length = D.Length;
      Valid = D.Valid;
    }
    bool Special = !Valid || mustBeSeen(Code) || Code == '<' || Code == '>' || Code == '&' || Code == '"' ||
                   Code == '\'';
    if (Special) {
      Plain(S.slice(Run, I));
      Replace(Code, Valid);
      Run = I + Length;
    }
    I += Length;
  }
  Plain(S.substr(Run));
}

void escapeHtml(std::string &Out, StringRef S, Visible How) {
  scan(
      S, [&](StringRef Run) { Out.append(Run.begin(), Run.end()); },
      [&](uint32_t Code, bool Valid) {
        if (!Valid)
          Out += "\xEF\xBF\xBD";
        else if (Code == '<')
          Out += "&lt;";
        else if (Code == '>')
          Out += "&gt;";
        else if (Code == '&')
          Out += "&amp;";
        else if (Code == '"')
          Out += How == Visible::Plain ? "&quot;" : "\"";
        else if (Code == '\'')
          Out += How == Visible::Plain ? "&#39;" : "'";
        else if (How == Visible::Plain)
          Out += codeName(Code);
        else
          Out += "<span class=\"cc\">" + codeName(Code) + "</span>";
      });
}

std::string displayText(StringRef S) {
  std::string Out;
  Out.reserve(S.size());
  scan(
      S, [&](StringRef Run) { Out.append(Run.begin(), Run.end()); },
      [&](uint32_t Code, bool Valid) {
        if (!Valid)
          Out += "\xEF\xBF\xBD";
        else if (mustBeSeen(Code))
          Out += codeName(Code);
        else
          Out += static_cast<char>(Code);
      });
  return Out;
}

size_t displayUnits(StringRef Line, size_t Bytes) {
  size_t Units = 0;
  std::string Shown = displayText(Line.take_front(Bytes));
  for (unsigned char C : Shown)
    Units += (C & 0xC0) == 0x80 ? 0 : C >= 0xF0 ? 2 : 1;
  return Units;
}

void percentEncode(std::string &Out, StringRef S, StringRef Keep) {
  for (unsigned char C : S) {
    if (isAlnum(C) || C == '-' || C == '.' || C == '_' || C == '~' || Keep.contains(C)) {
      Out += C;
      continue;
    }
    Out += '%';
    Out += hexdigit(C >> 4);
    Out += hexdigit(C & 15);
  }
}

} // namespace emm
