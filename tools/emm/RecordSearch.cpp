//===- tools/emm/RecordSearch.cpp - copies, objects, archives -------------===//

#include "tools/emm/RecordSearch.h"

#include "reports/finding/RecordKeys.h"
#include "reports/record/Inputs.h"
#include "reports/record/ObjectRecord.h"
#include "reports/record/RemarkScanner.h"

#include "llvm/ADT/SmallString.h"
#include "llvm/Object/Archive.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"

#include <algorithm>

using namespace llvm;

namespace emm {

/// The absolute path of the source of the unit whose record is \p Text; empty if it is no record of emm.
static std::string sourceOf(StringRef Text) {
  RemarkScanner Scanner(Text);
  Remark R;
  if (Scanner.next(R) != RemarkScanner::Result::Remark || R.Name != record::HeaderName)
    return "";
  SmallString<256> Path;
  for (const RemarkArg &A : R.Args)
    if (A.Key == record::KeyBase)
      Path = A.Value;
  for (const RemarkArg &A : R.Args)
    if (A.Key == record::KeySource) {
      if (sys::path::is_absolute(A.Value))
        Path.clear();
      sys::path::append(Path, A.Value);
    }
  return std::string(Path);
}

namespace {

enum class Standing { Current, Stale, Gone };

/// CMake keeps the sources it probes the compiler with.
bool isProbe(StringRef Source) { return Source.contains("/CMakeFiles/") && Source.contains("CompilerId"); }

Standing standing(StringRef Source, sys::TimePoint<> Written) {
  // A source on standard input, or one that was renamed by a cache, cannot be judged.
  if (Source.empty() || Source.ends_with("/-") || Source.ends_with("<stdin>"))
    return Standing::Current;
  sys::fs::file_status Status;
  if (isProbe(Source) || sys::fs::status(Source, Status))
    return Standing::Gone;
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
    if (standing(sourceOf((*Buffer)->getBuffer()), sys::TimePoint<>::max()) == Standing::Gone) {
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
  Standing S = standing(sourceOf(Records->Texts.front()), Written);
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
    Expected<MemoryBufferRef> Member = Child.getMemoryBufferRef();
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
