//===- reports/html/LoadedSource.cpp - reading, comparing digests ---------===//

#include "reports/html/LoadedSource.h"

using namespace llvm;

namespace emm {

LoadedSource loadSource(const SourceFile &F, const FileProvider &Files) {
  LoadedSource S;
  if (F.DigestConflict) {
    S.State = Freshness::Changed;
    S.Problem = "Units were compiled from different versions of this file.";
    return S;
  }
  if (F.Path.empty()) {
    S.Problem = "The place of this file on disk is not known.";
    return S;
  }
  Expected<std::unique_ptr<MemoryBuffer>> Buffer = Files.read(F.Path);
  if (!Buffer) {
    S.Problem = "The text of this file is not shown: " + toString(Buffer.takeError()) + ".";
    return S;
  }
  auto Text = std::make_unique<SourceText>(std::move(*Buffer));
  S.State = Text->freshness(F.Digest);
  if (S.State == Freshness::Changed)
    S.Problem = "This file has changed since it was compiled.";
  else
    S.Text = std::move(Text);
  return S;
}

} // namespace emm
