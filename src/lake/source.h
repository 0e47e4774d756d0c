// What the lake reads of a database: the tables and rows in which two versions differ. The row
// difference itself is btree's; here it is put into the lake's terms: user tables only, stored
// columns only (virtual generated columns are left out), cells instead of SQLite's values.
// Thread rule: one thread.
#pragma once

#include <optional>
#include <span>

#include "changes/table_shape.h"
#include "lake/cell.h"
#include "lake/layout.h"
#include "store/database.h"

namespace dosql::lake {

struct SourceDifference {
  std::optional<SourceTable> before;  // empty: created
  std::optional<SourceTable> after;   // empty: dropped
  ColumnMatch match = ColumnMatch::kByName;

  [[nodiscard]] const std::string& name() const { return after ? after->name : before->name; }
};

// `before` in the columns of the table before, `after` in those after; empty where there is none.
struct SourceChange {
  int64_t rowid = 0;  // of a table that has rowids
  std::span<const Cell> before;
  std::span<const Cell> after;
};

class SourceSink {
 public:
  virtual ~SourceSink() = default;
  // For each user table with changed rows or another schema. False: neither row() nor end_table().
  virtual Result<bool> begin_table(const SourceDifference& table) = 0;
  virtual Result<void> row(const SourceChange& change) = 0;
  virtual Result<void> end_table() = 0;
};

// From `before` to `after`; null: from nothing, so that every row of `after` is an insert.
Result<void> read_difference(const store::Snapshot* before, const store::Snapshot& after,
                             changes::SqliteShapes& shapes, SourceSink& sink);

// The user tables of a version, as they are spelled.
Result<std::vector<std::string>> table_names(const store::Snapshot& snapshot);

}  // namespace dosql::lake
