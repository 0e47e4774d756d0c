#include "simulator/statements.h"

#include "base/text.h"
#include "simulator/model.h"

namespace dosql::simulator {
namespace {

constexpr uint64_t kDatabaseBytesMost = 96U << 10;

}  // namespace

Result<std::vector<Statements::Table>> Statements::read_tables(sqlite::Connection& database) {
  std::vector<Table> tables;
  DOSQL_TRY(sqlite::Statement names,
            database.prepare("SELECT name FROM sqlite_schema WHERE type='table' AND "
                             "name GLOB '[tw][0-9]*' ORDER BY name"));
  for (;;) {
    DOSQL_TRY(const bool has_row, names.step());
    if (!has_row) break;
    tables.push_back({std::string(names.column_text(0)), {}, names.column_text(0)[0] == 't'});
  }
  for (Table& table : tables) {
    DOSQL_TRY(sqlite::Statement columns,
              database.prepare("SELECT name FROM pragma_table_info('" + table.name + "')"));
    for (;;) {
      DOSQL_TRY(const bool has_row, columns.step());
      if (!has_row) break;
      table.columns.emplace_back(columns.column_text(0));
    }
  }
  return tables;
}

Result<std::string> Statements::next(sqlite::Connection& database) {
  DOSQL_TRY(const std::vector<Table> tables, read_tables(database));
  if (tables.empty() || (tables.size() < 4 && random_.one_in(12))) return create_table();
  const Table& table = one_of(tables);
  DOSQL_TRY(const std::string pages, answer(database, "PRAGMA page_count"));
  if (std::strtoull(pages.c_str(), nullptr, 10) * page_size_ > kDatabaseBytesMost) {
    return str_cat({"DELETE FROM ", table.name, " WHERE ", condition(table)});
  }
  const uint64_t choice = random_.below(100);
  if (choice < 45) return insert(table);
  if (choice < 62) return update(table);
  if (choice < 74) return str_cat({"DELETE FROM ", table.name, " WHERE ", condition(table)});
  if (choice < 82) return bulk(table);
  if (choice < 86) return alter(table);
  if (choice < 90) {
    return str_cat(
        {"CREATE INDEX i", number(), " ON ", table.name, "(", one_of(table.columns), ")"});
  }
  return rare(table, database);
}

std::string Statements::rare(const Table& table, sqlite::Connection& database) {
  switch (random_.below(8)) {
    case 0:
      return "DROP TABLE " + table.name;
    case 1: {
      const auto index = answer(database,
                                "SELECT name FROM sqlite_schema WHERE type='index' AND sql IS NOT "
                                "NULL ORDER BY name LIMIT 1");
      return "DROP INDEX " + (index && !index->empty() ? *index : "i0");
    }
    case 2:
      return "REINDEX";
    case 3:
      return "ANALYZE";
    case 4:
      return "DELETE FROM " + table.name;
    case 5:
      return "PRAGMA incremental_vacuum(3)";
    case 6:
      return str_cat({"PRAGMA user_version=", std::to_string(random_.below(100))});
    default:
      return str_cat(
          {"INSERT INTO ", table.name, " SELECT * FROM ", table.name, " WHERE ", condition(table)});
  }
}

std::string Statements::letters(uint64_t count) {
  std::string text;
  for (; count > 0; --count) text += static_cast<char>('a' + random_.below(26));
  return text;
}

std::string Statements::literal() {
  const uint64_t choice = random_.below(20);
  if (choice < 8) return std::to_string(static_cast<int64_t>(random_.below(200)) - 20);
  if (choice < 9) return "NULL";
  if (choice < 10) return std::to_string(random_.below(1000)) + ".25";
  if (choice < 11) return std::to_string(static_cast<int64_t>(random_.next()));
  if (choice < 17) return str_cat({"'", letters(random_.below(40)), "'"});
  const uint64_t size = choice < 19 ? random_.below(page_size_ / 2) : random_.below(3 * page_size_);
  return str_cat({"CAST('", letters(size), "' AS BLOB)"});
}

std::string Statements::condition(const Table& table) {
  const std::string& column = one_of(table.columns);
  switch (random_.below(4)) {
    case 0:
      return str_cat({column, "=", literal()});
    case 1:
      return str_cat({column, ">", literal()});
    case 2:
      return str_cat({"length(", column, ")%5=", std::to_string(random_.below(5))});
    default:
      return str_cat({"abs(unicode(hex(", column, ")||'0'))%4=", std::to_string(random_.below(4))});
  }
}

std::string Statements::insert(const Table& table) {
  std::string rows;
  for (uint64_t left = 1 + random_.below(4); left > 0; --left) {
    rows += rows.empty() ? "(" : ",(";
    for (size_t i = 0; i < table.columns.size(); ++i) rows += (i == 0 ? "" : ",") + literal();
    rows += ")";
  }
  static constexpr std::string_view kOrs[] = {"", "OR IGNORE ", "OR REPLACE ", "OR REPLACE "};
  return str_cat({"INSERT ", one_of(kOrs), "INTO ", table.name, " VALUES ", rows});
}

std::string Statements::bulk(const Table& table) {
  std::string row;
  for (size_t i = 0; i < table.columns.size(); ++i) row += i == 0 ? "i" : "," + literal();
  const uint64_t first = random_.below(100);
  return str_cat({"WITH RECURSIVE q(i) AS (SELECT ", std::to_string(first),
                  " UNION ALL SELECT i+1 FROM q WHERE i<",
                  std::to_string(first + 5 + random_.below(60)), ") INSERT OR IGNORE INTO ",
                  table.name, " SELECT ", row, " FROM q"});
}

std::string Statements::update(const Table& table) {
  static constexpr std::string_view kOrs[] = {"", "OR IGNORE ", "OR REPLACE "};
  return str_cat({"UPDATE ", one_of(kOrs), table.name, " SET ", one_of(table.columns), "=",
                  literal(), " WHERE ", condition(table)});
}

std::string Statements::alter(const Table& table) {
  switch (random_.below(4)) {
    case 0:
      return str_cat(
          {"ALTER TABLE ", table.name, " RENAME ", one_of(table.columns), " TO e", number()});
    case 1:
      return str_cat(
          {"ALTER TABLE ", table.name, " RENAME TO ", table.name.substr(0, 1), number()});
    case 2:
      return str_cat({"ALTER TABLE ", table.name, " DROP ", one_of(table.columns)});
    default:
      return str_cat({"ALTER TABLE ", table.name, " ADD d", number(), " DEFAULT ",
                      random_.one_in(2) ? "7" : "'seven'"});
  }
}

std::string Statements::create_table() {
  const bool has_rowid = !random_.one_in(3);
  static constexpr std::string_view kKeys[] = {"", " INTEGER PRIMARY KEY", " PRIMARY KEY",
                                               " TEXT PRIMARY KEY", " INTEGER PRIMARY KEY"};
  static constexpr std::string_view kTypes[] = {"",     " TEXT",        " REAL",
                                                " INT", " TEXT UNIQUE", " BLOB"};
  std::string columns = "a";
  columns += has_rowid ? one_of(kKeys) : kKeys[2 + random_.below(2)];
  for (uint64_t left = 1 + random_.below(3); left > 0; --left) {
    columns += str_cat({",c", number(), one_of(kTypes)});
  }
  return str_cat({"CREATE TABLE ", has_rowid ? "t" : "w", number(), "(", columns, ")",
                  has_rowid ? "" : " WITHOUT ROWID"});
}

Result<Statements::BlobWrite> Statements::blob_write(sqlite::Connection& database) {
  BlobWrite write;
  DOSQL_TRY(const std::vector<Table> tables, read_tables(database));
  if (tables.empty()) return write;
  const Table& table = one_of(tables);
  if (!table.has_rowid) return write;
  const std::string& column = one_of(table.columns);
  DOSQL_TRY(sqlite::Statement rows,
            database.prepare(str_cat({"SELECT rowid, length(", column, ") FROM ", table.name,
                                      " WHERE typeof(", column, ")='blob' AND length(", column,
                                      ")>0 ORDER BY length(", column, ") DESC, rowid LIMIT 1"})));
  DOSQL_TRY(const bool has_row, rows.step());
  if (!has_row) return write;
  const auto size = static_cast<uint64_t>(rows.column_int64(1));
  write = {table.name, column, rows.column_int64(0), static_cast<int>(random_.below(size)), {}};
  write.bytes = letters(1 + random_.below(size - static_cast<uint64_t>(write.offset)));
  return write;
}

}  // namespace dosql::simulator
