//===- tools/emm/RunCommand.cpp - emm run ---------------------------------===//

#include "tools/emm/BuildRun.h"
#include "tools/emm/Command.h"
#include "tools/emm/RecordSearch.h"

#include "reports/html/Html.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Config/llvm-config.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"

#include <chrono>

using namespace llvm;

namespace emm {

namespace {

struct RunArguments {
  InputOptions Input;
  std::vector<std::string> Command;
  std::string Output = "report", BuildDirectory, Plugin;
  unsigned Jobs = 0;
  bool NoReport = false;

  int run();

private:
  int build(const RunDirectory &Run);
  void summary(const RunDirectory &Run, const FoundRecords &Found);
  Error page(const FoundRecords &Found);
  size_t Failed = 0;
};

std::string counted(size_t N, StringRef Word) { return formatv("{0} {1}{2}", N, Word, N == 1 ? "" : "s"); }

int RunArguments::build(const RunDirectory &Run) {
  Patience Wait;
  if (BuildDirectory.empty())
    return runCommand(Command);
  Expected<size_t> Result = replayCommands(BuildDirectory, Run, Jobs);
  if (!Result)
    return report(Result.takeError());
  Failed = *Result;
  return Failed ? GateFailed : Passed;
}

/// What happened to units that are not in the report.
void RunArguments::summary(const RunDirectory &Run, const FoundRecords &Found) {
  for (const std::string &Major : Run.declined())
    outs() << "emm run: clang " << Major << " compiled without emm: this plugin is built for LLVM " << LLVM_VERSION_MAJOR
           << "; use CC=clang-" << LLVM_VERSION_MAJOR << " CXX=clang++-" << LLVM_VERSION_MAJOR
           << ", name one built for LLVM " << Major << " with --plugin, or put it beside this one as emm-" << Major
           << ".so\n";
  if (!Found.WithoutRecord.empty()) {
    outs() << "emm run: " << counted(Found.WithoutRecord.size(), "object") << " without a record, not compiled by clang "
           << LLVM_VERSION_MAJOR << " with emm: ";
    outs() << join(ArrayRef(Found.WithoutRecord).take_front(3), ", ")
           << (Found.WithoutRecord.size() > 3 ? ", ...\n" : "\n");
  }
  if (Found.Stale)
    outs() << "emm run: " << counted(Found.Stale, "object") << " older than the source left out\n";
  if (Failed)
    outs() << "emm run: " << counted(Failed, "command") << " of " << BuildDirectory << " failed\n";
  if (Found.Inputs.empty())
    outs() << "emm run: nothing was compiled by clang: is everything up to date, or is another compiler used? "
           << "(CC=clang-" << LLVM_VERSION_MAJOR << " CXX=clang++-" << LLVM_VERSION_MAJOR << ")\n";
}

Error RunArguments::page(const FoundRecords &Found) {
  Expected<Loaded> L = load(Input, Found.Inputs);
  if (!L)
    return L.takeError();
  (void)runGate(L->R, L->C, std::nullopt); // for the states of entries
  size_t ByLevel[4] = {};
  for (const Entry &E : L->R.Entries)
    if (E.State != EntryState::Suppressed)
      ++ByLevel[static_cast<unsigned>(E.Severity)];
  outs() << "emm run: " << counted(L->R.Units.size(), "unit") << " (" << Found.Compiled << " compiled now), ";
  if (size_t Errors = ByLevel[static_cast<unsigned>(Level::Error)])
    outs() << counted(Errors, "error") << ", ";
  outs() << counted(ByLevel[static_cast<unsigned>(Level::Warning)], "warning") << ", "
         << counted(ByLevel[static_cast<unsigned>(Level::Note)], "note") << '\n';
  if (NoReport)
    return Error::success();
  HtmlOptions Page;
  Page.Output = Output;
  if (Error E = writeHtmlReport(L->R, Page))
    return E;
  outs() << "emm run: " << Output << "/index.html\n";
  return Error::success();
}

int RunArguments::run() {
  if (Command.empty() == BuildDirectory.empty()) {
    errs() << "emm: error: run: give a command after `--`, or a build directory with -p\n";
    return BadUsage;
  }
  Expected<RunDirectory> Run = RunDirectory::create();
  if (!Run)
    return report(Run.takeError());
  if (Error E = injectPlugin(Plugin.empty() ? pluginPath() : Plugin, *Run))
    return report(std::move(E));
  auto Start = std::chrono::time_point_cast<std::chrono::nanoseconds>(std::chrono::system_clock::now());
  int Status = build(*Run);
  FoundRecords Found = searchRecords(Run->records(), BuildDirectory.empty() ? "." : Run->path(), Start);
  summary(*Run, Found);
  if (Found.Inputs.empty())
    return Status;
  if (Error E = page(Found)) {
    int Code = report(std::move(E));
    return Status ? Status : Code;
  }
  return Status;
}

} // namespace

void addRun(CLI::App &App, int &Exit) {
  CLI::App &Sub = *App.add_subcommand("run", "Run a build with the plugin in every clang, and report on all of it");
  Sub.footer("Examples:\n  emm run -o report -- make -j8\n  emm run -- cmake --build build\n  emm run -p build\n"
             "The exit code is the build's.");
  auto A = std::make_shared<RunArguments>();
  Sub.add_option("COMMAND", A->Command, "The build, after `--`");
  Sub.add_option("-o,--output", A->Output, "Directory of the report")->capture_default_str();
  Sub.add_option("-p", A->BuildDirectory, "Compile again what DIR/compile_commands.json lists");
  Sub.add_option("-j,--jobs", A->Jobs, "With -p: how many at once; 0 as many as the machine has");
  Sub.add_option("--plugin", A->Plugin, "Another build of the plugin (default: ../lib/emm.so beside emm)");
  Sub.add_flag("--no-report", A->NoReport, "Only the summary");
  A->Input.addTo(Sub, /*Positional=*/false);
  Sub.callback([A, &Exit] { Exit = A->run(); });
}

} // namespace emm
