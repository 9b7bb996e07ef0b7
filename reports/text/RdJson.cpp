//===- reports/text/RdJson.cpp - reviewdog's diagnostic format ------------===//

#include "reports/text/Log.h"

#include "llvm/Support/JSON.h"

using namespace llvm;

namespace emm {

static void writePlace(json::OStream &J, const Report &R, const Position &P) {
  J.attributeObject("location", [&] {
    J.attribute("path", P.hasFile() ? R.Files[P.File].Name : StringRef());
    // Columns are UTF-8 bytes in this format, as they are here.
    if (P.Line)
      J.attributeObject("range", [&] {
        J.attributeObject("start", [&] {
          J.attribute("line", P.Line);
          if (P.Column)
            J.attribute("column", P.Column);
        });
      });
  });
}

void writeRdJson(raw_ostream &OS, const Report &R, ArrayRef<uint32_t> Entries) {
  json::OStream J(OS, /*IndentSize=*/2);
  J.object([&] {
    J.attributeObject("source", [&] { J.attribute("name", "emm"); });
    J.attributeArray("diagnostics", [&] {
      for (uint32_t I : Entries) {
        const Entry &E = R.Entries[I];
        if (E.State == EntryState::Suppressed || E.State == EntryState::Fixed)
          continue;
        J.object([&] {
          J.attribute("message", E.Message);
          writePlace(J, R, E.Pos);
          J.attribute("severity", E.Severity == Level::Error     ? "ERROR"
                                  : E.Severity == Level::Warning ? "WARNING"
                                                                 : "INFO");
          J.attributeObject("code", [&] { J.attribute("value", E.RuleId); });
          if (!E.Steps.empty())
            J.attributeArray("related_locations", [&] {
              for (const EntryStep &S : E.Steps)
                J.object([&] {
                  J.attribute("message", S.Message);
                  writePlace(J, R, S.Pos);
                });
            });
        });
      }
    });
  });
  OS << '\n';
}

} // namespace emm
