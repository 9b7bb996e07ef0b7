//===- reports/text/OpenMetrics.cpp - counts for a monitoring system ------===//

#include "reports/text/Log.h"

#include <map>
#include <tuple>

using namespace llvm;

namespace emm {

static std::string label(StringRef Text) {
  std::string Out;
  for (char C : Text)
    if (C == '\n')
      Out += "\\n";
    else if (C == '"' || C == '\\')
      (Out += '\\') += C;
    else
      Out += C;
  return Out;
}

void writeOpenMetrics(raw_ostream &OS, const Report &R, ArrayRef<uint32_t> Entries) {
  std::map<std::tuple<StringRef, StringRef, StringRef>, size_t> Counts;
  for (uint32_t I : Entries) {
    const Entry &E = R.Entries[I];
    ++Counts[{E.RuleId, levelName(E.Severity), stateName(E.State)}];
  }
  OS << "# TYPE emm_findings gauge\n# HELP emm_findings Findings by rule, level and state.\n";
  for (const auto &[Key, Count] : Counts) {
    const auto &[Rule, Severity, State] = Key;
    OS << "emm_findings{rule=\"" << label(Rule) << "\",level=\"" << Severity << '"';
    if (!State.empty())
      OS << ",state=\"" << State << '"';
    OS << "} " << Count << '\n';
  }
  OS << "# TYPE emm_units gauge\n# HELP emm_units Translation units read.\nemm_units " << R.Units.size() << '\n';
  OS << "# TYPE emm_files gauge\n# HELP emm_files Source files that findings point into.\nemm_files " << R.Files.size()
     << "\n# EOF\n";
}

} // namespace emm
