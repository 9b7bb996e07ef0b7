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
/// Visits after which the calls of what a function is passed, if they still become more, count as unknown.
static constexpr unsigned OpenVisits = 8;
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
      if (!Group.Cyclic || Summaries[F].Higher)
        B.leaveCallsOpen(Group.Cyclic);
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
      bool Closed = false; ///< what it calls of its caller's counts as unknown
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
        M.Closed |= Group.Members.size() > LargeGroup;
        if (!M.Closed)
          B.leaveCallsOpen(/*InRecursion=*/true);
        B.run();
        M.Uses = B.used();
        M.Stale = false;
        EscapeSummary &S = Summaries[M.F];
        EscapeSummary New = B.summary();
        // A recursion that steps through an object would find one more offset at each visit.
        bool Grew = M.Visits > OffsetVisits && S.coarsen();
        if (!M.Closed)
          Grew |= joinOpenCalls(S, New.Higher.get(), M.Visits, M.Closed);
        if (S.join(std::move(New)) || Grew)
          for (Member &User : Members)
            User.Stale |= User.Uses.contains(M.F);
      }
    }
  }

  /// Joins the calls that a visit left open, null if none, into those of \p S; true if they are others now. \p Closed is
  /// set if they cannot be followed: the summary itself counts them as unknown.
  static bool joinOpenCalls(EscapeSummary &S, const HigherOrder *New, unsigned Visits, bool &Closed) {
    if (!S.Higher && !New)
      return false;
    bool Grew = true;
    if (!S.Higher) {
      auto First = std::make_shared<HigherOrder>(*New);
      if (S.Coarse)
        First->coarsen();
      S.Higher = std::move(First);
    } else if (New) {
      auto Joined = std::make_shared<HigherOrder>(*S.Higher);
      Grew = Joined->join(*New);
      if (Grew && S.Coarse) {
        // Offsets alone are nothing new.
        HigherOrder Old = *S.Higher;
        Old.coarsen();
        Joined->coarsen();
        Grew = Old.join(*Joined) || !S.Higher->Rest.Coarse;
      }
      if (Grew)
        S.Higher = std::move(Joined);
    }
    Closed = (S.Higher && !New) || (Grew && Visits > OpenVisits) || !S.Higher->fits();
    if (Closed)
      S.Higher = nullptr;
    return Grew || Closed;
  }

  void widen(const FunctionGroup &Group) {
    for (const Function *F : Group.Members) {
      Summaries[F].join(widest(*F));
      Summaries[F].Higher = nullptr;
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
