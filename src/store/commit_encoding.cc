// How a commit becomes a record: page deltas against the base version, and page owners.
#include <algorithm>

#include "base/crc32c.h"
#include "pages/page_delta.h"
#include "store/database.h"
#include "store/view_pages.h"

namespace dosql::store {
namespace {

constexpr uint8_t kChainMax = 15;  // every 16th image of a page is full
constexpr uint16_t kChainBytesMax = 8192;

bool is_all_zero(Bytes bytes) {
  return bytes[0] == 0 && std::memcmp(bytes.data(), bytes.data() + 1, bytes.size() - 1) == 0;
}

class NewPages final : public btree::PageReader {
 public:
  NewPages(const VersionView& base, const CommitRequest& request)
      : base_(base), request_(request) {}
  Result<PageRef> page(PageNo page) override {
    const auto pages = request_.pages;
    const auto at = std::ranges::lower_bound(pages, page, {}, &CommitRequest::Page::page);
    if (at != pages.end() && at->page == page) return at->image;
    if (page <= base_.page_count()) return base_.page(page);
    PageRef zeros = PageRef::allocate(base_.page_size());
    std::memset(zeros.mutable_bytes().data(), 0, base_.page_size());
    return zeros;
  }
  uint32_t page_count() const override { return request_.page_count; }
  uint32_t page_size() const override { return base_.page_size(); }

 private:
  const VersionView& base_;
  const CommitRequest& request_;
};

}  // namespace

Result<Database::OwnerList> Database::changed_owners(const Snapshot& base,
                                                     const CommitRequest& request) {
  ViewPages before(base.view());
  NewPages after(base.view(), request);
  std::vector<PageNo> changed;
  changed.reserve(request.pages.size());
  for (const CommitRequest::Page& page : request.pages) changed.push_back(page.page);
  DOSQL_TRY(const auto owners, btree::step_owners(before, before, after, changed));
  OwnerList list;
  list.reserve(owners.size());
  for (const auto& [page, owner] : owners) list.emplace_back(page, owner.raw());
  return list;
}

Result<Database::Encoded> Database::encode(const Snapshot& base, const CommitRequest& request,
                                           const OwnerList& owners, Lsn floor, int64_t wall_us) {
  Encoded encoded;
  pages::RecordBuilder record;
  pages::PartHeader header;
  header.database = id_;
  header.version = Version(base.version().value() + 1);
  header.parent = base.version();
  header.wall_us = wall_us;
  header.page_count = request.page_count;
  record.begin_part(header);
  for (const CommitRequest::Page& page : request.pages) {
    DOSQL_TRY(encode_page(base, page, floor, record, encoded));
  }
  // publish() must not fail: load every node that it will change.
  for (const auto& [page, owner] : owners) DOSQL_TRY(base.view().slot(page));
  if (request.page_count < base.view().page_count()) {
    DOSQL_TRY(base.view().slot(request.page_count));
  } else {
    DOSQL_TRY(base.view().slot(base.view().page_count()));
  }
  record.add_owners(owners);
  if (!request.message.empty())
    record.add_section(pages::Section::kMessage, as_bytes(request.message));
  for (const SlotUpdate& update : request.slots) {
    pages::PartHeader part;
    part.database = update.database->id();
    part.wall_us = wall_us;
    part.flags = pages::kPartSetsSlot;
    record.begin_part(part);
    Buffer body;
    append_le(body, update.version.value());
    append_bytes(body, update.slot);
    record.add_section(pages::Section::kSlot, body);
  }
  encoded.payload = record.finish();
  return encoded;
}

Result<void> Database::encode_page(const Snapshot& base, const CommitRequest::Page& page, Lsn floor,
                                   pages::RecordBuilder& record, Encoded& encoded) {
  const Bytes image = page.image.bytes();
  pages::PageEntry entry;
  entry.page = page.page;
  entry.page_crc = crc32c(image);
  entry.body = image;
  pages::Slot slot;
  if (page.page <= base.view().page_count()) {
    DOSQL_TRY(slot, base.view().slot(page.page));
  }

  std::optional<Buffer> delta;
  if (is_all_zero(image)) {
    entry.kind = pages::PageKind::kZero;
    entry.body = {};
  } else if (!slot.address.is_hole()) {
    DOSQL_TRY(const CachedPage before, base.view().cached_page(page.page));
    const Bytes old = before.image.bytes();
    if (std::memcmp(old.data(), image.data(), image.size()) == 0) return {};
    const bool is_base_kept = slot.address.is_pack()
                                  ? slot.address.pack_range().pack < log_.pack_floor()
                                  : slot.address.lsn() >= floor;
    if (is_base_kept && before.chain < kChainMax && before.chain_bytes < kChainBytesMax) {
      const size_t size_max =
          std::min<size_t>(image.size() / 2, kChainBytesMax - before.chain_bytes);
      delta = pages::encode_delta(old, image, size_max);
    }
    if (delta) {
      entry.kind = pages::PageKind::kDelta;
      entry.chain = static_cast<uint8_t>(before.chain + 1);
      entry.chain_bytes = static_cast<uint16_t>(before.chain_bytes + delta->size());
      entry.previous = slot.address;
      entry.body = *delta;
    }
  }
  if (!slot.address.is_hole()) encoded.replaced.push_back(slot.address);
  const uint64_t offset = record.add_page(entry);
  const bool is_zero = entry.kind == pages::PageKind::kZero;
  encoded.addresses.push_back(
      {page.page, is_zero ? pages::Address::hole() : pages::Address::log(Lsn(offset))});
  encoded.images.push_back({page.image, entry.chain, entry.chain_bytes});
  return {};
}

}  // namespace dosql::store
