//===- reports/record/BitstreamSource.cpp - header, then LLVM's parser ----===//

#include "reports/record/BitstreamSource.h"

#include "llvm/ADT/SmallVector.h"
#include "llvm/Bitstream/BitstreamReader.h"
#include "llvm/Config/llvm-config.h"
#include "llvm/Remarks/BitstreamRemarkContainer.h"
#include "llvm/Support/FormatVariadic.h"

using namespace llvm;

namespace emm {

namespace {
struct Container {
  uint64_t Version = 0, Type = 0;
};
} // namespace

/// The first record of the metadata block. Its place and its first number have been the same in every version.
static Expected<Container> readHeader(StringRef Text) {
  // Outlives the cursor, which keeps a pointer.
  BitstreamBlockInfo Info;
  BitstreamCursor Cursor(Text);
  auto Damaged = [](const Twine &Why) {
    return createStringError(inconvertibleErrorCode(), "damaged remark bitstream: " + Why);
  };
  if (Error E = Cursor.JumpToBit(remarks::ContainerMagic.size() * 8))
    return Damaged(toString(std::move(E)));
  bool InMeta = false;
  while (!Cursor.AtEndOfStream()) {
    Expected<BitstreamEntry> Entry = Cursor.advance();
    if (!Entry)
      return Damaged(toString(Entry.takeError()));
    if (Entry->Kind == BitstreamEntry::SubBlock && Entry->ID == bitc::BLOCKINFO_BLOCK_ID && !InMeta) {
      Expected<std::optional<BitstreamBlockInfo>> Read = Cursor.ReadBlockInfoBlock();
      if (!Read)
        return Damaged(toString(Read.takeError()));
      if (!*Read)
        break;
      Info = std::move(**Read);
      Cursor.setBlockInfo(&Info);
    } else if (Entry->Kind == BitstreamEntry::SubBlock && Entry->ID == remarks::META_BLOCK_ID && !InMeta) {
      if (Error E = Cursor.EnterSubBlock(Entry->ID))
        return Damaged(toString(std::move(E)));
      InMeta = true;
    } else if (Entry->Kind == BitstreamEntry::Record && InMeta) {
      SmallVector<uint64_t, 4> Numbers;
      StringRef Blob;
      Expected<unsigned> Code = Cursor.readRecord(Entry->ID, Numbers, &Blob);
      if (!Code)
        return Damaged(toString(Code.takeError()));
      if (*Code != remarks::RECORD_META_CONTAINER_INFO || Numbers.size() != 2)
        break;
      return Container{Numbers[0], Numbers[1]};
    } else {
      break;
    }
  }
  return Damaged("it has no header");
}

Expected<BitstreamSource> BitstreamSource::open(StringRef Text) {
  Expected<Container> C = readHeader(Text);
  if (!C)
    return C.takeError();
  auto Refuse = [](const Twine &Why) { return createStringError(inconvertibleErrorCode(), Why); };
  if (C->Version != remarks::CurrentContainerVersion)
    return Refuse(formatv("remark bitstream of container version {0}; LLVM {1} reads only version {2}: convert it with the "
                          "other LLVM's llvm-remarkutil bitstream2yaml, or record YAML",
                          C->Version, LLVM_VERSION_MAJOR, uint64_t(remarks::CurrentContainerVersion))
                      .str());
#if LLVM_VERSION_MAJOR >= 22
  const bool IsWhole = C->Type == uint64_t(remarks::BitstreamRemarkContainerType::RemarksFile);
  const bool IsLink = C->Type == uint64_t(remarks::BitstreamRemarkContainerType::RemarksFileExternal);
#else
  const bool IsWhole = C->Type == uint64_t(remarks::BitstreamRemarkContainerType::Standalone);
  const bool IsLink = C->Type == uint64_t(remarks::BitstreamRemarkContainerType::SeparateRemarksMeta);
#endif
  if (IsLink)
    return Refuse("remark bitstream that only says in which file the remarks are: name that file");
  if (!IsWhole)
    return Refuse("remark bitstream without its strings, which the compiler left in the object: record YAML");
  Expected<std::unique_ptr<remarks::RemarkParser>> Parser =
      remarks::createRemarkParserFromMeta(remarks::Format::Bitstream, Text);
  if (!Parser)
    return Refuse("damaged remark bitstream: " + toString(Parser.takeError()));
  return BitstreamSource(std::move(*Parser));
}

Expected<const remarks::Remark *> BitstreamSource::next() {
  Expected<std::unique_ptr<remarks::Remark>> Next = Parser->next();
  if (Next) {
    Current = std::move(*Next);
    return Current.get();
  }
  Error E = Next.takeError();
  if (!E.isA<remarks::EndOfFileError>())
    return createStringError(inconvertibleErrorCode(), "damaged remark bitstream: " + toString(std::move(E)));
  consumeError(std::move(E));
  return nullptr;
}

static StringRef tagOf(remarks::Type T) {
  switch (T) {
  case remarks::Type::Passed:
    return "Passed";
  case remarks::Type::Missed:
    return "Missed";
  case remarks::Type::Analysis:
    return "Analysis";
  case remarks::Type::AnalysisFPCommute:
    return "AnalysisFPCommute";
  case remarks::Type::AnalysisAliasing:
    return "AnalysisAliasing";
  case remarks::Type::Failure:
    return "Failure";
  case remarks::Type::Unknown:
    break;
  }
  return "Unknown";
}

static RemarkLocation locationOf(const std::optional<remarks::RemarkLocation> &L) {
  RemarkLocation Out;
  if (L)
    Out = {L->SourceFilePath, L->SourceLine, L->SourceColumn};
  return Out;
}

void BitstreamSource::decode(const remarks::Remark &From, Remark &R) {
  R.clear();
  R.Tag = tagOf(From.RemarkType);
  R.Pass = From.PassName;
  R.Name = From.RemarkName;
  R.Function = From.FunctionName;
  R.Loc = locationOf(From.Loc);
  R.Hotness = From.Hotness.value_or(0);
  for (const remarks::Argument &A : From.Args)
    R.Args.push_back({A.Key, A.Val, locationOf(A.Loc)});
}

} // namespace emm
