// emm::map: Go's classic map as a C++ value type with the interface of std::unordered_map.
//
// Owns its entries. Layout in memory is that of the C surface (emm/map.h); hash and comparison are inlined.
// Iteration: begin() starts at a random place; an iterator from begin() stays usable while entries are
// inserted and erased, through any number of growths: each entry that stays is produced once, an erased one
// never, an added one at most once. clear() ends it. Iterators from find and insert are positions: any later
// insertion or erasure may invalidate them, unless it is made through them. References and pointers to
// elements are valid until the next insertion, or erasure while growing. Keys and elements are not stored as
// a pair: an iterator gives an `entry` with references `first` and `second`. Threads: any number of readers
// or one writer. Other use is reported on a best-effort basis with Go's text, exit status 2, without
// unwinding; constructors, hash and comparison called by the map must not use the same map.
// Exceptions: what throws (hash, comparison, allocation, constructors) leaves the map with the entries it
// had.
#ifndef EMM_MAP_HPP
#define EMM_MAP_HPP

#include "emm/detail/check.hpp"
#include "emm/detail/shape.hpp"

#include <algorithm>
#include <initializer_list>
#include <iterator>
#include <optional>
#include <stdexcept>
#include <tuple>

namespace emm {

namespace detail {
/// Holds a function object without taking room for an empty one.
template <class T, int N, bool = std::is_empty_v<T> && !std::is_final_v<T>> struct part : T {
  part() = default;
  explicit part(const T &t) : T(t) {}
  T &get() noexcept { return *this; }
  const T &get() const noexcept { return *this; }
};
template <class T, int N> struct part<T, N, false> {
  T value{};
  part() = default;
  explicit part(const T &t) : value(t) {}
  T &get() noexcept { return value; }
  const T &get() const noexcept { return value; }
};
template <class T, class = void> struct is_transparent : std::false_type {};
template <class T> struct is_transparent<T, std::void_t<typename T::is_transparent>> : std::true_type {};
} // namespace detail

/// Figures of a map at one moment.
struct map_stats {
  std::size_t size;    ///< entries
  std::size_t buckets; ///< 2^B, or 0 before the first insertion
  unsigned B;
  double load;               ///< entries per bucket
  std::size_t overflow;      ///< overflow buckets in chains of the current array
  std::size_t noverflow;     ///< the header's count of them, an estimate above B = 15
  std::size_t longest_chain; ///< buckets
  std::size_t chains[4];     ///< chains of 1, 2, 3, and more buckets
  std::size_t old_buckets;   ///< 0 when not growing
  std::size_t evacuated;     ///< old buckets known to have moved
};

template <class K, class V, class Hash = emm::hash<K>, class Eq = emm::equal<K>,
          class Alloc = std::allocator<std::pair<const K, V>>>
class map {
  using M = detail::memory_for<Alloc>;
  using L = detail::layout<K, V, M>;
  using S = detail::shape<K, V, Hash, Eq, M>;
  using T = detail::table<S>;
  using W = detail::walk<L>;
  using cell = detail::cell;

  /// A chain: its index in the current array, or in the old one.
  struct home {
    std::size_t index;
    bool old;
  };
  struct state : emm_hmap, detail::part<Hash, 0>, detail::part<Eq, 1>, detail::part<M, 2> {
    state() = default;
    state(const Hash &h, const Eq &e, const M &m)
        : emm_hmap{}, detail::part<Hash, 0>(h), detail::part<Eq, 1>(e), detail::part<M, 2>(m) {}
    const Hash &hash() const noexcept { return static_cast<const detail::part<Hash, 0> &>(*this).get(); }
    const Eq &eq() const noexcept { return static_cast<const detail::part<Eq, 1> &>(*this).get(); }
    const M &memory() const noexcept { return static_cast<const detail::part<M, 2> &>(*this).get(); }
    M &memory() noexcept { return static_cast<detail::part<M, 2> &>(*this).get(); }
    S shape() const noexcept { return {hash(), eq(), memory()}; }
    /// The chain of the entry a position stands on: from its key, or from the iterator where insertion has
    /// noted it.
    home home_of(cell c, const emm_hiter &it) const {
      const std::size_t index = it.wrapped & 1 ? it.bucket : shape().hash(*L::key_at(c), this->hash0);
      if (this->oldbuckets) {
        const std::size_t o = index & (T::old_count(*this) - 1);
        if (!T::old_evacuated(shape(), *this, o))
          return {o, true};
      }
      return {index & detail::bucket_mask(this->B), false};
    }
  } s_{};

  S shape() const noexcept { return s_.shape(); }
  emm_hmap &header() noexcept { return s_; }
  const emm_hmap &header() const noexcept { return s_; }
  template <class Q>
  static constexpr bool looks_up =
      !std::is_same_v<Q, K> && detail::is_transparent<Hash>::value && detail::is_transparent<Eq>::value;
  /// A hash that depends on nothing but its key cannot throw: lookups and erasures are noexcept then.
  static constexpr bool calm = S::template hashes_calmly<K>() &&
                               (S::exact || std::is_nothrow_invocable_v<const Eq &, const K &, const K &>);

public:
  using key_type = K;
  using mapped_type = V;
  using value_type = std::pair<const K, V>;
  using size_type = std::size_t;
  using difference_type = std::ptrdiff_t;
  using hasher = Hash;
  using key_equal = Eq;
  using allocator_type = Alloc;

  /// What an iterator points to. Converts to a pair, which copies.
  template <class E> struct basic_entry {
    const K &first;
    E &second;
    template <class A, class B> operator std::pair<A, B>() const { return {first, second}; }
    friend bool operator==(const basic_entry &a, const basic_entry &b) {
      return a.first == b.first && a.second == b.second;
    }
  };
  using entry = basic_entry<V>;
  using const_entry = basic_entry<const V>;
  using reference = entry &;
  using const_reference = const_entry &;

  /// An input iterator: it has one pass, and `*it` refers into the iterator itself.
  class const_iterator {
  public:
    using iterator_category = std::input_iterator_tag;
    using value_type = typename map::value_type;
    using difference_type = std::ptrdiff_t;
    using pointer = const const_entry *;
    using reference = const const_entry &;

    const_iterator() noexcept : it_{} {}
    EMM_INLINE const_iterator(const const_iterator &o) noexcept {
      W::copy(it_, o.it_);
      share();
    }
    EMM_INLINE const_iterator(const_iterator &&o) noexcept {
      W::copy(it_, o.it_);
      o.it_.check_bucket = 0;
    }
    const_iterator &operator=(const const_iterator &o) noexcept {
      const_iterator copy(o);
      std::swap(it_, copy.it_);
      return *this;
    }
    const_iterator &operator=(const_iterator &&o) noexcept {
      std::swap(it_, o.it_);
      return *this;
    }
    EMM_INLINE ~const_iterator() {
      if (W::held(it_))
        W::end(L{}, it_);
    }

    EMM_INLINE reference operator*() const noexcept {
      keep_up();
      return *::new (static_cast<void *>(&now_)) const_entry{*key(), *elem()};
    }
    pointer operator->() const noexcept { return &**this; }
    EMM_INLINE const_iterator &operator++() noexcept(calm) {
      advance();
      return *this;
    }
    const_iterator operator++(int) {
      const_iterator before(*this);
      advance();
      return before;
    }
    friend bool operator==(const const_iterator &a, const const_iterator &b) noexcept {
      return a.it_.key == b.it_.key;
    }
    friend bool operator!=(const const_iterator &a, const const_iterator &b) noexcept {
      return a.it_.key != b.it_.key;
    }

  protected:
    friend class map;
    mutable emm_hiter it_; ///< written by const functions only after a growth has moved the entry
    mutable std::aligned_storage_t<sizeof(const_entry), alignof(const_entry)> now_;

    const K *key() const noexcept { return static_cast<const K *>(it_.key); }
    V *elem() const noexcept { return static_cast<V *>(it_.elem); }
    cell place() const noexcept { return W::place(L{}, it_); }
    void share() noexcept {
      if (W::held(it_))
        detail::hold(W::references(L{}, it_));
    }
    /// The entry may have moved since the walk came to it.
    EMM_INLINE void keep_up() const noexcept {
      if (W::held(it_))
        if (const cell c = place();
            __builtin_expect(static_cast<std::uint8_t>(c.b[c.i]) < EMM_MIN_TOPHASH, 0)) {
          emm_hiter other;
          W::copy(other, it_);
          moved(other);
          W::copy(it_, other);
        }
    }
    [[gnu::noinline, gnu::cold]] static void moved(emm_hiter &it) noexcept {
      if (const cell now = W::follow(L{}, *it.h, it, W::place(L{}, it))) {
        it.key = L::key_at(now);
        it.elem = L::elem_at(now);
      }
    }
    /// A position becomes a walk in bucket order when it is first advanced.
    EMM_INLINE void advance() noexcept(calm) {
      if (__builtin_expect(!W::held(it_) && it_.key, 0)) {
        emm_hiter other;
        W::copy(other, it_);
        bind(other);
        W::copy(it_, other);
      }
      W::next(L{}, it_);
    }
    [[gnu::noinline]] static void bind(emm_hiter &it_) {
      emm_hmap &h = *it_.h;
      const cell c = W::place(L{}, it_);
      const home at = static_cast<state &>(h).home_of(c, it_);
      W::position(L{}, h, it_);
      const std::size_t o = at.index & detail::bucket_mask(it_.B);
      const std::size_t kept = it_.check_bucket;
      it_.check_bucket |= o;
      if (kept & W::mid_growth && !at.old)
        it_.check_bucket =
            at.index | kept | W::in_newer | (at.index == o && !it_.overflow->same_size ? W::half_left : 0);
      if (c.b != W::chain_of(L{}, it_, it_.check_bucket & W::index_bits))
        it_.check_bucket |= W::in_chain;
      it_.offset = 0;
      it_.chains = W::visit(it_, c.b, 1, L{});
      if (it_.check_bucket & W::in_chain)
        it_.chains = 0;
      it_.pending &= std::uint64_t{0xfe} << c.i;
      it_.wrapped = static_cast<std::uint8_t>(c.i << W::current_shift);
      it_.start_bucket = 0;
      it_.bucket = o + 1;
      if (it_.bucket == std::size_t{1} << it_.B) {
        it_.bucket = 0;
        it_.wrapped |= 1;
      }
    }
  };
  class iterator : public const_iterator {
  public:
    using pointer = const entry *;
    using reference = const entry &;
    iterator() noexcept = default;
    EMM_INLINE reference operator*() const noexcept {
      this->keep_up();
      return *::new (static_cast<void *>(&this->now_)) entry{*this->key(), *this->elem()};
    }
    pointer operator->() const noexcept { return &**this; }
    EMM_INLINE iterator &operator++() noexcept(calm) {
      this->advance();
      return *this;
    }
    iterator operator++(int) {
      iterator before(*this);
      this->advance();
      return before;
    }
  };

  /// An entry taken out of a map, owned by the handle.
  class node_type {
    friend class map;
    std::optional<K> key_;
    std::optional<V> elem_;

  public:
    bool empty() const noexcept { return !key_; }
    explicit operator bool() const noexcept { return !empty(); }
    K &key() noexcept { return *key_; }
    V &mapped() noexcept { return *elem_; }
  };
  struct insert_return_type {
    iterator position;
    bool inserted;
    node_type node;
  };

  map() noexcept(std::is_nothrow_default_constructible_v<Hash> &&std::is_nothrow_default_constructible_v<Eq>
                     &&std::is_nothrow_default_constructible_v<M>) = default;
  /// Room for `n` entries before the first growth.
  explicit map(size_type n, const Hash &h = Hash(), const Eq &e = Eq(), const Alloc &a = Alloc())
      : s_(h, e, M(a)) {
    reserve(n);
  }
  explicit map(const Alloc &a) : s_(Hash(), Eq(), M(a)) {}
  template <class I, class = typename std::iterator_traits<I>::iterator_category>
  map(I first, I last, size_type n = 0, const Hash &h = Hash(), const Eq &e = Eq(), const Alloc &a = Alloc())
      : s_(h, e, M(a)) {
    build([&] {
      reserve(n);
      insert(first, last);
    });
  }
  map(std::initializer_list<value_type> list, size_type n = 0, const Hash &h = Hash(), const Eq &e = Eq(),
      const Alloc &a = Alloc())
      : map(list.begin(), list.end(), n ? n : list.size(), h, e, a) {}
  map(const map &o)
      : s_(o.s_.hash(), o.s_.eq(),
           M(std::allocator_traits<Alloc>::select_on_container_copy_construction(o.get_allocator()))) {
    build([&] { copy_from(o); });
  }
  map(map &&o) noexcept : s_(o.s_) { o.header() = emm_hmap{}; }
  map &operator=(const map &o) {
    if (this != &o) {
      map copy(o);
      swap(copy);
    }
    return *this;
  }
  map &operator=(map &&o) noexcept(std::allocator_traits<Alloc>::is_always_equal::value) {
    using traits = std::allocator_traits<Alloc>;
    if (this == &o)
      return *this;
    if constexpr (!traits::is_always_equal::value && !traits::propagate_on_container_move_assignment::value) {
      if (!(get_allocator() ==
            o.get_allocator())) { // memory cannot change hands: move the entries one by one
        map moved(0, o.s_.hash(), o.s_.eq(), get_allocator());
        moved.take_from(o);
        o.clear();
        swap(moved);
        return *this;
      }
    }
    destroy();
    s_ = o.s_;
    o.header() = emm_hmap{};
    return *this;
  }
  map &operator=(std::initializer_list<value_type> list) {
    return *this = map(list, 0, s_.hash(), s_.eq(), get_allocator());
  }
  ~map() { destroy(); }

  allocator_type get_allocator() const noexcept { return s_.memory().allocator(); }
  hasher hash_function() const { return s_.hash(); }
  key_equal key_eq() const { return s_.eq(); }

  [[nodiscard]] bool empty() const noexcept { return size() == 0; }
  size_type size() const noexcept { return detail::count_of(s_); }
  size_type max_size() const noexcept { return std::size_t(-1) / 2 / L::size * 6; }
  size_type bucket_count() const noexcept { return s_.buckets ? size_type{1} << s_.B : 0; }
  float load_factor() const noexcept {
    return s_.buckets ? static_cast<float>(s_.count) / static_cast<float>(bucket_count()) : 0;
  }
  float max_load_factor() const noexcept { return static_cast<float>(EMM_LOAD_NUM) / static_cast<float>(EMM_LOAD_DEN); }

  /// A pass in random order. Costs two locked additions for its whole length.
  iterator begin() noexcept {
    iterator i;
    emm_hiter first;
    W::begin(L{}, &s_, first);
    W::copy(i.it_, first);
    return i;
  }
  const_iterator begin() const noexcept { return const_cast<map *>(this)->begin(); }
  const_iterator cbegin() const noexcept { return begin(); }
  iterator end() noexcept { return {}; }
  const_iterator end() const noexcept { return {}; }
  const_iterator cend() const noexcept { return {}; }

  EMM_INLINE iterator find(const K &k) noexcept(calm) { return position(seek(k)); }
  EMM_INLINE const_iterator find(const K &k) const noexcept(calm) { return const_cast<map *>(this)->find(k); }
  template <class Q, class = std::enable_if_t<looks_up<Q>>> iterator find(const Q &k) {
    return position(seek(k));
  }
  template <class Q, class = std::enable_if_t<looks_up<Q>>> const_iterator find(const Q &k) const {
    return const_cast<map *>(this)->find(k);
  }
  bool contains(const K &k) const noexcept(calm) { return static_cast<bool>(seek(k)); }
  template <class Q, class = std::enable_if_t<looks_up<Q>>> bool contains(const Q &k) const {
    return static_cast<bool>(seek(k));
  }
  size_type count(const K &k) const noexcept(calm) { return contains(k); }
  template <class Q, class = std::enable_if_t<looks_up<Q>>> size_type count(const Q &k) const {
    return contains(k);
  }
  std::pair<iterator, iterator> equal_range(const K &k) { return range(find(k)); }
  std::pair<const_iterator, const_iterator> equal_range(const K &k) const {
    const const_iterator i = find(k);
    return {i, end()};
  }
  /// Throws std::out_of_range when missing.
  V &at(const K &k) { return present(seek(k)); }
  const V &at(const K &k) const { return present(seek(k)); }
  template <class Q, class = std::enable_if_t<looks_up<Q>>> V &at(const Q &k) { return present(seek(k)); }
  template <class Q, class = std::enable_if_t<looks_up<Q>>> const V &at(const Q &k) const {
    return present(seek(k));
  }
  /// The element, or null: `if (auto *v = m.get(k))`.
  V *get(const K &k) noexcept(calm) { return elem_or_null(seek(k)); }
  const V *get(const K &k) const noexcept(calm) { return elem_or_null(seek(k)); }
  template <class Q, class = std::enable_if_t<looks_up<Q>>> V *get(const Q &k) {
    return elem_or_null(seek(k));
  }
  template <class Q, class = std::enable_if_t<looks_up<Q>>> const V *get(const Q &k) const {
    return elem_or_null(seek(k));
  }
  /// Looks up `n` keys at once, out[i] = get(keys[i]): their cache misses overlap.
  void get_batch(const K *keys, size_type n, V **out) {
    constexpr size_type group = 16;
    std::uint64_t hashes[group];
    const S s = shape();
    for (size_type done = 0; done < n; done += group) {
      const size_type m = std::min(group, n - done);
      if (empty()) {
        std::fill(out + done, out + done + m, nullptr);
        continue;
      }
      T::enter_read(s, s_, keys[done]);
      for (size_type i = 0; i < m; ++i) {
        hashes[i] = s.hash(keys[done + i], s_.hash0);
        const char *const b = T::at(s, s_.buckets, hashes[i] & detail::bucket_mask(s_.B));
        __builtin_prefetch(b);
        __builtin_prefetch(b + 64);
        __builtin_prefetch(b + 128);
      }
      for (size_type i = 0; i < m; ++i)
        out[done + i] = elem_or_null(
            T::search(s, T::chain(s, s_, hashes[i]), keys[done + i], detail::tophash(hashes[i])));
    }
  }

  V &operator[](const K &k) { return *L::elem_at(place(k, k).c); }
  V &operator[](K &&k) { return *L::elem_at(place(k, std::move(k)).c); }
  std::pair<iterator, bool> insert(const value_type &v) { return done(place(v.first, v.first, v.second)); }
  std::pair<iterator, bool> insert(value_type &&v) {
    return done(place(v.first, v.first, std::move(v.second)));
  }
  template <class P, class = std::enable_if_t<std::is_constructible_v<value_type, P &&>>>
  std::pair<iterator, bool> insert(P &&p) {
    return emplace(std::forward<P>(p));
  }
  template <class I> void insert(I first, I last) {
    for (; first != last; ++first)
      emplace(*first);
  }
  void insert(std::initializer_list<value_type> list) { insert(list.begin(), list.end()); }
  template <class... A> std::pair<iterator, bool> emplace(A &&...args) {
    std::pair<K, V> p(std::forward<A>(args)...);
    const placed r = place(p.first, std::move(p.first), std::move(p.second));
    return done(r);
  }
  template <class... A> std::pair<iterator, bool> try_emplace(const K &k, A &&...args) {
    return done(place(k, k, std::forward<A>(args)...));
  }
  template <class... A> std::pair<iterator, bool> try_emplace(K &&k, A &&...args) {
    const placed r = place(k, std::move(k), std::forward<A>(args)...);
    return done(r);
  }
  template <class E> std::pair<iterator, bool> insert_or_assign(const K &k, E &&v) {
    return assign_or(place(k, k, std::forward<E>(v)), std::forward<E>(v));
  }
  template <class E> std::pair<iterator, bool> insert_or_assign(K &&k, E &&v) {
    return assign_or(place(k, std::move(k), std::forward<E>(v)), std::forward<E>(v));
  }
  insert_return_type insert(node_type &&n) {
    if (!n)
      return {end(), false, {}};
    const placed r = place(*n.key_, std::move(*n.key_), std::move(*n.elem_));
    insert_return_type result{done(r).first, r.inserted, {}};
    if (!r.inserted)
      result.node = std::move(n);
    n = node_type();
    return result;
  }

  size_type erase(const K &k) noexcept(calm) {
    return remove<!idle>(k, [](K &&, V &&) {});
  }
  template <class Q, class = std::enable_if_t<looks_up<Q> && !std::is_convertible_v<Q, const_iterator>>>
  size_type erase(const Q &k) {
    return remove<!idle>(k, [](K &&, V &&) {});
  }
  /// Erases the entry and returns the next of the same pass.
  iterator erase(const const_iterator &i) {
    iterator next;
    next.it_ = i.it_;
    next.share();
    ++next;
    remove_at(i);
    return next;
  }
  iterator erase(const_iterator first, const_iterator last) {
    iterator i;
    static_cast<const_iterator &>(i) = std::move(first);
    while (static_cast<const_iterator &>(i) != last)
      i = erase(i);
    return i;
  }
  node_type extract(const K &k) {
    node_type n;
    remove<true>(k, [&](K &&key, V &&elem) {
      n.key_.emplace(std::move(key));
      n.elem_.emplace(std::move(elem));
    });
    return n;
  }
  node_type extract(const const_iterator &i) { return extract(K(i->first)); }
  /// Moves over the entries of `o` whose keys are missing here.
  template <class H2, class E2> void merge(map<K, V, H2, E2, Alloc> &o) {
    for (auto i = o.begin(); i != o.end();) {
      if (contains(i->first))
        ++i;
      else {
        place(i->first, i->first, std::move(i->second));
        i = o.erase(i);
      }
    }
  }
  template <class H2, class E2> void merge(map<K, V, H2, E2, Alloc> &&o) { merge(o); }

  /// Erases all; keeps the memory. Iterators in flight end.
  void clear() noexcept {
    if (empty())
      return;
    T::enter_write(s_, detail::op::clear);
    detail::write_mark mark(s_);
    destroy_entries();
    T::empty_all(shape(), s_);
  }
  /// Makes room for `n` entries without a later growth. Finishes a growth in progress.
  void reserve(size_type n) {
    const S s = shape();
    if (!s_.buckets) {
      if (n > EMM_BUCKET_SLOTS && !T::first_array(s, s_, n))
        throw std::bad_alloc();
      return;
    }
    T::enter_write(s_, detail::op::write);
    detail::write_mark mark(s_);
    while (s_.oldbuckets || detail::over_load(n, s_.B)) {
      if (!s_.oldbuckets && !T::start_growth(s, s_, true))
        throw std::bad_alloc();
      if (!T::finish_growth(s, s_))
        throw std::bad_alloc();
    }
  }
  /// Moves every entry that a growth in progress has left behind, so that no later write has to.
  void finish_growth() {
    if (!s_.oldbuckets)
      return;
    detail::write_mark mark(s_);
    if (!T::finish_growth(shape(), s_))
      throw std::bad_alloc();
  }
  /// The smallest array for the present entries. Iterators in flight end.
  void shrink_to_fit() {
    if (!s_.buckets || (detail::bits_for(size()) == s_.B && !s_.oldbuckets))
      return;
    map fitted(size(), s_.hash(), s_.eq(), get_allocator());
    fitted.take_from(*this);
    clear();
    swap(fitted);
  }
  void swap(map &o) noexcept { std::swap(s_, o.s_); }
  friend void swap(map &a, map &b) noexcept { a.swap(b); }

  friend bool operator==(const map &a, const map &b) {
    if (a.size() != b.size())
      return false;
    for (const auto &e : a) {
      const V *const v = b.get(e.first);
      if (!v || !(*v == e.second))
        return false;
    }
    return true;
  }
  friend bool operator!=(const map &a, const map &b) { return !(a == b); }

  /// Bytes of all blocks the map has allocated (indirect keys and elements not counted), without the map
  /// object itself.
  size_type memory_bytes() const noexcept { return T::bytes(shape(), s_); }
  map_stats stats() const noexcept {
    map_stats r{};
    r.size = size();
    r.buckets = bucket_count();
    r.B = s_.B;
    r.load = load_factor();
    r.noverflow = s_.noverflow;
    r.old_buckets = s_.oldbuckets ? T::old_count(s_) : 0;
    r.evacuated = s_.oldbuckets ? s_.nevacuate : 0;
    for (std::size_t i = 0; i < r.buckets; ++i) {
      std::size_t n = 0;
      for (const char *b = T::at(shape(), s_.buckets, i); b; b = detail::next_bucket(b, L::size))
        ++n;
      r.overflow += n - 1;
      r.longest_chain = std::max(r.longest_chain, n);
      ++r.chains[std::min<std::size_t>(n, 4) - 1];
    }
    return r;
  }
  /// Null, or the first invariant of the layout found broken. Hashes every key.
  const char *check_invariants() const { return detail::check_invariants(shape(), header()); }
  /// The C header, for the dump and check functions and for debuggers. Not for writing.
  const emm_hmap *c_header() const noexcept { return &s_; }
  /// A C descriptor of the same layout (sizes and indirection; its functions are null).
  static emm_maptype c_layout() noexcept {
    emm_maptype t{};
    t.keysize = static_cast<std::uint8_t>(L::key_slots::bytes);
    t.elemsize = static_cast<std::uint8_t>(L::elem_slots::bytes);
    t.bucketsize = static_cast<std::uint16_t>(L::size);
    t.flags =
        (L::key_slots::indirect ? unsigned{EMM_INDIRECT_KEY} : 0u) | (L::elem_slots::indirect ? unsigned{EMM_INDIRECT_ELEM} : 0u);
    return t;
  }

private:
  struct placed {
    cell c;
    std::uint64_t hash;
    bool inserted;
  };

  template <class Q> EMM_INLINE cell seek(const Q &k) const {
    if (empty())
      return {};
    const S s = shape();
    T::enter_read(s, s_, k);
    return T::find(s, s_, k);
  }
  V &present(cell c) const {
    if (!c)
      throw std::out_of_range("emm::map::at");
    return *L::elem_at(c);
  }
  static V *elem_or_null(cell c) noexcept { return c ? L::elem_at(c) : nullptr; }

  /// A position: enough to read and erase the entry, and to go on from it.
  EMM_INLINE iterator position(cell c) noexcept {
    iterator i;
    if (c)
      set(i, c);
    return i;
  }
  EMM_INLINE void set(iterator &i, cell c) noexcept {
    i.it_.key = L::key_at(c);
    i.it_.elem = L::elem_at(c);
    i.it_.h = &s_;
    i.it_.bptr = c.b;
    i.it_.wrapped = static_cast<std::uint8_t>(c.i << W::current_shift);
  }
  std::pair<iterator, bool> done(const placed &r) noexcept {
    iterator i;
    set(i, r.c);
    if constexpr (std::is_floating_point_v<K>) { // a NaN cannot be found again by its key
      i.it_.wrapped |= 1;
      i.it_.bucket = r.hash;
    }
    return {i, r.inserted};
  }
  std::pair<iterator, iterator> range(iterator i) { return {i, end()}; }
  template <class E> std::pair<iterator, bool> assign_or(const placed &r, E &&v) {
    if (!r.inserted)
      *L::elem_at(r.c) = std::forward<E>(v);
    return done(r);
  }

  /// Finds `q` or inserts an entry made from `key` and the arguments. In a map that has to move entries the
  /// new one is made first: the arguments may refer into the map.
  template <class Key, class... A> EMM_INLINE placed place(const K &q, Key &&key, A &&...args) {
    const S s = shape();
    T::enter_write(s, s_, detail::op::write, q);
    if (!s_.buckets && !T::first_bucket(s, s_))
      throw std::bad_alloc();
    const std::uint64_t hash = s.hash(q, s_.hash0);
    detail::write_mark mark(s_);
    cell spot;
    char *last;
    if (const cell c = T::locate(s, s_, q, hash, spot, last)) {
      if constexpr (std::is_floating_point_v<K>)
        *L::key_at(c) = q; // -0 replaces +0, as in Go
      return {c, hash, false};
    }
    if (__builtin_expect(T::crowded(s_), 0))
      return {place_crowded(s, hash, std::forward<Key>(key), std::forward<A>(args)...), hash, true};
    const cell c = T::vacancy(s, s_, spot, last);
    if (!c)
      throw std::bad_alloc();
    fill(c, std::forward<Key>(key), std::forward<A>(args)...);
    T::commit(s_, c, hash);
    return {c, hash, true};
  }
  template <class Key, class... A>
  [[gnu::noinline]] cell place_crowded(const S &s, std::uint64_t hash, Key &&key, A &&...args) {
    alignas(8) char buffer[L::key_slots::bytes + 8];
    alignas(8) char buffer2[L::elem_slots::bytes + 8];
    using KS = typename L::key_slots;
    using VS = typename L::elem_slots;
    VS::construct(s_.memory(), buffer2, std::forward<A>(args)...);
    struct undo {
      const M &m;
      char *k, *v;
      ~undo() {
        if (k)
          KS::destroy(m, k);
        if (v)
          VS::destroy(m, v);
      }
    } guard{s_.memory(), nullptr, buffer2};
    KS::construct(s_.memory(), buffer, std::forward<Key>(key));
    guard.k = buffer;
    const cell c = T::vacancy_by_growth(s, s_, hash);
    if (!c)
      throw std::bad_alloc();
    KS::relocate(L::key_slot(c), buffer);
    VS::relocate(L::elem_slot(c), buffer2);
    guard.k = guard.v = nullptr;
    T::commit(s_, c, hash);
    return c;
  }
  template <class Key, class... A> void fill(cell c, Key &&key, A &&...args) {
    L::elem_slots::construct(s_.memory(), L::elem_slot(c), std::forward<A>(args)...);
    if constexpr (std::is_nothrow_constructible_v<K, Key &&> && !L::key_slots::indirect)
      L::key_slots::construct(s_.memory(), L::key_slot(c), std::forward<Key>(key));
    else
      try {
        L::key_slots::construct(s_.memory(), L::key_slot(c), std::forward<Key>(key));
      } catch (...) {
        L::elem_slots::destroy(s_.memory(), L::elem_slot(c));
        throw;
      }
  }

  /// Takes the entry out and hands it to `f` after the map has been put in order, so that destructors may use
  /// the map.
  static constexpr bool idle = L::key_slots::idle && L::elem_slots::idle;
  template <bool Taking, class Q, class F> size_type remove(const Q &k, F f) {
    if (empty())
      return 0;
    const S s = shape();
    T::enter_write(s, s_, detail::op::erase, k);
    const std::uint64_t hash = s.hash(k, s_.hash0);
    taken out(s_.memory());
    {
      detail::write_mark mark(s_);
      char *const chain = T::chain(s, s_, hash);
      const cell c = T::search(s, chain, k, detail::tophash(hash));
      if (!c)
        return 0;
      if constexpr (Taking)
        out.take(c);
      T::vacate(s, s_, chain, c);
      if (__builtin_expect(s_.oldbuckets != nullptr, 0))
        catch_up(s, hash);
    }
    if constexpr (Taking)
      f(std::move(*L::key_slots::at(out.key)), std::move(*L::elem_slots::at(out.elem)));
    return 1;
  }
  /// A step of the growth in progress; what fails here is left to a later write.
  [[gnu::noinline]] void catch_up(const S &s, std::uint64_t hash) noexcept {
    if constexpr (calm && std::is_same_v<M, detail::default_memory<Alloc>>)
      T::grow_work(s, s_, hash & detail::bucket_mask(s_.B));
    else
      try {
        T::grow_work(s, s_, hash & detail::bucket_mask(s_.B));
      } catch (...) {
      }
  }
  void remove_at(const const_iterator &i) {
    T::enter_write(s_, detail::op::erase);
    taken out(s_.memory());
    detail::write_mark mark(s_);
    cell c = i.place();
    char *chain = nullptr;
    if (W::held(i.it_)) { // a walk knows its chain, and follows a moved entry
      emm_hiter it = i.it_;
      if (static_cast<std::uint8_t>(c.b[c.i]) < EMM_MIN_TOPHASH)
        c = W::follow(L{}, s_, it, c, &chain);
      else
        chain = W::chain_of(L{}, it, W::chain_index(it));
    } else {
      const home at = s_.home_of(c, i.it_);
      chain = T::at(shape(), at.old ? s_.oldbuckets : s_.buckets, at.index);
    }
    if (!c)
      return; // erased already
    out.take(c);
    T::vacate(shape(), s_, chain, c);
  }

  /// Key and element on their way out.
  struct taken {
    const M &memory;
    alignas(8) char key[L::key_slots::bytes + 8];
    alignas(8) char elem[L::elem_slots::bytes + 8];
    bool full = false;
    explicit taken(const M &m) noexcept : memory(m) {}
    void take(cell c) noexcept {
      L::key_slots::relocate(key, L::key_slot(c));
      L::elem_slots::relocate(elem, L::elem_slot(c));
      full = true;
    }
    ~taken() {
      if constexpr (!idle)
        if (full) {
          L::key_slots::destroy(memory, key);
          L::elem_slots::destroy(memory, elem);
        }
    }
  };

  void destroy_entries() noexcept {
    if constexpr (!idle)
      T::each(shape(), s_, [&](cell c) {
        L::key_slots::destroy(s_.memory(), L::key_slot(c));
        L::elem_slots::destroy(s_.memory(), L::elem_slot(c));
      });
  }
  void destroy() noexcept {
    if (!s_.buckets && !s_.extra)
      return;
    destroy_entries();
    T::free_all(shape(), s_, !M::outlived);
  }
  template <class F> void build(F f) {
    try {
      f();
    } catch (...) {
      destroy();
      throw;
    }
  }
  void copy_from(const map &o) {
    reserve(o.size());
    T::each(o.shape(), o.s_, [&](cell c) { add(*L::key_at(c), *L::elem_at(c)); });
  }
  void take_from(map &o) {
    T::each(o.shape(), o.s_, [&](cell c) { add(*L::key_at(c), std::move_if_noexcept(*L::elem_at(c))); });
  }
  template <class E> void add(const K &k, E &&v) { place(k, k, std::forward<E>(v)); }
};

/// Erases the entries for which `f` is true; returns their number.
template <class K, class V, class H, class E, class A, class F>
std::size_t erase_if(map<K, V, H, E, A> &m, F f) {
  const std::size_t before = m.size();
  for (auto i = m.begin(); i != m.end();)
    if (f(*i))
      i = m.erase(i);
    else
      ++i;
  return before - m.size();
}

} // namespace emm
#endif
