//===- test/browser/fixture.cpp - reports made in memory for the page tests -===//
//
//   emm-page-fixture KIND OUTPUT [--single] [--threads=N] [--no-sources]
//
// KIND is `small` (a few files with one of everything), `hostile` (strings that
// try to break out of wherever they stand), `large` (100,000 findings and a
// source of 50,000 lines), `huge` (one source of 243,000 lines) or `million`
// (findings). No plugin, no reader and no disk is involved: sources come from
// memory.
//
//===----------------------------------------------------------------------===//

#include "test/browser/FixtureReport.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;

int main(int Argc, char **Argv) {
  if (Argc < 3) {
    errs() << "usage: emm-page-fixture small|hostile|large|huge|million OUTPUT [--single] [--threads=N] "
              "[--no-sources]\n";
    return 2;
  }
  emm::fixture::Fixture F;
  StringRef Kind = Argv[1];
  if (Kind == "small")
    emm::fixture::fillSmall(F);
  else if (Kind == "hostile")
    emm::fixture::fillHostile(F);
  else if (Kind == "large")
    emm::fixture::fillLarge(F, 100000, 50000);
  else if (Kind == "huge")
    emm::fixture::fillLarge(F, 60000, 243000);
  else if (Kind == "million")
    emm::fixture::fillLarge(F, 1000000, 50000);
  else
    return 2;
  F.finish();

  emm::HtmlOptions O;
  O.Output = Argv[2];
  O.Title = Kind == "hostile" ? "</title><script>alert('title')</script>" : "shop";
  O.Sources = &F;
  for (int I = 3; I < Argc; ++I) {
    StringRef Arg = Argv[I];
    if (Arg == "--single")
      O.SingleFile = true;
    else if (Arg == "--no-sources")
      O.WithSources = false;
    else if (Arg.consume_front("--threads="))
      Arg.getAsInteger(10, O.Threads);
    else
      return 2;
  }
  if (Kind == "small")
    O.Verdict = emm::HtmlVerdict{false, "1 new warning, none is allowed."};
  if (Error E = emm::writeHtmlReport(F.R, O)) {
    errs() << "emm: error: " << toString(std::move(E)) << '\n';
    return 1;
  }
  outs() << F.R.Entries.size() << '\n';
}
