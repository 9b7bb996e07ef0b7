//===- reports/html/OutputTree.cpp - temporary beside, rename over --------===//

#include "reports/html/OutputTree.h"

#include "llvm/ADT/SmallString.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/FileUtilities.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;

namespace emm {

static constexpr char MarkerName[] = ".emm-report";
static constexpr char MarkerText[] = "This directory was written by emm; a new report replaces all of it.\n";

static Error fail(const Twine &Path, const Twine &Reason) {
  return createStringError(std::errc::io_error, "%s: %s", Path.str().c_str(), Reason.str().c_str());
}

static Error fail(const Twine &Path, std::error_code EC) { return fail(Path, EC.message()); }

static bool isEmptyDirectory(StringRef Path) {
  std::error_code EC;
  sys::fs::directory_iterator I(Path, EC);
  return !EC && I == sys::fs::directory_iterator();
}

Expected<OutputTree> OutputTree::create(StringRef Given) {
  SmallString<256> Target = Given;
  if (std::error_code EC = sys::fs::make_absolute(Target))
    return fail(Given, EC);
  sys::path::remove_dots(Target, /*remove_dot_dot=*/true);
  sys::fs::file_status Status;
  std::error_code EC = sys::fs::status(Target, Status, /*follow=*/false);
  if (!EC && sys::fs::exists(Status)) {
    if (Status.type() != sys::fs::file_type::directory_file)
      return fail(Given, "exists and is no directory");
    SmallString<256> Marker = Target;
    sys::path::append(Marker, MarkerName);
    if (!isEmptyDirectory(Target) && !sys::fs::exists(Marker))
      return fail(Given, "exists and was not written by emm; name another directory or remove it");
  }
  StringRef Parent = sys::path::parent_path(Target);
  if ((EC = sys::fs::create_directories(Parent)))
    return fail(Parent, EC);
  SmallString<256> Model = Target, Temp;
  Model += ".tmp-%%%%%%";
  for (unsigned Attempt = 0; Attempt != 16; ++Attempt) {
    sys::fs::createUniquePath(Model, Temp, /*MakeAbsolute=*/false);
    if (!(EC = sys::fs::create_directory(Temp, /*IgnoreExisting=*/false, sys::fs::all_all)))
      break;
  }
  if (EC)
    return fail(Parent, EC);
  OutputTree Tree(Target.str().str(), Temp.str().str());
  if (Error E = Tree.write(MarkerName, MarkerText))
    return E;
  return Tree;
}

OutputTree::~OutputTree() {
  if (!Temp.empty())
    sys::fs::remove_directories(Temp);
}

Error OutputTree::makeDirectory(StringRef Name) const {
  SmallString<256> Path = StringRef(Temp);
  sys::path::append(Path, Name);
  if (std::error_code EC = sys::fs::create_directory(Path, /*IgnoreExisting=*/true, sys::fs::all_all))
    return fail(Target + "/" + Name, EC);
  return Error::success();
}

static Error writeFile(StringRef Path, StringRef Shown, StringRef Contents) {
  std::error_code EC;
  raw_fd_ostream OS(Path, EC, sys::fs::CD_CreateNew);
  if (EC)
    return fail(Shown, EC);
  OS << Contents;
  OS.close();
  if (OS.has_error()) {
    EC = OS.error();
    OS.clear_error();
    return fail(Shown, EC);
  }
  return Error::success();
}

Error OutputTree::write(StringRef Name, StringRef Contents) const {
  SmallString<256> Path = StringRef(Temp);
  sys::path::append(Path, Name);
  return writeFile(Path, (Target + "/" + Name).str(), Contents);
}

Error OutputTree::commit() {
  // An older report steps aside under a name of its own, so that at no time a mixture can be seen.
  std::string Old;
  if (sys::fs::exists(Target)) {
    Old = Temp + ".old";
    if (std::error_code EC = sys::fs::rename(Target, Old))
      return fail(Target, EC);
  }
  if (std::error_code EC = sys::fs::rename(Temp, Target)) {
    if (!Old.empty())
      sys::fs::rename(Old, Target);
    return fail(Target, EC);
  }
  Temp.clear();
  if (!Old.empty())
    sys::fs::remove_directories(Old);
  return Error::success();
}

Error writeWhole(StringRef Path, StringRef Contents) {
  SmallString<256> Temp, Model = Path;
  Model += ".tmp-%%%%%%";
  sys::fs::createUniquePath(Model, Temp, /*MakeAbsolute=*/false);
  if (Error E = writeFile(Temp, Path, Contents)) {
    sys::fs::remove(Temp);
    return E;
  }
  if (std::error_code EC = sys::fs::rename(Temp, Path)) {
    sys::fs::remove(Temp);
    return fail(Path, EC);
  }
  return Error::success();
}

} // namespace emm
