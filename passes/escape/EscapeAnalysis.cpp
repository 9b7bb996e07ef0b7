//===- passes/escape/EscapeAnalysis.cpp - bottom-up over the call graph ---===//
//
// Groups of functions are processed dependencies first. Inside a group the
// summaries start at bottom and are recomputed until they stand still; what does
// not within MaxRounds is widened to "everything leaks", once.
//
//===----------------------------------------------------------------------===//

#include "passes/Analysis.h"
#include "passes/escape/AnalysisOrder.h"
#include "passes/escape/EscapeBuilder.h"
#include "passes/escape/EscapeReport.h"

using namespace llvm;

namespace emm {

static constexpr unsigned MaxRounds = 12, OffsetRounds = 3;
/// Beyond so many members a group counts as large: each round visits all of them. Its summaries keep no offsets, and
/// sets are given up sooner.
static constexpr size_t LargeGroup = 16;
static constexpr unsigned LargeGroupTargets = 24;

static EscapeSummary widest(const Function &F) {
  EscapeSummary S;
  for (const Argument &A : F.args()) {
    ParamLeak L;
    L.Param = A.getArgNo();
    L.Why.What = Cause::Widened;
    S.add(std::move(L));
  }
  Planted Result;
  Result.InResult = true;
  S.add(Result);
  S.ResultIsUnknown = true;
  return S;
}

namespace {

class Bottomup {
public:
  explicit Bottomup(AnalysisContext &Ctx) : C(Ctx) {}

  void run() {
    forEachGroup(C.M, C.Closures, [this](const FunctionGroup &Group) { process(Group); });
    reportClosures(C, Lambdas);
  }

private:
  static void limit(EscapeBuilder &B, const FunctionGroup &Group) {
    if (Group.Members.size() > LargeGroup)
      B.limitTargets(LargeGroupTargets);
  }
  void process(const FunctionGroup &Group) {
    for (const Function *F : Group.Members) {
      Summaries[F] = EscapeSummary();
      if (Group.Members.size() > LargeGroup)
        Summaries[F].coarsen();
    }
    if (Group.Cyclic)
      findSummaries(Group);
    for (const Function *F : Group.Members) {
      EscapeBuilder B(*F, C, Summaries, Group.Withheld);
      limit(B, Group);
      B.run();
      Summaries[F] = B.summary();
      reportFunction(B, C, Lambdas);
    }
  }

  /// Visits the members until no summary changes; in each round only those that rest on one that has changed.
  void findSummaries(const FunctionGroup &Group) {
    DenseMap<const Function *, FunctionSet> Uses;
    FunctionSet Changed(Group.Members.begin(), Group.Members.end());
    auto IsStale = [&](const Function *F) {
      auto It = Uses.find(F);
      return It == Uses.end() || any_of(It->second, [&](const Function *Used) { return Changed.contains(Used); });
    };
    for (unsigned Round = 0; Round != MaxRounds; ++Round) {
      SmallVector<const Function *, 8> Stale;
      copy_if(Group.Members, std::back_inserter(Stale), IsStale);
      if (Stale.empty())
        return;
      FunctionSet Grown;
      for (const Function *F : Stale) {
        EscapeBuilder B(*F, C, Summaries, Group.Withheld);
        limit(B, Group);
        B.run();
        EscapeSummary New = B.summary();
        Uses[F] = B.used();
        // A recursion that steps through an object would find one more offset in each round.
        bool Grew = Round == OffsetRounds && Summaries[F].coarsen();
        if (Summaries[F].join(std::move(New)) || Grew)
          Grown.insert(F);
      }
      Changed = std::move(Grown);
    }
    if (none_of(Group.Members, IsStale))
      return;
    for (const Function *F : Group.Members) {
      Summaries[F].join(widest(*F));
      reportGaveUp(C, *F, "a recursion whose summaries do not come to rest");
    }
  }

  AnalysisContext &C;
  SummaryMap Summaries;
  LambdaVerdicts Lambdas;
};

} // namespace

void analyseEscapes(AnalysisContext &C) { Bottomup(C).run(); }

} // namespace emm
