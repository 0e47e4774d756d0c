// TableShape: what a CREATE TABLE text says about how rows lie in records.
//
// SQLite itself knows best how to read such a text, so shapes come from a port; see changes.
#pragma once

#include <memory>

#include "btree/schema.h"

namespace dosql::btree {

enum class Affinity : uint8_t { kBlob, kText, kNumeric, kInteger, kReal };

// By the rules of https://sqlite.org/datatype3.html section 3.1. (STRICT's ANY is kBlob: the
// caller's business.)
[[nodiscard]] Affinity affinity_of(std::string_view declared_type);

struct ColumnShape {
  enum class Kind : uint8_t { kNormal, kHidden, kGeneratedVirtual, kGeneratedStored };

  std::string name;
  std::string declared_type;
  Affinity affinity = Affinity::kBlob;  // a kReal column stores whole numbers as integers
  Kind kind = Kind::kNormal;
  bool is_not_null = false;
  uint32_t key_position = 0;  // from 1 in the primary key; 0: not part of it
  OwnedValue default_value;   // of rows stored before the column was added

  [[nodiscard]] bool is_stored() const { return kind != Kind::kGeneratedVirtual; }
};

struct TableShape {
  static constexpr uint32_t kNone = 0xffffffff;

  std::vector<ColumnShape> columns;  // as declared
  bool is_without_rowid = false;
  uint32_t rowid_alias = kNone;   // the column that is INTEGER PRIMARY KEY
  std::vector<uint32_t> storage;  // storage[i]: the column that field i of a record holds
  uint32_t key_fields = 0;        // WITHOUT ROWID: so many first fields are the key
};

// The shape of sqlite_schema.
[[nodiscard]] const TableShape& schema_shape();

// Records written under `before` mean the same rows under `after`, and `after` may have columns
// more at the end: what ADD COLUMN and RENAME COLUMN keep.
[[nodiscard]] bool are_compatible(const TableShape& before, const TableShape& after);
// Rows of both are named by the same columns.
[[nodiscard]] bool have_same_key(const TableShape& before, const TableShape& after);

class ShapeSource {
 public:
  virtual ~ShapeSource() = default;
  // The shape of a stored table; null when its text cannot be read, and then it has no changes.
  virtual Result<std::shared_ptr<const TableShape>> table_shape(const SchemaRow& table) = 0;
};

}  // namespace dosql::btree
