// Iterators of emm::map, and the entry they show.
//
// One type serves as a walk (it holds a reference on its array and survives every write) and as a position
// from find or insert (it holds nothing). A position becomes a walk when it is first advanced. `Core` is the
// map_core of the map.
#ifndef EMM_DETAIL_MAP_ITERATOR_HPP
#define EMM_DETAIL_MAP_ITERATOR_HPP

#include "emm/detail/shape.hpp"

#include <iterator>

namespace emm {
template <class K, class V, class Hash, class Eq, class Alloc> class map;
}
namespace emm::detail {

/// What an iterator points to. Converts to a pair, which copies.
template <class K, class E> struct map_entry {
  const K &first;
  E &second;
  template <class A, class B> operator std::pair<A, B>() const { return {first, second}; }
  friend bool operator==(const map_entry &a, const map_entry &b) {
    return a.first == b.first && a.second == b.second;
  }
};
/// An input iterator: it has one pass, and `*it` refers into the iterator itself.
template <class Core> class map_const_iterator {
  using K = typename Core::key;
  using V = typename Core::elem;
  using L = typename Core::L;
  using W = typename Core::W;
  using const_entry = map_entry<K, const V>;
  static constexpr bool calm = Core::calm;

public:
  using iterator_category = std::input_iterator_tag;
  using value_type = std::pair<const K, V>;
  using difference_type = std::ptrdiff_t;
  using pointer = const const_entry *;
  using reference = const const_entry &;

  map_const_iterator() noexcept : it_{} {}
  EMM_INLINE map_const_iterator(const map_const_iterator &o) noexcept {
    take(o);
    share();
  }
  EMM_INLINE map_const_iterator(map_const_iterator &&o) noexcept {
    take(o);
    o.it_.check_bucket = 0;
  }
  map_const_iterator &operator=(const map_const_iterator &o) noexcept {
    map_const_iterator copy(o);
    exchange(copy);
    return *this;
  }
  map_const_iterator &operator=(map_const_iterator &&o) noexcept {
    exchange(o);
    return *this;
  }
  EMM_INLINE ~map_const_iterator() {
    if (W::held(it_))
      W::end(L{}, it_);
  }

  EMM_INLINE reference operator*() const noexcept {
    keep_up();
    return *::new (static_cast<void *>(&now_)) const_entry{*key(), *elem()};
  }
  pointer operator->() const noexcept { return &**this; }
  EMM_INLINE map_const_iterator &operator++() noexcept(calm) {
    advance();
    return *this;
  }
  map_const_iterator operator++(int) {
    map_const_iterator before(*this);
    advance();
    return before;
  }
  friend bool operator==(const map_const_iterator &a, const map_const_iterator &b) noexcept {
    return a.it_.key == b.it_.key;
  }
  friend bool operator!=(const map_const_iterator &a, const map_const_iterator &b) noexcept {
    return a.it_.key != b.it_.key;
  }

protected:
  friend Core;
  template <class, class, class, class, class> friend class ::emm::map;
  mutable emm_hiter it_;       ///< written by const functions only after a growth has moved the entry
  const char *top_ = &settled; ///< of a walk: the entry's tophash byte where the iterator came to it
  mutable std::aligned_storage_t<sizeof(const_entry), alignof(const_entry)> now_;

  const K *key() const noexcept { return static_cast<const K *>(it_.key); }
  V *elem() const noexcept { return static_cast<V *>(it_.elem); }
  cell place() const noexcept { return W::place(L{}, it_); }
  EMM_INLINE void take(const map_const_iterator &o) noexcept {
    W::copy(it_, o.it_);
    top_ = o.top_;
  }
  void exchange(map_const_iterator &o) noexcept {
    std::swap(it_, o.it_);
    std::swap(top_, o.top_);
  }
  static constexpr char settled =
      EMM_MIN_TOPHASH; ///< stands for the byte of a position, which does not follow
  EMM_INLINE void stand_on(cell c) noexcept { top_ = c.b + c.i; }
  void share() noexcept {
    if (W::held(it_))
      detail::hold(W::references(L{}, it_));
  }
  /// The entry may have moved since the walk came to it.
  EMM_INLINE void keep_up() const noexcept {
    if (__builtin_expect(static_cast<std::uint8_t>(*top_) < EMM_MIN_TOPHASH, 0)) {
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
  /// Works on a copy when it has to search: the address of an iterator on the stack stays private, and the
  /// compiler keeps it in registers.
  EMM_INLINE void advance() noexcept(calm) {
    if (const cell c = W::next_pending(L{}, it_)) {
      stand_on(c);
      return;
    }
    emm_hiter other;
    W::copy(other, it_);
    if (W::held(other))
      W::search(L{}, other);
    else
      bind(other);
    W::copy(it_, other);
    stand_on(place());
  }
  /// A position becomes a walk in bucket order when it is first advanced.
  [[gnu::noinline]] static void bind(emm_hiter &it_) {
    emm_hmap &h = *it_.h;
    const cell c = W::place(L{}, it_);
    const auto at = static_cast<typename Core::state &>(h).home_of(c, it_);
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
    W::search(L{}, it_);
  }
};
template <class Core> class map_iterator : public map_const_iterator<Core> {
  using entry = map_entry<typename Core::key, typename Core::elem>;

public:
  using pointer = const entry *;
  using reference = const entry &;
  map_iterator() noexcept = default;
  EMM_INLINE reference operator*() const noexcept {
    this->keep_up();
    return *::new (static_cast<void *>(&this->now_)) entry{*this->key(), *this->elem()};
  }
  pointer operator->() const noexcept { return &**this; }
  EMM_INLINE map_iterator &operator++() noexcept(Core::calm) {
    this->advance();
    return *this;
  }
  map_iterator operator++(int) {
    map_iterator before(*this);
    this->advance();
    return before;
  }
};

} // namespace emm::detail
#endif
