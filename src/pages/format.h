// On-disk layouts of the pages module: the commit record and the stored tree node. Little-endian.
//
// Commit record (the payload of one log frame; offsets are from its first byte and all structures
// begin at multiples of 8, so a page entry's lsn is a multiple of 8 as payload lsns are):
//   RecordPrefix, then parts.
//   part     PartPrefix (header_length bytes: a reader skips what it does not know), then sections
//            up to `length`.
//   section  SectionPrefix, `length` bytes, zeros up to a multiple of 8. A kind that the reader
//            does not know is skipped; a kind comes at most once in a part.
//   pages    section 1: page entries, ascending by page: PageEntryPrefix, `body_size` bytes,
//            zeros up to a multiple of 8
//   owners   section 2: (u32 page, u32 owner)*, ascending by page
//   others   section 3 descriptor, 4 name, 5 slot (u64 version, name), 6 message: opaque here
//
// Page delta: (u16 offset, u16 length - 1, bytes)*, ascending, not overlapping.
//
// Stored node (the raw content of a pack block of kind node):
//   NodePrefix, then for each set bit of `present`, ascending: u64 address; then, in a leaf, for
//   each set bit: u32 owner. An interior node's addresses are those of its children (level - 1).
#pragma once

#include <cstddef>
#include <cstdint>

namespace dosql::pages::format {

inline constexpr uint8_t kRecordFormat = 1;
inline constexpr uint8_t kNodeFormat = 1;
inline constexpr size_t kAlignment = 8;
inline constexpr uint32_t kPageBytesMax = 65536;

constexpr size_t align_up(size_t size) {
  return (size + kAlignment - 1) & ~(kAlignment - 1);
}

struct RecordPrefix {
  uint8_t format;
  uint8_t zero[3];
  uint32_t parts;  // at least 1
};
static_assert(sizeof(RecordPrefix) == 8);

struct PartPrefix {
  uint32_t length;         // of the whole part, this prefix included; a multiple of 8
  uint32_t header_length;  // of this prefix: 48 or more, a multiple of 8
  uint32_t database;
  uint32_t branch;
  uint32_t flags;
  uint32_t page_count;
  uint64_t version;
  uint64_t parent;
  int64_t wall_us;
};
static_assert(sizeof(PartPrefix) == 48);

struct SectionPrefix {
  uint32_t length;  // of the body, padding not counted
  uint8_t kind;
  uint8_t zero[3];
};
static_assert(sizeof(SectionPrefix) == 8);

struct PageEntryPrefix {
  uint32_t page;
  uint8_t kind;
  uint8_t chain;
  uint16_t chain_bytes;
  uint32_t body_size;
  uint32_t page_crc;
  uint64_t previous;
};
static_assert(sizeof(PageEntryPrefix) == 24);

struct NodePrefix {
  uint8_t format;
  uint8_t level;  // 0: leaf
  uint8_t zero[6];
  uint64_t birth;    // version
  uint64_t present;  // bit i: slot or child i is there
};
static_assert(sizeof(NodePrefix) == 24);

inline constexpr size_t kNodeBytesMax = sizeof(NodePrefix) + 64 * (8 + 4);
static_assert(kNodeBytesMax <= 65536);

}  // namespace dosql::pages::format
