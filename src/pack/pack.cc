#include "pack/pack.h"

#include <lz4.h>

#include <algorithm>
#include <array>

#include "base/crc32c.h"
#include "base/text.h"
#include "pack/format.h"

namespace dosql::pack {
namespace {

using format::align_up;
using format::BlockHeader;
using format::Codec;
using format::FileHeader;
using format::IndexEntry;
using format::Trailer;

template <class T>
Bytes bytes_of(const T& value) {
  return {reinterpret_cast<const uint8_t*>(&value), sizeof value};
}
template <class T>
MutableBytes mutable_bytes_of(T& value) {
  return {reinterpret_cast<uint8_t*>(&value), sizeof value};
}

uint32_t crc_before(const FileHeader& header) {
  return crc32c(bytes_of(header).first(offsetof(FileHeader, crc)));
}
uint32_t crc_before(const Trailer& trailer) {
  return crc32c(bytes_of(trailer).first(offsetof(Trailer, crc)));
}
// `block`: the header and the stored bytes.
uint32_t crc_of_block(uint32_t pack, uint32_t offset, Bytes block) {
  const std::array<uint32_t, 2> place = {pack, offset};
  return crc32c(block.subspan(sizeof BlockHeader::crc), crc32c(bytes_of(place)));
}

std::unexpected<Error> corrupt_pack(uint32_t number, std::string_view what) {
  return fail(Code::kCorrupt, str_cat({pack_name(number), ": ", what,
                                       "; run dosql check, restore the store from a backup"}));
}
std::unexpected<Error> corrupt_block(const BlockRange& range, std::string_view what) {
  return corrupt_pack(range.pack,
                      str_cat({"the block at ", std::to_string(range.offset), " ", what}));
}
std::unexpected<Error> newer_pack(uint32_t number) {
  return fail(
      Code::kNewerFormat,
      str_cat({pack_name(number), " was written by a newer version of dosql; use that version"}));
}

bool are_zero(Bytes bytes) {
  return std::ranges::all_of(bytes, [](uint8_t byte) { return byte == 0; });
}

}  // namespace

std::string pack_name(uint32_t number) {
  std::string digits = std::to_string(number);
  return str_cat(
      {"pack/", std::string(digits.size() < 8 ? 8 - digits.size() : 0, '0'), digits, ".dpk"});
}

// --- writing

PackWriter::PackWriter(uint32_t number, uint64_t store_id) : number_(number) {
  DOSQL_CHECK(number < format::kPackNumbers);
  FileHeader header{
      .magic = format::kMagic, .format = format::kFormat, .number = number, .store_id = store_id};
  header.crc = crc_before(header);
  append_bytes(out_, bytes_of(header));
}

BlockRange PackWriter::add(BlockKind kind, uint32_t key, Bytes raw) {
  DOSQL_CHECK(!raw.empty() && raw.size() <= format::kBlockBytesMax);
  const size_t at = out_.size();
  const size_t data_at = at + sizeof(BlockHeader);
  BlockHeader header{.kind = static_cast<uint8_t>(kind),
                     .codec = static_cast<uint8_t>(Codec::kLz4),
                     .raw_length = static_cast<uint32_t>(raw.size()),
                     .key = key};
  // Compression that saves less than 1/16 is not worth the time to undo it.
  const size_t worth = raw.size() - (raw.size() + 15) / 16;
  out_.resize(data_at + worth);
  const int compressed = LZ4_compress_default(
      reinterpret_cast<const char*>(raw.data()), reinterpret_cast<char*>(out_.data() + data_at),
      static_cast<int>(raw.size()), static_cast<int>(worth));
  size_t length = static_cast<size_t>(compressed);
  if (compressed <= 0) {
    header.codec = static_cast<uint8_t>(Codec::kRaw);
    length = raw.size();
    out_.resize(data_at + length);
    std::ranges::copy(raw, out_.begin() + static_cast<ptrdiff_t>(data_at));
  }
  out_.resize(data_at + length);
  std::memcpy(out_.data() + at, &header, sizeof header);
  const auto offset = static_cast<uint32_t>(at);
  header.crc = crc_of_block(number_, offset, Bytes(out_).subspan(at));
  std::memcpy(out_.data() + at, &header, sizeof header);
  out_.resize(align_up(out_.size()));

  const IndexEntry entry{.offset = offset,
                         .length = static_cast<uint32_t>(length),
                         .key = key,
                         .kind = static_cast<uint8_t>(kind)};
  append_bytes(index_, bytes_of(entry));
  ++blocks_;
  DOSQL_CHECK(size() <= kPackBytesMax);
  return {number_, offset, entry.length};
}

uint64_t PackWriter::size() const {
  return out_.size() + index_.size() + sizeof(Trailer);
}
bool PackWriter::empty() const {
  return blocks_ == 0;
}

Result<void> PackWriter::finish(fsx::BlobStore& blobs) {
  const size_t blocks_end = out_.size();
  Trailer trailer{.index_offset = static_cast<uint32_t>(blocks_end),
                  .blocks = blocks_,
                  .index_crc = crc32c(index_),
                  .magic = format::kEndMagic};
  trailer.crc = crc_before(trailer);
  append_bytes(out_, index_);
  append_bytes(out_, bytes_of(trailer));
  auto put = blobs.put(pack_name(number_), out_);
  // The writer stays as it was, so that a failed finish can be tried again.
  out_.resize(blocks_end);
  return put;
}

// --- reading

namespace {

Result<void> check_range(const BlockRange& range) {
  const uint64_t end = uint64_t{range.offset} + sizeof(BlockHeader) + range.length;
  const bool is_right = range.pack < format::kPackNumbers &&
                        range.offset % format::kAlignment == 0 &&
                        range.offset >= sizeof(FileHeader) && range.length > 0 &&
                        range.length <= format::kBlockBytesMax && end <= kPackBytesMax;
  return is_right ? Result<void>() : corrupt_block(range, "cannot exist");
}

// `block`: the header and the stored bytes.
Result<Buffer> open_block(const BlockRange& range, Bytes block, BlockKind kind, uint32_t key) {
  const auto header = load_le<BlockHeader>(block.data());
  if (header.crc != crc_of_block(range.pack, range.offset, block)) {
    return corrupt_block(range, "has the wrong checksum");
  }
  if (header.codec > static_cast<uint8_t>(Codec::kLz4)) return newer_pack(range.pack);
  if (header.kind != static_cast<uint8_t>(kind) || header.key != key) {
    return corrupt_block(range, "is another one than its reference says");
  }
  const Bytes data = block.subspan(sizeof header);
  if (header.raw_length == 0 || header.raw_length > format::kBlockBytesMax) {
    return corrupt_block(range, "has an impossible length");
  }
  if (header.codec == static_cast<uint8_t>(Codec::kRaw)) {
    if (data.size() != header.raw_length) return corrupt_block(range, "has the wrong length");
    return Buffer(data.begin(), data.end());
  }
  Buffer raw(header.raw_length);
  const int size = LZ4_decompress_safe(reinterpret_cast<const char*>(data.data()),
                                       reinterpret_cast<char*>(raw.data()),
                                       static_cast<int>(data.size()), static_cast<int>(raw.size()));
  if (size != static_cast<int>(raw.size())) return corrupt_block(range, "cannot be decompressed");
  return raw;
}

}  // namespace

Result<Buffer> read_block(fsx::BlobStore& blobs, const BlockRange& range, BlockKind kind,
                          uint32_t key) {
  DOSQL_TRY(check_range(range));
  Buffer block(sizeof(BlockHeader) + range.length);
  DOSQL_TRY(blobs.get_range(pack_name(range.pack), range.offset, block));
  return open_block(range, block, kind, key);
}

// --- verifying

namespace {

Result<void> verify_header(fsx::BlobStore& blobs, uint32_t number, uint64_t store_id) {
  FileHeader header;
  DOSQL_TRY(blobs.get_range(pack_name(number), 0, mutable_bytes_of(header)));
  if (header.magic != format::kMagic || header.crc != crc_before(header)) {
    return corrupt_pack(number, "its header is damaged");
  }
  if (header.format > format::kFormat) return newer_pack(number);
  if (header.format == 0 || header.number != number || header.zero != 0) {
    return corrupt_pack(number, "its header is that of another pack");
  }
  if (header.store_id != store_id) {
    return corrupt_pack(number, "it belongs to another store");
  }
  return {};
}

Result<std::vector<IndexEntry>> load_index(fsx::BlobStore& blobs, uint32_t number, uint64_t size) {
  Trailer trailer;
  if (size < sizeof(FileHeader) + sizeof trailer || size > kPackBytesMax) {
    return corrupt_pack(number, "it has an impossible size");
  }
  DOSQL_TRY(blobs.get_range(pack_name(number), size - sizeof trailer, mutable_bytes_of(trailer)));
  const uint64_t index_size = uint64_t{trailer.blocks} * sizeof(IndexEntry);
  if (trailer.magic != format::kEndMagic || trailer.crc != crc_before(trailer) ||
      trailer.index_offset + index_size + sizeof trailer != size) {
    return corrupt_pack(number, "its end is damaged");
  }
  std::vector<IndexEntry> index(trailer.blocks);
  const MutableBytes bytes{reinterpret_cast<uint8_t*>(index.data()),
                           static_cast<size_t>(index_size)};
  DOSQL_TRY(blobs.get_range(pack_name(number), trailer.index_offset, bytes));
  if (crc32c(bytes) != trailer.index_crc) return corrupt_pack(number, "its index is damaged");
  // Blocks fill the space between header and index without a gap.
  uint64_t at = sizeof(FileHeader);
  for (const IndexEntry& entry : index) {
    if (entry.offset != at || !are_zero(entry.zero)) {
      return corrupt_pack(number, "its index contradicts itself");
    }
    at += align_up(sizeof(BlockHeader) + entry.length);
  }
  if (at != trailer.index_offset) return corrupt_pack(number, "its index contradicts itself");
  return index;
}

Result<void> verify_block(fsx::BlobStore& blobs, const BlockSummary& block) {
  DOSQL_TRY(check_range(block.range));
  const size_t size = sizeof(BlockHeader) + block.range.length;
  Buffer bytes(align_up(size));
  DOSQL_TRY(blobs.get_range(pack_name(block.range.pack), block.range.offset, bytes));
  if (!are_zero(Bytes(bytes).subspan(size))) {
    return corrupt_block(block.range, "is followed by bytes that are not zero");
  }
  DOSQL_TRY(open_block(block.range, Bytes(bytes).first(size), block.kind, block.key));
  return {};
}

}  // namespace

Result<std::vector<BlockSummary>> verify_pack(fsx::BlobStore& blobs, uint32_t number,
                                              uint64_t store_id) {
  DOSQL_TRY(const uint64_t size, blobs.size_of(pack_name(number)));
  DOSQL_TRY(verify_header(blobs, number, store_id));
  DOSQL_TRY(const std::vector<IndexEntry> index, load_index(blobs, number, size));
  std::vector<BlockSummary> blocks;
  blocks.reserve(index.size());
  for (const IndexEntry& entry : index) {
    const BlockSummary block{
        {number, entry.offset, entry.length}, static_cast<BlockKind>(entry.kind), entry.key};
    DOSQL_TRY(verify_block(blobs, block));
    blocks.push_back(block);
  }
  return blocks;
}

}  // namespace dosql::pack
