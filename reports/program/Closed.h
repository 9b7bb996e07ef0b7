//===- reports/program/Closed.h - a function with all that it calls -------===//
//
// What callers need of a function once its callees in all units are known; as
// the compiler's own summaries, but over the whole program. `Crossed` marks what
// the compiler could not see: a call, start or result led into another unit.
//
//===----------------------------------------------------------------------===//

#ifndef EMM_REPORTS_PROGRAM_CLOSED_H
#define EMM_REPORTS_PROGRAM_CLOSED_H

#include "reports/program/Program.h"

#include <string>

namespace emm::program {

using Sites = llvm::SmallVector<Position, 4>;

/// What a thread waits for, without a time limit. Who makes a condition true has to hold a lock for that.
struct Gate {
  PlaceId Object = Unknown;
  bool Condition = false;

  auto operator<=>(const Gate &) const = default;
};

/// Lets those go on who wait for Object.
struct Wake {
  PlaceId Object = Unknown; ///< unknown: for anything
  bool Locked = false;      ///< with a lock held

  auto operator<=>(const Wake &) const = default;
};

struct Access {
  PlaceId Where = Unknown;
  race::AccessTraits Traits;
  bool AfterSignal = false, AfterJoin = false, Relaxed = false, Crossed = false;
  bool AfterWake = false; ///< may follow something that wakes others
  bool Once = false; ///< in a callee, behind a test that only the first caller passes
  uint32_t Size = 0, Count = 1;
  uint32_t In = 0; ///< the function whose code it is
  Gate Behind;              ///< what its thread has surely waited for before
  LockSet Locks;
  LockSet Maybe;            ///< held on some ways to the access: a callee took them under a condition
  Modes Tested;
  Sites At;                 ///< the access, then the calls
  std::string Name;         ///< in the words of the function at hand
  Position Declaration;
};

struct ThreadStart {
  Sites At;
  uint32_t Entry = ~0u;     ///< ~0u: what Pending holds
  uint32_t In = 0;          ///< the function that starts it
  PlaceId Pending = Unknown;
  std::vector<PlaceSet> Arguments; ///< of a pending one
  bool Several = false, Waits = false, AtEnd = false, Crossed = false;
  Tells Told = Tells::Nothing; ///< of the event's result; in a summary, of the function's
  bool CalledAgain = false; ///< Several only because a caller may call again, which a test in between may prevent
  PlaceSet Handles, Fresh;
  std::vector<Access> Accesses;
  std::vector<PlaceId> Signals;
  std::vector<Wake> Wakes;
  Gate Behind;              ///< of a pending one: as of an access, of all that it will do
};

/// A call of something that only callers know.
struct PendingCall {
  PlaceId Callee = Unknown;
  std::vector<PlaceSet> Arguments;
  LockSet Locks;
  Modes Tested;
  Sites At;
  Gate Behind; ///< as of an access
};

struct Closed {
  llvm::SmallVector<PlaceSet, 1> Results;
  bool ResultsCrossed = false;
  std::vector<std::pair<PlaceId, PlaceSet>> Stores; ///< into what parameters lead to
  std::vector<Access> Accesses;
  std::vector<ThreadStart> Threads; ///< started and not surely joined
  std::vector<PendingCall> Pending;
  LockSet Acquires, MayAcquire;
  PlaceSet Releases, Gives;
  std::vector<PlaceId> Joins, Orders;
  llvm::SmallVector<Gate, 1> Passes; ///< what it has surely waited for when it returns
  std::vector<Wake> Wakes;
  bool Leaves = false; ///< may jump away or end its thread
  bool Done = false;
};

/// Who makes an access: a thread, or whoever started it, or any caller of a function that nothing here calls.
struct Actor {
  Sites Start;
  uint32_t Entry = ~0u, Caller = ~0u;
  bool Several = false;
};

struct Conflict {
  Rule R;
  Access A, B; ///< A is the one to report at
  Actor ByA, ByB;
  uint32_t In = 0; ///< the function in whose places it is
  unsigned Held = 0, Total = 0;
};

} // namespace emm::program

#endif
