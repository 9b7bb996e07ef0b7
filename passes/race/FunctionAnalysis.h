//===- passes/race/FunctionAnalysis.h - one function, bottom up -----------===//
//
// Collects what a function and its callees access, under which locks, which
// threads it starts and until when they run; finds the conflicts that can be
// seen here; leaves a summary for callers. A pair of accesses is judged in the
// one function where the start of the thread and the other access are different
// events.
//
//===----------------------------------------------------------------------===//

#ifndef EMM_PASSES_RACE_FUNCTIONANALYSIS_H
#define EMM_PASSES_RACE_FUNCTIONANALYSIS_H

#include "passes/race/FunctionLocks.h"
#include "passes/race/Overlap.h"
#include "passes/race/ThreadEntry.h"
#include "passes/race/Values.h"

#include "llvm/Analysis/LoopInfo.h"
#include "llvm/IR/Dominators.h"

#include <deque>
#include <map>
#include <optional>

namespace emm::race {

class FunctionAnalysis {
public:
  FunctionAnalysis(Unit &U, ThreadEntries &Entries, const llvm::Function &F)
      : U(U), Entries(Entries), F(F), V(U, F), L(U, F, V), User(U.isUser(F)) {}

  void run(Summary &S);
  const llvm::Function &function() const { return F; }

private:
  friend class DocumentWriter;

  static constexpr unsigned MaxStarts = 64; ///< seen from one function
  static constexpr unsigned MaxLayers = 4;  ///< functions that call each other through what they were given

  /// A call that the merge of several units follows.
  struct CallEvent {
    const llvm::Instruction *At;
    PendingCall Call;
  };
  struct AccessEvent {
    const llvm::Instruction *At;
    Access A;
  };
  struct StartEvent {
    const llvm::Instruction *At;
    ThreadStart T;
    bool Lifted; ///< started inside a callee
    std::optional<size_t> Worker = {}; ///< work that the thread of this number takes up
    unsigned Layer = 0; ///< calls of what is handed on between the thread's entry and this one
  };
  struct JoinEvent {
    const llvm::Instruction *At;
    PlaceId Handle;
  };
  struct OrderEvent {
    const llvm::Instruction *At;
    PlaceId Object;
    bool Atomic; ///< an atomic load; counts when a loop waits on it
    bool Weak = false; ///< a relaxed one, which orders nothing
  };

  struct AwaitEvent {
    const llvm::Instruction *At;
    GateId What;            ///< 0 if it is a condition of which the lock is not known
    bool Polls = false;     ///< reads an atomic object in a loop
    PlaceId Object = UnknownPlace;
    bool Condition = false;
  };
  /// Wakes who waits for Object, or gives it back: a lock.
  struct WakeEvent {
    const llvm::Instruction *At;
    PlaceId Object;
    bool Release = false;
    LockSet Locks = {};
  };

  // Events (FunctionEvents.cpp)
  void visit(const llvm::Instruction &I, const LockSet &Held);
  void visitIterator(const llvm::CallBase &Call, const llvm::Function &Callee, const LockSet &Held);
  void visitModel(const llvm::CallBase &Call, const llvm::Function &Callee, const FunctionModel &M, const LockSet &Held);
  void visitSummary(const llvm::CallBase &Call, const Summary &S, const LockSet &Held,
                    const std::vector<PlaceSet> &Arguments);
  void noteCall(const llvm::CallBase &Call, PlaceId Callee, const LockSet &Held);
  void noteOutside(const llvm::CallBase &Call, const PendingCall &P, const LockSet &Held,
                   llvm::ArrayRef<PlaceSet> Arguments, Chain Sites);
  void addAccess(const llvm::Instruction &I, PlaceId Where, Access &&A);
  void addMemoryAccess(const llvm::Instruction &I, const llvm::Value *Pointer, llvm::Type *Type, bool Write,
                       bool Volatile, const LockSet &Held);
  std::optional<ModeTest> modeTested(const llvm::Value &Condition, bool Taken);
  const llvm::SmallVector<ModeTest, 1> &modesAt(const llvm::BasicBlock &B);
  std::optional<llvm::SmallVector<ModeTest, 1>> parametersTested(const llvm::CallBase &At,
                                                                 llvm::ArrayRef<ModeTest> Inner);
  bool isInitialising(const LockSet &Held) const;
  /// Calls \p Do for each place that the callee's access is of here, with the access as it is there: its locks are the
  /// callee's. Not for the unknown place.
  void translateAccess(const Access &Inner, const llvm::Instruction &Call, llvm::ArrayRef<PlaceSet> Arguments,
                       llvm::function_ref<void(Access &&)> Do);
  /// Adds what may be held where \p I stands.
  void addMaybe(const llvm::Instruction &I, Access &A);
  void settleSwitch(Access &A, const llvm::CallBase &Call, llvm::ArrayRef<PlaceSet> Arguments);
  void switchLocks();
  LockSet translateLocks(const LockSet &Locks, const llvm::Instruction &Call, llvm::ArrayRef<PlaceSet> Arguments);

  const llvm::DominatorTree &dominators();
  /// What may run after \p I, whatever joins or waits. Computed once for each instruction.
  const Overlap &freelyAfter(const llvm::Instruction &I);

  /// What counts as order between a start and an access: joins, signals that are waited for, relaxed flags as well.
  enum class Ordering { Joins, Signals, WeakSignals };

  // Threads (FunctionThreads.cpp)
  void startThread(const llvm::CallBase &Call, llvm::ArrayRef<ThreadTarget> Targets, bool Waits, bool WaitsAtEnd,
                   PlaceSet Handles);
  ThreadStart makeThread(const llvm::Instruction &Call, const ThreadTarget &T, unsigned Depth = 0);
  llvm::SmallVector<ThreadTarget, 1> targetsOf(PlaceId Callee, llvm::ArrayRef<PlaceSet> Given,
                                               const llvm::Instruction &Call, llvm::ArrayRef<PlaceSet> Arguments);
  void addStart(const llvm::Instruction &Call, const ThreadTarget &Target, const ThreadStart &Like, const LockSet &Locks,
                unsigned Depth, GateId Behind = 0);
  void moveHandles();
  /// True if one thread runs both: neither meets the other.
  bool areOneThread(const StartEvent &A, const StartEvent &B) const;
  llvm::SmallPtrSet<const llvm::Instruction *, 4> barriersOf(const StartEvent &S, Ordering O);
  bool joins(const JoinEvent &J, const StartEvent &S);
  const llvm::Instruction *loopBarrier(const llvm::Instruction &I, const llvm::Instruction *Start);
  void addJoinBarriers(const JoinEvent &J, const llvm::Instruction *Start,
                       llvm::SmallPtrSet<const llvm::Instruction *, 4> &Out);
  void settleThreads();
  bool isFreshPerStart(PlaceId Object, const StartEvent &S);

  // Gates (FunctionGates.cpp)
  GateId gateHere(GateId G, const llvm::Instruction &Call, llvm::ArrayRef<PlaceSet> Arguments);
  void addGates(const llvm::CallBase &Call, const Summary &S, llvm::ArrayRef<PlaceSet> Arguments);
  void settleGates();
  const llvm::LoopInfo &loops();
  bool isBehind(const llvm::Instruction &I, const AwaitEvent &Wait);
  GateId gateAt(const llvm::Instruction &I);
  bool passesBeforeReturn(const AwaitEvent &Wait);
  bool wakes(const ThreadStart &T, const Gate &G) const;
  void markAfterWakes();
  const std::vector<const llvm::Instruction *> &wakesOf(const StartEvent &S, GateId G);
  bool precedesWake(const StartEvent &S, GateId G, const llvm::Instruction &I);
  bool isWokenAfter(const StartEvent &S, const Access &Of, GateId G, const StartEvent &Waiting) const;

  // Callables (Callables.cpp)
  void callHeld(const llvm::CallBase &Call, PlaceId Holder, const LockSet &Locks, Chain Sites);
  std::vector<PendingCall> translateHeld(llvm::ArrayRef<PendingCall> Inner, const llvm::Instruction &Call,
                                         llvm::ArrayRef<PlaceSet> Arguments);
  void startHeld();

  // Pairs (FunctionPairs.cpp)
  void findConflicts();
  void leaveOpen(size_t Index);
  void settleOpen(const llvm::CallBase &Call, const Summary &S, const LockSet &Held,
                  llvm::ArrayRef<PlaceSet> Arguments);
  bool hasKnownCallers() const { return F.hasLocalLinkage() && !F.hasAddressTaken(); }
  void countHolders(Conflict &C);
  void nameByHolder(Conflict &C);
  void markAfterSignals();
  bool isSignal(const OrderEvent &O) const;
  void markAfterJoins();
  void reportReaderLocks();
  bool isFirstCallers(const ModeTest &M) const;
  bool runsOnce(const AccessEvent &E);
  void summarise(Summary &S);

  Unit &U;
  ThreadEntries &Entries;
  const llvm::Function &F;
  Values V;
  FunctionLocks L;
  bool User;
  std::vector<AccessEvent> Accesses;
  std::vector<StartEvent> Starts;
  std::deque<Overlap> Regions;
  std::vector<const Overlap *> Overlaps;    ///< by start; null where the start itself waits
  std::vector<const Overlap *> Flagged;     ///< as if relaxed flags ordered
  std::vector<const Overlap *> Unsignalled; ///< without regard to signals
  std::vector<JoinEvent> Joins;
  std::vector<JoinEvent> HandleEnds; ///< destructors of single handles that wait
  std::vector<JoinEvent> Ends; ///< destructors of handles and of containers of handles
  std::vector<OrderEvent> Orders;
  std::vector<AwaitEvent> Awaits;
  std::vector<WakeEvent> Wakes;
  std::vector<const llvm::Instruction *> NoReturns;
  std::vector<std::pair<PlaceId, PlaceId>> HandleMoves; ///< to, from
  std::vector<PendingCall> Pending;
  llvm::SmallVector<const llvm::Function *, 4> Running; ///< kept callables whose effects are being taken over
  std::vector<OpenConflict> Open;
  llvm::DenseMap<PlaceId, std::pair<PlaceId, LockSet>> Lookups; ///< element to the map and what was held at the look-up
  std::vector<CallEvent> Calls;
  llvm::DenseMap<const llvm::BasicBlock *, std::unique_ptr<llvm::SmallVector<ModeTest, 1>>> Modes;
  std::unique_ptr<llvm::DominatorTree> Dominators;
  std::unique_ptr<llvm::LoopInfo> Loops;
  std::map<std::pair<const llvm::Instruction *, GateId>, std::vector<const llvm::Instruction *>> WakesOf; ///< by start and gate
  llvm::DenseMap<const llvm::Instruction *, std::unique_ptr<Overlap>> Free;
  llvm::DenseMap<std::pair<const llvm::Instruction *, const llvm::Instruction *>, const llvm::Instruction *> LoopBarriers;
  bool Leaves = false;
  bool GaveUp = false;
};

} // namespace emm::race

#endif
