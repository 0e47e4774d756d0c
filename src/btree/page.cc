#include "btree/page.h"

#include <algorithm>

#include "base/text.h"

namespace dosql::btree {

std::unexpected<Error> BtreePage::damaged(std::string_view what) const {
  return fail(Code::kCorrupt, str_cat({"page ", std::to_string(page_), " is damaged: ", what}));
}

Result<BtreePage> BtreePage::parse(Bytes image, PageNo page, uint32_t usable) {
  BtreePage parsed;
  parsed.image_ = image;
  parsed.page_ = page;
  parsed.usable_ = usable;
  const size_t at = page == 1 ? kHeaderSize : 0;
  if (usable < 480 || usable > image.size()) return parsed.damaged("its size is impossible");
  parsed.type_ = image[at];
  if (parsed.type_ != 2 && parsed.type_ != 5 && parsed.type_ != 10 && parsed.type_ != 13) {
    return parsed.damaged("it is not a b-tree page");
  }
  parsed.cell_count_ = load_be<uint16_t>(image.data() + at + 3);
  parsed.pointers_ = static_cast<uint32_t>(at + (parsed.is_leaf() ? 8 : 12));
  if (!parsed.is_leaf()) parsed.right_child_ = load_be<uint32_t>(image.data() + at + 8);
  if (parsed.pointers_ + 2 * static_cast<size_t>(parsed.cell_count_) > usable) {
    return parsed.damaged("it has too many cells");
  }
  parsed.local_most_ = parsed.is_table() ? usable - 35 : (usable - 12) * 64 / 255 - 23;
  parsed.small_payload_ = static_cast<uint8_t>(std::min<uint32_t>(127, parsed.local_most_));
  return parsed;
}

size_t BtreePage::local_size(uint64_t payload_size) const {
  if (payload_size <= local_most_) return payload_size;
  const size_t least = (usable_ - 12) * 32 / 255 - 23;
  const size_t wanted = least + (payload_size - least) % (usable_ - 4);
  return wanted <= local_most_ ? wanted : least;
}

Result<PageNo> BtreePage::child(uint32_t index) const {
  if (index == cell_count_) return right_child_;
  const size_t at = cell_offset(index);
  if (at + 4 > usable_) return damaged("a cell lies outside");
  return load_be<uint32_t>(image_.data() + at);
}

Result<Cell> BtreePage::cell(uint32_t index) const {
  Cell cell;
  if (!read_cell(index, cell)) {
    return damaged(str_cat({"cell ", std::to_string(index), " reaches over the end"}));
  }
  return cell;
}

Result<uint32_t> usable_size(PageReader& pages) {
  if (pages.page_count() == 0) return pages.page_size();
  DOSQL_TRY(const PageRef first, pages.page(1));
  return pages.page_size() - first.data()[kHeaderReserved];
}

Result<void> append_payload(PageReader& pages, const Cell& cell, uint32_t usable, uint64_t size,
                            Buffer& payload) {
  if (cell.payload_size > static_cast<uint64_t>(pages.page_count()) * usable) {
    return fail(Code::kCorrupt, "a cell claims to be larger than the whole database");
  }
  size = std::min(size, cell.payload_size);
  const size_t start = payload.size();
  payload.reserve(start + size);
  append_bytes(payload, cell.local.first(std::min<size_t>(size, cell.local.size())));
  PageNo next = cell.overflow;
  for (size_t done = payload.size() - start; done < size;) {
    if (next == 0 || next > pages.page_count()) {
      return fail(Code::kCorrupt, str_cat({"an overflow chain leads to page ", std::to_string(next),
                                           ", which does not exist"}));
    }
    DOSQL_TRY(const PageRef image, pages.page(next));
    next = load_be<uint32_t>(image.data());
    const size_t part = std::min<size_t>(usable - 4, size - done);
    append_bytes(payload, image.bytes().subspan(4, part));
    done += part;
  }
  return {};
}

}  // namespace dosql::btree
