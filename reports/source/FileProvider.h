//===- reports/source/FileProvider.h - where source text comes from -------===//
//
// The paths come from debug information and are as hostile as any input: a
// record may name a private key. DiskFiles reads a file only if its real path
// lies below a real allowed root, it is a regular file and it is not larger
// than the cap. Tests replace the provider with one that holds text in memory.
//
//===----------------------------------------------------------------------===//

#ifndef EMM_REPORTS_SOURCE_FILEPROVIDER_H
#define EMM_REPORTS_SOURCE_FILEPROVIDER_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/MemoryBuffer.h"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace emm {

/// Reads whole files by absolute path. Implementations are safe to call from several threads at once.
class FileProvider {
public:
  virtual ~FileProvider();

  /// The bytes of \p Path, or an error whose text is a reason for people without the path: `outside the
  /// source roots`.
  virtual llvm::Expected<std::unique_ptr<llvm::MemoryBuffer>> read(llvm::StringRef Path) const = 0;
};

/// Reads from the disk, only below the roots.
class DiskFiles final : public FileProvider {
public:
  /// Roots that do not exist allow nothing; without any root nothing can be read.
  DiskFiles(llvm::ArrayRef<std::string> Roots, uint64_t MaxSize);

  llvm::Expected<std::unique_ptr<llvm::MemoryBuffer>> read(llvm::StringRef Path) const override;

private:
  std::vector<std::string> RealRoots; ///< canonical, without trailing separator
  uint64_t MaxSize;
};

} // namespace emm

#endif
