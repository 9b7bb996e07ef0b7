// Names and lines of code addresses, from an installed symboliser (llvm-symbolizer or addr2line), else from
// the dynamic symbol table.
//
// For the end of a process and for profiles: slow, uses fixed buffers and no heap, one thread at a time.
#ifndef EMM_SYMBOLS_HPP
#define EMM_SYMBOLS_HPP

#include <cstddef>

namespace emm::detail {

struct frame {
  const char *function; ///< demangled; valid until the next call
  const char *file;     ///< "??" when unknown
  unsigned line;
};

/// Calls `found(context, index, frame)` for each of the `n` addresses, once for every inlined function,
/// innermost first. `pcs` are addresses inside the instructions meant: return addresses less one.
void symbolize(const void *const *pcs, std::size_t n, void *context,
               void (*found)(void *context, std::size_t index, const frame &f));

/// True for the runtime's own functions, which reports leave out: namespace detail and the private members of
/// emm::map.
bool is_internal(const char *function);

/// Copies a function name, leaving out all but the first two arguments of emm::map<...>.
void shorten(const char *function, char *out, std::size_t size);

/// printf to a file descriptor.
[[gnu::format(printf, 2, 3)]] void print(int fd, const char *format, ...);

} // namespace emm::detail
#endif
