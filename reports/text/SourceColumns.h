//===- reports/text/SourceColumns.h - byte columns to character columns ---===//
//
// Positions are clang's: bytes. SARIF counts characters, so the line has to be
// looked at. A file that cannot be read leaves the column as it is, which is
// right for every line in ASCII.
//
//===----------------------------------------------------------------------===//

#ifndef EMM_REPORTS_TEXT_SOURCECOLUMNS_H
#define EMM_REPORTS_TEXT_SOURCECOLUMNS_H

#include "reports/record/Report.h"

#include "llvm/ADT/DenseMap.h"
#include "llvm/Support/MemoryBuffer.h"

#include <memory>
#include <vector>

namespace emm {

/// Not safe for several threads. Keeps the text of every file that was asked for.
class SourceColumns {
public:
  explicit SourceColumns(const Report &R) : R(R) {}

  /// The 1-based column of \p P in Unicode code points; 0 if the column is unknown.
  unsigned codePoints(const Position &P);
  /// The text of the line, without its end; empty when the file cannot be read or has changed its length.
  llvm::StringRef line(uint32_t File, uint32_t Line);

private:
  struct Text {
    std::unique_ptr<llvm::MemoryBuffer> Buffer;
    std::vector<uint32_t> Starts;
  };
  const Report &R;
  llvm::DenseMap<uint32_t, Text> Texts;
};

} // namespace emm

#endif
