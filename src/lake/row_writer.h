// RowWriter: rows of a SQLite table as rows of its lake table.
//
// The lake row is: `_rowid` (when the table has no primary key), the columns, `_extra`. A value
// that does not fit its column becomes NULL there and is kept in `_extra`, a JSON object from
// column name to value (bytes that are not UTF-8 as {"base64": "..."}), and counted: nothing is
// dropped. Thread rule: one thread.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "duck/row_buffer.h"
#include "duck/rows.h"
#include "lake/cell.h"
#include "lake/column_type.h"

namespace dosql::lake {

struct LakeColumn {
  std::string name;
  LakeType type;
  int field_id = 0;
  size_t source = 0;  // index of the cell in a source row
};

struct RowLayout {
  std::optional<LakeColumn> rowid;  // `source` unused
  std::vector<LakeColumn> columns;
  LakeColumn extra;  // field_id 0: the lake table has no `_extra` (yet)

  // A column of the RowBuffer for each of the above, in that order.
  [[nodiscard]] std::vector<duck::Column> buffer_columns() const;
  [[nodiscard]] size_t extra_index() const { return columns.size() + (rowid.has_value() ? 1 : 0); }
};

class RowWriter {
 public:
  explicit RowWriter(const RowLayout& layout) : layout_(layout) {}

  // Appends a row. `cells` are the source's columns; missing ones at the end are NULL.
  void write(std::span<const Cell> cells, int64_t rowid, duck::RowBuffer& rows);

  // Values that went to `_extra`.
  [[nodiscard]] uint64_t misfit_count() const { return misfit_count_; }

 private:
  void add_misfit(const std::string& column, const Cell& cell);

  const RowLayout& layout_;
  uint64_t misfit_count_ = 0;
  std::string extra_;  // of the current row, an open JSON object
};

// The hash of some columns of a row, of a buffer or of a query's current row: equal for a row and
// the same row read back from a file.
[[nodiscard]] uint64_t hash_columns(const duck::RowBuffer& rows, size_t row,
                                    std::span<const size_t> columns);
[[nodiscard]] uint64_t hash_columns(const duck::Rows& rows, std::span<const size_t> columns);

}  // namespace dosql::lake
