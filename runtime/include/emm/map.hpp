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
#include "emm/detail/map_core.hpp"
#include "emm/detail/shape.hpp"

#include <algorithm>
#include <initializer_list>
#include <optional>
#include <tuple>

namespace emm {

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
class map : private detail::map_core<K, V, Hash, Eq, Alloc> {
  using core = detail::map_core<K, V, Hash, Eq, Alloc>;
  using core::calm, core::idle, core::s_, core::shape, core::header, core::seek, core::place, core::position,
      core::done, core::range, core::assign_or, core::present, core::elem_or_null, core::remove_at,
      core::build, core::copy_from, core::take_from, core::destroy, core::destroy_entries, core::make_room;
  using typename core::L, typename core::M, typename core::S, typename core::T, typename core::W;
  using typename core::placed;
  using traits = std::allocator_traits<Alloc>;
  template <class Q> static constexpr bool looks_up = core::template looks_up<Q>;
  template <class, class, class, class, class> friend class map; // merge: of other hash and comparison

public:
  using key_type = K;
  using mapped_type = V;
  using value_type = std::pair<const K, V>;
  using size_type = std::size_t;
  using difference_type = std::ptrdiff_t;
  using hasher = Hash;
  using key_equal = Eq;
  using allocator_type = Alloc;

  using entry = detail::map_entry<K, V>;
  using const_entry = detail::map_entry<K, const V>;
  using reference = entry &;
  using const_reference = const_entry &;
  using iterator = typename core::iterator;
  using const_iterator = typename core::const_iterator;

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
      : core(h, e, M(a)) {
    reserve(n);
  }
  explicit map(const Alloc &a) : core(Hash(), Eq(), M(a)) {}
  template <class I, class = typename std::iterator_traits<I>::iterator_category>
  map(I first, I last, size_type n = 0, const Hash &h = Hash(), const Eq &e = Eq(), const Alloc &a = Alloc())
      : core(h, e, M(a)) {
    build([&] {
      reserve(n);
      insert(first, last);
    });
  }
  map(std::initializer_list<value_type> list, size_type n = 0, const Hash &h = Hash(), const Eq &e = Eq(),
      const Alloc &a = Alloc())
      : map(list.begin(), list.end(), n ? n : list.size(), h, e, a) {}
  map(const map &o) : map(o, traits::select_on_container_copy_construction(o.get_allocator())) {}
  map(const map &o, const Alloc &a) : core(o.s_.hash(), o.s_.eq(), M(a)) {
    build([&] { copy_from(o); });
  }
  map(map &&o) noexcept : core(o.s_) { o.header() = emm_hmap{}; }
  map(map &&o, const Alloc &a) : core(o.s_.hash(), o.s_.eq(), M(a)) {
    if constexpr (!traits::is_always_equal::value)
      if (!(get_allocator() == o.get_allocator())) {
        build([&] { take_from(o); });
        o.clear();
        return;
      }
    std::swap(header(), o.header());
  }
  map &operator=(const map &o) {
    constexpr bool follows = traits::propagate_on_container_copy_assignment::value;
    if (this != &o) {
      map copy(o, follows ? o.get_allocator() : get_allocator());
      core::template exchange<follows>(copy);
    }
    return *this;
  }
  /// Between allocators that differ the entries are moved one by one; if that throws, elements of `o` may
  /// have been moved from.
  map &operator=(map &&o) noexcept(traits::is_always_equal::value) {
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
    core::template exchange<traits::propagate_on_container_move_assignment::value>(o);
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
  float max_load_factor() const noexcept {
    return static_cast<float>(EMM_LOAD_NUM) / static_cast<float>(EMM_LOAD_DEN);
  }

  /// A pass in random order. Costs two locked additions for its whole length.
  iterator begin() noexcept {
    iterator i;
    emm_hiter first;
    W::begin(L{}, &s_, first);
    W::copy(i.it_, first);
    i.stand_on(i.place());
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
  template <class Q, class = std::enable_if_t<looks_up<Q>>>
  std::pair<iterator, iterator> equal_range(const Q &k) {
    return range(find(k));
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
        out[done + i] = elem_or_null(T::template search<T::by::keys>(
            s, T::chain(s, s_, hashes[i]), keys[done + i], detail::tophash(hashes[i])));
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
    return core::template remove<!idle>(k, [](K &&, V &&) {});
  }
  template <class Q, class = std::enable_if_t<looks_up<Q> && !std::is_convertible_v<Q, const_iterator>>>
  size_type erase(const Q &k) {
    return core::template remove<!idle>(k, [](K &&, V &&) {});
  }
  /// Erases the entry and returns the next of the same pass.
  iterator erase(const const_iterator &i) {
    iterator next;
    next.take(i);
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
    core::template remove<true>(k, [&](K &&key, V &&elem) {
      n.key_.emplace(std::move(key));
      n.elem_.emplace(std::move(elem));
    });
    return n;
  }
  /// The entry is taken out as it is: no copy, no lookup.
  node_type extract(const const_iterator &i) {
    typename core::taken out(s_.memory());
    remove_at(i, [&](detail::cell c) { out.take(c); });
    node_type n;
    if (out.full) {
      n.key_.emplace(std::move(*L::key_slots::at(out.key)));
      n.elem_.emplace(std::move(*L::elem_slots::at(out.elem)));
    }
    return n;
  }
  /// Takes over the entries of `o` whose keys are missing here, without copying them. The allocators are
  /// equal.
  template <class H2, class E2> void merge(map<K, V, H2, E2, Alloc> &o) {
    if (static_cast<const void *>(&o) == this)
      return;
    for (auto i = o.begin(); i != o.end();) {
      auto next = i;
      ++next;
      if (const placed to = core::reserve_place(i->first); to.inserted)
        o.remove_at(i, [&](detail::cell c) { core::settle(to, c); });
      i = std::move(next);
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
  void reserve(size_type n) { make_room(n); }
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
    T::enter_write(s_, detail::op::write);
    emm_hmap fitted{};
    if (empty())
      fitted.hash0 = s_.hash0 + 1; // what a walk in flight notices
    else {
      detail::write_mark mark(s_);
      if (!detail::transfer<S>::refit(shape(), s_, fitted))
        throw std::bad_alloc();
    }
    T::free_all(shape(), s_, !M::outlived);
    header() = fitted;
  }
  /// Allocators that do not go along have to be equal.
  void swap(map &o) noexcept { core::template exchange<traits::propagate_on_container_swap::value>(o); }
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
    t.flags = (L::key_slots::indirect ? unsigned{EMM_INDIRECT_KEY} : 0u) |
              (L::elem_slots::indirect ? unsigned{EMM_INDIRECT_ELEM} : 0u);
    return t;
  }
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
