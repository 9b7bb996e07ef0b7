//===- reports/source/SourceText.cpp - line starts and digests ------------===//

#include "reports/source/SourceText.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/MD5.h"
#include "llvm/Support/SHA256.h"

using namespace llvm;

namespace emm {

SourceText::SourceText(std::unique_ptr<MemoryBuffer> B) : Buffer(std::move(B)) {
  StringRef Text = text();
  size_t Start = 0;
  for (size_t I = 0; I != Text.size(); ++I) {
    if (Text[I] != '\n' && Text[I] != '\r')
      continue;
    if (Text[I] == '\r' && I + 1 != Text.size() && Text[I + 1] == '\n')
      ++I;
    Starts.push_back(Start);
    Start = I + 1;
  }
  if (Start != Text.size())
    Starts.push_back(Start);
}

StringRef SourceText::line(unsigned Line) const {
  size_t Start = Starts[Line - 1];
  size_t End = Line < Starts.size() ? Starts[Line] : text().size();
  StringRef L = text().slice(Start, End);
  if (!L.consume_back("\r\n") && !L.consume_back("\n"))
    L.consume_back("\r");
  return L;
}

Freshness SourceText::freshness(StringRef Digest) const {
  std::string Actual;
  if (Digest.consume_front("md5:")) {
    MD5::MD5Result Result;
    MD5 Hash;
    Hash.update(text());
    Hash.final(Result);
    Actual = toHex(ArrayRef<uint8_t>(Result.begin(), Result.end()), /*LowerCase=*/true);
  } else if (Digest.consume_front("sha256:")) {
    Actual = toHex(SHA256::hash(arrayRefFromStringRef(text())), /*LowerCase=*/true);
  } else {
    return Freshness::Unknown;
  }
  return Digest.equals_insensitive(Actual) ? Freshness::Same : Freshness::Changed;
}

} // namespace emm
