//===- reports/record/Inputs.cpp - search, sniff, cut ---------------------===//

#include "reports/record/Inputs.h"

#include "reports/record/RemarkScanner.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/BinaryFormat/ELF.h"
#include "llvm/BinaryFormat/Magic.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

#include <set>
#include <tuple>

using namespace llvm;

namespace emm {

InputKind sniff(StringRef Head) {
  if (Head.empty())
    return InputKind::Empty;
  if (Head.starts_with("RMRK"))
    return InputKind::RemarkBitstream;
  // `yaml-strtab` of older LLVMs: YAML with numbers for its strings.
  if (Head.starts_with("REMARKS"))
    return InputKind::RemarkNumbers;
  switch (identify_magic(Head)) {
  case file_magic::archive:
    return InputKind::Archive;
  case file_magic::elf_relocatable:
  case file_magic::macho_object:
  case file_magic::coff_object:
  case file_magic::bitcode:
  case file_magic::elf:
    return InputKind::Object;
  case file_magic::elf_executable:
  case file_magic::elf_shared_object:
  case file_magic::elf_core:
    return InputKind::Linked;
  default:
    break;
  }
  return looksLikeRemarkYaml(Head) ? InputKind::RemarkYaml : InputKind::Other;
}

namespace {

class InputSearch {
public:
  InputSearch(InputList &Out, uint64_t PartSize) : Out(Out), PartSize(PartSize) {}

  void name(StringRef Name);

private:
  void directory(StringRef Dir);
  void file(StringRef Path, const sys::fs::file_status &Status, bool Named);
  void fail(StringRef Path, const Twine &Why) { Out.Errors.push_back((Path + ": " + Why).str()); }

  InputList &Out;
  const uint64_t PartSize;
  std::set<std::pair<uint64_t, uint64_t>> Seen; ///< device and inode
};

void InputSearch::name(StringRef Name) {
  sys::fs::file_status Status;
  if (std::error_code EC = sys::fs::status(Name, Status))
    return fail(Name, EC.message());
  if (sys::fs::is_directory(Status))
    directory(Name);
  else
    file(Name, Status, /*Named=*/true);
}

void InputSearch::directory(StringRef Dir) {
  std::error_code EC;
  // Not following links keeps a link to a parent from turning the search into a circle.
  sys::fs::recursive_directory_iterator It(Dir, EC, /*follow_symlinks=*/false), End;
  for (; It != End && !EC; It.increment(EC)) {
    StringRef Path = It->path();
    sys::fs::file_status Status;
    if (sys::fs::status(Path, Status))
      continue; // a link to nowhere
    if (sys::path::filename(Path).starts_with(".git"))
      It.no_push();
    else if (sys::fs::is_regular_file(Status))
      file(Path, Status, /*Named=*/false);
  }
  if (EC)
    fail(Dir, EC.message());
}

void InputSearch::file(StringRef Path, const sys::fs::file_status &Status, bool Named) {
  if (!Seen.insert({Status.getUniqueID().getDevice(), Status.getUniqueID().getFile()}).second)
    return;
  InputPiece Piece;
  SmallString<128> Clean(Path);
  sys::path::remove_dots(Clean);
  Piece.Name = std::string(Clean);
  Piece.Named = Named;
  if (!sys::fs::is_regular_file(Status)) {
    // A pipe can be read once only; what it holds is found out when it is read.
    Piece.Kind = InputKind::RemarkYaml;
    Out.Pieces.push_back(Piece);
    return;
  }
  Piece.FileSize = Piece.Size = Status.getSize();
  Expected<sys::fs::file_t> Handle = sys::fs::openNativeFileForRead(Path);
  if (!Handle) {
    std::string Why = toString(Handle.takeError());
    if (Named)
      fail(Path, Why);
    return;
  }
  char Head[4096];
  Expected<size_t> Read = sys::fs::readNativeFile(*Handle, MutableArrayRef(Head));
  sys::fs::closeFile(*Handle);
  if (!Read)
    return fail(Path, toString(Read.takeError()));
  Piece.Kind = sniff(StringRef(Head, *Read));
  // In a directory the objects are there beside what was linked from them.
  if (!Named && (Piece.Kind == InputKind::Other || Piece.Kind == InputKind::Linked || Piece.Kind == InputKind::Empty))
    return;
  if (Piece.Kind != InputKind::RemarkYaml || Piece.FileSize <= PartSize + PartSize / 2) {
    Out.Pieces.push_back(Piece);
    return;
  }
  for (uint64_t At = 0; At < Piece.FileSize; At += PartSize) {
    Piece.Offset = At;
    Piece.Size = std::min(PartSize, Piece.FileSize - At);
    Out.Pieces.push_back(Piece);
  }
}

} // namespace

InputList findInputs(ArrayRef<std::string> Names, uint64_t PartSize) {
  InputList Out;
  InputSearch Search(Out, PartSize);
  // Named files first: naming a file and its directory must not turn it into a file that was only found.
  std::vector<std::string> Sorted(Names.begin(), Names.end());
  llvm::sort(Sorted);
  for (bool Directories : {false, true})
    for (const std::string &Name : Sorted)
      if (sys::fs::is_directory(Name) == Directories)
        Search.name(Name);
  llvm::stable_sort(Out.Pieces, [](const InputPiece &A, const InputPiece &B) {
    return std::tie(A.Name, A.Offset) < std::tie(B.Name, B.Offset);
  });
  return Out;
}

} // namespace emm
