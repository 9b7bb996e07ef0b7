// Allocates maps in three functions and writes their profile: profile_target FILE starts|waits
#include "emm/map.hpp"
#include "emm/map_debug.h"

#include <cstdio>
#include <cstring>

using map = emm::map<std::uint64_t, std::uint64_t>;

[[gnu::noinline]] void keeps(map &m) {
  for (std::uint64_t i = 0; i < 1000; ++i)
    m[i] = i;
  m.finish_growth();
}
[[gnu::noinline]] void drops() {
  map m;
  for (std::uint64_t i = 0; i < 1000; ++i)
    m[i] = i;
}
[[gnu::noinline]] void c_surface(const emm_maptype *t, emm_hmap *h) {
  for (std::uint64_t i = 0; i < 1000; ++i)
    *static_cast<std::uint64_t *>(emm_mapassign_fast64(t, h, i)) = i;
}

int main(int, char **argv) {
  if (std::strcmp(argv[2], "starts") == 0)
    emm_mapprofile_start();
  map m;
  keeps(m);
  drops();
  emm_maptype t;
  emm_maptype_init(&t, &emm_type_int64, &emm_type_int64, nullptr);
  emm_hmap *const h = emm_makemap_small();
  c_surface(&t, h);
  if (emm_mapprofile_write(argv[1])) {
    std::perror(argv[1]);
    return 1;
  }
  emm_mapfree(&t, h);
}
