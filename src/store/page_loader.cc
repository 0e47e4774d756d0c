#include "store/page_loader.h"

#include "base/crc32c.h"
#include "base/text.h"
#include "pack/pack.h"
#include "pages/commit_record.h"
#include "pages/page_delta.h"

namespace dosql::store {
namespace {

constexpr int kChainMax = 64;  // far beyond what a writer makes: a loop in damaged bytes ends

pack::BlockRange as_block(pages::Address address) {
  const pages::PackRange range = address.pack_range();
  return {range.pack, range.offset, range.length};
}

std::unexpected<Error> damaged(PageNo page, Lsn at, std::string_view what) {
  return fail(Code::kCorrupt,
              str_cat({"page ", std::to_string(page), " in the log at ", std::to_string(at.value()),
                       ": ", what, "; restore from a backup or run dosql check"}));
}

}  // namespace

Result<CachedPage> PageLoader::load(pages::Address address, PageNo page, uint32_t page_size) {
  return load_at(address, page, page_size, 0);
}

Result<CachedPage> PageLoader::load_at(pages::Address address, PageNo page, uint32_t page_size,
                                       int depth) {
  if (auto cached = cache_.find(address)) return *std::move(cached);
  CachedPage loaded;
  if (address.is_log()) {
    DOSQL_TRY(loaded, load_from_log(address, page, page_size, depth));
  } else {
    DOSQL_TRY(const Buffer raw,
              pack::read_block(blobs_, as_block(address), pack::BlockKind::kPage, page));
    if (raw.size() != page_size) {
      return fail(Code::kCorrupt,
                  str_cat({"page ", std::to_string(page), " in ",
                           pack::pack_name(address.pack_range().pack), " has the wrong size"}));
    }
    loaded.image = PageRef::copy_of(raw);
  }
  cache_.insert(address, loaded);
  return loaded;
}

Result<CachedPage> PageLoader::load_from_log(pages::Address address, PageNo page,
                                             uint32_t page_size, int depth) {
  uint8_t header[pages::kPageEntryHeader];
  DOSQL_TRY(log_.read(address.lsn(), header));
  uint32_t body_size = 0;
  auto parsed = pages::parse_page_entry_header(header, &body_size);
  if (!parsed) return damaged(page, address.lsn(), parsed.error().message);
  const pages::PageEntry& entry = *parsed;
  if (entry.page != page || depth > kChainMax || body_size > 2 * page_size) {
    return damaged(page, address.lsn(), "the entry there is not this page's");
  }
  Buffer body(body_size);
  DOSQL_TRY(log_.read(Lsn(address.lsn().value() + pages::kPageEntryHeader), body));

  CachedPage loaded{PageRef(), entry.chain, entry.chain_bytes};
  if (entry.kind == pages::PageKind::kFull) {
    if (body_size != page_size) return damaged(page, address.lsn(), "wrong size");
    loaded.image = PageRef::copy_of(body);
  } else {
    loaded.image = PageRef::allocate(page_size);
    MutableBytes image = loaded.image.mutable_bytes();
    std::memset(image.data(), 0, image.size());
    if (entry.kind == pages::PageKind::kDelta) {
      DOSQL_TRY(const CachedPage base, load_at(entry.previous, page, page_size, depth + 1));
      std::memcpy(image.data(), base.image.data(), page_size);
      DOSQL_TRY(pages::apply_delta(image, body));
    }
  }
  if (crc32c(loaded.image.bytes()) != entry.page_crc) {
    return damaged(page, address.lsn(), "its checksum does not match");
  }
  return loaded;
}

Result<Buffer> PageLoader::load_node(pages::Address address) {
  return pack::read_block(blobs_, as_block(address), pack::BlockKind::kNode, 0);
}

Result<Buffer> PageLoader::load_descriptor(pages::Address address, uint32_t key) {
  return pack::read_block(blobs_, as_block(address), pack::BlockKind::kDescriptor, key);
}

Result<Buffer> PageLoader::load_names(pages::Address address, uint32_t key) {
  return pack::read_block(blobs_, as_block(address), pack::BlockKind::kNames, key);
}

Result<Buffer> PageLoader::load_payload(Lsn at, uint32_t length) {
  Buffer payload(length);
  DOSQL_TRY(log_.read(at, payload));
  return payload;
}

}  // namespace dosql::store
