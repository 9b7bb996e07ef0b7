//===- reports/source/SourceText.h - one file as lines of bytes -----------===//
//
// Lines are counted as clang counts them: they end at \n, \r\n or a lone \r.
// The text is bytes; it may hold NULs and need not be UTF-8.
//
//===----------------------------------------------------------------------===//

#ifndef EMM_REPORTS_SOURCE_SOURCETEXT_H
#define EMM_REPORTS_SOURCE_SOURCETEXT_H

#include "reports/source/FileProvider.h"

namespace emm {

/// How the text on disk relates to the text that was compiled.
enum class Freshness { Same, Changed, Unknown };

class SourceText {
public:
  explicit SourceText(std::unique_ptr<llvm::MemoryBuffer> Buffer);

  llvm::StringRef text() const { return Buffer->getBuffer(); }
  unsigned lineCount() const { return Starts.size(); }

  /// The bytes of a line without its terminator. \p Line is 1-based and at most lineCount().
  llvm::StringRef line(unsigned Line) const;

  /// Offset of the first byte of a line.
  size_t lineStart(unsigned Line) const { return Starts[Line - 1]; }

  /// Compares with `md5:HEX` or `sha256:HEX` as the record carries it; another form or none is Unknown.
  Freshness freshness(llvm::StringRef Digest) const;

private:
  std::unique_ptr<llvm::MemoryBuffer> Buffer;
  std::vector<size_t> Starts; ///< a text that ends with a terminator has no empty line after it
};

} // namespace emm

#endif
