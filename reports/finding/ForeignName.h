//===- reports/finding/ForeignName.h - functions of Rust and Fortran ------===//
//
// Remarks name functions as the linker does. Rust's names carry a hash of the
// compilation, which changes with every build and must not be part of an
// identity; Fortran's carry the kind of each scope. Swift's own passes name
// functions as the source does, LLVM's in Swift by symbols that LLVM cannot
// demangle: those stay as they are.
//
//===----------------------------------------------------------------------===//

#ifndef EMM_REPORTS_FINDING_FOREIGNNAME_H
#define EMM_REPORTS_FINDING_FOREIGNNAME_H

#include "llvm/ADT/StringRef.h"

#include <optional>
#include <string>

namespace emm {

/// The name of \p Symbol in its source, without a hash: `<app::Point as core::fmt::Display>::fmt`, `solver::norm`. None if
/// it is a symbol of neither rustc nor flang.
std::optional<std::string> foreignFunction(llvm::StringRef Symbol);

} // namespace emm

#endif
