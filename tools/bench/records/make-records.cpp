//===- tools/bench/records/make-records.cpp - a large project's records ---===//
//
// Writes UNITS source files and their records with FINDINGS findings each, as the
// plugin would: verdicts with steps, inlining decisions, headers that all units
// share. The same arguments give the same bytes.
//
//===----------------------------------------------------------------------===//

#include "reports/finding/Fingerprint.h"
#include "reports/finding/RecordText.h"

#include "llvm/Support/FileSystem.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/raw_ostream.h"

#include <algorithm>
#include <random>

using namespace llvm;
using namespace emm;

static constexpr unsigned Lines = 1000; ///< of each source file

static void write(const std::string &Path, StringRef Text) {
  std::error_code EC;
  raw_fd_ostream OS(Path, EC);
  if (EC) {
    errs() << Path << ": " << EC.message() << '\n';
    std::exit(1);
  }
  OS << Text;
}

static std::string sourceText(unsigned Unit) {
  std::string Text;
  for (unsigned L = 1; L <= Lines; ++L)
    Text += formatv("int *unit{0}_line{1}(int *p, int n) {{ return n > {1} ? new int(*p + n) : p; } // line {1}\n", Unit, L);
  return Text;
}

static std::vector<Finding> findings(unsigned Unit, unsigned Count, std::mt19937 &Random) {
  std::vector<Finding> Out;
  std::string File = formatv("src/unit{0}.cpp", Unit);
  for (unsigned I = 0; I != Count; ++I) {
    unsigned Line = 1 + Random() % Lines;
    Finding F;
    // One finding in twenty stands in a header that all units include.
    bool InHeader = I % 20 == 19;
    F.Loc = {InHeader ? "include/shared.h" : File, InHeader ? 1 + I : Line, 1 + unsigned(Random() % 90)};
    std::string Name = formatv("unit{0}_line{1}", InHeader ? 0 : Unit, Line);
    F.Function = formatv("_Z{0}{1}Pii", Name.size(), Name);
    switch (I % 4) {
    case 0:
      F.R = Rule::EscapeHeap;
      F.Subject = "new int";
      F.Message = "new int escapes to heap";
      F.Steps = {{F.Loc, "flow: ~r0 = &{new int}:"}, {F.Loc, "from return n (return)"}};
      break;
    case 1:
      F.R = Rule::EscapeParam;
      F.Subject = "p";
      F.Message = "leaking param: p to result ~r0 level=0";
      F.Steps = {{F.Loc, "flow: ~r0 = p:"}};
      break;
    default:
      F.R = I % 4 == 2 ? Rule::InlineInlined : Rule::InlineMissed;
      F.Subject = formatv("callee{0}", Random() % 500);
      F.Message = formatv("{0} call to {1}: cost {2}, threshold 225", F.R == Rule::InlineInlined ? "inlining" : "not inlining",
                          F.Subject, Random() % 450);
      break;
    }
    F.Severity = ruleInfo(F.R).DefaultLevel;
    Out.push_back(std::move(F));
  }
  std::sort(Out.begin(), Out.end());
  assignIds(Out);
  return Out;
}

int main(int Argc, char **Argv) {
  unsigned Units, Count;
  if (Argc != 4 || StringRef(Argv[2]).getAsInteger(10, Units) || StringRef(Argv[3]).getAsInteger(10, Count)) {
    errs() << "usage: emm-make-records DIR UNITS FINDINGS\n";
    return 2;
  }
  std::string Dir = Argv[1];
  for (const char *Sub : {"/src", "/include", "/records"})
    if (sys::fs::create_directories(Dir + Sub))
      return 1;
  std::mt19937 Random(1);
  write(Dir + "/include/shared.h", sourceText(0));
  for (unsigned U = 0; U != Units; ++U) {
    UnitHeader H;
    H.Source = formatv("src/unit{0}.cpp", U);
    H.Base = Dir;
    H.Compiler = "clang 22.1.8";
    H.Target = "x86_64-pc-linux-gnu";
    H.Flags = "-O2 -g";
    H.Files = {{"include/shared.h", ""}, {H.Source, ""}};
    write(Dir + "/" + H.Source, sourceText(U));
    write(formatv("{0}/records/unit{1}.opt.yaml", Dir, U), recordText(H, {}, findings(U, Count, Random)));
  }
  return 0;
}
