//===- passes/escape/EscapeAnalysis.cpp - bottom-up over the call graph ---===//
//
// Groups of functions are processed dependencies first. Inside a group the
// summaries start at bottom and are recomputed until they stand still; what does
// not within MaxVisits is widened to "everything leaks", once.
//
//===----------------------------------------------------------------------===//

#include "passes/Analysis.h"
#include "passes/escape/AnalysisOrder.h"
#include "passes/escape/EscapeBuilder.h"
#include "passes/escape/EscapeReport.h"

using namespace llvm;

namespace emm {

/// Of one function in a recursion.
static constexpr unsigned MaxVisits = 24, OffsetVisits = 3;
/// Instructions from which on a function waits for the others of its recursion.
static constexpr unsigned LargeFunction = 1000;
/// Beyond so many members a group counts as large: they are visited many times. Its summaries keep no offsets, and
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
      if (!Group.Cyclic)
        B.leaveCallsOpen();
      B.run();
      Summaries[F] = B.summary();
      reportFunction(B, C, Lambdas);
    }
  }

  /// Visits the members until no summary changes: in each sweep those that rest on one that has changed, the large ones
  /// only when the others have come to rest.
  void findSummaries(const FunctionGroup &Group) {
    struct Member {
      const Function *F;
      bool Large, Stale = true;
      unsigned Visits = 0;
      FunctionSet Uses = {};
    };
    std::vector<Member> Members;
    for (const Function *F : Group.Members)
      Members.push_back({F, F->getInstructionCount() > LargeFunction});
    auto IsStale = [](const Member &M) { return M.Stale; };
    while (any_of(Members, IsStale)) {
      bool Small = any_of(Members, [](const Member &M) { return M.Stale && !M.Large; });
      for (Member &M : Members) {
        if (!M.Stale || M.Large == Small)
          continue;
        if (++M.Visits > MaxVisits)
          return widen(Group);
        EscapeBuilder B(*M.F, C, Summaries, Group.Withheld);
        limit(B, Group);
        B.run();
        M.Uses = B.used();
        M.Stale = false;
        EscapeSummary &S = Summaries[M.F];
        EscapeSummary New = B.summary();
        // A recursion that steps through an object would find one more offset at each visit.
        bool Grew = M.Visits > OffsetVisits && S.coarsen();
        if (S.join(std::move(New)) || Grew)
          for (Member &User : Members)
            User.Stale |= User.Uses.contains(M.F);
      }
    }
  }

  void widen(const FunctionGroup &Group) {
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
