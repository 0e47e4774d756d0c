#include "pack/pack.h"

#include <gtest/gtest.h>

#include <map>

#include "base/crc32c.h"
#include "base/random.h"
#include "pack/format.h"

namespace dosql::pack {
namespace {

constexpr uint64_t kStore = 0x1122334455667788;

class MemoryBlobs final : public fsx::BlobStore {
 public:
  Result<void> put(std::string_view name, Bytes bytes) override {
    if (fails) return fail(Code::kDiskFull, "disk full");
    if (!blobs.try_emplace(std::string(name), bytes.begin(), bytes.end()).second) {
      return fail(Code::kAlreadyExists, std::string(name));
    }
    return {};
  }
  Result<void> get_range(std::string_view name, uint64_t offset, MutableBytes out) override {
    const auto blob = blobs.find(std::string(name));
    if (blob == blobs.end()) return fail(Code::kNotFound, std::string(name));
    if (offset + out.size() > blob->second.size()) return fail(Code::kCorrupt, "shorter");
    std::copy_n(blob->second.begin() + static_cast<ptrdiff_t>(offset), out.size(), out.begin());
    return {};
  }
  Result<uint64_t> size_of(std::string_view name) override {
    const auto blob = blobs.find(std::string(name));
    if (blob == blobs.end()) return fail(Code::kNotFound, std::string(name));
    return blob->second.size();
  }
  Result<std::vector<std::string>> list(std::string_view) override {
    return std::vector<std::string>();
  }
  Result<void> remove(std::string_view) override { return {}; }
  Result<fsx::Etag> put_if(std::string_view, Bytes, std::optional<fsx::Etag>) override {
    return fail(Code::kUnsupported, "put_if");
  }
  Result<std::optional<fsx::VersionedBlob>> get_versioned(std::string_view) override {
    return fail(Code::kUnsupported, "get_versioned");
  }

  std::map<std::string, Buffer> blobs;
  bool fails = false;
};

Buffer random_bytes(Random& random, size_t size) {
  Buffer bytes(size);
  for (auto& byte : bytes) byte = static_cast<uint8_t>(random.next());
  return bytes;
}

struct Sample {
  MemoryBlobs blobs;
  std::vector<BlockRange> ranges;
  std::vector<Buffer> raw;

  Sample() {
    Random random(5);
    raw = {Buffer(4096, 7), random_bytes(random, 100), random_bytes(random, 333), Buffer(1, 1)};
    PackWriter writer(17, kStore);
    for (size_t i = 0; i < raw.size(); ++i) {
      ranges.push_back(writer.add(BlockKind::kPage, static_cast<uint32_t>(i), raw[i]));
    }
    const uint64_t size = writer.size();
    EXPECT_TRUE(writer.finish(blobs));
    EXPECT_EQ(bytes().size(), size);
  }
  Buffer& bytes() { return blobs.blobs.at("pack/00000017.dpk"); }
  Code verify() {
    const auto verified = verify_pack(blobs, 17, kStore);
    return verified ? Code::kInternal : verified.error().code;
  }
};

TEST(pack, names_sort_like_numbers) {
  EXPECT_EQ(pack_name(17), "pack/00000017.dpk");
  EXPECT_EQ(pack_name(0), "pack/00000000.dpk");
  EXPECT_LT(pack_name(999), pack_name(4000000));
}

TEST(pack, blocks_come_back_as_they_were_put) {
  Sample sample;
  for (size_t i = 0; i < sample.raw.size(); ++i) {
    const auto block =
        read_block(sample.blobs, sample.ranges[i], BlockKind::kPage, static_cast<uint32_t>(i));
    ASSERT_TRUE(block) << block.error().message;
    EXPECT_EQ(*block, sample.raw[i]);
    EXPECT_EQ(sample.ranges[i].offset % 8, 0U);
  }
  EXPECT_LT(sample.ranges[0].length, 100U);  // compressed
  EXPECT_EQ(sample.ranges[1].length, 100U);  // stored raw: compression does not help
}

TEST(pack, blocks_of_every_size_up_to_64_kib_fit_compressible_or_not) {
  Random random(9);
  MemoryBlobs blobs;
  PackWriter writer(1, kStore);
  std::vector<std::pair<BlockRange, Buffer>> blocks;
  for (const size_t size : {1U, 2U, 7U, 8U, 15U, 16U, 17U, 512U, 65535U, 65536U}) {
    for (const Buffer& raw : {random_bytes(random, size), Buffer(size, 3)}) {
      blocks.emplace_back(writer.add(BlockKind::kNode, 0, raw), raw);
    }
  }
  ASSERT_TRUE(writer.finish(blobs));
  for (const auto& [range, raw] : blocks) {
    EXPECT_LE(range.length, 65536U);
    const auto block = read_block(blobs, range, BlockKind::kNode, 0);
    ASSERT_TRUE(block) << raw.size();
    EXPECT_EQ(*block, raw);
  }
  ASSERT_EQ(verify_pack(blobs, 1, kStore)->size(), blocks.size());
}

TEST(pack, a_block_is_only_found_under_its_own_kind_key_pack_and_place) {
  Sample sample;
  const BlockRange range = sample.ranges[1];
  const auto code_of = [&](const BlockRange& r, BlockKind kind, uint32_t key) {
    const auto block = read_block(sample.blobs, r, kind, key);
    return block ? Code::kInternal : block.error().code;
  };
  EXPECT_EQ(code_of(range, BlockKind::kPage, 1), Code::kInternal);
  EXPECT_EQ(code_of(range, BlockKind::kNode, 1), Code::kCorrupt);
  EXPECT_EQ(code_of(range, BlockKind::kPage, 2), Code::kCorrupt);
  EXPECT_EQ(code_of({17, range.offset + 8, range.length}, BlockKind::kPage, 1), Code::kCorrupt);
  EXPECT_EQ(code_of({17, range.offset + 1, range.length}, BlockKind::kPage, 1), Code::kCorrupt);
  EXPECT_EQ(code_of({17, range.offset, range.length - 1}, BlockKind::kPage, 1), Code::kCorrupt);
  EXPECT_EQ(code_of({17, range.offset, 0}, BlockKind::kPage, 1), Code::kCorrupt);
  EXPECT_EQ(code_of({17, range.offset, 65537}, BlockKind::kPage, 1), Code::kCorrupt);
  EXPECT_EQ(code_of({17, 1 << 20, range.length}, BlockKind::kPage, 1), Code::kCorrupt);
  EXPECT_EQ(code_of({18, range.offset, range.length}, BlockKind::kPage, 1), Code::kNotFound);
  sample.blobs.blobs["pack/00000018.dpk"] = sample.bytes();
  EXPECT_EQ(code_of({18, range.offset, range.length}, BlockKind::kPage, 1), Code::kCorrupt);
}

TEST(pack, the_index_lists_every_block) {
  Sample sample;
  const auto blocks = verify_pack(sample.blobs, 17, kStore);
  ASSERT_TRUE(blocks) << blocks.error().message;
  ASSERT_EQ(blocks->size(), sample.ranges.size());
  for (size_t i = 0; i < blocks->size(); ++i) {
    EXPECT_EQ((*blocks)[i].range.offset, sample.ranges[i].offset);
    EXPECT_EQ((*blocks)[i].range.length, sample.ranges[i].length);
    EXPECT_EQ((*blocks)[i].range.pack, 17U);
    EXPECT_EQ((*blocks)[i].kind, BlockKind::kPage);
    EXPECT_EQ((*blocks)[i].key, i);
  }
}

TEST(pack, every_flipped_bit_is_found_by_verify) {
  Sample sample;
  Buffer& bytes = sample.bytes();
  for (size_t at = 0; at < bytes.size(); ++at) {
    for (int bit = 0; bit < 8; ++bit) {
      bytes[at] ^= static_cast<uint8_t>(1 << bit);
      ASSERT_EQ(sample.verify(), Code::kCorrupt) << "byte " << at << " bit " << bit;
      bytes[at] ^= static_cast<uint8_t>(1 << bit);
    }
  }
  EXPECT_EQ(sample.verify(), Code::kInternal);
}

TEST(pack, every_flipped_byte_of_a_block_is_found_by_reading_it) {
  Sample sample;
  Buffer& bytes = sample.bytes();
  for (size_t i = 0; i < sample.ranges.size(); ++i) {
    const BlockRange& range = sample.ranges[i];
    for (size_t at = range.offset; at < range.offset + 16 + range.length; ++at) {
      bytes[at] ^= 0x41;
      const auto block =
          read_block(sample.blobs, range, BlockKind::kPage, static_cast<uint32_t>(i));
      ASSERT_FALSE(block) << "byte " << at;
      EXPECT_EQ(block.error().code, Code::kCorrupt);
      EXPECT_NE(block.error().message.find("pack/00000017.dpk"), std::string::npos);
      bytes[at] ^= 0x41;
    }
  }
}

TEST(pack, every_truncation_and_extension_is_found_by_verify) {
  Sample sample;
  const Buffer whole = sample.bytes();
  for (size_t size = 0; size < whole.size(); ++size) {
    sample.bytes() = Buffer(whole.begin(), whole.begin() + static_cast<ptrdiff_t>(size));
    ASSERT_EQ(sample.verify(), Code::kCorrupt) << size;
  }
  sample.bytes() = whole;
  sample.bytes().resize(whole.size() + 8);
  EXPECT_EQ(sample.verify(), Code::kCorrupt);
}

TEST(pack, a_pack_of_another_store_or_number_is_corrupt) {
  Sample sample;
  EXPECT_EQ(verify_pack(sample.blobs, 17, kStore + 1).error().code, Code::kCorrupt);
  sample.blobs.blobs["pack/00000018.dpk"] = sample.bytes();
  EXPECT_EQ(verify_pack(sample.blobs, 18, kStore).error().code, Code::kCorrupt);
  EXPECT_EQ(verify_pack(sample.blobs, 19, kStore).error().code, Code::kNotFound);
}

TEST(pack, a_pack_of_a_newer_format_says_so) {
  Sample sample;
  Buffer& bytes = sample.bytes();
  store_le<uint32_t>(bytes.data() + offsetof(format::FileHeader, format), format::kFormat + 1);
  store_le(bytes.data() + offsetof(format::FileHeader, crc),
           crc32c(Bytes(bytes).first(offsetof(format::FileHeader, crc))));
  EXPECT_EQ(sample.verify(), Code::kNewerFormat);
}

TEST(pack, a_failed_finish_can_be_tried_again) {
  MemoryBlobs blobs;
  PackWriter writer(3, kStore);
  EXPECT_TRUE(writer.empty());
  const BlockRange range = writer.add(BlockKind::kDescriptor, 9, as_bytes("descriptor"));
  EXPECT_FALSE(writer.empty());
  blobs.fails = true;
  EXPECT_EQ(writer.finish(blobs).error().code, Code::kDiskFull);
  blobs.fails = false;
  ASSERT_TRUE(writer.finish(blobs));
  EXPECT_EQ(as_text(*read_block(blobs, range, BlockKind::kDescriptor, 9)), "descriptor");
  EXPECT_TRUE(verify_pack(blobs, 3, kStore));
}

TEST(pack, a_pack_without_blocks_verifies) {
  MemoryBlobs blobs;
  PackWriter writer(0, kStore);
  ASSERT_TRUE(writer.finish(blobs));
  EXPECT_TRUE(verify_pack(blobs, 0, kStore)->empty());
}

}  // namespace
}  // namespace dosql::pack
