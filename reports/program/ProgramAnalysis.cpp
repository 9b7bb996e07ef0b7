//===- reports/program/ProgramAnalysis.cpp - the order of the work --------===//

#include "reports/program/ProgramAnalysis.h"

#include "reports/program/FunctionMerge.h"
#include "reports/program/ProgramReport.h"

#include "llvm/ADT/SetVector.h"
#include "llvm/Support/FormatVariadic.h"

using namespace llvm;

namespace emm {

namespace program {

namespace {

/// Functions that \p N names: callees, entries, and what it hands on.
void references(const Program &P, uint32_t N, SmallSetVector<uint32_t, 8> &Out) {
  const Function &F = P.Functions[N];
  auto Take = [&](PlaceId X) {
    if (P.P.rootOf(X).Kind == RootKind::Function)
      if (uint32_t To = P.definition(P.P.rootOf(X).Of, F.Unit); To != ~0u)
        Out.insert(To);
    if (P.P.rootOf(X).Kind == RootKind::Global)
      if (auto It = P.FunctionsIn.find(P.P.rootId(X)); It != P.FunctionsIn.end())
        for (PlaceId Y : It->second)
          if (uint32_t To = P.definition(P.P.rootOf(Y).Of, F.Unit); To != ~0u)
            Out.insert(To);
  };
  for (const Block &B : F.Blocks)
    for (const Event &E : B.Events) {
      if (E.K != Event::Access)
        Take(E.Place);
      for (const PlaceSet &A : E.Arguments)
        for (PlaceId X : A)
          Take(X);
    }
  for (const auto &[Address, What] : F.Data)
    for (PlaceId X : What)
      Take(X);
}

/// Callees and entries before those that reach them. Iterative: call chains are deep.
std::vector<uint32_t> bottomUp(const Program &P) {
  std::vector<uint32_t> Out;
  std::vector<bool> Seen(P.Functions.size());
  struct Visit {
    uint32_t N;
    SmallSetVector<uint32_t, 8> To;
    size_t Next = 0;
  };
  std::vector<Visit> Stack;
  auto Enter = [&](uint32_t N) {
    if (Seen[N])
      return;
    Seen[N] = true;
    Stack.push_back({N, {}, 0});
    references(P, N, Stack.back().To);
  };
  for (uint32_t Root = 0; Root < P.Functions.size(); ++Root) {
    Enter(Root);
    while (!Stack.empty()) {
      Visit &Top = Stack.back();
      if (Top.Next < Top.To.size()) {
        Enter(Top.To[Top.Next++]);
        continue;
      }
      Out.push_back(Top.N);
      Stack.pop_back();
    }
  }
  return Out;
}

/// Globals that code of a thread names: the others are the main thread's alone. Returns false if nothing starts a thread.
bool findShared(Merge &M) {
  const Program &P = M.P;
  SmallSetVector<uint32_t, 16> Work;
  bool Any = false, Unknown = false;
  auto IsKnown = [&](const Event &E) { return P.P.rootOf(E.Place).Kind == RootKind::Function; };
  for (const Function &F : P.Functions)
    for (const Block &B : F.Blocks)
      for (const Event &E : B.Events) {
        if (E.K != Event::Start)
          continue;
        Any = true;
        if (IsKnown(E)) {
          if (uint32_t N = P.definition(P.P.rootOf(E.Place).Of, F.Unit); N != ~0u)
            Work.insert(N);
        } else {
          Unknown = true;
        }
      }
  if (!Any)
    return false;
  size_t Followed = 0;
  auto Follow = [&] {
    for (; Followed < Work.size(); ++Followed) {
      SmallSetVector<uint32_t, 8> To;
      references(P, Work[Followed], To);
      Work.insert(To.begin(), To.end());
    }
  };
  Follow();
  for (uint32_t N : Work)
    for (const Block &B : P.Functions[N].Blocks)
      Unknown |= any_of(B.Events, [&](const Event &E) { return E.K == Event::Call && !IsKnown(E); });
  // A thread may run, or call through what it was given, whatever function is handed on.
  if (Unknown) {
    auto Take = [&](const Function &F, const PlaceSet &Of) {
      for (PlaceId X : Of)
        if (P.P.rootOf(X).Kind == RootKind::Function)
          if (uint32_t N = P.definition(P.P.rootOf(X).Of, F.Unit); N != ~0u)
            Work.insert(N);
    };
    for (const Function &F : P.Functions) {
      for (const Block &B : F.Blocks)
        for (const Event &E : B.Events)
          for (const PlaceSet &A : E.Arguments)
            Take(F, A);
      for (const auto &[Address, What] : F.Data)
        Take(F, What);
    }
    Follow();
  }
  auto Share = [&](PlaceId X) {
    if (P.P.rootOf(X).Kind == RootKind::Global)
      M.SharedGlobals.insert(P.P.rootOf(X).Of);
  };
  auto ShareAll = [&](const Function &F, bool Accesses) {
    for (const Block &B : F.Blocks)
      for (const Event &E : B.Events) {
        if (Accesses || E.K == Event::Start)
          Share(E.Place);
        for (const PlaceSet &A : E.Arguments)
          for (PlaceId X : A)
            Share(X);
      }
    for (const auto &[Address, What] : F.Data)
      for (PlaceId X : What)
        Share(X);
    if (Accesses)
      for (const PlaceSet &R : F.Results)
        for (PlaceId X : R)
          Share(X);
  };
  for (uint32_t N : Work)
    ShareAll(P.Functions[N], true);
  // What is handed on may reach a thread.
  for (const Function &F : P.Functions)
    ShareAll(F, false);
  return true;
}

/// A file that only summaries pointed into is no part of the report.
void dropUnusedFiles(Report &R) {
  std::vector<bool> Used(R.Files.size());
  auto Mark = [&](const Position &P) {
    if (P.hasFile())
      Used[P.File] = true;
  };
  for (const Entry &E : R.Entries) {
    Mark(E.Pos);
    for (const EntryStep &S : E.Steps)
      Mark(S.Pos);
    for (const EntryFrame &F : E.InlineStack)
      Mark(F.Pos);
  }
  std::vector<uint32_t> Rank(R.Files.size());
  std::vector<SourceFile> Kept;
  for (size_t I = 0; I < R.Files.size(); ++I) {
    Rank[I] = Kept.size();
    if (Used[I])
      Kept.push_back(R.Files[I]);
  }
  if (Kept.size() == R.Files.size())
    return;
  R.Files = std::move(Kept);
  auto Renumber = [&](Position &P) {
    if (P.hasFile())
      P.File = Rank[P.File];
  };
  // The arrays belong to the report and are shared with nobody.
  for (Entry &E : R.Entries) {
    Renumber(E.Pos);
    for (const EntryStep &S : E.Steps)
      Renumber(const_cast<Position &>(S.Pos));
    for (const EntryFrame &F : E.InlineStack)
      Renumber(const_cast<Position &>(F.Pos));
  }
}

} // namespace

} // namespace program

void analyseProgram(Report &R) {
  using namespace program;
  bool HadSummaries = !R.Summaries.empty();
  Program P = linkProgram(R);
  Merge M(P);
  if (findShared(M)) {
    for (uint32_t N : bottomUp(P))
      FunctionMerge(M, N).run();
    addConflicts(R, M);
  }
  if (P.Malformed)
    R.Problems.push_back({"summaries", formatv("{0} could not be read and {1} left out", P.Malformed, P.Malformed == 1 ? "was" : "were"), true});
  if (M.GaveUp)
    R.Problems.push_back({"summaries", formatv("{0} function{1} too much to be followed to the end across units", M.GaveUp,
                                               M.GaveUp == 1 ? " leads to" : "s lead to"), false});
  R.Summaries.clear();
  if (HadSummaries)
    dropUnusedFiles(R);
}

} // namespace emm
