#include "iceberg/bitmap_check.h"

#include <bit>
#include <vector>

namespace dosql::iceberg {
namespace {

constexpr uint32_t kCookieNoRuns = 12346;
constexpr uint32_t kCookieRuns = 12347;  // low half; the high half is the container count less one
constexpr uint32_t kArrayMax = 4096;
constexpr size_t kBitsetBytes = 8192;
constexpr size_t kOffsetsWithRunsMin = 4;

struct Container {
  uint32_t cardinality = 0;
  bool is_run = false;
};

bool is_array_good(ByteReader& in, uint32_t cardinality) {
  int32_t last = -1;
  for (uint32_t i = 0; i < cardinality && in.ok(); ++i) {
    const int32_t value = in.read_le<uint16_t>();
    if (value <= last) return false;
    last = value;
  }
  return in.ok();
}

bool is_bitset_good(ByteReader& in, uint32_t cardinality) {
  const Bytes words = in.read_bytes(kBitsetBytes);
  uint32_t count = 0;
  for (size_t at = 0; at < words.size(); at += 8) {
    count += static_cast<uint32_t>(std::popcount(load_le<uint64_t>(words.data() + at)));
  }
  return in.ok() && count == cardinality;
}

bool is_run_good(ByteReader& in, uint32_t cardinality) {
  const uint32_t runs = in.read_le<uint16_t>();
  int32_t last = -1;
  uint32_t count = 0;
  for (uint32_t i = 0; i < runs && in.ok(); ++i) {
    const int32_t start = in.read_le<uint16_t>();
    const int32_t end = start + in.read_le<uint16_t>();
    if (start <= last || end > 0xffff) return false;
    last = end;
    count += static_cast<uint32_t>(end - start + 1);
  }
  return in.ok() && count == cardinality;
}

// The descriptors between cookie and containers; empty when they are wrong.
std::vector<Container> read_containers(ByteReader& in) {
  const auto cookie = in.read_le<uint32_t>();
  const bool has_runs = (cookie & 0xffff) == kCookieRuns;
  if (!has_runs && cookie != kCookieNoRuns) return {};
  const size_t count = has_runs ? (cookie >> 16) + 1 : in.read_le<uint32_t>();
  const Bytes flags = has_runs ? in.read_bytes((count + 7) / 8) : Bytes();
  if (!in.ok() || count > in.remaining() / 4) return {};
  std::vector<Container> containers(count);
  int32_t last_key = -1;
  for (size_t i = 0; i < count; ++i) {
    const int32_t key = in.read_le<uint16_t>();
    if (key <= last_key) return {};
    last_key = key;
    containers[i].cardinality = in.read_le<uint16_t>() + 1U;
    containers[i].is_run = has_runs && (flags[i / 8] >> (i % 8) & 1) != 0;
  }
  if (!has_runs || count >= kOffsetsWithRunsMin) in.read_bytes(count * 4);
  return containers;
}

}  // namespace

size_t checked_bitmap_size(Bytes bytes) {
  ByteReader in(bytes);
  const bool is_empty = bytes.size() >= 8 && load_le<uint32_t>(bytes.data()) == kCookieNoRuns &&
                        load_le<uint32_t>(bytes.data() + 4) == 0;
  if (is_empty) return 8;
  const std::vector<Container> containers = read_containers(in);
  for (const auto& [cardinality, is_run] : containers) {
    const bool is_good = is_run                    ? is_run_good(in, cardinality)
                         : cardinality > kArrayMax ? is_bitset_good(in, cardinality)
                                                   : is_array_good(in, cardinality);
    if (!is_good) return 0;
  }
  return containers.empty() || !in.ok() ? 0 : in.offset();
}

}  // namespace dosql::iceberg
