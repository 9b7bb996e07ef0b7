//===- passes/model/SourceLines.h - columns that debug information lacks --===//
//
// Debug information gives a variable's line, not its column, and no optimiser
// level keeps one. The source line has it: the column of the name where the line
// has it exactly once. Anything else (a macro, two occurrences, a file that is
// not there) is unknown, so a column is never wrong, only missing.
//
//===----------------------------------------------------------------------===//

#ifndef EMM_PASSES_MODEL_SOURCELINES_H
#define EMM_PASSES_MODEL_SOURCELINES_H

#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/MemoryBuffer.h"

#include <memory>
#include <string>
#include <vector>

namespace emm {

/// The lines of source files, mapped on first use. Not thread-safe.
class SourceLines {
public:
  /// 1-based byte column of the only whole word \p Name on \p Line of the file at \p Path; 0 if there is not exactly one.
  unsigned columnOf(llvm::StringRef Path, unsigned Line, llvm::StringRef Name);

  /// The chain of members that follows the only whole word \p Name on the line (`server` gives `.stats.hits`); empty if
  /// there is not exactly one, or no member follows.
  std::string membersAfter(llvm::StringRef Path, unsigned Line, llvm::StringRef Name);

private:
  struct File {
    std::unique_ptr<llvm::MemoryBuffer> Text; ///< null when it cannot be read
    std::vector<size_t> Begins;
  };
  const File &open(llvm::StringRef Path);
  llvm::StringRef code(llvm::StringRef Path, unsigned Line);
  llvm::StringMap<File> Files;
};

} // namespace emm

#endif
