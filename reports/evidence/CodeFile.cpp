//===- reports/evidence/CodeFile.cpp --------------------------------------===//

#include "reports/evidence/CodeFile.h"

#include "reports/evidence/Machine.h"
#include "reports/record/ObjectRecord.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/BinaryFormat/ELF.h"
#include "llvm/Config/llvm-config.h"
#include "llvm/Object/ObjectFile.h"

using namespace llvm;
using namespace llvm::object;

namespace emm::evidence {

/// Damaged tables are met piece by piece; a piece that cannot be read is left out.
template <typename T> static T orElse(Expected<T> Value, T Default) {
  if (Value)
    return std::move(*Value);
  consumeError(Value.takeError());
  return Default;
}

Expected<std::unique_ptr<CodeFile>> CodeFile::read(MemoryBufferRef Buffer) {
  Expected<std::unique_ptr<ObjectFile>> Object = ObjectFile::createObjectFile(Buffer);
  if (!Object)
    return Object.takeError();
  if (!isa<ELFObjectFileBase>(**Object))
    return createStringError(inconvertibleErrorCode(), "not an ELF file");
  auto File = std::make_unique<CodeFile>();
  File->Elf.reset(cast<ELFObjectFileBase>(Object->release()));
  if (Error E = checkSymbols(*File->Elf))
    return E;
  File->readSymbols();
  if (Error E = File->readCode())
    return E;
  File->readRelocations();
  if (File->isLinked())
    File->readLinkage();
  return File;
}

void CodeFile::readSymbols() {
  auto Take = [&](const ELFSymbolRef &S) {
    StringRef Name = orElse(S.getName(), StringRef());
    section_iterator In = orElse(S.getSection(), Elf->section_end());
    if (In == Elf->section_end())
      return;
    uint64_t Section = In->getIndex(), Address = orElse(S.getAddress(), uint64_t(0));
    if (!isLinked())
      Address = orElse(S.getValue(), uint64_t(0));
    if (Name == "$d" || Name.starts_with("$d.") || Name == "$x" || Name.starts_with("$x.")) {
      Mapping[{key(Section), Address}] = Name.starts_with("$d");
      return;
    }
    if (S.getELFType() == ELF::STT_OBJECT || S.getELFType() == ELF::STT_COMMON) {
      Symbol &Slot = Data[{key(Section), Address}];
      if (Slot.Name.empty() || Name < Slot.Name)
        Slot = {Name, std::max(Slot.Size, S.getSize())};
    }
    if ((S.getELFType() != ELF::STT_FUNC && S.getELFType() != ELF::STT_GNU_IFUNC) || Name.empty())
      return;
    CodeFunction F;
    F.Name = Name;
    F.Section = Section;
    F.Address = Address;
    F.IsLocal = S.getBinding() == ELF::STB_LOCAL;
    F.IsWeak = S.getBinding() == ELF::STB_WEAK;
    StringRef Contents = orElse(In->getContents(), StringRef());
    uint64_t Begin = Address - In->getAddress();
    if (Begin < Contents.size())
      F.Bytes = arrayRefFromStringRef(Contents.substr(Begin, S.getSize()));
    if (!F.Bytes.empty())
      Functions.push_back(F);
  };
  bool Any = false;
  for (const ELFSymbolRef &S : Elf->symbols())
    Any = true, Take(S);
  if (!Any)
    for (const ELFSymbolRef &S : Elf->getDynamicSymbolIterators())
      Take(S);
}

Error CodeFile::readCode() {
  llvm::sort(Functions, [&](const CodeFunction &A, const CodeFunction &B) {
    uint64_t X = key(A.Section), Y = key(B.Section);
    return std::tie(X, A.Address, A.IsLocal, A.Name) < std::tie(Y, B.Address, B.IsLocal, B.Name);
  });
  Functions.erase(std::unique(Functions.begin(), Functions.end(),
                              [](const CodeFunction &A, const CodeFunction &B) {
                                return A.Section == B.Section && A.Address == B.Address;
                              }),
                  Functions.end());
  for (const SectionRef &S : Elf->sections()) {
    if (Expected<StringRef> Contents = S.getContents(); !Contents)
      return Contents.takeError();
    if (ELFSectionRef(S).getFlags() & ELF::SHF_ALLOC && S.getSize())
      Sections.try_emplace(isLinked() ? S.getAddress() : S.getIndex(), S);
  }
  return Error::success();
}

void CodeFile::readRelocations() {
  if (isLinked())
    return;
  for (const SectionRef &S : Elf->sections()) {
    section_iterator For = orElse(S.getRelocatedSection(), Elf->section_end());
    if (For == Elf->section_end() || !For->isText())
      continue;
    for (const RelocationRef &R : S.relocations())
      Relocations.try_emplace({For->getIndex(), R.getOffset()}, R);
  }
}

/// Which slots and stubs stand for which symbols of other files.
void CodeFile::readLinkage() {
  Expected<std::unique_ptr<Machine>> M = Machine::create(triple());
  if (!M) {
    consumeError(M.takeError());
    return;
  }
#if LLVM_VERSION_MAJOR >= 22
  std::vector<ELFPltEntry> Entries = Elf->getPltEntries((*M)->subtarget());
#else
  std::vector<ELFPltEntry> Entries = Elf->getPltEntries();
#endif
  for (const ELFPltEntry &E : Entries)
    if (E.Symbol)
      Stubs[E.Address] = orElse(ELFSymbolRef(SymbolRef(*E.Symbol, Elf.get())).getName(), StringRef()).str();
  for (const SectionRef &S : Elf->dynamic_relocation_sections())
    for (const RelocationRef &R : S.relocations())
      if (symbol_iterator Of = R.getSymbol(); Of != Elf->symbol_end())
        if (StringRef Name = orElse(Of->getName(), StringRef()); !Name.empty())
          Slots[R.getOffset()] = Name.str();
}

bool CodeFile::isData(uint64_t Section, uint64_t Address) const {
  auto It = Mapping.upper_bound({key(Section), Address});
  if (It == Mapping.begin())
    return false;
  --It;
  return It->first.first == key(Section) && It->second;
}

Reference CodeFile::at(uint64_t Section, uint64_t Address) const {
  Reference Out;
  if (isLinked()) {
    if (auto It = Stubs.find(Address); It != Stubs.end()) {
      Out.K = Reference::Address;
      Out.Symbol = It->second;
      Out.Undefined = true;
      return Out;
    }
    if (auto It = Slots.find(Address); It != Slots.end()) {
      Out.K = Reference::Slot;
      Out.Symbol = It->second;
      Out.Writable = Out.Undefined = true;
      return Out;
    }
  }
  const SectionRef *S = sectionOf(Section, Address);
  if (!S)
    return Out;
  uint64_t Flags = ELFSectionRef(*S).getFlags();
  Out.K = Flags & ELF::SHF_TLS ? Reference::Thread : Reference::Address;
  Out.Writable = Flags & ELF::SHF_WRITE;
  Out.Section = S->getIndex();
  Out.Offset = Address;
  if (S->isText())
    return Out;
  if (auto It = Data.upper_bound({key(Out.Section), Address}); It != Data.begin()) {
    --It;
    if (It->first.first == key(Out.Section) && Address < It->first.second + std::max<uint64_t>(It->second.Size, 1))
      Out.Symbol = It->second.Name.str();
  }
  if (Out.Symbol.empty())
    Out.Symbol = orElse(S->getName(), StringRef("?")).str() + "+" + utostr(Address - (isLinked() ? S->getAddress() : 0));
  return Out;
}

const SectionRef *CodeFile::sectionOf(uint64_t Section, uint64_t Address) const {
  if (!isLinked()) {
    auto It = Sections.find(Section);
    return It == Sections.end() ? nullptr : &It->second;
  }
  auto It = Sections.upper_bound(Address);
  if (It == Sections.begin())
    return nullptr;
  --It;
  return Address < It->first + It->second.getSize() ? &It->second : nullptr;
}

std::optional<size_t> CodeFile::functionAt(uint64_t Section, uint64_t Address) const {
  auto It = llvm::upper_bound(Functions, Address, [&](uint64_t A, const CodeFunction &F) {
    return isLinked() ? A < F.Address : std::tie(Section, A) < std::tie(F.Section, F.Address);
  });
  if (It == Functions.begin())
    return std::nullopt;
  --It;
  if ((!isLinked() && It->Section != Section) || Address >= It->Address + It->Bytes.size())
    return std::nullopt;
  return It - Functions.begin();
}

Reference CodeFile::describe(const RelocationRef &R) const {
  Reference Out;
  symbol_iterator S = R.getSymbol();
  if (S == Elf->symbol_end())
    return Out;
  ELFSymbolRef Symbol(*S);
  SmallString<32> Type;
  R.getTypeName(Type);
  StringRef Name = Type;
  int64_t Addend = orElse(ELFRelocationRef(R).getAddend(), int64_t(0));
  // A field of four bytes relative to the program counter lies 4 bytes before the end of most instructions; what is
  // behind it (an immediate) is part of the addend as well. The symbol alone decides, except for section symbols.
  if (Name.contains("PC32") || Name.contains("PLT32") || Name.contains("PCREL"))
    Addend += 4;
  section_iterator In = orElse(Symbol.getSection(), Elf->section_end());
  bool Thread = Name.contains("TPOFF") || Name.contains("TLS") || Symbol.getELFType() == ELF::STT_TLS;
  bool Slot = Name.contains("GOT");
  if (In != Elf->section_end()) {
    bool IsSection = Symbol.getELFType() == ELF::STT_SECTION;
    Out = at(In->getIndex(), orElse(Symbol.getValue(), uint64_t(0)) + (IsSection ? Addend : 0));
    if (!IsSection && !orElse(Symbol.getName(), StringRef()).empty())
      Out.Symbol = orElse(Symbol.getName(), StringRef()).str();
  } else {
    Out.K = Reference::Address;
    Out.Writable = Out.Undefined = true;
    Out.Symbol = orElse(Symbol.getName(), StringRef()).str();
    // Common symbols are this file's own data.
    if (Symbol.getFlags() && (*Symbol.getFlags() & SymbolRef::SF_Common))
      Out.Undefined = false;
  }
  if (Thread)
    Out.K = Reference::Thread;
  else if (Slot && Out.K == Reference::Address)
    Out.K = Reference::Slot;
  return Out;
}

Reference CodeFile::relocationIn(uint64_t Section, uint64_t Address, uint32_t Size) const {
  auto It = Relocations.lower_bound({Section, Address});
  if (It == Relocations.end() || It->first.first != Section || It->first.second >= Address + Size)
    return {};
  return describe(It->second);
}

} // namespace emm::evidence
