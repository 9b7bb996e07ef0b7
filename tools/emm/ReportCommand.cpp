//===- tools/emm/ReportCommand.cpp - emm report ---------------------------===//

#include "tools/emm/Command.h"

#include "reports/html/Html.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Process.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;

namespace emm {

namespace {

struct ReportArguments {
  InputOptions Input;
  ShowOptions Show;
  HtmlOptions Page;
  std::string BaselineFile;
  bool NoSource = false;

  int run();
};

int ReportArguments::run() {
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
  GateResult G = runGate(L->R, L->C, Known);
  // A page without a baseline says what there is; only `emm gate` makes every warning a failure.
  if (Known) {
    std::string Reason = G.Reasons.empty() ? "nothing new" : join(G.Reasons, "; ");
    Page.Verdict = HtmlVerdict{G.Code == Passed, (L->Incomplete ? "the input is incomplete; " : "") + Reason};
  }
  Expected<std::vector<uint32_t>> Wanted = Show.select(L->R, Level::Note);
  if (!Wanted)
    return report(Wanted.takeError());
  if (Wanted->size() != L->R.Entries.size()) {
    std::vector<Entry> Kept;
    for (uint32_t I : *Wanted)
      Kept.push_back(L->R.Entries[I]);
    L->R.Entries = std::move(Kept);
  }
  Page.WithSources = !NoSource;
  Page.Threads = Input.Threads;
  if (sys::Process::StandardErrIsDisplayed())
    Page.Progress = &errs();
  if (Error E = writeHtmlReport(L->R, Page))
    return report(std::move(E));
  outs() << Page.Output << (Page.SingleFile ? "" : "/index.html") << '\n';
  return L->Incomplete ? IncompleteInput : Passed;
}

} // namespace

void addReport(CLI::App &App, int &Exit) {
  CLI::App &Sub = *App.add_subcommand("report", "Write pages with the annotated sources, to open from disk");
  auto A = std::make_shared<ReportArguments>();
  A->Page.Output = "report";
  A->Input.addTo(Sub);
  A->Show.addTo(Sub);
  Sub.add_option("-o,--output", A->Page.Output, "The directory, or with --single-file the file")->capture_default_str();
  Sub.add_option("--title", A->Page.Title, "Heading of the pages");
  Sub.add_option("-b,--baseline", A->BaselineFile, "Show what is new compared with it");
  Sub.add_option("--source-dir", A->Page.SourceRoots,
                 "Directories that sources may be read from (default: the project's root)");
  Sub.add_flag("--single-file", A->Page.SingleFile, "One file, for mail");
  Sub.add_flag("--no-source", A->NoSource, "Leave the text of the sources out");
  Sub.add_flag("--open", A->Page.OpenBrowser, "Open the result in the browser");
  Sub.callback([A, &Exit] { Exit = A->run(); });
}

} // namespace emm
