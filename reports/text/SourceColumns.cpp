//===- reports/text/SourceColumns.cpp - lines of sources ------------------===//

#include "reports/text/SourceColumns.h"

#include "llvm/Support/FileSystem.h"

using namespace llvm;

namespace emm {

StringRef SourceColumns::line(uint32_t File, uint32_t Line) {
  if (File == ~0u || Line == 0)
    return {};
  auto [It, New] = Texts.try_emplace(File);
  Text &T = It->second;
  if (New && !R.Files[File].Path.empty() && sys::fs::is_regular_file(R.Files[File].Path)) {
    constexpr int64_t Limit = int64_t(64) << 20;
    if (auto Buffer = MemoryBuffer::getFile(R.Files[File].Path);
        Buffer && int64_t((*Buffer)->getBufferSize()) <= Limit) {
      T.Buffer = std::move(*Buffer);
      StringRef S = T.Buffer->getBuffer();
      T.Starts.push_back(0);
      for (size_t At = 0; (At = S.find('\n', At)) != StringRef::npos;)
        T.Starts.push_back(++At);
    }
  }
  if (Line > T.Starts.size())
    return {};
  StringRef S = T.Buffer->getBuffer().substr(T.Starts[Line - 1]);
  return S.take_front(S.find('\n')).rtrim('\r');
}

unsigned SourceColumns::codePoints(const Position &P) {
  if (P.Column <= 1)
    return P.Column;
  StringRef Before = line(P.File, P.Line).take_front(P.Column - 1);
  if (Before.size() != P.Column - 1)
    return P.Column;
  unsigned N = 1;
  for (unsigned char C : Before)
    N += (C & 0xC0) != 0x80;
  return N;
}

} // namespace emm
