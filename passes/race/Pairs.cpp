//===- passes/race/Pairs.cpp ----------------------------------------------===//

#include "passes/race/Pairs.h"

#include <algorithm>

using namespace llvm;

namespace emm::race {

Protection commonLock(const Access &A, const Access &B) { return commonLockOf(A.Locks, B.Locks); }

bool canGuard(const PlaceTable &T, PlaceId Lock, PlaceId Object) {
  const Place &L = T.place(Lock), &O = T.place(Object);
  return L.R != O.R || L.Path.size() <= O.Path.size() || !std::equal(O.Path.begin(), O.Path.end(), L.Path.begin());
}

bool sameObject(const PlaceTable &T, const Access &A, const Access &B) {
  // "Some element" and "some element" need not be the same one.
  if (T.hasAny(A.Where) || T.hasAny(B.Where))
    return false;
  if (A.Where == B.Where)
    return true;
  const Place &L = T.place(A.Where), &R = T.place(B.Where);
  if (isMap(A.Kind) || isObject(A.Kind) || L.R != R.R || L.Path.size() != R.Path.size() ||
      !std::equal(L.Path.begin(), L.Path.end() - 1, R.Path.begin()))
    return false;
  int64_t LB = L.Path.back().Bytes, RB = R.Path.back().Bytes;
  return LB < RB + int64_t(B.Size) && RB < LB + int64_t(A.Size);
}

static AccessTraits traitsOf(const Access &A) { return {A.Kind, A.Volatile, A.FromLoad}; }

/// True if a lock that may be held at \p A is, or may be, held at \p B.
static bool mayProtect(const Access &A, const Access &B) {
  return any_of(A.Maybe, [&](PlaceId Lock) {
    return is_contained(B.Maybe, Lock) || any_of(B.Locks, [&](const Held &H) { return H.Lock == Lock; });
  });
}

std::optional<Rule> judge(const PlaceTable &T, const Access &A, const Access &B) {
  if (!mayConflict(A.Kind, B.Kind) || !sameObject(T, A, B))
    return std::nullopt;
  // What runs once comes before the uses that rely on it; two that both run once do not know of one another.
  if (A.Once != B.Once && !isMap(A.Kind))
    return std::nullopt;
  if (!isMap(A.Kind) && (mayProtect(A, B) || mayProtect(B, A)))
    return std::nullopt;
  return judgePair(traitsOf(A), traitsOf(B), commonLock(A, B));
}

void putFirst(Conflict &C) {
  if (belongsAtSecond(C.R, traitsOf(C.A), traitsOf(C.B), !C.A.Locks.empty())) {
    std::swap(C.A, C.B);
    std::swap(C.ByA, C.ByB);
  }
}

} // namespace emm::race
