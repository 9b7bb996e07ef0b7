//===- reports/finding/Config.cpp - levels and paths ----------------------===//

#include "reports/finding/Config.h"

#include "llvm/ADT/SmallString.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"

using namespace llvm;

namespace emm {

bool isSystemPath(StringRef Path) {
  // rustc names the sources of its library by the commit it was built from.
  for (StringRef Prefix : {"/usr/", "/lib/", "/lib64/", "/nix/store/", "/Library/", "/Applications/", "/rustc/"})
    if (Path.starts_with(Prefix))
      return !Path.starts_with("/usr/src/") && !Path.starts_with("/usr/local/src/");
  return false;
}

std::string Config::relative(StringRef Path) const {
  SmallString<256> Abs(Path);
  sys::fs::make_absolute(Abs);
  sys::path::remove_dots(Abs, /*remove_dot_dot=*/true);
  StringRef S = Abs;
  if (StringRef Rest = S; !Directory.empty() && Rest.consume_front(Directory) && Rest.consume_front("/"))
    return Rest.str();
  return S.str();
}

StringRef Config::keep(StringRef Text) { return Texts->emplace_back(Text); }

static bool anyMatches(ArrayRef<GlobPattern> Globs, StringRef Path) {
  for (const GlobPattern &G : Globs)
    if (G.match(Path))
      return true;
  return false;
}

bool Config::wantsPath(StringRef Path) const {
  if (Path.empty())
    return true; // nothing is known about where it is
  if (Include.empty() && Exclude.empty() && SystemHeaders)
    return true;
  std::string Name = relative(Path);
  if (!SystemHeaders && isSystemPath(Name))
    return false;
  return !anyMatches(Exclude, Name) && (Include.empty() || anyMatches(Include, Name));
}

Level Config::levelOf(Rule R, StringRef Path) const { return levelOf(R, Path, ruleInfo(R).DefaultLevel); }

Level Config::levelOf(Rule R, StringRef Path, Level Recorded) const {
  if (!wantsPath(Path))
    return Level::Off;
  StringRef Id = ruleInfo(R).Id;
  Level Result = Recorded;
  for (const RuleLevel &L : Rules)
    if (L.Glob.match(Id))
      Result = L.L;
  if (Overrides.empty())
    return Result;
  std::string Name = relative(Path);
  for (const Override &O : Overrides)
    if (anyMatches(O.Paths, Name))
      for (const RuleLevel &L : O.Rules)
        if (L.Glob.match(Id))
          Result = L.L;
  return Result;
}

Expected<Config> loadConfig(StringRef File) {
  auto Buffer = MemoryBuffer::getFile(File);
  if (!Buffer)
    return createStringError(Buffer.getError(), "%s: %s", File.str().c_str(), Buffer.getError().message().c_str());
  return parseConfig((*Buffer)->getBuffer(), File);
}

Expected<Config> loadConfigFor(StringRef SourcePath) {
  SmallString<256> Dir(SourcePath);
  sys::fs::make_absolute(Dir);
  sys::path::remove_dots(Dir, /*remove_dot_dot=*/true);
  if (!sys::fs::is_directory(Dir))
    sys::path::remove_filename(Dir);
  for (;;) {
    SmallString<256> Candidate(Dir);
    sys::path::append(Candidate, ".emm.yaml");
    if (sys::fs::exists(Candidate))
      return loadConfig(Candidate);
    StringRef Parent = sys::path::parent_path(Dir);
    if (Parent.empty() || Parent.size() == Dir.size())
      return Config();
    Dir.resize(Parent.size());
  }
}

} // namespace emm
