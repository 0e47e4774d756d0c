// Bytes of the node log (DESIGN 4.1). Little-endian; docs/format.md tells the whole story.
//
//   log/<16 hex first lsn>.seg    SegmentHeader (laid out so in all formats), then frames; behind
//                                 the last frame zeros or, in a recycled file, earlier frames
//   log/<n>.spare                 a trimmed segment that waits to be used again
//   frame                         FrameHeader, payload, zeros up to a multiple of 8
// The byte at lsn L of a segment lies at file offset 64 + (L - first_lsn).
#pragma once

#include <cstdint>

#include "base/crc32c.h"

namespace dosql::wal {

inline constexpr uint64_t kSegmentMagic = 0x3147455351534f44;  // "DOSQSEG1"
inline constexpr uint32_t kSegmentFormat = 1;

struct SegmentHeader {
  uint64_t magic;
  uint32_t format;
  uint32_t epoch;      // of every frame in it
  uint64_t first_lsn;  // where the previous segment ends: what lies behind it there is void
  uint8_t zero[36];
  uint32_t crc;  // crc32c of the bytes before it
};
static_assert(sizeof(SegmentHeader) == 64);

struct FrameHeader {
  uint32_t length;  // of the payload
  uint32_t crc;     // crc32c of the payload, continued over the fields that follow and length
  uint64_t lsn;     // of this header
  uint32_t epoch;
  uint32_t flags;
  uint64_t synced_lsn;  // everything before it was durable when the frame was made
};
static_assert(sizeof(FrameHeader) == 32);

inline constexpr uint32_t kFrameMark = 1;  // a clean close; no payload
inline constexpr uint32_t kPayloadMax = (1U << 30) - 1;

constexpr uint64_t frame_bytes(uint64_t payload) {
  return (sizeof(FrameHeader) + payload + 7) & ~uint64_t{7};
}

inline uint32_t segment_crc(const SegmentHeader& header) {
  return crc32c({reinterpret_cast<const uint8_t*>(&header), sizeof header - sizeof header.crc});
}

inline uint32_t frame_crc(const FrameHeader& header, uint32_t payload_crc) {
  const auto* bytes = reinterpret_cast<const uint8_t*>(&header);
  return crc32c({bytes, sizeof header.length}, crc32c({bytes + 8, sizeof header - 8}, payload_crc));
}

}  // namespace dosql::wal
