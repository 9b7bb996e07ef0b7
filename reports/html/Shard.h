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

struct Shard {
  std::string Name;   ///< letters, digits and `-`
  std::string Base64; ///< of the compressed text
};

Shard packShard(std::string Name, llvm::StringRef Text);

/// The contents of `shard/NAME.js`.
std::string shardScript(const Shard &S);

} // namespace emm

#endif
