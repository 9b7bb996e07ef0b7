//===- reports/text/JUnit.cpp - findings as failed tests ------------------===//

#include "reports/finding/Fingerprint.h"
#include "reports/text/Log.h"

#include "llvm/ADT/StringExtras.h"

using namespace llvm;

namespace emm {

/// XML 1.0 has no way to write most control characters, escaped or not.
static void writeXml(raw_ostream &OS, StringRef Text) {
  for (unsigned char C : Text)
    switch (C) {
    case '<':
      OS << "&lt;";
      break;
    case '>':
      OS << "&gt;";
      break;
    case '&':
      OS << "&amp;";
      break;
    case '"':
      OS << "&quot;";
      break;
    case '\n':
      OS << "&#10;";
      break;
    case '\t':
      OS << "&#9;";
      break;
    default:
      if (C < 0x20)
        OS << "\xEF\xBF\xBD";
      else
        OS << char(C);
    }
}

static void writeAttribute(raw_ostream &OS, StringRef Name, StringRef Value) {
  OS << ' ' << Name << "=\"";
  writeXml(OS, Value);
  OS << '"';
}

static bool fails(const Entry &E) {
  return E.Severity >= Level::Warning && E.State != EntryState::Unchanged && E.State != EntryState::Fixed;
}

void writeJUnit(raw_ostream &OS, const Report &R, ArrayRef<uint32_t> Entries) {
  size_t Failures = 0, Skipped = 0;
  for (uint32_t I : Entries) {
    bool IsSuppressed = R.Entries[I].State == EntryState::Suppressed;
    Skipped += IsSuppressed;
    Failures += !IsSuppressed && fails(R.Entries[I]);
  }
  size_t Tests = std::max<size_t>(1, Entries.size());
  OS << "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n";
  OS << "  <testsuite name=\"emm\" tests=\"" << Tests << "\" failures=\"" << Failures
     << "\" errors=\"0\" skipped=\"" << Skipped << "\" time=\"0\">\n";
  if (Entries.empty())
    OS << "    <testcase classname=\"emm\" name=\"no findings\" time=\"0\"/>\n";
  for (uint32_t I : Entries) {
    const Entry &E = R.Entries[I];
    OS << "    <testcase";
    writeAttribute(OS, "classname", E.RuleId);
    // No line in the name: the history of a test follows its name.
    writeAttribute(OS, "name", (fileName(R, E.Pos) + ": " + E.Message + " (" + E.Id + ")").str());
    writeAttribute(OS, "file", fileName(R, E.Pos));
    writeAttribute(OS, "line", utostr(E.Pos.Line));
    OS << " time=\"0\">";
    if (E.State == EntryState::Suppressed) {
      OS << "<skipped";
      writeAttribute(OS, "message", E.Reason);
      OS << "/>";
    } else if (fails(E)) {
      OS << "<failure";
      writeAttribute(OS, "message", E.Message);
      writeAttribute(OS, "type", levelName(E.Severity));
      OS << '>';
      writeXml(OS, (fileName(R, E.Pos) + ":" + Twine(E.Pos.Line) + ":" + Twine(E.Pos.Column) + ": " + E.Message).str());
      for (const EntryStep &S : E.Steps)
        writeXml(OS, ("\n" + fileName(R, S.Pos) + ":" + Twine(S.Pos.Line) + ": " + S.Message).str());
      OS << "</failure>";
    }
    OS << "</testcase>\n";
  }
  OS << "  </testsuite>\n</testsuites>\n";
}

} // namespace emm
