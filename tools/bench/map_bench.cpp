// Benchmarks of emm::map beside std::unordered_map, absl::flat_hash_map and boost::unordered_map;
// map_bench.go is the Go program with the same rows, and `maps` runs both and prints the table.
//
// Names are CONTAINER/KEY/ROW/SIZE. The time is manual: what the round reports, per operation
// (items_per_second is its inverse).

#include "map_rounds.hpp"

#include "emm/map.hpp"

#include <absl/container/flat_hash_map.h>
#include <benchmark/benchmark.h>
#include <boost/unordered_map.hpp>
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
void add(const std::string &name, std::size_t n, std::function<bench::result()> round) {
  const int repetitions = n >= 1u << 20 ? 3 : 5;
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
      ->Repetitions(repetitions)
      ->ReportAggregatesOnly(true);
}

template <class M> void rows(const std::string &container, const std::string &kind, std::size_t n) {
  using K = typename M::key_type;
  using namespace bench;
  const std::string p = container + "/" + kind + "/";
  add(p + "fill", n, [n] { return time_fill<M>(keys<K>(n), false); });
  add(p + "hinted_fill", n, [n] { return time_fill<M>(keys<K>(n), true); });
  add(p + "hit", n, [n] { return time_hit(filled<M>(n), keys<K>(n), keys<K>(n).shuffled); });
  add(p + "miss", n, [n] { return time_hit(filled<M>(n), keys<K>(n), keys<K>(n).missing); });
  add(p + "dependent_hit", n, [n] { return time_dependent(filled<M>(n), keys<K>(n)); });
  add(p + "iterate", n, [n] { return time_iterate(filled<M>(n)); });
  add(p + "update", n, [n] { return time_update(filled<M>(n), keys<K>(n)); });
  add(p + "delete", n, [n] { return time_delete<M>(keys<K>(n)); });
  add(p + "churn", n, [n] { return time_churn<M>(keys<K>(n)); });
  add(p + "clear", n, [n] { return time_clear<M>(keys<K>(n), false); });
  if (kind == "int64") {
    add(p + "sparse_clear", n, [n] { return time_clear<M>(keys<K>(n), true); });
    add(p + "sparse_iterate", n, [n] { return time_sparse_begin<M>(keys<K>(n)); });
    if (n == 8)
      add(p + "small", n, [n] { return time_small<M>(keys<K>(n)); });
    if (n >= 1u << 20)
      add(p + "worst_insert", n, [n] { return time_worst_insert<M>(keys<K>(n)); });
    add(p + "bytes", n, [n] {
      const std::size_t before = allocated;
      M m;
      bench::fill(m, keys<K>(n).in);
      double bytes = double(allocated - before);
      if constexpr (std::is_same_v<M, emm::map<K, std::uint64_t>>)
        bytes = double(m.memory_bytes()); // does not come from operator new
      return bench::result{(bytes + double(sizeof(M))) * 1e-9, n};
    });
  }
}

template <class K> void all(const std::string &kind, std::size_t n) {
  using V = std::uint64_t;
  rows<emm::map<K, V>>("emm", kind, n);
  rows<absl::flat_hash_map<K, V>>("absl", kind, n);
  rows<std::unordered_map<K, V>>("std", kind, n);
  rows<boost::unordered_map<K, V>>("boost", kind, n);
}

} // namespace

int main(int argc, char **argv) {
  for (std::size_t n : {std::size_t{8}, std::size_t{64}, std::size_t{1} << 10, std::size_t{1} << 16,
                        std::size_t{1} << 20, std::size_t{1} << 23}) {
    all<std::uint64_t>("int64", n);
    all<std::string>("string", n);
  }
  benchmark::Initialize(&argc, argv);
  benchmark::RunSpecifiedBenchmarks();
}
