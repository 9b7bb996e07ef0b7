//===- passes/escape/EscapeSummary.h - what callers may know of a function ===//
//
// Per parameter (numbered as IR arguments): the sinks that its value reaches,
// and the number of loads after which it does. Zero loads is the pointer itself,
// one is what it points to. What lies deeper follows it. Offsets say which field:
// a constructor stores each argument at its place, a getter reads one.
//
//   order   A <= B  iff  every leak of A is in B, or a wider one
//   bottom  no leaks, a result that is nothing but its parameters
//   join    union; beyond MaxLeaks, and on coarsen(), without offsets; beyond
//           MaxCoarse what is stored in a parameter's memory counts as leaked to
//           the heap, and that memory as holding anything
//
//===----------------------------------------------------------------------===//

#ifndef EMM_PASSES_ESCAPE_ESCAPESUMMARY_H
#define EMM_PASSES_ESCAPE_ESCAPESUMMARY_H

#include "passes/escape/EscapeGraph.h"
#include "reports/finding/Finding.h"

#include "llvm/ADT/SmallVector.h"
#include "llvm/IR/GlobalValue.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace emm {

/// The last hop of a chain: what ended the search, in words and in the source.
struct Cause {
  enum Kind : uint8_t {
    Unknown,
    Returned,       ///< leaves through the result
    StoredInGlobal, ///< Name = the global
    StoredInParam,  ///< memory reached from parameter Name
    StoredInUnknown,///< memory that nothing is known of
    Thread,         ///< handed to another thread
    UnknownCallee,  ///< Name = the callee, or empty for a call through a pointer
    VirtualCall,
    Thrown,
    OuterLoop,
    TooLarge,
    NonConstantSize,
    Widened,        ///< a set became too large to follow
  } What = Unknown;
  std::string Name;
  Location Loc;
};

/// The offset of a parameter's value where it stands for a capture: a small closure is passed as what it captures, and
/// what its operator does to a capture is not done to the closure.
inline constexpr int64_t CaptureOffset = AnyOffset / 2 + 1;

struct ParamLeak {
  enum Sink : uint8_t { ToHeap, ToResult, ToParam } To = ToHeap;
  uint32_t Param = 0;
  uint8_t Loads = 0;           ///< at the parameter
  int64_t At = AnyOffset;      ///< no loads: what is added to the pointer; else where the first load is
  uint32_t Other = 0;          ///< ToParam: the parameter whose memory it is stored in
  uint8_t OtherLoads = 0;
  int64_t Into = AnyOffset;    ///< where it is stored: in what Other points to, or in a result that is returned in
                               ///< memory; with OtherLoads the place of the first load
  bool Inside = false;         ///< ToParam, the parameter's own memory: as of a WhyNote; says nothing of the flow
  Cause Why;                   ///< ToHeap only

  /// The value leaks as what a closure captures, not as the closure.
  bool capture() const { return Loads == 0 && At == CaptureOffset; }
  bool sameFlow(const ParamLeak &O) const {
    return To == O.To && Param == O.Param && Loads == O.Loads && At == O.At && Other == O.Other &&
           OtherLoads == O.OtherLoads && Into == O.Into;
  }
  /// True if whatever this leak says of the heap follows from \p O.
  bool follows(const ParamLeak &O) const {
    return To == ToHeap && O.To == ToHeap && Param == O.Param &&
           ((O.Loads == 0 && !O.capture()) || (O.Loads && O.Loads <= Loads && (O.At == AnyOffset || O.At == At)));
  }
};

/// Storage that a function hands to its caller. Only kept for library code: there the caller's call is the allocation
/// that the user sees.
struct HandedOut {
  bool InResult = true;
  uint32_t Param = 0; ///< !InResult: stored into this parameter's memory
  Cause::Kind Size = Cause::Unknown; ///< TooLarge or NonConstantSize if that is why it cannot be a stack slot
  bool operator==(const HandedOut &) const = default;
};

/// A pointer that is not the caller's and that the function leaves in the caller's memory or result: the address of a
/// constant (a vtable) or function, or one of which nothing is known.
struct Planted {
  bool InResult = false;
  uint32_t Param = 0;
  uint8_t Loads = 0;
  int64_t Into = AnyOffset; ///< as in ParamLeak
  const llvm::GlobalValue *What = nullptr; ///< null: unknown memory
  int64_t Offset = 0;                      ///< in What
  bool operator==(const Planted &) const = default;
};

struct HigherOrder;

struct EscapeSummary {
  static constexpr unsigned MaxLeaks = 48, MaxCoarse = 48, MaxPlants = 16;

  llvm::SmallVector<ParamLeak, 4> Leaks;
  llvm::SmallVector<HandedOut, 1> Allocations;
  llvm::SmallVector<Planted, 1> Plants;
  bool ResultIsUnknown = false; ///< the result may point to memory that is not one of the parameters'
  bool Coarse = false;          ///< offsets are no longer kept
  bool Flat = false;            ///< nor who is stored in whom
  /// What is known if the functions that it was passed are; null if it calls none of them. All else counts them as unknown.
  std::shared_ptr<const HigherOrder> Higher;

  /// Joins one leak in; true if the summary grew.
  bool add(ParamLeak L);
  bool add(Planted P);
  /// Joins \p O in; true if the summary grew.
  bool join(EscapeSummary O);
  /// Forgets the offsets, so that a recursion that adds to them ends; false if they were forgotten before.
  bool coarsen();
  void flatten();
};

/// A value that a function has from its caller: a parameter, or what is some loads behind it.
struct CallerValue {
  uint32_t Param = 0;
  uint8_t Loads = 0;
  int64_t At = AnyOffset; ///< as in ParamLeak
  bool operator==(const CallerValue &) const = default;
};

/// A call of a function that the caller has passed: what it is given, and where its result goes.
struct CalledBack {
  struct Argument {
    llvm::SmallVector<CallerValue, 2> Values;
    bool Unknown = false; ///< it may also be something that is not the caller's
    bool Own = false;     ///< it may point to storage of the function that calls; Behind is what is reached from there
    llvm::SmallVector<CallerValue, 2> Behind;
    bool UnknownBehind = false; ///< as Unknown, of what is reached from there
    bool Nested = false;        ///< that storage holds addresses of more such storage
    bool Keeper = false;        ///< a library's object that keeps the callable
  };
  llvm::SmallVector<CallerValue, 2> Callee; ///< with Slot: the table that it stands in
  std::optional<int64_t> Slot;              ///< a virtual call's place in the table
  llvm::SmallVector<Argument, 4> Args; ///< as the call has them
  std::vector<ParamLeak> Results;      ///< only the sinks count

  bool sameCallee(const CalledBack &O) const { return Callee == O.Callee && Slot == O.Slot && Args.size() == O.Args.size(); }
  /// Joins in another call of the same callee; true if this grew.
  bool join(const CalledBack &O);
};

/// A function that calls what it was passed: \p Calls, and what it does apart from them.
struct HigherOrder {
  static constexpr unsigned MaxCalls = 4, MaxValues = 8, MaxResults = 16;
  EscapeSummary Rest;
  std::vector<CalledBack> Calls;

  /// Joins in what another visit of the same recursion has found; true if this grew. Calls of the same values become one.
  bool join(const HigherOrder &O);
  /// Forgets offsets, so that a recursion that adds to them ends.
  void coarsen();
  /// False if it has become too large to be followed.
  bool fits() const;
};

} // namespace emm

#endif
