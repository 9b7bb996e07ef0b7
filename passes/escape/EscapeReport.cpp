//===- passes/escape/EscapeReport.cpp - one line per subject --------------===//
//
// The wording is Go's; analysis.cpp of no other kind may print it. A subject has
// one verdict: an allocation and a lambda always, a pointer parameter always
// (one line per flow when it leaks), a local variable when its address escapes,
// and a local map always.
//
//===----------------------------------------------------------------------===//

#include "passes/escape/EscapeReport.h"

#include "passes/escape/Explain.h"
#include "passes/escape/Outlives.h"
#include "reports/finding/Fingerprint.h"

#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/SmallSet.h"
#include "llvm/BinaryFormat/Dwarf.h"
#include "llvm/IR/InstIterator.h"

#include <set>

using namespace llvm;

namespace emm {

namespace {

/// Where an object's address ends up, the worst first.
struct Escape {
  NodeId Sink = None;
  const Fact *Last = nullptr;
};

class FunctionReport {
public:
  FunctionReport(EscapeBuilder &Builder, AnalysisContext &Ctx, LambdaVerdicts &L)
      : B(Builder), C(Ctx), Lambdas(L), G(Builder.graph()), F(Builder.function()), Why(Builder, Ctx) {}

  void run() {
    for (const Subject &S : B.subjects())
      if (S.What == Subject::Allocation && !S.Name.empty())
        reportAllocation(S);
    reportVariables();
    reportParameters();
    if (G.gaveUp())
      reportGaveUp(C, F, "more targets of one pointer than are followed");
  }

  void collectLambdas() {
    for (ObjectId O = 0; O != G.objectCount(); ++O) {
      if (G.object(O).Kind != ObjectKind::Closure)
        continue;
      const Closure *Cl = B.closureOf(O);
      LambdaVerdict &V = Lambdas[Cl->ClassName];
      Escape E = escapeOf(O);
      // In a function that was given the closure, what it hands back or stores for its caller is the caller's to judge:
      // there the object carries its identity as well.
      bool Made = canonicalFunction(F.getName()) == Cl->Creator;
      if (E.Sink == None || V.Escapes || (!Made && E.Sink != G.heapContents()))
        continue;
      V.Escapes = true;
      V.Steps = Why.explain(E.Sink, *E.Last, "lambda");
    }

  }

private:
  const Fact *factAbout(NodeId N, ObjectId O) const {
    if (N == None)
      return nullptr;
    for (const Fact &Fa : G.facts(N))
      if (Fa.T.Obj == O)
        return &Fa;
    return nullptr;
  }

  Escape escapeOf(ObjectId O) const {
    for (NodeId Sink : {G.heapContents(), G.result(), G.behindResult()})
      if (const Fact *Fa = factAbout(Sink, O))
        return {Sink, Fa};
    for (const EscapeGraph::Stored &Place : G.stored())
      if (const Fact *Fa = factAbout(Place.N, O))
        return {Place.N, Fa};
    return {};
  }

  Finding make(Rule R, Location Loc, std::string Subject, std::string Message) const {
    Finding Fi;
    Fi.R = R;
    Fi.Loc = std::move(Loc);
    Fi.Function = F.getName().str();
    Fi.Subject = std::move(Subject);
    Fi.Message = std::move(Message);
    return Fi;
  }

  void reportAllocation(const Subject &S) {
    Escape E;
    for (ObjectId O : S.Objects)
      if (E.Sink == None)
        E = escapeOf(O);
    bool Escapes = E.Sink != None || S.Forced.What != Cause::Unknown;
    Finding Fi = make(Escapes ? Rule::EscapeHeap : Rule::EscapeStackable, S.Loc, S.Name,
                      S.Name + (Escapes ? " escapes to heap" : " does not escape"));
    if (E.Sink != None)
      Fi.Steps = Why.explain(E.Sink, *E.Last, S.Name);
    else if (Escapes)
      Fi.Steps.push_back({S.Forced.Loc, "cause: " + describe(S.Forced)});
    C.Findings.push_back(std::move(Fi));
  }

  /// True for an IR class that is a map: `%"class.std::map.5"`.
  bool isMapType(const Type *Allocated) const { return C.Models.isMapType(SourceMap::className(Allocated)); }

  static bool isClosureObject(const Object &O) {
    const auto *A = O.Kind == ObjectKind::Frame ? dyn_cast_or_null<AllocaInst>(O.V) : nullptr;
    return A && isClosureType(A->getAllocatedType());
  }

  /// A local that is built in the caller's slot: it is the result.
  void reportReturnedMap() {
    const Argument *Slot = F.arg_empty() ? nullptr : F.getArg(0);
    if (!Slot || !Slot->hasStructRetAttr() || !isMapType(Slot->getParamStructRetType()))
      return;
    const DILocalVariable *Var = C.Source.variable(*Slot);
    if (!Var || Var->getArg())
      return;
    std::string Name = C.Source.name(*Slot);
    Finding Fi = make(Rule::EscapeHeap, C.Source.declaration(*Slot), "map " + Name, "map " + Name + " escapes to heap");
    Fi.Steps.push_back({C.Source.location(F), "cause: " + describe({Cause::Returned, "", {}})});
    C.Findings.push_back(std::move(Fi));
  }

  void reportVariables() {
    reportReturnedMap();
    for (ObjectId O = 0; O != G.objectCount(); ++O) {
      const Object &Obj = G.object(O);
      const auto *A = Obj.Kind == ObjectKind::Frame ? dyn_cast_or_null<AllocaInst>(Obj.V) : nullptr;
      if (!A || isClosureType(A->getAllocatedType()))
        continue;
      bool Map = isMapType(A->getAllocatedType());
      const DILocalVariable *Var = C.Source.variable(*A);
      // Without debug information a variable cannot be told from a temporary; a map is listed all the same.
      if (!Var && !(Map && !F.getSubprogram()))
        continue;
      if (Var && Var->isArtificial())
        continue;
      std::string Name = C.Source.name(*A);
      Location Loc = C.Source.declaration(*A);
      Escape E = escapeOf(O);
      if (E.Sink == None) {
        if (Map)
          C.Findings.push_back(make(Rule::EscapeStackable, Loc, "map " + Name, "map " + Name + " does not escape"));
        continue;
      }
      std::vector<Step> Steps = Why.explain(E.Sink, *E.Last, Name);
      Finding Note = Map ? make(Rule::EscapeHeap, Loc, "map " + Name, "map " + Name + " escapes to heap")
                         : make(Rule::EscapeAddress, Loc, Name, "address of " + Name + " escapes");
      Note.Steps = Steps;
      C.Findings.push_back(std::move(Note));
      if (E.Sink == G.result() || E.Sink == G.behindResult() || factAbout(G.result(), O))
        reportDangling(*A, Name, O);
    }
  }

  /// The address of a local is in the result: nothing can use it. Through a closure's capture it is the closure that
  /// outlives the variable.
  void reportDangling(const AllocaInst &A, StringRef Name, ObjectId O) {
    NodeId Sink = factAbout(G.result(), O) ? G.result() : G.behindResult();
    const Fact *Fa = factAbout(Sink, O);
    if (!Fa)
      return;
    // Only what certainly happens is worth a warning: an address that went through memory or an optional flow of a
    // callee may have been replaced on the way. A closure object is read only to be copied.
    bool Captured = false;
    Location Made; // the capture in the introducer
    for (const Fact *Link = Fa; Link; Link = Link->FromNode == None ? nullptr : &G.facts(Link->FromNode)[Link->FromFact]) {
      const WhyNote &W = G.why(Link->Why);
      if (StringRef(W.Word) == "captured by a closure" && !Captured) {
        Captured = true;
        Made = C.Source.location(*cast<Instruction>(W.At));
      }
      ObjectId From = Link->FromNode == None ? None : G.owner(Link->FromNode);
      bool FromClosure = From != None && isClosureObject(G.object(From));
      if (W.May || (StringRef(W.Word) == "indirection" && !FromClosure) || StringRef(W.Word) == "reachable from it")
        return;
    }
    Cause Why = B.causeOf(Sink, *Fa);
    Finding Fi = Captured
                     ? make(Rule::OutlivesCapture, Made.isKnown() ? Made : Why.Loc, Name.str(),
                            "closure captures '" + Name.str() + "' by reference and is returned; '" + Name.str() +
                                "' ends with the function")
                     : make(Rule::OutlivesFrame, Why.Loc, Name.str(),
                            "address of local '" + Name.str() + "' is returned; '" + Name.str() + "' ends with the function");
    Fi.Steps.push_back({C.Source.declaration(A), "'" + Name.str() + "' is declared here"});
    // A warning is read by people who do not know the notation of flows.
    for (Step &S : this->Why.explain(Sink, *Fa, Name))
      if (StringRef(S.Message).starts_with("from ") && S.Loc.Column && S.Loc != Fi.Loc)
        Fi.Steps.push_back({std::move(S.Loc), "through" + S.Message.substr(4)});
    C.Findings.push_back(std::move(Fi));
  }

  /// One parameter of the source may be several arguments of the IR.
  struct Parameter {
    std::string Name;
    Location Loc;
    SmallVector<uint32_t, 2> Args;
    bool InMemory = false; ///< a class passed by value through a pointer that the source does not have: one load less

    unsigned level(unsigned Depth) const { return InMemory && Depth ? Depth - 1 : Depth; }
  };

  static bool carriesPointers(const Type *T) {
    if (T->isPtrOrPtrVectorTy())
      return true;
    if (const auto *S = dyn_cast<StructType>(T))
      return any_of(S->elements(), carriesPointers);
    if (const auto *A = dyn_cast<ArrayType>(T))
      return carriesPointers(A->getElementType());
    return false;
  }

  static bool isClass(const DIType *T) {
    for (unsigned Depth = 0; T && Depth < 32; ++Depth) {
      const auto *D = dyn_cast<DIDerivedType>(T);
      if (!D)
        return isa<DICompositeType>(T) && T->getTag() != dwarf::DW_TAG_enumeration_type;
      if (D->getTag() == dwarf::DW_TAG_pointer_type || D->getTag() == dwarf::DW_TAG_reference_type ||
          D->getTag() == dwarf::DW_TAG_rvalue_reference_type || D->getTag() == dwarf::DW_TAG_ptr_to_member_type)
        return false;
      T = D->getBaseType();
    }
    return false;
  }

  void reportParameters() {
    MapVector<const void *, Parameter> Params;
    bool IsClosure = !closureClass(F.getName()).empty();
    bool First = true;
    for (const Argument &A : F.args()) {
      if (A.hasStructRetAttr())
        continue;
      bool Skip = First && IsClosure; // the closure object itself
      First = false;
      if (Skip || !carriesPointers(A.getType()) || A.hasAttribute(Attribute::SwiftError))
        continue;
      const DILocalVariable *Var = C.Source.variable(A);
      if (Var && Var->isArtificial() && Var->getName() != "this")
        continue;
      // An unnamed parameter cannot be used, and a variadic one has no name.
      if (F.getSubprogram() && (!Var || Var->getName().empty()))
        continue;
      Parameter &P = Params[Var ? static_cast<const void *>(Var) : &A];
      P.Name = C.Source.name(A);
      P.Loc = C.Source.declaration(A);
      P.Args.push_back(A.getArgNo());
      P.InMemory = Var && A.getType()->isPointerTy() && !A.hasByValAttr() && isClass(Var->getType());
    }
    for (auto &[Key, P] : Params)
      if (P.InMemory)
        InMemory.insert(P.Args.front());
    for (auto &[Key, P] : Params)
      reportParameter(P);
  }

  const Fact *shallowest(NodeId Sink, const Parameter &P, unsigned MinDepth, unsigned SkipOwner) const {
    const Fact *Best = nullptr;
    if (Sink == None)
      return Best;
    for (const Fact &Fa : G.facts(Sink)) {
      const Object &O = G.object(Fa.T.Obj);
      if (O.Kind != ObjectKind::ParamMemory || !is_contained(P.Args, O.Param) || O.Depth < MinDepth)
        continue;
      if (SkipOwner == O.Param && O.Depth > 0)
        continue;
      if (!Best || O.Depth < G.object(Best->T.Obj).Depth)
        Best = &Fa;
    }
    return Best;
  }

  void reportParameter(const Parameter &P) {
    bool Leaks = false;
    unsigned HeapDepth = ~0u;
    auto Report = [&](std::string Message, NodeId Sink, const Fact &Fa) {
      Leaks = true;
      Finding Fi = make(Rule::EscapeParam, P.Loc, P.Name, std::move(Message));
      Fi.Steps = Why.explain(Sink, Fa, P.Name);
      C.Findings.push_back(std::move(Fi));
    };
    NodeId HeapSink = G.heapContents();
    const Fact *Heap = shallowest(HeapSink, P, 0, None);
    if (const Fact *Behind = shallowest(G.behindResult(), P, 0, None);
        Behind && (!Heap || G.object(Behind->T.Obj).Depth < G.object(Heap->T.Obj).Depth)) {
      Heap = Behind;
      HeapSink = G.behindResult();
    }
    if (Heap) {
      HeapDepth = P.level(G.object(Heap->T.Obj).Depth);
      Report((HeapDepth ? "leaking param content: " : "leaking param: ") + P.Name, HeapSink, *Heap);
    }
    // A flow to the result that needs at least as many loads as the one to the heap says nothing more.
    if (const Fact *Res = shallowest(G.result(), P, 0, None))
      if (unsigned Depth = P.level(G.object(Res->T.Obj).Depth); Depth < HeapDepth)
        Report("leaking param: " + P.Name + " to result ~r0 level=" + std::to_string(Depth), G.result(), *Res);
    std::set<std::string> Into;
    // Of several places of one parameter the one that the shallowest of this one's memory reaches tells most.
    for (const Argument &A : F.args()) {
      const Fact *Best = nullptr;
      NodeId Sink = None;
      for (const EscapeGraph::Stored &Place : G.stored()) {
        // A by-value class is the function's own: what is stored in it ends with it.
        if (Place.Param != A.getArgNo() || (Place.Depth == 0 && InMemory.contains(Place.Param)))
          continue;
        const Fact *Fa = shallowest(Place.N, P, 0, Place.Param);
        if (!Fa || (Best && G.object(Fa->T.Obj).Depth >= G.object(Best->T.Obj).Depth))
          continue;
        if (is_contained(P.Args, A.getArgNo()) && B.isInside(*Fa))
          continue;
        Best = Fa;
        Sink = Place.N;
      }
      if (!Best || P.level(G.object(Best->T.Obj).Depth) >= HeapDepth)
        continue;
      std::string Name = C.Source.name(A);
      if (!Into.insert(Name).second)
        continue;
      bool Content = P.level(G.object(Best->T.Obj).Depth) > 0;
      Report((Content ? "leaking param content: " : "leaking param: ") + P.Name + " to content of " + Name, Sink, *Best);
    }
    if (!Leaks)
      C.Findings.push_back(make(Rule::EscapeParam, P.Loc, P.Name, P.Name + " does not escape"));
  }

  EscapeBuilder &B;
  AnalysisContext &C;
  LambdaVerdicts &Lambdas;
  const EscapeGraph &G;
  const Function &F;
  Explainer Why;
  SmallSet<uint32_t, 4> InMemory; ///< arguments that are a by-value class's storage
};

} // namespace

void reportGaveUp(AnalysisContext &C, const Function &F, StringRef Why) {
  if (!C.Source.isUserCode(F) || C.Models.isLibrary(F))
    return;
  Finding Fi;
  Fi.R = Rule::GaveUp;
  Fi.Loc = C.Source.location(F);
  Fi.Function = F.getName().str();
  Fi.Subject = canonicalFunction(F.getName());
  Fi.Message = ("verdicts about '" + Fi.Subject + "' are widened: " + Why).str();
  C.Findings.push_back(std::move(Fi));
}

void reportFunction(EscapeBuilder &B, AnalysisContext &C, LambdaVerdicts &Lambdas) {
  FunctionReport R(B, C, Lambdas);
  if (C.Closures)
    R.collectLambdas();
  if (C.Source.isUserCode(B.function()) && !C.Models.isLibrary(B.function())) {
    R.run();
    reportOutliving(B, C);
  }
}

void reportClosures(AnalysisContext &C, const LambdaVerdicts &Lambdas) {
  if (!C.Closures)
    return;
  const ClosureIndex &Index = C.Closures->Index;
  std::map<const StructType *, const ClosureSite *> SiteOf;
  for (const ClosureSite &S : C.Closures->Sites) {
    if (!C.Source.isUserCode(*S.In) || C.Models.isLibrary(*S.In))
      continue;
    SiteOf.insert({S.Type, &S});
    for (const Capture &Cap : S.Captures) {
      Finding Fi;
      Fi.R = Rule::ClosureCapture;
      Fi.Loc = Cap.Declared;
      Fi.Function = S.In->getName().str();
      Fi.Subject = (Cap.IsMap ? "map " : "") + Cap.Name;
      Fi.Message = canonicalFunction(S.In->getName()) + " capturing by " + (Cap.ByReference ? "ref: " : "value: ") +
                   Cap.Name + " (addr=" + (Cap.AddressTaken ? "true" : "false") +
                   " assign=" + (Cap.Assigned ? "true" : "false") + " width=" + std::to_string(Cap.Width) + ")";
      Fi.Steps.push_back({Cap.At, "captured by the closure here"});
      C.Findings.push_back(Fi);
      if (Cap.IsMap && !Cap.ByReference && !Cap.Moved) {
        Fi.R = Rule::CopiedMap;
        Fi.Loc = Cap.At;
        Fi.Message = "map '" + Cap.Name + "' is copied into the closure (" + std::to_string(Cap.Width) +
                     " bytes and every entry)";
        Fi.Steps.clear();
        C.Findings.push_back(std::move(Fi));
      }
    }
  }
  for (const Closure &Cl : Index.all()) {
    if (!C.Source.isUserCode(*Cl.Operator) || C.Models.isLibrary(*Cl.Operator))
      continue;
    auto It = SiteOf.find(Cl.Type);
    Finding Fi;
    auto V = Lambdas.find(Cl.ClassName);
    bool Escapes = V != Lambdas.end() && V->second.Escapes;
    Fi.R = Escapes ? Rule::EscapeHeap : Rule::EscapeStackable;
    Fi.Loc = Cl.Type && It != SiteOf.end() && It->second->Introducer.isKnown() ? It->second->Introducer
                                                                               : C.Source.location(*Cl.Operator);
    Fi.Function = Cl.Operator->getName().str();
    Fi.Subject = "lambda";
    Fi.Message = Escapes ? "lambda escapes to heap" : "lambda does not escape";
    if (Escapes)
      Fi.Steps = V->second.Steps;
    for (Step &S : Fi.Steps)
      if (!S.Loc.isKnown())
        S.Loc = Fi.Loc; // the closure itself
    C.Findings.push_back(std::move(Fi));
  }
}

} // namespace emm
