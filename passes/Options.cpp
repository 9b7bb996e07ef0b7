//===- passes/Options.cpp - reading EMM and EMM_OUT -----------------------===//

#include "passes/Options.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/Support/Process.h"

using namespace llvm;

namespace emm {

bool Options::wants(StringRef Family) const { return Only.empty() || is_contained(Only, Family); }

static void parseSwitches(StringRef Text, Options &O) {
  SmallVector<StringRef, 8> Words;
  Text.split(Words, ' ', -1, /*KeepEmpty=*/false);
  for (StringRef W : Words) {
    if (W == "-m") {
      O.Verbosity = std::min(O.Verbosity + 1, 2u);
    } else if (W == "-m=2" || W == "-mm") {
      O.Verbosity = 2;
    } else if (W == "--off") {
      O.Off = true;
    } else if (W.consume_front("--only=")) {
      SmallVector<StringRef, 8> Families;
      W.split(Families, ',', -1, /*KeepEmpty=*/false);
      for (StringRef F : Families)
        O.Only.push_back(F.str());
    } else if (W.consume_front("--config=")) {
      O.ConfigFile = W.str();
    } else {
      O.Wrong.push_back(W.str());
    }
  }
}

Options readOptions(StringRef Extra) {
  Options O;
  if (auto Env = sys::Process::GetEnv("EMM"))
    parseSwitches(*Env, O);
  parseSwitches(Extra, O);
  if (auto Env = sys::Process::GetEnv("EMM_OUT"))
    O.OutDirectory = *Env;
  if (auto Env = sys::Process::GetEnv("EMM_COPY"))
    O.CopyDirectory = *Env;
  return O;
}

} // namespace emm
