//===- passes/escape/EscapeCallbacks.cpp - calls of values ----------------===//
//
// A call through a pointer waits for the solver to say what the pointer holds.
// Functions are applied; memory that the function's own caller knows more about
// leaves the call open; anything else makes it unknown.
//
// Open calls are told to the callers (HigherOrder): which of their values is
// called, with which of their values, and where the result goes. A caller does
// the same in turn: it applies the functions that it passes, leaves the call open
// to its own callers, or takes the summary in which it counts as unknown. Of the
// function itself that is always the verdict, as in Go: who may call it with what
// is not known.
//
// A target that calls what it is passed in turn has one set of values for each of
// its parameters, whoever calls it on behalf of one call: so functions that hand
// one another around come to an end. In a recursion, calls of the same value are
// one call, and those that each visit adds to are given up (EscapeAnalysis).
//
// Limits: a call is not left open if it is one of more than MaxCalls, if the
// callee or its table lies MaxDepth loads behind a parameter, if its result is read through,
// or if it is given the result of another. What a callback keeps in the caller's
// memory, or returns, of the calling function's own storage is not followed:
// then the call is unknown. So is a target that passes such storage on to a
// callback of its own, and what functions of a large recursion are passed.
//
//===----------------------------------------------------------------------===//

#include "passes/escape/EscapeBuilder.h"

#include "reports/finding/Fingerprint.h"

using namespace llvm;

namespace emm {

/// The table of functions, loaded from the object itself, that a virtual call goes through; else null.
static const LoadInst *tableOf(const CallBase &Call) {
  const auto *Slot = dyn_cast<LoadInst>(Call.getCalledOperand());
  const auto *Table = Slot ? dyn_cast<LoadInst>(Slot->getPointerOperand()->stripInBoundsConstantOffsets()) : nullptr;
  bool OfTheObject = Table && any_of(Call.args(), [&](const Use &A) { return A.get() == Table->getPointerOperand(); });
  return OfTheObject ? Table : nullptr;
}

void EscapeBuilder::wait(const CallBase &Call) {
  CallSite S;
  S.Callee = nodeOf(Call.getCalledOperand());
  for (const Use &A : Call.args())
    S.Args.push_back(!isa<ConstantData>(A) && (carriesPointers(A->getType()) || Nodes.count(A)) ? nodeOf(A) : None);
  S.Behind.assign(S.Args.size(), None);
  S.Own.assign(S.Args.size(), false);
  S.Nested = S.Keeper = S.Own;
  if (const LoadInst *Table = tableOf(Call)) {
    const DataLayout &DL = F.getParent()->getDataLayout();
    APInt Slot(DL.getIndexTypeSizeInBits(Table->getType()), 0);
    cast<LoadInst>(Call.getCalledOperand())->getPointerOperand()->stripAndAccumulateConstantOffsets(DL, Slot, true);
    S.Table = nodeOf(Table);
    S.Slot = Slot.getSExtValue();
  }
  if (carriesPointers(Call.getType()))
    S.Result = nodeOf(&Call);
  Pending &P = Waiting.emplace_back();
  P.Call = &Call;
  P.Sites.push_back(std::move(S));
}

NodeId EscapeBuilder::callerValues(const CallBase &Call, ArrayRef<CallerValue> Values) {
  NodeId N = G.addNode();
  for (const CallerValue &V : Values) {
    ParamLeak L;
    L.To = ParamLeak::ToResult;
    L.Param = V.Param;
    L.Loads = V.Loads;
    L.At = V.At;
    for (unsigned Arg : argumentsOf(Call, V.Param))
      G.addCopy(N, leaked(Call, Arg, L), 0, why("call parameter", &Call));
  }
  return N;
}

/// A call that a callee leaves open. \p Values finds the node of what is the callee's caller's.
EscapeBuilder::CallSite EscapeBuilder::siteOf(const CallBase &Call, const CalledBack &Open,
                                              function_ref<NodeId(ArrayRef<CallerValue>)> Values) {
  CallSite S;
  S.Callee = Values(Open.Callee);
  if (Open.Slot) {
    S.Table = S.Callee;
    S.Slot = *Open.Slot;
    S.Callee = loaded(S.Table, 1, &Call, S.Slot);
  }
  for (const CalledBack::Argument &A : Open.Args) {
    bool Nothing = A.Values.empty() && !A.Unknown && !A.Own;
    S.Args.push_back(Nothing ? None : Values(A.Values));
    S.Own.push_back(A.Own);
    S.Nested.push_back(A.Nested);
    S.Keeper.push_back(A.Keeper);
    S.Behind.push_back(A.Behind.empty() && !A.UnknownBehind ? None : Values(A.Behind));
    if (A.Unknown)
      G.addOrigin(S.Args.back(), {G.heap(), AnyOffset}, why("call parameter", &Call));
    if (A.UnknownBehind)
      G.addOrigin(S.Behind.back(), {G.heap(), AnyOffset}, why("call parameter", &Call));
  }
  if (!Open.Results.empty())
    S.Result = G.addNode();
  return S;
}

void EscapeBuilder::wait(const CallBase &Call, const Function &Callee, const HigherOrder &H) {
  applySummary(Call, H.Rest, Callee);
  Pending &P = Waiting.emplace_back();
  P.Call = &Call;
  P.Callee = &Callee;
  const FunctionModel *M = C.Models.lookup(Callee);
  const EffectRow *Keeper = M ? M->find(Effect::CallArg) : nullptr;
  P.Keeper = Keeper;
  for (const CalledBack &Open : H.Calls) {
    CallSite S = siteOf(Call, Open, [&](ArrayRef<CallerValue> Values) { return callerValues(Call, Values); });
    for (unsigned I = 0; Keeper && I != Open.Args.size(); ++I)
      S.Keeper[I] = any_of(Open.Args[I].Values, [&](const CallerValue &V) {
        return V.Param < Call.arg_size() && Call.getArgOperand(V.Param) == argOperand(Call, Keeper->A);
      });
    for (const ParamLeak &To : Open.Results) {
      if (To.To == ParamLeak::ToHeap)
        G.addCopy(G.heapContents(), S.Result, 0, whyCause("call parameter", &Call, To.Why));
      else if (To.To == ParamLeak::ToResult)
        defineResult(Call, S.Result, mayWhy("call parameter", &Call, true), To.Into);
      else
        for (NodeId Into : placesOf(Call, To.Other, To.OtherLoads, To.Into))
          G.addStore(Into, S.Result, mayWhy("call parameter", &Call, true));
    }
    P.Sites.push_back(std::move(S));
  }
}

/// Whether \p Target's summary says all that it does to the arguments of \p S, which are values without a call's attributes.
bool EscapeBuilder::canApply(const Pending &P, const CallSite &S, const Function &Target) {
  const EscapeSummary *Summary = summaryOf(Target);
  if (!hasBody(Target) || !Summary || (Withheld && Withheld->contains(&Target)) || Target.isVarArg() ||
      Target.arg_size() > S.Args.size() || C.Models.lookup(Target) || !Summary->Allocations.empty() ||
      any_of(Target.args(), [](const Argument &A) { return A.hasByValAttr(); }))
    return false;
  if (const HigherOrder *H = Summary->Higher.get()) {
    auto Known = find_if(P.Entered, [&](const auto &E) { return E.first == &Target; });
    for (unsigned I = 0; I != Target.arg_size(); ++I)
      if (S.Own[I] && (S.Nested[I] || (Known != P.Entered.end() && !Known->second.Own[I])))
        return false;
    Summary = &H->Rest;
  }
  bool ThroughSlot = Target.hasStructRetAttr();
  return none_of(Summary->Leaks, [&](const ParamLeak &L) {
    if (L.capture() || L.Param >= S.Args.size())
      return true;
    bool Into = L.To == ParamLeak::ToParam ? S.Own[L.Other] && (L.OtherLoads == 0 || S.Nested[L.Other])
                                           : L.To == ParamLeak::ToResult && ThroughSlot && S.Own[0];
    return Into || (L.To != ParamLeak::ToHeap && S.Own[L.Param] && (L.Loads == 0 || S.Nested[L.Param]));
  });
}

void EscapeBuilder::storeInto(const CallBase &Call, const CallSite &S, uint32_t Param, unsigned Loads, int64_t Into, NodeId From,
                              uint32_t Why) {
  if (NodeId N = S.Args[Param]; N != None)
    G.addStore(Loads ? place(loaded(N, Loads, &Call, Into), AnyOffset, &Call) : place(N, Into, &Call), From, Why);
  if (NodeId Behind = S.Behind[Param]; Behind != None && Loads)
    G.addStore(place(loaded(Behind, Loads - 1, &Call), AnyOffset, &Call), From, Why);
}

void EscapeBuilder::returnFrom(const CallBase &Call, const CallSite &S, bool ThroughSlot, int64_t Into, NodeId From) {
  if (ThroughSlot)
    storeInto(Call, S, 0, 0, Into, From, mayWhy("call parameter", &Call, true));
  else if (S.Result != None)
    G.addCopy(S.Result, From, 0, mayWhy("call parameter", &Call, true));
}

/// A lambda is among what \p Arg points to.
bool EscapeBuilder::keepsClosure(const CallBase &Call, NodeId Arg) {
  return any_of(G.facts(loaded(Arg, 1, &Call)), [&](const Fact &Fa) { return G.object(Fa.T.Obj).Kind == ObjectKind::Closure; });
}

/// Does at \p S what \p Summary, that of \p Target, says.
void EscapeBuilder::applyTarget(const CallBase &Call, const CallSite &S, const Function &Target, const EscapeSummary &Summary) {
  bool ThroughSlot = Target.hasStructRetAttr();
  for (const ParamLeak &L : Summary.Leaks) {
    if (S.Args[L.Param] == None)
      continue;
    if (L.To == ParamLeak::ToHeap && L.Loads && S.Keeper[L.Param] && keepsClosure(Call, S.Args[L.Param]))
      continue; // what a lambda does to its captures is applied where it is made, one by one
    if (L.To == ParamLeak::ToHeap) {
      Cause Why = L.Why;
      if (Why.Loc.File.empty() || C.Source.isSystemFile(Why.Loc.File))
        Why.Loc = C.Source.location(Call);
      uint32_t W = whyCause(Why.What == Cause::Thread ? "started in a thread" : "call parameter", &Call, std::move(Why));
      G.addCopy(G.heapContents(), loaded(S.Args[L.Param], L.Loads, &Call, L.At), 0, W);
      if (S.Behind[L.Param] != None)
        G.addCopy(G.heapContents(), L.Loads && !S.Nested[L.Param] ? loaded(S.Behind[L.Param], L.Loads - 1, &Call) : S.Behind[L.Param],
                  0, W);
      continue;
    }
    NodeId From = L.Loads ? loaded(S.Args[L.Param], L.Loads, &Call, L.At) : place(S.Args[L.Param], L.At, &Call);
    if (NodeId Behind = S.Behind[L.Param]; Behind != None && L.Loads)
      From = either(From, loaded(Behind, L.Loads - 1, &Call), Call);
    if (L.To == ParamLeak::ToResult)
      returnFrom(Call, S, ThroughSlot, L.Into, From);
    else
      storeInto(Call, S, L.Other, L.OtherLoads, L.Into, From, whyStored(Call, L));
  }
  for (const Planted &P : Summary.Plants) {
    NodeId N = G.addNode();
    if (P.What)
      G.addCopy(N, nodeOf(P.What), P.Offset, why("call parameter", &Call));
    else
      G.addOrigin(N, {G.heap(), AnyOffset}, why("call parameter", &Call));
    if (P.InResult)
      returnFrom(Call, S, ThroughSlot, P.Into, N);
    else if (P.Param < S.Args.size())
      storeInto(Call, S, P.Param, P.Loads, P.Into, N, mayWhy("call parameter", &Call, true));
  }
}

/// What \p A or \p B holds.
NodeId EscapeBuilder::either(NodeId A, NodeId B, const CallBase &Call) {
  NodeId N = G.addNode();
  G.addCopy(N, A, 0, why("call parameter", &Call));
  G.addCopy(N, B, 0, why("call parameter", &Call));
  return N;
}

/// A target that itself calls what it is passed. Whoever calls it on behalf of \p P, it is one function with one set of
/// values for each of its parameters: so targets that call one another end.
void EscapeBuilder::enterTarget(Pending &P, const CallSite &S, const Function &Target, const HigherOrder &H) {
  const CallBase &Call = *P.Call;
  auto Known = find_if(P.Entered, [&](const auto &E) { return E.first == &Target; });
  bool New = Known == P.Entered.end();
  if (New) {
    CallSite Own;
    for (unsigned I = 0; I != Target.arg_size(); ++I) {
      Own.Args.push_back(G.addNode());
      Own.Behind.push_back(G.addNode());
      Own.Own.push_back(S.Own[I]);
      Own.Nested.push_back(false);
      Own.Keeper.push_back(S.Keeper[I]);
    }
    Own.Result = G.addNode();
    P.Entered.push_back({&Target, std::move(Own)});
    Known = std::prev(P.Entered.end());
  }
  const CallSite Own = Known->second;
  for (unsigned I = 0; I != Own.Args.size(); ++I) {
    if (S.Args[I] != None)
      G.addCopy(Own.Args[I], S.Args[I], 0, why("call parameter", &Call));
    if (S.Behind[I] != None)
      G.addCopy(Own.Behind[I], S.Behind[I], 0, why("call parameter", &Call));
  }
  if (S.Result != None)
    G.addCopy(S.Result, Own.Result, 0, mayWhy("call parameter", &Call, true));
  if (!New)
    return;
  applyTarget(Call, Own, Target, H.Rest);
  auto Values = [&](ArrayRef<CallerValue> Of) {
    NodeId N = G.addNode();
    for (const CallerValue &V : Of)
      if (V.Param < Own.Args.size()) {
        NodeId Value = V.Loads ? loaded(Own.Args[V.Param], V.Loads, &Call, V.At) : place(Own.Args[V.Param], V.At, &Call);
        G.addCopy(N, V.Loads ? either(Value, loaded(Own.Behind[V.Param], V.Loads - 1, &Call), Call) : Value, 0,
                  why("call parameter", &Call));
      }
    return N;
  };
  for (const CalledBack &Open : H.Calls) {
    CallSite Site = siteOf(Call, Open, Values);
    for (unsigned I = 0; I != Open.Args.size(); ++I)
      for (const CallerValue &V : Open.Args[I].Values)
        if (V.Loads == 0 && V.Param < Own.Args.size() && Own.Own[V.Param]) {
          Site.Own[I] = true;
          Site.Behind[I] = Site.Behind[I] == None ? Own.Behind[V.Param] : either(Site.Behind[I], Own.Behind[V.Param], Call);
        }
    for (const ParamLeak &To : Open.Results) {
      if (To.To == ParamLeak::ToHeap)
        G.addCopy(G.heapContents(), Site.Result, 0, whyCause("call parameter", &Call, To.Why));
      else if (To.To == ParamLeak::ToResult)
        returnFrom(Call, Own, Target.hasStructRetAttr(), To.Into, Site.Result);
      else
        storeInto(Call, Own, To.Other, To.OtherLoads, To.Into, Site.Result, mayWhy("call parameter", &Call, true));
    }
    P.Sites.push_back(std::move(Site));
  }
}

void EscapeBuilder::close(Pending &P) {
  P.Closed = true;
  const FunctionModel *M = P.Callee ? C.Models.lookup(*P.Callee) : nullptr;
  if (const EffectRow *Row = M ? M->find(Effect::CallArg) : nullptr) {
    // The model's words, whatever the library's body does on the way.
    callUnknown(*P.Call, Row->B);
    if (carriesPointers(P.Call->getType()))
      G.addOrigin(nodeOf(P.Call), {G.heap(), AnyOffset}, why("call parameter", P.Call));
  } else if (P.Callee)
    applySummary(*P.Call, *summaryOf(*P.Callee), *P.Callee);
  else
    applyUnknown(*P.Call, tableOf(*P.Call) ? Cause::VirtualCall : Cause::UnknownCallee, "");
}

bool EscapeBuilder::isOpen(const CallSite &S) const {
  return any_of(G.facts(S.Callee), [&](const Fact &Fa) { return G.object(Fa.T.Obj).Kind == ObjectKind::ParamMemory; });
}

/// Applies what has become known of one call; true if that was anything. \p Last: nothing more will be asked.
bool EscapeBuilder::resolve(size_t Index, bool Last) {
  Pending &P = Waiting[Index];
  if (P.Closed)
    return false;
  bool Changed = false, Unknown = Last;
  size_t Before = P.Sites.size();
  for (size_t Site = 0; Site != P.Sites.size(); ++Site) {
    CallSite &S = P.Sites[Site];
    bool Open = false;
    SmallVector<ObjectId, 4> Targets;
    // What is told of a virtual call is where its table is, one load before.
    bool TableIsNear = S.Table != None && none_of(G.facts(S.Table), [&](const Fact &Fa) {
      const Object &O = G.object(Fa.T.Obj);
      return O.Kind == ObjectKind::ParamMemory && O.Depth >= EscapeGraph::MaxDepth;
    });
    unsigned Deepest = EscapeGraph::MaxDepth + TableIsNear;
    for (const Fact &Fa : G.facts(S.Callee)) {
      const Object &O = G.object(Fa.T.Obj);
      if (O.Kind == ObjectKind::Code)
        Targets.push_back(Fa.T.Obj);
      else if (LeaveOpen && O.Kind == ObjectKind::ParamMemory && O.Depth < Deepest)
        Open = true;
      else if (O.Kind != ObjectKind::Frame && O.Kind != ObjectKind::Closure)
        Unknown = true; // no variable is code: it got here with a value that it was packed with
    }
    // The solver has not yet seen what a target of this round is given.
    if (Targets.empty() && !Open && !Unknown && Site >= Before)
      continue;
    Unknown |= Targets.empty() && !Open;
    if (Unknown)
      break;
    if (Open && S.Result != None && S.Marker == None) {
      S.Marker = G.addObject(ObjectKind::CallResult, P.Call, None);
      G.addOrigin(S.Result, {S.Marker, AnyOffset}, why("call parameter", P.Call));
      Changed = true;
    }
    for (ObjectId T : Targets) {
      if (is_contained(S.Done, T))
        continue;
      S.Done.push_back(T);
      Changed = true;
      const auto &Target = *cast<Function>(G.object(T).V);
      if (P.Callee) {
        // A function that is kept stands nobody knows where in the keeper, also where that has its own code. Nobody calls it with
        // one argument more, the keeper.
        if (P.Keeper && Target.arg_size() < S.Args.size() && !Target.isVarArg())
          continue;
        if ((Unknown = !canApply(P, S, Target)))
          break;
        const EscapeSummary &Summary = *summaryOf(Target);
        if (Summary.Higher)
          enterTarget(P, S, Target, *Summary.Higher);
        else
          applyTarget(*P.Call, S, Target, Summary);
      } else if (Withheld && Withheld->contains(&Target)) {
        applyUnknown(*P.Call, Cause::UnknownCallee, canonicalFunction(Target.getName()));
      } else {
        applyCallee(*P.Call, Target);
      }
    }
    if (Unknown)
      break;
  }
  if (Unknown)
    close(P);
  return Changed || Unknown;
}

void EscapeBuilder::resolveCalls() {
  constexpr unsigned MaxRounds = 6;
  // New targets come up only through flows that the former ones opened; a few rounds reach the end or a loop.
  for (unsigned Round = 0; Round != MaxRounds; ++Round) {
    bool Changed = false;
    for (size_t I = 0; I != Waiting.size(); ++I)
      Changed |= resolve(I, Round + 1 == MaxRounds);
    if (!Changed)
      return;
    G.solve();
  }
}

/// Adds what \p N holds to \p A, as what the argument is or, for the contents of one of \p Own, as what lies behind it.
bool EscapeBuilder::addValues(NodeId N, CalledBack::Argument &A, SmallVectorImpl<ObjectId> &Own) const {
  SmallVector<NodeId, 4> Work = {N};
  for (size_t I = 0; I != Work.size(); ++I)
    for (const Fact &Fa : G.facts(Work[I])) {
      const Object &O = G.object(Fa.T.Obj);
      switch (O.Kind) {
      case ObjectKind::ParamMemory: {
        CallerValue V{O.Param, O.Depth, O.Depth ? O.At : Fa.T.Offset};
        SmallVectorImpl<CallerValue> &Into = I ? A.Behind : A.Values;
        if (!is_contained(Into, V))
          Into.push_back(V);
        if (Into.size() > HigherOrder::MaxValues)
          return false;
        break;
      }
      case ObjectKind::Frame:
      case ObjectKind::Allocation:
        A.Own = true;
        A.Nested |= I != 0;
        if (is_contained(Own, Fa.T.Obj))
          break;
        Own.push_back(Fa.T.Obj);
        if (O.Whole != None)
          Work.push_back(O.Whole);
        for (const auto &[Offset, Field] : O.Fields)
          Work.push_back(Field);
        break;
      case ObjectKind::CallResult:
        return false;
      default:
        (I ? A.UnknownBehind : A.Unknown) = true;
      }
    }
  return true;
}

void EscapeBuilder::exportOpenCalls() {
  if (!LeaveOpen)
    return;
  // What the callback leaves in this function's own storage is not known here.
  bool Filled = false;
  for (size_t I = 0; I != Waiting.size(); ++I)
    for (CallSite &S : Waiting[I].Sites)
      for (NodeId N : S.Args) {
        CalledBack::Argument A;
        SmallVector<ObjectId, 4> Own;
        if (Waiting[I].Closed || !isOpen(S) || N == None || !addValues(N, A, Own))
          continue;
        for (ObjectId O : Own)
          G.addOrigin(G.contents(O, AnyOffset), {G.heap(), AnyOffset}, why("call parameter", Waiting[I].Call));
        Filled |= !Own.empty();
      }
  if (Filled) {
    G.solve();
    resolveCalls();
  }
  completeResult();

  std::vector<CalledBack> Calls;
  bool Expressible = true;
  for (Pending &P : Waiting)
    for (CallSite &S : P.Sites) {
      if (P.Closed || !isOpen(S))
        continue;
      CalledBack Open;
      bool Virtual = S.Table != None;
      if (Virtual)
        Open.Slot = S.Slot;
      for (const Fact &Fa : G.facts(Virtual ? S.Table : S.Callee))
        if (const Object &O = G.object(Fa.T.Obj); O.Kind == ObjectKind::ParamMemory)
          Open.Callee.push_back({O.Param, O.Depth, O.Depth ? O.At : Fa.T.Offset});
      for (unsigned I = 0; I != S.Args.size(); ++I) {
        CalledBack::Argument &A = Open.Args.emplace_back();
        SmallVector<ObjectId, 4> Own, More;
        if (S.Args[I] != None)
          Expressible &= addValues(S.Args[I], A, Own);
        A.Own |= S.Own[I];
        A.Nested |= S.Nested[I];
        A.Keeper |= S.Keeper[I];
        if (S.Behind[I] != None) {
          CalledBack::Argument Behind;
          Expressible &= addValues(S.Behind[I], Behind, More) && A.Behind.size() + Behind.Values.size() <= HigherOrder::MaxValues;
          A.Behind.append(Behind.Values);
          A.Behind.append(Behind.Behind);
          A.UnknownBehind |= Behind.Unknown || Behind.UnknownBehind;
        }
        // A structure passed by value in memory is the callee's: one load that a value does not show.
        Expressible &= P.Callee || !P.Call->isByValArgument(I);
      }
      auto Same = find_if(Calls, [&](const CalledBack &Other) { return OneCallEach && Other.sameCallee(Open); });
      if (S.Marker != None) {
        Expressible &= !G.object(S.Marker).Entered;
        G.setLabel(S.Marker, Same - Calls.begin());
      }
      if (Same != Calls.end())
        Same->join(Open);
      else
        Calls.push_back(std::move(Open));
      Expressible &= Calls.size() <= HigherOrder::MaxCalls;
      if (!Expressible)
        break;
    }
  if (Expressible && !Calls.empty()) {
    auto H = std::make_shared<HigherOrder>();
    H->Rest = summary(&Calls);
    H->Calls = std::move(Calls);
    Higher = std::move(H);
  }
  LeaveOpen = false;
  resolveCalls();
}

} // namespace emm
