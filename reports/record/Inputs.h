//===- reports/record/Inputs.h - what was named on the command line -------===//
//
// Turns names (files, archives, directories) into a sorted list of work: each
// piece is one file or a part of a large remark file, told apart by content and
// never by name, because remark files of LTO links have changing names.
//
//===----------------------------------------------------------------------===//

#ifndef EMM_REPORTS_RECORD_INPUTS_H
#define EMM_REPORTS_RECORD_INPUTS_H

#include "reports/record/Report.h"

#include <cstdint>
#include <string>
#include <vector>

namespace emm {

enum class InputKind : uint8_t { RemarkYaml, RemarkBitstream, RemarkNumbers, Object, Archive, Linked, Empty, Other };

/// What \p Head, the first bytes of a file, announces.
InputKind sniff(llvm::StringRef Head);

struct InputPiece {
  std::string Name;  ///< as shown: `lib/libx.a`
  InputKind Kind = InputKind::Other;
  bool Named = false; ///< by the user, not found in a directory
  uint64_t Offset = 0, Size = 0; ///< of the part to read; documents that start in it belong to it
  uint64_t FileSize = 0;
};

struct InputList {
  std::vector<InputPiece> Pieces; ///< sorted by name, then offset; no file twice
  std::vector<std::string> Errors; ///< `FILE: reason`
};

/// Directories are searched recursively, without following links to directories; files of no known kind are passed over
/// in them. Large remark files are cut into parts of \p PartSize.
InputList findInputs(llvm::ArrayRef<std::string> Names, uint64_t PartSize);

} // namespace emm

#endif
