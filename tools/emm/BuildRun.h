//===- tools/emm/BuildRun.h - a build under emm ---------------------------===//
//
// Runs a command with the plugin injected into every clang it starts, through
// clang's CCC_OVERRIDE_OPTIONS: no build file is edited. The plugin leaves a copy
// of each record in a directory of this run (EMM_COPY), beside the one in the
// object, so that objects that the build deletes are not lost. A compiler cache
// is told about the plugin (CCACHE_EXTRAFILES), so that it delivers objects with
// records or none.
//
//===----------------------------------------------------------------------===//

#ifndef EMM_TOOLS_EMM_BUILDRUN_H
#define EMM_TOOLS_EMM_BUILDRUN_H

#include "llvm/Support/Error.h"

#include <string>
#include <vector>

namespace emm {

/// A directory that exists as long as the object does.
class RunDirectory {
public:
  static llvm::Expected<RunDirectory> create();
  RunDirectory(RunDirectory &&Other) : Path(std::move(Other.Path)) { Other.Path.clear(); }
  ~RunDirectory();

  const std::string &path() const { return Path; }
  std::string records() const { return Path + "/records"; }
  /// Majors of clangs that loaded the plugin and are not the one it was built for.
  std::vector<std::string> declined() const;

private:
  explicit RunDirectory(std::string Path) : Path(std::move(Path)) {}
  std::string Path;
};

/// Sets the environment of this process, and so of what it starts, to inject \p Plugin.
llvm::Error injectPlugin(llvm::StringRef Plugin, const RunDirectory &Run);

/// While it exists, interrupts reach the commands that run and not this process, which reports on what was built. One at
/// a time.
struct Patience {
  Patience();
  ~Patience();
};

/// Starts \p Command and waits. The result is what a shell would return: the exit status, 128+n after signal n, 126 or 127
/// if it cannot be started. May run in several threads at once.
int runCommand(const std::vector<std::string> &Command, llvm::StringRef Directory = "", bool Quiet = false);

/// Compiles every entry of a compile_commands.json again, into objects that are thrown away. Returns the number of entries
/// that failed. Entries whose compiler is no clang are compiled by emm's.
llvm::Expected<size_t> replayCommands(llvm::StringRef BuildDirectory, const RunDirectory &Run, unsigned Jobs);

} // namespace emm

#endif
