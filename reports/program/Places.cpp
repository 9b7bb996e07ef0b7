//===- reports/program/Places.cpp -----------------------------------------===//

#include "reports/program/Places.h"

#include "llvm/ADT/STLExtras.h"

using namespace llvm;

namespace emm::program {

uint32_t Places::root(const Root &R) {
  auto [It, New] = RootIds.try_emplace(R, Roots.size());
  if (New)
    Roots.push_back(R);
  return It->second;
}

PlaceId Places::make(uint32_t Root, ArrayRef<Offset> Path) {
  if (!Root || Path.size() > MaxLoads)
    return Unknown;
  auto [It, New] = Ids.try_emplace({Root, std::vector<Offset>(Path.begin(), Path.end())}, All.size());
  if (New)
    All.push_back({Root, SmallVector<Offset, 3>(Path.begin(), Path.end())});
  return It->second;
}

PlaceId Places::advance(PlaceId P, int64_t Bytes, bool Any) {
  if (!P || (!Bytes && !Any))
    return P;
  Place Copy = All[P];
  int64_t Sum = Copy.Path.back().Bytes + Bytes;
  if (Sum > INT32_MAX || Sum < INT32_MIN)
    return Unknown;
  Copy.Path.back().Bytes = int32_t(Sum);
  Copy.Path.back().Any |= Any;
  return make(Copy.R, Copy.Path);
}

PlaceId Places::load(PlaceId P) {
  if (!P)
    return P;
  Place Copy = All[P];
  Copy.Path.push_back(Offset());
  return make(Copy.R, Copy.Path);
}

PlaceId Places::rebase(PlaceId P, PlaceId Base) {
  SmallVector<Offset, 3> Path(All[P].Path);
  PlaceId Out = advance(Base, Path[0].Bytes, Path[0].Any);
  for (size_t N = 1; N < Path.size(); ++N)
    Out = advance(load(Out), Path[N].Bytes, Path[N].Any);
  return Out;
}

bool Places::hasAny(PlaceId P) const {
  return any_of(All[P].Path, [](const Offset &O) { return O.Any; });
}

bool Places::mayMatch(PlaceId A, PlaceId B) const {
  if (A == B)
    return A != Unknown;
  const Place &L = All[A], &R = All[B];
  if (!A || !B || L.R != R.R || L.Path.size() != R.Path.size())
    return false;
  for (size_t I = 0; I < L.Path.size(); ++I)
    if (L.Path[I].Bytes != R.Path[I].Bytes && !L.Path[I].Any && !R.Path[I].Any)
      return false;
  return true;
}

bool Places::overlap(PlaceId A, uint32_t SizeA, PlaceId B, uint32_t SizeB, bool Whole) const {
  // "Some element" and "some element" need not be the same one.
  if (!A || !B || hasAny(A) || hasAny(B))
    return false;
  if (A == B)
    return true;
  const Place &L = All[A], &R = All[B];
  if (Whole || L.R != R.R || L.Path.size() != R.Path.size() || !std::equal(L.Path.begin(), L.Path.end() - 1, R.Path.begin()))
    return false;
  int64_t LB = L.Path.back().Bytes, RB = R.Path.back().Bytes;
  return LB < RB + int64_t(SizeB) && RB < LB + int64_t(SizeA);
}

void Places::insert(PlaceSet &S, PlaceId P) const {
  auto It = std::lower_bound(S.begin(), S.end(), P);
  if (It == S.end() || *It != P)
    S.insert(It, P);
}

} // namespace emm::program
