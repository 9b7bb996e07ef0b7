// Shapes of the C++ map: where keys and elements of types K and V stand in a bucket and how they are hashed,
// compared and moved.
//
// A type is stored indirectly, its slot holding a pointer, when it is larger than 128 bytes or aligned above
// 8 (as in Go), and also when moving it might throw: entries move during growth, which must not fail
// half-way. Empty types take no room.
#ifndef EMM_DETAIL_SHAPE_HPP
#define EMM_DETAIL_SHAPE_HPP

#include "emm/detail/walk.hpp"

#include <memory>
#include <new>

namespace emm::detail {

/// One slot type: storage of a T in `slot` bytes.
template <class T> struct slot_of {
  static constexpr bool empty = std::is_empty_v<T> && std::is_trivially_default_constructible_v<T> &&
                                std::is_trivially_destructible_v<T>;
  static constexpr bool indirect = !empty && (sizeof(T) > EMM_MAX_INLINE_KEY || alignof(T) > 8 ||
                                              !std::is_nothrow_move_constructible_v<T>);
  static constexpr std::size_t bytes = empty ? 0 : indirect ? sizeof(void *) : sizeof(T);
  static constexpr bool plain = std::is_trivially_copyable_v<T> || indirect; ///< moved by copying its bytes
  static constexpr bool idle =
      std::is_trivially_destructible_v<T> && !indirect;      ///< nothing to do on destruction
  inline static std::conditional_t<empty, T, char> shared{}; ///< stands for every object of an empty type

  static T *at(char *slot) noexcept {
    if constexpr (empty)
      return &shared;
    else if constexpr (indirect)
      return *reinterpret_cast<T **>(slot);
    else
      return reinterpret_cast<T *>(slot);
  }
  template <class M, class... A> static void construct(const M &memory, char *slot, A &&...args) {
    if constexpr (indirect) {
      void *p;
      if constexpr (alignof(T) > 16)
        p = ::operator new (sizeof(T), std::align_val_t{alignof(T)});
      else {
        p = memory.allocate(sizeof(T), block::header);
        if (!p)
          throw std::bad_alloc();
      }
      if constexpr (std::is_nothrow_constructible_v<T, A...>)
        ::new (p) T(std::forward<A>(args)...);
      else
        try {
          ::new (p) T(std::forward<A>(args)...);
        } catch (...) {
          free(memory, p);
          throw;
        }
      *reinterpret_cast<void **>(slot) = p;
    } else if constexpr (!empty)
      ::new (static_cast<void *>(slot)) T(std::forward<A>(args)...);
    else
      static_cast<void>(T(std::forward<A>(args)...));
  }
  template <class M> static void destroy(const M &memory, char *slot) noexcept {
    if constexpr (!empty) {
      at(slot)->~T();
      if constexpr (indirect)
        free(memory, at(slot));
    }
  }
  static void relocate(char *to, char *from) noexcept {
    if constexpr (plain)
      std::memcpy(to, from, bytes);
    else {
      ::new (static_cast<void *>(to)) T(std::move(*at(from)));
      at(from)->~T();
    }
  }

private:
  template <class M> static void free(const M &memory, void *p) noexcept {
    if constexpr (alignof(T) > 16)
      ::operator delete (p, std::align_val_t{alignof(T)});
    else
      memory.deallocate(p, sizeof(T));
  }
};

/// Memory from a standard allocator, zeroed. Iterators must not outlive a map that uses one.
template <class A> struct allocated : A {
  struct alignas(16) unit {
    unsigned char bytes[16];
  };
  using units = typename std::allocator_traits<A>::template rebind_alloc<unit>;
  static constexpr bool outlived = false;
  allocated() = default;
  explicit allocated(const A &a) : A(a) {}
  void *allocate(std::size_t bytes, block) const {
    units u(static_cast<const A &>(*this));
    const std::size_t n = (bytes + 15) / 16;
    void *const p = std::addressof(*std::allocator_traits<units>::allocate(u, n));
    std::memset(p, 0, n * 16);
    return p;
  }
  void deallocate(void *p, std::size_t bytes) const noexcept {
    units u(static_cast<const A &>(*this));
    std::allocator_traits<units>::deallocate(u, static_cast<unit *>(p), (bytes + 15) / 16);
  }
  static bool mapped(std::size_t) noexcept { return false; }
  const A &allocator() const noexcept { return *this; }
};
template <class A> struct default_memory : heap {
  default_memory() = default;
  explicit default_memory(const A &) noexcept {}
  A allocator() const noexcept { return A(); }
};
template <class A>
using memory_for = std::conditional_t<std::is_same_v<A, std::allocator<typename A::value_type>>,
                                      default_memory<A>, allocated<A>>;

/// What an iterator needs to know.
template <class K, class V, class M> struct layout {
  using key_slots = slot_of<K>;
  using elem_slots = slot_of<V>;
  static constexpr std::size_t elem_offset = EMM_DATA_OFFSET + 8 * key_slots::bytes;
  static constexpr std::size_t size = elem_offset + 8 * elem_slots::bytes + sizeof(char *);
  static_assert(size % 8 == 0);

  static constexpr std::size_t bucket_bytes() noexcept { return size; }
  static char *key_slot(cell c) noexcept { return c.b + EMM_DATA_OFFSET + c.i * key_slots::bytes; }
  static char *elem_slot(cell c) noexcept { return c.b + elem_offset + c.i * elem_slots::bytes; }
  static K *key_at(cell c) noexcept { return key_slots::at(key_slot(c)); }
  static V *elem_at(cell c) noexcept { return elem_slots::at(elem_slot(c)); }
  M memory() const noexcept; ///< only its type is used
};

template <class E, class K>
inline constexpr bool plain_equality =
    std::is_same_v<E, emm::equal<K>> || std::is_same_v<E, std::equal_to<K>> ||
    std::is_same_v<E, std::equal_to<>>;

/// Strings and vectors: their bytes stand elsewhere.
template <class K, class = void> struct has_bytes : std::false_type {};
template <class K>
struct has_bytes<K,
                 std::void_t<decltype(std::declval<const K &>().data() + std::declval<const K &>().size())>>
    : std::true_type {};

/// A function object within a shape: by reference, or, when it has no state, as itself, which takes no
/// instruction.
template <class F>
using held = std::conditional_t<std::is_empty_v<F> && std::is_trivially_copyable_v<F>, const F, const F &>;

/// What the table needs to know. Refers to the function objects and memory of a map.
template <class K, class V, class Hash, class Eq, class M> struct shape : layout<K, V, M> {
  using base = layout<K, V, M>;
  held<Hash> hasher;
  held<Eq> equality;
  held<M> source;
  shape(const Hash &h, const Eq &e, const M &m) noexcept : hasher(h), equality(e), source(m) {}

  /// Keys whose comparison is that of their bits, four or eight at a time.
  static constexpr bool exact = (std::is_integral_v<K> || std::is_enum_v<K> ||
                                 std::is_pointer_v<K>)&&(sizeof(K) == 4 || sizeof(K) == 8) &&
                                plain_equality<Eq, K>;
  /// Keys that may be hashed and entries that may be copied even where the cell is empty.
  static constexpr bool splits_freely = exact && std::is_integral_v<K> &&
                                        std::is_same_v<Hash, emm::hash<K>> && base::key_slots::plain &&
                                        base::elem_slots::plain && base::elem_slots::bytes <= 32;
  static constexpr bool certain = exact && native::keys_at_once;

  const M &memory() const noexcept { return source; }
  template <class Q> static constexpr bool hashes_calmly() noexcept {
    if constexpr (std::is_invocable_v<const Hash &, const Q &, std::uint64_t>)
      return std::is_nothrow_invocable_v<const Hash &, const Q &, std::uint64_t>;
    else
      return std::is_nothrow_invocable_v<const Hash &, const Q &>;
  }
  template <class Q> std::uint64_t hash(const Q &q, std::uint32_t seed) const noexcept(hashes_calmly<Q>()) {
    if constexpr (std::is_invocable_v<const Hash &, const Q &, std::uint64_t>)
      return hasher(q, std::uint64_t{seed});
    else
      return hash_word(hasher(q), seed);
  }
  /// Asks for what the hash of a stored key reads outside its bucket.
  void fetch_key(const char *b, unsigned i) const noexcept {
    if constexpr (has_bytes<K>::value)
      __builtin_prefetch(base::key_at({const_cast<char *>(b), i})->data());
    else if constexpr (base::key_slots::indirect)
      __builtin_prefetch(base::key_at({const_cast<char *>(b), i}));
  }
  std::uint64_t rehash(const char *b, unsigned i, std::uint32_t seed) const {
    return hash(*base::key_at({const_cast<char *>(b), i}), seed);
  }
  unsigned keys(const char *b, std::uint64_t w, const K &q) const noexcept {
    if constexpr (sizeof(K) == 4)
      return native::keys32(b + EMM_DATA_OFFSET, (std::uint32_t)q) & ~native::empty(w);
    else
      return native::keys64(b + EMM_DATA_OFFSET, (std::uint64_t)q) & ~native::empty(w);
  }
  template <class Q> bool same(const char *b, unsigned i, const Q &q) const {
    return equality(*base::key_at({const_cast<char *>(b), i}), q);
  }
  void relocate(char *to, unsigned ti, char *from, unsigned fi) const noexcept {
    base::key_slots::relocate(base::key_slot({to, ti}), base::key_slot({from, fi}));
    base::elem_slots::relocate(base::elem_slot({to, ti}), base::elem_slot({from, fi}));
  }
};

} // namespace emm::detail
#endif
