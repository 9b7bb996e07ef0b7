//===- reports/finding/LogText.cpp - the shapes of log lines --------------===//

#include "reports/finding/LogText.h"

#include "reports/finding/Fingerprint.h"

#include "llvm/ADT/StringExtras.h"

using namespace llvm;

namespace emm {

void writeSafe(raw_ostream &OS, StringRef Text) {
  for (unsigned char C : Text) {
    if (C == '\n')
      OS << ' ';
    else if (C < 0x20 && C != '\t')
      OS << '^' << char(C + 0x40);
    else if (C == 0x7f)
      OS << "^?";
    else
      OS << char(C);
  }
}

static void writePosition(raw_ostream &OS, const Location &L) {
  writeSafe(OS, L.File.empty() ? StringRef("<unknown>") : StringRef(L.File));
  if (!L.Line)
    return;
  OS << ':' << L.Line;
  if (L.Column)
    OS << ':' << L.Column;
}

static void writeColored(raw_ostream &OS, bool Color, const char *Code, StringRef Text) {
  if (Color)
    OS << Code;
  writeSafe(OS, Text);
  if (Color)
    OS << "\033[0m";
}

static void writeNote(raw_ostream &OS, const Location &L, StringRef Message, bool Color) {
  if (Color)
    OS << "\033[1m";
  writePosition(OS, L);
  OS << ": ";
  if (Color)
    OS << "\033[0m";
  writeColored(OS, Color, "\033[0;1;36m", "note: ");
  writeSafe(OS, Message);
  OS << '\n';
}

void writeClangLines(raw_ostream &OS, const Finding &F, bool Color) {
  if (Color)
    OS << "\033[1m";
  writePosition(OS, F.Loc);
  OS << ": ";
  if (Color)
    OS << "\033[0m";
  const char *LevelColor = F.Severity == Level::Error     ? "\033[0;1;31m"
                           : F.Severity == Level::Warning ? "\033[0;1;35m"
                                                          : "\033[0;1;36m";
  writeColored(OS, Color, LevelColor, (levelName(F.Severity) + ": ").str());
  std::string Message;
  if (!F.Loc.isKnown() && !F.Function.empty())
    Message = "in function '" + demangledFunction(F.Function) + "': ";
  Message += F.Message;
  writeColored(OS, Color, "\033[1m", Message);
  OS << " [" << ruleInfo(F.R).Id << "]\n";
  for (const Step &S : F.Steps)
    writeNote(OS, S.Loc.File.empty() ? F.Loc : S.Loc, S.Message, Color);
  for (const InlineFrame &I : F.InlineStack)
    writeNote(OS, I.Loc, "inlined into '" + demangledFunction(I.Function) + "' here", Color);
}

unsigned goVerbosity(const Finding &F) {
  switch (F.R) {
  case Rule::InlineCannot:
  case Rule::InlineMissed:
    return 2;
  case Rule::ClosureCapture:
    // A captured map is what two threads end up sharing, so it is always listed.
    return StringRef(F.Subject).starts_with("map ") ? 1 : 2;
  default:
    return 1;
  }
}

void writeGoLines(raw_ostream &OS, const Finding &F, unsigned Verbosity) {
  auto Line = [&](unsigned Indent, StringRef Text, const Location *At) {
    writePosition(OS, F.Loc);
    OS << ": ";
    OS.indent(Indent);
    writeSafe(OS, Text);
    if (At && At->isKnown()) {
      OS << " at ";
      writePosition(OS, *At);
    }
    OS << '\n';
  };
  std::string Message;
  if (!F.Loc.isKnown() && !F.Function.empty())
    Message = "in " + canonicalFunction(F.Function) + ": ";
  Message += F.Message;
  if (Verbosity >= 2 && !F.Steps.empty()) {
    Line(0, Message + ":", nullptr);
    for (const Step &S : F.Steps) {
      bool IsFrom = StringRef(S.Message).starts_with("from ");
      bool IsFlow = StringRef(S.Message).starts_with("flow: ");
      Line(IsFrom ? 4 : 2, S.Message, IsFlow ? nullptr : &S.Loc);
    }
  }
  Line(0, Message, nullptr);
}

} // namespace emm
