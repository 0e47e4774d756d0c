// One b-tree page of SQLite's file format, read in place.
// Format: https://sqlite.org/fileformat2.html sections 1.3 and 1.6. Every access is checked:
// damaged bytes are kCorrupt. A BtreePage views the image it was parsed from.
#pragma once

#include "base/bytes.h"
#include "base/ids.h"
#include "btree/ports.h"

namespace dosql::btree {

// Byte offsets of the database header at the start of page 1.
inline constexpr size_t kHeaderReserved = 20;
inline constexpr size_t kHeaderFirstTrunk = 32;
inline constexpr size_t kHeaderEncoding = 56;
inline constexpr size_t kHeaderSize = 100;

// SQLite's varint: 1 to 9 bytes, big-endian. Returns its length, 0 when `bytes` is too short.
[[nodiscard]] inline size_t read_varint(Bytes bytes, uint64_t* value) {
  uint64_t result = 0;
  for (size_t i = 0; i < 8 && i < bytes.size(); ++i) {
    result = result << 7 | (bytes[i] & 0x7f);
    if ((bytes[i] & 0x80) == 0) {
      *value = result;
      return i + 1;
    }
  }
  if (bytes.size() < 9) return 0;
  *value = result << 8 | bytes[8];
  return 9;
}

struct Cell {
  PageNo left_child = 0;      // interior pages
  PageNo overflow = 0;        // the first overflow page; 0 when the payload is all local
  int64_t rowid = 0;          // table trees
  uint64_t payload_size = 0;  // 0 in interior pages of table trees
  Bytes local;                // the part of the payload that lies in the page
};

class BtreePage {
 public:
  // `usable` is the page size less the reserved bytes.
  static Result<BtreePage> parse(Bytes image, PageNo page, uint32_t usable);

  [[nodiscard]] bool is_leaf() const { return (type_ & 8) != 0; }
  [[nodiscard]] bool is_table() const { return (type_ & 1) != 0; }
  [[nodiscard]] uint32_t cell_count() const { return cell_count_; }
  [[nodiscard]] PageNo right_child() const { return right_child_; }
  [[nodiscard]] PageNo number() const { return page_; }

  // False when the cell is damaged; index < cell_count(). The quick form of cell().
  [[nodiscard]] bool read_cell(uint32_t index, Cell& cell) const;
  Result<Cell> cell(uint32_t index) const;
  // Child number `index` of an interior page, 0 .. cell_count().
  Result<PageNo> child(uint32_t index) const;
  // False only when the cell certainly has no overflow page: one byte read instead of a parse.
  [[nodiscard]] bool may_overflow(uint32_t index) const {
    const size_t at = cell_offset(index) + (is_leaf() ? 0 : 4);
    return at >= usable_ || image_[at] > small_payload_;
  }

  // Where the cell claims to begin; not checked.
  [[nodiscard]] size_t cell_offset(uint32_t index) const {
    return load_be<uint16_t>(image_.data() + pointers_ + 2 * static_cast<size_t>(index));
  }
  // The bytes behind the cell pointers, where sound cells lie: from this offset to content_end().
  [[nodiscard]] size_t content_begin() const { return pointers_ + 2 * size_t{cell_count_}; }
  [[nodiscard]] size_t content_end() const { return usable_; }
  [[nodiscard]] Bytes bytes() const { return image_; }

  [[nodiscard]] std::unexpected<Error> damaged(std::string_view what) const;

 private:
  [[nodiscard]] size_t local_size(uint64_t payload_size) const;
  [[nodiscard]] size_t varint(size_t at, uint64_t* value) const {
    return read_varint(image_.subspan(at, usable_ - at), value);
  }

  Bytes image_;
  PageNo page_ = 0;
  uint32_t usable_ = 0;
  uint32_t cell_count_ = 0;
  PageNo right_child_ = 0;
  uint32_t pointers_ = 0;      // offset of the cell pointer array
  uint32_t local_most_ = 0;    // payloads up to this are all local
  uint8_t small_payload_ = 0;  // a payload size of one byte up to this is all local
  uint8_t type_ = 0;
};

inline bool BtreePage::read_cell(uint32_t index, Cell& cell) const {
  size_t at = cell_offset(index);
  if (at < pointers_ || at + 4 > usable_) return false;
  cell = Cell{};
  if (!is_leaf()) {
    cell.left_child = load_be<uint32_t>(image_.data() + at);
    at += 4;
    if (at >= usable_) return false;
  }
  const bool has_payload = is_leaf() || !is_table();
  if (has_payload) {
    const size_t size = varint(at, &cell.payload_size);
    at += size;
    if (size == 0 || at > usable_) return false;
  }
  if (is_table()) {
    uint64_t rowid = 0;
    const size_t size = varint(at, &rowid);
    at += size;
    if (size == 0) return false;
    cell.rowid = static_cast<int64_t>(rowid);
  }
  if (!has_payload) return true;
  if (cell.payload_size <= local_most_) [[likely]] {
    if (at + cell.payload_size > usable_) return false;
    cell.local = image_.subspan(at, cell.payload_size);
    return true;
  }
  const size_t local = local_size(cell.payload_size);
  if (cell.payload_size > 0x7fffffff || at + local + 4 > usable_) return false;
  cell.local = image_.subspan(at, local);
  cell.overflow = load_be<uint32_t>(image_.data() + at + local);
  return cell.overflow != 0;
}

// Page size less the reserved bytes that page 1 names.
Result<uint32_t> usable_size(PageReader& pages);

// Appends the first `size` bytes of a cell's payload (all when it has fewer), following overflow
// pages. kCorrupt when the chain ends early or the payload is larger than the file.
Result<void> append_payload(PageReader& pages, const Cell& cell, uint32_t usable, uint64_t size,
                            Buffer& payload);

}  // namespace dosql::btree
