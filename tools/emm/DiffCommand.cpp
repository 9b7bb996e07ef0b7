//===- tools/emm/DiffCommand.cpp - emm diff --------------------------------===//

#include "tools/emm/Command.h"

#include "reports/gate/Diff.h"
#include "reports/html/Html.h"

#include "llvm/Support/raw_ostream.h"

using namespace llvm;

namespace emm {

namespace {

struct DiffArguments {
  InputOptions Input;
  ShowOptions Show;
  std::string OldName, NewName, Format = "text", Output;
  bool Numbers = false;

  int run() const;
};

Expected<Loaded> loadSide(const InputOptions &O, const ShowOptions &Show, const std::string &Name) {
  Expected<Loaded> L = load(O, {Name});
  if (!L)
    return L.takeError();
  Expected<std::vector<uint32_t>> Wanted = Show.select(L->R, Level::Note);
  if (!Wanted)
    return Wanted.takeError();
  std::vector<Entry> Kept;
  for (uint32_t I : *Wanted)
    Kept.push_back(L->R.Entries[I]);
  L->R.Entries = std::move(Kept);
  return L;
}

int DiffArguments::run() const {
  Expected<Loaded> Old = loadSide(Input, Show, OldName);
  if (!Old)
    return report(Old.takeError());
  Expected<Loaded> New = loadSide(Input, Show, NewName);
  if (!New)
    return report(New.takeError());
  ReportDiff D = diffReports(Old->R, New->R, {Numbers});
  if (Output.empty()) {
    bool Json = Format == "json";
    if (Error E = writeFile("-", [&](raw_ostream &OS) {
          Json ? writeDiffJson(OS, Old->R, New->R, D) : writeDiffText(OS, Old->R, New->R, D, wantsColor());
          return Error::success();
        }))
      return report(std::move(E));
  } else {
    HtmlOptions H;
    H.Output = Output;
    H.Title = OldName + " to " + NewName;
    if (Error E = writeHtmlReport(diffAsReport(Old->R, New->R, D), H))
      return report(std::move(E));
    outs() << Output << "/index.html\n";
  }
  return Old->Incomplete || New->Incomplete ? IncompleteInput : Passed;
}

} // namespace

void addDiff(CLI::App &App, int &Exit) {
  CLI::App &Sub = *App.add_subcommand("diff", "Compare the decisions of two builds");
  auto A = std::make_shared<DiffArguments>();
  Sub.add_option("OLD", A->OldName, "Object, archive, remark file or directory")->required();
  Sub.add_option("NEW", A->NewName, "The same of the other build")->required();
  A->Input.addTo(Sub, /*Positional=*/false);
  A->Show.addTo(Sub);
  CLI::Option *Format =
      Sub.add_option("-f,--format", A->Format, "text (the default) or json")->check(CLI::IsMember({"text", "json"}));
  Sub.add_option("-o,--output", A->Output, "Write pages into this directory instead")->excludes(Format);
  Sub.add_flag("--numbers", A->Numbers, "Also decisions of which only numbers changed");
  Sub.callback([A, &Exit] { Exit = A->run(); });
}

} // namespace emm
