//===- reports/html/ColourRuns.h - colours of a long text, apart from it ----===//
//
// A coloured word costs the browser two nodes. In a text of very many lines the
// page holds plain text, and the colours wait in shards until a chunk of lines
// comes into view. A shard is a JSON array with one array of numbers per chunk:
// for each span `gap * 8 + class` and its length, in UTF-16 units of the text as
// shown, a line end counting one; class is Paint's number.
//
//===----------------------------------------------------------------------===//

#ifndef EMM_REPORTS_HTML_COLOURRUNS_H
#define EMM_REPORTS_HTML_COLOURRUNS_H

#include "reports/html/Shard.h"
#include "reports/source/SourceText.h"

#include <vector>

namespace emm {

/// How many chunks share a shard.
inline constexpr uint32_t ChunksPerColourShard = 40;

/// Shards named PREFIX0, PREFIX1 ... for chunks of \p ChunkLines lines.
std::vector<RawShard> colourRuns(const SourceText &Source, bool CPlusPlus, uint32_t ChunkLines,
                                 const std::string &Prefix);

} // namespace emm

#endif
