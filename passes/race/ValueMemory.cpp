//===- passes/race/ValueMemory.cpp - what is stored and copied where ------===//

#include "passes/race/Values.h"

#include "llvm/IR/Constants.h"
#include "llvm/IR/DataLayout.h"

#include <algorithm>

using namespace llvm;

namespace emm::race {

void Values::store(PlaceId Address, const PlaceSet &What) {
  if (!Address || What.empty())
    return;
  PlaceSet &S = Contents[Address];
  if (std::includes(S.begin(), S.end(), What.begin(), What.end()))
    return;
  forget();
  U.Places.insert(S, What);
  U.Places.limit(S);
  Again |= Loaded;
}

void Values::copy(PlaceId To, PlaceId From, int64_t Bytes) {
  if (!To || !From || To == From || !Bytes || CopiedObjects.size() > 128)
    return;
  SmallVector<CopyEffect, 1> &Beside = CopiesInto[U.Places.place(To).Prefix];
  for (const CopyEffect &C : Beside)
    if (C.To == To && C.From == From && C.Bytes >= Bytes)
      return;
  forget();
  Beside.push_back({To, From, Bytes});
  CopiedObjects.push_back({To, From, Bytes});
  Again |= Loaded;
}

void Values::storeConstant(PlaceId Address, const Constant &K) {
  if (const auto *A = dyn_cast<ConstantStruct>(&K)) {
    const StructLayout *L = F.getParent()->getDataLayout().getStructLayout(A->getType());
    for (unsigned I = 0; I < A->getNumOperands(); ++I)
      storeConstant(U.Places.advance(Address, L->getElementOffset(I), false), *A->getOperand(I));
    return;
  }
  store(Address, of(&K));
}

PlaceId Values::copyFor(const CallBase &Spawn, unsigned Argument, const PlaceSet &Sources) {
  Root R;
  R.Kind = RootKind::Copy;
  R.V = &Spawn;
  R.Extra = Argument;
  RootId Id = U.Places.root(R);
  forget();
  CopySources[Id] = Sources;
  return U.Places.make(Id);
}

} // namespace emm::race
