// verify_pack and read_block on any bytes: errors, never a crash. A pack that verifies gives every
// block of its index. The checksums of an input are put right first, else nothing would get past
// them.
#include <algorithm>
#include <cstddef>

#include "base/crc32c.h"
#include "pack/format.h"
#include "pack/pack.h"

namespace dosql::pack {
namespace {

constexpr uint32_t kNumber = 7;
constexpr uint64_t kStore = 9;

class OneBlob final : public fsx::BlobStore {
 public:
  explicit OneBlob(Bytes bytes) : bytes_(bytes) {}
  Result<void> get_range(std::string_view, uint64_t offset, MutableBytes out) override {
    if (offset > bytes_.size() || bytes_.size() - offset < out.size()) {
      return fail(Code::kCorrupt, "shorter");
    }
    std::ranges::copy(bytes_.subspan(offset, out.size()), out.begin());
    return {};
  }
  Result<uint64_t> size_of(std::string_view) override { return bytes_.size(); }
  Result<void> put(std::string_view, Bytes) override { return unused(); }
  Result<std::vector<std::string>> list(std::string_view) override { return unused(); }
  Result<void> remove(std::string_view) override { return unused(); }
  Result<fsx::Etag> put_if(std::string_view, Bytes, std::optional<fsx::Etag>) override {
    return unused();
  }
  Result<std::optional<fsx::VersionedBlob>> get_versioned(std::string_view) override {
    return unused();
  }

 private:
  static std::unexpected<Error> unused() { return fail(Code::kUnsupported, "unused"); }
  Bytes bytes_;
};

template <class T>
void update(Buffer& bytes, size_t at, T value) {
  if (at + sizeof value <= bytes.size()) store_le(bytes.data() + at, value);
}

void put_checksums_right(Buffer& bytes) {
  using namespace format;
  update(bytes, offsetof(FileHeader, number), kNumber);
  update(bytes, offsetof(FileHeader, store_id), kStore);
  if (bytes.size() < sizeof(FileHeader) + sizeof(Trailer)) return;
  const size_t crc_at = offsetof(FileHeader, crc);
  update(bytes, crc_at, crc32c(Bytes(bytes).first(crc_at)));
  const size_t trailer_at = bytes.size() - sizeof(Trailer);
  auto trailer = load_le<Trailer>(bytes.data() + trailer_at);
  if (trailer.index_offset > trailer_at) return;
  const Bytes index = Bytes(bytes).subspan(trailer.index_offset, trailer_at - trailer.index_offset);
  for (size_t at = 0; at + sizeof(IndexEntry) <= index.size(); at += sizeof(IndexEntry)) {
    const auto entry = load_le<IndexEntry>(index.data() + at);
    const uint64_t end = uint64_t{entry.offset} + sizeof(BlockHeader) + entry.length;
    if (entry.length > kBlockBytesMax || end > trailer.index_offset) continue;
    const uint32_t place[] = {kNumber, entry.offset};
    const uint32_t seed = crc32c({reinterpret_cast<const uint8_t*>(place), sizeof place});
    const Bytes block = Bytes(bytes).subspan(entry.offset, end - entry.offset);
    update(bytes, entry.offset, crc32c(block.subspan(sizeof BlockHeader::crc), seed));
  }
  trailer.index_crc = crc32c(index);
  trailer.crc = crc32c({reinterpret_cast<const uint8_t*>(&trailer), offsetof(Trailer, crc)});
  update(bytes, trailer_at, trailer);
}

}  // namespace
}  // namespace dosql::pack

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  using namespace dosql;
  Buffer pack(bytes, bytes + size);
  pack::put_checksums_right(pack);
  pack::OneBlob blobs(pack);
  const auto blocks = pack::verify_pack(blobs, pack::kNumber, pack::kStore);
  if (!blocks) {
    const pack::BlockRange range{pack::kNumber, 32, static_cast<uint32_t>(size % 70000)};
    (void)pack::read_block(blobs, range, pack::BlockKind::kPage, 0);
    return 0;
  }
  for (const pack::BlockSummary& block : *blocks) {
    DOSQL_CHECK(pack::read_block(blobs, block.range, block.kind, block.key));
  }
  return 0;
}
