//===- reports/program/FunctionMerge.h - one function of the program ------===//
//
// The compiler's analysis of one function, repeated on its summary with the
// callees of all units: what the function and its callees access under which
// locks, which threads run until when, the conflicts that are seen here, and
// what callers have to know. A pair is judged in the one function where the
// start of the thread and the other access are different events.
//
//===----------------------------------------------------------------------===//

#ifndef EMM_REPORTS_PROGRAM_FUNCTIONMERGE_H
#define EMM_REPORTS_PROGRAM_FUNCTIONMERGE_H

#include "reports/program/Closed.h"
#include "reports/program/EventGraph.h"

#include "llvm/ADT/DenseSet.h"

#include <map>
#include <optional>

namespace emm::program {

/// What all functions share.
struct Merge {
  Merge(Program &P) : P(P), Summaries(P.Functions.size()) {}

  Program &P;
  std::vector<Closed> Summaries; ///< by function
  std::vector<Conflict> Conflicts;
  llvm::DenseSet<uint32_t> SharedGlobals; ///< symbols of globals that a thread touches and somebody writes
  /// How a function's code spells a lock that its callees take.
  std::map<std::pair<uint32_t, PlaceId>, std::string> LockNames;
  unsigned GaveUp = 0;           ///< functions where a limit was reached
};

class FunctionMerge {
public:
  FunctionMerge(Merge &M, uint32_t Number) : M(M), P(M.P.P), Number(Number), F(M.P.Functions[Number]) {}

  void run();

private:
  static constexpr unsigned MaxStarts = 4000; ///< of one function, callees included

  struct AccessEvent {
    EventAt At;
    Access A;
  };
  struct StartEvent {
    EventAt At;
    ThreadStart T;
    bool Lifted = false; ///< started inside a callee
  };
  struct AwaitEvent {
    EventAt At;
    Gate What;
    bool Polls = false; ///< reads an atomic object in a loop
  };
  struct WakeEvent {
    EventAt At;
    Wake What;
  };
  struct PlaceEvent {
    EventAt At;
    PlaceId Place;
    bool Flag; ///< of a join: at the end of a handle; of an order: an atomic that a loop waits on
  };

  // Values
  PlaceSet load(PlaceId Address, unsigned Depth = 0);
  PlaceSet resolve(PlaceId P, bool &Crossed);
  PlaceSet resolve(const PlaceSet &Of);
  PlaceSet translate(PlaceId P, uint32_t Call, llvm::ArrayRef<PlaceSet> Arguments);
  std::vector<PlaceSet> translate(llvm::ArrayRef<PlaceSet> Of, uint32_t Call, llvm::ArrayRef<PlaceSet> Arguments);
  PlaceSet baseOf(PlaceId Of, uint32_t Call, llvm::ArrayRef<PlaceSet> Arguments);
  PlaceSet follow(PlaceSet From, llvm::ArrayRef<Offset> Path);
  PlaceId lockFor(PlaceId Inner, PlaceId InnerWhere, PlaceId Where, uint32_t Call, llvm::ArrayRef<PlaceSet> Arguments);
  /// Of an access that was at \p InnerWhere in the callee and is at \p Where here; without one, locks that are known.
  LockSet translate(const LockSet &Of, uint32_t Call, llvm::ArrayRef<PlaceSet> Arguments, uint32_t Callee,
                    PlaceId InnerWhere = Unknown, PlaceId Where = Unknown);
  PlaceId ownLock(PlaceId Lock, PlaceId Place, PlaceId Where);
  LockSet resolve(const LockSet &Of);
  std::string nameOf(PlaceId P, Position &Declaration) const;
  std::string renamed(llvm::StringRef Name, const Function &Callee, PlaceId Inner, PlaceId Here,
                      llvm::ArrayRef<PlaceSet> Arguments, Position &Declaration);
  void rename(Access &A, const Function &Callee, PlaceId Inner, llvm::ArrayRef<PlaceSet> Arguments);

  // Events
  void findResults();
  void findLocks();
  void applyLocks(const Event &E, LockSet &Must, LockSet &May);
  void visit(EventAt At, const Event &E);
  void visitCall(EventAt At, const Event &E, uint32_t Callee, llvm::ArrayRef<PlaceSet> Arguments, const LockSet &Held,
                 const Modes &Tested, const Sites &Via, unsigned Depth);
  void startWhat(EventAt At, const PlaceSet &Callee, const std::vector<PlaceSet> &Given, const ThreadStart &Like,
                 const LockSet &Locks, unsigned Depth, const Gate &Behind = {});
  void start(EventAt At, uint32_t Entry, const std::vector<PlaceSet> &Arguments, ThreadStart T, const LockSet &Locks,
             unsigned Depth, const Gate &Behind);
  void addAccess(EventAt At, Access A);
  std::vector<uint32_t> targets(PlaceId Callee);

  // Gates (MergeGates.cpp)
  Gate gateHere(const Gate &G, uint32_t Call, llvm::ArrayRef<PlaceSet> Arguments, PlaceId InnerWhere = Unknown,
                PlaceId Where = Unknown);
  void addWakes(std::vector<Wake> &To, llvm::ArrayRef<Wake> Of, bool Locked, uint32_t Call,
                llvm::ArrayRef<PlaceSet> Arguments);
  bool isBehind(EventAt At, const AwaitEvent &Wait);
  Gate gateAt(EventAt At);
  bool matches(const Wake &W, const Gate &G) const;
  bool wakes(const ThreadStart &T, const Gate &G) const;
  void markAfterWakes();
  bool isWokenAfter(const StartEvent &S, const Access &Of, const Gate &G, const StartEvent &Waiting) const;
  bool precedesWake(uint32_t Start, const Gate &G, EventAt At);

  // Pairs
  bool joins(const PlaceEvent &J, const StartEvent &S) const;
  std::vector<EventAt> barriers(const StartEvent &S, bool Signals) const;
  bool leadsElsewhere(PlaceId Where, const llvm::DenseSet<PlaceId> &Written);
  void findConflicts();
  void judge(const Access &A, const Actor &ByA, const Access &B, const Actor &ByB, bool Crossed);
  void summarise();

  Merge &M;
  Places &P;
  const uint32_t Number;
  const Function &F;
  llvm::DenseMap<PlaceId, PlaceSet> Data;
  llvm::DenseMap<uint32_t, PlaceSet> Results; ///< by root of a call's result
  llvm::DenseSet<uint32_t> CrossedResults;
  std::vector<std::vector<LockSet>> Extra;    ///< by event: locks that callees acquired before it
  std::vector<std::vector<LockSet>> Maybe;    ///< by event: locks that callees acquired on some way to it
  LockSet AtReturn, MaybeAtReturn;
  std::vector<AccessEvent> Accesses;
  std::vector<StartEvent> Starts;
  std::vector<PlaceEvent> Joins, Orders;
  std::vector<AwaitEvent> Awaits;
  std::vector<WakeEvent> Wakes;
  std::optional<Dominance> Graph;
  /// By start and gate: whether it is known, and from where on threads may pass.
  std::map<std::pair<uint32_t, Gate>, std::pair<bool, std::vector<AfterEvent>>> WakesOf;
  std::vector<PendingCall> Pending;
  std::vector<EventAt> PendingAt; ///< by pending call
  std::vector<std::optional<AfterEvent>> Overlaps, Unsignalled; ///< by start
  bool Leaves = false;
  bool Cut = false;
};

} // namespace emm::program

#endif
