// RowDecoder: cells of one version as rows of a table.
// Thread rule: one thread.
#pragma once

#include "btree/page.h"
#include "btree/table_shape.h"

namespace dosql::btree {

class RowDecoder {
 public:
  static Result<RowDecoder> open(PageReader& pages);

  // The row in declared columns: fields that the record lacks have their column's default, the
  // rowid's alias is the rowid, REAL columns are floats, virtual generated columns are NULL. Lives
  // until the next call, as long as the cell and `shape` do.
  Result<std::span<const Value>> decode(const Cell& cell, const TableShape& shape);

  // The whole payload; `buffer` is used when it does not lie in the page.
  Result<Bytes> payload(const Cell& cell, Buffer& buffer) const;

  [[nodiscard]] TextEncoding encoding() const { return encoding_; }
  [[nodiscard]] uint32_t usable() const { return usable_; }

 private:
  RowDecoder(PageReader& pages, uint32_t usable, TextEncoding encoding)
      : pages_(&pages), usable_(usable), encoding_(encoding) {}

  PageReader* pages_;
  uint32_t usable_;
  TextEncoding encoding_;
  Buffer buffer_;
  TextArena arena_;
  std::vector<Value> fields_;
  std::vector<Value> row_;
};

}  // namespace dosql::btree
