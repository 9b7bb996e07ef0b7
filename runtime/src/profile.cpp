// The heap profile of maps: every block a map allocates from the heap, by stack and kind (buckets, growth,
// overflow, header).
//
// Two open-addressing tables under one lock: stacks with their totals, and live blocks with their stack.
// Blocks that were live before the start are not known and their release is ignored. When a table cannot
// grow, recording stops and what it holds stays valid. Not counted: maps with an allocator of their own.

#include "emm/map_debug.h"
#include "pprof.hpp"
#include "symbols.hpp"

#include "emm/detail/hash.hpp"
#include "emm/detail/hooks.hpp"

#include <ctime>
#include <pthread.h>

namespace emm::detail {
namespace {

constexpr int depth_limit = 24;

struct stack {
  std::uint64_t hash; ///< 0: free slot
  int depth;
  block kind;
  const void *pcs[depth_limit];
  std::uint64_t allocs, alloc_bytes, frees, free_bytes;
};
struct live_block {
  const void *p; ///< null: free slot
  std::size_t bytes;
  std::uint32_t stack;
};

/// Open addressing, power-of-two size, at most half full.
template <class E> struct slots {
  E *at = nullptr;
  std::size_t size = 0, used = 0;
  template <class H> bool grow(H hash_of) {
    const std::size_t n = size ? 2 * size : 1024;
    auto *const fresh = static_cast<E *>(std::calloc(n, sizeof(E)));
    if (!fresh)
      return false;
    for (std::size_t i = 0; i < size; ++i)
      if (const std::uint64_t h = hash_of(at[i])) {
        std::size_t j = h & (n - 1);
        while (hash_of(fresh[j]))
          j = (j + 1) & (n - 1);
        fresh[j] = at[i];
      }
    std::free(at);
    at = fresh;
    size = n;
    return true;
  }
};

pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
bool full;
stack *stacks; // in order of first appearance
std::size_t stack_count, stack_room;
slots<std::uint32_t> stack_index; // stack number + 1
slots<live_block> blocks;

struct hold_lock {
  hold_lock() { pthread_mutex_lock(&lock); }
  ~hold_lock() { pthread_mutex_unlock(&lock); }
};

std::uint64_t hash_block(const live_block &b) {
  return b.p ? hash_word(reinterpret_cast<std::uintptr_t>(b.p), 0) | 1 : 0;
}
std::uint64_t hash_index(std::uint32_t i) { return i ? stacks[i - 1].hash : 0; }

/// Number of the stack equal to `s`, added if new; -1 when memory is short.
long number_of(const stack &s) {
  if (stack_index.used * 2 >= stack_index.size && !stack_index.grow(hash_index))
    return -1;
  std::size_t j = s.hash & (stack_index.size - 1);
  for (; stack_index.at[j]; j = (j + 1) & (stack_index.size - 1)) {
    const stack &o = stacks[stack_index.at[j] - 1];
    if (o.hash == s.hash && o.depth == s.depth && o.kind == s.kind &&
        std::memcmp(o.pcs, s.pcs, sizeof s.pcs) == 0)
      return stack_index.at[j] - 1;
  }
  if (stack_count == stack_room) {
    const std::size_t room = stack_room ? 2 * stack_room : 256;
    auto *const moved = static_cast<stack *>(std::realloc(stacks, room * sizeof(stack)));
    if (!moved)
      return -1;
    stacks = moved;
    stack_room = room;
  }
  stacks[stack_count] = s;
  stack_index.at[j] = static_cast<std::uint32_t>(++stack_count);
  ++stack_index.used;
  return static_cast<long>(stack_count) - 1;
}

void on_alloc(const void *p, std::size_t bytes, block kind) {
  stack s{};
  s.depth = backtrace(const_cast<void **>(s.pcs), depth_limit);
  s.kind = kind;
  s.hash = hash_bytes(s.pcs, static_cast<std::size_t>(s.depth) * sizeof(void *),
                      static_cast<std::uint64_t>(kind)) |
           1;
  const hold_lock held;
  if (full)
    return;
  const long n = number_of(s);
  if (n < 0 || (blocks.used * 2 >= blocks.size && !blocks.grow(hash_block))) {
    full = true;
    return;
  }
  stacks[n].allocs += 1;
  stacks[n].alloc_bytes += bytes;
  const live_block b{p, bytes, static_cast<std::uint32_t>(n)};
  std::size_t j = hash_block(b) & (blocks.size - 1);
  while (blocks.at[j].p)
    j = (j + 1) & (blocks.size - 1);
  blocks.at[j] = b;
  ++blocks.used;
}

void on_free(const void *p) {
  const hold_lock held;
  if (!blocks.size)
    return;
  const std::size_t mask = blocks.size - 1;
  std::size_t j = hash_block({p, 0, 0}) & mask;
  while (blocks.at[j].p != p) {
    if (!blocks.at[j].p)
      return;
    j = (j + 1) & mask;
  }
  stack &s = stacks[blocks.at[j].stack];
  s.frees += 1;
  s.free_bytes += blocks.at[j].bytes;
  --blocks.used;
  for (std::size_t next = j;;) { // close the gap
    blocks.at[j] = {};
    for (;;) {
      next = (next + 1) & mask;
      if (!blocks.at[next].p)
        return;
      const std::size_t home = hash_block(blocks.at[next]) & mask;
      if (((next - home) & mask) >= ((next - j) & mask))
        break;
    }
    blocks.at[j] = blocks.at[next];
    j = next;
  }
}

/// The profile's string table: number of a string, added if new.
struct strings {
  bytes out;  ///< field 6, one for each string
  bytes text; ///< the strings, each with its terminating zero
  std::uint64_t count = 0;
  std::uint64_t of(const char *s) {
    std::uint64_t i = 0;
    for (std::size_t at = 0; at < text.size;
         at += std::strlen(reinterpret_cast<const char *>(text.data) + at) + 1, ++i)
      if (std::strcmp(reinterpret_cast<const char *>(text.data) + at, s) == 0)
        return i;
    text.add(s, std::strlen(s) + 1);
    out.field(6, s, std::strlen(s));
    return count++;
  }
};

/// Turns the addresses of one stack into profile locations.
struct locations {
  strings &names;
  bytes out;            ///< fields 4 and 5
  bytes lines;          ///< of the location being built
  bool visible = false; ///< it has a function outside the runtime's internals
  std::uint64_t functions = 0, count = 0;
  static void add(void *context, std::size_t, const frame &f) {
    auto &self = *static_cast<locations *>(context);
    if (is_internal(f.function))
      return;
    self.visible = true;
    bytes function, line;
    ++self.functions;
    const std::uint64_t name = self.names.of(f.function), file = self.names.of(f.file);
    function.field(1, self.functions);
    function.field(2, name);
    function.field(3, name);
    function.field(4, file);
    self.out.field(5, function);
    line.field(1, self.functions);
    line.field(2, f.line);
    self.lines.field(4, line);
  }
  /// Location number of an address, 0 when it is internal.
  std::uint64_t of(const void *pc) {
    lines.size = 0;
    visible = false;
    symbolize(&pc, 1, this, add);
    if (!visible)
      return 0;
    bytes location;
    ++count;
    location.field(1, count);
    location.field(2, 1);
    location.field(3, reinterpret_cast<std::uintptr_t>(pc));
    location.add(lines.data, lines.size);
    out.field(4, location);
    return count;
  }
};

/// Addresses seen so far and their locations; each is symbolised once.
struct address {
  const void *pc;
  std::uint64_t location;
};

} // namespace
} // namespace emm::detail

using namespace emm::detail;

extern "C" {

void emm_mapprofile_start(void) {
  hooks.allocated = on_alloc;
  hooks.freed = on_free;
}

int emm_mapprofile_write(const char *path) {
  const hold_lock held;
  static const char *const kinds[] = {"buckets", "growth", "overflow", "header"};
  strings names;
  names.of("");
  bytes out;
  const auto value_type = [&](unsigned number, const char *type, const char *unit) {
    bytes t;
    t.field(1, names.of(type));
    t.field(2, names.of(unit));
    out.field(number, t);
  };
  value_type(1, "alloc_objects", "count");
  value_type(1, "alloc_space", "bytes");
  value_type(1, "inuse_objects", "count");
  value_type(1, "inuse_space", "bytes");

  locations places{names, {}, {}};
  bytes seen;
  for (std::size_t i = 0; i < stack_count; ++i) {
    const stack &s = stacks[i];
    bytes sample, ids, values, label;
    for (int d = 0; d < s.depth; ++d) {
      const void *const pc = static_cast<const char *>(s.pcs[d]) - 1;
      const auto *known = reinterpret_cast<const address *>(seen.data);
      const auto *const end = known + seen.size / sizeof(address);
      while (known != end && known->pc != pc)
        ++known;
      address a{pc, 0};
      if (known != end)
        a = *known;
      else {
        a.location = places.of(pc);
        seen.add(&a, sizeof a);
      }
      if (a.location)
        ids.varint(a.location);
    }
    for (std::uint64_t v : {s.allocs, s.alloc_bytes, s.allocs - s.frees, s.alloc_bytes - s.free_bytes})
      values.varint(v);
    label.field(1, names.of("kind"));
    label.field(2, names.of(kinds[static_cast<unsigned>(s.kind)]));
    sample.field(1, ids);
    sample.field(2, values);
    sample.field(3, label);
    out.field(2, sample);
  }
  bytes mapping;
  mapping.field(1, 1);
  mapping.field(3, ~std::uint64_t{0} >> 1);
  mapping.field(5, names.of("[maps]"));
  mapping.field(7, 1); // functions, files and lines are given
  mapping.field(8, 1);
  mapping.field(9, 1);
  mapping.field(10, 1);
  out.field(3, mapping);
  out.add(places.out.data, places.out.size);
  timespec t;
  clock_gettime(CLOCK_REALTIME, &t);
  out.field(9, static_cast<std::uint64_t>(t.tv_sec) * 1000000000u + static_cast<std::uint64_t>(t.tv_nsec));
  value_type(11, "space", "bytes");
  out.field(12, 1);
  out.field(14, names.of("inuse_space"));
  out.add(names.out.data, names.out.size);
  out.failed |= names.out.failed || places.out.failed || seen.failed;
  return write_gzip(path, out);
}
}
