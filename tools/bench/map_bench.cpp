// Benchmarks of emm::map beside std::unordered_map, absl::flat_hash_map and (where there is one)
// boost::unordered_flat_map; map_bench.go is the Go program with the same rows, and `maps` runs both and prints
// the table.
//
// Names are CONTAINER/KEY/ROW/SIZE. KEY is int64, string (a string_view, what Go's string is) or owned (a
// std::string of 16 characters, which owns its bytes; Go has no such thing). The time is manual: what the round
// reports, per operation (counter ns). usage: map_bench SIZE REPETITIONS [Google Benchmark's options]

#include "map_rounds.hpp"

#include "emm/map.hpp"

#include <absl/container/flat_hash_map.h>
#include <benchmark/benchmark.h>
#if __has_include(<boost/unordered/unordered_flat_map.hpp>)
#include <boost/unordered/unordered_flat_map.hpp>
#define EMM_BENCH_BOOST 1
#endif
#include <functional>
#include <memory>
#include <new>
#include <unordered_map>

namespace {
std::size_t allocated; ///< bytes requested and not freed, through the operators below
}
// The size stands before the block: the bytes row counts what a container asks for, as Go's figures do.
void *operator new(std::size_t n) {
  auto *const p = static_cast<std::size_t *>(std::malloc(n + 16));
  if (!p)
    throw std::bad_alloc();
  *p = n;
  allocated += n;
  return p + 2;
}
void operator delete(void *p) noexcept {
  if (!p)
    return;
  auto *const start = static_cast<std::size_t *>(p) - 2;
  allocated -= *start;
  std::free(start);
}
void operator delete(void *p, std::size_t) noexcept { operator delete(p); }

namespace {

template <class K>
const bench::key_set<K> &keys(std::size_t n) { // one size at a time: 8 Mi strings are large
  static std::unique_ptr<bench::key_set<K>> made;
  if (!made || made->in.size() != n) {
    made.reset();
    made = std::make_unique<bench::key_set<K>>(n);
  }
  return *made;
}
template <class M> M &filled(std::size_t n) {
  static std::unique_ptr<M> made;
  if (!made || made->size() != n) {
    made.reset();
    made = std::make_unique<M>();
    bench::fill(*made, keys<typename M::key_type>(n).in);
  }
  return *made;
}
int repetitions;
void add(const std::string &name, std::size_t n, std::function<bench::result()> round, bool once = false) {
  benchmark::RegisterBenchmark((name + "/" + std::to_string(n)).c_str(),
                               [round](benchmark::State &state) {
                                 std::size_t ops = 0;
                                 for (auto _ : state) {
                                   const bench::result r = round();
                                   state.SetIterationTime(r.seconds);
                                   ops += r.ops;
                                 }
                                 state.counters["ns"] =
                                     benchmark::Counter(double(ops) * 1e-9, benchmark::Counter::kIsRate |
                                                                                benchmark::Counter::kInvert);
                               })
      ->UseManualTime()
      ->Iterations(1)
      ->Repetitions(once ? 1 : repetitions);
}

template <class M> void rows(const std::string &container, const std::string &kind, std::size_t n) {
  using K = typename M::key_type;
  using namespace bench;
  const std::string p = container + "/" + kind + "/";
  const bool large = n >= 1u << 23; // a fill takes seconds: rows that need several are measured once
  add(p + "fill", n, [n] { return time_fill<M>(keys<K>(n), false); });
  add(p + "hinted_fill", n, [n] { return time_fill<M>(keys<K>(n), true); });
  add(p + "hit", n, [n] { return time_hit(filled<M>(n), keys<K>(n), keys<K>(n).shuffled); });
  add(p + "miss", n, [n] { return time_hit(filled<M>(n), keys<K>(n), keys<K>(n).missing); });
  add(p + "dependent_hit", n, [n] { return time_dependent(filled<M>(n), keys<K>(n)); });
  add(p + "iterate", n, [n] { return time_iterate(filled<M>(n)); });
  add(p + "update", n, [n] { return time_update(filled<M>(n), keys<K>(n)); });
  add(p + "delete", n, [n] { return time_delete<M>(keys<K>(n)); }, large);
  add(p + "churn", n, [n] { return time_churn<M>(keys<K>(n)); }, large);
  add(p + "clear", n, [n] { return time_clear<M>(keys<K>(n), false); }, large);
  if (kind == "int64") {
    add(p + "sparse_clear", n, [n] { return time_clear<M>(keys<K>(n), true); }, large);
    add(p + "sparse_iterate", n, [n] { return time_sparse_begin<M>(keys<K>(n)); }, large);
    if (n == 8)
      add(p + "small", n, [n] { return time_small<M>(keys<K>(n)); });
    if (n >= 1u << 20)
      add(p + "worst_insert", n, [n] { return time_worst_insert<M>(keys<K>(n)); });
    add(
        p + "bytes", n,
        [n] {
          const std::size_t before = allocated;
          M m;
          bench::fill(m, keys<K>(n).in);
          double bytes = double(allocated - before);
          if constexpr (std::is_same_v<M, emm::map<K, std::uint64_t>>)
            bytes = double(m.memory_bytes()); // does not come from operator new
          return bench::result{(bytes + double(sizeof(M))) * 1e-9, n};
        },
        true);
  }
}

template <class K> void all(const std::string &kind, std::size_t n) {
  using V = std::uint64_t;
  rows<emm::map<K, V>>("emm", kind, n);
  rows<absl::flat_hash_map<K, V>>("absl", kind, n);
  rows<std::unordered_map<K, V>>("std", kind, n);
#if defined(EMM_BENCH_BOOST)
  rows<boost::unordered_flat_map<K, V>>("boost", kind, n);
#endif
}

} // namespace

int main(int argc, char **argv) {
  if (argc < 3)
    return 2;
  const std::size_t n = std::strtoull(argv[1], nullptr, 10);
  repetitions = std::atoi(argv[2]);
  argv[2] = argv[0];
  argc -= 2;
  argv += 2;
  all<std::uint64_t>("int64", n);
  all<std::string_view>("string", n);
  if (n < 1u << 23) // what differs is the allocation for each key, at every size
    all<std::string>("owned", n);
  benchmark::Initialize(&argc, argv);
  benchmark::RunSpecifiedBenchmarks();
}
