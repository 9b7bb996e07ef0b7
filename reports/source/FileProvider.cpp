//===- reports/source/FileProvider.cpp - reading below the roots only -----===//

#include "reports/source/FileProvider.h"

#include "llvm/ADT/SmallString.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Process.h"

using namespace llvm;

namespace emm {

FileProvider::~FileProvider() = default;

static Error refuse(const char *Reason) {
  return createStringError(std::errc::permission_denied, "%s", Reason);
}

DiskFiles::DiskFiles(ArrayRef<std::string> Roots, uint64_t MaxSize) : MaxSize(MaxSize) {
  for (const std::string &Root : Roots) {
    SmallString<256> Real;
    if (!Root.empty() && !sys::fs::real_path(Root, Real))
      RealRoots.push_back(Real.str().str());
  }
}

static bool isBelow(StringRef Path, StringRef Root) {
  if (Root == "/")
    return Path.starts_with("/");
  return Path.consume_front(Root) && Path.starts_with("/");
}

namespace {
struct Closer {
  sys::fs::file_t File;
  ~Closer() { sys::fs::closeFile(File); }
};
} // namespace

Expected<std::unique_ptr<MemoryBuffer>> DiskFiles::read(StringRef Path) const {
  SmallString<256> Real;
  if (std::error_code EC = sys::fs::real_path(Path, Real))
    return createStringError(EC, "%s",
                             EC == std::errc::no_such_file_or_directory ? "not found" : EC.message().c_str());
  bool Allowed = false;
  for (const std::string &Root : RealRoots)
    Allowed |= isBelow(Real, Root);
  if (!Allowed)
    return refuse("outside the source roots");

  // A FIFO would block the open, so the kind is asked first. The opened file is asked again: between the two
  // calls somebody may have put a link in its place, and what counts is where the descriptor leads.
  sys::fs::file_status Status;
  if (std::error_code EC = sys::fs::status(Real, Status, /*follow=*/false))
    return createStringError(EC, "%s", EC.message().c_str());
  if (!sys::fs::is_regular_file(Status))
    return refuse("not a regular file");
  SmallString<256> Opened;
  Expected<sys::fs::file_t> File = sys::fs::openNativeFileForRead(Real, sys::fs::OF_None, &Opened);
  if (!File)
    return File.takeError();
  Closer Close{*File};
  if (std::error_code EC = sys::fs::status(*File, Status))
    return createStringError(EC, "%s", EC.message().c_str());
  if (!sys::fs::is_regular_file(Status) || (!Opened.empty() && Opened != Real))
    return refuse("not a regular file");
  if (Status.getSize() > MaxSize)
    return refuse("larger than the limit");
  ErrorOr<std::unique_ptr<MemoryBuffer>> Buffer = MemoryBuffer::getOpenFile(
      *File, Real, Status.getSize(), /*RequiresNullTerminator=*/false, /*IsVolatile=*/true);
  if (!Buffer)
    return createStringError(Buffer.getError(), "%s", Buffer.getError().message().c_str());
  return std::move(*Buffer);
}

} // namespace emm
