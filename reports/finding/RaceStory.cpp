//===- reports/finding/RaceStory.cpp --------------------------------------===//

#include "reports/finding/RaceStory.h"

#include "llvm/ADT/StringExtras.h"

using namespace llvm;

namespace emm::race {

static StringRef done(AccessKind K) {
  return K == AccessKind::MapIterate ? "iterated over" : isWrite(K) ? "written" : "read";
}

static StringRef verb(AccessKind K) {
  return K == AccessKind::MapIterate ? "iterate over" : isWrite(K) ? "write" : "read";
}

static std::string locks(const RaceSide &S) {
  std::string Out;
  for (size_t N = 0; N < S.Locks.size(); ++N) {
    if (!Out.empty())
      Out += " and ";
    Out += "'" + S.Locks[N] + (S.Shared[N] ? "' (shared)" : "'");
  }
  return Out.empty() ? "no lock" : Out;
}

std::string RaceStory::line(const Location &L) const {
  if (!L.isKnown())
    return "";
  return L.File == A.Sites.front().File ? " at line " + utostr(L.Line) : " at " + L.File + ":" + utostr(L.Line);
}

/// `the thread started at line 12`, `the creating thread`, `a caller of put`.
std::string RaceStory::actor(const RaceSide &S, bool First) const {
  const RaceActor &By = S.By;
  if (!By.Caller.empty())
    return "a caller of " + By.Caller;
  if (!By.isThread())
    return "the creating thread";
  const Location &L = By.Start.front();
  bool Both = A.By.isThread() && B.By.isThread();
  if (SameStart && !First)
    return "another thread started there";
  std::string Which = SameStart || By.Several ? "a thread" : "the thread";
  if (!L.isKnown())
    return Which + " that runs " + (By.Entry.empty() ? "it" : By.Entry);
  if (Both && !First && !SameStart && A.By.Start.front().Line == L.Line && A.By.Start.front().File == L.File)
    Which = "another thread";
  return Which + " started" + line(L);
}

std::string RaceStory::headline() const {
  std::string What = "'" + Object + "'";
  if (R == Rule::MapWriteUnderReaderLock && SameSites)
    return "map " + What + " is written here while '" + A.Locks.front() + "' is only held shared, which lets other readers in";
  StringRef Noun = isMap(A.Kind) ? "map" : isObject(A.Kind) ? "object" : "variable";
  std::string Text = (isObject(A.Kind) && !Type.empty() ? What + " of type " + Type : Noun.str() + " " + What) + " is " +
                     done(A.Kind).str() + " here in " + actor(A, true) + " while " + actor(B, false) + " may " +
                     verb(B.Kind).str() + " it" + line(B.Sites.front()) + "; ";
  switch (R) {
  case Rule::MapWriteUnderReaderLock:
    return Text + "'" + A.Locks.front() + "' is only held shared";
  case Rule::AtomicMixed:
    return Text + (isAtomic(A.Kind) ? "only this access is atomic" : "only the other access is atomic");
  case Rule::AtomicVolatile:
    return Text + "volatile does not make it safe";
  case Rule::AtomicWeakPublication:
    return Text + "the flag '" + Flag + "' between them is relaxed and orders nothing";
  case Rule::AtomicLostUpdate:
    return Text + "the value stored was computed from an earlier load, and the change in between is lost";
  case Rule::LockInconsistent:
    return Text + locks(A.Locks.empty() ? B : A) + " is held at " + utostr(Held) + " of " + utostr(Total) +
           " accesses, not at " + (A.Locks.empty() ? "this one" : "that one");
  default:
    return Text + (A.Locks.empty() && B.Locks.empty() ? "no lock is held" : "no lock is held in common");
  }
}

std::string RaceStory::fix() const {
  std::string What = "'" + Object + "'";
  if (R == Rule::MapWriteUnderReaderLock)
    return "take the lock exclusively, or look the key up with find";
  if (R == Rule::AtomicLostUpdate)
    return "use one read-modify-write operation, such as fetch_add or compare_exchange";
  if (R == Rule::AtomicWeakPublication)
    return "store '" + Flag + "' with memory_order_release and load it with memory_order_acquire";
  if (!Guard.empty())
    return "hold '" + Guard + "' at both accesses";
  if (isMap(A.Kind))
    return "guard every access of " + What + " with one mutex, also for different keys, or use a concurrent map such as emm::sync_map";
  if (isObject(A.Kind))
    return "guard every access of " + What + " with one mutex";
  return "make " + What + " atomic at every access (std::atomic, _Atomic), or guard every access with one mutex";
}

void RaceStory::addThread(Finding &F, const RaceActor &By) const {
  if (!By.isThread())
    return;
  std::string Runs = By.Entry.empty() ? "" : (By.Several ? " and run " : " and runs ") + By.Entry;
  F.Steps.push_back({By.Start.front(), (By.Several ? "several threads are started here" : "the thread is started here") + Runs});
  for (size_t N = 1; N < By.Start.size(); ++N)
    F.Steps.push_back({By.Start[N], "called here"});
}

Finding RaceStory::tell() const {
  std::string What = "'" + Object + "'";
  const Location &Main = A.Sites.front();
  Finding F;
  F.R = R;
  F.Loc = Main;
  F.Function = Function;
  F.Subject = Object;
  F.Message = headline();
  // Cause first: what makes them overlap, then the other access, then what to do.
  addThread(F, A.By);
  if (!SameStart)
    addThread(F, B.By);
  if (!SameSites) {
    F.Steps.push_back({B.Sites.front(), "the other access: " + actor(B, false) + " may " + verb(B.Kind).str() + " " + What +
                                            " here, holding " + locks(B)});
    for (size_t N = 1; N < B.Sites.size(); ++N)
      F.Steps.push_back({B.Sites[N], "reached through this call"});
  }
  for (size_t N = 1; N < A.Sites.size(); ++N)
    F.Steps.push_back({A.Sites[N], "the access that is reported is reached through this call"});
  bool Unordered = !A.By.Caller.empty() || !B.By.Caller.empty() || (A.By.isThread() && B.By.isThread());
  if (R != Rule::MapWriteUnderReaderLock || !SameSites)
    F.Steps.push_back({Main, "this access holds " + locks(A) +
                                 (Unordered ? "; nothing orders the two"
                                            : "; no join stands between the start of the thread and the other access")});
  if (Declaration.isKnown())
    F.Steps.push_back({Declaration, What + " is declared here"});
  F.Steps.push_back({Main, fix()});
  if (Others)
    F.Steps.push_back({Main, utostr(Others) + (Others == 1 ? " more pair" : " more pairs") + " of accesses of " + What +
                                 " in these threads conflict"});
  return F;
}

Step RaceStory::likewise() const {
  return {B.Sites.front(), "likewise: " + actor(B, false) + " may " + verb(B.Kind).str() + " '" + Object +
                               "' here, holding " + locks(B)};
}

} // namespace emm::race
