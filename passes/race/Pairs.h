//===- passes/race/Pairs.h - do two accesses conflict? --------------------===//
//
// The rules that need nothing but the two accesses, given that they may happen
// at the same time on the same object.
//
//===----------------------------------------------------------------------===//

#ifndef EMM_PASSES_RACE_PAIRS_H
#define EMM_PASSES_RACE_PAIRS_H

#include "passes/race/Conflict.h"
#include "reports/finding/Access.h"

#include <optional>

namespace emm::race {

/// What protects the two from one another.
Protection commonLock(const Access &A, const Access &B);

/// True if the accesses touch the same bytes, or the same container, of an object that one place names for certain.
bool sameObject(const PlaceTable &T, const Access &A, const Access &B);

/// False of a lock that is found through \p Object, as `queue->mutex` is through `queue`: whoever takes it has read the
/// object before.
bool canGuard(const PlaceTable &T, PlaceId Lock, PlaceId Object);

/// The rule that the pair breaks, if any.
std::optional<Rule> judge(const PlaceTable &T, const Access &A, const Access &B);

/// Makes A the access to report at: the one without the lock or the atomic operation that is missing, else the one
/// that writes, else the one that already is.
void putFirst(Conflict &C);

} // namespace emm::race

#endif
