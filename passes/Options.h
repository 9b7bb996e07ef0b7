//===- passes/Options.h - what the user asked for -------------------------===//
//
// From the environment: EMM holds switches separated by spaces (`-m`, `-m -m`,
// `--only=FAMILY,...`, `--config=FILE`, `--off`), EMM_OUT a directory for side
// files. Also `-mllvm -emm-opts="..."` where clang accepts plugin options. A wrong
// switch is named once on stderr; the compile goes on.
//
//===----------------------------------------------------------------------===//

#ifndef EMM_PASSES_OPTIONS_H
#define EMM_PASSES_OPTIONS_H

#include "llvm/ADT/StringRef.h"

#include <string>
#include <vector>

namespace emm {

struct Options {
  bool Off = false;
  unsigned Verbosity = 0;         ///< 0 warnings only, 1 verdicts, 2 verdicts and explanations
  std::vector<std::string> Only;  ///< families; empty = all
  std::string ConfigFile;         ///< empty: search from the source file upwards
  std::string OutDirectory;       ///< EMM_OUT; empty: the record travels in the object
  std::string CopyDirectory;      ///< EMM_COPY, set by `emm run`: a side file there as well
  std::vector<std::string> Wrong; ///< switches that nobody knows

  bool wants(llvm::StringRef Family) const;
};

Options readOptions(llvm::StringRef Extra);

} // namespace emm

#endif
