// The timed work of the map benchmarks, once for every container: one function per row.
//
// Each returns thread CPU seconds for `ops` operations. Keys are random and every order is random and
// different from the order of insertion: a repeated order would be learnt by the branch predictor. Thread CPU
// time ignores pre-emption by other jobs.
#ifndef EMM_BENCH_MAP_ROUNDS_HPP
#define EMM_BENCH_MAP_ROUNDS_HPP

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <ctime>
#include <memory_resource>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace bench {

inline double cpu_now() {
  timespec t;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return double(t.tv_sec) + double(t.tv_nsec) * 1e-9;
}
template <class T> inline void keep(T const &v) { asm volatile("" : : "r,m"(v) : "memory"); }

inline std::uint64_t scramble(std::uint64_t x) { // splitmix64
  x += 0x9e3779b97f4a7c15u;
  x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9u;
  x = (x ^ x >> 27) * 0x94d049bb133111ebu;
  return x ^ x >> 31;
}
inline std::string text_of(std::uint64_t i) {
  char text[17];
  std::snprintf(text, sizeof text, "%016llx", static_cast<unsigned long long>(scramble(i)));
  return text;
}
/// Makes keys and owns their bytes. A string_view is what Go's string is: the address and length of bytes that
/// others own. They stand one behind the other, as Go's allocator puts those of 16 characters.
template <class K> class key_source {
  std::pmr::monotonic_buffer_resource bytes{1 << 20};

public:
  K make(std::uint64_t i) {
    if constexpr (std::is_same_v<K, std::string>)
      return text_of(i);
    else if constexpr (std::is_same_v<K, std::string_view>) {
      const std::string text = text_of(i);
      return {static_cast<char *>(std::memcpy(bytes.allocate(text.size(), 16), text.data(), text.size())), text.size()};
    } else
      return scramble(i);
  }
};

/// Keys of one size: those in the map in order of insertion, the same in another order, and some that are
/// missing.
template <class K> struct key_set {
  key_source<K> source;
  std::vector<K> in, shuffled, missing;
  std::vector<std::uint32_t> order; ///< random numbers below the size: 1 Mi, or once each for larger sizes
  explicit key_set(std::size_t n) {
    for (std::size_t i = 0; i < n; ++i) {
      in.push_back(source.make(i));
      missing.push_back(source.make(i + (std::uint64_t{1} << 40)));
    }
    shuffled = in;
    std::mt19937_64 random(1);
    std::shuffle(shuffled.begin(), shuffled.end(), random);
    for (std::size_t i = 0; i < std::max<std::size_t>(n, 1u << 20); ++i)
      order.push_back(static_cast<std::uint32_t>(n > 1u << 20 ? i : random() % n));
  }
};

struct result {
  double seconds;
  std::size_t ops;
};
/// Small maps are made by the batch and the batch is timed: reading the clock costs more than filling one of
/// them.
template <class M> class batch {
  std::vector<unsigned char> memory;
  M *maps;
  std::size_t count;

public:
  explicit batch(std::size_t n) : memory((n + 1) * sizeof(M) + alignof(M)), count(0) {
    maps = reinterpret_cast<M *>((reinterpret_cast<std::uintptr_t>(memory.data()) + alignof(M) - 1) &
                                 ~(alignof(M) - 1));
  }
  ~batch() { clear(); }
  M &add() { return *new (maps + count++) M(); }
  M *begin() { return maps; }
  M *end() { return maps + count; }
  void clear() {
    while (count)
      maps[--count].~M();
  }
};
inline std::size_t batch_for(std::size_t n) { return n >= 1u << 14 ? 1 : (1u << 14) / n; }

/// Rounds over a small map are repeated until they are worth timing.
inline std::size_t rounds_for(std::size_t n) { return n >= 1u << 20 ? 1 : (1u << 20) / n; }

template <class M> void fill(M &m, const std::vector<typename M::key_type> &keys) {
  std::uint64_t v = 0;
  for (const auto &k : keys)
    m[k] = v++;
}
template <class M, class K> result time_fill(const key_set<K> &k, bool hinted) {
  const std::size_t n = k.in.size(), size = batch_for(n),
                    rounds = std::max<std::size_t>(1, rounds_for(n) / size / 2);
  double seconds = 0;
  batch<M> maps(size);
  for (std::size_t r = 0; r < rounds; ++r) {
    const double start = cpu_now();
    for (std::size_t i = 0; i < size; ++i) {
      M &m = maps.add();
      if (hinted)
        m.reserve(n);
      fill(m, k.in);
    }
    seconds += cpu_now() - start;
    maps.clear();
  }
  return {seconds, n * rounds * size};
}
/// `keys` of `k`, in random order: a short order that is repeated would be learnt by the branch predictor.
template <class M, class K> result time_hit(const M &m, const key_set<K> &k, const std::vector<K> &keys) {
  std::uint64_t sum = 0;
  const double start = cpu_now();
  for (const std::uint32_t i : k.order)
    if (const auto e = m.find(keys[i]); e != m.end())
      sum += e->second;
  keep(sum);
  return {cpu_now() - start, k.order.size()};
}
/// Which key each lookup asks for depends on what the one before found: a processor that guesses wrongly where an
/// entry stands goes on with a wrong key, and gains nothing for the right one. Sizes are powers of two.
template <class M, class K> result time_dependent(const M &m, const key_set<K> &k) {
  const std::size_t ops = 1u << 20, mask = k.in.size() - 1;
  std::uint64_t last = 0;
  const double start = cpu_now();
  for (std::size_t i = 0; i < ops; ++i)
    last = m.find(k.shuffled[(k.order[i] + last) & mask])->second;
  keep(last);
  return {cpu_now() - start, ops};
}
template <class M, class K> result time_update(M &m, const key_set<K> &k) {
  std::uint64_t v = 0;
  const double start = cpu_now();
  for (const std::uint32_t i : k.order)
    m[k.shuffled[i]] = v++;
  return {cpu_now() - start, k.order.size()};
}
template <class M> result time_iterate(const M &m) {
  const std::size_t rounds = std::max<std::size_t>(1, rounds_for(m.size()) * 2);
  std::uint64_t sum = 0;
  const double start = cpu_now();
  for (std::size_t r = 0; r < rounds; ++r)
    for (const auto &e : m)
      sum += e.second;
  keep(sum);
  return {cpu_now() - start, m.size() * rounds};
}
template <class M, class K> result time_delete(const key_set<K> &k) {
  const std::size_t n = k.in.size(), size = batch_for(n),
                    rounds = std::max<std::size_t>(1, rounds_for(n) / size / 2);
  double seconds = 0;
  batch<M> maps(size);
  for (std::size_t r = 0; r < rounds; ++r) {
    for (std::size_t i = 0; i < size; ++i)
      fill(maps.add(), k.in);
    const double start = cpu_now();
    for (M &m : maps)
      for (const K &key : k.shuffled)
        m.erase(key);
    seconds += cpu_now() - start;
    maps.clear();
  }
  return {seconds, n * rounds * size};
}
/// A full map in which each step inserts a new key and erases the oldest.
template <class M, class K> result time_churn(const key_set<K> &k) {
  const std::size_t n = k.in.size(), ops = std::max<std::size_t>(n, 1u << 18);
  key_source<K> source;
  std::vector<K> more;
  for (std::size_t i = 0; i < ops; ++i)
    more.push_back(source.make(i + (std::uint64_t{1} << 41)));
  M m;
  fill(m, k.in);
  const double start = cpu_now();
  for (std::size_t i = 0; i < ops; ++i) {
    m[more[i]] = i;
    m.erase(i < n ? k.in[i] : more[i - n]);
  }
  return {cpu_now() - start, ops};
}
/// Clearing a map that holds all its keys, or (sparse) one; per map, in a map that keeps its memory where the
/// container can.
template <class M, class K> result time_clear(const key_set<K> &k, bool sparse) {
  const std::size_t n = k.in.size(), size = batch_for(n),
                    rounds = std::max<std::size_t>(1, std::min<std::size_t>(20, rounds_for(n) / size / 2));
  double seconds = 0;
  batch<M> maps(size);
  for (std::size_t i = 0; i < size; ++i)
    fill(maps.add(), k.in);
  for (std::size_t r = 0; r < rounds; ++r) {
    for (M &m : maps) {
      if (sparse) {
        m.clear();
        m[k.in[r % n]] = 1;
      } else
        fill(m, k.in);
    }
    const double start = cpu_now();
    for (M &m : maps)
      m.clear();
    seconds += cpu_now() - start;
  }
  return {seconds, rounds * size};
}
/// Finding the first entry of a map that holds one but has room for all.
template <class M, class K> result time_sparse_begin(const key_set<K> &k) {
  const std::size_t n = k.in.size(), rounds = n >= 1u << 16 ? 40 : 4000;
  M m;
  fill(m, k.in);
  for (std::size_t i = 1; i < n; ++i)
    m.erase(k.in[i]);
  std::uint64_t sum = 0;
  const double start = cpu_now();
  for (std::size_t r = 0; r < rounds; ++r)
    for (const auto &e : m)
      sum += e.second;
  keep(sum);
  return {cpu_now() - start, rounds};
}
/// Making, filling with two entries, and destroying a map.
template <class M, class K> result time_small(const key_set<K> &k) {
  constexpr std::size_t rounds = 200000;
  std::uint64_t sum = 0;
  const double start = cpu_now();
  for (std::size_t r = 0; r < rounds; ++r) {
    M m;
    m[k.in[0]] = r;
    m[k.in[1]] = r;
    keep(m);
    sum += m.size();
  }
  keep(sum);
  return {cpu_now() - start, rounds};
}
/// The longest single insertion of a fill, in thread CPU time; the cost of reading the clock is taken off.
template <class M, class K> result time_worst_insert(const key_set<K> &k) {
  double clock = 1, worst = 0;
  for (int i = 0; i < 1000; ++i) {
    const double a = cpu_now();
    clock = std::min(clock, cpu_now() - a);
  }
  M m;
  std::uint64_t v = 0;
  for (const K &key : k.in) {
    const double start = cpu_now();
    m[key] = v++;
    worst = std::max(worst, cpu_now() - start - clock);
  }
  return {worst, 1};
}

} // namespace bench
#endif
