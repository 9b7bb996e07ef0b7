//===- tools/emm/main.cpp - the command line tool -------------------------===//

#include "tools/emm/Command.h"

#include "llvm/Config/llvm-config.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;

static constexpr char About[] =
    "Reads what emm.so (clang -fpass-plugin=emm.so) recorded about escapes, captures, inlining, maps and locks, and what "
    "LLVM's passes remarked.\n"
    "INPUT is any mix of objects, archives, LLVM remark files and directories of them.";

static constexpr char ExitCodes[] =
    "Exit codes: 0 passed, 1 the gate failed, 2 wrong usage, configuration or baseline, 3 incomplete input, 128+n signal.";

/// The nearest of what could have been meant by \p Word, or nothing.
static std::string nearest(StringRef Word, const CLI::App &App) {
  std::vector<std::string> Known;
  if (Word.starts_with("-")) {
    for (const CLI::Option *O : App.get_options())
      for (const std::string &Name : O->get_lnames())
        Known.push_back("--" + Name);
  } else {
    for (const CLI::App *Sub : App.get_subcommands([](const CLI::App *) { return true; }))
      Known.push_back(Sub->get_name());
  }
  StringRef Given = Word.split('=').first;
  const std::string *Best = nullptr;
  unsigned Distance = std::max<unsigned>(2, Given.size() / 3) + 1;
  for (const std::string &K : Known)
    if (unsigned D = Given.edit_distance(K); D < Distance) {
      Distance = D;
      Best = &K;
    }
  return Best ? *Best : "";
}

static int usageError(const CLI::App &App, const CLI::ParseError &E) {
  const CLI::App *At = &App;
  while (!At->get_subcommands().empty())
    At = At->get_subcommands().front();
  std::string What = E.what();
  std::vector<std::string> Left = At->remaining(true);
  if (E.get_exit_code() == static_cast<int>(CLI::ExitCodes::ExtrasError) && !Left.empty()) {
    bool IsFlag = StringRef(Left.front()).starts_with("-");
    What = (IsFlag ? "unknown option " : At == &App ? "unknown command " : "unexpected argument ") + Left.front();
    if (std::string Guess = nearest(Left.front(), *At); !Guess.empty())
      What += ", did you mean " + Guess + "?";
  }
  errs() << "emm: error: " << What << "\n";
  errs() << "try: emm " << (At == &App ? "" : At->get_name() + " ") << "--help\n";
  return emm::BadUsage;
}

int main(int Argc, char **Argv) {
  if (Argc > 2 && (StringRef(Argv[1]) == "cc" || StringRef(Argv[1]) == "c++"))
    return emm::runCompiler(Argv[1], ArrayRef<const char *>(Argv + 2, Argc - 2));
  CLI::App App(About, "emm");
  App.footer(ExitCodes);
  App.set_help_flag("-h,--help", "Print this help");
  App.set_version_flag("--version", "emm " EMM_VERSION " (LLVM " LLVM_VERSION_STRING ")", "Print the version");
  App.require_subcommand(0, 1);
  App.get_formatter()->column_width(34);
  int Exit = emm::Passed;
  emm::addLog(App, Exit);
  emm::addReport(App, Exit);
  emm::addAnnotate(App, Exit);
  emm::addGate(App, Exit);
  emm::addBaseline(App, Exit);
  emm::addDiff(App, Exit);
  emm::addExplain(App, Exit);
  emm::addAtomics(App, Exit);
  emm::addRun(App, Exit);
  emm::addCompilers(App);
  try {
    App.parse(Argc, Argv);
  } catch (const CLI::ParseError &E) {
    if (E.get_exit_code() == 0)
      return App.exit(E);
    return usageError(App, E);
  }
  if (App.get_subcommands().empty()) {
    outs() << App.help();
    return emm::BadUsage;
  }
  return Exit;
}
