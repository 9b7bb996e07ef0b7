//===- reports/finding/Rule.cpp - look-ups in the rule table --------------===//

#include "reports/finding/Rule.h"

#include "llvm/ADT/STLExtras.h"

using namespace llvm;

namespace emm {

static constexpr StringRef LevelNames[] = {"off", "note", "warning", "error"};

StringRef levelName(Level L) { return LevelNames[static_cast<unsigned>(L)]; }

std::optional<Level> parseLevel(StringRef Name) {
  for (unsigned I = 0; I != std::size(LevelNames); ++I)
    if (LevelNames[I] == Name)
      return static_cast<Level>(I);
  return std::nullopt;
}

static const RuleInfo Table[] = {
#define RULE(Enum, Id, DefaultLevel, Title, Help, Bad, Good)                                                 \
  {Rule::Enum, Id, Level::DefaultLevel, Title, Help, Bad, Good},
#include "reports/finding/Rules.def"
};

ArrayRef<RuleInfo> allRules() { return Table; }

const RuleInfo &ruleInfo(Rule R) { return Table[static_cast<unsigned>(R)]; }

std::optional<Rule> findRule(StringRef Id) {
  for (const RuleInfo &I : Table)
    if (I.Id == Id)
      return I.R;
  return std::nullopt;
}

StringRef nearestRule(StringRef Id) {
  const RuleInfo *Best = &Table[0];
  unsigned BestDistance = ~0u;
  for (const RuleInfo &I : Table)
    if (unsigned D = Id.edit_distance(I.Id); D < BestDistance) {
      BestDistance = D;
      Best = &I;
    }
  return Best->Id;
}

} // namespace emm
