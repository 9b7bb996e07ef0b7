//===- passes/escape/EscapeAnalysis.cpp - bottom-up over the call graph ---===//
//
// Components of the call graph are processed callees first. Inside a component
// the summaries start at bottom and are recomputed until they stand still; what
// does not within MaxRounds is widened to "everything leaks", once.
//
//===----------------------------------------------------------------------===//

#include "passes/Analysis.h"
#include "passes/escape/EscapeBuilder.h"
#include "passes/escape/EscapeReport.h"

#include "llvm/ADT/SCCIterator.h"
#include "llvm/Analysis/CallGraph.h"
#include "llvm/IR/InstIterator.h"

using namespace llvm;

namespace emm {

static constexpr unsigned MaxRounds = 12;

/// Joins \p New into \p Old; true if it grew. Summaries only grow, so the rounds end.
static bool join(EscapeSummary &Old, EscapeSummary New) {
  bool Grew = false;
  for (ParamLeak &L : New.Leaks)
    Grew |= Old.add(std::move(L));
  for (const HandedOut &H : New.Allocations)
    if (!is_contained(Old.Allocations, H)) {
      Old.Allocations.push_back(H);
      Grew = true;
    }
  Grew |= New.ResultIsUnknown && !Old.ResultIsUnknown;
  Old.ResultIsUnknown |= New.ResultIsUnknown;
  return Grew;
}

static EscapeSummary widest(const Function &F) {
  EscapeSummary S;
  for (const Argument &A : F.args())
    S.add({ParamLeak::ToHeap, A.getArgNo(), 0, 0, 0, {Cause::Widened, "", {}}});
  S.ResultIsUnknown = true;
  return S;
}

namespace {

class Bottomup {
public:
  explicit Bottomup(AnalysisContext &Ctx) : C(Ctx) {}

  void run() {
    // CallGraph reads the module only, through an interface without const.
    CallGraph CG(const_cast<Module &>(C.M));
    for (scc_iterator<CallGraph *> It = scc_begin(&CG); !It.isAtEnd(); ++It) {
      SmallVector<const Function *, 4> Component;
      for (const CallGraphNode *N : *It)
        if (const Function *F = N->getFunction(); F && !F->isDeclaration() && !Summaries.count(F))
          Component.push_back(F);
      process(Component);
    }
    // Functions that nothing refers to are not reached from the graph's root.
    for (const Function &F : C.M)
      if (!F.isDeclaration() && !Summaries.count(&F))
        process({&F});
    reportClosures(C, Lambdas);
  }

private:
  void process(ArrayRef<const Function *> Component) {
    // A closure's operator need not be called where the closure is made, but it is known there.
    if (C.Closures)
      for (const Function *F : Component)
        for (const Instruction &I : instructions(*F))
          if (const auto *A = dyn_cast<AllocaInst>(&I))
            if (const Closure *Cl = C.Closures->Index.byType(A->getAllocatedType());
                Cl && !Summaries.count(Cl->Operator) && !is_contained(Component, Cl->Operator))
              process({Cl->Operator});
    for (const Function *F : Component)
      Summaries[F] = EscapeSummary();
    bool Cyclic = Component.size() > 1;
    if (Component.size() == 1)
      for (const User *U : Component[0]->users())
        if (const auto *Call = dyn_cast<CallBase>(U))
          Cyclic |= Call->getFunction() == Component[0];
    for (unsigned Round = 0; Cyclic; ++Round) {
      bool Changed = false;
      for (const Function *F : Component) {
        EscapeBuilder B(*F, C, Summaries);
        B.run();
        EscapeSummary New = Round < MaxRounds ? B.summary() : widest(*F);
        Changed |= join(Summaries[F], std::move(New));
      }
      if (!Changed || Round > MaxRounds)
        break;
    }
    for (const Function *F : Component) {
      EscapeBuilder B(*F, C, Summaries);
      B.run();
      Summaries[F] = B.summary();
      reportFunction(B, C, Lambdas);
    }
  }

  AnalysisContext &C;
  SummaryMap Summaries;
  LambdaVerdicts Lambdas;
};

} // namespace

void analyseEscapes(AnalysisContext &C) { Bottomup(C).run(); }

} // namespace emm
