#include "btree/table_shape.h"

#include "base/text.h"

namespace dosql::btree {
namespace {

TableShape make_schema_shape() {
  TableShape shape;
  for (const char* name : {"type", "name", "tbl_name", "rootpage", "sql"}) {
    ColumnShape& column = shape.columns.emplace_back();
    column.name = name;
    const bool is_root = column.name == "rootpage";
    column.declared_type = is_root ? "INT" : "TEXT";
    column.affinity = is_root ? Affinity::kInteger : Affinity::kText;
    shape.storage.push_back(static_cast<uint32_t>(shape.storage.size()));
  }
  return shape;
}

// The names of the columns that name a row: the key's, the rowid's alias, or none for the rowid.
std::vector<std::string> key_names(const TableShape& shape) {
  std::vector<std::string> names;
  if (shape.is_without_rowid) {
    for (uint32_t i = 0; i < shape.key_fields; ++i) {
      names.push_back(to_lower(shape.columns[shape.storage[i]].name));
    }
  } else if (shape.rowid_alias != TableShape::kNone) {
    names.push_back(to_lower(shape.columns[shape.rowid_alias].name));
  }
  return names;
}

// Which field of a record holds the rowid's alias; kNone when there is none.
uint32_t alias_field(const TableShape& shape) {
  for (uint32_t i = 0; i < shape.storage.size(); ++i) {
    if (shape.storage[i] == shape.rowid_alias) return i;
  }
  return TableShape::kNone;
}

}  // namespace

Affinity affinity_of(std::string_view declared_type) {
  const std::string type = to_lower(declared_type);
  const auto has = [&](std::string_view part) { return type.find(part) != std::string::npos; };
  if (has("int")) return Affinity::kInteger;
  if (has("char") || has("clob") || has("text")) return Affinity::kText;
  if (has("blob") || type.empty()) return Affinity::kBlob;
  if (has("real") || has("floa") || has("doub")) return Affinity::kReal;
  return Affinity::kNumeric;
}

const TableShape& schema_shape() {
  static const TableShape shape = make_schema_shape();
  return shape;
}

bool are_compatible(const TableShape& before, const TableShape& after) {
  if (&before == &after) return true;
  if (before.is_without_rowid != after.is_without_rowid || before.key_fields != after.key_fields ||
      after.storage.size() < before.storage.size() || alias_field(before) != alias_field(after)) {
    return false;
  }
  for (size_t i = 0; i < before.storage.size(); ++i) {
    const ColumnShape& a = before.columns[before.storage[i]];
    const ColumnShape& b = after.columns[after.storage[i]];
    if (a.key_position != b.key_position || !(a.default_value == b.default_value) ||
        (a.affinity == Affinity::kReal) != (b.affinity == Affinity::kReal)) {
      return false;
    }
  }
  return true;
}

bool have_same_key(const TableShape& before, const TableShape& after) {
  return before.is_without_rowid == after.is_without_rowid && key_names(before) == key_names(after);
}

}  // namespace dosql::btree
