//===- reports/finding/Access.h - what two accesses say of one another ----===//
//
// The rules that need nothing but two accesses which may happen at the same
// time on the same object. The compiler applies them to what one unit shows, the
// reader to what several units show together; both say the same of the same pair.
//
//===----------------------------------------------------------------------===//

#ifndef EMM_REPORTS_FINDING_ACCESS_H
#define EMM_REPORTS_FINDING_ACCESS_H

#include "reports/finding/Rule.h"

#include <cstdint>
#include <optional>

namespace emm::race {

enum class AccessKind : uint8_t { Read, Write, AtomicRead, AtomicWrite, MapRead, MapWrite, MapIterate, ObjectRead, ObjectWrite };

inline bool isWrite(AccessKind K) {
  return K == AccessKind::Write || K == AccessKind::AtomicWrite || K == AccessKind::MapWrite || K == AccessKind::ObjectWrite;
}
inline bool isAtomic(AccessKind K) { return K == AccessKind::AtomicRead || K == AccessKind::AtomicWrite; }
inline bool isMap(AccessKind K) {
  return K == AccessKind::MapRead || K == AccessKind::MapWrite || K == AccessKind::MapIterate;
}
inline bool isObject(AccessKind K) { return K == AccessKind::ObjectRead || K == AccessKind::ObjectWrite; }

/// What a verdict depends on besides object, time and locks.
struct AccessTraits {
  AccessKind Kind = AccessKind::Read;
  bool Volatile = false;
  bool FromLoad = false; ///< an atomic store of a value computed from an atomic load of the same place
};

/// What protects two accesses from one another.
enum class Protection { None, SharedOnly, Exclusive };

/// \p A and \p B: sequences of holds with members Lock and Mode; an unknown lock (zero) protects nothing.
template <typename Locks> Protection commonLockOf(const Locks &A, const Locks &B) {
  Protection Best = Protection::None;
  for (const auto &L : A)
    for (const auto &R : B)
      if (L.Lock && L.Lock == R.Lock) {
        if (L.Mode == decltype(L.Mode)::Write || R.Mode == decltype(R.Mode)::Write)
          return Protection::Exclusive;
        Best = Protection::SharedOnly;
      }
  return Best;
}

/// True if the kinds can conflict at all: one writes, and both see the object as the same thing.
inline bool mayConflict(AccessKind A, AccessKind B) {
  return isMap(A) == isMap(B) && isObject(A) == isObject(B) && (isWrite(A) || isWrite(B));
}

/// The rule that the pair breaks, if any.
std::optional<Rule> judgePair(const AccessTraits &A, const AccessTraits &B, Protection P);

/// True if the report belongs at B: the access without the lock or the atomic operation that is missing, else the one
/// that writes. \p Locked: A holds a lock.
bool belongsAtSecond(Rule R, const AccessTraits &A, const AccessTraits &B, bool Locked);

/// Lower is worse: what a group of conflicts is reported as.
unsigned severityRank(Rule R);

} // namespace emm::race

#endif
