// emm::sync_map: a map for many threads. Every single-key operation is linearisable; readers never wait.
//
// A table of chains of immutable nodes. A writer locks one of 32 stripes, which owns whole chains, and
// publishes each change with one store. Growth copies the nodes (not the items) under all locks; readers go
// on in the old table. Items are shared between the nodes of successive tables and never change: a new value
// is a new item. Memory: what a writer unlinks is freed when both reader counters have been seen at zero
// since, the writers having sent new readers to the other counter in between. So a reader that stays delays
// freeing, not progress. Costs a reader two locked additions. `range` sees each entry that stays once; what
// is written meanwhile, perhaps. Hash and comparison must not throw.
#ifndef EMM_SYNC_MAP_HPP
#define EMM_SYNC_MAP_HPP

#include "emm/detail/hash.hpp"

#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

namespace emm {

template <class K, class V, class Hash = emm::hash<K>, class Eq = emm::equal<K>> class sync_map {
  struct item {
    const K key;
    const V value;
    template <class Key, class E>
    item(Key &&k, E &&v) : key(std::forward<Key>(k)), value(std::forward<E>(v)) {}
  };
  struct node {
    std::uint64_t hash;
    const item *what;
    std::atomic<node *> next;
  };
  struct table {
    std::size_t mask;
    std::unique_ptr<std::atomic<node *>[]> heads;
    explicit table(std::size_t n) : mask(n - 1), heads(new std::atomic<node *>[n]) {
      for (std::size_t i = 0; i < n; ++i)
        heads[i].store(nullptr, std::memory_order_relaxed);
    }
    std::atomic<node *> &head(std::uint64_t hash) const noexcept { return heads[hash & mask]; }
  };
  /// Unlinked memory: each may be null.
  struct garbage {
    table *t;
    node *n;
    const item *i;
  };
  static constexpr std::size_t stripes = 32, spread = 8;
  struct alignas(64) counter {
    std::atomic<std::size_t> readers{0};
  };

  const std::uint64_t seed_ = detail::random64();
  std::atomic<table *> table_{new table(stripes)};
  std::atomic<std::size_t> size_{0};
  mutable std::mutex locks_[stripes];

  mutable std::atomic<unsigned> side_{0}; ///< which counters new readers use
  mutable counter counters_[2][spread];
  std::mutex reclaim_;                   ///< guards what follows
  std::vector<garbage> fresh_, waiting_; ///< unlinked; unlinked before the check in progress began
  unsigned drained_ = 0;                 ///< sides seen without readers since then

  /// Keeps what a reader may still see from being freed.
  class reading {
    std::atomic<std::size_t> &count;
    static std::size_t own() noexcept {
      static thread_local const std::size_t n = detail::random64() % spread;
      return n;
    }

  public:
    explicit reading(const sync_map &m) noexcept : count(m.counters_[m.side_.load() & 1][own()].readers) {
      count.fetch_add(1);
    }
    reading(const reading &) = delete;
    reading &operator=(const reading &) = delete;
    ~reading() { count.fetch_sub(1); }
  };

  std::uint64_t hash_of(const K &k) const { return Hash{}(k, seed_); }
  std::unique_lock<std::mutex> lock(std::uint64_t hash) const {
    return std::unique_lock<std::mutex>(locks_[hash & (stripes - 1)]);
  }
  static node *find(const table &t, const K &k, std::uint64_t hash, std::atomic<node *> **link = nullptr) {
    std::atomic<node *> *l = &t.head(hash);
    for (node *n = l->load(); n; l = &n->next, n = l->load())
      if (n->hash == hash && Eq{}(n->what->key, k)) {
        if (link)
          *link = l;
        return n;
      }
    return nullptr;
  }

  bool drained(unsigned side) const noexcept {
    for (const counter &c : counters_[side])
      if (c.readers.load())
        return false;
    return true;
  }
  static void free(const std::vector<garbage> &list) noexcept {
    for (const garbage &g : list) {
      delete g.t;
      delete g.n;
      delete g.i;
    }
  }
  /// Adds to the unlinked memory, and frees what no reader can see any more.
  void retire(garbage g) {
    const std::lock_guard<std::mutex> held(reclaim_);
    fresh_.push_back(g);
    collect();
  }
  void collect() {
    if (waiting_.empty()) {
      if (fresh_.size() < 64)
        return;
      waiting_.swap(fresh_);
      drained_ = 0;
    }
    // Both sides must be seen empty once; the side in use gets its chance when new readers go to the other.
    for (int step = 0; step < 2 && drained_ != 3; ++step) {
      const unsigned old = side_.load() & 1;
      side_.store(old ^ 1);
      for (unsigned side = 0; side < 2; ++side)
        if (drained(side))
          drained_ |= 1u << side;
    }
    if (drained_ == 3) {
      free(waiting_);
      waiting_.clear();
    }
  }

  void grow() {
    std::unique_lock<std::mutex> all[stripes];
    for (std::size_t i = 0; i < stripes; ++i)
      all[i] = std::unique_lock<std::mutex>(locks_[i]);
    table *const old = table_.load();
    if (size_.load() <= old->mask)
      return; // another writer has done it
    auto bigger = std::make_unique<table>(4 * (old->mask + 1));
    std::vector<garbage> gone{{old, nullptr, nullptr}};
    try {
      for (std::size_t i = 0; i <= old->mask; ++i)
        for (node *n = old->heads[i].load(); n; n = n->next.load()) {
          gone.push_back({nullptr, n, nullptr});
          std::atomic<node *> &head = bigger->head(n->hash);
          head.store(new node{n->hash, n->what, {head.load(std::memory_order_relaxed)}},
                     std::memory_order_relaxed);
        }
      const std::lock_guard<std::mutex> held(reclaim_);
      fresh_.reserve(fresh_.size() + gone.size());
      fresh_.insert(fresh_.end(), gone.begin(), gone.end());
      table_.store(bigger.release());
      collect();
    } catch (const std::bad_alloc &) { // goes on with longer chains
      if (bigger)
        for (std::size_t i = 0; i <= bigger->mask; ++i)
          for (node *n = bigger->heads[i].load(); n;) {
            node *const next = n->next.load();
            delete n;
            n = next;
          }
    }
  }
  template <class E>
  void put(table &t, node *found, std::atomic<node *> *link, const K &k, std::uint64_t hash, E &&v) {
    auto made = std::make_unique<item>(k, std::forward<E>(v));
    auto *const n = new node{hash, made.get(), {nullptr}};
    made.release();
    if (found) {
      n->next.store(found->next.load(), std::memory_order_relaxed);
      link->store(n);
      retire({nullptr, found, found->what});
    } else {
      std::atomic<node *> &head = t.head(hash);
      n->next.store(head.load(), std::memory_order_relaxed);
      head.store(n);
      size_.fetch_add(1);
    }
  }
  void after_insert(std::size_t mask) {
    if (size_.load() > mask + 1)
      grow();
  }

public:
  using key_type = K;
  using mapped_type = V;

  sync_map() = default;
  sync_map(const sync_map &) = delete;
  sync_map &operator=(const sync_map &) = delete;
  /// No other thread may be using the map.
  ~sync_map() {
    free(fresh_);
    free(waiting_);
    table *const t = table_.load();
    for (std::size_t i = 0; i <= t->mask; ++i)
      for (node *n = t->heads[i].load(); n;) {
        node *const next = n->next.load();
        delete n->what;
        delete n;
        n = next;
      }
    delete t;
  }

  /// A copy of the value, or nothing.
  std::optional<V> load(const K &k) const {
    const std::uint64_t hash = hash_of(k);
    const reading guard(*this);
    const node *const n = find(*table_.load(), k, hash);
    return n ? std::optional<V>(n->what->value) : std::nullopt;
  }
  bool contains(const K &k) const {
    const std::uint64_t hash = hash_of(k);
    const reading guard(*this);
    return find(*table_.load(), k, hash) != nullptr;
  }
  void store(const K &k, V v) {
    const std::uint64_t hash = hash_of(k);
    std::size_t mask;
    {
      const auto held = lock(hash);
      table &t = *table_.load();
      mask = t.mask;
      std::atomic<node *> *link = nullptr;
      node *const n = find(t, k, hash, &link);
      put(t, n, link, k, hash, std::move(v));
    }
    after_insert(mask);
  }
  /// The present value and true, or the one stored and false.
  std::pair<V, bool> load_or_store(const K &k, V v) {
    const std::uint64_t hash = hash_of(k);
    std::size_t mask;
    {
      const auto held = lock(hash);
      table &t = *table_.load();
      mask = t.mask;
      if (const node *const n = find(t, k, hash))
        return {n->what->value, true};
      put(t, nullptr, nullptr, k, hash, v);
    }
    after_insert(mask);
    return {std::move(v), false};
  }
  /// Stores `desired` if the key is present with a value equal to `expected`.
  bool compare_and_swap(const K &k, const V &expected, V desired) {
    const std::uint64_t hash = hash_of(k);
    const auto held = lock(hash);
    table &t = *table_.load();
    std::atomic<node *> *link = nullptr;
    node *const n = find(t, k, hash, &link);
    if (!n || !(n->what->value == expected))
      return false;
    put(t, n, link, k, hash, std::move(desired));
    return true;
  }
  /// Removes the key; whether it was present.
  bool erase(const K &k) {
    const std::uint64_t hash = hash_of(k);
    const auto held = lock(hash);
    std::atomic<node *> *link = nullptr;
    node *const n = find(*table_.load(), k, hash, &link);
    if (!n)
      return false;
    link->store(n->next.load());
    size_.fetch_sub(1);
    retire({nullptr, n, n->what});
    return true;
  }
  /// Calls f(key, value) for the entries until it returns false. f may use the map.
  template <class F> void range(F f) const {
    const reading guard(*this);
    const table &t = *table_.load();
    for (std::size_t i = 0; i <= t.mask; ++i)
      for (const node *n = t.heads[i].load(); n; n = n->next.load())
        if (!f(n->what->key, n->what->value))
          return;
  }
  std::size_t size() const noexcept { return size_.load(); }
  bool empty() const noexcept { return size() == 0; }
};

} // namespace emm
#endif
