//===- reports/finding/Access.cpp -----------------------------------------===//

#include "reports/finding/Access.h"

namespace emm::race {

std::optional<Rule> judgePair(const AccessTraits &A, const AccessTraits &B, Protection P) {
  if (!mayConflict(A.Kind, B.Kind) || P == Protection::Exclusive)
    return std::nullopt;
  if (isAtomic(A.Kind) && isAtomic(B.Kind)) {
    bool Lost = (A.FromLoad && isWrite(B.Kind)) || (B.FromLoad && isWrite(A.Kind));
    return Lost ? std::optional(Rule::AtomicLostUpdate) : std::nullopt;
  }
  if (isMap(A.Kind)) {
    if (P == Protection::SharedOnly)
      return Rule::MapWriteUnderReaderLock;
    if (isWrite(A.Kind) && isWrite(B.Kind))
      return Rule::MapConcurrentWrite;
    bool Iterates = A.Kind == AccessKind::MapIterate || B.Kind == AccessKind::MapIterate;
    return Iterates ? Rule::MapConcurrentIteration : Rule::MapConcurrentReadWrite;
  }
  if (isAtomic(A.Kind) || isAtomic(B.Kind))
    return Rule::AtomicMixed;
  if (A.Volatile && B.Volatile)
    return Rule::AtomicVolatile;
  return Rule::AtomicMissing;
}

bool belongsAtSecond(Rule R, const AccessTraits &A, const AccessTraits &B, bool Locked) {
  switch (R) {
  case Rule::AtomicMixed:
    return isAtomic(A.Kind);
  case Rule::LockInconsistent:
    return Locked;
  case Rule::AtomicLostUpdate:
    return !A.FromLoad;
  default:
    return !isWrite(A.Kind) && isWrite(B.Kind);
  }
}

unsigned severityRank(Rule R) {
  switch (R) {
  case Rule::MapWriteUnderReaderLock:
    return 0;
  case Rule::MapConcurrentWrite:
    return 1;
  case Rule::MapConcurrentIteration:
    return 2;
  case Rule::MapConcurrentReadWrite:
    return 3;
  case Rule::LockInconsistent:
    return 4;
  case Rule::AtomicMixed:
    return 5;
  case Rule::AtomicVolatile:
    return 6;
  case Rule::AtomicWeakPublication:
    return 7;
  case Rule::AtomicMissing:
    return 8;
  default:
    return 9;
  }
}

} // namespace emm::race
