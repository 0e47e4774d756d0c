// One b-tree page of SQLite's file format, read in place.
// Format: https://sqlite.org/fileformat2.html section 1.6. Every access is checked: damaged bytes are
// kCorrupt. A BtreePage views the image it was parsed from.
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
[[nodiscard]] size_t read_varint(Bytes bytes, uint64_t* value);

struct Cell {
  PageNo left_child = 0;      // interior pages
  int64_t rowid = 0;          // table trees
  uint64_t payload_size = 0;  // 0 in interior pages of table trees
  Bytes local;                // the part of the payload that lies in the page
  PageNo overflow = 0;        // the first overflow page; 0 when the payload is all local
};

class BtreePage {
 public:
  // `usable` is the page size less the reserved bytes.
  static Result<BtreePage> parse(Bytes image, PageNo page, uint32_t usable);

  [[nodiscard]] bool is_leaf() const { return (type_ & 8) != 0; }
  [[nodiscard]] bool is_table() const { return (type_ & 1) != 0; }
  [[nodiscard]] uint32_t cell_count() const { return cell_count_; }
  [[nodiscard]] PageNo right_child() const { return right_child_; }
  Result<Cell> cell(uint32_t index) const;
  // Child number `index` of an interior page, 0 .. cell_count().
  Result<PageNo> child(uint32_t index) const;

 private:
  [[nodiscard]] std::unexpected<Error> damaged(std::string_view what) const;
  [[nodiscard]] size_t local_size(uint64_t payload_size) const;

  Bytes image_;
  PageNo page_ = 0;
  uint32_t usable_ = 0;
  uint8_t type_ = 0;
  uint32_t cell_count_ = 0;
  PageNo right_child_ = 0;
  size_t pointers_ = 0;  // offset of the cell pointer array
};

// Page size less the reserved bytes that page 1 names.
Result<uint32_t> usable_size(PageReader& pages);

// The first `size` bytes of a cell's payload (all when it has fewer), following overflow pages.
Result<Buffer> read_payload(PageReader& pages, const Cell& cell, uint32_t usable, uint64_t size);

}  // namespace dosql::btree
