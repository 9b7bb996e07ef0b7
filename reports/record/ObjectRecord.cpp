//===- reports/record/ObjectRecord.cpp - sections, blobs, zstd ------------===//

#include "reports/record/ObjectRecord.h"

#include "reports/finding/RecordColumns.h"
#include "reports/finding/RecordKeys.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/BinaryFormat/ELF.h"
#include "llvm/BinaryFormat/Magic.h"
#include "llvm/Bitcode/BitcodeReader.h"
#include "llvm/IR/Constants.h"
#include "llvm/IR/GlobalVariable.h"
#include "llvm/IR/LLVMContext.h"
#include "llvm/IR/Module.h"
#include "llvm/Object/ELFObjectFile.h"
#include "llvm/Object/ObjectFile.h"
#include "llvm/Support/Compression.h"
#include "llvm/Support/Endian.h"
#include "llvm/Support/MathExtras.h"

using namespace llvm;

namespace emm {

static Error damaged(const char *Why) { return createStringError(inconvertibleErrorCode(), "damaged record: %s", Why); }

Expected<std::vector<std::string>> unpackRecords(StringRef Section) {
  constexpr uint64_t MaxText = uint64_t(1) << 30;
  std::vector<std::string> Texts;
  while (!Section.empty()) {
    // The linker may pad between the sections it concatenates.
    if (Section.front() == '\0') {
      Section = Section.ltrim('\0');
      continue;
    }
    if (Section.size() < record::BlobHeaderSize)
      return damaged("cut short in the head of a blob");
    bool InColumns = Section.starts_with(record::ColumnsMagic);
    if (!InColumns && !Section.starts_with(record::TextMagic))
      return damaged("no `EMM1` or `EMM2` at the start of a blob");
    uint64_t Packed = support::endian::read64le(Section.data() + 8);
    uint64_t Size = support::endian::read64le(Section.data() + 16);
    if (Packed > Section.size() - record::BlobHeaderSize)
      return damaged("cut short in the text of a blob");
    if (Size > MaxText)
      return damaged("more than 1 GiB of text announced");
    SmallVector<uint8_t, 0> Text;
    if (!compression::zstd::isAvailable())
      return createStringError(inconvertibleErrorCode(), "this LLVM was built without zstd");
    ArrayRef<uint8_t> Frame(Section.bytes_begin() + record::BlobHeaderSize, Packed);
    if (Error E = compression::zstd::decompress(Frame, Text, Size)) {
      consumeError(std::move(E));
      return damaged("zstd cannot unpack it");
    }
    if (Text.size() != Size)
      return damaged("the text is shorter than announced");
    if (InColumns) {
      Expected<std::string> Joined = fromColumns(toStringRef(Text), MaxText);
      if (!Joined)
        return damaged(toString(Joined.takeError()).c_str());
      Texts.push_back(std::move(*Joined));
    } else {
      Texts.emplace_back(Text.begin(), Text.end());
    }
    uint64_t Whole = alignTo(record::BlobHeaderSize + Packed, record::BlobAlignment);
    Section = Section.drop_front(std::min<uint64_t>(Whole, Section.size()));
  }
  return Texts;
}

Error checkSymbols(const object::ELFObjectFileBase &Elf) {
  for (const object::ELFSectionRef S : Elf.sections())
    if (uint32_t Type = S.getType(); Type == ELF::SHT_SYMTAB || Type == ELF::SHT_DYNSYM)
      if (Expected<StringRef> Contents = S.getContents(); !Contents)
        return Contents.takeError();
  return Error::success();
}

/// An assembled file carries neither the compiler's name (`.comment`) nor that of a source (a file symbol).
static bool hasTraceOfCompiler(const object::ObjectFile &O) {
  for (const object::SectionRef &S : O.sections())
    if (Expected<StringRef> Name = S.getName(); !Name)
      consumeError(Name.takeError());
    else if (*Name == ".comment" || *Name == ".llvm_addrsig")
      return true;
  if (const auto *Elf = dyn_cast<object::ELFObjectFileBase>(&O)) {
    if (Error E = checkSymbols(*Elf))
      return consumeError(std::move(E)), true;
    for (const object::ELFSymbolRef &S : Elf->symbols())
      if (S.getELFType() == ELF::STT_FILE)
        return true;
  }
  return false;
}

static Expected<ObjectRecords> readBitcode(MemoryBufferRef Object) {
  LLVMContext Context;
  Expected<std::unique_ptr<Module>> M = getLazyBitcodeModule(Object, Context);
  if (!M)
    return M.takeError();
  ObjectRecords R;
  R.IsRelocatable = true;
  for (const GlobalVariable &G : (*M)->globals())
    if (G.getSection() == record::Section && G.hasInitializer())
      if (const auto *Data = dyn_cast<ConstantDataSequential>(G.getInitializer())) {
        Expected<std::vector<std::string>> Texts = unpackRecords(Data->getRawDataValues());
        if (!Texts)
          return Texts.takeError();
        llvm::move(*Texts, std::back_inserter(R.Texts));
      }
  return R;
}

Expected<MemoryBufferRef> archiveMember(const object::Archive &A, const object::Archive::Child &Child) {
  Expected<MemoryBufferRef> Member = Child.getMemoryBufferRef();
  // LLVM notices when it looks for the next one; the members of a thin archive are files of their own.
  if (Member && !A.isThin() && Member->getBufferEnd() > A.getData().end())
    return createStringError(inconvertibleErrorCode(), "truncated archive: a member goes on behind its end");
  return Member;
}

Expected<ObjectRecords> readObjectRecords(MemoryBufferRef Buffer) {
  if (identify_magic(Buffer.getBuffer()) == file_magic::bitcode)
    return readBitcode(Buffer);
  Expected<std::unique_ptr<object::ObjectFile>> Object = object::ObjectFile::createObjectFile(Buffer);
  if (!Object)
    return Object.takeError();
  const object::ObjectFile &O = **Object;
  ObjectRecords R;
  R.IsRelocatable = O.isRelocatableObject();
  for (const object::SectionRef &S : O.sections()) {
    Expected<StringRef> Name = S.getName();
    if (!Name)
      return Name.takeError();
    if (*Name != record::Section)
      continue;
    Expected<StringRef> Contents = S.getContents();
    if (!Contents)
      return Contents.takeError();
    Expected<std::vector<std::string>> Texts = unpackRecords(*Contents);
    if (!Texts)
      return Texts.takeError();
    llvm::move(*Texts, std::back_inserter(R.Texts));
  }
  if (R.Texts.empty())
    R.IsAssembly = R.IsRelocatable && !hasTraceOfCompiler(O);
  return R;
}

} // namespace emm
