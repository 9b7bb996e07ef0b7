//===- passes/race/Pairs.cpp ----------------------------------------------===//

#include "passes/race/Pairs.h"

#include <algorithm>

namespace emm::race {

Protection commonLock(const Access &A, const Access &B) {
  Protection Best = Protection::None;
  for (const Held &L : A.Locks)
    for (const Held &R : B.Locks)
      if (L.Lock && L.Lock == R.Lock) {
        if (L.Mode == LockMode::Write || R.Mode == LockMode::Write)
          return Protection::Exclusive;
        Best = Protection::SharedOnly;
      }
  return Best;
}

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

std::optional<Rule> judge(const PlaceTable &T, const Access &A, const Access &B) {
  if (isMap(A.Kind) != isMap(B.Kind) || isObject(A.Kind) != isObject(B.Kind))
    return std::nullopt;
  if (!isWrite(A.Kind) && !isWrite(B.Kind))
    return std::nullopt;
  if (!sameObject(T, A, B))
    return std::nullopt;
  // What runs once comes before the uses that rely on it; two that both run once do not know of one another.
  if (A.Once != B.Once && !isMap(A.Kind))
    return std::nullopt;
  Protection P = commonLock(A, B);
  if (P == Protection::Exclusive)
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

void putFirst(Conflict &C) {
  bool Swap = !isWrite(C.A.Kind) && isWrite(C.B.Kind);
  if (C.R == Rule::AtomicMixed)
    Swap = isAtomic(C.A.Kind);
  else if (C.R == Rule::LockInconsistent)
    Swap = !C.A.Locks.empty();
  else if (C.R == Rule::AtomicLostUpdate)
    Swap = !C.A.FromLoad;
  if (Swap) {
    std::swap(C.A, C.B);
    std::swap(C.ByA, C.ByB);
  }
}

} // namespace emm::race
