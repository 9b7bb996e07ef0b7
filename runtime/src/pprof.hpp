// Writing a pprof profile: the few protobuf fields it needs, and gzip around it.
//
// Source: pprof's profile.proto and RFC 1952. The gzip stream holds stored (uncompressed) blocks, so no
// compressor is needed.
#ifndef EMM_PPROF_HPP
#define EMM_PPROF_HPP

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace emm::detail {

/// A growing byte string; after a failed allocation it stays failed and empty.
struct bytes {
  unsigned char *data = nullptr;
  std::size_t size = 0, room = 0;
  bool failed = false;

  bytes() = default;
  bytes(const bytes &) = delete;
  bytes &operator=(const bytes &) = delete;
  ~bytes() { std::free(data); }

  void add(const void *p, std::size_t n) {
    if (failed || n == 0)
      return;
    if (size + n > room) {
      const std::size_t more = (size + n) * 2;
      auto *const moved = static_cast<unsigned char *>(std::realloc(data, more));
      if (!moved) {
        failed = true;
        return;
      }
      data = moved;
      room = more;
    }
    std::memcpy(data + size, p, n);
    size += n;
  }
  void byte(unsigned v) {
    const auto b = static_cast<unsigned char>(v);
    add(&b, 1);
  }
  void varint(std::uint64_t v) {
    for (; v >= 0x80; v >>= 7)
      byte(static_cast<unsigned>(v & 0x7f) | 0x80);
    byte(static_cast<unsigned>(v));
  }
  /// A protobuf field of kind varint.
  void field(unsigned number, std::uint64_t v) {
    varint(number << 3);
    varint(v);
  }
  /// A protobuf field of kind bytes: string, message or packed numbers.
  void field(unsigned number, const void *p, std::size_t n) {
    varint(number << 3 | 2);
    varint(n);
    add(p, n);
  }
  void field(unsigned number, const bytes &b) {
    failed |= b.failed;
    field(number, b.data, b.size);
  }
  void little(std::uint32_t v, unsigned n) {
    for (; n; --n, v >>= 8)
      byte(v & 0xff);
  }
};

inline std::uint32_t crc32(const unsigned char *p, std::size_t n) {
  std::uint32_t crc = ~std::uint32_t{0};
  for (; n; --n) {
    crc ^= *p++;
    for (int i = 0; i < 8; ++i)
      crc = crc >> 1 ^ (0xedb88320u & (0u - (crc & 1)));
  }
  return ~crc;
}

/// Writes `b` gzipped. Returns 0, or -1 with errno set.
inline int write_gzip(const char *path, const bytes &b) {
  bytes z;
  const unsigned char head[] = {0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255};
  z.add(head, sizeof head);
  std::size_t at = 0;
  do {
    const std::size_t n = b.size - at < 0xffff ? b.size - at : 0xffff;
    z.byte(at + n == b.size);
    z.little(static_cast<std::uint32_t>(n), 2);
    z.little(~static_cast<std::uint32_t>(n), 2);
    z.add(b.data + at, n);
    at += n;
  } while (at < b.size);
  z.little(crc32(b.data, b.size), 4);
  z.little(static_cast<std::uint32_t>(b.size), 4);
  if (b.failed || z.failed)
    return -1; // realloc has set errno
  FILE *const f = std::fopen(path, "wb");
  if (!f)
    return -1;
  const bool wrote = std::fwrite(z.data, 1, z.size, f) == z.size;
  return std::fclose(f) == 0 && wrote ? 0 : -1;
}

} // namespace emm::detail
#endif
