// Layout: the columns of a lake table, which source column each takes and which Iceberg field it
// is; and how a layout follows the source table's schema. Pure.
//
// Field ids are given once and never again. A renamed column keeps its id, a dropped one leaves the
// schema, an added one gets a new id and its DEFAULT as `initial-default`. What cannot be expressed
// that way (another key, another type of a column, a default that does not fit, names that stored
// `_extra` values refer to) needs all rows written anew: `replaces_rows`.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "lake/cell.h"
#include "lake/row_writer.h"

namespace dosql::lake {

struct SourceColumn {
  std::string name;
  std::string declared_type;
  Cell default_value;  // what rows have that were stored before the column was added
};

// The shape of a source table at one version.
struct SourceTable {
  std::string name;
  std::vector<SourceColumn> columns;
  std::vector<size_t> key;       // primary key, indices into columns; empty: keyed by rowid
  bool key_is_not_null = false;  // enforced by SQLite
};

struct Field {
  LakeColumn column;                           // `source` is the index in SourceTable::columns
  std::optional<std::string> initial_default;  // JSON, see default_value.h
};

struct Layout {
  std::vector<Field> fields;        // of the source's columns, in their order
  std::optional<LakeColumn> rowid;  // `_rowid`, where there is no primary key
  LakeColumn extra;                 // `_extra`; field_id 0: not (yet) in the schema
  std::vector<int> key;             // field ids
  bool key_is_required = false;     // never NULL, of a type that Iceberg takes as identifier
  int last_field_id = 0;

  [[nodiscard]] RowLayout row_layout() const;
  // Indices in a RowBuffer of row_layout(): of the key, of all columns that are in the schema.
  [[nodiscard]] std::vector<size_t> key_indices() const;
  [[nodiscard]] std::vector<size_t> stored_indices() const;
};

enum class ColumnMatch : uint8_t {
  kByPosition,  // the source table was altered in place: column i is still column i
  kByName,      // rebuilt, or DROP COLUMN
};

struct LayoutChange {
  Layout layout;
  bool changes_schema = false;  // against the old layout; true for a new table
  bool replaces_rows = false;   // rows already in the lake cannot stay
};

// `before` is null for a table that the lake does not have.
[[nodiscard]] LayoutChange follow(const Layout* before, const SourceTable& source,
                                  ColumnMatch match);

// A key column has NULLs, of values that do not fit: it cannot be required any more.
// True: the schema changed.
bool relax_key(Layout& layout);

// Gives `_extra` an id when the rows at hand have misfits and the schema has none yet.
// True: the schema changed.
bool add_extra(Layout& layout);

}  // namespace dosql::lake
