//===- reports/record/PathResolver.h - where a unit's files are -----------===//
//
// Absolute paths for the names in records. With a header the unit's base
// directory says it. A plain remark file says nothing: clang strips the longest
// common prefix of working directory and source, so the name is relative to an
// ancestor of the working directory that is not written anywhere. Then the
// working directory comes from compile_commands.json, and each ancestor of it,
// and of the remark file, is tried until a file is there.
//
// Paths are compared as text, without symbolic links: the same records give the
// same names on every machine that has the sources in the same place.
//
//===----------------------------------------------------------------------===//

#ifndef EMM_REPORTS_RECORD_PATHRESOLVER_H
#define EMM_REPORTS_RECORD_PATHRESOLVER_H

#include "reports/record/Report.h"

#include "llvm/ADT/StringMap.h"

#include <string>
#include <vector>

namespace emm {

struct ReadOptions;

class PathResolver {
public:
  explicit PathResolver(const ReadOptions &Options);

  /// The absolute path of \p Name as unit \p U spells it; empty when it is not known.
  std::string resolve(const Unit &U, bool HasHeader, llvm::StringRef Name);

  /// The sources' root as given, absolute; empty without one.
  llvm::StringRef sourceRoot() const { return SourceRoot; }

private:
  const std::vector<std::string> &basesOf(llvm::StringRef Input);
  void loadCommands(llvm::StringRef File);
  std::string below(llvm::StringRef Path) const;

  std::string SourceRoot;
  struct Command {
    std::string Directory, Output;
  };
  llvm::StringMap<std::vector<Command>> Commands; ///< by compile_commands.json
  std::string GivenCommands;
  llvm::StringMap<std::vector<std::string>> Bases; ///< by input: directories to try, nearest first
};

/// \p Path made absolute against the working directory of the process, with `.` and `..` taken out.
std::string absolutePath(llvm::StringRef Path);

/// The longest common directory of two absolute directories; `/` when there is none.
std::string commonDirectory(llvm::StringRef A, llvm::StringRef B);

/// True when \p Path is \p Dir or below it.
bool isBelow(llvm::StringRef Path, llvm::StringRef Dir);

} // namespace emm

#endif
