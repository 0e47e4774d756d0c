// Where a page image or a tree node lies: 8 bytes, tagged. On disk as the raw u64.
//   hole  0                    reads as zeros (free page, never written)
//   log   1<<62 | lsn          the page entry of a commit record that starts at that lsn
//   pack  2<<62 | pack 22 bits | offset/8 24 bits | length-1 16 bits
#pragma once

#include <cstdint>

#include "base/ids.h"
#include "base/result.h"

namespace dosql::pages {

// A block of a pack: a block header (pack/format.h) at `offset`, then `length` stored bytes.
struct PackRange {
  uint32_t pack = 0;    // pack number, < 2^22
  uint32_t offset = 0;  // multiple of 8, < 128 MiB
  uint32_t length = 0;  // 1 .. 65,536, the block's header not counted
  bool operator==(const PackRange&) const = default;
};

class Address {
 public:
  enum class Kind : uint8_t { kHole = 0, kLog = 1, kPack = 2 };

  constexpr Address() = default;
  static constexpr Address hole() { return Address(); }
  static constexpr Address log(Lsn entry) { return Address((1ULL << 62) | entry.value()); }
  static constexpr Address pack(PackRange range) {
    return Address((2ULL << 62) | (static_cast<uint64_t>(range.pack) << 40) |
                   (static_cast<uint64_t>(range.offset >> 3) << 16) | (range.length - 1));
  }
  static constexpr Address from_raw(uint64_t raw) { return Address(raw); }

  [[nodiscard]] constexpr uint64_t raw() const { return raw_; }
  [[nodiscard]] constexpr Kind kind() const { return static_cast<Kind>(raw_ >> 62); }
  [[nodiscard]] constexpr bool is_hole() const { return raw_ == 0; }
  [[nodiscard]] constexpr bool is_log() const { return kind() == Kind::kLog; }
  [[nodiscard]] constexpr bool is_pack() const { return kind() == Kind::kPack; }
  [[nodiscard]] constexpr Lsn lsn() const { return Lsn(raw_ & ((1ULL << 62) - 1)); }
  [[nodiscard]] constexpr PackRange pack_range() const {
    return {static_cast<uint32_t>((raw_ >> 40) & 0x3fffff),
            static_cast<uint32_t>((raw_ >> 16) & 0xffffff) << 3,
            static_cast<uint32_t>(raw_ & 0xffff) + 1};
  }
  constexpr bool operator==(const Address&) const = default;

 private:
  constexpr explicit Address(uint64_t raw) : raw_(raw) {}
  uint64_t raw_ = 0;
};

static_assert(sizeof(Address) == 8);

}  // namespace dosql::pages
