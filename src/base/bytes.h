// Byte views and little-endian coding. Everything DoSQL writes to disk is little-endian unless
// docs/format.md says otherwise. Readers are bounds-checked: a short input is an Error.
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace dosql {

static_assert(std::endian::native == std::endian::little);

using Bytes = std::span<const uint8_t>;
using MutableBytes = std::span<uint8_t>;
using Buffer = std::vector<uint8_t>;

inline Bytes as_bytes(std::string_view text) {
  return {reinterpret_cast<const uint8_t*>(text.data()), text.size()};
}
inline std::string_view as_text(Bytes bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

// Unaligned little-endian loads and stores; the caller has checked the bounds.
template <class T>
[[nodiscard]] T load_le(const uint8_t* from) {
  T value;
  std::memcpy(&value, from, sizeof value);
  return value;
}
template <class T>
void store_le(uint8_t* to, T value) {
  std::memcpy(to, &value, sizeof value);
}
// Big-endian, as SQLite's file format and Iceberg's decimals use.
template <class T>
[[nodiscard]] T load_be(const uint8_t* from) {
  T value = load_le<T>(from);
  if constexpr (sizeof(T) == 2)
    return static_cast<T>(__builtin_bswap16(static_cast<uint16_t>(value)));
  if constexpr (sizeof(T) == 4)
    return static_cast<T>(__builtin_bswap32(static_cast<uint32_t>(value)));
  if constexpr (sizeof(T) == 8)
    return static_cast<T>(__builtin_bswap64(static_cast<uint64_t>(value)));
  return value;
}

template <class T>
void append_le(Buffer& out, T value) {
  const size_t at = out.size();
  out.resize(at + sizeof value);
  store_le(out.data() + at, value);
}
inline void append_bytes(Buffer& out, Bytes bytes) {
  out.insert(out.end(), bytes.begin(), bytes.end());
}
inline void append_bytes(Buffer& out, std::string_view text) {
  append_bytes(out, as_bytes(text));
}
// u32 length, then the bytes.
inline void append_sized(Buffer& out, Bytes bytes) {
  append_le(out, static_cast<uint32_t>(bytes.size()));
  append_bytes(out, bytes);
}
inline void append_sized(Buffer& out, std::string_view text) {
  append_sized(out, as_bytes(text));
}

// A cursor over bytes that may be damaged: every read is checked, the first failure sticks.
// Use: read everything, then ask ok().
class ByteReader {
 public:
  explicit ByteReader(Bytes bytes) : bytes_(bytes) {}

  template <class T>
  T read_le() {
    if (!take(sizeof(T))) return T{};
    return load_le<T>(bytes_.data() + at_ - sizeof(T));
  }
  // A view into the input; empty after a failure.
  Bytes read_bytes(size_t size) {
    if (!take(size)) return {};
    return bytes_.subspan(at_ - size, size);
  }
  Bytes read_sized() { return read_bytes(read_le<uint32_t>()); }
  std::string_view read_sized_text() { return as_text(read_sized()); }

  [[nodiscard]] bool ok() const { return ok_; }
  [[nodiscard]] bool at_end() const { return ok_ && at_ == bytes_.size(); }
  [[nodiscard]] size_t offset() const { return at_; }
  [[nodiscard]] size_t remaining() const { return ok_ ? bytes_.size() - at_ : 0; }

 private:
  bool take(size_t size) {
    if (!ok_ || bytes_.size() - at_ < size) {
      ok_ = false;
      return false;
    }
    at_ += size;
    return true;
  }

  Bytes bytes_;
  size_t at_ = 0;
  bool ok_ = true;
};

}  // namespace dosql
