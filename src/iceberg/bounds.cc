#include "iceberg/bounds.h"

#include <bit>

namespace dosql::iceberg {
namespace {

constexpr size_t kLengthMax = 16;

template <class T>
Buffer le(T value) {
  Buffer out;
  append_le(out, value);
  return out;
}

size_t sequence_length(char first) {
  const auto byte = static_cast<uint8_t>(first);
  return byte < 0x80 ? 1 : byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4;
}

// Byte length of the first `points` code points.
size_t prefix_length(std::string_view text, size_t points) {
  size_t at = 0;
  while (points-- > 0 && at < text.size()) at += sequence_length(text[at]);
  return std::min(at, text.size());
}

uint32_t decode(std::string_view sequence) {
  const auto byte = [&](size_t i) {
    return static_cast<uint32_t>(static_cast<uint8_t>(sequence[i]));
  };
  switch (sequence.size()) {
    case 1:
      return byte(0);
    case 2:
      return (byte(0) & 0x1f) << 6 | (byte(1) & 0x3f);
    case 3:
      return (byte(0) & 0x0f) << 12 | (byte(1) & 0x3f) << 6 | (byte(2) & 0x3f);
    default:
      return (byte(0) & 0x07) << 18 | (byte(1) & 0x3f) << 12 | (byte(2) & 0x3f) << 6 |
             (byte(3) & 0x3f);
  }
}

std::string encode(uint32_t code) {
  const auto c = [](uint32_t byte) { return static_cast<char>(byte); };
  if (code < 0x80) return {c(code)};
  if (code < 0x800) return {c(0xc0 | code >> 6), c(0x80 | (code & 0x3f))};
  if (code < 0x10000) {
    return {c(0xe0 | code >> 12), c(0x80 | (code >> 6 & 0x3f)), c(0x80 | (code & 0x3f))};
  }
  return {c(0xf0 | code >> 18), c(0x80 | (code >> 12 & 0x3f)), c(0x80 | (code >> 6 & 0x3f)),
          c(0x80 | (code & 0x3f))};
}

Buffer bytes_of(std::string_view text) {
  const Bytes bytes = as_bytes(text);
  return {bytes.begin(), bytes.end()};
}

}  // namespace

Buffer bound_of_boolean(bool value) {
  return {static_cast<uint8_t>(value ? 1 : 0)};
}
Buffer bound_of_int(int32_t value) {
  return le(value);
}
Buffer bound_of_long(int64_t value) {
  return le(value);
}
Buffer bound_of_float(float value) {
  return le(std::bit_cast<uint32_t>(value));
}
Buffer bound_of_double(double value) {
  return le(std::bit_cast<uint64_t>(value));
}

Buffer bound_of_decimal(__int128 unscaled) {
  Buffer out;
  for (int shift = 120; shift >= 0; shift -= 8) {
    out.push_back(static_cast<uint8_t>(unscaled >> shift));
  }
  size_t skip = 0;
  while (skip < 15 && ((out[skip] == 0 && (out[skip + 1] & 0x80) == 0) ||
                       (out[skip] == 0xff && (out[skip + 1] & 0x80) != 0))) {
    ++skip;
  }
  out.erase(out.begin(), out.begin() + static_cast<std::ptrdiff_t>(skip));
  return out;
}

Buffer lower_bound_of_string(std::string_view value) {
  return bytes_of(value.substr(0, prefix_length(value, kLengthMax)));
}

Buffer lower_bound_of_binary(Bytes value) {
  const Bytes prefix = value.subspan(0, std::min(kLengthMax, value.size()));
  return {prefix.begin(), prefix.end()};
}

std::optional<Buffer> upper_bound_of_string(std::string_view value) {
  const size_t length = prefix_length(value, kLengthMax);
  if (length == value.size()) return bytes_of(value);
  std::string prefix(value.substr(0, length));
  while (!prefix.empty()) {
    size_t last = prefix.size() - 1;
    while (last > 0 && (static_cast<uint8_t>(prefix[last]) & 0xc0) == 0x80) --last;
    uint32_t code = decode(std::string_view(prefix).substr(last)) + 1;
    if (code == 0xd800) code = 0xe000;  // surrogates are no characters
    prefix.resize(last);
    if (code <= 0x10ffff) return bytes_of(prefix + encode(code));
  }
  return std::nullopt;
}

std::optional<Buffer> upper_bound_of_binary(Bytes value) {
  if (value.size() <= kLengthMax) return Buffer(value.begin(), value.end());
  Buffer prefix(value.begin(), value.begin() + kLengthMax);
  while (!prefix.empty()) {
    if (prefix.back() != 0xff) {
      ++prefix.back();
      return prefix;
    }
    prefix.pop_back();
  }
  return std::nullopt;
}

}  // namespace dosql::iceberg
