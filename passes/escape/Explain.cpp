//===- passes/escape/Explain.cpp - replaying the solver's parents ---------===//
//
// Every fact knows the fact it came from, so the chain is read off backwards.
// Hops between unnamed temporaries are no news to the reader: a line is opened
// where the address arrives at something that has a name in the source, and the
// hops on the way are listed under it.
//
//===----------------------------------------------------------------------===//

#include "passes/escape/Explain.h"

#include "reports/finding/Fingerprint.h"

#include "llvm/IR/Instructions.h"

#include <algorithm>

using namespace llvm;

namespace emm {

std::string describe(const Cause &C) {
  switch (C.What) {
  case Cause::Returned:
    return "returned";
  case Cause::StoredInGlobal:
    return "stored in global " + C.Name;
  case Cause::StoredInParam:
    return "stored in memory reached from " + C.Name;
  case Cause::StoredInUnknown:
    return "stored in memory that outlives the function";
  case Cause::Thread:
    return "started in a thread";
  case Cause::UnknownCallee:
    return C.Name.empty() ? "passed to an unknown callee through a pointer" : "passed to unknown callee " + C.Name;
  case Cause::VirtualCall:
    return "virtual call";
  case Cause::Thrown:
    return "thrown";
  case Cause::OuterLoop:
    return C.Name.empty() ? "outer loop" : "outer loop: still held by " + C.Name + " in the next iteration";
  case Cause::TooLarge:
    return "too large for stack";
  case Cause::NonConstantSize:
    return "non-constant size";
  case Cause::Widened:
    return "too many targets to follow";
  case Cause::Unknown:
    break;
  }
  return "unknown";
}

Explainer::Explainer(EscapeBuilder &Builder, AnalysisContext &Ctx) : B(Builder), C(Ctx) {
  for (const auto &[V, N] : B.nodes())
    ValueOf.insert({N, V});
}

std::string Explainer::valueName(const Value *V) const {
  if (!V)
    return {};
  const Value *Base = V->stripInBoundsConstantOffsets();
  if (const auto *Fn = dyn_cast<Function>(Base))
    return canonicalFunction(Fn->getName());
  if (const auto *Call = dyn_cast<CallBase>(Base)) {
    if (std::string N = C.Source.name(*V); !N.empty())
      return N;
    const Function *Callee = Call->getCalledFunction();
    return Callee ? canonicalFunction(Callee->getName()) + "(...)" : std::string("call");
  }
  if (const auto *L = dyn_cast<LoadInst>(Base)) {
    if (std::string N = C.Source.name(*L); !N.empty())
      return N;
    std::string Inner = valueName(L->getPointerOperand());
    return Inner.empty() ? Inner : "*" + Inner;
  }
  if (const auto *A = dyn_cast<AllocaInst>(Base); A && isClosureType(A->getAllocatedType()) && !C.Source.variable(*A))
    return "lambda";
  if (isa<AllocaInst, Argument, GlobalVariable, PHINode, SelectInst>(Base))
    return C.Source.name(*Base);
  return C.Source.name(*V);
}

std::string Explainer::nodeName(NodeId N) const {
  const EscapeGraph &G = B.graph();
  if (N == G.heapContents())
    return "{heap}";
  if (N == G.result() || N == G.behindResult())
    return "~r0";
  if (ObjectId O = G.owner(N); O != None) {
    const Object &Obj = G.object(O);
    if (Obj.Kind == ObjectKind::ParamMemory)
      return "*" + C.Source.name(*Obj.V);
    if (Obj.Kind == ObjectKind::Allocation)
      for (const Subject &S : B.subjects())
        if (is_contained(S.Objects, O) && !S.Name.empty())
          return "{storage for " + S.Name + "}";
    if (const auto *A = dyn_cast_or_null<AllocaInst>(Obj.V); A && isClosureType(A->getAllocatedType()) && !C.Source.variable(*A))
      return "{storage for lambda}";
    if (Obj.V && isa<Argument>(Obj.V) && cast<Argument>(Obj.V)->hasStructRetAttr())
      return "~r0";
    if (Obj.V)
      return C.Source.name(*Obj.V);
    return {};
  }
  auto It = ValueOf.find(N);
  if (It == ValueOf.end() || !(isa<Argument>(It->second) || C.Source.variable(*It->second)))
    return {};
  return C.Source.name(*It->second);
}

std::string Explainer::expression(const WhyNote &W, StringRef SubjectName) const {
  if (const auto *S = dyn_cast_or_null<StoreInst>(W.At)) {
    std::string To = valueName(S->getPointerOperand()), From = valueName(S->getValueOperand());
    if (StringRef(W.Word) == "captured by a closure" || To.empty())
      return From.empty() ? SubjectName.str() : From;
    return To + " = " + (From.empty() ? SubjectName.str() : From);
  }
  if (const auto *R = dyn_cast_or_null<ReturnInst>(W.At)) {
    std::string V = valueName(R->getReturnValue());
    return "return " + (V.empty() ? SubjectName.str() : V);
  }
  if (const auto *Call = dyn_cast_or_null<CallBase>(W.At)) {
    if (StringRef(W.Word) == "spill" || StringRef(W.Word) == "assign")
      return SubjectName.str();
    const auto *Callee = dyn_cast<Function>(Call->getCalledOperand()->stripPointerCastsAndAliases());
    std::string Name = Callee ? canonicalFunction(Callee->getName()) : "call through a pointer";
    return Name + "(" + SubjectName.str() + ")";
  }
  if (isa_and_nonnull<AllocaInst, LoadInst>(W.At) && StringRef(W.Word) == "spill")
    return SubjectName.str();
  std::string N = valueName(W.At);
  return N.empty() ? SubjectName.str() : N;
}

void Explainer::collect(NodeId Sink, const Fact &Last, std::vector<Hop> &Hops, unsigned Depth) const {
  const EscapeGraph &G = B.graph();
  std::vector<Hop> Back;
  NodeId N = Sink;
  const Fact *Fa = &Last;
  while (Fa->FromNode != None && Back.size() < 64) {
    Back.push_back({Fa->FromNode, N, Fa->Why});
    N = Fa->FromNode;
    Fa = &G.facts(N)[Fa->FromFact];
  }
  Back.push_back({None, N, Fa->Why});
  Hops.insert(Hops.end(), Back.rbegin(), Back.rend());
  // Reached through another object: go on with how that one came to the sink.
  if (Depth && Last.FromNode != None && StringRef(G.why(Last.Why).Word) == "reachable from it")
    if (ObjectId Holder = G.owner(Last.FromNode); Holder != None)
      for (const Fact &Of : G.facts(Sink))
        if (Of.T.Obj == Holder) {
          Hops.pop_back();
          collect(Sink, Of, Hops, Depth - 1);
          return;
        }
}

/// The epilogue's read of an object that is returned in registers.
static bool feedsReturn(const LoadInst &L) {
  return isa<AllocaInst>(L.getPointerOperand()->stripInBoundsConstantOffsets()) &&
         any_of(L.users(), [](const User *U) { return isa<ReturnInst, InsertValueInst>(U); });
}

/// The closure object that \p W reads; else null.
static const AllocaInst *closureIn(const WhyNote &W) {
  const auto *L = dyn_cast_or_null<LoadInst>(W.At);
  const auto *A = dyn_cast_or_null<AllocaInst>(L ? L->getPointerOperand()->stripInBoundsConstantOffsets() : W.At);
  return A && isClosureType(A->getAllocatedType()) ? A : nullptr;
}

Location Explainer::position(const WhyNote &W) const {
  // A closure is there from its introducer on, which only those know who report it.
  if (const AllocaInst *Object = closureIn(W); Object && StringRef(W.Word) == "spill")
    return C.Source.variable(*Object) ? C.Source.declaration(*Object) : Location();
  if (const auto *A = dyn_cast_or_null<AllocaInst>(W.At))
    return C.Source.declaration(*A);
  if (const auto *R = dyn_cast_or_null<ReturnInst>(W.At))
    return C.Source.returnLocation(*R);
  if (const auto *L = dyn_cast_or_null<LoadInst>(W.At); L && feedsReturn(*L))
    return C.Source.location(*L->getFunction());
  // Where the ways of a condition meet the source has no statement.
  if (isa_and_nonnull<PHINode, SelectInst>(W.At))
    return C.Source.declaration(*W.At);
  const auto *I = dyn_cast_or_null<Instruction>(W.At);
  return I ? C.Source.location(*I) : Location();
}

/// Hops that are no news: where ways meet, and whether the compiler makes that a value depends on the optimisation level;
/// and that a closure object is read, which is done only to copy it, by the caller or by the callee as the library likes.
bool Explainer::isSilent(const Hop &H) const {
  const WhyNote &W = B.graph().why(H.Why);
  StringRef Word(W.Word);
  if (Word == "reachable from it" || Word == "parameter" || isa_and_nonnull<PHINode, SelectInst>(W.At))
    return true;
  ObjectId From = H.From == None ? None : B.graph().owner(H.From);
  const auto *A = From == None ? nullptr : dyn_cast_or_null<AllocaInst>(B.graph().object(From).V);
  return Word == "indirection" && A && isClosureType(A->getAllocatedType());
}

std::vector<Step> Explainer::explain(NodeId Sink, const Fact &Last, StringRef SubjectName) const {
  const EscapeGraph &G = B.graph();
  std::vector<Hop> Hops;
  collect(Sink, Last, Hops, 8);
  std::vector<Step> Steps;
  Cause Why = B.causeOf(Sink, Last);
  Steps.push_back({Why.Loc, "cause: " + describe(Why)});

  // A closure is passed by copying its object; the copy is what a function literal's address is in Go.
  bool Identity = G.object(Last.T.Obj).Kind == ObjectKind::Closure;
  std::string From = Identity ? "{storage for " + SubjectName.str() + "}" : SubjectName.str();
  // A parameter's value travels; of everything else it is the address.
  int Derefs = G.object(Last.T.Obj).Kind == ObjectKind::ParamMemory ? 0 : -1;
  std::vector<Step> Under;
  for (const Hop &H : Hops) {
    const WhyNote &W = G.why(H.Why);
    StringRef Word(W.Word);
    Location At = position(W);
    if (Word == "indirection" && !Identity)
      ++Derefs;
    if (!isSilent(H)) {
      Step S{At, "from " + expression(W, SubjectName) + " (" + W.Word + ")"};
      if (Under.empty() || Under.back() != S)
        Under.push_back(std::move(S));
    }
    std::string To = nodeName(H.To);
    if (To.empty() || To == From || (H.From == None && H.To != Sink))
      continue;
    std::string Ops = Derefs < 0 ? "&" : std::string(std::min(Derefs, 4), '*');
    bool Storage = From == SubjectName && isa_and_nonnull<CallBase>(Hops.front().Why ? G.why(Hops.front().Why).At : nullptr);
    std::string Source = Storage ? "{storage for " + From + "}" : From;
    Steps.push_back({At, "flow: " + To + " = " + Ops + Source + ":"});
    Steps.insert(Steps.end(), Under.begin(), Under.end());
    Under.clear();
    From = To;
    Derefs = Identity ? -1 : 0;
  }
  return Steps;
}

} // namespace emm
