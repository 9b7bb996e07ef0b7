//===- reports/text/JsonLog.cpp - one object a line -----------------------===//

#include "reports/finding/Fingerprint.h"
#include "reports/text/Log.h"

#include "llvm/Support/JSON.h"

using namespace llvm;

namespace emm {

static void writePlace(json::OStream &J, const Report &R, const Position &P) {
  J.attribute("file", P.hasFile() ? R.Files[P.File].Name : StringRef());
  J.attribute("line", P.Line);
  J.attribute("column", P.Column);
}

void writeJsonLines(raw_ostream &OS, const Report &R, ArrayRef<uint32_t> Entries) {
  for (uint32_t I : Entries) {
    const Entry &E = R.Entries[I];
    json::OStream J(OS);
    J.object([&] {
      J.attribute("id", E.Id);
      J.attribute("rule", E.RuleId);
      J.attribute("level", levelName(E.Severity));
      writePlace(J, R, E.Pos);
      J.attribute("function", demangledFunction(E.Function));
      J.attribute("subject", E.Subject);
      J.attribute("message", E.Message);
      J.attributeArray("steps", [&] {
        for (const EntryStep &S : E.Steps)
          J.object([&] {
            writePlace(J, R, S.Pos);
            J.attribute("message", S.Message);
          });
      });
      J.attributeArray("inlineStack", [&] {
        for (const EntryFrame &F : E.InlineStack)
          J.object([&] {
            writePlace(J, R, F.Pos);
            J.attribute("function", demangledFunction(F.Function));
          });
      });
      J.attribute("units", E.Units);
      J.attribute("instances", E.Instances);
      if (E.Hotness)
        J.attribute("hotness", E.Hotness);
      if (E.State != EntryState::None)
        J.attribute("state", stateName(E.State));
      if (!E.Reason.empty())
        J.attribute("reason", E.Reason);
    });
    OS << '\n';
  }
}

} // namespace emm
