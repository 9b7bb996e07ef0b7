//===- reports/program/MergeValues.cpp - places of callees in the caller --===//

#include "reports/program/FunctionMerge.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Demangle/Demangle.h"

using namespace llvm;

namespace emm::program {

PlaceSet FunctionMerge::load(PlaceId Address, unsigned Depth) {
  PlaceSet Out;
  if (!Address)
    return PlaceSet(1, Unknown);
  if (auto It = Data.find(Address); It != Data.end())
    Out = It->second;
  RootKind K = P.rootOf(Address).Kind;
  if (K == RootKind::Global)
    if (auto It = M.P.FunctionPointers.find(Address); It != M.P.FunctionPointers.end())
      P.insert(Out, It->second);
  if (Out.empty() || K == RootKind::Global || K == RootKind::Param)
    P.insert(Out, P.load(Address));
  P.limit(Out);
  (void)Depth;
  return Out;
}

/// \p Of with the results of calls replaced by what they are.
PlaceSet FunctionMerge::resolve(PlaceId Of, bool &Crossed) {
  auto It = Of && P.rootOf(Of).Kind == RootKind::Result ? Results.find(P.rootId(Of)) : Results.end();
  if (It == Results.end())
    return PlaceSet(1, Of);
  Crossed |= CrossedResults.contains(P.rootId(Of));
  PlaceSet Out;
  for (PlaceId Base : PlaceSet(It->second))
    P.insert(Out, Base ? P.rebase(Of, Base) : Unknown);
  P.limit(Out);
  return Out;
}

PlaceSet FunctionMerge::resolve(const PlaceSet &Of) {
  PlaceSet Out;
  bool Crossed = false;
  for (PlaceId One : Of)
    P.insert(Out, resolve(One, Crossed));
  P.limit(Out);
  return Out;
}

/// The lock \p Lock that belongs to what a call returned, where \p Place, another part of that, is \p Where.
PlaceId FunctionMerge::ownLock(PlaceId Lock, PlaceId Place, PlaceId Where) {
  if (!Lock || !Where || P.rootId(Lock) != P.rootId(Place))
    return Unknown;
  PlaceSet Locks;
  for (PlaceId Base : PlaceSet(Results.lookup(P.rootId(Place))))
    if (Base && P.rebase(Place, Base) == Where)
      P.insert(Locks, P.rebase(Lock, Base));
  return Locks.size() == 1 ? Locks[0] : Unknown;
}

LockSet FunctionMerge::resolve(const LockSet &Of) {
  LockSet Out;
  for (const Held &H : Of)
    if (PlaceSet Here = resolve(PlaceSet(1, H.Lock)); Here.size() == 1 && Here[0])
      Out.push_back({Here[0], H.Mode});
  return Out;
}

/// What the root of a callee's place is here: before the place's path is followed.
PlaceSet FunctionMerge::baseOf(PlaceId Of, uint32_t Call, ArrayRef<PlaceSet> Arguments) {
  const Root R = P.rootOf(Of);
  switch (R.Kind) {
  case RootKind::Global:
  case RootKind::Function:
    return PlaceSet(1, P.rootPlace(Of));
  case RootKind::Param:
    return R.Of < Arguments.size() ? Arguments[R.Of] : PlaceSet(1, Unknown);
  case RootKind::Heap: {
    unsigned Nesting = 0;
    for (Root X = R; X.Via; X = P.rootAt(X.Index))
      ++Nesting;
    return PlaceSet(1, P.make(Nesting < 3 ? P.root({RootKind::Heap, Number, P.rootId(Of), Call + 1}) : P.rootId(Of)));
  }
  default:
    return PlaceSet(1, Unknown);
  }
}

/// Where \p Path leads from what \p Current may be.
PlaceSet FunctionMerge::follow(PlaceSet Current, ArrayRef<Offset> Path) {
  for (size_t I = 0; I < Path.size(); ++I) {
    PlaceSet Next;
    for (PlaceId C : Current) {
      if (I == 0)
        P.insert(Next, P.advance(C, Path[0].Bytes, Path[0].Any));
      else
        for (PlaceId L : load(C))
          P.insert(Next, P.advance(L, Path[I].Bytes, Path[I].Any));
    }
    P.limit(Next);
    Current = std::move(Next);
  }
  return Current;
}

PlaceSet FunctionMerge::translate(PlaceId Of, uint32_t Call, ArrayRef<PlaceSet> Arguments) {
  if (!Of)
    return PlaceSet(1, Unknown);
  RootKind K = P.rootOf(Of).Kind;
  if (K == RootKind::Global || K == RootKind::Function)
    return PlaceSet(1, Of);
  SmallVector<Offset, 3> Path(P.path(Of));
  return follow(baseOf(Of, Call, Arguments), Path);
}

std::vector<PlaceSet> FunctionMerge::translate(ArrayRef<PlaceSet> Of, uint32_t Call, ArrayRef<PlaceSet> Arguments) {
  std::vector<PlaceSet> Out;
  for (const PlaceSet &One : Of) {
    PlaceSet Set;
    for (PlaceId X : One)
      P.insert(Set, translate(X, Call, Arguments));
    Out.push_back(std::move(Set));
  }
  return Out;
}

/// The lock \p Inner of a callee for an access that was at \p InnerWhere there and is at \p Where here: of several objects
/// that both may be reached through, the one that this access is in has its own. Unknown if that is not one lock.
PlaceId FunctionMerge::lockFor(PlaceId Inner, PlaceId InnerWhere, PlaceId Where, uint32_t Call, ArrayRef<PlaceSet> Arguments) {
  PlaceSet All = translate(Inner, Call, Arguments);
  if (All.size() < 2)
    return All.empty() ? Unknown : All[0];
  if (!InnerWhere || !Where || P.rootId(Inner) != P.rootId(InnerWhere))
    return Unknown;
  SmallVector<Offset, 3> ToLock(P.path(Inner)), ToWhere(P.path(InnerWhere));
  // Both lead through the same pointers up to here.
  size_t Common = 0;
  while (Common + 1 < std::min(ToLock.size(), ToWhere.size()) && ToLock[Common] == ToWhere[Common])
    ++Common;
  PlaceSet Bases = baseOf(Inner, Call, Arguments);
  if (Common) {
    PlaceSet Loaded;
    for (PlaceId At : follow(Bases, ArrayRef(ToLock).take_front(Common)))
      P.insert(Loaded, load(At));
    P.limit(Loaded);
    Bases = Loaded;
  }
  PlaceSet Locks;
  for (PlaceId B : Bases)
    if (is_contained(follow(PlaceSet(1, B), ArrayRef(ToWhere).drop_front(Common)), Where))
      P.insert(Locks, follow(PlaceSet(1, B), ArrayRef(ToLock).drop_front(Common)));
  return Locks.size() == 1 ? Locks[0] : Unknown;
}

LockSet FunctionMerge::translate(const LockSet &Of, uint32_t Call, ArrayRef<PlaceSet> Arguments, uint32_t Callee,
                                 PlaceId InnerWhere, PlaceId Where) {
  LockSet Out;
  for (const Held &H : Of) {
    PlaceId Here = lockFor(H.Lock, InnerWhere, Where, Call, Arguments);
    if (!Here)
      continue;
    Out.push_back({Here, H.Mode});
    if (auto [It, New] = M.LockNames.try_emplace({Number, Here}); New) {
      auto Known = M.LockNames.find({Callee, H.Lock});
      Position Declared;
      It->second = renamed(Known == M.LockNames.end() ? StringRef() : StringRef(Known->second), M.P.Functions[Callee], H.Lock,
                           Here, Arguments, Declared);
    }
  }
  return Out;
}

/// In the words of this function.
std::string FunctionMerge::nameOf(PlaceId Of, Position &Declaration) const {
  if (auto It = F.Names.find(Of); It != F.Names.end()) {
    if (It->second.Declaration.Line)
      Declaration = It->second.Declaration;
    return It->second.Text.str();
  }
  if (auto It = M.P.GlobalNames.find(Of); It != M.P.GlobalNames.end()) {
    if (It->second.Declaration.Line)
      Declaration = It->second.Declaration;
    return It->second.Text.str();
  }
  const Root &R = P.rootOf(Of);
  if (R.Kind == RootKind::Global)
    return demangle(M.P.Symbols[R.Of]);
  if (R.Kind == RootKind::Param)
    if (auto It = F.Params.find(R.Of); It != F.Params.end())
      return It->second.str();
  return "";
}

/// The name of \p Here, which \p Callee spells \p Name: what that begins with, a parameter, becomes what was given.
std::string FunctionMerge::renamed(StringRef Name, const Function &Callee, PlaceId Inner, PlaceId Here,
                                   ArrayRef<PlaceSet> Arguments, Position &Declaration) {
  auto Own = [&]() -> const PlaceName * {
    if (auto It = F.Names.find(Here); It != F.Names.end())
      return &It->second;
    auto It = M.P.GlobalNames.find(Here);
    return It == M.P.GlobalNames.end() ? nullptr : &It->second;
  };
  auto Known = [&]() -> std::string {
    const PlaceName *N = Own();
    if (!N)
      return Name.str();
    if (N->Declaration.Line)
      Declaration = N->Declaration;
    return N->Text.str();
  };
  const Root &R = P.rootOf(Inner);
  if (R.Kind != RootKind::Param)
    return Name.empty() ? Known() : Name.str();
  auto Param = Callee.Params.find(R.Of);
  StringRef Suffix = Name;
  bool Begins = Param != Callee.Params.end() && Suffix.consume_front(Param->second);
  if (!Begins || (!Suffix.empty() && !StringRef("-.[").contains(Suffix.front()))) {
    if (!Name.starts_with("*"))
      return Known();
    Suffix = "";
  }
  // Of what was given, that which the callee's part continues.
  PlaceId Given = P.rootPlace(Here);
  if (R.Of < Arguments.size())
    for (PlaceId A : Arguments[R.Of])
      if (A && P.rebase(Inner, A) == Here)
        Given = A;
  // A part of a whole object is named as such; the name of the same place may be that of the whole.
  if (Own() && (Suffix.empty() || Given != P.rootPlace(Given)))
    return Known();
  Position Declared;
  std::string Base = nameOf(Given, Declared);
  // An unnamed part of a parameter: the callee's own words are right, if less telling.
  if (Given != P.rootPlace(Given) && Base == nameOf(P.rootPlace(Given), Declared))
    return Name.str();
  if (Suffix.empty())
    Declaration = Declared;
  if (Base.empty())
    return Name.str();
  bool Pointer = P.rootOf(Given).Kind == RootKind::Param ? P.path(Given).size() > 1 || P.path(Given)[0] == Offset()
                                                          : P.path(Given).size() > 1;
  if (Suffix.starts_with("->") && !Pointer)
    return Base + "." + Suffix.drop_front(2).str();
  if (Suffix.starts_with(".") && Pointer)
    return Base + "->" + Suffix.drop_front().str();
  return Base + Suffix.str();
}

/// \p A came from \p Callee, where it was \p Inner.
void FunctionMerge::rename(Access &A, const Function &Callee, PlaceId Inner, ArrayRef<PlaceSet> Arguments) {
  A.Name = renamed(A.Name, Callee, Inner, A.Where, Arguments, A.Declaration);
}

} // namespace emm::program
