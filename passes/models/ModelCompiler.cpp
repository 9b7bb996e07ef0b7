//===- passes/models/ModelCompiler.cpp - YAML models to a constant table --===//
//
// Runs when emm is built: `emm-modelc OUT.inc FILE.yaml...` writes the arrays
// that passes/model/LibraryModels.cpp includes. Keys are sorted, so that the
// plugin looks up by bisection; text is one pool addressed by offset, so that
// loading the plugin relocates nothing.
//
//===----------------------------------------------------------------------===//

#include "passes/model/ModelFile.h"

#include "llvm/Support/FileSystem.h"
#include "llvm/Support/raw_ostream.h"

#include <algorithm>
#include <map>
#include <set>

using namespace llvm;
using namespace emm;

namespace {

/// Text with every string stored once.
class Pool {
public:
  unsigned offset(StringRef S) {
    auto [It, New] = Offsets.try_emplace(S.str(), Text.size());
    if (New) {
      Text += S;
      Text += '\0';
    }
    return It->second;
  }
  void write(raw_ostream &OS) const {
    OS << "constexpr char Strings[] =";
    for (size_t I = 0; I < Text.size();) {
      size_t End = Text.find('\0', I);
      OS << "\n  \"";
      OS.write_escaped(StringRef(Text).slice(I, End));
      OS << "\\0\"";
      I = End + 1;
    }
    OS << ";\n";
  }

private:
  std::string Text;
  std::map<std::string, unsigned> Offsets;
};

int fail(const Twine &Reason) {
  errs() << "emm-modelc: error: " << Reason << "\n";
  return 1;
}

} // namespace

int main(int Argc, char **Argv) {
  if (Argc < 3)
    return fail("usage: emm-modelc OUT.inc FILE.yaml...");
  std::vector<ModelEntry> Entries;
  std::set<std::string> Libraries, MapTypes;
  for (int I = 2; I < Argc; ++I) {
    Expected<ModelFile> F = readModelFile(Argv[I]);
    if (!F)
      return fail(toString(F.takeError()));
    Entries.insert(Entries.end(), F->Entries.begin(), F->Entries.end());
    Libraries.insert(F->Libraries.begin(), F->Libraries.end());
    MapTypes.insert(F->MapTypes.begin(), F->MapTypes.end());
  }
  // Overloads with a condition come before the one without; else the order of the files.
  std::stable_sort(Entries.begin(), Entries.end(), [](const ModelEntry &L, const ModelEntry &R) {
    return L.Key != R.Key ? L.Key < R.Key : L.When.conditional() && !R.When.conditional();
  });
  for (size_t I = 1; I < Entries.size(); ++I)
    if (Entries[I].Key == Entries[I - 1].Key && !Entries[I].When.conditional() && !Entries[I - 1].When.conditional())
      return fail("two models of " + Entries[I].Key);

  std::error_code EC;
  raw_fd_ostream OS(Argv[1], EC);
  if (EC)
    return fail(Twine(Argv[1]) + ": " + EC.message());
  Pool P;
  P.offset("");
  std::string Rows, Keys;
  raw_string_ostream RowsOS(Rows), KeysOS(Keys);
  unsigned Row = 0;
  std::map<std::string, unsigned> Known; // lists of effects repeat: each is stored once
  for (const ModelEntry &E : Entries) {
    std::string List;
    raw_string_ostream ListOS(List);
    for (const OwnedEffect &X : E.Effects)
      ListOS << "  {" << unsigned(X.E) << ", " << X.A << ", " << X.B << ", " << X.C << ", " << unsigned(X.Mode) << ", "
             << P.offset(X.Text) << "},\n";
    auto [First, New] = Known.try_emplace(List, Row);
    if (New) {
      RowsOS << List;
      Row += E.Effects.size();
    }
    KeysOS << "  {" << P.offset(E.Key) << ", " << P.offset(E.When.Parameter) << ", " << First->second << ", "
           << E.Effects.size() << ", " << E.When.Parameters << ", " << (E.When.Const ? "true" : "false") << "}, // "
           << E.Key << "\n";
  }
  std::string Names;
  raw_string_ostream NamesOS(Names);
  auto List = [&](StringRef Name, const std::set<std::string> &Set) {
    NamesOS << "constexpr uint32_t " << Name << "[] = {";
    for (const std::string &S : Set)
      NamesOS << P.offset(S) << ", ";
    NamesOS << "};\n";
  };
  List("Libraries", Libraries);
  List("MapTypes", MapTypes);
  OS << "// Written by emm-modelc from passes/models/*.yaml.\n";
  P.write(OS);
  OS << "constexpr ModelRow Rows[] = {\n" << Rows << "};\nconstexpr ModelKey Keys[] = {\n" << Keys << "};\n" << Names;
  return 0;
}
