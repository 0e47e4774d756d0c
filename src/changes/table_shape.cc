#include "changes/table_shape.h"

#include "base/text.h"

namespace dosql::changes {
namespace {

constexpr size_t kShapesMax = 4096;
// What the scratch tables are while they stand for no other: names that no user's table can have.
constexpr std::string_view kIdleNames[] = {"sqlite_idle_0", "sqlite_idle_1"};
constexpr std::string_view kIdleTexts[] = {
    "CREATE TABLE sqlite_idle_0(a)", "CREATE TABLE sqlite_idle_1(a PRIMARY KEY) WITHOUT ROWID"};

btree::Value value_of(const sqlite::Statement& row, int column) {
  switch (row.column_type(column)) {
    case sqlite::Type::kInteger:
      return btree::Value::integer(row.column_int64(column));
    case sqlite::Type::kFloat:
      return btree::Value::real(row.column_double(column));
    case sqlite::Type::kText:
      return btree::Value::text(row.column_text(column));
    case sqlite::Type::kBlob:
      return btree::Value::blob(row.column_blob(column));
    case sqlite::Type::kNull:
      break;
  }
  return {};
}

// Calls visit(statement) for each row of a query whose only parameter is `name`.
template <class Visit>
Result<void> for_each_row(sqlite::Connection& connection, std::string_view sql,
                          std::string_view name, const Visit& visit) {
  DOSQL_TRY(sqlite::Statement statement, connection.prepare(sql));
  if (statement.parameter_count() > 0) {
    DOSQL_TRY(statement.bind_text(1, name));
  }
  for (;;) {
    DOSQL_TRY(const bool has_row, statement.step());
    if (!has_row) return {};
    visit(statement);
  }
}

}  // namespace

std::string quote_identifier(std::string_view name) {
  std::string quoted = "\"";
  for (const char c : name) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + "\"";
}

Result<std::shared_ptr<const btree::TableShape>> SqliteShapes::table_shape(
    const btree::SchemaRow& table) {
  if (const auto at = shapes_.find(table.sql); at != shapes_.end()) return at->second;
  auto shape = make_shape(table);
  if (!shape) {
    scratch_ = sqlite::Connection();  // its schema may be one that SQLite refuses
    return fail(Code::kUnsupported, str_cat({"the definition of table \"", table.name,
                                             "\" cannot be read: ", shape.error().message}));
  }
  if (shapes_.size() >= kShapesMax) shapes_.clear();
  shapes_[table.sql] = *shape;
  return *shape;
}

Result<void> SqliteShapes::open_scratch() {
  if (scratch_.is_open()) return {};
  DOSQL_TRY(scratch_, sqlite::Connection::open_file(":memory:", sqlite::Connection::Mode::kCreate));
  scratch_.accept_unknown_collations();
  DOSQL_TRY(
      scratch_.exec("CREATE TABLE x(a); INSERT INTO x VALUES(NULL);"
                    "CREATE TABLE y(a PRIMARY KEY) WITHOUT ROWID; INSERT INTO y VALUES(1)"));
  DOSQL_TRY(set_text(0, kIdleNames[0], kIdleTexts[0]));
  return set_text(1, kIdleNames[1], kIdleTexts[1]);
}

// Rows 1 and 2 of sqlite_schema are the two tables.
Result<void> SqliteShapes::set_text(int index, std::string_view name, std::string_view sql) {
  DOSQL_TRY(scratch_.exec("PRAGMA writable_schema=ON"));
  {
    DOSQL_TRY(sqlite::Statement update,
              scratch_.prepare("UPDATE sqlite_schema SET name=?1, tbl_name=?1, sql=?2 "
                               "WHERE type='table' AND rowid=?3"));
    DOSQL_TRY(update.bind_text(1, name));
    DOSQL_TRY(update.bind_text(2, sql));
    DOSQL_TRY(update.bind_int64(3, index + 1));
    DOSQL_TRY(update.step());
  }
  return scratch_.exec("PRAGMA writable_schema=RESET");
}

Result<std::shared_ptr<const btree::TableShape>> SqliteShapes::make_shape(
    const btree::SchemaRow& table) {
  DOSQL_TRY(open_scratch());
  auto shape = std::make_shared<btree::TableShape>();
  bool is_strict = false;
  DOSQL_TRY(set_text(0, table.name, table.sql));
  DOSQL_TRY(read_kind(table.name, *shape, is_strict));
  const int index = shape->is_without_rowid ? 1 : 0;
  if (index == 1) {
    DOSQL_TRY(set_text(0, kIdleNames[0], kIdleTexts[0]));
    DOSQL_TRY(set_text(1, table.name, table.sql));
  }
  DOSQL_TRY(read_columns(table.name, is_strict, *shape));
  std::string key_index;
  DOSQL_TRY(for_each_row(scratch_, "SELECT name FROM pragma_index_list(?1) WHERE origin='pk'",
                         table.name,
                         [&](const sqlite::Statement& row) { key_index = row.column_text(0); }));
  DOSQL_TRY(read_storage(key_index, *shape));
  DOSQL_TRY(read_defaults(table.name, key_index, *shape));
  DOSQL_TRY(set_text(index, kIdleNames[index], kIdleTexts[index]));
  return std::shared_ptr<const btree::TableShape>(std::move(shape));
}

Result<void> SqliteShapes::read_kind(std::string_view name, btree::TableShape& shape,
                                     bool& is_strict) {
  bool is_table = false;
  DOSQL_TRY(for_each_row(scratch_,
                         "SELECT wr, strict, type FROM pragma_table_list(?1) WHERE schema='main'",
                         name, [&](const sqlite::Statement& row) {
                           is_table = row.column_text(2) == "table";
                           shape.is_without_rowid = row.column_int64(0) != 0;
                           is_strict = row.column_int64(1) != 0;
                         }));
  if (!is_table) return fail(Code::kUnsupported, "it does not create that table");
  return {};
}

Result<void> SqliteShapes::read_columns(std::string_view name, bool is_strict,
                                        btree::TableShape& shape) {
  return for_each_row(
      scratch_, R"(SELECT name, type, "notnull", pk, hidden FROM pragma_table_xinfo(?1))", name,
      [&](const sqlite::Statement& row) {
        btree::ColumnShape& column = shape.columns.emplace_back();
        column.name = row.column_text(0);
        column.declared_type = row.column_text(1);
        const bool is_any = is_strict && equals_ignoring_case(column.declared_type, "ANY");
        column.affinity =
            is_any ? btree::Affinity::kBlob : btree::affinity_of(column.declared_type);
        column.is_not_null = row.column_int64(2) != 0;
        column.key_position = static_cast<uint32_t>(row.column_int64(3));
        using Kind = btree::ColumnShape::Kind;
        constexpr Kind kKinds[] = {Kind::kNormal, Kind::kHidden, Kind::kGeneratedVirtual,
                                   Kind::kGeneratedStored};
        column.kind = kKinds[row.column_int64(4) & 3];
      });
}

Result<void> SqliteShapes::read_storage(const std::string& key_index, btree::TableShape& shape) {
  if (shape.is_without_rowid) {
    return for_each_row(scratch_, R"(SELECT cid, "key" FROM pragma_index_xinfo(?1))", key_index,
                        [&](const sqlite::Statement& row) {
                          shape.storage.push_back(static_cast<uint32_t>(row.column_int64(0)));
                          shape.key_fields += row.column_int64(1) != 0 ? 1 : 0;
                        });
  }
  for (uint32_t i = 0; i < shape.columns.size(); ++i) {
    if (shape.columns[i].is_stored()) shape.storage.push_back(i);
    // A primary key without an index is the rowid itself.
    if (key_index.empty() && shape.columns[i].key_position == 1) shape.rowid_alias = i;
  }
  return {};
}

// Fields after the first are missing in the scratch row. NULL for defaults that are no constants:
// such a column cannot be added to a table with rows.
Result<void> SqliteShapes::read_defaults(std::string_view name, const std::string& key_index,
                                         btree::TableShape& shape) {
  if (shape.storage.size() < 2) return {};
  std::string list;
  for (size_t i = 1; i < shape.storage.size(); ++i) {
    list += (i == 1 ? "" : ",") + quote_identifier(shape.columns[shape.storage[i]].name);
  }
  // The table itself: other indexes have no place in the scratch database.
  const std::string path =
      shape.is_without_rowid ? "INDEXED BY " + quote_identifier(key_index) : "NOT INDEXED";
  const std::string sql =
      str_cat({"SELECT ", list, " FROM main.", quote_identifier(name), " ", path});
  return for_each_row(scratch_, sql, {}, [&](const sqlite::Statement& row) {
    for (size_t i = 1; i < shape.storage.size(); ++i) {
      btree::ColumnShape& column = shape.columns[shape.storage[i]];
      if (shape.storage[i] == shape.rowid_alias) continue;
      column.default_value = btree::OwnedValue(value_of(row, static_cast<int>(i - 1)));
    }
  });
}

}  // namespace dosql::changes
