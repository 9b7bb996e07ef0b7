//===- tools/emm/Command.h - what the subcommands share -------------------===//
//
// A subcommand is a function that adds itself to the parser; its callback does
// the work through reports/ and sets the exit code. Errors are one line each:
// `emm: error: FILE: reason`.
//
//===----------------------------------------------------------------------===//

#ifndef EMM_TOOLS_EMM_COMMAND_H
#define EMM_TOOLS_EMM_COMMAND_H

#include "reports/gate/Gate.h"
#include "reports/record/Report.h"
#include "reports/text/Log.h"

#include "llvm/Support/Error.h"

#include <CLI/CLI.hpp>

#include <memory>
#include <string>
#include <vector>

namespace emm {

/// Options of every subcommand that reads records.
struct InputOptions {
  std::vector<std::string> Names;
  std::string SourceRoot, CompileCommands, ConfigFile;
  unsigned Threads = 0;

  /// \p Positional: also the INPUT arguments.
  void addTo(CLI::App &App, bool Positional = true);
};

/// A report as a command sees it: configured, suppressions applied.
struct Loaded {
  Report R;
  Config C;
  bool Incomplete = false;
};

/// Reads \p Names. What was skipped or is missing is said on stderr.
llvm::Expected<Loaded> load(const InputOptions &O);
llvm::Expected<Loaded> load(const InputOptions &O, llvm::ArrayRef<std::string> Names);

/// Options that choose what is shown.
struct ShowOptions {
  std::string Level;
  std::vector<std::string> Only, Paths;
  bool NoSuppressed = false, Almost = false;

  void addTo(CLI::App &App);
  llvm::Expected<std::vector<uint32_t>> select(const Report &R, emm::Level Default) const;
};

/// Prints each error as a line of its own; returns BadUsage.
int report(llvm::Error E);

/// True if colours are wanted on the standard output, by NO_COLOR, CLICOLOR_FORCE or because it is a terminal.
bool wantsColor();

/// Calls \p Write with a stream that becomes \p File when all went well; `-` and the empty name are the standard output.
llvm::Error writeFile(llvm::StringRef File, llvm::function_ref<llvm::Error(llvm::raw_ostream &)> Write);

/// The program's own path, and that of the plugin that belongs to it.
std::string programPath();
std::string pluginPath();

void addLog(CLI::App &App, int &Exit);
void addReport(CLI::App &App, int &Exit);
void addAnnotate(CLI::App &App, int &Exit);
void addBaseline(CLI::App &App, int &Exit);
void addGate(CLI::App &App, int &Exit);
void addExplain(CLI::App &App, int &Exit);
void addDiff(CLI::App &App, int &Exit);
void addAtomics(CLI::App &App, int &Exit);
void addRun(CLI::App &App, int &Exit);
void addCompilers(CLI::App &App);

/// `emm cc ARGS...` and `emm c++ ARGS...`: becomes the compiler. Returns only on failure.
int runCompiler(llvm::StringRef Name, llvm::ArrayRef<const char *> Args);

} // namespace emm

#endif
