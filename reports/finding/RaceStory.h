//===- reports/finding/RaceStory.h - a conflict in sentences --------------===//
//
// From the facts about two accesses to the finding: headline, then the steps in
// this order: what makes the two overlap, the other access, this one, the
// declaration, what to do. The compiler and the reader tell their conflicts here.
//
//===----------------------------------------------------------------------===//

#ifndef EMM_REPORTS_FINDING_RACESTORY_H
#define EMM_REPORTS_FINDING_RACESTORY_H

#include "reports/finding/Access.h"
#include "reports/finding/Finding.h"

namespace emm::race {

/// Who makes an access.
struct RaceActor {
  std::vector<Location> Start; ///< of the thread: the start, then the calls that lead to it; empty for any other actor
  std::string Entry;           ///< for people; empty when unknown
  std::string Caller;          ///< a function that anyone may call, when the actor is nobody known
  bool Several = false;        ///< several such threads may run at once

  bool isThread() const { return !Start.empty(); }
};

/// One of the two accesses.
struct RaceSide {
  AccessKind Kind = AccessKind::Read;
  std::vector<Location> Sites;    ///< the access, then the calls that lead to it; never empty
  std::vector<std::string> Locks; ///< held, by their names, which are ready to be printed: `mu`
  std::vector<bool> Shared;       ///< for each lock: only shared
  RaceActor By;
};

struct RaceStory {
  Rule R = Rule::AtomicMissing;
  std::string Object, Type; ///< in the source's words; Type may be empty
  Location Declaration;
  std::string Function; ///< mangled, of the access that is reported
  std::string Flag;     ///< for atomic/weak-publication
  std::string Guard;    ///< the lock that one access holds and both could hold; empty if there is none
  RaceSide A, B;        ///< A is the one to report at
  bool SameSites = false, SameStart = false; ///< of A and B
  unsigned Held = 0, Total = 0; ///< for lock/inconsistent
  size_t Others = 0;            ///< pairs of accesses that this one stands for besides itself

  Finding tell() const;
  /// `likewise: ...`: what is added to the finding about A when B is one more access that conflicts with it.
  Step likewise() const;

private:
  std::string line(const Location &L) const;
  std::string actor(const RaceSide &S, bool First) const;
  std::string headline() const;
  std::string fix() const;
  void addThread(Finding &F, const RaceActor &A) const;
};

} // namespace emm::race

#endif
