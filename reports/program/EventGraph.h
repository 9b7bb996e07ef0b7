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

private:
  /// True if no barrier stands between index From and index Until of \p Block, both exclusive.
  bool passes(uint32_t Block, int64_t From, int64_t Until) const;

  EventAt Start;
  std::vector<EventAt> Barriers; ///< sorted
  std::vector<bool> Entered;     ///< blocks whose begin is reached
  bool ReachesReturn = false;
};

} // namespace emm::program

#endif
