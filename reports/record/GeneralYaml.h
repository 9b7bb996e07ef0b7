//===- reports/record/GeneralYaml.h - any YAML document that is a remark --===//
//
// The slow and complete way: yaml-cpp reads the document, this takes from it what
// a remark is made of. Used for what the scanner does not recognise, and as the
// judge of the scanner in tests.
//
//===----------------------------------------------------------------------===//

#ifndef EMM_REPORTS_RECORD_GENERALYAML_H
#define EMM_REPORTS_RECORD_GENERALYAML_H

#include "reports/record/Remark.h"

#include "llvm/Support/Allocator.h"

#include <string>

namespace emm {

/// Reads the one document in \p Text into \p R; strings are copied into \p Strings. False with a reason of one line in
/// \p Why when it is not YAML or not a remark. Documents above 4 MiB are refused. No exception leaves it.
bool decodeGeneralYaml(llvm::StringRef Text, Remark &R, llvm::BumpPtrAllocator &Strings, std::string &Why);

} // namespace emm

#endif
