//===- tools/emm/Replay.cpp - compile_commands.json, compiled again -------===//

#include "tools/emm/BuildRun.h"

#include "llvm/ADT/SmallString.h"
#include "llvm/Config/llvm-config.h"
#include "llvm/Support/Allocator.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/StringSaver.h"
#include "llvm/Support/ThreadPool.h"
#include "llvm/Support/raw_ostream.h"

#include <atomic>

using namespace llvm;

namespace emm {

static std::vector<std::string> wordsOf(const json::Object &O) {
  std::vector<std::string> Words;
  if (const json::Array *List = O.getArray("arguments")) {
    for (const json::Value &V : *List)
      Words.push_back(V.getAsString().value_or("").str());
  } else if (std::optional<StringRef> Line = O.getString("command")) {
    BumpPtrAllocator A;
    StringSaver Saver(A);
    SmallVector<const char *, 64> Argv;
    cl::TokenizeGNUCommandLine(*Line, Saver, Argv);
    Words.assign(Argv.begin(), Argv.end());
  }
  return Words;
}

/// Redirects the object, drops launchers, and lets clang stand in for another compiler.
static void adapt(std::vector<std::string> &Words, const std::string &Object) {
  for (StringRef Launcher : {"ccache", "sccache", "distcc", "icecc"})
    if (Words.size() > 1 && sys::path::filename(Words[0]) == Launcher)
      Words.erase(Words.begin());
  StringRef Compiler = sys::path::filename(Words[0]);
  if (!Compiler.contains("clang"))
    Words[0] = (Twine(Compiler.contains("++") ? "clang++-" : "clang-") + Twine(LLVM_VERSION_MAJOR)).str();
  bool HasOutput = false;
  for (size_t I = 1; I < Words.size(); ++I)
    if (Words[I] == "-o" && I + 1 < Words.size()) {
      Words[++I] = Object;
      HasOutput = true;
    } else if (StringRef(Words[I]).starts_with("-o") && Words[I].size() > 2) {
      Words[I] = "-o" + Object;
      HasOutput = true;
    } else if ((Words[I] == "-MF" || Words[I] == "-MT" || Words[I] == "-MQ") && I + 1 < Words.size()) {
      // Dependencies of the object that is thrown away.
      Words.erase(Words.begin() + I, Words.begin() + I + 2);
      --I;
    } else if (Words[I] == "-MD" || Words[I] == "-MMD" || Words[I] == "-MP") {
      Words.erase(Words.begin() + I);
      --I;
    }
  if (!HasOutput)
    Words.insert(Words.begin() + 1, {"-o", Object});
}

Expected<size_t> replayCommands(StringRef BuildDirectory, const RunDirectory &Run, unsigned Jobs) {
  SmallString<128> File(BuildDirectory);
  if (sys::fs::is_directory(File))
    sys::path::append(File, "compile_commands.json");
  auto Fail = [&](const Twine &Why) {
    return createStringError(inconvertibleErrorCode(), "%s: %s", File.c_str(), Why.str().c_str());
  };
  auto Buffer = MemoryBuffer::getFile(File);
  if (!Buffer)
    return Fail(Buffer.getError().message());
  Expected<json::Value> Root = json::parse((*Buffer)->getBuffer());
  if (!Root) {
    std::string Why = toString(Root.takeError());
    return Fail(Why);
  }
  const json::Array *List = Root->getAsArray();
  if (!List)
    return Fail("not a list of commands");
  std::atomic<size_t> Failed = 0;
  DefaultThreadPool Pool(hardware_concurrency(Jobs));
  size_t Number = 0;
  for (const json::Value &V : *List) {
    const json::Object *O = V.getAsObject();
    std::vector<std::string> Words = O ? wordsOf(*O) : std::vector<std::string>();
    if (Words.empty())
      return Fail("an entry has neither `command` nor `arguments`");
    std::string Directory = O->getString("directory").value_or("").str();
    std::string Object = Run.path() + "/" + std::to_string(Number++) + ".o";
    adapt(Words, Object);
    Pool.async([Words = std::move(Words), Directory, Object, &Failed] {
      if (runCommand(Words, Directory) != 0)
        ++Failed;
      sys::fs::remove(Object);
    });
  }
  Pool.wait();
  return Failed.load();
}

} // namespace emm
