//===- reports/html/LazyRows.cpp - a JSON array per shard: phrases, pieces -===//

#include "reports/html/LazyRows.h"

#include "reports/html/Phrases.h"

#include "llvm/Support/JSON.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;

namespace emm {

/// Large enough to compress well, small enough to be unpacked between two frames.
static constexpr size_t ShardBytes = size_t(1) << 20;
static constexpr size_t BufferBytes = size_t(1) << 14;

std::string LazyRows::add(Markup Piece) {
  if (Bytes > ShardBytes)
    flush();
  Bytes += Piece.str().size();
  Pieces.push_back(abbreviate(Piece.str()));
  return std::to_string(Shards.size()) + "." + std::to_string(Pieces.size() - 1);
}

void LazyRows::flush() {
  std::string Text;
  raw_string_ostream OS(Text);
  OS.SetBufferSize(BufferBytes); // the JSON writer hands over single characters
  json::OStream J(OS);
  J.array([&] {
    J.array([&] {
      for (StringRef P : phrases())
        J.value(P);
    });
    for (const std::string &P : Pieces)
      J.value(P);
  });
  OS.flush();
  Shards.push_back({Prefix + "-" + std::to_string(Shards.size()), std::move(Text)});
  Pieces.clear();
  Bytes = 0;
}

std::vector<RawShard> LazyRows::finish() {
  if (!Pieces.empty())
    flush();
  return std::move(Shards);
}

} // namespace emm
