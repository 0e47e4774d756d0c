#include "pages/page_delta.h"

#include <algorithm>
#include <bit>

namespace dosql::pages {
namespace {

constexpr size_t kRunHeader = 4;
constexpr size_t kBlock = 64;

// Or of the differences of 64 bytes: one branch per block lets the compiler use vector registers.
uint64_t block_difference(const uint8_t* a, const uint8_t* b) {
  uint64_t difference = 0;
  for (size_t i = 0; i < kBlock; i += 8) {
    difference |= load_le<uint64_t>(a + i) ^ load_le<uint64_t>(b + i);
  }
  return difference;
}

// The first position >= `at` where the pages differ, or their size.
size_t find_difference(Bytes before, Bytes after, size_t at) {
  const size_t size = before.size();
  const uint8_t* a = before.data();
  const uint8_t* b = after.data();
  while (at + kBlock <= size && block_difference(a + at, b + at) == 0) at += kBlock;
  for (; at + 8 <= size; at += 8) {
    const uint64_t difference = load_le<uint64_t>(a + at) ^ load_le<uint64_t>(b + at);
    if (difference != 0) return at + static_cast<size_t>(std::countr_zero(difference)) / 8;
  }
  while (at < size && a[at] == b[at]) ++at;
  return at;
}

// The end of the run that begins at `at`: after it come at least 4 equal bytes, or the page's end.
size_t find_run_end(Bytes before, Bytes after, size_t at) {
  const size_t size = before.size();
  size_t end = at + 1;
  while (end + 4 <= size) {
    const uint32_t difference =
        load_le<uint32_t>(before.data() + end) ^ load_le<uint32_t>(after.data() + end);
    if (difference == 0) return end;
    end += 4 - static_cast<size_t>(std::countl_zero(difference)) / 8;
  }
  for (size_t i = end; i < size; ++i) {
    if (before[i] != after[i]) end = i + 1;
  }
  return end;
}

}  // namespace

std::optional<Buffer> encode_delta(Bytes before, Bytes after, size_t size_max) {
  DOSQL_CHECK(before.size() == after.size() && before.size() <= 65536);
  Buffer delta;
  size_t at = find_difference(before, after, 0);
  while (at < before.size()) {
    const size_t end = find_run_end(before, after, at);
    const size_t written = delta.size();
    if (written + kRunHeader + (end - at) > size_max) return std::nullopt;
    if (delta.capacity() == 0) delta.reserve(std::min<size_t>(size_max, 512));
    delta.resize(written + kRunHeader + (end - at));
    uint8_t* run = delta.data() + written;
    store_le(run, static_cast<uint16_t>(at));
    store_le(run + 2, static_cast<uint16_t>(end - at - 1));
    std::memcpy(run + kRunHeader, after.data() + at, end - at);
    at = find_difference(before, after, end);
  }
  return delta;
}

Result<void> apply_delta(MutableBytes page, Bytes delta) {
  size_t end = 0;
  for (size_t at = 0; at < delta.size();) {
    if (delta.size() - at < kRunHeader) return fail(Code::kCorrupt, "page delta: a cut run");
    const size_t offset = load_le<uint16_t>(delta.data() + at);
    const size_t length = size_t{load_le<uint16_t>(delta.data() + at + 2)} + 1;
    at += kRunHeader;
    if (length > delta.size() - at || offset < end || offset + length > page.size()) {
      return fail(Code::kCorrupt, "page delta: a run that leaves the page or overlaps another");
    }
    std::memcpy(page.data() + offset, delta.data() + at, length);
    at += length;
    end = offset + length;
  }
  return {};
}

}  // namespace dosql::pages
