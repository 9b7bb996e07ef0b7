//===- reports/html/PageNames.cpp - injective, portable, short ------------===//

#include "reports/html/PageNames.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Support/xxhash.h"

using namespace llvm;

namespace emm {

static constexpr size_t MaxLength = 180; ///< of 255 that file systems allow, with room for `.html` and a hash

static std::string encode(StringRef Source) {
  std::string Out;
  for (size_t I = 0; I != Source.size(); ++I) {
    unsigned char C = Source[I];
    bool Hidden = I == 0 && (C == '.' || C == '-');
    if (C == '/') {
      Out += '+';
    } else if (!Hidden && (isAlnum(C) || C == '.' || C == '_' || C == '-')) {
      Out += C;
    } else {
      Out += '=';
      Out += hexdigit(C >> 4, true);
      Out += hexdigit(C & 15, true);
    }
  }
  return Out;
}

std::vector<std::string> pageNames(ArrayRef<StringRef> Sources) {
  std::vector<std::string> Names;
  StringMap<unsigned> Folded;
  for (StringRef S : Sources) {
    Names.push_back(encode(S));
    ++Folded[StringRef(Names.back()).lower()];
  }
  for (size_t I = 0; I != Names.size(); ++I) {
    bool Long = Names[I].size() > MaxLength;
    // `~` comes out of nothing else, so a name with a hash equals none without.
    if (Long || Folded[StringRef(Names[I]).lower()] > 1) {
      std::string Hash = utohexstr(xxh3_64bits(arrayRefFromStringRef(Sources[I])), true, 16);
      if (Long)
        Names[I] = Names[I].substr(Names[I].size() - MaxLength);
      Names[I] += "~" + Hash;
    }
    Names[I] += ".html";
  }
  return Names;
}

} // namespace emm
