//===- reports/text/TextLog.cpp - clang's shape and Go's ------------------===//
//
// Findings of emm are printed by the code the compiler prints them with; remarks
// of other passes take the same shapes here.
//
//===----------------------------------------------------------------------===//

#include "reports/finding/Fingerprint.h"
#include "reports/finding/LogText.h"
#include "reports/text/Log.h"

#include "llvm/ADT/StringExtras.h"

using namespace llvm;

namespace emm {

static void writePosition(raw_ostream &OS, const Report &R, const Position &P) {
  writeSafe(OS, fileName(R, P));
  if (P.Line) {
    OS << ':' << P.Line;
    if (P.Column)
      OS << ':' << P.Column;
  }
  OS << ": ";
}

static StringRef kindWord(RemarkKind K) {
  static constexpr StringRef Words[] = {"passed", "missed", "analysis", "failure", "remark"};
  return Words[static_cast<unsigned>(K)];
}

static void writeSuppression(raw_ostream &OS, const Report &R, const Entry &E) {
  if (E.State != EntryState::Suppressed)
    return;
  writePosition(OS, R, E.Pos);
  OS << "note: suppressed: ";
  writeSafe(OS, E.Reason);
  OS << '\n';
}

void writeGoLog(raw_ostream &OS, const Report &R, ArrayRef<uint32_t> Entries, unsigned Verbosity) {
  // Blocks already printed at the position that is being printed.
  std::vector<std::string> Printed;
  Position At;
  for (uint32_t I : Entries) {
    const Entry &E = R.Entries[I];
    std::string Block;
    raw_string_ostream BlockOS(Block);
    if (E.Info) {
      Finding F = toFinding(R, E);
      if (F.Severity == Level::Note && goVerbosity(F) > Verbosity)
        continue;
      if (F.Severity >= Level::Warning)
        writeClangLines(BlockOS, F, /*Color=*/false);
      else
        writeGoLines(BlockOS, F, Verbosity);
    } else {
      writePosition(BlockOS, R, E.Pos);
      if (!E.Pos.Line && !E.Function.empty()) {
        BlockOS << "in ";
        writeSafe(BlockOS, canonicalFunction(E.Function));
        BlockOS << ": ";
      }
      writeSafe(BlockOS, E.Message);
      BlockOS << " [";
      writeSafe(BlockOS, E.RuleId);
      BlockOS << "]\n";
    }
    writeSuppression(BlockOS, R, E);
    if (std::tie(At.File, At.Line, At.Column) != std::tie(E.Pos.File, E.Pos.Line, E.Pos.Column)) {
      Printed.clear();
      At = E.Pos;
    }
    if (is_contained(Printed, Block))
      continue;
    OS << Block;
    Printed.push_back(std::move(Block));
  }
}

void writeClangLog(raw_ostream &OS, const Report &R, ArrayRef<uint32_t> Entries, bool Color) {
  for (uint32_t I : Entries) {
    const Entry &E = R.Entries[I];
    if (E.Info) {
      writeClangLines(OS, toFinding(R, E), Color);
    } else {
      writePosition(OS, R, E.Pos);
      OS << "note: ";
      if (!E.Function.empty()) {
        OS << "in '";
        writeSafe(OS, canonicalFunction(E.Function));
        OS << "': ";
      }
      writeSafe(OS, E.Message);
      OS << " [";
      writeSafe(OS, E.RuleId);
      OS << ", " << kindWord(E.Kind) << "]\n";
    }
    writeSuppression(OS, R, E);
  }
}

} // namespace emm
