//===- tools/emm/GateCommand.cpp - emm gate, emm baseline -----------------===//

#include "tools/emm/Command.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;

namespace emm {

namespace {

struct GateArguments {
  InputOptions Input;
  std::string BaselineFile, Format = "clang", Level;

  int run() const;
};

std::string listed(ArrayRef<std::string> Words) { return Words.empty() ? "nothing" : join(Words, "; "); }

void printVerdict(raw_ostream &OS, const GateArguments &A, const GateResult &G) {
  OS << "emm gate: " << (G.Code == Passed ? "passed" : G.Code == GateFailed ? "failed" : "incomplete input");
  if (!G.Reasons.empty())
    OS << ": " << join(G.Reasons, "; ");
  std::vector<std::string> Known;
  auto Add = [&](size_t N, const char *Word) {
    if (N)
      Known.push_back(formatv("{0} {1}", N, Word));
  };
  Add(G.Unchanged, "known");
  Add(G.Updated, "known with another text");
  Add(G.Suppressed, "suppressed");
  Add(G.Match.Fixed.size(), "fixed");
  Add(G.Match.NotRead.size(), "in files that were not read");
  if (!Known.empty())
    OS << " (" << join(Known, ", ") << ")";
  OS << '\n';
  if (!G.Match.Fixed.empty())
    OS << "emm gate: the baseline holds what is fixed; take it out: emm baseline --prune -o " << A.BaselineFile
       << " INPUT...\n";
}

int GateArguments::run() const {
  std::optional<Baseline> Known;
  if (!BaselineFile.empty()) {
    Expected<Baseline> B = readBaseline(BaselineFile);
    if (!B)
      return report(B.takeError());
    Known = std::move(*B);
  }
  Expected<Loaded> L = load(Input);
  if (!L)
    return report(L.takeError());
  if (!Level.empty())
    L->C.GateLevel = *parseLevel(Level);
  if (Known && Known->Builds != buildsOf(L->R))
    errs() << "emm: warning: " << BaselineFile << ": made with " << listed(Known->Builds) << ", compared with "
           << listed(buildsOf(L->R)) << '\n';
  GateResult G = runGate(L->R, L->C, Known);
  if (L->Incomplete)
    G.Code = IncompleteInput;
  LogOptions O;
  O.Format = *parseLogFormat(Format);
  O.Color = wantsColor();
  if (Error E = writeFile("-", [&](raw_ostream &OS) {
        writeLog(OS, L->R, G.Failing, O);
        return Error::success();
      }))
    return report(std::move(E));
  printVerdict(errs(), *this, G);
  return G.Code;
}

struct BaselineArguments {
  InputOptions Input;
  std::string Output = "emm-baseline.tsv", Level;
  bool Prune = false;

  int run() const;
};

int BaselineArguments::run() const {
  std::optional<Baseline> Old;
  if (Prune) {
    Expected<Baseline> B = readBaseline(Output);
    if (!B)
      return report(B.takeError());
    Old = std::move(*B);
  }
  Expected<Loaded> L = load(Input);
  if (!L)
    return report(L.takeError());
  // A baseline of half a build would make the other half look new.
  if (L->Incomplete)
    return IncompleteInput;
  emm::Level Least = Level.empty() ? L->C.GateLevel : *parseLevel(Level);
  size_t Removed = 0;
  if (Old) {
    BaselineMatch M = matchBaseline(L->R, *Old, Least);
    for (Entry &E : L->R.Entries)
      if (E.State == EntryState::New)
        E.Severity = emm::Level::Off;
    Removed = M.Fixed.size();
    Baseline Kept = makeBaseline(L->R, Least);
    llvm::move(M.NotRead, std::back_inserter(Kept.Rows));
    llvm::stable_sort(Kept.Rows, [](const BaselineRow &X, const BaselineRow &Y) {
      return std::tie(X.Path, X.Rule, X.Id) < std::tie(Y.Path, Y.Rule, Y.Id);
    });
    Old = std::move(Kept);
  } else {
    Old = makeBaseline(L->R, Least);
  }
  if (Error E = writeFile(Output, [&](raw_ostream &OS) {
        writeBaseline(OS, *Old);
        return Error::success();
      }))
    return report(std::move(E));
  errs() << "emm baseline: " << Old->Rows.size() << " finding" << (Old->Rows.size() == 1 ? "" : "s") << " in " << Output;
  if (Prune)
    errs() << ", " << Removed << " fixed taken out";
  errs() << '\n';
  return Passed;
}

void addLevel(CLI::App &Sub, std::string &Level, const char *Text) {
  Sub.add_option("--level", Level, Text)->check(CLI::IsMember({"note", "warning", "error"}));
}

} // namespace

void addGate(CLI::App &App, int &Exit) {
  CLI::App &Sub = *App.add_subcommand("gate", "Fail on warnings, or with a baseline on new ones, and say why");
  auto A = std::make_shared<GateArguments>();
  A->Input.addTo(Sub);
  Sub.add_option("-b,--baseline", A->BaselineFile, "What is accepted, as emm baseline wrote it");
  addLevel(Sub, A->Level, "The least level that fails (configuration: gate/level; else warning)");
  std::vector<std::string> Formats;
  for (StringRef Name : logFormatNames())
    Formats.push_back(Name.str());
  Sub.add_option("-f,--format", A->Format, "How what fails is printed, as in emm log")->check(CLI::IsMember(Formats));
  Sub.callback([A, &Exit] { Exit = A->run(); });
}

void addBaseline(CLI::App &App, int &Exit) {
  CLI::App &Sub = *App.add_subcommand("baseline", "Write down the findings that the gate accepts");
  auto A = std::make_shared<BaselineArguments>();
  A->Input.addTo(Sub);
  Sub.add_option("-o,--output", A->Output, "The file to write")->capture_default_str();
  addLevel(Sub, A->Level, "The least level written down (configuration: gate/level; else warning)");
  Sub.add_flag("--prune", A->Prune, "Only take out of the file what is fixed; add nothing");
  Sub.callback([A, &Exit] { Exit = A->run(); });
}

} // namespace emm
