//===- passes/race/Conflict.h - two accesses that may meet ----------------===//

#ifndef EMM_PASSES_RACE_CONFLICT_H
#define EMM_PASSES_RACE_CONFLICT_H

#include "passes/race/Summary.h"
#include "reports/finding/Rule.h"

namespace emm::race {

/// Who makes an access: a thread that was seen to start, or whoever started it or calls the function from outside.
struct Actor {
  Chain Start;                             ///< of the thread; empty for the creating thread or an unknown caller
  const llvm::Function *Entry = nullptr;   ///< of the thread
  const llvm::Function *Caller = nullptr;  ///< a function that anyone may call, when the actor is not the creating thread
  bool Several = false;
};

/// The object is named by a place in the function In.
struct Conflict {
  Rule R;
  PlaceId Object;
  const llvm::Function *In;
  Access A, B; ///< A is the one to report at
  Actor ByA, ByB;
  PlaceId Flag = UnknownPlace;  ///< for atomic/weak-publication
  unsigned Held = 0, Total = 0; ///< for lock/inconsistent: accesses that hold the lock, accesses seen
  // Of a function that only this unit calls: what was seen at the calls that lead to it.
  bool Guarded = false;   ///< one holds a lock that the thread takes as well
  bool Unguarded = false; ///< one holds none of them
};

} // namespace emm::race

#endif
