// Properties of the escape graph on random programs: it agrees with a plain solver of the same constraints, more statements
// never make less escape, and neither the order of statements nor that of solving in between matters.
#include "passes/escape/EscapeGraph.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <set>

using namespace emm;

namespace {

/// A statement over numbered variables and objects.
struct Statement {
  enum Kind { Address, Copy, Load, Store, MemoryCopy, Keep, Return } K;
  unsigned A, B;
  int64_t Offset;
};

struct Program {
  unsigned Variables = 6, Objects = 4;
  std::vector<Statement> Body;
};

Program randomProgram(std::mt19937 &Random, unsigned Length) {
  Program P;
  auto Below = [&](unsigned N) { return unsigned(Random() % N); };
  for (unsigned I = 0; I != Length; ++I) {
    Statement S{};
    unsigned Kind = Below(16);
    S.K = Kind < 4    ? Statement::Address
          : Kind < 7  ? Statement::Copy
          : Kind < 10 ? Statement::Load
          : Kind < 13 ? Statement::Store
          : Kind < 14 ? Statement::MemoryCopy
          : Kind < 15 ? Statement::Keep
                      : Statement::Return;
    S.A = Below(P.Variables);
    S.B = S.K == Statement::Address ? Below(P.Objects) : Below(P.Variables);
    S.Offset = S.K == Statement::Copy && Below(4) == 0 ? 8 * Below(2) : 0;
    P.Body.push_back(S);
  }
  return P;
}

/// The objects whose address reaches memory that outlives the function.
std::set<unsigned> escaping(const Program &P, bool SolveOften = false) {
  EscapeGraph G;
  std::vector<NodeId> V;
  std::vector<ObjectId> O;
  uint32_t Why = G.addWhy({"assign", nullptr, "", 0});
  for (unsigned I = 0; I != P.Variables; ++I)
    V.push_back(G.addNode());
  for (unsigned I = 0; I != P.Objects; ++I)
    O.push_back(G.addObject(I % 2 ? ObjectKind::Allocation : ObjectKind::Frame, nullptr));
  for (const Statement &S : P.Body) {
    switch (S.K) {
    case Statement::Address: G.addOrigin(V[S.A], {O[S.B], 0}, Why); break;
    case Statement::Copy: G.addCopy(V[S.A], V[S.B], S.Offset, Why); break;
    case Statement::Load: G.addLoad(V[S.A], V[S.B], Why); break;
    case Statement::Store: G.addStore(V[S.A], V[S.B], Why); break;
    case Statement::MemoryCopy: G.addMemoryCopy(V[S.A], V[S.B], Why); break;
    case Statement::Keep: G.addCopy(G.heapContents(), V[S.A], 0, Why); break;
    case Statement::Return: G.addCopy(G.result(), V[S.A], 0, Why); break;
    }
    if (SolveOften)
      G.solve();
  }
  G.solve();
  EXPECT_FALSE(G.gaveUp());
  std::set<unsigned> Out;
  for (NodeId Sink : {G.heapContents(), G.result(), G.behindResult()})
    for (const Fact &F : G.facts(Sink))
      for (unsigned I = 0; I != P.Objects; ++I)
        if (O[I] == F.T.Obj)
          Out.insert(I);
  return Out;
}

/// The same without any of the graph's devices: sets of (object, offset), all rules again until nothing changes. Object
/// number Objects is the heap; an offset is a multiple of 8 or Any.
std::set<unsigned> plainly(const Program &P) {
  constexpr int64_t Any = AnyOffset;
  using Place = std::pair<unsigned, int64_t>;
  const Place Heap{P.Objects, Any};
  std::vector<std::set<Place>> V(P.Variables);
  std::map<Place, std::set<Place>> Memory;
  std::set<Place> Kept{Heap}, Returned, Behind;
  auto Read = [&](Place At) {
    std::set<Place> Found;
    if (At.first == P.Objects)
      return std::set<Place>{Heap};
    for (const auto &[Where, What] : Memory)
      if (Where.first == At.first && (Where.second == At.second || Where.second == Any || At.second == Any))
        Found.insert(What.begin(), What.end());
    return Found;
  };
  auto Cap = [](int64_t O) { return O != Any && (O > 32 || O < -32) ? Any : O; };
  size_t Before = ~size_t(0);
  auto Total = [&] {
    size_t N = Kept.size() + Returned.size() + Behind.size();
    for (auto &S : V)
      N += S.size();
    for (auto &[W, S] : Memory)
      N += S.size();
    return N;
  };
  while (Before != Total()) {
    Before = Total();
    for (const Statement &S : P.Body) {
      std::set<Place> B = S.K == Statement::Address ? std::set<Place>{} : V[S.B];
      std::set<Place> A = V[S.A];
      switch (S.K) {
      case Statement::Address: V[S.A].insert({S.B, 0}); break;
      case Statement::Copy:
        for (Place X : B)
          V[S.A].insert({X.first, X.second == Any ? Any : Cap(X.second + S.Offset)});
        break;
      case Statement::Load:
        for (Place X : B)
          for (Place Y : Read(X))
            V[S.A].insert(Y);
        break;
      case Statement::Store:
        for (Place X : A) {
          std::set<Place> &Into = X.first == P.Objects ? Kept : Memory[X];
          Into.insert(B.begin(), B.end());
        }
        break;
      case Statement::MemoryCopy:
        for (Place X : A)
          for (Place Y : B) {
            if (X.first == Y.first)
              continue;
            if (Y.first == P.Objects) {
              (X.first == P.Objects ? Kept : Memory[{X.first, Any}]).insert(Heap);
              continue;
            }
            auto Copy = Memory;
            for (const auto &[Where, What] : Copy) {
              if (Where.first != Y.first)
                continue;
              int64_t At = X.second == Any || Y.second == Any || Where.second == Any ? Any : Where.second + X.second - Y.second;
              std::set<Place> &Into = X.first == P.Objects ? Kept : Memory[{X.first, Cap(At)}];
              Into.insert(What.begin(), What.end());
            }
          }
        break;
      case Statement::Keep: Kept.insert(A.begin(), A.end()); break;
      case Statement::Return: Returned.insert(A.begin(), A.end()); break;
      }
    }
    for (Place X : std::set<Place>(Kept))
      if (X.first != P.Objects) {
        for (Place Y : Read({X.first, Any}))
          Kept.insert(Y);
        Memory[{X.first, Any}].insert(Heap);
      }
    for (const auto &From : {Returned, Behind})
      for (Place X : From)
        for (Place Y : Read({X.first, Any}))
          Behind.insert(Y);
  }
  std::set<unsigned> Out;
  for (const auto &Sink : {Kept, Returned, Behind})
    for (Place X : Sink)
      if (X.first != P.Objects)
        Out.insert(X.first);
  return Out;
}

} // namespace

TEST(EscapeGraph, AgreesWithAPlainSolver) {
  std::mt19937 Random(1);
  unsigned Escaped = 0, Stayed = 0;
  for (unsigned I = 0; I != 1500; ++I) {
    Program P = randomProgram(Random, 4 + I % 16);
    std::set<unsigned> Graph = escaping(P), Plain = plainly(P);
    EXPECT_TRUE(std::includes(Graph.begin(), Graph.end(), Plain.begin(), Plain.end())) << "program " << I;
    // What is merged beyond a number of offsets may only add; it does so seldom.
    EXPECT_LE(Graph.size(), Plain.size() + 1) << "program " << I;
    Escaped += Graph.size();
    Stayed += P.Objects - Graph.size();
  }
  EXPECT_GT(Escaped, 1000u); // both answers occur
  EXPECT_GT(Stayed, 1000u);
}

TEST(EscapeGraph, MoreStatementsNeverMakeLessEscape) {
  std::mt19937 Random(2);
  for (unsigned I = 0; I != 1500; ++I) {
    Program P = randomProgram(Random, 4 + I % 16);
    std::set<unsigned> Before = escaping(P);
    P.Body.push_back(randomProgram(Random, 1).Body[0]);
    std::set<unsigned> After = escaping(P);
    EXPECT_TRUE(std::includes(After.begin(), After.end(), Before.begin(), Before.end())) << "program " << I;
  }
}

TEST(EscapeGraph, OrderDoesNotMatter) {
  std::mt19937 Random(3);
  for (unsigned I = 0; I != 1500; ++I) {
    Program P = randomProgram(Random, 4 + I % 16);
    std::set<unsigned> First = escaping(P);
    EXPECT_EQ(First, escaping(P, /*SolveOften=*/true)) << "program " << I;
    std::shuffle(P.Body.begin(), P.Body.end(), Random);
    EXPECT_EQ(First, escaping(P)) << "program " << I;
  }
}

TEST(EscapeGraph, WideSetsAreGivenUpAndEscape) {
  EscapeGraph G;
  uint32_t Why = G.addWhy({"assign", nullptr, "", 0});
  NodeId N = G.addNode();
  std::vector<ObjectId> Objects;
  for (unsigned I = 0; I != EscapeGraph::MaxTargets + 8; ++I) {
    Objects.push_back(G.addObject(ObjectKind::Frame, nullptr));
    G.addOrigin(N, {Objects.back(), 0}, Why);
  }
  G.solve();
  EXPECT_TRUE(G.gaveUp());
  std::set<ObjectId> Kept;
  for (const Fact &F : G.facts(G.heapContents()))
    Kept.insert(F.T.Obj);
  for (ObjectId O : Objects)
    EXPECT_TRUE(Kept.count(O));
}
