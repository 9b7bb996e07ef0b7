//===- tools/emm/Common.cpp - loading, colours, output files --------------===//

#include "tools/emm/Command.h"

#include "reports/gate/Suppressions.h"
#include "reports/program/ProgramAnalysis.h"
#include "reports/record/Reader.h"

#include "llvm/Support/FileSystem.h"
#include "llvm/Support/FileUtilities.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Process.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;

namespace emm {

void InputOptions::addTo(CLI::App &App, bool Positional) {
  if (Positional)
    App.add_option("INPUT", Names, "Objects, archives, remark files (.opt.yaml, .opt.bitstream), directories")
        ->required();
  App.add_option("--source-root", SourceRoot, "Directory of the sources, which names are relative to");
  App.add_option("--compile-commands", CompileCommands,
                 "compile_commands.json that tells the working directories of remark files without header");
  App.add_option("--config", ConfigFile, "Read this file instead of the nearest .emm.yaml");
  App.add_option("--threads", Threads, "Threads for reading; 0 (the default) as many as the machine has");
}

int report(Error E) {
  handleAllErrors(std::move(E), [](const ErrorInfoBase &I) { errs() << "emm: error: " << I.message() << '\n'; });
  return BadUsage;
}

bool wantsColor() {
  if (auto No = sys::Process::GetEnv("NO_COLOR"); No && !No->empty())
    return false;
  if (auto Force = sys::Process::GetEnv("CLICOLOR_FORCE"); Force && !Force->empty() && *Force != "0")
    return true;
  return sys::Process::StandardOutIsDisplayed() && sys::Process::StandardOutHasColors();
}

Error writeFile(StringRef File, function_ref<Error(raw_ostream &)> Write) {
  // Buffered as a whole, so that a failure while writing leaves neither half a file nor half an output.
  std::string Text;
  raw_string_ostream Buffer(Text);
  if (Error E = Write(Buffer))
    return E;
  if (File.empty() || File == "-") {
    outs() << Text;
    outs().flush();
    if (outs().has_error()) {
      std::error_code EC = outs().error();
      outs().clear_error();
      // The reader went away (`emm log | head`): not an error of ours.
      if (EC != std::errc::broken_pipe)
        return createStringError(EC, "standard output: %s", EC.message().c_str());
    }
    return Error::success();
  }
  Error E = writeToOutput(File, [&](raw_ostream &OS) {
    OS << Text;
    return Error::success();
  });
  if (E)
    return createStringError(inconvertibleErrorCode(), "%s: %s", File.str().c_str(), toString(std::move(E)).c_str());
  return Error::success();
}

std::string programPath() {
  static int Anchor;
  return sys::fs::getMainExecutable("emm", &Anchor);
}

std::string pluginPath() {
  SmallString<256> Path(sys::path::parent_path(sys::path::parent_path(programPath())));
  sys::path::append(Path, "lib", "emm.so");
  return std::string(Path);
}

Expected<Loaded> load(const InputOptions &O, ArrayRef<std::string> Names) {
  ReadOptions Read;
  Read.SourceRoot = O.SourceRoot;
  Read.CompileCommands = O.CompileCommands;
  Read.Threads = O.Threads;
  bool IsTerminal = sys::Process::StandardErrIsDisplayed();
  size_t Shown = 0;
  auto Progress = [&](size_t Done, size_t All) {
    // Short work is over before anybody reads a line about it.
    if (!IsTerminal || All < 64 || Done * 100 / All == Shown)
      return;
    Shown = Done * 100 / All;
    errs() << "\remm: reading " << Shown << " %" << (Done == All ? "\r                 \r" : "");
  };
  Read.Progress = Progress;
  Read.KeepSummaries = true;
  Expected<Report> R = readReport(Names, Read);
  if (!R)
    return R.takeError();
  analyseProgram(*R);
  Expected<Config> C = !O.ConfigFile.empty() ? loadConfig(O.ConfigFile) : loadConfigFor(R->Root.empty() ? "." : R->Root);
  if (!C)
    return C.takeError();
  Loaded L{std::move(*R), std::move(*C)};
  if (size_t LeftOut = applyConfig(L.R, L.C))
    errs() << "emm: note: " << LeftOut << (LeftOut == 1 ? " finding" : " findings")
           << " in excluded paths and system headers left out (.emm.yaml: paths)\n";
  applySuppressions(L.R);
  for (const InputProblem &P : L.R.Problems) {
    errs() << (P.Incomplete ? "emm: error: " : "emm: warning: ") << P.Input << ": " << P.Message << '\n';
    L.Incomplete |= P.Incomplete;
  }
  if (L.R.Units.empty() && !L.Incomplete) {
    errs() << "emm: error: " << Names.front() << (Names.size() > 1 ? " and others" : "")
           << ": no record found (compiled without the plugin?)\n";
    L.Incomplete = true;
  }
  return L;
}

Expected<Loaded> load(const InputOptions &O) { return load(O, O.Names); }

void ShowOptions::addTo(CLI::App &App) {
  App.add_option("--level", Level, "The least level shown: note, warning, error")
      ->check(CLI::IsMember({"note", "warning", "error"}));
  App.add_option("--only", Only, "Families, rules or passes to show: escape,map/nil-write,inline")
      ->delimiter(',')
      ->allow_extra_args(false);
  App.add_option("--path", Paths, "Globs of source files to show (`*` crosses `/`)")
      ->delimiter(',')
      ->allow_extra_args(false);
  App.add_flag("--no-suppressed", NoSuppressed, "Leave out what an emm:ignore comment silences");
}

Expected<std::vector<uint32_t>> ShowOptions::select(const Report &R, emm::Level Default) const {
  Selection S;
  S.Least = Level.empty() ? Default : *parseLevel(Level);
  S.Families = Only;
  S.Paths = Paths;
  S.Suppressed = !NoSuppressed;
  S.Almost = Almost;
  return S.select(R);
}

} // namespace emm
