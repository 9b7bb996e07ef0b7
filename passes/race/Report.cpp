//===- passes/race/Report.cpp ---------------------------------------------===//

#include "passes/race/Report.h"

#include "passes/race/Containers.h"
#include "passes/race/Naming.h"
#include "passes/race/Pairs.h"
#include "reports/finding/RaceStory.h"

#include "llvm/IR/Instructions.h"

#include <algorithm>
#include <map>
#include <tuple>

using namespace llvm;

namespace emm::race {

namespace {

class Reporter {
public:
  explicit Reporter(Unit &U) : U(U) {}
  void run();

private:
  RaceStory storyOf(const Conflict &C, StringRef Class);
  RaceActor actorOf(const Actor &A) const;
  RaceSide sideOf(const Access &A, const Actor &By);
  std::vector<Location> locationsOf(const Chain &Sites) const;
  Location at(const Chain &Sites) const { return U.C.Source.location(*Sites.front()); }

  Unit &U;
};

std::vector<Location> Reporter::locationsOf(const Chain &Sites) const {
  std::vector<Location> Out;
  for (const Instruction *I : Sites)
    Out.push_back(U.C.Source.location(*I));
  return Out;
}

RaceActor Reporter::actorOf(const Actor &A) const {
  RaceActor Out;
  Out.Start = locationsOf(A.Start);
  Out.Entry = A.Entry ? functionName(*A.Entry) : "";
  Out.Caller = A.Caller ? functionName(*A.Caller) : "";
  Out.Several = A.Several;
  return Out;
}

RaceSide Reporter::sideOf(const Access &A, const Actor &By) {
  RaceSide Out;
  Out.Kind = A.Kind;
  Out.Sites = locationsOf(A.Sites);
  for (const Held &H : A.Locks) {
    Out.Locks.push_back(nameOf(U, H.Lock, true).Text);
    Out.Shared.push_back(H.Mode == LockMode::Read);
  }
  Out.By = actorOf(By);
  return Out;
}

RaceStory Reporter::storyOf(const Conflict &C, StringRef Class) {
  bool Whole = isMap(C.A.Kind) || isObject(C.A.Kind) || !Class.empty();
  ObjectName Name = nameAt(U, C.Object, Whole, U.C.Source.location(*C.A.Sites.front()), Class);
  RaceStory Out;
  Out.R = C.R;
  Out.Object = Name.Text;
  Out.Type = Name.Type;
  Out.Declaration = Name.Declaration;
  Out.Function = C.A.Sites.front()->getFunction()->getName().str();
  if (C.R == Rule::AtomicWeakPublication)
    Out.Flag = nameOf(U, C.Flag, true).Text;
  Out.A = sideOf(C.A, C.ByA);
  Out.B = sideOf(C.B, C.ByB);
  const Access &Locked = C.A.Locks.empty() ? C.B : C.A;
  if (const Held *Guard = find_if(Locked.Locks, [&](const Held &H) { return canGuard(U.Places, H.Lock, C.A.Where); });
      Guard != Locked.Locks.end())
    Out.Guard = nameOf(U, Guard->Lock, true).Text;
  Out.SameSites = C.A.Sites == C.B.Sites;
  Out.SameStart = !C.ByA.Start.empty() && !C.ByB.Start.empty() && C.ByA.Start.front() == C.ByB.Start.front();
  Out.Held = C.Held;
  Out.Total = C.Total;
  return Out;
}

void Reporter::run() {
  // Pairs under a shared lock say what is wrong with the write; they need no second report.
  std::map<std::tuple<PlaceId, const Instruction *, const Instruction *, bool>, std::vector<size_t>> Groups;
  std::vector<std::tuple<PlaceId, const Instruction *, const Instruction *, bool>> Order;
  auto StartOf = [](const Actor &A) -> const Instruction * { return A.Start.empty() ? nullptr : A.Start.front(); };
  std::vector<std::string> Containers = foldContainers(U);
  for (size_t N = 0; N < U.Conflicts.size(); ++N) {
    const Conflict &C = U.Conflicts[N];
    if (C.Guarded && !C.Unguarded)
      continue;
    const Instruction *S1 = StartOf(C.ByA), *S2 = StartOf(C.ByB);
    PlaceId Object = C.Object;
    if (C.R == Rule::MapWriteUnderReaderLock) {
      // One report for each write, whichever object and threads it is seen with.
      S1 = S2 = C.A.Sites.front();
      Object = UnknownPlace;
    } else if (std::less<const Instruction *>()(S2, S1)) {
      std::swap(S1, S2);
    }
    // A scalar inside an object belongs to that field; the pair of places may differ by an overlap.
    auto Key = std::make_tuple(Object, S1, S2, C.R == Rule::AtomicLostUpdate || C.R == Rule::MapWriteUnderReaderLock);
    auto &Group = Groups[Key];
    if (Group.empty())
      Order.push_back(Key);
    Group.push_back(N);
  }
  // One report for each object and pair of threads, and of those that would tell of the same access one as well.
  struct Report {
    size_t Conflict, Others;
    bool Update;
  };
  std::vector<Report> Reports;
  for (const auto &Key : Order) {
    const std::vector<size_t> &Group = Groups[Key];
    auto Better = [&](size_t L, size_t R) {
      const Conflict &A = U.Conflicts[L], &B = U.Conflicts[R];
      auto Position = [&](const Conflict &C) {
        return std::make_tuple(severityRank(C.R), C.ByA.Start.empty() && C.ByB.Start.empty(), !isWrite(C.B.Kind), at(C.A.Sites),
                               at(C.B.Sites));
      };
      return Position(A) < Position(B);
    };
    size_t Best = *std::min_element(Group.begin(), Group.end(), Better);
    // The same two sites seen through several calls are one pair.
    std::vector<std::pair<const Instruction *, const Instruction *>> Pairs;
    for (size_t N : Group)
      Pairs.push_back({U.Conflicts[N].A.Sites.front(), U.Conflicts[N].B.Sites.front()});
    llvm::sort(Pairs);
    Pairs.erase(std::unique(Pairs.begin(), Pairs.end()), Pairs.end());
    Reports.push_back({Best, Pairs.size() - 1, std::get<3>(Key)});
  }
  llvm::stable_sort(Reports, [&](const Report &L, const Report &R) {
    return severityRank(U.Conflicts[L.Conflict].R) < severityRank(U.Conflicts[R.Conflict].R);
  });
  std::map<std::tuple<PlaceId, const Instruction *, bool>, size_t> Told;
  for (const Report &R : Reports) {
    const Conflict &C = U.Conflicts[R.Conflict];
    auto [It, New] = Told.try_emplace({C.Object, C.A.Sites.front(), R.Update}, U.C.Findings.size());
    RaceStory Story = storyOf(C, Containers[R.Conflict]);
    Story.Others = R.Others;
    if (New)
      U.C.Findings.push_back(Story.tell());
    else
      U.C.Findings[It->second].Steps.push_back(Story.likewise());
  }
}

} // namespace

void reportConflicts(Unit &U) { Reporter(U).run(); }

} // namespace emm::race
