// The end of a process that misused a map: Go's text, the stack of the detecting thread with names and lines,
// what the recorder knows, exit status 2. Nothing is unwound and no exit handler runs. Installs itself and
// reads EMM_MAPTRACE and EMM_MAPPROFILE at load.

#include "emm/map_debug.h"
#include "symbols.hpp"
#include "trace.hpp"

#include <sys/syscall.h>

namespace emm::detail {
namespace {

void print_frame(void *, std::size_t, const frame &f) {
  if (is_internal(f.function))
    return;
  char name[1024];
  shorten(f.function, name, sizeof name);
  print(2, "%s%s\n\t%s:%u\n", name, std::strchr(name, '(') ? "" : "(...)", f.file, f.line);
}

void report(const char *kind, const char *text, const emm_hmap *h) {
  static int reporting;
  print(2, "%s%s\n", kind, text);
  if (__atomic_exchange_n(&reporting, 1, __ATOMIC_ACQ_REL)) { // another thread is printing: let it finish
    sleep(20);
    _exit(2);
  }
  snapshot_trace(h); // now: the other threads go on
  void *frames[64];
  const int n = backtrace(frames, 64);
  for (int i = 0; i < n; ++i)
    frames[i] = static_cast<char *>(frames[i]) - 1;
  print(2, "\nthread %d [running]:\n", static_cast<int>(syscall(SYS_gettid)));
  symbolize(frames, static_cast<std::size_t>(n), nullptr, print_frame);
  print_trace_report(h);
  _exit(2);
}

bool is_set(const char *name) {
  const char *const v = std::getenv(name);
  return v && v[0] && std::strcmp(v, "0") != 0;
}

[[gnu::constructor(101)]] void install() {
  hooks.fatal = report;
  if (is_set("EMM_MAPTRACE"))
    emm_maptrace_start();
  if (is_set("EMM_MAPPROFILE"))
    emm_mapprofile_start();
}

} // namespace
} // namespace emm::detail

extern "C" const char emm_map_runtime[] = "emm map runtime";
