//===- tools/emm/RecordSearch.cpp - copies, objects, archives -------------===//

#include "tools/emm/RecordSearch.h"

#include "reports/finding/RecordKeys.h"
#include "reports/record/Inputs.h"
#include "reports/record/ObjectRecord.h"
#include "reports/record/PathResolver.h"
#include "reports/record/RemarkScanner.h"

#include "llvm/ADT/SmallString.h"
#include "llvm/Object/Archive.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"

#include <algorithm>

using namespace llvm;

namespace emm {

namespace {

/// Where the source of a unit is said to be.
struct Origin {
  std::string Base;   ///< as recorded
  std::string Source; ///< joined with Base; empty for what is no record of emm
};

Origin originOf(StringRef Text) {
  RemarkScanner Scanner(Text);
  Remark R;
  if (Scanner.next(R) != RemarkScanner::Result::Remark || R.Name != record::HeaderName)
    return {};
  Origin O;
  StringRef Name;
  for (const RemarkArg &A : R.Args)
    if (A.Key == record::KeyBase)
      O.Base = A.Value.str();
    else if (A.Key == record::KeySource)
      Name = A.Value;
  SmallString<256> Path(sys::path::is_absolute(Name) ? StringRef() : StringRef(O.Base));
  sys::path::append(Path, Name);
  O.Source = std::string(Path);
  return O;
}

enum class Standing { Current, Stale, Gone };

/// CMake keeps the sources it probes the compiler with.
bool isProbe(StringRef Source) { return Source.contains("/CMakeFiles/") && Source.contains("CompilerId"); }

/// Paths that were mapped to another prefix, and sources on standard input, cannot be judged: they are current.
Standing standing(const Origin &O, sys::TimePoint<> Written) {
  StringRef Source = O.Source;
  if (!sys::path::is_absolute(Source) || Source.ends_with("/-") || Source.ends_with("<stdin>"))
    return Standing::Current;
  if (isProbe(Source))
    return Standing::Gone;
  sys::fs::file_status Status;
  if (sys::fs::status(Source, Status))
    return sys::fs::is_directory(O.Base) || isBelow(Source, absolutePath(".")) ? Standing::Gone : Standing::Current;
  return Status.getLastModificationTime() > Written ? Standing::Stale : Standing::Current;
}

class TreeSearch {
public:
  TreeSearch(FoundRecords &Out, sys::TimePoint<> Start) : Out(Out), Start(Start) {}

  void copies(StringRef Dir);
  void tree(StringRef Dir);

private:
  void file(StringRef Path);
  void object(StringRef Path, MemoryBufferRef Buffer, sys::TimePoint<> Written);
  void archive(StringRef Path, MemoryBufferRef Buffer, sys::TimePoint<> Written);
  /// What holds for an object (or a member) and is counted: true if it has a record to read.
  bool judge(const std::string &Name, MemoryBufferRef Buffer, sys::TimePoint<> Written);

  FoundRecords &Out;
  const sys::TimePoint<> Start;
};

void TreeSearch::copies(StringRef Dir) {
  std::error_code EC;
  for (sys::fs::directory_iterator It(Dir, EC), End; It != End && !EC; It.increment(EC)) {
    StringRef Path = It->path();
    if (!Path.ends_with(".opt.yaml"))
      continue;
    auto Buffer = MemoryBuffer::getFile(Path);
    if (!Buffer)
      continue;
    if (standing(originOf((*Buffer)->getBuffer()), sys::TimePoint<>::max()) == Standing::Gone) {
      ++Out.Probes;
      continue;
    }
    ++Out.Compiled;
    Out.Inputs.push_back(Path.str());
  }
}

bool TreeSearch::judge(const std::string &Name, MemoryBufferRef Buffer, sys::TimePoint<> Written) {
  Expected<ObjectRecords> Records = readObjectRecords(Buffer);
  if (!Records) {
    consumeError(Records.takeError());
    return false;
  }
  if (Records->Texts.empty()) {
    if (Records->IsRelocatable && !Records->IsAssembly && Written >= Start)
      Out.WithoutRecord.push_back(Name);
    return false;
  }
  Standing S = standing(originOf(Records->Texts.front()), Written);
  Out.Stale += S == Standing::Stale;
  Out.Probes += S == Standing::Gone;
  return S == Standing::Current;
}

void TreeSearch::object(StringRef Path, MemoryBufferRef Buffer, sys::TimePoint<> Written) {
  if (judge(Path.str(), Buffer, Written))
    Out.Inputs.push_back(Path.str());
}

/// An archive is read if one of its members is; the reader names the members that have no record.
void TreeSearch::archive(StringRef Path, MemoryBufferRef Buffer, sys::TimePoint<> Written) {
  Expected<std::unique_ptr<object::Archive>> Archive = object::Archive::create(Buffer);
  if (!Archive)
    return consumeError(Archive.takeError());
  bool Wanted = false;
  Error Err = Error::success();
  for (const object::Archive::Child &Child : (*Archive)->children(Err)) {
    Expected<MemoryBufferRef> Member = archiveMember(**Archive, Child);
    Expected<StringRef> Name = Child.getName();
    if (Member && Name && sniff(Member->getBuffer().take_front(64)) == InputKind::Object)
      Wanted |= judge((Path + "(" + *Name + ")").str(), *Member, Written);
    if (!Member)
      consumeError(Member.takeError());
    if (!Name)
      consumeError(Name.takeError());
  }
  consumeError(std::move(Err));
  if (Wanted)
    Out.Inputs.push_back(Path.str());
}

void TreeSearch::file(StringRef Path) {
  sys::fs::file_status Status;
  if (sys::fs::status(Path, Status) || !sys::fs::is_regular_file(Status) || Status.getSize() < 64)
    return;
  // Few names are worth opening, but none that a build gives to an object is left out.
  StringRef Extension = sys::path::extension(Path);
  if (Extension != ".o" && Extension != ".obj" && Extension != ".a" && Extension != ".lo" && Extension != ".os" &&
      Extension != ".oS" && Extension != ".bc" && !Extension.empty())
    return;
  auto Buffer = MemoryBuffer::getFile(Path, /*IsText=*/false, /*RequiresNullTerminator=*/false);
  if (!Buffer)
    return;
  InputKind Kind = sniff((*Buffer)->getBuffer().take_front(64));
  if (Kind == InputKind::Object)
    object(Path, **Buffer, Status.getLastModificationTime());
  else if (Kind == InputKind::Archive)
    archive(Path, **Buffer, Status.getLastModificationTime());
}

void TreeSearch::tree(StringRef Dir) {
  std::error_code EC;
  sys::fs::recursive_directory_iterator It(Dir, EC, /*follow_symlinks=*/false), End;
  for (; It != End && !EC; It.increment(EC)) {
    if (sys::path::filename(It->path()).starts_with(".git"))
      It.no_push();
    else if (It->type() == sys::fs::file_type::regular_file)
      file(It->path());
  }
}

} // namespace

FoundRecords searchRecords(StringRef Copies, StringRef Tree, sys::TimePoint<> Start) {
  FoundRecords Out;
  TreeSearch Search(Out, Start);
  Search.copies(Copies);
  Search.tree(Tree);
  std::sort(Out.Inputs.begin(), Out.Inputs.end());
  std::sort(Out.WithoutRecord.begin(), Out.WithoutRecord.end());
  return Out;
}

} // namespace emm
