//===- tools/emm/LogCommand.cpp - emm log, emm annotate, emm explain ------===//

#include "tools/emm/Command.h"

#include "reports/text/Annotate.h"

#include "llvm/Support/raw_ostream.h"

using namespace llvm;

namespace emm {

namespace {

struct LogArguments {
  InputOptions Input;
  ShowOptions Show;
  std::string Format = "go", Output, BaselineFile;
  int Verbosity = 0;
  unsigned Limit = 10;

  int run() const;
};

int LogArguments::run() const {
  LogOptions O;
  O.Format = *parseLogFormat(Format);
  // What was missing, and the cheapest change, stand in the steps.
  O.Verbosity = Show.Almost ? 2 : std::clamp(Verbosity, 1, 2);
  O.Limit = Limit;
  O.Color = (Output.empty() || Output == "-") && wantsColor();
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
  if (Known)
    matchBaseline(L->R, *Known, L->C.GateLevel);
  // Formats for people who want to act show what can be acted on; those for programs show everything.
  bool Problems = O.Format == LogFormat::Clang || O.Format == LogFormat::GitHub || O.Format == LogFormat::JUnit;
  Expected<std::vector<uint32_t>> Entries = Show.select(L->R, Problems && !Show.Almost ? Level::Warning : Level::Note);
  if (!Entries)
    return report(Entries.takeError());
  if (Error E = writeFile(Output, [&](raw_ostream &OS) {
        writeLog(OS, L->R, *Entries, O);
        return Error::success();
      }))
    return report(std::move(E));
  return L->Incomplete ? IncompleteInput : Passed;
}

struct AnnotateArguments {
  InputOptions Input;
  ShowOptions Show;
  std::string File;
  int Context = -1, Verbosity = 0;

  int run() const;
};

int AnnotateArguments::run() const {
  Expected<Loaded> L = load(Input);
  if (!L)
    return report(L.takeError());
  Expected<uint32_t> Source = findSourceFile(L->R, File);
  if (!Source)
    return report(Source.takeError());
  Expected<std::vector<uint32_t>> Entries = Show.select(L->R, Level::Note);
  if (!Entries)
    return report(Entries.takeError());
  AnnotateOptions O;
  O.Context = Context < 0 ? ~0u : unsigned(Context);
  O.Verbosity = std::clamp(Verbosity, 1, 2);
  O.Color = wantsColor();
  if (Error E = writeFile("-", [&](raw_ostream &OS) { return writeAnnotated(OS, L->R, *Source, *Entries, O); }))
    return report(std::move(E));
  return L->Incomplete ? IncompleteInput : Passed;
}

void printExample(raw_ostream &OS, StringRef Heading, StringRef Code) {
  if (Code.empty())
    return;
  OS << '\n' << Heading << ":\n";
  while (!Code.empty()) {
    auto [Line, Rest] = Code.split('\n');
    OS << "    " << Line << '\n';
    Code = Rest;
  }
}

/// Breaks \p Text at blanks so that lines have at most 96 columns.
void printWrapped(raw_ostream &OS, StringRef Text) {
  size_t Column = 0;
  while (!Text.empty()) {
    auto [Word, Rest] = Text.split(' ');
    if (Column && Column + 1 + Word.size() > 96) {
      OS << '\n';
      Column = 0;
    }
    OS << (Column ? " " : "") << Word;
    Column += (Column ? 1 : 0) + Word.size();
    Text = Rest;
  }
  OS << '\n';
}

int explain(StringRef Id) {
  if (Id.empty()) {
    for (const RuleInfo &I : allRules())
      outs() << left_justify(I.Id, 26) << ' ' << left_justify(levelName(I.DefaultLevel), 8) << I.Title << '\n';
    return Passed;
  }
  std::optional<Rule> R = findRule(Id);
  if (!R) {
    errs() << "emm: error: " << Id << ": no such rule, did you mean " << nearestRule(Id) << "?\n";
    return BadUsage;
  }
  const RuleInfo &I = ruleInfo(*R);
  outs() << I.Id << " (" << levelName(I.DefaultLevel) << ")\n" << I.Title << "\n";
  for (StringRef Help = I.Help; !Help.empty();) {
    auto [Paragraph, Rest] = Help.split("\n\n");
    outs() << '\n';
    printWrapped(outs(), Paragraph);
    Help = Rest;
  }
  printExample(outs(), "Reported", I.Bad);
  printExample(outs(), "Instead", I.Good);
  return Passed;
}

} // namespace

void addLog(CLI::App &App, int &Exit) {
  CLI::App &Sub = *App.add_subcommand("log", "Print findings as text, or for another tool");
  auto A = std::make_shared<LogArguments>();
  A->Input.addTo(Sub);
  A->Show.addTo(Sub);
  std::vector<std::string> Formats;
  for (StringRef Name : logFormatNames())
    Formats.push_back(Name.str());
  Sub.add_option("-f,--format", A->Format, "go (the default), clang, json, sarif, github, gitlab, junit, rdjson, openmetrics")
      ->check(CLI::IsMember(Formats));
  Sub.add_option("-o,--output", A->Output, "Write this file instead of the standard output");
  Sub.add_option("--baseline", A->BaselineFile, "Tell new from known findings");
  Sub.add_flag("--almost", A->Show.Almost,
               "Calls refused by at most a fifth of the threshold, in a loop or run in a profile; the most to gain first: by "
               "runs, then loops, then how little was missing");
  Sub.add_option("--limit", A->Limit, "github: annotations of each level, 0 for all")->capture_default_str();
  Sub.add_flag("-m", A->Verbosity, "go: twice for the explanations, as in Go");
  Sub.callback([A, &Exit] { Exit = A->run(); });
}

void addAnnotate(CLI::App &App, int &Exit) {
  CLI::App &Sub = *App.add_subcommand("annotate", "Show one source file with its findings in the terminal");
  auto A = std::make_shared<AnnotateArguments>();
  Sub.add_option("FILE", A->File, "The source file, or the end of its path")->required();
  A->Input.addTo(Sub);
  A->Show.addTo(Sub);
  Sub.add_option("-c,--context", A->Context, "Show only this many lines around findings");
  Sub.add_flag("-m", A->Verbosity, "Twice: with the steps that explain each finding");
  Sub.callback([A, &Exit] { Exit = A->run(); });
}

void addExplain(CLI::App &App, int &Exit) {
  CLI::App &Sub = *App.add_subcommand("explain", "Say what a rule means; without one, list all rules");
  auto Id = std::make_shared<std::string>();
  Sub.add_option("RULE", *Id, "For example map/concurrent-write");
  Sub.callback([Id, &Exit] { Exit = explain(*Id); });
}

} // namespace emm
