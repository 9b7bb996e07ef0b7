//===- reports/html/Shard.cpp - zlib, base64, one call --------------------===//

#include "reports/html/Shard.h"

#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Base64.h"
#include "llvm/Support/Compression.h"

using namespace llvm;

namespace emm {

Shard packShard(std::string Name, StringRef Text) {
  SmallVector<uint8_t, 0> Compressed;
  compression::zlib::compress(arrayRefFromStringRef(Text), Compressed, compression::zlib::DefaultCompression);
  return {std::move(Name), encodeBase64(Compressed)};
}

std::string shardScript(const Shard &S) { return "emmShard(\"" + S.Name + "\",\"" + S.Base64 + "\");\n"; }

} // namespace emm
