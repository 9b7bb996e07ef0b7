//===- reports/html/LazyRows.h - rows that are fetched when asked for -----===//

#ifndef EMM_REPORTS_HTML_LAZYROWS_H
#define EMM_REPORTS_HTML_LAZYROWS_H

#include "reports/html/Markup.h"
#include "reports/html/Shard.h"

#include <vector>

namespace emm {

/// Collects pieces of markup into shards of bounded size.
class LazyRows {
public:
  explicit LazyRows(std::string Prefix) : Prefix(std::move(Prefix)) {}

  /// The key under which report.js finds the piece again: `SHARD.INDEX`.
  std::string add(Markup Piece);

  /// All shards, named `PREFIX-0`, `PREFIX-1` ...
  std::vector<RawShard> finish();

private:
  void flush();

  std::string Prefix;
  std::vector<std::string> Pieces;
  size_t Bytes = 0;
  std::vector<RawShard> Shards;
};

} // namespace emm

#endif
