// See symbols.hpp. The symboliser is run once per module with all its addresses; its GNU output is
//   0xADDRESS, then FUNCTION and FILE:LINE for each inlined function.

#include "symbols.hpp"

#include <cstdarg>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <dlfcn.h>
#include <fcntl.h>
#include <link.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

namespace emm::detail {
namespace {

constexpr std::size_t max_addresses = 512;
char output[1 << 18]; // of one symboliser run
char number_text[max_addresses][20];

struct module {
  const char *path;
  std::uintptr_t base;
};

bool module_of(const void *pc, module &m, Dl_info &info) {
  void *map = nullptr;
  if (!dladdr1(pc, &info, &map, RTLD_DL_LINKMAP) || !info.dli_fname)
    return false;
  const auto *const l = static_cast<const link_map *>(map);
  m.path = l && l->l_name[0] ? l->l_name : "/proc/self/exe";
  m.base = l ? l->l_addr : 0;
  return true;
}

/// Runs a program and reads what it prints. False when it cannot be run.
bool run(const char *const argv[], char *out, std::size_t size) {
  int ends[2];
  if (pipe(ends))
    return false;
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, ends[1], 1);
  posix_spawn_file_actions_addclose(&actions, ends[0]);
  posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
  pid_t child;
  const int error = posix_spawnp(&child, argv[0], &actions, nullptr, const_cast<char **>(argv), environ);
  posix_spawn_file_actions_destroy(&actions);
  close(ends[1]);
  std::size_t n = 0;
  if (!error) {
    for (ssize_t got; n + 1 < size && (got = read(ends[0], out + n, size - 1 - n)) > 0;)
      n += static_cast<std::size_t>(got);
    int status;
    waitpid(child, &status, 0);
  }
  out[n] = 0;
  close(ends[0]);
  return !error && n > 0;
}

char *line_at(char *&p) {
  if (!*p)
    return nullptr;
  char *const start = p;
  char *const end = std::strchr(p, '\n');
  if (end) {
    *end = 0;
    p = end + 1;
  } else
    p += std::strlen(p);
  return start;
}

} // namespace

void print(int fd, const char *format, ...) {
  static thread_local char text[2048];
  va_list args;
  va_start(args, format);
  const int n = std::vsnprintf(text, sizeof text, format, args);
  va_end(args);
  const std::size_t size = n < 0                                       ? 0
                           : static_cast<std::size_t>(n) < sizeof text ? static_cast<std::size_t>(n)
                                                                       : sizeof text - 1;
  for (std::size_t done = 0; done < size;) {
    const ssize_t wrote = write(fd, text + done, size - done);
    if (wrote <= 0)
      break;
    done += static_cast<std::size_t>(wrote);
  }
}

bool is_internal(const char *f) {
  if (std::strncmp(f, "emm::detail::", 13) == 0 || std::strstr(f, " emm::detail::"))
    return true;
  char name[512];
  shorten(f, name, sizeof name);
  static const char *const private_members[] = {">::place", ">::seek<", ">::remove<",
                                                ">::const_iterator::advance"};
  for (const char *const member : private_members)
    if (std::strstr(name, "emm::map<") && std::strstr(name, member))
      return true;
  return false;
}

void shorten(const char *f, char *out, std::size_t size) {
  std::size_t n = 0;
  int depth = 0, commas = 0; // of the emm::map<...> being copied
  bool skipping = false;
  const auto emit = [&](char c) {
    if (n + 1 < size)
      out[n++] = c;
  };
  for (; *f; ++f) {
    if (depth == 0 && std::strncmp(f, "emm::map<", 9) == 0) {
      for (int i = 0; i < 9; ++i)
        emit(f[i]);
      f += 8;
      depth = 1;
      commas = 0;
      continue;
    }
    if (depth) {
      if (*f == '<' || *f == '(')
        ++depth;
      else if ((*f == '>' || *f == ')') && --depth == 0)
        skipping = false;
      else if (*f == ',' && depth == 1 && ++commas == 2)
        skipping = true;
    }
    if (!skipping)
      emit(*f);
  }
  out[n] = 0;
}

void symbolize(const void *const *pcs, std::size_t n, void *context,
               void (*found)(void *, std::size_t, const frame &)) {
  static const struct {
    const char *name, *style;
  } programs[] = {{"llvm-symbolizer", "--output-style=GNU"},
                  {"llvm-symbolizer-22", "--output-style=GNU"},
                  {"llvm-symbolizer-19", "--output-style=GNU"},
                  {"addr2line", "-a"}};
  static bool done[max_addresses];
  static const char *argv[max_addresses + 16];
  static std::size_t index[max_addresses];
  static char self[4096];
  if (n > max_addresses)
    n = max_addresses;
  std::memset(done, 0, sizeof done);
  const ssize_t length = readlink("/proc/self/exe", self, sizeof self - 1);
  self[length > 0 ? length : 0] = 0;
  for (std::size_t i = 0; i < n; ++i) {
    if (done[i])
      continue;
    module m;
    Dl_info info;
    if (!module_of(pcs[i], m, info)) {
      done[i] = true;
      found(context, i, {"??", "??", 0});
      continue;
    }
    // All addresses of this module in one run.
    std::size_t args = 1, count = 0;
    const std::size_t style = args++;
    argv[args++] = "-afCi";
    argv[args++] = "-e";
    argv[args++] = std::strcmp(m.path, "/proc/self/exe") == 0 ? self : m.path;
    for (std::size_t j = i; j < n; ++j) {
      module other;
      Dl_info unused;
      if (done[j] || !module_of(pcs[j], other, unused) || other.base != m.base)
        continue;
      done[j] = true;
      std::snprintf(number_text[count], sizeof number_text[count], "0x%zx",
                    reinterpret_cast<std::uintptr_t>(pcs[j]) - m.base);
      argv[args++] = number_text[count];
      index[count++] = j;
    }
    argv[args] = nullptr;
    bool ran = false;
    for (const auto &program : programs) {
      argv[0] = program.name;
      argv[style] = program.style;
      if ((ran = run(argv, output, sizeof output)))
        break;
    }
    char *p = output;
    std::size_t next = 0, current = n;
    while (ran) {
      char *const name = line_at(p);
      if (!name)
        break;
      if (name[0] == '0' && name[1] == 'x') {
        if (next == count)
          break;
        current = index[next++];
        continue;
      }
      char *const place = line_at(p);
      if (!place || current == n)
        break;
      char *const colon = std::strrchr(place, ':');
      unsigned line = 0;
      if (colon) {
        *colon = 0;
        line = static_cast<unsigned>(std::strtoul(colon + 1, nullptr, 10));
      }
      found(context, current, {name, place[0] == '?' ? "??" : place, line});
    }
    for (; next < count; ++next) {
      Dl_info symbol;
      const bool known = dladdr(pcs[index[next]], &symbol) && symbol.dli_sname;
      found(context, index[next], {known ? symbol.dli_sname : "??", m.path, 0});
    }
  }
}

} // namespace emm::detail
