//===- reports/text/Annotate.h - one annotated source in the terminal -----===//

#ifndef EMM_REPORTS_TEXT_ANNOTATE_H
#define EMM_REPORTS_TEXT_ANNOTATE_H

#include "reports/record/Report.h"

#include "llvm/Support/Error.h"
#include "llvm/Support/raw_ostream.h"

namespace emm {

struct AnnotateOptions {
  unsigned Context = ~0u; ///< lines shown around findings; ~0u: the whole file
  unsigned Verbosity = 1; ///< 2: with the chain of steps
  bool Color = false;
};

/// The file of \p R that \p Name means: its name, its path, or an unambiguous tail of it. An error names the nearest.
llvm::Expected<uint32_t> findSourceFile(const Report &R, llvm::StringRef Name);

/// \p Entries are indices of entries, in order; those of other files are passed over. Fails if the source cannot be read;
/// says so in the first line of the output if it changed since it was compiled.
llvm::Error writeAnnotated(llvm::raw_ostream &OS, const Report &R, uint32_t File, llvm::ArrayRef<uint32_t> Entries,
                           const AnnotateOptions &O);

/// True unless \p F has a digest and \p Text another one.
bool isAsCompiled(const SourceFile &F, llvm::StringRef Text);

} // namespace emm

#endif
