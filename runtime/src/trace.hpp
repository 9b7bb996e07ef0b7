// The flight recorder: the last operations of every thread on traced maps.
#ifndef EMM_TRACE_HPP
#define EMM_TRACE_HPP

#include "emm/detail/hooks.hpp"

namespace emm::detail {

/// Takes what the recorder holds about `h` at this moment, when the calling thread has found a misuse.
void snapshot_trace(const emm_hmap *h);
/// Prints the snapshot: the map, the other thread's last operations on it, and a merged timeline. Nothing
/// when the recorder is off.
void print_trace_report(const emm_hmap *h);

} // namespace emm::detail
#endif
