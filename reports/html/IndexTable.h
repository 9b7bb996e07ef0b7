//===- reports/html/IndexTable.h - every finding as compressed columns ----===//
//
// What the index page's table, search and facets work on. The shard `i` holds
// the tables that all rows share, as one JSON object:
//
//   total, chunks     numbers of rows and of row shards
//   files, pages      names of sources, and their pages' addresses
//   rules             [id, title] pairs; families [names]
//   functions         short names
//
// The shards `i-N` hold the rows, a struct of arrays: f file+1, l line (as
// difference to the row before), c column, r rule, v level, s state, g function,
// m index into w, the sentences of the chunk, u units, k instances, h hotness,
// i the ids, 16 digits each, in one string. u, k and h are left out when they
// are 1, 1 and 0 in every row. Rows are in the report's order.
//
//===----------------------------------------------------------------------===//

#ifndef EMM_REPORTS_HTML_INDEXTABLE_H
#define EMM_REPORTS_HTML_INDEXTABLE_H

#include "reports/html/Links.h"
#include "reports/html/Shard.h"

#include <vector>

namespace emm {

/// All shards of the table; chunks are packed in parallel.
std::vector<Shard> indexTable(const Catalogue &C, const Links &L);

} // namespace emm

#endif
