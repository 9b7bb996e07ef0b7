// The pairs of operations whose misuse the tests provoke, on each way to reach a map. No key is new, so the
// map does not grow.
#ifndef EMM_TEST_MISUSE_HPP
#define EMM_TEST_MISUSE_HPP

#include "emm/map.hpp"

#include <thread>

constexpr std::uint64_t misuse_keys = 512;

struct fast_map {
  emm_maptype t;
  emm_hmap *h;
  fast_map() {
    emm_maptype_init(&t, &emm_type_int64, &emm_type_int64, nullptr);
    h = emm_makemap(&t, misuse_keys, nullptr);
  }
  void write(std::uint64_t k) { *static_cast<std::uint64_t *>(emm_mapassign_fast64(&t, h, k)) = k; }
  bool read(std::uint64_t k) {
    bool ok;
    emm_mapaccess2_fast64(&t, h, k, &ok);
    return ok;
  }
  void erase(std::uint64_t k) { emm_mapdelete_fast64(&t, h, k); }
  void iterate() {
    emm_hiter it;
    for (emm_mapiterinit(&t, h, &it); it.key; emm_mapiternext(&it)) {
    }
  }
};
struct generic_map : fast_map {
  void write(std::uint64_t k) { *static_cast<std::uint64_t *>(emm_mapassign(&t, h, &k)) = k; }
  bool read(std::uint64_t k) {
    bool ok;
    emm_mapaccess2(&t, h, &k, &ok);
    return ok;
  }
  void erase(std::uint64_t k) { emm_mapdelete(&t, h, &k); }
};
struct cxx_map {
  emm::map<std::uint64_t, std::uint64_t> m;
  cxx_map() : m(misuse_keys) {}
  void write(std::uint64_t k) { m[k] = k; }
  bool read(std::uint64_t k) { return m.contains(k); }
  void erase(std::uint64_t k) { m.erase(k); }
  void iterate() {
    for (const auto &e : m)
      asm volatile("" : : "r"(&e.second) : "memory");
  }
};

/// One thread writes, the other does `what` ('w', 'r', 'i' or 'd'), until the process ends.
template <class M> [[gnu::noinline]] void other_side(M &m, char what) {
  bool found = false;
  for (std::uint64_t k = 0;; k = (k + 1) % misuse_keys) {
    switch (what) {
    case 'w':
      m.write(k);
      break;
    case 'r':
      found ^= m.read(k);
      break;
    case 'i':
      m.iterate();
      break;
    default:
      m.erase(k);
    }
    asm volatile("" : : "r"(found));
  }
}
template <class M> [[gnu::noinline]] void writing_side(M &m) {
  for (std::uint64_t k = 0;; k = (k + 1) % misuse_keys)
    m.write(k);
}
template <class M> void misuse(char what) {
  M m;
  for (std::uint64_t k = 0; k < misuse_keys; ++k)
    m.write(k);
  std::thread other([&] { other_side(m, what); });
  writing_side(m);
}

#endif
