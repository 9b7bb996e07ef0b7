//===- reports/evidence/CodeFile.h - functions and what they name ---------===//
//
// One ELF object, shared library or executable: its functions, and the answer
// to "what does the relocation, or the address, in this instruction mean?".
//
// Positions are (section, offset) in an object that is to be linked, where each
// section starts at 0, and addresses in a linked file; `Section` is then that of
// the address. Views live as long as the buffer that was read.
//
//===----------------------------------------------------------------------===//

#ifndef EMM_REPORTS_EVIDENCE_CODEFILE_H
#define EMM_REPORTS_EVIDENCE_CODEFILE_H

#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/Object/ELFObjectFile.h"
#include "llvm/Support/Error.h"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace emm::evidence {

/// What an instruction names.
struct Reference {
  enum Kind : uint8_t {
    Nothing,
    Address,  ///< the address of something, or the thing itself
    Slot,     ///< a slot of the global offset table that holds the address
    Thread,   ///< thread-local storage
  };
  Kind K = Nothing;
  bool Writable = false;  ///< data that can be written; undefined symbols are taken to be
  bool Undefined = false; ///< defined in no section of this file
  std::string Symbol;     ///< mangled; `.bss+16` where there is none
  uint64_t Section = 0, Offset = 0;

  bool operator==(const Reference &O) const { return K == O.K && Symbol == O.Symbol; }
};

struct CodeFunction {
  llvm::StringRef Name;
  uint64_t Section = 0, Address = 0;
  llvm::ArrayRef<uint8_t> Bytes;
  bool IsLocal = false, IsWeak = false;
};

class CodeFile {
public:
  /// An error for anything but ELF for x86-64 and AArch64. \p Buffer must outlive the result.
  static llvm::Expected<std::unique_ptr<CodeFile>> read(llvm::MemoryBufferRef Buffer);

  llvm::Triple triple() const { return Elf->makeTriple(); }
  bool isLinked() const { return !Elf->isRelocatableObject(); }
  /// One for each address, sorted by section and address; of several names a global one, then the least.
  llvm::ArrayRef<CodeFunction> functions() const { return Functions; }
  /// Ranges of data among AArch64's code (mapping symbols).
  bool isData(uint64_t Section, uint64_t Address) const;

  /// What the first relocation that begins in the range means; Nothing without one.
  Reference relocationIn(uint64_t Section, uint64_t Address, uint32_t Size) const;
  /// The index of the function that begins at or, in a linked file, contains the address.
  std::optional<size_t> functionAt(uint64_t Section, uint64_t Address) const;
  /// What stands at an address of a linked file, or at an offset of the section \p Section.
  Reference at(uint64_t Section, uint64_t Address) const;

private:
  struct Symbol {
    llvm::StringRef Name;
    uint64_t Size = 0;
  };
  void readSymbols();
  llvm::Error readCode();
  void readRelocations();
  void readLinkage();
  Reference describe(const llvm::object::RelocationRef &R) const;
  uint64_t key(uint64_t Section) const { return isLinked() ? 0 : Section; }

  const llvm::object::SectionRef *sectionOf(uint64_t Section, uint64_t Address) const;

  std::unique_ptr<llvm::object::ELFObjectFileBase> Elf;
  std::map<uint64_t, llvm::object::SectionRef> Sections; ///< loaded ones: by index, in a linked file by address
  std::vector<CodeFunction> Functions;
  std::map<std::pair<uint64_t, uint64_t>, Symbol> Data;                    ///< objects by (section, address)
  std::map<std::pair<uint64_t, uint64_t>, bool> Mapping;                   ///< true where data begins, false where code does
  std::map<std::pair<uint64_t, uint64_t>, llvm::object::RelocationRef> Relocations;
  llvm::DenseMap<uint64_t, std::string> Stubs;                             ///< linked: addresses of the procedure linkage table
  llvm::DenseMap<uint64_t, std::string> Slots;                             ///< linked: of the global offset table
};

} // namespace emm::evidence

#endif
