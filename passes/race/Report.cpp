//===- passes/race/Report.cpp ---------------------------------------------===//

#include "passes/race/Report.h"

#include "passes/race/Naming.h"
#include "passes/race/Pairs.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/IR/Instructions.h"

#include <algorithm>
#include <map>
#include <tuple>

using namespace llvm;

namespace emm::race {

namespace {

/// Lower is worse: what a group of conflicts is reported as.
unsigned rank(Rule R) {
  switch (R) {
  case Rule::MapWriteUnderReaderLock:
    return 0;
  case Rule::MapConcurrentWrite:
    return 1;
  case Rule::MapConcurrentIteration:
    return 2;
  case Rule::MapConcurrentReadWrite:
    return 3;
  case Rule::LockInconsistent:
    return 4;
  case Rule::AtomicMixed:
    return 5;
  case Rule::AtomicVolatile:
    return 6;
  case Rule::AtomicWeakPublication:
    return 7;
  case Rule::AtomicMissing:
    return 8;
  default:
    return 9;
  }
}

class Reporter {
public:
  explicit Reporter(Unit &U) : U(U) {}
  void run();

private:
  Finding make(const Conflict &C, size_t Others);
  void addPair(Finding &F, const Conflict &C);
  std::string line(const Location &L, const Location &Main) const;
  std::string actor(const Actor &A, const Conflict &C, const Location &Main, bool First) const;
  std::string locks(const Access &A);
  Location at(const Chain &Sites) const { return U.C.Source.location(*Sites.front()); }

  Unit &U;
};

StringRef done(AccessKind K) {
  switch (K) {
  case AccessKind::MapIterate:
    return "iterated over";
  case AccessKind::Read:
  case AccessKind::AtomicRead:
  case AccessKind::MapRead:
  case AccessKind::ObjectRead:
    return "read";
  default:
    return "written";
  }
}

StringRef verb(AccessKind K) {
  switch (K) {
  case AccessKind::MapIterate:
    return "iterate over";
  case AccessKind::Read:
  case AccessKind::AtomicRead:
  case AccessKind::MapRead:
  case AccessKind::ObjectRead:
    return "read";
  default:
    return "write";
  }
}

std::string Reporter::line(const Location &L, const Location &Main) const {
  if (!L.isKnown())
    return "";
  return L.File == Main.File ? " at line " + utostr(L.Line) : " at " + L.File + ":" + utostr(L.Line);
}

/// `the thread started at line 12`, `the creating thread`, `a caller of put`.
std::string Reporter::actor(const Actor &A, const Conflict &C, const Location &Main, bool First) const {
  if (A.Caller)
    return "a caller of " + functionName(*A.Caller);
  if (A.Start.empty())
    return "the creating thread";
  Location L = at(A.Start);
  bool Both = !C.ByA.Start.empty() && !C.ByB.Start.empty();
  bool Same = Both && C.ByA.Start.front() == C.ByB.Start.front();
  if (Same && !First)
    return "another thread started there";
  std::string Which = Same || A.Several ? "a thread" : "the thread";
  if (!L.isKnown())
    return Which + " that runs " + (A.Entry ? functionName(*A.Entry) : "it");
  if (Both && !First && !Same && at(C.ByA.Start).Line == L.Line && at(C.ByA.Start).File == L.File)
    Which = "another thread";
  return Which + " started" + line(L, Main);
}

std::string Reporter::locks(const Access &A) {
  std::string Out;
  for (const Held &H : A.Locks) {
    if (!Out.empty())
      Out += " and ";
    Out += "'" + nameOf(U, H.Lock, true).Text + (H.Mode == LockMode::Read ? "' (shared)" : "'");
  }
  return Out.empty() ? "no lock" : Out;
}

StringRef noun(const Conflict &C) {
  if (isMap(C.A.Kind))
    return "map";
  if (isObject(C.A.Kind))
    return "object";
  return "variable";
}

Finding Reporter::make(const Conflict &C, size_t Others) {
  Location Main = at(C.A.Sites), Other = at(C.B.Sites);
  ObjectName Name = nameAt(U, C.Object, isMap(C.A.Kind) || isObject(C.A.Kind), Main);
  std::string What = "'" + Name.Text + "'";
  Finding F;
  F.R = C.R;
  F.Loc = Main;
  F.Function = C.A.Sites.front()->getFunction()->getName().str();
  F.Subject = Name.Text;

  auto Step = [&](const Location &L, std::string Message) { F.Steps.push_back({L, std::move(Message)}); };
  std::string ByA = actor(C.ByA, C, Main, true), ByB = actor(C.ByB, C, Main, false);
  if (C.R == Rule::MapWriteUnderReaderLock && C.A.Sites == C.B.Sites) {
    F.Message = "map " + What + " is written here while '" + nameOf(U, C.A.Locks.front().Lock, true).Text +
                "' is only held shared, which lets other readers in";
  } else {
    F.Message = (isObject(C.A.Kind) && !Name.Type.empty() ? "'" + Name.Text + "' of type " + Name.Type
                                                          : noun(C).str() + " " + What) +
                " is " + done(C.A.Kind).str() + " here in " + ByA + " while " + ByB + " may " + verb(C.B.Kind).str() +
                " it" + line(Other, Main) + "; ";
    switch (C.R) {
    case Rule::MapWriteUnderReaderLock:
      F.Message += "'" + nameOf(U, C.A.Locks.front().Lock, true).Text + "' is only held shared";
      break;
    case Rule::AtomicMixed:
      F.Message += isAtomic(C.A.Kind) ? "only this access is atomic" : "only the other access is atomic";
      break;
    case Rule::AtomicVolatile:
      F.Message += "volatile does not make it safe";
      break;
    case Rule::AtomicWeakPublication:
      F.Message += "the flag '" + nameOf(U, C.Flag, true).Text + "' between them is relaxed and orders nothing";
      break;
    case Rule::AtomicLostUpdate:
      F.Message += "the value stored was computed from an earlier load, and the change in between is lost";
      break;
    case Rule::LockInconsistent: {
      const Access &Locked = C.A.Locks.empty() ? C.B : C.A;
      F.Message += locks(Locked) + " is held at " + utostr(C.Held) + " of " + utostr(C.Total) + " accesses, not at " +
                   (C.A.Locks.empty() ? "this one" : "that one");
      break;
    }
    default:
      F.Message += C.A.Locks.empty() && C.B.Locks.empty() ? "no lock is held" : "no lock is held in common";
    }
  }

  // Cause first: what makes them overlap, then the other access, then what to do.
  auto Thread = [&](const Actor &A) {
    if (A.Start.empty())
      return;
    std::string Runs = A.Entry ? (A.Several ? " and run " : " and runs ") + functionName(*A.Entry) : "";
    Step(at(A.Start), (A.Several ? "several threads are started here" : "the thread is started here") + Runs);
    for (size_t N = 1; N < A.Start.size(); ++N)
      Step(U.C.Source.location(*A.Start[N]), "called here");
  };
  Thread(C.ByA);
  if (C.ByB.Start.empty() || C.ByA.Start.empty() || C.ByB.Start.front() != C.ByA.Start.front())
    Thread(C.ByB);
  if (C.A.Sites != C.B.Sites) {
    Step(Other, "the other access: " + ByB + " may " + verb(C.B.Kind).str() + " " + What + " here, holding " + locks(C.B));
    for (size_t N = 1; N < C.B.Sites.size(); ++N)
      Step(U.C.Source.location(*C.B.Sites[N]), "reached through this call");
  }
  for (size_t N = 1; N < C.A.Sites.size(); ++N)
    Step(U.C.Source.location(*C.A.Sites[N]), "the access that is reported is reached through this call");
  if (C.R != Rule::MapWriteUnderReaderLock || C.A.Sites != C.B.Sites)
    Step(Main, "this access holds " + locks(C.A) +
                   (C.ByA.Caller || C.ByB.Caller || (!C.ByA.Start.empty() && !C.ByB.Start.empty())
                        ? std::string("; nothing orders the two")
                        : std::string("; no join stands between the start of the thread and the other access")));
  if (Name.Declaration.isKnown())
    Step(Name.Declaration, What + " is declared here");

  std::string Fix;
  const Access &Locked = C.A.Locks.empty() ? C.B : C.A;
  const Held *Guard = find_if(Locked.Locks, [&](const Held &H) { return canGuard(U.Places, H.Lock, C.A.Where); });
  if (C.R == Rule::MapWriteUnderReaderLock)
    Fix = "take the lock exclusively, or look the key up with find";
  else if (C.R == Rule::AtomicLostUpdate)
    Fix = "use one read-modify-write operation, such as fetch_add or compare_exchange";
  else if (C.R == Rule::AtomicWeakPublication)
    Fix = "store '" + nameOf(U, C.Flag, true).Text + "' with memory_order_release and load it with memory_order_acquire";
  else if (Guard != Locked.Locks.end())
    Fix = "hold '" + nameOf(U, Guard->Lock, true).Text + "' at both accesses";
  else if (isMap(C.A.Kind))
    Fix = "guard every access of " + What + " with one mutex, also for different keys, or use a concurrent map such as emm::sync_map";
  else if (isObject(C.A.Kind))
    Fix = "guard every access of " + What + " with one mutex";
  else
    Fix = "make " + What + " atomic at every access (std::atomic, _Atomic), or guard every access with one mutex";
  Step(Main, Fix);
  if (Others)
    Step(Main, utostr(Others) + (Others == 1 ? " more pair" : " more pairs") + " of accesses of " + What +
                   " in these threads conflict");
  return F;
}

/// The access of \p F conflicts with one more thread.
void Reporter::addPair(Finding &F, const Conflict &C) {
  Location Other = at(C.B.Sites);
  F.Steps.push_back({Other, "likewise: " + actor(C.ByB, C, F.Loc, false) + " may " + verb(C.B.Kind).str() + " '" + F.Subject +
                                "' here, holding " + locks(C.B)});
}

void Reporter::run() {
  // Pairs under a shared lock say what is wrong with the write; they need no second report.
  std::map<std::tuple<PlaceId, const Instruction *, const Instruction *, bool>, std::vector<size_t>> Groups;
  std::vector<std::tuple<PlaceId, const Instruction *, const Instruction *, bool>> Order;
  auto StartOf = [](const Actor &A) -> const Instruction * { return A.Start.empty() ? nullptr : A.Start.front(); };
  DenseMap<const Instruction *, bool> ReaderLocked;
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
        return std::make_tuple(rank(C.R), C.ByA.Start.empty() && C.ByB.Start.empty(), !isWrite(C.B.Kind), at(C.A.Sites),
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
    return rank(U.Conflicts[L.Conflict].R) < rank(U.Conflicts[R.Conflict].R);
  });
  std::map<std::tuple<PlaceId, const Instruction *, bool>, size_t> Told;
  for (const Report &R : Reports) {
    const Conflict &C = U.Conflicts[R.Conflict];
    auto [It, New] = Told.try_emplace({C.Object, C.A.Sites.front(), R.Update}, U.C.Findings.size());
    if (New)
      U.C.Findings.push_back(make(C, R.Others));
    else
      addPair(U.C.Findings[It->second], C);
  }
}

} // namespace

void reportConflicts(Unit &U) { Reporter(U).run(); }

} // namespace emm::race
