// Properties of escape summaries, on random ones: a function that only passes its parameters on is known to do what its
// callee does, so what is written into a summary is what a caller reads from it; and the join is one.
#include "passes/escape/EscapeBuilder.h"

#include "llvm/AsmParser/Parser.h"
#include "llvm/Support/SourceMgr.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <tuple>

using namespace llvm;
using namespace emm;

namespace {

constexpr unsigned Parameters = 4;

/// A summary without causes, and without the widening that later joins would meet.
using Flow = std::tuple<ParamLeak::Sink, uint32_t, unsigned, int64_t, uint32_t, unsigned, int64_t>;
using Plant = std::tuple<bool, uint32_t, unsigned, int64_t, const GlobalValue *, int64_t>;
struct Shown {
  std::vector<Flow> Flows;
  std::vector<Plant> Plants;
  bool ResultIsUnknown;
  bool operator==(const Shown &) const = default;
};

Shown shown(const EscapeSummary &S) {
  Shown Out{{}, {}, S.ResultIsUnknown};
  for (const ParamLeak &L : S.Leaks)
    Out.Flows.push_back({L.To, L.Param, L.Loads, L.At, L.Other, L.OtherLoads, L.Into});
  for (const Planted &P : S.Plants)
    Out.Plants.push_back({P.InResult, P.Param, P.Loads, P.Into, P.What, P.Offset});
  std::sort(Out.Flows.begin(), Out.Flows.end());
  std::sort(Out.Plants.begin(), Out.Plants.end());
  return Out;
}

std::ostream &operator<<(std::ostream &OS, const Shown &S) {
  auto Offset = [](int64_t O) { return O == AnyOffset ? std::string("*") : std::to_string(O); };
  for (const auto &[To, Param, Loads, At, Other, OtherLoads, Into] : S.Flows)
    OS << "\n  " << Param << '(' << Loads << '@' << Offset(At) << ") -> "
       << (To == ParamLeak::ToHeap ? "heap" : To == ParamLeak::ToResult ? "result" : std::to_string(Other) + '(' + std::to_string(OtherLoads) + ')')
       << '@' << Offset(Into);
  for (const auto &[InResult, Param, Loads, Into, What, At] : S.Plants)
    OS << "\n  plant " << (What ? "table+" + Offset(At) : "unknown") << " -> " << (InResult ? "result" : std::to_string(Param) + '(' + std::to_string(Loads) + ')')
       << '@' << Offset(Into);
  return OS << (S.ResultIsUnknown ? "\n  result unknown" : "");
}

bool covers(int64_t Wide, int64_t Narrow) { return Wide == Narrow || Wide == AnyOffset; }

bool says(const EscapeSummary &S, const Planted &P) {
  return any_of(S.Plants, [&](const Planted &O) {
    return O.InResult == P.InResult && O.Param == P.Param && O.Loads == P.Loads && covers(O.Into, P.Into) &&
           (!O.What || (O.What == P.What && O.Offset == P.Offset));
  });
}

/// True if \p S says \p L or something wider: of any place of the same object, or that the value is on the heap and the
/// memory it is stored in may hold anything.
bool says(const EscapeSummary &S, const ParamLeak &L) {
  ParamLeak ToHeap = L;
  ToHeap.To = ParamLeak::ToHeap;
  Planted Anything;
  Anything.Param = L.Other;
  Anything.Loads = L.OtherLoads;
  Anything.Into = L.Into;
  bool Flat = L.To == ParamLeak::ToParam && says(S, Anything);
  return any_of(S.Leaks, [&](const ParamLeak &O) {
    return L.follows(O) || (Flat && ToHeap.follows(O)) ||
           (O.To == L.To && O.Param == L.Param && O.Loads == L.Loads && covers(O.At, L.At) && O.Other == L.Other &&
            O.OtherLoads == L.OtherLoads && covers(O.Into, L.Into));
  });
}

bool saysAll(const EscapeSummary &S, const EscapeSummary &Less) {
  return all_of(Less.Leaks, [&](const ParamLeak &L) { return says(S, L); }) &&
         all_of(Less.Plants, [&](const Planted &P) { return says(S, P); }) && (S.ResultIsUnknown || !Less.ResultIsUnknown);
}

class RandomSummaries {
public:
  RandomSummaries(unsigned Seed, const GlobalValue *Table) : Random(Seed), Table(Table) {}

  unsigned below(unsigned N) { return unsigned(Random() % N); }

  ParamLeak leak() {
    ParamLeak L;
    L.To = ParamLeak::Sink(below(3));
    L.Param = below(Parameters);
    L.Loads = below(3);
    L.At = L.Loads || L.To != ParamLeak::ToHeap ? offset() : AnyOffset;
    if (L.To == ParamLeak::ToParam) {
      L.Other = below(Parameters);
      L.OtherLoads = below(2);
      L.Into = offset();
    }
    L.Why = {Cause::StoredInGlobal, "g", {}};
    return L;
  }

  Planted plant() {
    Planted P;
    P.InResult = below(4) == 0;
    if (!P.InResult) {
      P.Param = below(Parameters);
      P.Loads = below(2);
      P.Into = offset();
    }
    if (below(2))
      P.What = Table;
    return P;
  }

  EscapeSummary summary() {
    EscapeSummary S;
    for (unsigned N = below(5); N; --N)
      S.add(leak());
    for (unsigned N = below(2); N; --N)
      S.add(plant());
    S.ResultIsUnknown = any_of(S.Plants, [](const Planted &P) { return P.InResult; });
    return S;
  }

private:
  int64_t offset() { return below(3) ? 8 * int64_t(below(3)) : AnyOffset; }

  std::mt19937 Random;
  const GlobalValue *Table;
};

/// A callee whose summary is given and a function that does nothing but call it.
class EscapeSummaries : public testing::Test {
protected:
  EscapeSummaries()
      : M(parseAssemblyString("@table = constant [2 x ptr] zeroinitializer\n"
                              "define ptr @callee(ptr %a, ptr %b, ptr %c, ptr %d) { unreachable }\n"
                              "define ptr @forward(ptr %a, ptr %b, ptr %c, ptr %d) {\n"
                              "  %r = call ptr @callee(ptr %a, ptr %b, ptr %c, ptr %d)\n"
                              "  ret ptr %r\n"
                              "}\n",
                              Error, Context)),
        Models(cantFail(LibraryModels::create({}))), Source(*M), C{*M, *Models, Source, nullptr, Findings, Documents} {}

  /// What the caller is known to do if the callee does \p S.
  EscapeSummary forwarded(const EscapeSummary &S) {
    SummaryMap Known;
    Known[M->getFunction("callee")] = S;
    EscapeBuilder B(*M->getFunction("forward"), C, Known);
    B.run();
    return B.summary();
  }
  const GlobalValue *table() const { return M->getNamedGlobal("table"); }

  SMDiagnostic Error;
  LLVMContext Context;
  std::unique_ptr<Module> M;
  std::unique_ptr<LibraryModels> Models;
  SourceMap Source;
  std::vector<Finding> Findings;
  std::vector<SummaryDoc> Documents;
  AnalysisContext C;
};

} // namespace

TEST_F(EscapeSummaries, ACallerThatOnlyForwardsDoesWhatTheCalleeDoes) {
  RandomSummaries Random(1, table());
  unsigned Exact = 0;
  for (unsigned I = 0; I != 3000; ++I) {
    EscapeSummary S = Random.summary(), First = forwarded(S);
    // Nothing is lost on the way.
    EXPECT_TRUE(saysAll(First, S)) << "summary " << I << shown(S) << "\nforwarded" << shown(First);
    // What follows from several flows together is added once; from then on nothing changes.
    EscapeSummary Second = forwarded(First);
    EXPECT_EQ(shown(First), shown(Second)) << "summary " << I << shown(S);
    Exact += shown(S) == shown(First);
  }
  EXPECT_GT(Exact, 1000u);
}

TEST_F(EscapeSummaries, OneFlowComesBackAsItIs) {
  RandomSummaries Random(2, table());
  for (unsigned I = 0; I != 1000; ++I) {
    ParamLeak L = Random.leak();
    if (L.To == ParamLeak::ToParam && L.Other == L.Param)
      continue; // its second run reads what the first has stored
    EscapeSummary S;
    S.add(L);
    EXPECT_EQ(shown(S), shown(forwarded(S))) << "summary " << I;
  }
}

TEST_F(EscapeSummaries, JoinIsALeastUpperBound) {
  RandomSummaries Random(3, table());
  for (unsigned I = 0; I != 3000; ++I) {
    EscapeSummary A = Random.summary(), B = Random.summary(), C = Random.summary();
    auto Joined = [](EscapeSummary X, const EscapeSummary &Y) {
      X.join(Y);
      return X;
    };
    EXPECT_EQ(shown(Joined(A, A)), shown(A));
    EXPECT_EQ(shown(Joined(A, B)), shown(Joined(B, A))) << shown(A) << "\nand" << shown(B);
    EXPECT_EQ(shown(Joined(Joined(A, B), C)), shown(Joined(A, Joined(B, C)))) << shown(A) << "\nand" << shown(B) << "\nand" << shown(C);
    EscapeSummary Upper = Joined(A, B);
    EXPECT_FALSE(Upper.join(A) || Upper.join(B)) << shown(A) << "\nand" << shown(B);
  }
}

/// Many flows of one summary make it forget offsets and then who is stored in whom; it never forgets that something leaks.
TEST_F(EscapeSummaries, WideningKeepsEveryLeak) {
  RandomSummaries Random(4, table());
  unsigned Coarse = 0, Flat = 0;
  for (unsigned I = 0; I != 50; ++I) {
    EscapeSummary S;
    std::vector<EscapeSummary> Parts;
    for (unsigned N = 0; N != 4 + 8 * I; ++N) {
      EscapeSummary Part;
      ParamLeak L = Random.leak();
      if (L.To == ParamLeak::ToHeap) // it would cover others
        continue;
      Part.add(L);
      S.join(Part);
      Parts.push_back(std::move(Part));
    }
    for (const EscapeSummary &Part : Parts)
      EXPECT_FALSE(S.join(Part)) << shown(Part) << "\nin" << shown(S);
    EXPECT_LE(S.Leaks.size(), S.Flat ? Parameters * (3 + 1 + 3) : EscapeSummary::MaxCoarse);
    Coarse += S.Coarse;
    Flat += S.Flat;
  }
  EXPECT_GT(Coarse, 5u);
  EXPECT_GT(Flat, 0u);
}
