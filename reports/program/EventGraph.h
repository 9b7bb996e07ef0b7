//===- reports/program/EventGraph.h - what may follow an event ------------===//
//
// As the compiler's Overlap, on the reduced graph of a summary: an event may
// overlap a thread if a path leads from the start to it that passes no barrier.
// Linear in the function for each start. Ways that the start's result excludes are
// none.
//
//===----------------------------------------------------------------------===//

#ifndef EMM_REPORTS_PROGRAM_EVENTGRAPH_H
#define EMM_REPORTS_PROGRAM_EVENTGRAPH_H

#include "reports/program/Program.h"

#include <optional>

namespace emm::program {

/// An event by block and index within it.
struct EventAt {
  uint32_t Block = 0, Index = 0;

  auto operator<=>(const EventAt &) const = default;
};

class AfterEvent {
public:
  /// \p Result: what the result of the start says if there is a thread.
  AfterEvent(const Function &F, EventAt Start, std::vector<EventAt> Barriers, Tells Result = Tells::Nothing);

  bool contains(EventAt E) const;
  bool isBarrier(EventAt E) const;
  bool outlivesFunction() const { return ReachesReturn; }
  bool startsAgain() const { return contains(Start); }
  EventAt start() const { return Start; }

private:
  /// True if no barrier stands between index From and index Until of \p Block, both exclusive.
  bool passes(uint32_t Block, int64_t From, int64_t Until) const;

  EventAt Start;
  std::vector<EventAt> Barriers; ///< sorted
  std::vector<bool> Entered;     ///< blocks whose begin is reached
  bool ReachesReturn = false;
};

/// Which blocks every way to a block passes, and the loops.
class Dominance {
public:
  explicit Dominance(const Function &F);

  /// Of a block that nothing leads to, every block.
  bool dominates(uint32_t A, uint32_t B) const;
  /// The number of the smallest loop that holds \p Block, or nothing.
  std::optional<uint32_t> loopAround(uint32_t Block) const;
  bool holds(uint32_t Loop, uint32_t Block) const { return Loops[Loop].second[Block]; }
  uint32_t headerOf(uint32_t Loop) const { return Loops[Loop].first; }

private:
  std::vector<uint32_t> Parent, Order; ///< of the tree; the place in reverse post-order, ~0u for what is not reached
  std::vector<std::pair<uint32_t, std::vector<bool>>> Loops; ///< by header, the blocks
};

} // namespace emm::program

#endif
