//===- reports/program/ProgramReport.cpp ----------------------------------===//

#include "reports/program/ProgramReport.h"

#include "reports/finding/Fingerprint.h"
#include "reports/finding/RaceStory.h"

#include "llvm/ADT/Hashing.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Demangle/Demangle.h"
#include "llvm/Support/xxhash.h"

#include <map>
#include <set>

using namespace llvm;

namespace emm::program {

namespace {

using Point = std::tuple<uint32_t, uint32_t, uint32_t>;
Point pointOf(const Position &P) { return {P.File, P.Line, P.Column}; }

class Reporter {
public:
  Reporter(Report &R, Merge &M) : R(R), M(M) {
    for (uint32_t N = 0; N < R.Files.size(); ++N)
      FileIds.try_emplace(R.Files[N].Name, N);
  }
  void run();

private:
  Location location(const Position &P) const;
  std::vector<Location> locations(const Sites &S) const;
  race::RaceSide side(const Access &A, const Actor &By, uint32_t In) const;
  race::RaceStory story(const Conflict &C, size_t Others) const;
  std::string lockName(uint32_t In, PlaceId Lock) const;
  void indexKnown();
  bool isKnown(const Conflict &C) const;
  bool addToKnown(const race::RaceStory &S);
  Position position(const Location &L) const;
  void add(std::vector<Finding> Findings, ArrayRef<const Conflict *> Of);

  Report &R;
  Merge &M;
  StringMap<uint32_t> FileIds; ///< by name
  std::set<std::pair<Point, Point>> KnownPairs;   ///< positions of the two accesses
  std::set<std::pair<Point, Point>> KnownObjects; ///< declaration and start
};

Location Reporter::location(const Position &P) const {
  if (!P.hasFile())
    return {};
  return {R.Files[P.File].Name.str(), P.Line, P.Column};
}

std::vector<Location> Reporter::locations(const Sites &S) const {
  std::vector<Location> Out;
  for (const Position &P : S)
    Out.push_back(location(P));
  return Out;
}

std::string Reporter::lockName(uint32_t In, PlaceId Lock) const {
  auto It = M.LockNames.find({In, Lock});
  return It == M.LockNames.end() || It->second.empty() ? "a lock" : It->second;
}

static std::string functionName(const Function &F) {
  std::string Name = canonicalFunction(F.Symbol);
  return Name.empty() ? F.Symbol.str() : Name;
}

race::RaceSide Reporter::side(const Access &A, const Actor &By, uint32_t In) const {
  race::RaceSide Out;
  Out.Kind = A.Traits.Kind;
  Out.Sites = locations(A.At);
  for (const Held &H : A.Locks) {
    Out.Locks.push_back(lockName(In, H.Lock));
    Out.Shared.push_back(H.Mode == LockMode::Read);
  }
  Out.By.Start = locations(By.Start);
  Out.By.Several = By.Several;
  Out.By.Entry = By.Entry == ~0u ? "" : functionName(M.P.Functions[By.Entry]);
  Out.By.Caller = By.Caller == ~0u ? "" : functionName(M.P.Functions[By.Caller]);
  return Out;
}

race::RaceStory Reporter::story(const Conflict &C, size_t Others) const {
  race::RaceStory S;
  S.R = C.R;
  S.Object = C.A.Name.empty() ? C.B.Name : C.A.Name;
  if (S.Object.empty())
    S.Object = "the object";
  S.Declaration = location(C.A.Declaration.Line ? C.A.Declaration : C.B.Declaration);
  S.Function = M.P.Functions[C.A.In].Symbol.str();
  // A lock that is found through the object cannot guard it.
  const Places &P = M.P.P;
  auto CanGuard = [&](const Held &H) {
    ArrayRef<Offset> L = P.path(H.Lock), O = P.path(C.A.Where);
    return P.rootId(H.Lock) != P.rootId(C.A.Where) || L.size() <= O.size() || !std::equal(O.begin(), O.end(), L.begin());
  };
  const LockSet &Locked = (C.A.Locks.empty() ? C.B : C.A).Locks;
  if (const Held *Guard = find_if(Locked, CanGuard); Guard != Locked.end())
    S.Guard = lockName(C.In, Guard->Lock);
  S.A = side(C.A, C.ByA, C.In);
  S.B = side(C.B, C.ByB, C.In);
  auto Same = [](const Sites &X, const Sites &Y) {
    return X.size() == Y.size() && std::equal(X.begin(), X.end(), Y.begin(), [](const Position &A, const Position &B) { return pointOf(A) == pointOf(B); });
  };
  S.SameSites = Same(C.A.At, C.B.At);
  S.SameStart = !C.ByA.Start.empty() && !C.ByB.Start.empty() && pointOf(C.ByA.Start[0]) == pointOf(C.ByB.Start[0]);
  S.Held = C.Held;
  S.Total = C.Total;
  S.Others = Others;
  return S;
}

void Reporter::indexKnown() {
  for (const Entry &E : R.Entries) {
    if (!E.Info || !is_contained({"map", "atomic", "lock"}, E.Info->family()))
      continue;
    for (const EntryStep &S : E.Steps) {
      KnownPairs.insert({pointOf(E.Pos), pointOf(S.Pos)});
      KnownPairs.insert({pointOf(S.Pos), pointOf(E.Pos)});
      if (S.Message.contains("declared here"))
        for (const EntryStep &T : E.Steps)
          if (T.Message.contains("started here"))
            KnownObjects.insert({pointOf(S.Pos), pointOf(T.Pos)});
    }
  }
}

bool Reporter::isKnown(const Conflict &C) const {
  if (KnownPairs.count({pointOf(C.A.At[0]), pointOf(C.B.At[0])}))
    return true;
  for (const Access *A : {&C.A, &C.B})
    for (const Actor *By : {&C.ByA, &C.ByB})
      if (A->Declaration.Line && !By->Start.empty() && KnownObjects.count({pointOf(A->Declaration), pointOf(By->Start[0])}))
        return true;
  return false;
}

Position Reporter::position(const Location &L) const {
  Position P;
  if (auto It = FileIds.find(L.File); It != FileIds.end())
    P.File = It->second;
  P.Line = L.Line;
  P.Column = L.Column;
  return P;
}

/// A unit's finding about the same access of the same object gets one more thread.
bool Reporter::addToKnown(const race::RaceStory &S) {
  Point At = pointOf(position(S.A.Sites.front()));
  auto It = std::partition_point(R.Entries.begin(), R.Entries.end(), [&](const Entry &E) { return pointOf(E.Pos) < At; });
  for (; It != R.Entries.end() && pointOf(It->Pos) == At; ++It) {
    if (!It->Info || It->Info->Id != ruleInfo(S.R).Id || It->Subject != S.Object)
      continue;
    Step More = S.likewise();
    auto *Steps = R.Arena->Allocate<EntryStep>(It->Steps.size() + 1);
    std::uninitialized_copy(It->Steps.begin(), It->Steps.end(), Steps);
    new (Steps + It->Steps.size()) EntryStep{position(More.Loc), StringRef(More.Message).copy(*R.Arena)};
    It->Steps = ArrayRef(Steps, It->Steps.size() + 1);
    return true;
  }
  return false;
}

void Reporter::add(std::vector<Finding> Findings, ArrayRef<const Conflict *> Of) {
  std::vector<size_t> Order(Findings.size());
  for (size_t N = 0; N < Order.size(); ++N)
    Order[N] = N;
  llvm::sort(Order, [&](size_t A, size_t B) { return Findings[A] < Findings[B]; });
  std::vector<Finding> Sorted;
  for (size_t N : Order)
    Sorted.push_back(std::move(Findings[N]));
  assignIds(Sorted);
  std::vector<Entry> New;
  for (size_t N = 0; N < Sorted.size(); ++N) {
    const Finding &F = Sorted[N];
    const Conflict &C = *Of[Order[N]];
    Entry E;
    E.Info = &ruleInfo(F.R);
    E.RuleId = E.Info->Id;
    E.Severity = E.Info->DefaultLevel;
    E.Kind = RemarkKind::Missed;
    E.Pos = position(F.Loc);
    E.Function = StringRef(F.Function).copy(*R.Arena);
    E.Subject = StringRef(F.Subject).copy(*R.Arena);
    E.Message = StringRef(F.Message).copy(*R.Arena);
    // A unit may have a finding of the same rule, function and subject, with another thread.
    E.Id = StringRef(utohexstr(xxh3_64bits("program " + F.Id), /*LowerCase=*/true, 16)).copy(*R.Arena);
    auto *Steps = R.Arena->Allocate<EntryStep>(F.Steps.size());
    for (size_t I = 0; I < F.Steps.size(); ++I)
      new (Steps + I) EntryStep{position(F.Steps[I].Loc), StringRef(F.Steps[I].Message).copy(*R.Arena)};
    E.Steps = ArrayRef(Steps, F.Steps.size());
    std::set<uint32_t> Units{M.P.Functions[C.A.In].Unit, M.P.Functions[C.B.In].Unit};
    for (const Actor *By : {&C.ByA, &C.ByB})
      if (By->Entry != ~0u)
        Units.insert(M.P.Functions[By->Entry].Unit);
    E.Units = Units.size();
    New.push_back(E);
  }
  auto Less = [](const Entry &A, const Entry &B) {
    return std::tie(A.Pos.File, A.Pos.Line, A.Pos.Column, A.RuleId, A.Message) <
           std::tie(B.Pos.File, B.Pos.Line, B.Pos.Column, B.RuleId, B.Message);
  };
  llvm::stable_sort(New, Less);
  std::vector<Entry> All;
  std::merge(R.Entries.begin(), R.Entries.end(), New.begin(), New.end(), std::back_inserter(All), Less);
  R.Entries = std::move(All);
}

void Reporter::run() {
  indexKnown();
  // One report for each object and pair of threads.
  using Key = std::tuple<PlaceId, Point, Point, bool>;
  std::map<Key, std::vector<const Conflict *>> Groups;
  for (const Conflict &C : M.Conflicts) {
    if (isKnown(C))
      continue;
    auto StartOf = [](const Actor &A) { return A.Start.empty() ? Point(~0u, 0, 0) : pointOf(A.Start[0]); };
    Point First = StartOf(C.ByA), Second = StartOf(C.ByB);
    if (Second < First)
      std::swap(First, Second);
    Groups[{C.A.Where, First, Second, C.R == Rule::AtomicLostUpdate}].push_back(&C);
  }
  auto Rank = [](const Conflict *C) {
    std::vector<Point> A, B;
    for (const Position &P : C->A.At)
      A.push_back(pointOf(P));
    for (const Position &P : C->B.At)
      B.push_back(pointOf(P));
    return std::tuple(race::severityRank(C->R), !isWrite(C->B.Traits.Kind), A[0], B[0], A.size() + B.size(), A, B);
  };
  struct Told {
    const Conflict *C;
    size_t Others;
  };
  std::vector<Told> All;
  for (const auto &[K, List] : Groups) {
    const Conflict *Best = *std::min_element(List.begin(), List.end(), [&](auto *A, auto *B) { return Rank(A) < Rank(B); });
    std::set<std::pair<Point, Point>> Pairs;
    for (const Conflict *C : List)
      Pairs.insert({pointOf(C->A.At[0]), pointOf(C->B.At[0])});
    All.push_back({Best, Pairs.size() - 1});
  }
  llvm::stable_sort(All, [&](const Told &A, const Told &B) { return Rank(A.C) < Rank(B.C); });
  // The same access of what the source calls the same is told once, with whatever threads it conflicts.
  std::map<std::tuple<std::string, Point, bool>, size_t> Of;
  std::vector<Finding> Findings;
  std::vector<const Conflict *> Shown;
  for (const Told &T : All) {
    race::RaceStory S = story(*T.C, T.Others);
    if (addToKnown(S))
      continue;
    auto [It, New] = Of.try_emplace({S.Object, pointOf(T.C->A.At[0]), T.C->R == Rule::AtomicLostUpdate}, Findings.size());
    if (New) {
      Findings.push_back(S.tell());
      Shown.push_back(T.C);
    } else if (Findings[It->second].Steps.size() < 40) {
      Findings[It->second].Steps.push_back(S.likewise());
    }
  }
  add(std::move(Findings), Shown);
}

} // namespace

void addConflicts(Report &R, Merge &M) { Reporter(R, M).run(); }

} // namespace emm::program
