//===- reports/record/Bitstream.cpp - remarks from LLVM's bitstream -------===//
//
// The container's version changes between LLVM releases and each release reads
// only its own; LLVM's library says which it found.
//
//===----------------------------------------------------------------------===//

#include "reports/record/Facts.h"

#include "llvm/Config/llvm-config.h"
#include "llvm/Remarks/Remark.h"
#include "llvm/Remarks/RemarkParser.h"
#include "llvm/Support/FormatVariadic.h"

using namespace llvm;

namespace emm {

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

static std::string oneLine(Error E) {
  std::string Text = toString(std::move(E));
  for (char &C : Text)
    if (C == '\n')
      C = ' ';
  return Text;
}

void readRemarkBitstream(StringRef Text, InputFacts &Out, bool KeepSummaries) {
  auto Unreadable = [&](Error E) {
    Out.Errors.push_back(formatv("remark bitstream that LLVM {0} cannot read (each LLVM reads only its own; YAML is read "
                                 "from all): {1}",
                                 LLVM_VERSION_MAJOR, oneLine(std::move(E))));
  };
  Expected<std::unique_ptr<remarks::RemarkParser>> Parser =
      remarks::createRemarkParserFromMeta(remarks::Format::Bitstream, Text);
  if (!Parser)
    return Unreadable(Parser.takeError());
  FactsBuilder Builder(Out, KeepSummaries);
  Remark R;
  SmallVector<uint64_t, 64> Key;
  for (;;) {
    Expected<std::unique_ptr<remarks::Remark>> Next = (*Parser)->next();
    if (!Next) {
      Error E = Next.takeError();
      if (E.isA<remarks::EndOfFileError>())
        consumeError(std::move(E));
      else
        Unreadable(std::move(E));
      break;
    }
    const remarks::Remark &From = **Next;
    identify(From, Key);
    if (Builder.isRepeated(StringRef(reinterpret_cast<const char *>(Key.data()), Key.size() * sizeof(uint64_t))))
      continue;
    R.clear();
    R.Tag = tagOf(From.RemarkType);
    R.Pass = From.PassName;
    R.Name = From.RemarkName;
    R.Function = From.FunctionName;
    R.Loc = locationOf(From.Loc);
    R.Hotness = From.Hotness.value_or(0);
    for (const remarks::Argument &A : From.Args)
      R.Args.push_back({A.Key, A.Val, locationOf(A.Loc)});
    Builder.add(R);
  }
  Builder.finish({});
}

} // namespace emm
