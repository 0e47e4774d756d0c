// The rows in which two versions of a database differ. The rule is the project's reference on row
// difference: pages whose address and owner are the same on both sides hold the same rows; the rest
// is read, equal cells cancel, and what remains is matched by rowid or primary key.
//
// sqlite_schema comes first (as the table it is, with root 1), then tables by lower-case name. In
// a table, rows come by rowid; those of WITHOUT ROWID tables by the bytes of their key, or in the
// tree's order when only one side has the table. When the key's columns differ on the two sides all
// rows are deleted and then inserted. A key that only changes its spelling ('A' to 'a' under
// NOCASE) is a delete and an insert in either order: apply deletes of a table before its inserts.
//
// Memory: the changed pages of one table; nothing but a path of pages when a whole table is read,
// except for two sides of a WITHOUT ROWID table.
// Thread rule: one thread.
#pragma once

#include <optional>
#include <span>

#include "btree/owners.h"
#include "btree/table_shape.h"

namespace dosql::btree {

// One version. `pages` may have no pages: the version before anything was written.
struct VersionSide {
  PageReader& pages;
  OwnerReader& owners;
  // When the caller has it already; else it is read when needed.
  std::shared_ptr<const Schema> schema = nullptr;
};

// A table on both sides; one of them is null when it was created or dropped. Valid during
// begin_table() and until end_table().
struct TableDifference {
  const SchemaRow* before = nullptr;
  const SchemaRow* after = nullptr;
  const TableShape* before_shape = nullptr;
  const TableShape* after_shape = nullptr;

  [[nodiscard]] bool is_created() const { return before == nullptr; }
  [[nodiscard]] bool is_dropped() const { return after == nullptr; }
  [[nodiscard]] const std::string& name() const {
    return is_dropped() ? before->name : after->name;
  }
};

// One changed row. `before` is in the columns of before_shape, `after` in those of after_shape, all
// declared columns in order: virtual generated columns are NULL there, as they are not stored.
// Valid during RowSink::row().
struct RowChange {
  enum class Kind : uint8_t { kInsert, kUpdate, kDelete };
  Kind kind = Kind::kInsert;
  std::optional<int64_t> rowid;   // none in WITHOUT ROWID tables
  std::span<const Value> before;  // empty for an insert
  std::span<const Value> after;   // empty for a delete
};

class RowSink {
 public:
  virtual ~RowSink() = default;
  // For each table that has changed rows, was created, dropped or renamed, or whose text changed.
  // False: leave its rows out.
  virtual Result<bool> begin_table(const TableDifference& table) = 0;
  virtual Result<void> row(const RowChange& change) = 0;
  virtual Result<void> end_table() = 0;
};

// `differing` (ascending) holds every page whose content or owner differs; more do no harm. Errors:
// kCorrupt, and what the ports and the sink return.
Result<void> difference_rows(const VersionSide& before, const VersionSide& after,
                             std::span<const PageNo> differing, ShapeSource& shapes, RowSink& sink);

}  // namespace dosql::btree
