//===- reports/evidence/Census.h - operations of functions and callees ----===//
//
// Counts what each function of some inputs does, and what it does together with
// the functions it calls, directly or through others, each counted once. Calls
// are followed by relocation, by address and, between inputs, by the name of
// the symbol: the file's own local function first, then the strongest global
// one, of equals that of the first input. What is not followed is named.
//
// Cost: linear in the code; totals are quadratic in the functions at worst.
//
//===----------------------------------------------------------------------===//

#ifndef EMM_REPORTS_EVIDENCE_CENSUS_H
#define EMM_REPORTS_EVIDENCE_CENSUS_H

#include "reports/evidence/CodeFile.h"
#include "reports/evidence/Operation.h"

#include <set>
#include <string>
#include <vector>

namespace emm::evidence {

struct FunctionCensus {
  std::string Name;   ///< mangled
  std::string Object; ///< `lib.a(x.o)`
  bool IsLocal = false, IsWeak = false;
  uint64_t Undecoded = 0; ///< bytes that are no instruction
  Counts Own, Total;
  std::set<std::string> SharedObjects;  ///< what SharedStore counts; mangled
  std::vector<uint32_t> Callees;        ///< sorted indexes into Census::Functions
  std::set<std::string> Outside;        ///< called, and defined in no input; mangled
  unsigned IndirectCalls = 0, IndirectJumps = 0;

  // With all callees:
  unsigned Followed = 0; ///< functions besides this one
  std::set<std::string> NotFollowed;
  unsigned NotFollowedCalls = 0, NotFollowedJumps = 0;
};

struct Census {
  std::vector<FunctionCensus> Functions; ///< sorted by object, then name
  std::string Architecture;              ///< `x86_64`, `aarch64`
};

/// Objects, archives, shared libraries, executables and directories of objects. One error for each unusable input, each
/// `FILE: reason`; all inputs must be for one architecture.
llvm::Expected<Census> takeCensus(llvm::ArrayRef<std::string> Inputs);

} // namespace emm::evidence

#endif
