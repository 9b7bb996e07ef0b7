//===- reports/record/BitstreamSource.h - remarks of one container --------===//
//
// Reads LLVM's remark container through LLVM's library. Its version changes
// between LLVM releases and each release reads only its own, so the header is
// looked at first: what cannot be read is said in one line before the library
// sees it. A container that only names a file with the remarks is refused: a
// record must not decide which files are read.
//
//===----------------------------------------------------------------------===//

#ifndef EMM_REPORTS_RECORD_BITSTREAMSOURCE_H
#define EMM_REPORTS_RECORD_BITSTREAMSOURCE_H

#include "reports/record/Remark.h"

#include "llvm/Remarks/Remark.h"
#include "llvm/Remarks/RemarkParser.h"
#include "llvm/Support/Error.h"

#include <memory>

namespace emm {

class BitstreamSource {
public:
  /// \p Text, which begins with the container's magic, must outlive the source.
  static llvm::Expected<BitstreamSource> open(llvm::StringRef Text);

  /// The next remark; null at the end. Views into it live until the next call, its strings as long as the source.
  llvm::Expected<const llvm::remarks::Remark *> next();

  /// \p From in the shape that all readers share.
  static void decode(const llvm::remarks::Remark &From, Remark &R);

private:
  explicit BitstreamSource(std::unique_ptr<llvm::remarks::RemarkParser> P) : Parser(std::move(P)) {}

  std::unique_ptr<llvm::remarks::RemarkParser> Parser;
  std::unique_ptr<llvm::remarks::Remark> Current;
};

} // namespace emm

#endif
