// See trace.hpp.
//
// Each thread writes its own ring and registers it once; rings stay when their thread ends, so that its last
// operations can still be shown. A record is read by another thread only for a report, possibly while it is
// being overwritten: fields are relaxed atomics and a torn record shows a wrong line in a report, nothing
// worse. Costs a clock reading and a short stack walk for each operation on a traced map.

#include "trace.hpp"

#include "emm/map_debug.h"
#include "symbols.hpp"

#include <ctime>
#include <sys/syscall.h>

namespace emm::detail {
namespace {

constexpr unsigned ring_size = 256, report_limit = 32;
constexpr int skipped = 2,
              depth = 5; ///< frames of the recorder itself; frames searched for the caller of the map

struct entry {
  std::uint64_t time; ///< nanoseconds of the monotonic clock, 0 when unused
  const emm_hmap *map;
  std::uint64_t hash;
  std::uint64_t what;
  const void *stack[depth];
};
struct ring {
  ring *next;
  int thread;
  unsigned used; ///< operations recorded so far
  entry entries[ring_size];
};
ring *rings;
thread_local ring *mine;

std::uint64_t now() {
  timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return static_cast<std::uint64_t>(t.tv_sec) * 1000000000u + static_cast<std::uint64_t>(t.tv_nsec);
}
template <class T> void put(T &to, T value) { __atomic_store_n(&to, value, __ATOMIC_RELAXED); }
template <class T> T take(const T &from) { return __atomic_load_n(&from, __ATOMIC_RELAXED); }

void record_operation(const emm_hmap *h, op what, std::uint64_t hash, const void *) {
  void *frames[skipped + depth] = {};
  backtrace(frames, skipped + depth);
  if (!mine) {
    mine = static_cast<ring *>(std::calloc(1, sizeof(ring)));
    if (!mine)
      return;
    mine->thread = static_cast<int>(syscall(SYS_gettid));
    mine->next = __atomic_load_n(&rings, __ATOMIC_RELAXED);
    while (
        !__atomic_compare_exchange_n(&rings, &mine->next, mine, true, __ATOMIC_RELEASE, __ATOMIC_RELAXED)) {
    }
  }
  const unsigned n = mine->used;
  entry &e = mine->entries[n % ring_size];
  put(e.map, h);
  put(e.hash, hash);
  for (int i = 0; i < depth; ++i)
    put(e.stack[i], static_cast<const void *>(
                        frames[skipped + i] ? static_cast<char *>(frames[skipped + i]) - 1 : nullptr));
  put(e.what, static_cast<std::uint64_t>(what));
  put(e.time, now());
  put(mine->used, n + 1);
}

struct event {
  entry e;
  int thread;
};
const char *name_of(std::uint64_t what) {
  static const char *const names[] = {"read", "write", "erase", "clear", "iterate"};
  return what < 5 ? names[what] : "?";
}

/// Which threads to collect from.
enum class side { all, own, others };

/// Adds the newest `limit` events on `h` (null: any map) of a side to the `n` sorted by time in `out`.
/// Returns the new number.
unsigned collect(const emm_hmap *h, side from, int self, event *out, unsigned n, unsigned limit) {
  event *const start = out + n; // sorted among themselves first
  unsigned count = 0;
  for (const ring *r = __atomic_load_n(&rings, __ATOMIC_ACQUIRE); r; r = r->next) {
    if (from != side::all && (r->thread == self) != (from == side::own))
      continue;
    for (const entry &slot : r->entries) {
      event v{{take(slot.time), take(slot.map), take(slot.hash), take(slot.what), {}}, r->thread};
      if (v.e.time == 0 || (h && v.e.map != h) || (count == limit && v.e.time <= start[0].e.time))
        continue;
      for (int i = 0; i < depth; ++i)
        v.e.stack[i] = take(slot.stack[i]);
      unsigned i;
      if (count < limit) {
        for (i = count++; i > 0 && start[i - 1].e.time > v.e.time; --i)
          start[i] = start[i - 1];
      } else // the oldest makes room
        for (i = 0; i + 1 < count && start[i + 1].e.time < v.e.time; ++i)
          start[i] = start[i + 1];
      start[i] = v;
    }
  }
  n += count;
  for (unsigned i = n - count; i < n; ++i) { // merge
    const event v = out[i];
    unsigned j = i;
    for (; j > 0 && out[j - 1].e.time > v.e.time; --j)
      out[j] = out[j - 1];
    out[j] = v;
  }
  return n;
}

/// First function outside the runtime on a stack.
struct place {
  int frame;
  char function[160];
  char file[256];
  unsigned line;
};
event events[report_limit];
place places[report_limit];
const void *addresses[report_limit * depth]; ///< each address of the events' stacks once
std::size_t address_count;

void note_place(void *, std::size_t address, const frame &f) {
  if (is_internal(f.function) || std::strncmp(f.function, "emm::map<", 9) == 0)
    return;
  for (unsigned i = 0; i < report_limit; ++i)
    for (int d = 0; d < depth; ++d)
      if (place &p = places[i];
          events[i].e.stack[d] == addresses[address] && (!p.function[0] || p.frame > d)) {
        p.frame = d;
        shorten(f.function, p.function, sizeof p.function);
        std::strncpy(p.file, f.file, sizeof p.file - 1);
        p.line = f.line;
      }
}
void find_places(unsigned n) {
  std::memset(places, 0, sizeof places);
  address_count = 0;
  for (unsigned i = 0; i < n; ++i)
    for (const void *const pc : events[i].e.stack) {
      std::size_t j = 0;
      while (j < address_count && addresses[j] != pc)
        ++j;
      if (pc && j == address_count)
        addresses[address_count++] = pc;
    }
  symbolize(addresses, address_count, nullptr, note_place);
}
/// Prints the newest `limit` of the first `n` events, of one thread or (0) of all.
void print_events(int fd, unsigned n, std::uint64_t origin, int thread, unsigned limit) {
  unsigned wanted = 0;
  for (unsigned i = 0; i < n; ++i)
    wanted += !thread || events[i].thread == thread;
  for (unsigned i = 0; i < n; ++i) {
    const event &v = events[i];
    if ((thread && v.thread != thread) || wanted-- > limit)
      continue;
    print(fd, "  %12.6f ms  thread %d  %-7s  hash %016llx  %s  %s:%u\n",
          static_cast<double>(static_cast<std::int64_t>(v.e.time - origin)) / 1e6, v.thread,
          name_of(v.e.what), static_cast<unsigned long long>(v.e.hash), places[i].function, places[i].file,
          places[i].line);
  }
}

struct {
  std::uint64_t time;
  unsigned events;
  emm_hmap header;
} snapshot;

} // namespace

void snapshot_trace(const emm_hmap *h) {
  if (!h || !hooks.operation)
    return;
  snapshot.time = now();
  snapshot.header = *h;
  // Half from each side: a thread that was held up just before its write must not be crowded out.
  const int self = static_cast<int>(syscall(SYS_gettid));
  snapshot.events = collect(h, side::own, self, events, 0, report_limit / 2);
  snapshot.events = collect(h, side::others, self, events, snapshot.events, report_limit / 2);
}

void print_trace_report(const emm_hmap *h) {
  if (!h || !hooks.operation)
    return;
  const int self = static_cast<int>(syscall(SYS_gettid));
  const emm_hmap &m = snapshot.header;
  const unsigned n = snapshot.events;
  print(2, "\nmap %p: count %zu flags %#x B %u noverflow %u hash0 %#x\n", static_cast<const void *>(h),
        m.count, m.flags, m.B, m.noverflow, m.hash0);
  if (m.oldbuckets)
    print(2, "growing: %s, %zu of %zu old buckets moved\n",
          m.flags & EMM_SAME_SIZE_GROW ? "same size" : "doubling", m.nevacuate,
          std::size_t{1} << (m.flags & EMM_SAME_SIZE_GROW ? m.B : m.B - 1));
  else
    print(2, "not growing\n");
  find_places(n);
  for (unsigned i = n; i-- > 0;)
    if (events[i].thread != self) {
      print(2, "\nthe other thread, %d, last did on this map:\n", events[i].thread);
      print_events(2, n, snapshot.time, events[i].thread, 8);
      break;
    }
  print(2, "\nthe last operations on this map, all threads (this is thread %d):\n", self);
  print_events(2, n, snapshot.time, 0, report_limit);
}

} // namespace emm::detail

using namespace emm::detail;

extern "C" {

void emm_maptrace_start(void) {
  hooks.operation = record_operation;
  hooks.trace = true;
}
void emm_maptrace_stop(void) { hooks.trace = false; }
void emm_maptrace_print(const emm_hmap *h, unsigned limit, int fd) {
  const unsigned n = collect(h, side::all, 0, events, 0, limit < report_limit ? limit : report_limit);
  find_places(n);
  print_events(fd, n, now(), 0, limit);
}
}
