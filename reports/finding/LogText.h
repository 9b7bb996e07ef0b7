//===- reports/finding/LogText.h - one finding as lines of a log ----------===//
//
// The two shapes that people and editors read: clang's (warnings with notes)
// and Go's (verdicts, with explanations at `-m -m`). The compiler and `emm log`
// both print through here, so the lines agree.
//
//===----------------------------------------------------------------------===//

#ifndef EMM_REPORTS_FINDING_LOGTEXT_H
#define EMM_REPORTS_FINDING_LOGTEXT_H

#include "reports/finding/Finding.h"

#include "llvm/Support/raw_ostream.h"

namespace emm {

/// `path:line:col: warning: MESSAGE [rule]`, then a note for each step and each frame of the inline stack. Without a
/// position: `path: warning: in function 'f': MESSAGE [rule]`. \p Color adds clang's colours.
void writeClangLines(llvm::raw_ostream &OS, const Finding &F, bool Color);

/// The lowest verbosity (1 for `-m`, 2 for `-m -m`) at which Go's shape lists \p F.
unsigned goVerbosity(const Finding &F);

/// `path:line:col: MESSAGE`; at verbosity 2 the explanation comes before it, each line with the subject's position:
///   POS: MESSAGE:
///   POS:   flow: DST = SRC:
///   POS:     from EXPR (why) at path:line:col
void writeGoLines(llvm::raw_ostream &OS, const Finding &F, unsigned Verbosity);

/// Control characters of hostile names are made visible, so that a log cannot drive a terminal.
void writeSafe(llvm::raw_ostream &OS, llvm::StringRef Text);

} // namespace emm

#endif
