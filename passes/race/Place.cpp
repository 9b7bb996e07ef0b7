//===- passes/race/Place.cpp ----------------------------------------------===//

#include "passes/race/Place.h"

#include "llvm/ADT/STLExtras.h"

#include <algorithm>

using namespace llvm;

namespace emm::race {

PlaceTable::PlaceTable() : Roots(1), Places(1) {}

RootId PlaceTable::root(const Root &R) {
  auto [It, New] = RootIds.try_emplace({uint64_t(R.Kind) << 32 | R.Extra, {R.V, R.Via}}, Roots.size());
  if (New)
    Roots.push_back(R);
  return It->second;
}

static constexpr uint32_t RootMark = 0x80000000u;

PlaceId PlaceTable::child(uint32_t Prefix, RootId R, Offset Last) {
  auto [It, New] = PlaceIds.try_emplace({Prefix, uint64_t(uint32_t(Last.Bytes)) << 1 | Last.Any}, Places.size());
  if (New) {
    Place P;
    P.R = R;
    P.Prefix = Prefix;
    if (!(Prefix & RootMark))
      P.Path = Places[Prefix].Path;
    P.Path.push_back(Last);
    Places.push_back(std::move(P));
  }
  return It->second;
}

PlaceId PlaceTable::make(RootId R, ArrayRef<Offset> Path) {
  if (!R || Path.size() > MaxLoads)
    return UnknownPlace;
  uint32_t At = R | RootMark;
  for (const Offset &O : Path)
    At = child(At, R, O);
  return At;
}

PlaceId PlaceTable::advance(PlaceId P, int64_t Bytes, bool Any) {
  if (!P || (!Bytes && !Any))
    return P;
  Offset Last = Places[P].Path.back();
  int64_t Sum = Last.Bytes + Bytes;
  if (Sum > INT32_MAX || Sum < INT32_MIN)
    return UnknownPlace;
  Last.Bytes = int32_t(Sum);
  Last.Any |= Any;
  return child(Places[P].Prefix, Places[P].R, Last);
}

PlaceId PlaceTable::load(PlaceId P) {
  if (!P || Places[P].Path.size() >= MaxLoads)
    return UnknownPlace;
  return child(P, Places[P].R, Offset());
}

bool PlaceTable::hasAny(PlaceId P) const {
  return any_of(Places[P].Path, [](const Offset &O) { return O.Any; });
}

bool PlaceTable::mayMatch(PlaceId A, PlaceId B) const {
  if (A == B)
    return A != UnknownPlace;
  const Place &L = Places[A], &R = Places[B];
  if (!A || !B || L.R != R.R || L.Path.size() != R.Path.size())
    return false;
  for (size_t I = 0; I < L.Path.size(); ++I)
    if (L.Path[I].Bytes != R.Path[I].Bytes && !L.Path[I].Any && !R.Path[I].Any)
      return false;
  return true;
}

void PlaceTable::insert(PlaceSet &S, PlaceId P) const {
  auto It = std::lower_bound(S.begin(), S.end(), P);
  if (It == S.end() || *It != P)
    S.insert(It, P);
}

void PlaceTable::insert(PlaceSet &S, const PlaceSet &More) const {
  for (PlaceId P : More)
    insert(S, P);
}

void PlaceTable::limit(PlaceSet &S) {
  if (S.size() <= MaxSet)
    return;
  const Place &First = Places[S.back()];
  bool SameButLast = all_of(S, [&](PlaceId P) {
    const Place &Q = Places[P];
    return P && Q.R == First.R && Q.Path.size() == First.Path.size() &&
           std::equal(Q.Path.begin(), Q.Path.end() - 1, First.Path.begin());
  });
  PlaceId Widened = SameButLast ? advance(S.front(), 0, true) : UnknownPlace;
  S.assign(1, Widened);
}

} // namespace emm::race
