// Blocks of zeroed memory, by size: malloc, kept mappings, huge pages.
//
// - up to 1 KiB: malloc, which serves them from a cache of the thread (calloc does not);
// - below 128 KiB: calloc;
// - below 4 MiB: mappings of which one for each power of two is kept when freed, because the pages of a new
//   mapping cost more to fault in (about 1 us each) than to clear. At most 8 MiB of a process are kept so.
// - from 4 MiB on: new mappings on huge pages, zero without being touched; an array can be released in
// slices. Compiled with EMM_HUGE_PAGES=0 (in every file alike): on small pages, which makes filling a large
// map a fourth slower, and its slowest insertion a tenth of it where the first touch of a huge page takes
// milliseconds, as in virtual machines whose host provides memory late.
#ifndef EMM_DETAIL_BLOCK_HPP
#define EMM_DETAIL_BLOCK_HPP

#include "emm/detail/hooks.hpp"

#include <cstring>
#include <sys/mman.h>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define EMM_KEEPS_BLOCKS 0 // the sanitizer shall see every block come and go
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || __has_feature(memory_sanitizer)
#define EMM_KEEPS_BLOCKS 0
#endif
#endif
#ifndef EMM_KEEPS_BLOCKS
#define EMM_KEEPS_BLOCKS 1
#endif

#ifndef EMM_HUGE_PAGES
#define EMM_HUGE_PAGES 1
#endif

namespace emm::detail {

inline constexpr std::size_t cached_bytes = 1024; ///< blocks up to this size come from malloc
inline constexpr std::size_t kept_bytes = std::size_t{128}
                                          << 10; ///< blocks from this size on are mapped and kept
inline constexpr std::size_t mapped_bytes = std::size_t{4}
                                            << 20; ///< blocks from this size on are mapped anew
inline constexpr std::size_t huge_page = std::size_t{1} << 21;

inline std::size_t whole_pages(std::size_t bytes) noexcept { return (bytes + 4095) & ~std::size_t{4095}; }

/// One freed mapping for each power of two from kept_bytes on; the size stands in its first word.
inline void *kept_blocks[6]; // the last only for sizes that whole pages make 4 MiB
inline void *&kept_slot(std::size_t bytes) noexcept {
  return kept_blocks[63 - 17 - static_cast<unsigned>(__builtin_clzll(bytes))];
}
inline void *kept_alloc(std::size_t bytes) noexcept {
  bytes = whole_pages(bytes);
  if (auto *const p = static_cast<std::size_t *>(
          __atomic_exchange_n(&kept_slot(bytes), static_cast<void *>(nullptr), __ATOMIC_ACQUIRE))) {
    if (*p == bytes)
      return std::memset(static_cast<void *>(p), 0, bytes);
    munmap(p, *p);
  }
  void *const p = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  return p == MAP_FAILED ? nullptr : p;
}
inline void kept_free(void *block, std::size_t bytes) noexcept {
  bytes = whole_pages(bytes);
  *static_cast<std::size_t *>(block) = bytes;
  if (auto *const old =
          static_cast<std::size_t *>(__atomic_exchange_n(&kept_slot(bytes), block, __ATOMIC_ACQ_REL)))
    munmap(old, *old);
}
inline void *huge_alloc(std::size_t bytes) noexcept {
  // Huge pages need 2 MiB alignment, which older kernels do not choose by themselves: map more and cut off
  // the ends.
  const std::size_t page = whole_pages(bytes);
  void *const m = mmap(nullptr, page + huge_page, PROT_READ | PROT_WRITE,
                       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (m == MAP_FAILED)
    return nullptr;
  char *const base = static_cast<char *>(m);
  char *const at =
      reinterpret_cast<char *>((reinterpret_cast<std::uintptr_t>(base) + huge_page - 1) & ~(huge_page - 1));
  if (at != base)
    munmap(base, static_cast<std::size_t>(at - base));
  if (const std::size_t tail = static_cast<std::size_t>(base + huge_page - at))
    munmap(at + page, tail);
  madvise(at, page, EMM_HUGE_PAGES ? MADV_HUGEPAGE : MADV_NOHUGEPAGE);
  return at;
}

/// Zeroed memory, or null. Give it back with block_free and the same size.
[[gnu::noinline]] inline void *block_alloc(std::size_t bytes, block kind) noexcept {
  if (__builtin_expect(hooks.allow != nullptr, 0) && !hooks.allow(bytes))
    return nullptr;
  void *p;
  if (bytes <= cached_bytes) {
    p = std::malloc(bytes);
    if (p)
      std::memset(p, 0, bytes);
  } else if (bytes < (EMM_KEEPS_BLOCKS ? kept_bytes : mapped_bytes)) {
    p = std::calloc(1, bytes);
  } else {
    p = bytes < mapped_bytes ? kept_alloc(bytes) : huge_alloc(bytes);
  }
  if (p && __builtin_expect(hooks.allocated != nullptr, 0))
    hooks.allocated(p, bytes, kind);
  return p;
}

[[gnu::noinline]] inline void block_free(void *p, std::size_t bytes) noexcept {
  if (__builtin_expect(hooks.freed != nullptr, 0))
    hooks.freed(p);
  if (bytes < (EMM_KEEPS_BLOCKS ? kept_bytes : mapped_bytes))
    std::free(p);
  else if (bytes < mapped_bytes)
    kept_free(p, bytes);
  else
    munmap(p, whole_pages(bytes));
}

} // namespace emm::detail
#endif
