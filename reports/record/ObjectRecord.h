//===- reports/record/ObjectRecord.h - records inside objects -------------===//
//
// Finds the section `.emm` of an object file (or the global of that section in a
// bitcode file) and unpacks its blobs. `ld -r` concatenates sections, so one
// object may hold several records.
//
// Limits: a record of more than 1 GiB of text is refused. Objects of every
// format LLVM reads are searched; the plugin writes ELF and bitcode.
//
//===----------------------------------------------------------------------===//

#ifndef EMM_REPORTS_RECORD_OBJECTRECORD_H
#define EMM_REPORTS_RECORD_OBJECTRECORD_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/Object/Archive.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/MemoryBufferRef.h"

#include <string>
#include <vector>

namespace llvm::object {
class ELFObjectFileBase;
} // namespace llvm::object

namespace emm {

struct ObjectRecords {
  std::vector<std::string> Texts; ///< remark YAML, in the order of the section
  bool IsRelocatable = false;     ///< an object of one compilation, not an executable or a shared library
  bool IsAssembly = false;        ///< without any trace of a compiler: no record is expected
};

/// Errors are reasons without the file's name.
llvm::Expected<ObjectRecords> readObjectRecords(llvm::MemoryBufferRef Object);

/// The contents of \p Child of \p A. An error if they go on behind the end of the archive: LLVM hands out such a member,
/// and with it what happens to be in memory there.
llvm::Expected<llvm::MemoryBufferRef> archiveMember(const llvm::object::Archive &A, const llvm::object::Archive::Child &Child);

/// An error if a symbol table is not inside the file: LLVM walks it all the same, an entry and an error at a time.
llvm::Error checkSymbols(const llvm::object::ELFObjectFileBase &Elf);

/// The texts of a section's contents.
llvm::Expected<std::vector<std::string>> unpackRecords(llvm::StringRef Section);

} // namespace emm

#endif
