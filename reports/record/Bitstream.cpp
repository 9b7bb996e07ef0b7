//===- reports/record/Bitstream.cpp - facts from LLVM's bitstream ---------===//

#include "reports/record/BitstreamSource.h"
#include "reports/record/Facts.h"


using namespace llvm;

namespace emm {

/// What tells \p R from others of the same file: the strings of a container are stored once, so their addresses will do.
static void identify(const remarks::Remark &R, SmallVectorImpl<uint64_t> &Key) {
  auto Text = [&](StringRef S) { Key.push_back(reinterpret_cast<uintptr_t>(S.data())), Key.push_back(S.size()); };
  auto Place = [&](const std::optional<remarks::RemarkLocation> &L) {
    Key.push_back(L.has_value());
    if (L) {
      Text(L->SourceFilePath);
      Key.push_back(uint64_t(L->SourceLine) << 32 | L->SourceColumn);
    }
  };
  Key.assign({uint64_t(R.RemarkType), R.Hotness.value_or(0)});
  Text(R.PassName);
  Text(R.RemarkName);
  Text(R.FunctionName);
  Place(R.Loc);
  for (const remarks::Argument &A : R.Args) {
    Text(A.Key);
    Text(A.Val);
    Place(A.Loc);
  }
}

void readRemarkBitstream(StringRef Text, InputFacts &Out, bool KeepSummaries) {
  auto Unreadable = [&](Error E) {
    std::string Why = toString(std::move(E));
    for (char &C : Why)
      if (C == '\n')
        C = ' ';
    Out.Errors.push_back(std::move(Why));
  };
  Expected<BitstreamSource> Source = BitstreamSource::open(Text);
  if (!Source)
    return Unreadable(Source.takeError());
  FactsBuilder Builder(Out, KeepSummaries);
  Remark R;
  SmallVector<uint64_t, 64> Key;
  for (;;) {
    Expected<const remarks::Remark *> Next = Source->next();
    if (!Next) {
      Unreadable(Next.takeError());
      break;
    }
    if (!*Next)
      break;
    identify(**Next, Key);
    if (Builder.isRepeated(StringRef(reinterpret_cast<const char *>(Key.data()), Key.size() * sizeof(uint64_t))))
      continue;
    BitstreamSource::decode(**Next, R);
    Builder.add(R);
  }
  Builder.finish({});
}

} // namespace emm
