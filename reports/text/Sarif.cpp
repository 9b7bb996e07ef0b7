//===- reports/text/Sarif.cpp - SARIF 2.1.0 -------------------------------===//
//
// Within the subset that GitHub ingests. Paths are relative to SRCROOT, columns
// are code points, the chain is a code flow, the inline stack a stack.
//
//===----------------------------------------------------------------------===//

#include "reports/finding/Fingerprint.h"
#include "reports/text/Log.h"
#include "reports/text/SourceColumns.h"

#include "llvm/ADT/SetVector.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/JSON.h"

using namespace llvm;

namespace emm {

namespace {

class SarifWriter {
public:
  SarifWriter(raw_ostream &OS, const Report &R, ArrayRef<uint32_t> Entries)
      : J(OS, /*IndentSize=*/2), R(R), Entries(Entries), Columns(R) {}

  void run();

private:
  void rule(StringRef Id, const RuleInfo *Info);
  void result(const Entry &E);
  void physicalLocation(const Position &P);
  void location(const Position &P, StringRef Message, StringRef Function = {});
  void text(StringRef Key, StringRef Text) {
    J.attributeObject(Key, [&] { J.attribute("text", Text); });
  }

  json::OStream J;
  const Report &R;
  ArrayRef<uint32_t> Entries;
  SourceColumns Columns;
  SmallSetVector<StringRef, 32> Rules;
  DenseMap<StringRef, const RuleInfo *> Infos;
};

/// Percent-encodes what a URI reference must not hold.
std::string uriOf(StringRef Path) {
  std::string Out;
  for (unsigned char C : Path)
    if (isAlnum(C) || StringRef("/-._~+").contains(C))
      Out += char(C);
    else
      Out += "%" + utohexstr(C, /*LowerCase=*/false, 2);
  return Out;
}

StringRef sarifLevel(Level L) {
  return L == Level::Error ? "error" : L == Level::Warning ? "warning" : L == Level::Note ? "note" : "none";
}

/// `map/concurrent-write` to `MapConcurrentWrite`: SARIF wants a name that differs from the id.
std::string ruleName(StringRef Id) {
  std::string Out;
  bool Upper = true;
  for (char C : Id)
    if (!isAlnum(C)) {
      Upper = true;
    } else {
      Out += Upper ? toUpper(C) : C;
      Upper = false;
    }
  return Out;
}

std::string sentence(StringRef Text) { return Text.ends_with(".") ? Text.str() : (Text + ".").str(); }

void SarifWriter::rule(StringRef Id, const RuleInfo *Info) {
  J.object([&] {
    J.attribute("id", Id);
    J.attribute("name", ruleName(Id));
    text("shortDescription", sentence(Info ? Info->Title : StringRef("A remark of another LLVM pass")));
    if (!Info)
      return;
    text("fullDescription", Info->Help);
    std::string Markdown = Info->Help.str();
    if (!Info->Bad.empty())
      Markdown += "\n\nReported:\n```cpp\n" + Info->Bad.str() + "\n```";
    if (!Info->Good.empty())
      Markdown += "\n\nInstead:\n```cpp\n" + Info->Good.str() + "\n```";
    J.attributeObject("help", [&] {
      J.attribute("text", Info->Help);
      J.attribute("markdown", Markdown);
    });
    J.attributeObject("defaultConfiguration", [&] { J.attribute("level", sarifLevel(Info->DefaultLevel)); });
    J.attributeObject("properties", [&] { J.attributeArray("tags", [&] { J.value(Info->family()); }); });
  });
}

void SarifWriter::physicalLocation(const Position &P) {
  J.attributeObject("physicalLocation", [&] {
    StringRef Name = R.Files[P.File].Name;
    J.attributeObject("artifactLocation", [&] {
      bool Absolute = Name.starts_with("/");
      J.attribute("uri", (Absolute ? "file://" : "") + uriOf(Name));
      if (!Absolute)
        J.attribute("uriBaseId", "SRCROOT");
    });
    if (P.Line)
      J.attributeObject("region", [&] {
        J.attribute("startLine", P.Line);
        if (unsigned Column = Columns.codePoints(P))
          J.attribute("startColumn", Column);
      });
  });
}

void SarifWriter::location(const Position &P, StringRef Message, StringRef Function) {
  J.object([&] {
    if (P.hasFile())
      physicalLocation(P);
    if (!Function.empty())
      J.attributeArray("logicalLocations", [&] {
        J.object([&] {
          J.attribute("fullyQualifiedName", demangledFunction(Function));
          J.attribute("kind", "function");
        });
      });
    if (!Message.empty())
      text("message", Message);
  });
}

void SarifWriter::result(const Entry &E) {
  J.object([&] {
    J.attribute("ruleId", E.RuleId);
    J.attribute("ruleIndex", int64_t(std::distance(Rules.begin(), llvm::find(Rules, E.RuleId))));
    J.attribute("level", sarifLevel(E.Severity));
    text("message", sentence(E.Message));
    J.attributeArray("locations", [&] {
      if (E.Pos.hasFile() || !E.Function.empty())
        location(E.Pos, {}, E.Function);
    });
    J.attributeObject("partialFingerprints", [&] { J.attribute("emmId/v1", E.Id); });
    if (!E.Steps.empty())
      J.attributeArray("codeFlows", [&] {
        J.object([&] {
          J.attributeArray("threadFlows", [&] {
            J.object([&] {
              J.attributeArray("locations", [&] {
                for (const EntryStep &S : E.Steps)
                  J.object([&] {
                    J.attributeBegin("location");
                    location(S.Pos, S.Message);
                    J.attributeEnd();
                  });
              });
            });
          });
        });
      });
    if (!E.InlineStack.empty())
      J.attributeArray("stacks", [&] {
        J.object([&] {
          J.attributeArray("frames", [&] {
            for (const EntryFrame &F : E.InlineStack)
              J.object([&] {
                J.attributeBegin("location");
                location(F.Pos, {}, F.Function);
                J.attributeEnd();
              });
          });
        });
      });
    if (E.State == EntryState::Suppressed)
      J.attributeArray("suppressions", [&] {
        J.object([&] {
          J.attribute("kind", "inSource");
          J.attribute("justification", E.Reason);
        });
      });
    if (E.State == EntryState::New || E.State == EntryState::Unchanged || E.State == EntryState::Updated)
      J.attribute("baselineState", stateName(E.State));
    else if (E.State == EntryState::Fixed)
      J.attribute("baselineState", "absent");
    J.attributeObject("properties", [&] {
      J.attribute("units", E.Units);
      J.attribute("instances", E.Instances);
    });
  });
}

void SarifWriter::run() {
  for (uint32_t I : Entries) {
    Rules.insert(R.Entries[I].RuleId);
    Infos[R.Entries[I].RuleId] = R.Entries[I].Info;
  }
  J.object([&] {
    J.attribute("$schema", "https://json.schemastore.org/sarif-2.1.0.json");
    J.attribute("version", "2.1.0");
    J.attributeArray("runs", [&] {
      J.object([&] {
        J.attributeObject("tool", [&] {
          J.attributeObject("driver", [&] {
            J.attribute("name", "emm");
            J.attribute("semanticVersion", EMM_VERSION);
            J.attributeArray("rules", [&] {
              for (StringRef Id : Rules)
                rule(Id, Infos[Id]);
            });
          });
        });
        J.attributeObject("originalUriBaseIds", [&] {
          J.attributeObject("SRCROOT", [&] { text("description", "The root of the project's sources."); });
        });
        J.attribute("columnKind", "unicodeCodePoints");
        J.attributeArray("results", [&] {
          for (uint32_t I : Entries)
            result(R.Entries[I]);
        });
      });
    });
  });
}

} // namespace

void writeSarif(raw_ostream &OS, const Report &R, ArrayRef<uint32_t> Entries) {
  SarifWriter(OS, R, Entries).run();
  OS << '\n';
}

} // namespace emm
