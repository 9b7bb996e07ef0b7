//===- passes/race/Summary.h - what callers need to know of a function ----===//
//
// Everything is said in places rooted at parameters, globals, functions or heap
// objects of the function; a caller translates them into its own places. A
// chain of instructions leads from the site in user code to the function the
// summary is of: the innermost first, then the calls.
//
//===----------------------------------------------------------------------===//

#ifndef EMM_PASSES_RACE_SUMMARY_H
#define EMM_PASSES_RACE_SUMMARY_H

#include "passes/model/LibraryModels.h"
#include "passes/race/Overlap.h"
#include "passes/race/Place.h"
#include "reports/finding/Access.h"

#include "llvm/IR/Instruction.h"

#include <limits>

namespace emm::race {

/// A lock that is certainly held.
struct Held {
  PlaceId Lock = UnknownPlace;
  LockMode Mode = LockMode::Write;
  PlaceId Guard = UnknownPlace; ///< the guard object that will release it, if one does

  bool operator==(const Held &O) const { return Lock == O.Lock && Mode == O.Mode && Guard == O.Guard; }
  bool operator<(const Held &O) const {
    return Lock != O.Lock ? Lock < O.Lock : Guard != O.Guard ? Guard < O.Guard : Mode < O.Mode;
  }
};

/// Sorted; a lock taken twice stands twice.
using LockSet = llvm::SmallVector<Held, 2>;
using Chain = llvm::SmallVector<const llvm::Instruction *, 4>;

/// What a thread waits for, without a time limit: a latch, a semaphore, an atomic object, or a condition and the lock that
/// whoever makes it true has to give back.
struct Gate {
  PlaceId Object = UnknownPlace, Lock = UnknownPlace;

  bool operator<(const Gate &O) const { return Object != O.Object ? Object < O.Object : Lock < O.Lock; }
};
/// Number of a Gate in Unit::Gates; 0 is none.
using GateId = uint32_t;

/// What is held where an integer parameter of the function decides whether a lock is taken.
struct SwitchedLocks {
  unsigned Argument; ///< by IR number
  LockSet On, Off;   ///< if it is not zero, if it is
};

/// A global compared with a constant on the way to an access: programs keep the phase they are in there. Also a parameter
/// that is no pointer, on the way to the start of a thread: callers often pass a constant.
struct ModeTest {
  PlaceId Global = UnknownPlace;
  int64_t Value = 0;
  bool Equal = false;

  bool operator==(const ModeTest &O) const { return Global == O.Global && Value == O.Value && Equal == O.Equal; }
  bool contradicts(const ModeTest &O) const {
    return Global == O.Global && (Equal && O.Equal ? Value != O.Value : Equal != O.Equal && Value == O.Value);
  }
};

/// One access, or several that agree in everything a verdict depends on.
struct Access {
  PlaceId Where = UnknownPlace;
  AccessKind Kind = AccessKind::Read;
  uint8_t Order = 5;       ///< of an atomic access: 0 relaxed ... 5 sequentially consistent
  bool Volatile = false;
  bool FromLoad = false;   ///< an atomic store of a value computed from an atomic load of the same place
  bool AfterSignal = false;///< may follow a signalling operation of its thread (latch, condition, release store)
  bool AfterWake = false;  ///< may follow something that wakes others
  bool AfterJoin = false;  ///< comes after a join in the function or a callee
  bool Once = false;       ///< in a callee, behind a test that only the first caller passes
  uint32_t Size = 0;       ///< bytes, 0 = the whole object
  uint32_t Count = 1;
  GateId Behind = 0;         ///< what its thread has surely waited for before
  llvm::SmallVector<ModeTest, 0> Modes; ///< what was tested on the way here; mostly nothing, and summaries are full of accesses
  LockSet Locks;
  /// Further locks, taken by a callee on some of its ways: whether on this one is not seen, so they may protect a scalar.
  /// Not of maps.
  PlaceSet Maybe;
  const SwitchedLocks *Switched = nullptr; ///< what callers may add to Locks once they know the argument
  Chain Sites;             ///< empty inside library code until a user's call is reached

  Access() = default;
  Access(const Access &) = default;
  Access(Access &&) noexcept = default; // or vectors that grow would copy
  Access &operator=(const Access &) = default;
  Access &operator=(Access &&) noexcept = default;
};

/// A call of something that only callers know.
struct PendingCall {
  PlaceId Callee = UnknownPlace;
  GateId Behind = 0; ///< as of an access
  bool Held = false; ///< Callee is the holder that a callable object points to (Callables.cpp)
  std::vector<PlaceSet> Arguments;
  LockSet Locks;
  Chain Sites;
};

/// A thread that the function starts and that may run on after it returned, or that is seen while analysing it.
struct ThreadStart {
  Chain Sites;                     ///< from the starting call in user code outwards
  const llvm::Function *Entry = nullptr;
  bool Several = false;            ///< may run in parallel with itself
  bool Waits = false;              ///< the call itself waits for its threads (a parallel region)
  bool WaitsAtEnd = false;         ///< the handle's destructor waits
  StartTells Tells = StartTells::Nothing; ///< of the call's result; in a summary, of the function's
  PlaceSet Handles;
  std::vector<Access> Accesses;    ///< what the thread does, in the places of the function that the start is seen from
  std::vector<PlaceId> Signals;    ///< places of signalling operations; the unknown place for one that has none
  PlaceSet Wakes;                  ///< as of a summary
  std::vector<PlaceId> WeakSignals;///< places of atomic stores that order nothing
  llvm::SmallVector<ModeTest, 1> Modes; ///< tests of the function's own parameters on the way to the start
  std::vector<PlaceSet> Arguments; ///< what the entry is given, in the places of the function with the start
  std::vector<PendingCall> Held;   ///< calls of what callable objects keep, which only callers can resolve
  // A start whose entry is a parameter of the function: resolved by callers.
  PlaceId PendingEntry = UnknownPlace;
  std::vector<PlaceSet> PendingArguments;
  GateId Behind = 0; ///< as of an access, of all that it will do
};

struct StoreEffect {
  PlaceId Where;
  PlaceSet Values;
};
/// Memory copied from one place to another.
struct CopyEffect {
  static constexpr int64_t Unbounded = std::numeric_limits<int64_t>::max();
  PlaceId To, From;
  int64_t Bytes = Unbounded; ///< the whole object if the length is not known

  /// True if what lies \p Delta bytes behind the two places is copied.
  bool covers(int64_t Delta) const { return Delta >= 0 && Delta < Bytes; }
};

/// A conflict between a thread and the function that starts it, which callers prevent by holding one of the locks.
struct OpenConflict {
  size_t Index = 0; ///< in Unit::Conflicts
  LockSet Locks;
};

struct Summary {
  llvm::SmallVector<PlaceSet, 1> Results; ///< by index of the returned aggregate; one for a plain value
  std::vector<StoreEffect> Stores;
  std::vector<CopyEffect> Copies;
  std::vector<Access> Accesses;
  LockSet Acquired;                 ///< held at every return, not held at entry
  LockSet MayAcquire;               ///< held at some return, and not in Acquired
  std::vector<PlaceId> Released;    ///< locks or guards of the caller that may be released, if only for a while
  std::vector<PlaceId> NotGivenBack;///< those of them that may still be released at return
  std::vector<ThreadStart> Threads; ///< started and not surely joined
  std::vector<PlaceId> Joins;       ///< handles joined
  std::vector<PlaceId> Orders;      ///< waiting or signalling operations; unknown place for one without object
  llvm::SmallVector<GateId, 1> Passes; ///< what it has surely waited for when it returns
  PlaceSet Wakes;                   ///< what it may wake others from, and locks that it gives back; the unknown place: any.
                                    ///< Of atomic stores the accesses tell
  std::vector<PendingCall> Pending;
  std::vector<OpenConflict> Open;   ///< only of functions whose callers are all known
  std::vector<PendingCall> Outside; ///< of a library function: calls of the user's functions, for the merge of units
  bool NeverReturns = false;        ///< every path ends the program, throws or runs for ever
  bool Leaves = false;              ///< may leave by a jump or end its thread; of exceptions the attributes tell
  bool Complete = false;            ///< false while the function is being analysed: recursion sees what is there so far
  bool GaveUp = false;              ///< a cap was reached
};

} // namespace emm::race

#endif
