#include <gtest/gtest.h>
#include <sqlite3.h>

#include <algorithm>
#include <bit>

#include "base/text.h"
#include "btree/sql_oracle_impl.h"

namespace dosql::btree {
namespace {

class Rows {
 public:
  Rows(sqlite3* db, const std::string& sql) {
    const int code = sqlite3_prepare_v2(db, sql.c_str(), -1, &statement_, nullptr);
    EXPECT_EQ(code, SQLITE_OK) << sql << ": " << sqlite3_errmsg(db);
  }
  ~Rows() { EXPECT_EQ(sqlite3_finalize(statement_), SQLITE_OK); }
  Rows(const Rows&) = delete;
  Rows& operator=(const Rows&) = delete;

  bool next() { return statement_ != nullptr && sqlite3_step(statement_) == SQLITE_ROW; }
  [[nodiscard]] int64_t integer(int column) const {
    return sqlite3_column_int64(statement_, column);
  }
  [[nodiscard]] std::string text(int column) const {
    const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement_, column));
    return text == nullptr ? "" : text;
  }
  [[nodiscard]] Value value(int column) const {
    const auto bytes = [&](const void* data) {
      return Bytes(static_cast<const uint8_t*>(data),
                   static_cast<size_t>(sqlite3_column_bytes(statement_, column)));
    };
    switch (sqlite3_column_type(statement_, column)) {
      case SQLITE_INTEGER:
        return Value::integer(sqlite3_column_int64(statement_, column));
      case SQLITE_FLOAT:
        return Value::real(sqlite3_column_double(statement_, column));
      case SQLITE_TEXT:
        return Value::text(as_text(bytes(sqlite3_column_text(statement_, column))));
      case SQLITE_BLOB:
        return Value::blob(bytes(sqlite3_column_blob(statement_, column)));
      default:
        return Value();
    }
  }

 private:
  sqlite3_stmt* statement_ = nullptr;
};

std::string in_quotes(const std::string& name, char quote) {
  std::string text(1, quote);
  for (const char letter : name)
    text += letter == quote ? std::string(2, quote) : std::string(1, letter);
  return text + quote;
}

// The columns by which a SELECT gets a row in declared order, NULL for what is not stored.
std::string select_list(const TableShape& shape) {
  std::string list;
  for (const ColumnShape& column : shape.columns) {
    list += list.empty() ? "" : ",";
    list += column.is_stored() ? in_quotes(column.name, '"') : "NULL";
  }
  return list;
}

std::string key_of(const TableShape& shape, const std::vector<std::string>& row,
                   const std::string& rowid) {
  if (!shape.is_without_rowid) return rowid;
  std::string key;
  for (uint32_t i = 0; i < shape.key_fields; ++i) key += row[shape.storage[i]] + "|";
  return key;
}

void read_columns(sqlite3* db, const std::string& name, TableShape& shape) {
  Rows rows(db, "SELECT name, type, \"notnull\", pk, hidden FROM pragma_table_xinfo(" +
                    in_quotes(name, '\'') + ")");
  while (rows.next()) {
    ColumnShape& column = shape.columns.emplace_back();
    column.name = rows.text(0);
    column.declared_type = rows.text(1);
    column.affinity = affinity_of(column.declared_type);
    column.is_not_null = rows.integer(2) != 0;
    column.key_position = static_cast<uint32_t>(rows.integer(3));
    column.kind = static_cast<ColumnShape::Kind>(rows.integer(4));
  }
}

void read_storage(sqlite3* db, const std::string& name, TableShape& shape) {
  std::string key_index;
  Rows indexes(
      db, "SELECT name FROM pragma_index_list(" + in_quotes(name, '\'') + ") WHERE origin='pk'");
  while (indexes.next()) key_index = indexes.text(0);
  if (shape.is_without_rowid) {
    Rows fields(db, "SELECT cid, key FROM pragma_index_xinfo(" + in_quotes(key_index, '\'') + ")");
    while (fields.next()) {
      shape.storage.push_back(static_cast<uint32_t>(fields.integer(0)));
      shape.key_fields += fields.integer(1) != 0 ? 1 : 0;
    }
    return;
  }
  uint32_t keys = 0;
  for (uint32_t i = 0; i < shape.columns.size(); ++i) {
    const ColumnShape& column = shape.columns[i];
    if (column.is_stored()) shape.storage.push_back(i);
    if (column.key_position == 0) continue;
    ++keys;
    // INTEGER PRIMARY KEY DESC has an index of its own and is no alias.
    if (to_lower(column.declared_type) == "integer" && key_index.empty()) shape.rowid_alias = i;
  }
  if (keys != 1) shape.rowid_alias = TableShape::kNone;
}

}  // namespace

std::string describe(const Value& value) {
  switch (value.type()) {
    case Value::Type::kNull:
      return "n";
    case Value::Type::kInteger:
      return "i" + std::to_string(value.as_integer());
    case Value::Type::kReal:
      return "r" + std::to_string(value.as_real()) + "/" +
             std::to_string(std::bit_cast<uint64_t>(value.as_real()));
    case Value::Type::kText:
      return "t" + std::string(value.as_text());
    case Value::Type::kBlob:
      return "b" + std::string(as_text(value.as_blob()));
  }
  return "?";
}

SqlShapes::SqlShapes() {
  EXPECT_EQ(sqlite3_open(":memory:", &db_), SQLITE_OK);
  // A row with one field each, in a table of each kind: the text of any table can take their place.
  sqlite3_exec(db_,
               "CREATE TABLE x(a); INSERT INTO x VALUES(NULL);"
               "CREATE TABLE y(a PRIMARY KEY) WITHOUT ROWID; INSERT INTO y VALUES(1);"
               "PRAGMA writable_schema=ON",
               nullptr, nullptr, nullptr);
}

SqlShapes::~SqlShapes() {
  sqlite3_close_v2(db_);
}

Result<std::shared_ptr<const TableShape>> SqlShapes::table_shape(const SchemaRow& table) {
  auto& shape = shapes_[table.sql];
  if (shape == nullptr) shape = read_shape(table.name, table.sql);
  return shape;
}

std::shared_ptr<const TableShape> SqlShapes::read_shape(const std::string& name,
                                                        const std::string& sql) {
  auto shape = std::make_shared<TableShape>();
  const std::string one_root = "(SELECT min(rootpage) FROM sqlite_schema WHERE rootpage>0)";
  const auto put = [&](const std::string& roots) {
    const std::string text = in_quotes(name, '\'');
    const std::string update = "UPDATE sqlite_schema SET name=" + text + ",tbl_name=" + text +
                               ",sql=" + in_quotes(sql, '\'') + " WHERE rootpage " + roots +
                               one_root +
                               "; PRAGMA writable_schema=RESET; PRAGMA writable_schema=ON";
    EXPECT_EQ(sqlite3_exec(db_, "SAVEPOINT s", nullptr, nullptr, nullptr), SQLITE_OK);
    EXPECT_EQ(sqlite3_exec(db_, update.c_str(), nullptr, nullptr, nullptr), SQLITE_OK)
        << sqlite3_errmsg(db_);
  };
  const auto take_back = [&] {
    sqlite3_exec(db_,
                 "ROLLBACK TO s; RELEASE s; PRAGMA writable_schema=RESET;"
                 "PRAGMA writable_schema=ON",
                 nullptr, nullptr, nullptr);
  };
  put("= ");
  {
    Rows rows(db_, "SELECT wr FROM pragma_table_list(" + in_quotes(name, '\'') + ")");
    while (rows.next()) shape->is_without_rowid = rows.integer(0) != 0;
  }
  if (shape->is_without_rowid) {
    take_back();
    put("> ");
  }
  read_columns(db_, name, *shape);
  read_storage(db_, name, *shape);
  // The row lacks all fields but the first: what SQLite reads there are the defaults.
  {
    Rows rows(db_,
              "SELECT " + select_list(*shape) + " FROM " + in_quotes(name, '"') + " NOT INDEXED");
    while (rows.next()) {
      for (size_t i = 0; i < shape->columns.size(); ++i) {
        if (shape->columns[i].is_stored() && i != shape->storage[0]) {
          shape->columns[i].default_value = OwnedValue(rows.value(static_cast<int>(i)));
        }
      }
    }
  }
  take_back();
  return shape;
}

SqlTables read_tables(const FileVersion& version, ShapeSource& shapes) {
  SqlTables tables;
  sqlite3* db = nullptr;
  EXPECT_EQ(sqlite3_open(":memory:", &db), SQLITE_OK);
  if (version.page_count() > 0) {
    const Buffer file = version.file();
    auto* copy = static_cast<uint8_t*>(sqlite3_malloc64(file.size()));
    std::ranges::copy(file, copy);
    const auto size = static_cast<int64_t>(file.size());
    EXPECT_EQ(sqlite3_deserialize(db, "main", copy, size, size,
                                  SQLITE_DESERIALIZE_FREEONCLOSE | SQLITE_DESERIALIZE_READONLY),
              SQLITE_OK);
  }
  {
    Rows rows(db,
              "SELECT name, rootpage, sql FROM sqlite_schema WHERE type='table' AND rootpage>0");
    while (rows.next()) {
      SqlTable table{rows.text(0), static_cast<PageNo>(rows.integer(1)), nullptr, {}};
      SchemaRow row{.name = table.name, .root = table.root, .sql = rows.text(2)};
      table.shape = *shapes.table_shape(row);
      tables[to_lower(table.name)] = std::move(table);
    }
  }
  tables["sqlite_schema"] = {"sqlite_schema", 1, std::make_shared<TableShape>(schema_shape()), {}};
  for (auto& [name, table] : tables) {
    const TableShape& shape = *table.shape;
    Rows rows(db, "SELECT " + select_list(shape) + (shape.is_without_rowid ? "" : ",_rowid_") +
                      " FROM " + in_quotes(table.name, '"') + " NOT INDEXED");
    while (rows.next()) {
      std::vector<std::string> row;
      for (size_t i = 0; i < shape.columns.size(); ++i) {
        row.push_back(describe(rows.value(static_cast<int>(i))));
      }
      std::string rowid;
      if (!shape.is_without_rowid) rowid = rows.text(static_cast<int>(shape.columns.size()));
      const std::string key = key_of(shape, row, rowid);
      table.rows[key] = std::move(row);
    }
  }
  sqlite3_close_v2(db);
  return tables;
}

namespace {

using Row = std::vector<std::string>;

// `row` of `before` in the columns of `after`.
Row translate(const Row& row, const TableShape& before, const TableShape& after) {
  Row result(after.columns.size(), "n");
  const bool by_position = are_compatible(before, after);
  for (size_t i = 0; i < after.storage.size(); ++i) {
    const uint32_t index = after.storage[i];
    const ColumnShape& column = after.columns[index];
    result[index] = describe(column.default_value.view());
    if (by_position) {
      if (i < before.storage.size()) result[index] = row[before.storage[i]];
      continue;
    }
    for (size_t j = 0; j < before.columns.size(); ++j) {
      if (before.columns[j].is_stored() &&
          equals_ignoring_case(before.columns[j].name, column.name)) {
        result[index] = row[j];
      }
    }
  }
  return result;
}

void compare(const SqlTable& before, const SqlTable& after, std::vector<std::string>& events) {
  if (before.name != after.name) events.push_back(before.name + " renamed to " + after.name);
  const bool same_key =
      are_compatible(*before.shape, *after.shape) || have_same_key(*before.shape, *after.shape);
  for (const auto& [key, row] : before.rows) {
    const auto other = after.rows.find(key);
    if (!same_key || other == after.rows.end()) {
      events.push_back(describe_event(after.name, key, &row, nullptr));
    } else if (translate(row, *before.shape, *after.shape) != other->second) {
      events.push_back(describe_event(after.name, key, &row, &other->second));
    }
  }
  for (const auto& [key, row] : after.rows) {
    if (same_key && before.rows.contains(key)) continue;
    events.push_back(describe_event(after.name, key, nullptr, &row));
  }
}

}  // namespace

std::string describe_event(const std::string& table, const std::string& key, const Row* before,
                           const Row* after) {
  std::string text = table + " " + key + ":";
  const auto add = [&](const Row* row) {
    if (row == nullptr) text += " none";
    if (row != nullptr) {
      for (const std::string& value : *row) text += " " + value;
    }
  };
  add(before);
  text += " ->";
  add(after);
  return text;
}

std::vector<std::string> sql_difference(const SqlTables& before, const SqlTables& after) {
  std::vector<std::string> events;
  std::map<PageNo, const SqlTable*> unpaired;  // of before, by root
  for (const auto& [name, table] : before) {
    const auto other = after.find(name);
    if (other == after.end()) {
      unpaired[table.root] = &table;
    } else {
      compare(table, other->second, events);
    }
  }
  for (const auto& [name, table] : after) {
    if (before.contains(name)) continue;
    const auto other = unpaired.find(table.root);
    if (other != unpaired.end() && are_compatible(*other->second->shape, *table.shape)) {
      compare(*other->second, table, events);
      unpaired.erase(other);
      continue;
    }
    events.push_back(table.name + " created");
    for (const auto& [key, row] : table.rows) {
      events.push_back(describe_event(table.name, key, nullptr, &row));
    }
  }
  for (const auto& [root, table] : unpaired) {
    events.push_back(table->name + " dropped");
    for (const auto& [key, row] : table->rows) {
      events.push_back(describe_event(table->name, key, &row, nullptr));
    }
  }
  std::ranges::sort(events);
  return events;
}

}  // namespace dosql::btree
