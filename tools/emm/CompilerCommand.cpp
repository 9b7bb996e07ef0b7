//===- tools/emm/CompilerCommand.cpp - emm cc, emm c++ --------------------===//
//
// Becomes the compiler: same process, same streams, same exit status. Which one is
// decided by EMM_CC and EMM_CXX, else the clang of emm's own LLVM, else `clang`.
//
//===----------------------------------------------------------------------===//

#include "tools/emm/Command.h"

#include "llvm/Config/llvm-config.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Process.h"
#include "llvm/Support/Program.h"
#include "llvm/Support/raw_ostream.h"

#include <cerrno>
#include <cstring>
#include <unistd.h>

using namespace llvm;

namespace emm {

static std::string findCompiler(bool IsCxx) {
  if (auto Given = sys::Process::GetEnv(IsCxx ? "EMM_CXX" : "EMM_CC"); Given && !Given->empty())
    return *Given;
  StringRef Base = IsCxx ? "clang++" : "clang";
  for (const std::string &Name : {(Base + "-" + Twine(LLVM_VERSION_MAJOR)).str(), Base.str()})
    if (ErrorOr<std::string> Path = sys::findProgramByName(Name))
      return *Path;
  return Base.str();
}

int runCompiler(StringRef Name, ArrayRef<const char *> Args) {
  std::string Plugin = pluginPath();
  if (!sys::fs::exists(Plugin)) {
    errs() << "emm: error: " << Plugin << ": no such plugin\n";
    return BadUsage;
  }
  std::string Compiler = findCompiler(Name == "c++");
  std::string Flag = "-fpass-plugin=" + Plugin;
  std::vector<char *> Argv{Compiler.data(), Flag.data()};
  for (const char *A : Args)
    Argv.push_back(const_cast<char *>(A));
  Argv.push_back(nullptr);
  execvp(Argv[0], Argv.data());
  errs() << "emm: error: " << Compiler << ": " << std::strerror(errno) << '\n';
  return errno == ENOENT ? 127 : 126;
}

void addCompilers(CLI::App &App) {
  // With arguments they are handled before the command line is parsed: every argument is the compiler's.
  for (const char *Name : {"cc", "c++"}) {
    bool IsCxx = Name[1] == '+';
    CLI::App &Sub = *App.add_subcommand(Name, IsCxx ? "Run clang++ with the plugin: CXX=\"emm c++\""
                                                    : "Run clang with the plugin: CC=\"emm cc\"");
    Sub.footer(IsCxx ? "EMM_CXX names another clang++." : "EMM_CC names another clang.");
    Sub.callback([] { throw CLI::RuntimeError("emm cc and emm c++ need the compiler's arguments", BadUsage); });
  }
}

} // namespace emm
