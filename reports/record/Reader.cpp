//===- reports/record/Reader.cpp - parallel reading, ordered merging ------===//

#include "reports/record/Reader.h"

#include "reports/record/Facts.h"
#include "reports/record/Inputs.h"
#include "reports/record/Merger.h"
#include "reports/record/ObjectRecord.h"
#include "reports/record/RemarkScanner.h"

#include "llvm/Object/Archive.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/ThreadPool.h"

#include <cstring>
#include <deque>
#include <future>

using namespace llvm;

namespace emm {

namespace {

/// Reads one piece. Runs in a pool thread and touches nothing shared.
class PieceReader {
public:
  PieceReader(const InputPiece &Piece, const ReadOptions &Options) : Piece(Piece), Options(Options) {
    Out.Input = Piece.Name;
  }

  InputFacts run();

private:
  void remarkPart();
  void wholeFile();
  void contents(MemoryBufferRef Buffer, InputKind Kind);
  void object(MemoryBufferRef Buffer, StringRef Name);
  void archive(MemoryBufferRef Buffer);
  void fail(Error E);

  const InputPiece &Piece;
  const ReadOptions &Options;
  InputFacts Out;
};

void PieceReader::fail(Error E) {
  std::string Text = toString(std::move(E));
  for (char &C : Text)
    if (C == '\n')
      C = ' ';
  Out.Errors.push_back(std::move(Text));
}

/// Maps the part, the byte before it and some slack, and more if its last document does not end there. A part has the
/// documents that start in it; a document starts at the margin, so the byte before a later part has to be seen.
void PieceReader::remarkPart() {
  const uint64_t Lead = Piece.Offset ? 1 : 0, First = Piece.Offset - Lead;
  for (uint64_t Slack = uint64_t(1) << 20;; Slack *= 8) {
    const uint64_t Size = std::min(Lead + Piece.Size + Slack, Piece.FileSize - First);
    auto Buffer = MemoryBuffer::getFileSlice(Piece.Name, Size, First);
    if (!Buffer)
      return fail(errorCodeToError(Buffer.getError()));
    StringRef Text = (*Buffer)->getBuffer();
    size_t Begin = 0;
    if (Lead) {
      Begin = Text.find("\n--- !");
      if (Begin >= Piece.Size)
        return;
      ++Begin;
    }
    size_t End = Text.find("\n--- !", Lead + Piece.Size - 1);
    if (End == StringRef::npos && First + Size != Piece.FileSize)
      continue;
    readRemarkYaml(Text.slice(Begin, End == StringRef::npos ? Text.size() : End + 1), Out, Options.KeepSummaries,
                   First + Begin, /*IsWhole=*/false);
    return;
  }
}

void PieceReader::wholeFile() {
  auto Buffer = MemoryBuffer::getFileOrSTDIN(Piece.Name, /*IsText=*/false, /*RequiresNullTerminator=*/false);
  if (!Buffer)
    return fail(errorCodeToError(Buffer.getError()));
  InputKind Kind = Piece.FileSize ? Piece.Kind : sniff((*Buffer)->getBuffer());
  contents(**Buffer, Kind);
}

void PieceReader::object(MemoryBufferRef Buffer, StringRef Name) {
  Expected<ObjectRecords> Records = readObjectRecords(Buffer);
  if (!Records)
    return fail(Records.takeError());
  for (const std::string &Text : Records->Texts) {
    InputFacts One;
    One.Input = Name;
    readRemarkYaml(Text, One, Options.KeepSummaries);
    if (One.Damaged || One.Units.empty() || !One.Units.front().HasHeader) {
      Out.Errors.push_back("damaged record: " + (One.Damaged ? One.FirstDamage : "no unit header"));
      return;
    }
    llvm::move(One.Units, std::back_inserter(Out.Units));
    llvm::move(One.Errors, std::back_inserter(Out.Errors));
  }
  if (!Records->Texts.empty())
    return;
  if (Records->IsAssembly)
    Out.Problems.push_back({std::string(Name), "assembled, not compiled: no record expected", false});
  else if (Records->IsRelocatable)
    Out.Problems.push_back({std::string(Name), "no record (compiled without the plugin?)", true});
  else
    Out.Problems.push_back({std::string(Name), "no record (linking drops it: name the objects)", true});
}

void PieceReader::archive(MemoryBufferRef Buffer) {
  Expected<std::unique_ptr<object::Archive>> Archive = object::Archive::create(Buffer);
  if (!Archive)
    return fail(Archive.takeError());
  Error Err = Error::success();
  for (const object::Archive::Child &Child : (*Archive)->children(Err)) {
    Expected<StringRef> Name = Child.getName();
    if (!Name)
      return consumeError(std::move(Err)), fail(Name.takeError());
    Expected<MemoryBufferRef> Member = archiveMember(**Archive, Child);
    if (!Member)
      return consumeError(std::move(Err)), fail(Member.takeError());
    if (sniff(Member->getBuffer()) == InputKind::Object)
      object(*Member, formatv("{0}({1})", Piece.Name, *Name).str());
    // Unusable for one reason as for several.
    if (!Out.Errors.empty())
      return consumeError(std::move(Err));
  }
  if (Err)
    fail(std::move(Err));
}

void PieceReader::contents(MemoryBufferRef Buffer, InputKind Kind) {
  switch (Kind) {
  case InputKind::RemarkYaml:
    readRemarkYaml(Buffer.getBuffer(), Out, Options.KeepSummaries);
    if (Out.Damaged && Out.Remarks == 0)
      Out.Errors.push_back("no remark can be read: " + Out.FirstDamage);
    return;
  case InputKind::RemarkBitstream:
    return readRemarkBitstream(Buffer.getBuffer(), Out, Options.KeepSummaries);
  case InputKind::RemarkNumbers:
    Out.Errors.push_back("remarks in the format yaml-strtab, which LLVM has given up: record YAML");
    return;
  case InputKind::Object:
  case InputKind::Linked:
    return object(Buffer, Piece.Name);
  case InputKind::Archive:
    return archive(Buffer);
  case InputKind::Empty:
    // The base file of a ThinLTO link is empty: every module has its own.
    Out.Problems.push_back({Piece.Name, "empty file", false});
    return;
  case InputKind::Other:
    Out.Errors.push_back("neither an object, an archive nor a remark file (no `--- !` document)");
    return;
  }
}

InputFacts PieceReader::run() {
  if (Piece.Size != Piece.FileSize)
    remarkPart();
  else
    wholeFile();
  return std::move(Out);
}

} // namespace

Expected<Report> readReport(ArrayRef<std::string> Inputs, const ReadOptions &Options) {
  InputList List = findInputs(Inputs, Options.PartSize);
  Merger Merge(Options);
  std::vector<std::string> Errors = std::move(List.Errors);
  DefaultThreadPool Pool(hardware_concurrency(Options.Threads));
  // Results wait for their turn, so only so many are let out at a time.
  const size_t Window = 2 * Pool.getMaxConcurrency() + 2;
  std::deque<std::shared_future<std::shared_ptr<InputFacts>>> Waiting;
  size_t Started = 0;
  for (size_t Done = 0; Done != List.Pieces.size(); ++Done) {
    for (; Started != List.Pieces.size() && Waiting.size() < Window; ++Started)
      Waiting.push_back(Pool.async([&Piece = List.Pieces[Started], &Options] {
        return std::make_shared<InputFacts>(PieceReader(Piece, Options).run());
      }));
    std::shared_ptr<InputFacts> Facts = Waiting.front().get();
    Waiting.pop_front();
    const InputPiece &Piece = List.Pieces[Done];
    for (const std::string &Why : Facts->Errors) {
      if (Piece.Named)
        Errors.push_back(Piece.Name + ": " + Why);
      else
        Facts->Problems.push_back({Piece.Name, Why, true});
    }
    if (Facts->Errors.empty() || !Piece.Named)
      Merge.add(std::move(*Facts));
    if (Options.Progress)
      Options.Progress(Done + 1, List.Pieces.size());
  }
  Pool.wait();
  if (!Errors.empty()) {
    Error All = Error::success();
    for (const std::string &Text : Errors)
      All = joinErrors(std::move(All), createStringError(inconvertibleErrorCode(), "%s", Text.c_str()));
    return All;
  }
  return Merge.finish();
}

} // namespace emm
