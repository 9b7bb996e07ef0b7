//===- reports/html/Shard.cpp - zlib, base64, one call --------------------===//

#include "reports/html/Shard.h"

#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Base64.h"
#include "llvm/Support/Compression.h"

using namespace llvm;

namespace emm {

/// The default takes half as long again for two per cent less.
static constexpr int CompressionLevel = 5;

Shard packShard(const RawShard &S) {
  SmallVector<uint8_t, 0> Compressed;
  compression::zlib::compress(arrayRefFromStringRef(S.Text), Compressed, CompressionLevel);
  return {S.Name, encodeBase64(Compressed)};
}

std::string shardScript(const Shard &S) { return "emmShard(\"" + S.Name + "\",\"" + S.Base64 + "\");\n"; }

} // namespace emm
