//===- reports/text/CodeHosts.cpp - GitHub commands, GitLab code quality --===//

#include "reports/text/Log.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/xxhash.h"

using namespace llvm;

namespace emm {

/// GitHub reads commands from the log, so text from sources must not be able to start one.
static std::string escaped(StringRef Text, bool IsProperty) {
  std::string Out;
  for (char C : Text) {
    switch (C) {
    case '%':
      Out += "%25";
      break;
    case '\r':
      Out += "%0D";
      break;
    case '\n':
      Out += "%0A";
      break;
    case ':':
      Out += IsProperty ? "%3A" : ":";
      break;
    case ',':
      Out += IsProperty ? "%2C" : ",";
      break;
    default:
      Out += C;
    }
  }
  return Out;
}

void writeGitHub(raw_ostream &OS, const Report &R, ArrayRef<uint32_t> Entries, unsigned Limit) {
  // GitHub shows ten annotations of each level per step; what is new is worth most.
  std::vector<uint32_t> Order(Entries.begin(), Entries.end());
  llvm::stable_sort(Order, [&](uint32_t A, uint32_t B) {
    return (R.Entries[A].State == EntryState::New) > (R.Entries[B].State == EntryState::New);
  });
  unsigned Count[4] = {}, Left = 0;
  for (uint32_t I : Order) {
    const Entry &E = R.Entries[I];
    if (E.State == EntryState::Suppressed || E.State == EntryState::Fixed)
      continue;
    if (Limit && Count[static_cast<unsigned>(E.Severity)]++ >= Limit) {
      ++Left;
      continue;
    }
    OS << "::" << (E.Severity == Level::Error ? "error" : E.Severity == Level::Warning ? "warning" : "notice");
    OS << " title=" << escaped(E.RuleId, true);
    if (E.Pos.hasFile()) {
      OS << ",file=" << escaped(R.Files[E.Pos.File].Name, true);
      if (E.Pos.Line)
        OS << ",line=" << E.Pos.Line;
      if (E.Pos.Column)
        OS << ",col=" << E.Pos.Column;
    }
    OS << "::" << escaped(E.Message, false);
    for (const EntryStep &S : E.Steps) {
      OS << "%0A" << escaped(fileName(R, S.Pos), false);
      if (S.Pos.Line)
        OS << ':' << S.Pos.Line;
      OS << ": " << escaped(S.Message, false);
    }
    OS << '\n';
  }
  if (Left)
    OS << "::notice::" << Left << " more finding" << (Left == 1 ? "" : "s") << " not shown here; see the report\n";
}

void writeGitLab(raw_ostream &OS, const Report &R, ArrayRef<uint32_t> Entries) {
  json::OStream J(OS, /*IndentSize=*/2);
  J.array([&] {
    for (uint32_t I : Entries) {
      const Entry &E = R.Entries[I];
      // The schema has no place for a finding without a file, nor for one that is gone or accepted.
      if (!E.Pos.hasFile() || E.State == EntryState::Suppressed || E.State == EntryState::Fixed)
        continue;
      StringRef File = R.Files[E.Pos.File].Name;
      // GitLab compares fingerprints only, so the file takes part; the line does not.
      std::string Key = (E.Id + "\n" + File + "\n" + E.Message).str();
      J.object([&] {
        J.attribute("description", E.Message);
        J.attribute("check_name", E.RuleId);
        J.attribute("fingerprint", utohexstr(xxh3_64bits(Key), /*LowerCase=*/true, 16));
        J.attribute("severity", E.Severity == Level::Error     ? "critical"
                                : E.Severity == Level::Warning ? "major"
                                                               : "info");
        J.attributeObject("location", [&] {
          J.attribute("path", File);
          J.attributeObject("lines", [&] { J.attribute("begin", std::max(1u, E.Pos.Line)); });
        });
      });
    }
  });
  OS << '\n';
}

} // namespace emm
