//===- reports/html/OutputTree.h - a directory that appears at once -------===//
//
// Files go into a new directory beside the target; commit() renames it into
// place. An existing target is replaced only if it is empty or carries the
// marker file that an earlier report left; anything else is refused before the
// first byte is written. Destruction without commit() removes what was written.
//
//===----------------------------------------------------------------------===//

#ifndef EMM_REPORTS_HTML_OUTPUTTREE_H
#define EMM_REPORTS_HTML_OUTPUTTREE_H

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

#include <string>

namespace emm {

class OutputTree {
public:
  static llvm::Expected<OutputTree> create(llvm::StringRef Target);
  OutputTree(OutputTree &&O) noexcept : Target(std::move(O.Target)), Temp(std::move(O.Temp)) {
    O.Temp.clear();
  }
  OutputTree &operator=(OutputTree &&) = delete;
  ~OutputTree();

  /// \p Name is relative; its directory exists (makeDirectory). Safe from several threads.
  llvm::Error write(llvm::StringRef Name, llvm::StringRef Contents) const;
  llvm::Error makeDirectory(llvm::StringRef Name) const;
  llvm::Error commit();

private:
  OutputTree(std::string Target, std::string Temp) : Target(std::move(Target)), Temp(std::move(Temp)) {}

  std::string Target, Temp;
};

/// Writes one file through a temporary one beside it, so that it is there whole or not at all.
llvm::Error writeWhole(llvm::StringRef Path, llvm::StringRef Contents);

} // namespace emm

#endif
