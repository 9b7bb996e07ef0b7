//===- passes/escape/EscapeSummary.h - what callers may know of a function ===//
//
// Per parameter (numbered as IR arguments): the sinks that its value reaches,
// with the smallest number of loads after which it does. Zero loads is the
// pointer itself, one is what it points to. What lies deeper follows it.
//
//   order   A <= B  iff  every leak of A is in B with at most the same loads
//   bottom  no leaks, a result that is nothing but its parameters
//   join    union, the smaller number of loads
//
//===----------------------------------------------------------------------===//

#ifndef EMM_PASSES_ESCAPE_ESCAPESUMMARY_H
#define EMM_PASSES_ESCAPE_ESCAPESUMMARY_H

#include "reports/finding/Finding.h"

#include "llvm/ADT/SmallVector.h"

#include <cstdint>
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

struct ParamLeak {
  enum Sink : uint8_t { ToHeap, ToResult, ToParam } To = ToHeap;
  uint32_t Param = 0;
  uint8_t Loads = 0;   ///< at the parameter
  uint32_t Other = 0;  ///< ToParam: the parameter whose memory it is stored in
  uint8_t OtherLoads = 0;
  Cause Why;           ///< ToHeap only

  bool sameFlow(const ParamLeak &O) const {
    return To == O.To && Param == O.Param && Other == O.Other && OtherLoads == O.OtherLoads;
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

struct EscapeSummary {
  llvm::SmallVector<ParamLeak, 4> Leaks;
  llvm::SmallVector<HandedOut, 1> Allocations;
  bool ResultIsUnknown = false; ///< the result may point to memory that is not one of the parameters'

  /// Joins one leak in; true if the summary grew.
  bool add(ParamLeak L) {
    for (ParamLeak &Old : Leaks)
      if (Old.sameFlow(L)) {
        if (Old.Loads <= L.Loads)
          return false;
        Old = std::move(L);
        return true;
      }
    Leaks.push_back(std::move(L));
    return true;
  }
};

} // namespace emm

#endif
