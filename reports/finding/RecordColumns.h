//===- reports/finding/RecordColumns.h - a record's text by columns -------===//
//
// Text in the grammar of RecordKeys.h repeats the same lines for every finding.
// Values of one key resemble each other, values of neighbouring lines do not:
// set out column by column the text compresses to two thirds. Lossless for any
// text, made for this one.
//
// Layout: the size of the text, the size of each column, then the columns. All
// numbers are varints (seven bits a byte, low ones first).
//
//   shape    a byte for each line: which key it starts with
//   a column of text for each key: values, each ended by a newline; an empty
//            value stands for the one before it, byte 3 for one that is empty
//   file, line, column of the two kinds of positions; files like text, lines as
//            differences (zigzag)
//   numbers  of messages and steps, where these have byte 1; byte 2 in a
//            message stands for the subject that follows it
//
//===----------------------------------------------------------------------===//

#ifndef EMM_REPORTS_FINDING_RECORDCOLUMNS_H
#define EMM_REPORTS_FINDING_RECORDCOLUMNS_H

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

#include <optional>
#include <string>

namespace emm {

/// None if \p Text has control characters or an unfinished last line; a record never does.
std::optional<std::string> toColumns(llvm::StringRef Text);

/// The text; an error if \p Columns were not made by toColumns, or if the text would be longer than \p Limit bytes.
llvm::Expected<std::string> fromColumns(llvm::StringRef Columns, uint64_t Limit);

} // namespace emm

#endif
