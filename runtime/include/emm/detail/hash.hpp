// Hash functions of the runtime, seeded, 64 bits. The map takes the bucket from the low bits and the tophash
// byte from the top eight, so both ends have to be good.
//
// `emm::hash<K>` is called with (key, seed). Integers take one 64x64->128 multiplication folded on itself;
// bytes follow the wyhash construction that Go falls back to without AES. Limits: not a defence against an
// attacker who can observe timing.
#ifndef EMM_DETAIL_HASH_HPP
#define EMM_DETAIL_HASH_HPP

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <functional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace emm {
namespace detail {

inline constexpr std::uint64_t m1 = 0xa0761d6478bd642fu, m2 = 0xe7037ed1a0b428dbu, m3 = 0x8ebc6af09c88c6e3u,
                               m4 = 0x589965cc75374cc3u, m5 = 0x1d8e4e27c47d124fu;

inline std::uint64_t mix(std::uint64_t a, std::uint64_t b) noexcept {
  __extension__ using wide = unsigned __int128;
  const wide r = static_cast<wide>(a) * b;
  return static_cast<std::uint64_t>(r) ^ static_cast<std::uint64_t>(r >> 64);
}
inline std::uint64_t read32(const unsigned char *p) noexcept {
  std::uint32_t v;
  std::memcpy(&v, p, 4);
  return v;
}
inline std::uint64_t read64(const unsigned char *p) noexcept {
  std::uint64_t v;
  std::memcpy(&v, p, 8);
  return v;
}

inline std::uint64_t hash_word(std::uint64_t v, std::uint64_t seed) noexcept {
  return mix(v ^ seed ^ m1, m2);
}

/// More than 16 bytes.
[[gnu::noinline]] inline std::uint64_t hash_long(const unsigned char *p, std::size_t n,
                                                 std::uint64_t seed) noexcept {
  std::size_t left = n;
  seed ^= m1;
  if (left > 48) {
    std::uint64_t s1 = seed, s2 = seed;
    do {
      seed = mix(read64(p) ^ m2, read64(p + 8) ^ seed);
      s1 = mix(read64(p + 16) ^ m3, read64(p + 24) ^ s1);
      s2 = mix(read64(p + 32) ^ m4, read64(p + 40) ^ s2);
      p += 48;
      left -= 48;
    } while (left > 48);
    seed ^= s1 ^ s2;
  }
  for (; left > 16; left -= 16, p += 16)
    seed = mix(read64(p) ^ m2, read64(p + 8) ^ seed);
  return mix(m5 ^ n, mix(read64(p + left - 16) ^ m2, read64(p + left - 8) ^ seed));
}
/// Short keys are hashed where the map needs them: on large maps, what overlaps with a cache miss is as many
/// further operations as the processor can hold, so each instruction counts.
[[gnu::always_inline]] inline std::uint64_t hash_bytes(const void *data, std::size_t n,
                                                       std::uint64_t seed) noexcept {
  const unsigned char *const p = static_cast<const unsigned char *>(data);
  std::uint64_t a, b = 0;
  if (__builtin_expect(n > 16, 0))
    return hash_long(p, n, seed);
  if (n >= 8) {
    a = read64(p);
    b = read64(p + n - 8);
  } else if (n >= 4) {
    a = read32(p);
    b = read32(p + n - 4);
  } else if (n > 0)
    a = p[0] | static_cast<std::uint64_t>(p[n / 2]) << 8 | static_cast<std::uint64_t>(p[n - 1]) << 16;
  else
    return mix(seed ^ m1, m5);
  return mix(m5 ^ n, mix(a ^ m2, b ^ seed ^ m1));
}

/// Equality of `n` bytes. Those of a key have just been hashed; the same bytes need not be read again.
[[gnu::noinline]] inline bool same_other_bytes(const void *a, const void *b, std::size_t n) noexcept {
  return a == b || n == 0 || std::memcmp(a, b, n) == 0;
}
[[gnu::always_inline]] inline bool same_bytes(const void *a, const void *b, std::size_t n) noexcept {
  const unsigned char *const p = static_cast<const unsigned char *>(a),
                            *const q = static_cast<const unsigned char *>(b);
  if (n - 8 <= 8) // a call costs more than four loads
    return ((read64(p) ^ read64(q)) | (read64(p + n - 8) ^ read64(q + n - 8))) == 0;
  return same_other_bytes(a, b, n);
}

/// Both zeros hash alike; a NaN hashes differently each time (`random`), so that many of them do not share a
/// chain.
template <class F> std::uint64_t hash_float(F v, std::uint64_t seed, std::uint32_t random) noexcept {
  if (v == F(0))
    return hash_word(0, seed);
  if (v != v)
    return hash_word(random, seed ^ m3);
  if constexpr (sizeof(F) == 4) {
    std::uint32_t bits;
    std::memcpy(&bits, &v, 4);
    return hash_word(bits, seed);
  } else if constexpr (sizeof(F) == 8) {
    std::uint64_t bits;
    std::memcpy(&bits, &v, 8);
    return hash_word(bits, seed);
  } else
    return hash_float(static_cast<double>(v), seed, random); // the 16 bytes of a long double have padding
}

/// Random bits for seeds, iteration starts and NaN hashes: wyrand, one state per thread.
inline std::uint64_t random64() noexcept;

} // namespace detail

/// The default hash. Specialise it, or give the map another: a function object called with (key, seed) is
/// used as it is, one called with (key) alone, such as std::hash, has its result mixed with the seed.
template <class K, class = void> struct hash {
  std::uint64_t operator()(const K &k, std::uint64_t seed) const noexcept(noexcept(std::hash<K>{}(k))) {
    return detail::hash_word(std::hash<K>{}(k), seed);
  }
};
template <class K>
struct hash<K, std::enable_if_t<std::is_integral_v<K> || std::is_enum_v<K> || std::is_pointer_v<K>>> {
  std::uint64_t operator()(K k, std::uint64_t seed) const noexcept {
    return detail::hash_word((std::uint64_t)k, seed);
  }
};
template <class K> struct hash<K, std::enable_if_t<std::is_floating_point_v<K>>> {
  std::uint64_t operator()(K k, std::uint64_t seed) const noexcept {
    return detail::hash_float(k, seed, k != k ? static_cast<std::uint32_t>(detail::random64()) : 0);
  }
};
template <class C, class T, class A> struct hash<std::basic_string<C, T, A>> {
  using is_transparent = void;
  std::uint64_t operator()(std::basic_string_view<C, T> s, std::uint64_t seed) const noexcept {
    return detail::hash_bytes(s.data(), s.size() * sizeof(C), seed);
  }
};
template <class C, class T> struct hash<std::basic_string_view<C, T>> : hash<std::basic_string<C, T>> {};
template <class A, class B> struct hash<std::pair<A, B>> {
  std::uint64_t operator()(const std::pair<A, B> &p, std::uint64_t seed) const
      noexcept(noexcept(hash<A>{}(p.first, seed)) &&noexcept(hash<B>{}(p.second, seed))) {
    return hash<B>{}(p.second, hash<A>{}(p.first, seed));
  }
};

namespace detail {
template <class C, class T> struct equal_text {
  using view = std::basic_string_view<C, T>;
  bool operator()(view a, view b) const noexcept {
    if constexpr (std::is_same_v<T, std::char_traits<C>> && std::is_integral_v<C>)
      return a.size() == b.size() && same_bytes(a.data(), b.data(), a.size() * sizeof(C));
    else
      return a == b;
  }
};
} // namespace detail

/// The default comparison: ==. Transparent for strings.
template <class K> struct equal : std::equal_to<K> {};
template <class C, class T> struct equal<std::basic_string_view<C, T>> : detail::equal_text<C, T> {};
template <class C, class T, class A> struct equal<std::basic_string<C, T, A>> : detail::equal_text<C, T> {
  using is_transparent = void;
};

} // namespace emm

#include <sys/auxv.h>
namespace emm::detail {
inline thread_local std::uint64_t random_state = 0;
inline std::uint64_t random64() noexcept {
  std::uint64_t s = random_state;
  if (__builtin_expect(s == 0, 0)) {
    const auto *bytes =
        reinterpret_cast<const unsigned char *>(getauxval(AT_RANDOM)); // 16 random bytes from the kernel
    s = hash_word(reinterpret_cast<std::uintptr_t>(&random_state), bytes ? read64(bytes) : m3) | 1;
  }
  s += m1;
  random_state = s;
  return mix(s, s ^ m2);
}
} // namespace emm::detail
#endif
