//===- reports/finding/Rule.h - the one table of rules --------------------===//
//
// A rule is a row of Rules.def: identifier, default level, title, help, a bad
// and a good example. The emitter, `emm explain`, SARIF, the page and the table
// in the README are all made from it. Identifiers are never renumbered; a
// retired one stays reserved.
//
//===----------------------------------------------------------------------===//

#ifndef EMM_REPORTS_FINDING_RULE_H
#define EMM_REPORTS_FINDING_RULE_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"

#include <optional>

namespace emm {

/// How much a finding matters. Off < Note < Warning < Error.
enum class Level { Off, Note, Warning, Error };

llvm::StringRef levelName(Level L); ///< `off`, `note`, `warning`, `error`
std::optional<Level> parseLevel(llvm::StringRef Name);

enum class Rule : unsigned {
#define RULE(Enum, Id, DefaultLevel, Title, Help, Bad, Good) Enum,
#include "reports/finding/Rules.def"
};

struct RuleInfo {
  Rule R;
  llvm::StringRef Id;    ///< `family/what-is-wrong`
  Level DefaultLevel;
  llvm::StringRef Title; ///< one line, no full stop
  llvm::StringRef Help;  ///< paragraphs separated by an empty line; says what it means and the usual fix
  llvm::StringRef Bad;   ///< source that the rule reports; may be empty for pure decisions
  llvm::StringRef Good;  ///< the same, mended

  llvm::StringRef family() const { return Id.split('/').first; }
};

llvm::ArrayRef<RuleInfo> allRules(); ///< in the order of Rules.def
const RuleInfo &ruleInfo(Rule R);
std::optional<Rule> findRule(llvm::StringRef Id);

/// The identifier nearest to \p Id by edit distance, for "did you mean".
llvm::StringRef nearestRule(llvm::StringRef Id);

} // namespace emm

#endif
