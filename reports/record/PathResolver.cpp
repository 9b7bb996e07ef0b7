//===- reports/record/PathResolver.cpp - bases, commands, ancestors -------===//

#include "reports/record/PathResolver.h"

#include "reports/finding/Config.h"
#include "reports/record/Reader.h"

#include "llvm/ADT/SmallString.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"

#include <algorithm>

using namespace llvm;

namespace emm {

std::string absolutePath(StringRef Path) {
  SmallString<256> Abs(Path);
  sys::fs::make_absolute(Abs);
  sys::path::remove_dots(Abs, /*remove_dot_dot=*/true);
  return std::string(Abs);
}

static std::string joined(StringRef Base, StringRef Name) {
  SmallString<256> Path(Base);
  sys::path::append(Path, Name);
  sys::path::remove_dots(Path, /*remove_dot_dot=*/true);
  return std::string(Path);
}

bool isBelow(StringRef Path, StringRef Dir) {
  if (Dir == "/")
    return Path.starts_with("/");
  return Path.starts_with(Dir) && (Path.size() == Dir.size() || Path[Dir.size()] == '/');
}

std::string commonDirectory(StringRef A, StringRef B) {
  StringRef Dir = A;
  while (!isBelow(B, Dir))
    Dir = sys::path::parent_path(Dir);
  return Dir.empty() ? "/" : Dir.str();
}

PathResolver::PathResolver(const ReadOptions &Options) {
  if (!Options.SourceRoot.empty())
    SourceRoot = absolutePath(Options.SourceRoot);
  if (!Options.CompileCommands.empty()) {
    GivenCommands = absolutePath(Options.CompileCommands);
    loadCommands(GivenCommands);
  }
}

/// The value of `-o` in a shell command line, unquoted as far as paths in build files need it.
static std::string outputOf(StringRef CommandLine) {
  SmallVector<StringRef, 64> Words;
  CommandLine.split(Words, ' ', -1, /*KeepEmpty=*/false);
  for (size_t I = 0; I + 1 < Words.size(); ++I)
    if (Words[I] == "-o")
      return Words[I + 1].trim("\"'").str();
  return "";
}

void PathResolver::loadCommands(StringRef File) {
  auto [It, New] = Commands.try_emplace(File);
  if (!New)
    return;
  auto Buffer = MemoryBuffer::getFile(File);
  if (!Buffer)
    return;
  Expected<json::Value> Root = json::parse((*Buffer)->getBuffer());
  if (!Root)
    return consumeError(Root.takeError());
  const json::Array *List = Root->getAsArray();
  if (!List)
    return;
  for (const json::Value &V : *List) {
    const json::Object *O = V.getAsObject();
    if (!O)
      continue;
    Command C;
    C.Directory = O->getString("directory").value_or("").str();
    if (std::optional<StringRef> Output = O->getString("output")) {
      C.Output = Output->str();
    } else if (std::optional<StringRef> Line = O->getString("command")) {
      C.Output = outputOf(*Line);
    } else if (const json::Array *Words = O->getArray("arguments")) {
      for (size_t I = 0; I + 1 < Words->size(); ++I)
        if ((*Words)[I].getAsString() == StringRef("-o"))
          C.Output = (*Words)[I + 1].getAsString().value_or("").str();
    }
    if (!C.Output.empty())
      C.Output = joined(C.Directory, C.Output);
    It->second.push_back(std::move(C));
  }
}

static void addAncestors(std::vector<std::string> &Bases, StringRef Dir) {
  for (; !Dir.empty() && Dir != "/"; Dir = sys::path::parent_path(Dir))
    if (!is_contained(Bases, Dir))
      Bases.push_back(Dir.str());
}

const std::vector<std::string> &PathResolver::basesOf(StringRef Input) {
  auto [It, New] = Bases.try_emplace(Input);
  std::vector<std::string> &List = It->second;
  if (!New)
    return List;
  std::string Path = absolutePath(Input);
  std::string File = GivenCommands;
  for (StringRef Dir = sys::path::parent_path(Path); File.empty() && !Dir.empty(); Dir = sys::path::parent_path(Dir)) {
    std::string Candidate = joined(Dir, "compile_commands.json");
    if (sys::fs::exists(Candidate))
      File = Candidate;
    if (Dir == "/")
      break;
  }
  if (!File.empty()) {
    loadCommands(File);
    // `d/x.cpp.o` leaves `d/x.cpp.opt.yaml`.
    StringRef Stem = StringRef(Path).take_front(StringRef(Path).rfind(".opt."));
    for (const Command &C : Commands[File])
      if (!C.Output.empty() && StringRef(C.Output).take_front(StringRef(C.Output).rfind('.')) == Stem)
        addAncestors(List, C.Directory);
    if (List.empty())
      for (const Command &C : Commands[File])
        if (List.size() < 64)
          addAncestors(List, C.Directory);
  }
  addAncestors(List, sys::path::parent_path(Path));
  return List;
}

/// \p Path, or the file with the longest common tail below the given source root.
std::string PathResolver::below(StringRef Path) const {
  if (SourceRoot.empty() || isBelow(Path, SourceRoot) || isSystemPath(Path) || sys::fs::exists(Path))
    return Path.str();
  for (StringRef Tail = Path.drop_while([](char C) { return C == '/'; }); !Tail.empty(); Tail = Tail.split('/').second)
    if (std::string Candidate = joined(SourceRoot, Tail); isBelow(Candidate, SourceRoot) && sys::fs::exists(Candidate))
      return Candidate;
  return Path.str();
}

std::string PathResolver::resolve(const Unit &U, bool HasHeader, StringRef Name) {
  if (Name.starts_with("<")) // `<stdin>`, `<built-in>`
    return "";
  if (sys::path::is_absolute(Name))
    return below(joined("/", Name));
  if (HasHeader && sys::path::is_absolute(U.Base))
    return below(joined(U.Base, Name));
  if (!SourceRoot.empty()) {
    std::string Candidate = joined(SourceRoot, Name);
    if (sys::fs::exists(Candidate))
      return Candidate;
  }
  for (const std::string &Base : basesOf(U.Input)) {
    std::string Candidate = joined(Base, Name);
    if (sys::fs::exists(Candidate))
      return Candidate;
  }
  return "";
}

} // namespace emm
