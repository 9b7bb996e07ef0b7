// What the map calls outside its hot paths: the end of the process on misuse, and the observers that
// libemm_map installs.
//
// Without the library every hook is null and a misuse prints Go's text and the raw stack. Hooks are set
// before threads start or by the library itself; the map only reads them, and only when it allocates, when
// the recorder's flag is on, or when it is about to end the process. So an unused hook costs nothing on a hot
// path.
#ifndef EMM_DETAIL_HOOKS_HPP
#define EMM_DETAIL_HOOKS_HPP

#include "emm/map.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <execinfo.h>
#include <initializer_list>
#include <unistd.h>

/// For the hot paths: what is worth inlining is known here better than by a size heuristic.
#define EMM_INLINE [[gnu::always_inline]] inline

namespace emm::detail {

enum class op : std::uint8_t { read, write, erase, clear, iterate };
enum class block : std::uint8_t { buckets, growth, overflow, header };

struct hook_table {
  /// False makes the allocation of `bytes` fail.
  bool (*allow)(std::size_t bytes) = nullptr;
  void (*allocated)(const void *p, std::size_t bytes, block kind) = nullptr;
  void (*freed)(const void *p) = nullptr;
  /// One operation on a traced map; `site` is an address inside the calling function.
  void (*operation)(const emm_hmap *h, op what, std::uint64_t hash, const void *site) = nullptr;
  /// Prints the report and ends the process. `h` may be null.
  void (*fatal)(const char *kind, const char *text, const emm_hmap *h) = nullptr;
  /// Maps whose first bucket is allocated while this is set are traced.
  bool trace = false;
};
inline hook_table hooks;

/// Never returns, never unwinds: a map that two threads have written at once is not worth unwinding through.
[[noreturn, gnu::cold, gnu::noinline]] inline void fatal(const char *kind, const char *text,
                                                         const emm_hmap *h) noexcept {
  if (hooks.fatal)
    hooks.fatal(kind, text, h);
  char line[128]; // in one piece: two threads may find each other at once
  std::size_t n = 0;
  for (const char *part : {kind, text, "\n\n"})
    for (; *part && n < sizeof line; ++part)
      line[n++] = *part;
  if (write(2, line, n) < 0)
    _exit(2);
  void *frames[64];
  backtrace_symbols_fd(frames, backtrace(frames, 64), 2);
  _exit(2);
}

[[noreturn, gnu::cold, gnu::noinline]] inline void fatal_write(const emm_hmap *h) noexcept {
  fatal("fatal error: ", "concurrent map writes", h);
}
[[noreturn, gnu::cold, gnu::noinline]] inline void fatal_read(const emm_hmap *h) noexcept {
  fatal("fatal error: ", "concurrent map read and map write", h);
}
[[noreturn, gnu::cold, gnu::noinline]] inline void fatal_iterate(const emm_hmap *h) noexcept {
  fatal("fatal error: ", "concurrent map iteration and map write", h);
}
[[noreturn, gnu::cold, gnu::noinline]] inline void fatal_nil() noexcept {
  fatal("panic: ", "assignment to entry in nil map", nullptr);
}
/// A broken invariant: a tophash no correct map can hold.
[[noreturn, gnu::cold, gnu::noinline]] inline void fatal_state(const emm_hmap *h) noexcept {
  fatal("fatal error: ", "bad map state", h);
}

/// The recorder's entry; the return address is the call site.
[[gnu::cold, gnu::noinline]] inline void record(const emm_hmap *h, op what, std::uint64_t hash) noexcept {
  if (hooks.operation)
    hooks.operation(h, what, hash, __builtin_return_address(0));
}

} // namespace emm::detail
#endif
