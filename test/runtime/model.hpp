// A sequential model of a map with iterators: std::unordered_map beside emm::map, the same random operations
// on both.
//
// The iterator model is Go's promise: an entry that stays throughout is produced exactly once with its newest
// value, an entry that is erased and stays erased is never produced afterwards, an entry added meanwhile at
// most once.
#ifndef EMM_TEST_MODEL_HPP
#define EMM_TEST_MODEL_HPP

#include "emm/map.hpp"

#include <gtest/gtest.h>
#include <string>
#include <unordered_map>
#include <unordered_set>

/// `next` gives the program: any source of 32-bit numbers; false ends the run.
template <class M, class Next> class model {
  using K = typename M::key_type;
  using V = typename M::mapped_type;
  M m;
  std::unordered_map<K, V> u;
  Next next;
  unsigned range;
  int stamp = 0;

  static K make(unsigned i) {
    if constexpr (std::is_same_v<K, std::string>)
      return (i & 1 ? "k" : "a longer key, on the heap ") + std::to_string(i);
    else
      return K(i);
  }
  unsigned random() { return next(); }
  K key() { return make(random() % range); }
  V value() {
    ++stamp;
    if constexpr (std::is_same_v<V, std::string>)
      return std::to_string(stamp) + (stamp & 1 ? " and a tail that does not fit inline" : "");
    else
      return V(stamp);
  }

public:
  model(Next n, unsigned keys) : next(n), range(keys) {}

  void step() {
    const unsigned what = random() % 64;
    if (what < 20) {
      const K k = key();
      const V v = value();
      m[k] = v;
      u[k] = v;
    } else if (what < 30) {
      const K k = key();
      ASSERT_EQ(m.erase(k), u.erase(k));
    } else if (what < 36) {
      const K k = key();
      const V v = value();
      const auto a = m.try_emplace(k, v);
      const auto b = u.try_emplace(k, v);
      ASSERT_EQ(a.second, b.second);
      ASSERT_EQ(a.first->second, b.first->second);
    } else if (what < 52) {
      const K k = key();
      const auto a = m.find(k);
      const auto b = u.find(k);
      ASSERT_EQ(a == m.end(), b == u.end());
      if (b != u.end()) {
        ASSERT_EQ(a->first, k);
        ASSERT_EQ(a->second, b->second);
        if (what == 51) {
          m.erase(a);
          u.erase(b);
        }
      }
    } else if (what < 54) {
      const K k = key();
      ASSERT_EQ(m.contains(k), u.count(k) == 1);
    } else if (what < 56) {
      const K k = key();
      const V v = value();
      ASSERT_EQ(m.insert_or_assign(k, v).second, u.insert_or_assign(k, v).second);
    } else if (what == 56 && random() % 64 == 0) {
      m.clear();
      u.clear();
    } else if (what == 57 && random() % 32 == 0) {
      compare();
    } else if (what == 58 && random() % 64 == 0) {
      iterate();
    } else if (what == 59 && random() % 256 == 0) {
      M copy(m);
      ASSERT_TRUE(copy == m);
      m = std::move(copy);
    } else if (what == 60 && random() % 256 == 0) {
      m.shrink_to_fit();
    } else if (what == 61 && random() % 256 == 0) {
      m.reserve(m.size() + random() % range);
    } else if (what == 62 && random() % 16 == 0) {
      erase_aliased();
    }
    ASSERT_EQ(m.size(), u.size());
  }

  /// Contents equal, each entry once.
  void compare() {
    std::unordered_set<K> seen;
    for (const auto &[k, v] : m) {
      const auto i = u.find(k);
      ASSERT_TRUE(i != u.end());
      ASSERT_EQ(i->second, v);
      ASSERT_TRUE(seen.insert(k).second);
    }
    ASSERT_EQ(seen.size(), u.size());
  }

private:
  /// The argument refers to the entry that goes.
  void erase_aliased() {
    for (auto i = m.begin(); i != m.end(); ++i) {
      const K &k = i->first;
      u.erase(K(k));
      m.erase(k);
      break;
    }
  }
  void iterate() {
    std::unordered_map<K, V> stay = u;
    std::unordered_set<K> seen, touched; // touched: erased at some time during the pass
    for (auto i = m.begin(); i != m.end();) {
      const K k = i->first;
      const auto now = u.find(k);
      ASSERT_TRUE(now != u.end()) << "erased entry produced";
      ASSERT_EQ(now->second, i->second) << "stale value";
      ASSERT_TRUE(seen.insert(k).second || touched.count(k)) << "produced twice";
      for (unsigned writes = random() % 6; writes; --writes) {
        const K a = key();
        if (random() % 3) {
          const V v = value();
          m[a] = v;
          u[a] = v;
        } else {
          ASSERT_EQ(m.erase(a), u.erase(a));
          stay.erase(a);
          touched.insert(a);
        }
      }
      if (random() % 3 == 0 && !touched.count(k)) {
        u.erase(k);
        stay.erase(k);
        touched.insert(k);
        i = m.erase(i);
      } else
        ++i;
      if (seen.size() > 4 * range)
        break;
    }
    for (const auto &[k, v] : stay)
      ASSERT_TRUE(seen.count(k)) << "entry that stayed was not produced";
  }
};

#endif
