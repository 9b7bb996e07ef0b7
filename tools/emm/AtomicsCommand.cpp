//===- tools/emm/AtomicsCommand.cpp - emm atomics -------------------------===//

#include "tools/emm/Command.h"

#include "reports/evidence/CensusText.h"
#include "reports/record/Reader.h"

#include "llvm/Support/raw_ostream.h"

using namespace llvm;

namespace emm {

namespace {

struct AtomicsArguments {
  std::vector<std::string> Names, Functions;
  std::string Format = "text", Output;
  evidence::CensusOptions Show;

  int run();
};

/// What the records in the inputs say of shared objects. Linked files have none, and none is needed.
void readFindings(ArrayRef<std::string> Names, evidence::CensusOptions &O) {
  for (const std::string &Name : Names) {
    Expected<Report> R = readReport(Name, ReadOptions());
    if (!R) {
      consumeError(R.takeError());
      continue;
    }
    for (const Entry &E : R->Entries)
      if (E.Info && E.Severity >= Level::Warning && !E.Subject.empty() &&
          is_contained({"map", "atomic", "lock"}, E.Info->family()))
        O.Findings[E.Subject].insert(E.RuleId.str());
  }
}

int AtomicsArguments::run() {
  Expected<evidence::Census> C = evidence::takeCensus(Names);
  if (!C)
    return report(C.takeError());
  readFindings(Names, Show);
  Expected<std::vector<uint32_t>> Shown = evidence::selectFunctions(*C, Functions, Show);
  if (!Shown)
    return report(Shown.takeError());
  if (Error E = writeFile(Output, [&](raw_ostream &OS) {
        (Format == "json" ? evidence::writeCensusJson : evidence::writeCensusText)(OS, *C, *Shown, Show);
        return Error::success();
      }))
    return report(std::move(E));
  return Passed;
}

} // namespace

void addAtomics(CLI::App &App, int &Exit) {
  CLI::App &Sub = *App.add_subcommand(
      "atomics", "Count locked instructions, fences and stores to shared objects in machine code, function by function");
  auto A = std::make_shared<AtomicsArguments>();
  Sub.add_option("OBJECT", A->Names, "Objects, archives, shared libraries, executables (ELF for x86-64 or AArch64)")
      ->required();
  Sub.add_option("-f,--format", A->Format, "text (the default) or json")->check(CLI::IsMember({"text", "json"}));
  Sub.add_option("-o,--output", A->Output, "Write this file instead of the standard output");
  Sub.add_option("--function", A->Functions, "Globs of functions to show, mangled or as in the source")->allow_extra_args(false);
  Sub.add_flag("--synchronising", A->Show.OnlySynchronising, "Only functions that, with what they call, synchronise");
  Sub.add_flag("--own", A->Show.OwnOnly, "Without what is called");
  Sub.callback([A, &Exit] { Exit = A->run(); });
}

} // namespace emm
