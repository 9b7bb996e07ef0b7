//===- reports/html/LazyRows.cpp - a JSON array of markup per shard -------===//

#include "reports/html/LazyRows.h"

#include "llvm/Support/JSON.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;

namespace emm {

/// Large enough to compress well, small enough to be unpacked between two frames.
static constexpr size_t ShardBytes = size_t(1) << 20;

std::string LazyRows::add(Markup Piece) {
  if (Bytes > ShardBytes)
    flush();
  Pieces.push_back(Piece.take());
  Bytes += Pieces.back().size();
  return std::to_string(Shards.size()) + "." + std::to_string(Pieces.size() - 1);
}

void LazyRows::flush() {
  std::string Text;
  raw_string_ostream OS(Text);
  json::OStream J(OS);
  J.array([&] {
    for (const std::string &P : Pieces)
      J.value(P);
  });
  OS.flush();
  Shards.push_back(packShard(Prefix + "-" + std::to_string(Shards.size()), Text));
  Pieces.clear();
  Bytes = 0;
}

std::vector<Shard> LazyRows::finish() {
  if (!Pieces.empty())
    flush();
  return std::move(Shards);
}

} // namespace emm
