//===- reports/html/Phrases.h - what the markup of rows repeats -----------===//
//
// Rows that are fetched consist of the same markup around a few words. In a
// shard each phrase of it is two bytes, DEL and a letter, which report.js puts
// back: a third is left to compress. Lossless, because no page holds a DEL
// (Escape.h shows it as text).
//
//===----------------------------------------------------------------------===//

#ifndef EMM_REPORTS_HTML_PHRASES_H
#define EMM_REPORTS_HTML_PHRASES_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"

#include <string>

namespace emm {

/// DEL and the letter `A` stand for the first, `B` for the second ...
llvm::ArrayRef<llvm::StringLiteral> phrases();

/// \p Markup with phrases replaced.
std::string abbreviate(llvm::StringRef Markup);

} // namespace emm

#endif
