//===- reports/gate/DiffText.cpp - a diff for people and for programs -----===//

#include "reports/finding/Fingerprint.h"
#include "reports/finding/LogText.h"
#include "reports/gate/Diff.h"
#include "reports/text/Log.h"

#include "llvm/Support/JSON.h"

using namespace llvm;

namespace emm {

static void writeHead(raw_ostream &OS, const Report &R, const Entry &E) {
  writeSafe(OS, fileName(R, E.Pos));
  if (E.Pos.Line) {
    OS << ':' << E.Pos.Line;
    if (E.Pos.Column)
      OS << ':' << E.Pos.Column;
  }
  OS << ": ";
}

static void writeTail(raw_ostream &OS, const Entry &E) {
  if (!E.Function.empty()) {
    OS << " (in ";
    writeSafe(OS, canonicalFunction(E.Function));
    OS << ')';
  }
  OS << " [";
  writeSafe(OS, E.RuleId);
  OS << "]\n";
}

void writeDiffText(raw_ostream &OS, const Report &Old, const Report &New, const ReportDiff &D, bool Color) {
  auto Mark = [&](char Sign, const char *Code) {
    if (Color)
      OS << Code << Sign << "\033[0m ";
    else
      OS << Sign << ' ';
  };
  auto Single = [&](const Report &R, const Entry &E, char Sign, const char *Code) {
    Mark(Sign, Code);
    writeHead(OS, R, E);
    writeSafe(OS, E.Message);
    writeTail(OS, E);
  };
  for (uint32_t I : D.Gone)
    Single(Old, Old.Entries[I], '-', "\033[31m");
  for (auto [A, B] : D.Changed) {
    const Entry &Before = Old.Entries[A], &After = New.Entries[B];
    Mark('~', "\033[33m");
    writeHead(OS, New, After);
    writeSafe(OS, Before.Message);
    OS << " -> ";
    writeSafe(OS, After.Message);
    writeTail(OS, After);
  }
  for (uint32_t I : D.New)
    Single(New, New.Entries[I], '+', "\033[32m");
  OS << D.Gone.size() << " gone, " << D.Changed.size() << " changed, " << D.New.size() << " new, " << D.Unchanged
     << " unchanged\n";
}

static void writeSide(json::OStream &J, const Report &R, const Entry &E) {
  J.attribute("id", E.Id);
  J.attribute("rule", E.RuleId);
  J.attribute("level", levelName(E.Severity));
  J.attribute("file", E.Pos.hasFile() ? R.Files[E.Pos.File].Name : StringRef());
  J.attribute("line", E.Pos.Line);
  J.attribute("column", E.Pos.Column);
  J.attribute("function", demangledFunction(E.Function));
  J.attribute("subject", E.Subject);
  J.attribute("message", E.Message);
}

void writeDiffJson(raw_ostream &OS, const Report &Old, const Report &New, const ReportDiff &D) {
  auto Line = [&](const Report &R, const Entry &E, StringRef State, const Entry *Before) {
    json::OStream J(OS);
    J.object([&] {
      writeSide(J, R, E);
      J.attribute("state", State);
      if (Before)
        J.attributeObject("before", [&] { writeSide(J, Old, *Before); });
    });
    OS << '\n';
  };
  for (uint32_t I : D.Gone)
    Line(Old, Old.Entries[I], "gone", nullptr);
  for (auto [A, B] : D.Changed)
    Line(New, New.Entries[B], "changed", &Old.Entries[A]);
  for (uint32_t I : D.New)
    Line(New, New.Entries[I], "new", nullptr);
}

} // namespace emm
