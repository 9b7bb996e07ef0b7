//===- passes/escape/EscapeGraph.cpp - the propagation --------------------===//

#include "passes/escape/EscapeGraph.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/IR/Function.h"
#include "llvm/Support/MathExtras.h"

using namespace llvm;

namespace emm {

EscapeGraph::EscapeGraph() {
  Objects.emplace_back(); // Heap
  ReachWhy = addWhy({"reachable from it", nullptr, "", 0});
  HeapContents = addNode();
  Result = addNode();
  BehindResult = addNode();
  addOrigin(HeapContents, {heap(), AnyOffset}, ReachWhy);
}

ObjectId EscapeGraph::addObject(ObjectKind K, const Value *V, uint32_t Label) {
  Object O;
  O.Kind = K;
  O.V = V;
  O.Label = Label;
  Objects.push_back(std::move(O));
  return Objects.size() - 1;
}

ObjectId EscapeGraph::paramMemory(uint32_t Param, unsigned Depth, const Value *V, int64_t At) {
  Depth = std::min(Depth, MaxDepth);
  if (Depth == 0)
    At = AnyOffset;
  auto Known = ParamObjects.find({{Param, Depth}, At});
  if (Known != ParamObjects.end())
    return Known->second;
  if (At != AnyOffset && Depth == 1 && ++ParamOffsets[Param] > MaxFields)
    return paramMemory(Param, Depth, V);
  ObjectId Id = addObject(ObjectKind::ParamMemory, V);
  Objects[Id].Param = Param;
  Objects[Id].Depth = Depth;
  Objects[Id].At = At;
  ParamObjects[{{Param, Depth}, At}] = Id;
  return Id;
}

NodeId EscapeGraph::addNode() {
  Nodes.emplace_back();
  return Nodes.size() - 1;
}

uint32_t EscapeGraph::addWhy(WhyNote N) {
  Whys.push_back(std::move(N));
  return Whys.size() - 1;
}

Target EscapeGraph::shifted(Target T, int64_t Offset) const {
  if (uint64_t Move = uint64_t(Offset) - uint64_t(FirstMove); Move < Moves.size())
    return T.Obj == Moves[Move].From ? shifted({Moves[Move].To, T.Offset}, Moves[Move].Delta) : T;
  ObjectKind K = Objects[T.Obj].Kind;
  if (K == ObjectKind::Heap || (K == ObjectKind::ParamMemory && Objects[T.Obj].Depth) || K == ObjectKind::Closure)
    return {T.Obj, AnyOffset};
  if (K == ObjectKind::Code)
    return T;
  if (T.Offset == AnyOffset || Offset == AnyOffset)
    return {T.Obj, AnyOffset};
  return {T.Obj, T.Offset + Offset};
}

void NumberSet::insert(uint32_t N) {
  if (2 * (Count + 1) > Slots.size()) {
    SmallVector<uint32_t, 0> Old(std::max<size_t>(32, 2 * Slots.size()), None);
    std::swap(Old, Slots);
    Shift = 32 - Log2_64(Slots.size());
    Count = 0;
    for (uint32_t O : Old)
      if (O != None)
        insert(O);
  }
  size_t At = start(N);
  while (Slots[At] != None && Slots[At] != N)
    At = (At + 1) & (Slots.size() - 1);
  Count += Slots[At] == None;
  Slots[At] = N;
}

uint32_t EscapeGraph::numberOf(Target T) {
  auto [It, New] = TargetNumbers.try_emplace({T.Obj, T.Offset}, Targets.size());
  if (New)
    Targets.push_back({T, None, None});
  return It->second;
}

uint32_t EscapeGraph::numberBehind(uint32_t Id, int64_t Offset) {
  if (Offset != 0 && Offset != AnyOffset)
    return numberOf(shifted(Targets[Id].T, Offset));
  auto Known = Offset == 0 ? &NumberedTarget::ByNothing : &NumberedTarget::ByAny;
  if (Targets[Id].*Known == None) {
    uint32_t Behind = numberOf(shifted(Targets[Id].T, Offset)); // which may move the targets
    Targets[Id].*Known = Behind;
  }
  return Targets[Id].*Known;
}

/// Nearly every fact that comes along an edge is there already: those of large sets are told by a look at their numbers.
void EscapeGraph::addFact(NodeId N, Fact F) {
  if (F.Id == None)
    F.Id = numberOf(F.T);
  if (!Nodes[N].Settled.contains(F.Id))
    addNewFact(N, F);
}

void EscapeGraph::addNewFact(NodeId N, Fact F) {
  enterFact(N, F);
  // To add it once more would do nothing, whatever became of it. What only other facts cover takes no more room than they.
  Node &Nd = Nodes[N];
  if (Nd.Settled.empty()) {
    if (Nd.Facts.size() > FewFacts)
      for (const Fact &Old : Nd.Facts)
        Nd.Settled.insert(Old.Id);
  } else if (Nd.Settled.size() < 4 * Nd.Facts.size()) {
    Nd.Settled.insert(F.Id);
  }
}

void EscapeGraph::enterFact(NodeId N, Fact F) {
  Node &Nd = Nodes[N];
  unsigned SameObject = 0;
  for (const Fact &Old : Nd.Facts) {
    if (Old.T == F.T)
      return;
    if (Old.T.Obj == F.T.Obj) {
      // Any part of an object covers each of them.
      if (Old.T.Offset == AnyOffset)
        return;
      ++SameObject;
    }
  }
  // A pointer that is stepped through an array would get every offset in turn.
  if (SameObject > 8 && F.T.Offset != AnyOffset) {
    F.T.Offset = AnyOffset;
    F.Id = numberOf(F.T);
  }
  if (Nd.Facts.size() >= Limit && F.T.Obj != heap()) {
    // The set is given up: what it holds may be anywhere. Targets that are sinks' business still arrive there through
    // Heap, which is only right if all of them do.
    Widened = true;
    if (!Nd.Wide) {
      Nd.Wide = true;
      addCopy(HeapContents, N, 0, F.Why);
      addFact(N, {{heap(), AnyOffset}, F.FromNode, F.FromFact, F.Why});
    }
    if (N != HeapContents && N != BehindResult && N != Result) {
      addFact(HeapContents, F);
      return;
    }
  }
  Nodes[N].Facts.push_back(F);
  Work.push_back({N, uint32_t(Nodes[N].Facts.size() - 1)});
}

/// Most nodes have few edges, which are looked through; those of the others are in a table.
bool EscapeGraph::isNewEdge(NodeId To, NodeId From, int64_t Offset) {
  const auto &Copies = Nodes[From].Copies;
  auto Enter = [&](NodeId T, int64_t O) {
    uint64_t Ends = uint64_t(From) << 32 | T;
    return O == 0 ? PlainEdges.insert(Ends).second : OffsetEdges.insert({Ends, O}).second;
  };
  if (Copies.size() <= FewCopies) {
    if (any_of(Copies, [&](const CopyEdge &E) { return E.To == To && E.Offset == Offset; }))
      return false;
    if (Copies.size() == FewCopies) {
      for (const CopyEdge &E : Copies)
        Enter(E.To, E.Offset);
      Enter(To, Offset);
    }
    return true;
  }
  return Enter(To, Offset);
}

void EscapeGraph::addCopy(NodeId To, NodeId From, int64_t Offset, uint32_t Why) {
  if (To == From && (Offset == 0 || Offset == AnyOffset))
    return;
  if (!isNewEdge(To, From, Offset))
    return;
  ++EdgeCount;
  Nodes[From].Copies.push_back({To, Offset, Why});
  for (uint32_t I = 0; I != Nodes[From].Facts.size(); ++I)
    passOn(From, I, {To, Offset, Why});
}

/// Fact number \p Index of \p From goes along \p E.
void EscapeGraph::passOn(NodeId From, uint32_t Index, CopyEdge E) {
  uint32_t Id = Nodes[From].Facts[Index].Id;
  uint32_t Behind = E.Offset == 0 ? Targets[Id].ByNothing : None;
  if (Behind == None)
    Behind = numberBehind(Id, E.Offset);
  if (!Nodes[E.To].Settled.contains(Behind))
    addNewFact(E.To, {Targets[Behind].T, From, Index, E.Why, Behind});
}

void EscapeGraph::addLoad(NodeId To, NodeId Address, uint32_t Why) {
  Nodes[Address].Loads.push_back({To, Why});
  for (uint32_t I = 0; I != Nodes[Address].Facts.size(); ++I)
    readFrom(Nodes[Address].Facts[I].T, To, Why);
}

/// What is said of several leaks of one call is often the same.
bool EscapeGraph::isNewStore(NodeId Address, NodeId From) {
  const auto &Stores = Nodes[Address].Stores;
  auto Enter = [&](NodeId F) { return KnownStores.insert(uint64_t(Address) << 32 | F).second; };
  if (Stores.size() > FewCopies)
    return Enter(From);
  if (any_of(Stores, [&](const Access &A) { return A.Other == From; }))
    return false;
  if (Stores.size() == FewCopies) {
    for (const Access &A : Stores)
      Enter(A.Other);
    Enter(From);
  }
  return true;
}

void EscapeGraph::addStore(NodeId Address, NodeId From, uint32_t Why) {
  if (!isNewStore(Address, From))
    return;
  Nodes[Address].Stores.push_back({From, Why});
  for (uint32_t I = 0; I != Nodes[Address].Facts.size(); ++I)
    writeTo(Nodes[Address].Facts[I].T, From, Why);
}

void EscapeGraph::addMemoryCopy(NodeId To, NodeId From, uint32_t Why, bool Moved) {
  Nodes[To].MemCopiesFrom.push_back({From, Why, Moved});
  Nodes[From].MemCopiesTo.push_back({To, Why, Moved});
  for (uint32_t I = 0; I != Nodes[To].Facts.size(); ++I)
    for (uint32_t J = 0; J != Nodes[From].Facts.size(); ++J)
      copyObject(Nodes[To].Facts[I].T, Nodes[From].Facts[J].T, Why, Moved);
}

NodeId EscapeGraph::contents(ObjectId Id, int64_t Offset) {
  Object &O = Objects[Id];
  if (O.Kind == ObjectKind::Heap)
    return HeapContents;
  if (O.Kind == ObjectKind::ParamMemory && O.Depth)
    Offset = AnyOffset;
  if (Offset != AnyOffset)
    for (const auto &[Off, N] : O.Fields)
      if (Off == Offset)
        return N;
  if (Offset == AnyOffset || O.Fields.size() >= MaxFields) {
    if (O.Whole == None) {
      O.Whole = addNode();
      Nodes[O.Whole].Owner = Id;
      // What is written at an unknown place may be read at every known one.
      for (const auto &[Off, N] : O.Fields)
        addCopy(N, O.Whole, 0, ReachWhy);
      for (const Object::Reader &R : O.Readers)
        addCopy(R.To, O.Whole, 0, R.Why);
      for (const Object::Copier &C : O.Copiers)
        copyField(Id, AnyOffset, O.Whole, C);
    }
    return O.Whole;
  }
  NodeId N = addNode();
  Nodes[N].Owner = Id;
  O.Fields.push_back({Offset, N});
  if (O.Whole != None)
    addCopy(N, O.Whole, 0, ReachWhy);
  for (const Object::Reader &R : O.Readers)
    addCopy(R.To, N, 0, R.Why);
  for (const Object::Copier &C : O.Copiers)
    copyField(Id, Offset, N, C);
  return N;
}

/// What a load at \p Offset finds that the function has not written: memory one load deeper.
NodeId EscapeGraph::initial(ObjectId Id, int64_t Offset) {
  Object &O = Objects[Id];
  if (O.Depth)
    Offset = AnyOffset;
  for (const auto &[Off, N] : O.Initial)
    if (Off == Offset)
      return N;
  if (O.Initial.size() >= MaxFields && Offset != AnyOffset)
    return initial(Id, AnyOffset);
  NodeId N = addNode();
  Nodes[N].Owner = Id;
  O.Initial.push_back({Offset, N});
  ObjectId Deeper = O.Depth < MaxDepth ? paramMemory(O.Param, O.Depth + 1, O.V, O.Depth ? O.At : Offset) : Id;
  addOrigin(N, {Deeper, AnyOffset}, ReachWhy);
  return N;
}

void EscapeGraph::readFrom(Target T, NodeId To, uint32_t Why) {
  Object &O = Objects[T.Obj];
  switch (O.Kind) {
  case ObjectKind::Heap:
    addFact(To, {{heap(), AnyOffset}, None, 0, Why});
    return;
  case ObjectKind::Constant:
    if (T.Offset == AnyOffset) {
      // Any element of a table of functions; of other tables few elements are ever followed.
      auto All = ReadAll(*O.V);
      if (All && !All->empty() && all_of(*All, [](const auto &At) { return isa<Function>(At.second); })) {
        for (const auto &[Offset, V] : *All)
          addCopy(To, NodeOfConstant(*V), 0, Why);
        return;
      }
    } else if (const Value *V = ReadConstant(*O.V, T.Offset)) {
      addCopy(To, NodeOfConstant(*V), 0, Why);
      return;
    }
    addFact(To, {{heap(), AnyOffset}, None, 0, Why});
    return;
  case ObjectKind::Code:
    // Nothing reads instructions: this is a callable passed by reference, which for a function is the function.
    addFact(To, {{T.Obj, 0}, None, 0, Why});
    return;
  case ObjectKind::Closure:
    return;
  case ObjectKind::CallResult:
    O.Entered = true;
    return;
  default:
    break;
  }
  if (O.Kind == ObjectKind::ParamMemory)
    addCopy(To, initial(T.Obj, T.Offset), 0, Why);
  if (T.Offset != AnyOffset && !(O.Kind == ObjectKind::ParamMemory && O.Depth)) {
    addCopy(To, contents(T.Obj, T.Offset), 0, Why);
    return;
  }
  for (const Object::Reader &R : O.Readers)
    if (R.To == To)
      return;
  O.Readers.push_back({To, Why});
  NodeId Whole = contents(T.Obj, AnyOffset);
  addCopy(To, Whole, 0, Why);
  for (size_t I = 0; I != Objects[T.Obj].Fields.size(); ++I)
    addCopy(To, Objects[T.Obj].Fields[I].second, 0, Why);
}

void EscapeGraph::writeTo(Target T, NodeId From, uint32_t Why) {
  ObjectKind K = Objects[T.Obj].Kind;
  if (K == ObjectKind::Code || K == ObjectKind::Constant || K == ObjectKind::Closure)
    return;
  if (K == ObjectKind::CallResult) {
    Objects[T.Obj].Entered = true;
    return;
  }
  addCopy(contents(T.Obj, T.Offset), From, 0, Why);
}

/// The parent of a copied field keeps its place relative to the two pointers; what does not fit goes to the whole.
void EscapeGraph::copyField(ObjectId, int64_t Offset, NodeId Field, const Object::Copier &C) {
  int64_t At = Offset == AnyOffset || C.Delta == AnyOffset ? AnyOffset : Offset + C.Delta;
  // What the user put into it, whoever it points to, is at no known place, and stays as it is.
  addCopy(contents(C.To, At), Field, Offset == AnyOffset ? 0 : C.Move, C.Why);
}

void EscapeGraph::copyObject(Target To, Target From, uint32_t Why, bool Moved) {
  ObjectKind ToKind = Objects[To.Obj].Kind, FromKind = Objects[From.Obj].Kind;
  if (To.Obj == From.Obj || ToKind == ObjectKind::Code || ToKind == ObjectKind::Constant ||
      ToKind == ObjectKind::Closure || FromKind == ObjectKind::Code || FromKind == ObjectKind::Closure)
    return;
  if (ToKind == ObjectKind::CallResult || FromKind == ObjectKind::CallResult) {
    Objects[ToKind == ObjectKind::CallResult ? To.Obj : From.Obj].Entered = true;
    return;
  }
  if (auto All = FromKind == ObjectKind::Constant && From.Offset != AnyOffset ? ReadAll(*Objects[From.Obj].V) : std::nullopt) {
    for (const auto &[Offset, V] : *All)
      addCopy(contents(To.Obj, To.Offset == AnyOffset || ToKind == ObjectKind::Heap ? AnyOffset : To.Offset + Offset - From.Offset),
              NodeOfConstant(*V), 0, Why);
    return;
  }
  if (FromKind == ObjectKind::Heap || FromKind == ObjectKind::Constant) {
    addFact(contents(To.Obj, AnyOffset), {{heap(), AnyOffset}, None, 0, Why});
    return;
  }
  int64_t Delta = To.Offset == AnyOffset || From.Offset == AnyOffset || ToKind == ObjectKind::Heap
                      ? AnyOffset
                      : To.Offset - From.Offset;
  Object &F = Objects[From.Obj];
  for (const Object::Copier &C : F.Copiers)
    if (C.To == To.Obj && C.Delta == Delta && (C.Move != 0) == Moved)
      return;
  Object::Copier C{To.Obj, Delta, Why};
  if (Moved) {
    C.Move = FirstMove + int64_t(Moves.size());
    Moves.push_back({From.Obj, To.Obj, Delta});
  }
  F.Copiers.push_back(C);
  if (FromKind == ObjectKind::ParamMemory) // where the pointers in it are is not known
    addCopy(contents(To.Obj, AnyOffset), initial(From.Obj, AnyOffset), 0, Why);
  for (size_t I = 0; I != Objects[From.Obj].Fields.size(); ++I) {
    auto [Offset, N] = Objects[From.Obj].Fields[I];
    copyField(From.Obj, Offset, N, C);
  }
  if (NodeId Whole = Objects[From.Obj].Whole; Whole != None)
    copyField(From.Obj, AnyOffset, Whole, C);
}

/// Invariant 3: what an object in a sink points to is in the sink too, and unknown code may have written into it.
void EscapeGraph::reach(NodeId Sink, const Fact &F) {
  ObjectKind K = Objects[F.T.Obj].Kind;
  if (K != ObjectKind::Frame && K != ObjectKind::Allocation && K != ObjectKind::ParamMemory)
    return;
  readFrom({F.T.Obj, AnyOffset}, Sink, ReachWhy);
  if (Sink == HeapContents && K != ObjectKind::ParamMemory)
    addFact(contents(F.T.Obj, AnyOffset), {{heap(), AnyOffset}, None, 0, ReachWhy});
}

void EscapeGraph::process(NodeId N, uint32_t Index) {
  const Fact F = Nodes[N].Facts[Index];
  for (size_t I = 0; I != Nodes[N].Copies.size(); ++I)
    passOn(N, Index, Nodes[N].Copies[I]);
  for (size_t I = 0; I != Nodes[N].Loads.size(); ++I)
    readFrom(F.T, Nodes[N].Loads[I].Other, Nodes[N].Loads[I].Why);
  for (size_t I = 0; I != Nodes[N].Stores.size(); ++I)
    writeTo(F.T, Nodes[N].Stores[I].Other, Nodes[N].Stores[I].Why);
  for (size_t I = 0; I != Nodes[N].MemCopiesFrom.size(); ++I) {
    Access A = Nodes[N].MemCopiesFrom[I];
    for (size_t J = 0; J != Nodes[A.Other].Facts.size(); ++J)
      copyObject(F.T, Nodes[A.Other].Facts[J].T, A.Why, A.Moved);
  }
  for (size_t I = 0; I != Nodes[N].MemCopiesTo.size(); ++I) {
    Access A = Nodes[N].MemCopiesTo[I];
    for (size_t J = 0; J != Nodes[A.Other].Facts.size(); ++J)
      copyObject(Nodes[A.Other].Facts[J].T, F.T, A.Why, A.Moved);
  }
  if (N == HeapContents)
    reach(HeapContents, F);
  else if (N == Result || N == BehindResult)
    // A parameter's own memory behind the result is the result's level, not a leak. Nor is there anything behind a result in
    // memory that points into itself.
    if (Objects[F.T.Obj].Kind != ObjectKind::ParamMemory && !Objects[F.T.Obj].Returned)
      reach(BehindResult, F);
}

/// First in, first out: the first fact found is at the end of a shortest chain.
void EscapeGraph::drain() {
  for (size_t Head = 0; Head != Work.size(); ++Head) {
    auto [N, I] = Work[Head];
    process(N, I);
  }
  Work.clear();
}

void EscapeGraph::solve() {
  drain();
  // The sinks of parameters are few; what is reachable from them is taken after the main propagation, and may start it
  // again.
  for (size_t Before = ~size_t(0); Before != EdgeCount;) {
    Before = EdgeCount;
    listStored();
    for (const Stored &S : Written)
      for (size_t I = 0; I != Nodes[S.N].Facts.size(); ++I)
        if (ObjectKind K = Objects[Nodes[S.N].Facts[I].T.Obj].Kind; K == ObjectKind::Frame || K == ObjectKind::Allocation)
          reach(S.N, Fact(Nodes[S.N].Facts[I]));
    drain();
  }
  listStored();
}

void EscapeGraph::listStored() {
  Written.clear();
  for (const Object &O : Objects) {
    if (O.Kind != ObjectKind::ParamMemory)
      continue;
    if (O.Whole != None)
      Written.push_back({O.Param, O.Depth, O.At, O.Whole});
    for (const auto &[Offset, N] : O.Fields)
      Written.push_back({O.Param, O.Depth, Offset, N});
  }
  llvm::sort(Written, [](const Stored &A, const Stored &B) {
    return std::tie(A.Param, A.Depth, A.At, A.N) < std::tie(B.Param, B.Depth, B.At, B.N);
  });
}

} // namespace emm
