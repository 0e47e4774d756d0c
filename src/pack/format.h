// On-disk layout of a pack. Little-endian; structures begin at multiples of 8, gaps are zero.
//
//   FileHeader
//   block*    BlockHeader, stored bytes, zeros up to a multiple of 8
//   index     IndexEntry per block, in file order
//   Trailer   the last 24 bytes
//
// Checksums are CRC-32C. A block's covers the pack's number and the block's offset (not stored in
// it), its header after the checksum, and its stored bytes: a block in the wrong place or of the
// wrong length is damaged. FileHeader and Trailer keep their layout in all formats, so that a newer
// pack is told from a damaged one.
#pragma once

#include <cstddef>
#include <cstdint>

namespace dosql::pack::format {

inline constexpr uint32_t kFormat = 1;
inline constexpr uint64_t kMagic = 0x314b504c51534f44;     // "DOSQLPK1"
inline constexpr uint64_t kEndMagic = 0x31444e454b434150;  // "PACKEND1"
inline constexpr uint32_t kBlockBytesMax = 65536;          // raw and stored
inline constexpr uint32_t kPackNumbers = 1U << 22;
inline constexpr size_t kAlignment = 8;

constexpr size_t align_up(size_t size) {
  return (size + kAlignment - 1) & ~(kAlignment - 1);
}

struct FileHeader {
  uint64_t magic;
  uint32_t format;
  uint32_t number;
  uint64_t store_id;
  uint32_t zero;
  uint32_t crc;  // of the bytes before it
};
static_assert(sizeof(FileHeader) == 32);

enum class Codec : uint8_t { kRaw = 0, kLz4 = 1 };  // LZ4: the block format, without frame

struct BlockHeader {
  uint32_t crc;
  uint8_t kind;
  uint8_t codec;
  uint16_t zero;
  uint32_t raw_length;  // 1 .. 65,536
  uint32_t key;
};
static_assert(sizeof(BlockHeader) == 16);

struct IndexEntry {
  uint32_t offset;  // of the block's header
  uint32_t length;  // stored bytes
  uint32_t key;
  uint8_t kind;
  uint8_t zero[3];
};
static_assert(sizeof(IndexEntry) == 16);

struct Trailer {
  uint32_t index_offset;
  uint32_t blocks;
  uint32_t index_crc;
  uint32_t crc;  // of the three fields before it
  uint64_t magic;
};
static_assert(sizeof(Trailer) == 24);

}  // namespace dosql::pack::format
