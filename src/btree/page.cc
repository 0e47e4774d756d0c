#include "btree/page.h"

#include <algorithm>

#include "base/text.h"

namespace dosql::btree {

size_t read_varint(Bytes bytes, uint64_t* value) {
  uint64_t result = 0;
  for (size_t i = 0; i < 9 && i < bytes.size(); ++i) {
    if (i == 8) {
      *value = result << 8 | bytes[i];
      return 9;
    }
    result = result << 7 | (bytes[i] & 0x7f);
    if ((bytes[i] & 0x80) == 0) {
      *value = result;
      return i + 1;
    }
  }
  return 0;
}

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
  parsed.pointers_ = at + (parsed.is_leaf() ? 8 : 12);
  if (!parsed.is_leaf()) parsed.right_child_ = load_be<uint32_t>(image.data() + at + 8);
  if (parsed.pointers_ + 2 * static_cast<size_t>(parsed.cell_count_) > usable) {
    return parsed.damaged("it has too many cells");
  }
  return parsed;
}

size_t BtreePage::local_size(uint64_t payload_size) const {
  const size_t u = usable_;
  const size_t most = is_table() ? u - 35 : (u - 12) * 64 / 255 - 23;
  if (payload_size <= most) return payload_size;
  const size_t least = (u - 12) * 32 / 255 - 23;
  const size_t wanted = least + (payload_size - least) % (u - 4);
  return wanted <= most ? wanted : least;
}

Result<PageNo> BtreePage::child(uint32_t index) const {
  if (index == cell_count_) return right_child_;
  const size_t at = load_be<uint16_t>(image_.data() + pointers_ + 2 * static_cast<size_t>(index));
  if (at + 4 > usable_) return damaged("a cell lies outside");
  return load_be<uint32_t>(image_.data() + at);
}

Result<Cell> BtreePage::cell(uint32_t index) const {
  Cell cell;
  size_t at = load_be<uint16_t>(image_.data() + pointers_ + 2 * static_cast<size_t>(index));
  if (at < pointers_ || at + 4 > usable_) return damaged("a cell lies outside");
  if (!is_leaf()) {
    cell.left_child = load_be<uint32_t>(image_.data() + at);
    at += 4;
  }
  const auto varint = [&](uint64_t* value) {
    const size_t size = read_varint(image_.subspan(at, std::min<size_t>(9, usable_ - at)), value);
    at += size;
    return size > 0;
  };
  const bool has_payload = is_leaf() || !is_table();
  if (has_payload && !varint(&cell.payload_size)) return damaged("a cell is cut off");
  uint64_t rowid = 0;
  if (is_table()) {
    if (!varint(&rowid)) return damaged("a cell is cut off");
    cell.rowid = static_cast<int64_t>(rowid);
  }
  if (!has_payload) return cell;
  const size_t local = local_size(cell.payload_size);
  const bool spills = local < cell.payload_size;
  if (cell.payload_size > 0x7fffffff || at + local + (spills ? 4 : 0) > usable_) {
    return damaged("a cell reaches over the end");
  }
  cell.local = image_.subspan(at, local);
  if (spills) {
    cell.overflow = load_be<uint32_t>(image_.data() + at + local);
    if (cell.overflow == 0) return damaged("a cell lacks its overflow page");
  }
  return cell;
}

Result<uint32_t> usable_size(PageReader& pages) {
  if (pages.page_count() == 0) return pages.page_size();
  DOSQL_TRY(const PageRef first, pages.page(1));
  return pages.page_size() - first.data()[kHeaderReserved];
}

Result<Buffer> read_payload(PageReader& pages, const Cell& cell, uint32_t usable, uint64_t size) {
  size = std::min(size, cell.payload_size);
  Buffer payload(cell.local.begin(), cell.local.end());
  PageNo next = cell.overflow;
  while (payload.size() < size) {
    if (next == 0 || next > pages.page_count()) {
      return fail(Code::kCorrupt, str_cat({"an overflow chain leads to page ", std::to_string(next),
                                           ", which does not exist"}));
    }
    DOSQL_TRY(const PageRef image, pages.page(next));
    next = load_be<uint32_t>(image.data());
    const size_t part = std::min<size_t>(usable - 4, cell.payload_size - payload.size());
    append_bytes(payload, image.bytes().subspan(4, part));
  }
  payload.resize(size);
  return payload;
}

}  // namespace dosql::btree
