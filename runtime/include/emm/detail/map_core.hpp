// What emm::map does behind its interface: its state, and the operations that place and remove an entry.
//
// Invariants: between operations the map is in order whatever has thrown; what a constructor, hash or
// comparison throws leaves the entries there were. An entry on its way out is destroyed after the map is in
// order, so that destructors may use the map.
#ifndef EMM_DETAIL_MAP_CORE_HPP
#define EMM_DETAIL_MAP_CORE_HPP

#include "emm/detail/map_iterator.hpp"
#include "emm/detail/transfer.hpp"

#include <stdexcept>

namespace emm::detail {

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

/// The base of emm::map; see above.
template <class K, class V, class Hash, class Eq, class Alloc> class map_core {
public:
  using key = K;
  using elem = V;
  using iterator = map_iterator<map_core>;
  using const_iterator = map_const_iterator<map_core>;
  using M = memory_for<Alloc>;
  using L = layout<K, V, M>;
  using S = detail::shape<K, V, Hash, Eq, M>;
  using T = table<S>;
  using W = walk<L>;

  /// A chain: its index in the current array, or in the old one.
  struct home {
    std::size_t index;
    bool old;
  };
  struct state : emm_hmap, part<Hash, 0>, part<Eq, 1>, part<M, 2> {
    state() = default;
    state(const Hash &h, const Eq &e, const M &m)
        : emm_hmap{}, part<Hash, 0>(h), part<Eq, 1>(e), part<M, 2>(m) {}
    const Hash &hash() const noexcept { return static_cast<const part<Hash, 0> &>(*this).get(); }
    const Eq &eq() const noexcept { return static_cast<const part<Eq, 1> &>(*this).get(); }
    const M &memory() const noexcept { return static_cast<const part<M, 2> &>(*this).get(); }
    M &memory() noexcept { return static_cast<part<M, 2> &>(*this).get(); }
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
      return {index & bucket_mask(this->B), false};
    }
  } s_{};

  S shape() const noexcept { return s_.shape(); }
  emm_hmap &header() noexcept { return s_; }
  const emm_hmap &header() const noexcept { return s_; }
  template <class Q>
  static constexpr bool looks_up =
      !std::is_same_v<Q, K> && is_transparent<Hash>::value && is_transparent<Eq>::value;
  /// A hash that depends on nothing but its key cannot throw: lookups and erasures are noexcept then.
  static constexpr bool calm = S::template hashes_calmly<K>() &&
                               (S::exact || std::is_nothrow_invocable_v<const Eq &, const K &, const K &>);

  using key_type = K;
  using mapped_type = V;
  using value_type = std::pair<const K, V>;
  using size_type = std::size_t;
  using difference_type = std::ptrdiff_t;
  using hasher = Hash;
  using key_equal = Eq;
  using allocator_type = Alloc;

protected:
  map_core() = default;
  map_core(const Hash &h, const Eq &e, const M &m) : s_(h, e, m) {}
  explicit map_core(const state &s) noexcept : s_(s) {}
  ~map_core() = default;
  [[nodiscard]] bool none() const noexcept { return count_of(s_) == 0; }

  /// Room for `n` entries without a later growth.
  void make_room(std::size_t n) {
    const S s = shape();
    if (!s_.buckets) {
      if (n > EMM_BUCKET_SLOTS && !T::first_array(s, s_, n))
        throw std::bad_alloc();
      return;
    }
    T::enter_write(s_, op::write);
    write_mark mark(s_);
    while (s_.oldbuckets || over_load(n, s_.B)) {
      if (!s_.oldbuckets && !T::start_growth(s, s_, true))
        throw std::bad_alloc();
      if (!T::finish_growth(s, s_))
        throw std::bad_alloc();
    }
  }
  /// Exchanges entries and function objects, and the sources of memory where they go along.
  template <bool Memory> void exchange(map_core &o) noexcept {
    std::swap(header(), o.header());
    std::swap(static_cast<part<Hash, 0> &>(s_), static_cast<part<Hash, 0> &>(o.s_));
    std::swap(static_cast<part<Eq, 1> &>(s_), static_cast<part<Eq, 1> &>(o.s_));
    if constexpr (Memory)
      std::swap(s_.memory(), o.s_.memory());
  }
  struct placed {
    cell c;
    std::uint64_t hash;
    bool inserted;
  };

  template <class Q> EMM_INLINE cell seek(const Q &k) const {
    if (none())
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
  std::pair<iterator, iterator> range(iterator i) { return {i, {}}; }
  template <class E> std::pair<iterator, bool> assign_or(const placed &r, E &&v) {
    if (!r.inserted)
      *L::elem_at(r.c) = std::forward<E>(v);
    return done(r);
  }

  /// Finds `q` or inserts an entry made from `key` and the arguments. In a map that has to move entries the
  /// new one is made first: the arguments may refer into the map.
  template <class Key, class... A> EMM_INLINE placed place(const K &q, Key &&key, A &&...args) {
    const S s = shape();
    T::enter_write(s, s_, op::write, q);
    if (!s_.buckets && !T::first_bucket(s, s_))
      throw std::bad_alloc();
    const std::uint64_t hash = s.hash(q, s_.hash0);
    write_mark mark(s_);
    cell spot;
    char *last = nullptr;
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
    T::commit(s, s_, c, hash);
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
    T::commit(s, s_, c, hash);
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
    if (none())
      return 0;
    const S s = shape();
    T::enter_write(s, s_, op::erase, k);
    const std::uint64_t hash = s.hash(k, s_.hash0);
    taken out(s_.memory());
    {
      write_mark mark(s_);
      char *const chain = T::chain(s, s_, hash);
      T::fetch(s, chain);
      const cell c = T::template search<T::by::tops>(s, chain, k, tophash(hash));
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
    if constexpr (calm && std::is_same_v<M, default_memory<Alloc>>)
      T::grow_work(s, s_, hash & bucket_mask(s_.B));
    else
      try {
        T::grow_work(s, s_, hash & bucket_mask(s_.B));
      } catch (...) {
      }
  }
  void remove_at(const const_iterator &i) {
    taken out(s_.memory());
    remove_at(i, [&](cell c) { out.take(c); });
  }
  /// `take` relocates key and element out of the cell.
  template <class F> void remove_at(const const_iterator &i, F take) {
    T::enter_write(s_, op::erase);
    write_mark mark(s_);
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
    take(c);
    T::vacate(shape(), s_, chain, c);
  }

  /// The first half of taking over an entry of another map: a cell for it, unless its key is here. All that
  /// may fail.
  placed reserve_place(const K &q) {
    const S s = shape();
    T::enter_write(s, s_, op::write, q);
    if (!s_.buckets && !T::first_bucket(s, s_))
      throw std::bad_alloc();
    const std::uint64_t hash = s.hash(q, s_.hash0);
    write_mark mark(s_);
    cell spot;
    char *last = nullptr;
    if (T::locate(s, s_, q, hash, spot, last))
      return {{}, hash, false};
    const cell c = T::crowded(s_) ? T::vacancy_by_growth(s, s_, hash) : T::vacancy(s, s_, spot, last);
    if (!c)
      throw std::bad_alloc();
    return {c, hash, true};
  }
  /// The second half: the entry at `c`, a cell of the other map, moves in.
  void settle(const placed &to, cell c) noexcept {
    write_mark mark(s_);
    L::key_slots::relocate(L::key_slot(to.c), L::key_slot(c));
    L::elem_slots::relocate(L::elem_slot(to.c), L::elem_slot(c));
    T::commit(shape(), s_, to.c, to.hash);
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
  void copy_from(const map_core &o) {
    make_room(count_of(o.s_));
    T::each(o.shape(), o.s_, [&](cell c) { add(*L::key_at(c), *L::elem_at(c)); });
  }
  void take_from(map_core &o) {
    T::each(o.shape(), o.s_, [&](cell c) { add(*L::key_at(c), std::move_if_noexcept(*L::elem_at(c))); });
  }
  template <class E> void add(const K &k, E &&v) { place(k, k, std::forward<E>(v)); }
};

} // namespace emm::detail
#endif
