// Packs: immutable files of blocks (page images, tree nodes, descriptors), shared by many
// databases. Written once by a checkpoint round, read by range. DESIGN 4.3; layout in
// pack/format.h.
//
// Each block is LZ4-compressed where that helps and carries its own crc32c, so a block can be read
// and verified alone. A pack ends in a footer: an index of its blocks and a checksum.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/ids.h"
#include "fsx/blob_store.h"

namespace dosql::pack {

enum class BlockKind : uint8_t { kPage = 1, kNode = 2, kDescriptor = 3, kNames = 4 };

struct BlockRange {
  uint32_t pack = 0;
  uint32_t offset = 0;  // of the block's header; a multiple of 8
  uint32_t length = 0;  // stored bytes after the header: 1 .. 65,536
};

inline constexpr uint32_t kPackBytesMax = 128U << 20;

// "pack/00000017.dpk"
[[nodiscard]] std::string pack_name(uint32_t number);

// Collects blocks in memory and puts the pack in one go.
// Thread rule: one thread.
class PackWriter {
 public:
  PackWriter(uint32_t number, uint64_t store_id);
  // `key` is the page number, database id or 0; kept in the block for verification. `raw` is 1 to
  // 65,536 bytes.
  BlockRange add(BlockKind kind, uint32_t key, Bytes raw);
  // Bytes so far, footer included; start a new pack before it passes kPackBytesMax.
  [[nodiscard]] uint64_t size() const;
  [[nodiscard]] bool empty() const;
  // Durable on return. After a failure nothing was put, and it can be tried again.
  Result<void> finish(fsx::BlobStore& blobs);

 private:
  uint32_t number_;
  Buffer out_;
  Buffer index_;
  uint32_t blocks_ = 0;
};

// Reads and verifies one block: pack, offset, kind, key and checksum must agree, else kCorrupt
// naming the pack and the offset. kNewerFormat for a codec of a newer program; kNotFound, kIo from
// `blobs`.
Result<Buffer> read_block(fsx::BlobStore& blobs, const BlockRange& range, BlockKind kind,
                          uint32_t key);

struct BlockSummary {
  BlockRange range;
  BlockKind kind = BlockKind::kPage;
  uint32_t key = 0;
};
// Verifies every byte of a pack; returns the index. kCorrupt, kNewerFormat; kNotFound, kIo from
// `blobs`.
Result<std::vector<BlockSummary>> verify_pack(fsx::BlobStore& blobs, uint32_t number,
                                              uint64_t store_id);

}  // namespace dosql::pack
