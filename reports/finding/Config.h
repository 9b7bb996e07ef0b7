//===- reports/finding/Config.h - `.emm.yaml` -----------------------------===//
//
// What a project wants to be told, shared by the plugin and the gate:
//
//   rules:                      # rule or glob: off, note, warning, error; the last match wins
//     map/*: error
//     escape/stackable: off
//   paths:
//     exclude: [third_party/*]  # nothing is reported there
//     include: [src/*]          # if given, only there
//     system-headers: false     # /usr and other places of the system
//   overrides:                  # rule levels for some paths, after `rules`
//     - paths: [test/*]
//       rules: { map/*: note }
//   models: [emm/mylib.yaml]    # library models, relative to this file
//   gate:
//     level: warning            # the least level that fails
//     budgets: { escape/heap: 120 }  # how many of a rule (or glob) are allowed in all, whatever their level
//
// Globs: `*` stands for any text, `/` included; `?`, `[a-z]`, `{a,b}` as usual.
// They are matched with the path relative to the directory of the file.
//
// Invariants: reading is strict: an unknown key or a bad value is an error with
// file, line and the nearest valid word. No exception leaves this file's code.
//
//===----------------------------------------------------------------------===//

#ifndef EMM_REPORTS_FINDING_CONFIG_H
#define EMM_REPORTS_FINDING_CONFIG_H

#include "reports/finding/Rule.h"

#include "llvm/Support/Error.h"
#include "llvm/Support/GlobPattern.h"

#include <deque>
#include <memory>
#include <string>
#include <vector>

namespace emm {

class Config {
public:
  struct RuleLevel {
    std::string Pattern; ///< as written
    llvm::GlobPattern Glob;
    Level L;
  };
  struct Override {
    std::vector<llvm::GlobPattern> Paths;
    std::vector<RuleLevel> Rules;
  };
  struct Budget {
    std::string Pattern;
    llvm::GlobPattern Glob;
    unsigned Max;
  };

  std::string File;      ///< where it was read from; empty for the defaults
  std::string Directory; ///< absolute; globs of paths are relative to it
  std::vector<RuleLevel> Rules;
  std::vector<llvm::GlobPattern> Include, Exclude;
  bool SystemHeaders = false;
  std::vector<Override> Overrides;
  std::vector<std::string> Models; ///< absolute paths, in the order of the file
  Level GateLevel = Level::Warning;
  std::vector<Budget> Budgets;

  /// The level of \p R at \p Path (absolute, or relative to the working directory of the process).
  Level levelOf(Rule R, llvm::StringRef Path) const;
  /// The level that this file sets for \p R at \p Path; \p Recorded if it says nothing about the rule.
  Level levelOf(Rule R, llvm::StringRef Path, Level Recorded) const;
  /// False where nothing is to be reported.
  bool wantsPath(llvm::StringRef Path) const;

  /// A copy of \p Text that lives as long as this configuration and its copies: globs are views of their patterns.
  llvm::StringRef keep(llvm::StringRef Text);

private:
  std::string relative(llvm::StringRef Path) const;

  std::shared_ptr<std::deque<std::string>> Texts = std::make_shared<std::deque<std::string>>();
};

/// Reads \p File. Errors are `FILE:LINE: reason`.
llvm::Expected<Config> loadConfig(llvm::StringRef File);

/// The nearest `.emm.yaml` from the directory of \p SourcePath (or from \p SourcePath, if that is a directory) upwards;
/// the defaults if there is none.
llvm::Expected<Config> loadConfigFor(llvm::StringRef SourcePath);

/// Reads \p Text as if it were \p File.
llvm::Expected<Config> parseConfig(llvm::StringRef Text, llvm::StringRef File);

/// True for headers of the system and of compilers: below `/usr`, but not in `/usr/src`.
bool isSystemPath(llvm::StringRef Path);

} // namespace emm

#endif
