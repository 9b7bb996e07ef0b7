//===- reports/html/Shard.h - compressed data that a page loads when needed -===//
//
// A page opened from disk can load data only as a classic script, so a shard is
// one call: emmShard("NAME","BASE64"). The data is UTF-8 text, zlib-compressed
// (DecompressionStream calls the format `deflate`). In a single-file report the
// same base64 stands in a data block of the page.
//
//===----------------------------------------------------------------------===//

#ifndef EMM_REPORTS_HTML_SHARD_H
#define EMM_REPORTS_HTML_SHARD_H

#include "llvm/ADT/StringRef.h"

#include <string>

namespace emm {

/// As it was made: packing costs more than making, and may be another thread's work.
struct RawShard {
  std::string Name; ///< letters, digits and `-`
  std::string Text;
};

struct Shard {
  std::string Name;
  std::string Base64; ///< of the compressed text
};

Shard packShard(const RawShard &S);

/// The contents of `shard/NAME.js`.
std::string shardScript(const Shard &S);

} // namespace emm

#endif
