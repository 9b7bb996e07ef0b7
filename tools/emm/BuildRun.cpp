//===- tools/emm/BuildRun.cpp - environment and child process -------------===//

#include "tools/emm/BuildRun.h"

#include "llvm/ADT/SmallString.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Process.h"
#include "llvm/Support/raw_ostream.h"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace llvm;

namespace emm {

Expected<RunDirectory> RunDirectory::create() {
  SmallString<128> Path;
  if (std::error_code EC = sys::fs::createUniqueDirectory("emm-run", Path))
    return createStringError(EC, "a directory for this run: %s", EC.message().c_str());
  RunDirectory Run{std::string(Path)};
  if (std::error_code EC = sys::fs::create_directory(Run.records()))
    return createStringError(EC, "%s: %s", Run.records().c_str(), EC.message().c_str());
  return Run;
}

RunDirectory::~RunDirectory() {
  if (!Path.empty())
    sys::fs::remove_directories(Path);
}

std::vector<std::string> RunDirectory::declined() const {
  std::vector<std::string> Majors;
  std::error_code EC;
  for (sys::fs::directory_iterator It(records(), EC), End; It != End && !EC; It.increment(EC))
    if (StringRef Name = sys::path::filename(It->path()); Name.consume_front("declined-"))
      Majors.push_back(Name.str());
  std::sort(Majors.begin(), Majors.end());
  return Majors;
}

static std::string valueOf(const char *Name) { return sys::Process::GetEnv(Name).value_or(""); }

/// The plugin and those for other clangs beside it, which it hands over to.
static std::vector<std::string> pluginFamily(StringRef Plugin) {
  std::vector<std::string> Files{Plugin.str()};
  SmallString<256> Real;
  if (sys::fs::real_path(Plugin, Real))
    return Files;
  std::error_code EC;
  for (sys::fs::directory_iterator It(sys::path::parent_path(Real), EC), End; It != End && !EC; It.increment(EC))
    if (StringRef Name = sys::path::filename(It->path()); Name.starts_with("emm-") && Name.ends_with(".so"))
      Files.push_back(It->path());
  std::sort(Files.begin() + 1, Files.end());
  return Files;
}

Error injectPlugin(StringRef Plugin, const RunDirectory &Run) {
  std::string Path = Plugin.str();
  if (!sys::fs::exists(Path))
    return createStringError(std::errc::no_such_file_or_directory, "%s: no such plugin", Path.c_str());
  // Edits are separated by blanks and cannot be quoted.
  if (Path.find(' ') != std::string::npos) {
    std::string Link = Run.path() + "/emm.so";
    if (std::error_code EC = sys::fs::create_link(Path, Link))
      return createStringError(EC, "%s: %s", Link.c_str(), EC.message().c_str());
    Path = Link;
    if (Path.find(' ') != std::string::npos)
      return createStringError(std::errc::invalid_argument, "%s: clang cannot be given a path with a blank; set TMPDIR",
                               Path.c_str());
  }
  // The user's own edits stay, and stay as talkative as they were. Added at the front, because what follows `--` on a
  // command line is a file.
  std::string Own = valueOf("CCC_OVERRIDE_OPTIONS");
  std::string Edits = Own.empty() ? "#" : Own + " ";
  setenv("CCC_OVERRIDE_OPTIONS", (Edits + "^-fpass-plugin=" + Path).c_str(), 1);
  setenv("EMM_COPY", Run.records().c_str(), 1);
  // A cache that does not know the plugin would deliver objects that were compiled without it.
  std::string Extra = valueOf("CCACHE_EXTRAFILES");
  for (const std::string &File : pluginFamily(Plugin))
    Extra += (Extra.empty() ? "" : ":") + File;
  setenv("CCACHE_EXTRAFILES", Extra.c_str(), 1);
  return Error::success();
}

static struct sigaction OldInterrupt, OldQuit;
static bool PatientNow = false;

Patience::Patience() {
  struct sigaction Ignore = {};
  Ignore.sa_handler = SIG_IGN;
  sigaction(SIGINT, &Ignore, &OldInterrupt);
  sigaction(SIGQUIT, &Ignore, &OldQuit);
  PatientNow = true;
}

Patience::~Patience() {
  PatientNow = false;
  sigaction(SIGINT, &OldInterrupt, nullptr);
  sigaction(SIGQUIT, &OldQuit, nullptr);
}

int runCommand(const std::vector<std::string> &Command, StringRef Directory, bool Quiet) {
  std::vector<char *> Argv;
  for (const std::string &Word : Command)
    Argv.push_back(const_cast<char *>(Word.c_str()));
  Argv.push_back(nullptr);
  std::string Dir = Directory.str();
  outs().flush();
  pid_t Child = fork();
  if (Child == 0) {
    if (PatientNow) {
      sigaction(SIGINT, &OldInterrupt, nullptr);
      sigaction(SIGQUIT, &OldQuit, nullptr);
    }
    if (!Dir.empty() && chdir(Dir.c_str()) != 0)
      _exit(126);
    if (Quiet)
      if (int Null = open("/dev/null", O_WRONLY); Null >= 0) {
        dup2(Null, 1);
        dup2(Null, 2);
      }
    execvp(Argv[0], Argv.data());
    int Why = errno;
    const char *Text = std::strerror(Why);
    for (const char *Part : {"emm: error: ", const_cast<const char *>(Argv[0]), ": ", Text, "\n"})
      if (write(2, Part, std::strlen(Part)) < 0)
        break;
    _exit(Why == ENOENT ? 127 : 126);
  }
  int Status = 0;
  if (Child > 0)
    while (waitpid(Child, &Status, 0) < 0 && errno == EINTR)
      ;
  if (Child < 0)
    return 126;
  return WIFSIGNALED(Status) ? 128 + WTERMSIG(Status) : WEXITSTATUS(Status);
}

} // namespace emm
