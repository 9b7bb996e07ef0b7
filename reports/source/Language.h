//===- reports/source/Language.h - what a file's name says of its text ----===//

#ifndef EMM_REPORTS_SOURCE_LANGUAGE_H
#define EMM_REPORTS_SOURCE_LANGUAGE_H

#include "llvm/ADT/StringRef.h"

namespace emm {

/// Whether a file of this name is read as C++: everything but `.c`. A header is C++ to the reader of a
/// report.
bool isCPlusPlusName(llvm::StringRef FileName);

/// Whether \p Word is a keyword of C23 or C++23.
bool isKeyword(llvm::StringRef Word, bool CPlusPlus);

/// How people and clang-tidy tell the languages by name: whether the lexer makes sense of the file at all.
bool isSourceName(llvm::StringRef FileName);

} // namespace emm

#endif
