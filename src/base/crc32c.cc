#include "base/crc32c.h"

#include <array>

#if defined(__x86_64__)
#include <nmmintrin.h>
#endif

namespace dosql {
namespace {

constexpr uint32_t kPolynomial = 0x82f63b78;  // reflected

constexpr std::array<uint32_t, 256> make_table() {
  std::array<uint32_t, 256> table{};
  for (uint32_t i = 0; i < 256; ++i) {
    uint32_t crc = i;
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ ((crc & 1) != 0 ? kPolynomial : 0);
    table[i] = crc;
  }
  return table;
}
constexpr std::array<uint32_t, 256> kTable = make_table();

uint32_t by_table(const uint8_t* at, size_t size, uint32_t crc) {
  for (size_t i = 0; i < size; ++i) crc = kTable[(crc ^ at[i]) & 0xff] ^ (crc >> 8);
  return crc;
}

#if defined(__x86_64__)

// Shifting a checksum over `kLane` zero bytes is linear: four 256-entry tables apply it.
constexpr size_t kLane = 1024;
using ShiftTables = std::array<std::array<uint32_t, 256>, 4>;

ShiftTables make_shift(size_t zero_bytes) {
  const std::array<uint8_t, kLane> zeros{};
  ShiftTables shift{};
  for (uint32_t byte = 0; byte < 4; ++byte) {
    for (uint32_t value = 0; value < 256; ++value) {
      uint32_t crc = value << (8 * byte);
      for (size_t left = zero_bytes; left > 0;) {
        const size_t step = left < kLane ? left : kLane;
        crc = by_table(zeros.data(), step, crc);
        left -= step;
      }
      shift[byte][value] = crc;
    }
  }
  return shift;
}

uint32_t apply(const ShiftTables& shift, uint32_t crc) {
  return shift[0][crc & 0xff] ^ shift[1][(crc >> 8) & 0xff] ^ shift[2][(crc >> 16) & 0xff] ^
         shift[3][crc >> 24];
}

[[gnu::target("sse4.2")]] uint32_t by_sse42(const uint8_t* at, size_t size, uint32_t crc) {
  static const ShiftTables one_lane = make_shift(kLane);
  static const ShiftTables two_lanes = make_shift(2 * kLane);
  uint64_t a = crc;
  // Three independent streams hide the instruction's latency of three cycles.
  while (size >= 3 * kLane) {
    uint64_t b = 0;
    uint64_t c = 0;
    for (size_t i = 0; i < kLane; i += 8) {
      a = _mm_crc32_u64(a, load_le<uint64_t>(at + i));
      b = _mm_crc32_u64(b, load_le<uint64_t>(at + kLane + i));
      c = _mm_crc32_u64(c, load_le<uint64_t>(at + 2 * kLane + i));
    }
    a = apply(two_lanes, static_cast<uint32_t>(a)) ^ apply(one_lane, static_cast<uint32_t>(b)) ^ c;
    at += 3 * kLane;
    size -= 3 * kLane;
  }
  for (; size >= 8; at += 8, size -= 8) a = _mm_crc32_u64(a, load_le<uint64_t>(at));
  auto narrow = static_cast<uint32_t>(a);
  for (; size > 0; ++at, --size) narrow = _mm_crc32_u8(narrow, *at);
  return narrow;
}

#endif

}  // namespace

uint32_t crc32c(Bytes bytes, uint32_t seed) {
#if defined(__x86_64__)
  static const bool has_sse42 = __builtin_cpu_supports("sse4.2") != 0;
  if (has_sse42) return ~by_sse42(bytes.data(), bytes.size(), ~seed);
#endif
  return ~by_table(bytes.data(), bytes.size(), ~seed);
}

}  // namespace dosql
