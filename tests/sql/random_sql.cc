#include "random_sql.h"

#include <iterator>
#include <sstream>

namespace dosql::sqltest {
namespace {

constexpr char kSchemaReader = 'q';

template <size_t n>
std::string one_of(Random& random, const char* const (&choices)[n]) {
  return choices[random.below(n)];
}

std::string number(uint64_t value) {
  return std::to_string(value);
}

}  // namespace

std::vector<std::string> RandomSql::settings(bool is_first) {
  std::vector<std::string> statements;
  if (is_first) {
    statements.push_back("PRAGMA auto_vacuum=" + number(random_.below(3)));
    statements.push_back(
        one_of(random_, {"PRAGMA encoding='UTF-8'", "PRAGMA encoding='UTF-8'",
                         "PRAGMA encoding='UTF-16le'", "PRAGMA encoding='UTF-16be'"}));
  }
  if (random_.one_in(2)) statements.emplace_back("PRAGMA foreign_keys=ON");
  if (random_.one_in(4)) statements.emplace_back("PRAGMA recursive_triggers=ON");
  if (random_.one_in(3)) statements.push_back("PRAGMA cache_size=" + number(5 + random_.below(40)));
  if (random_.one_in(4)) statements.emplace_back("PRAGMA secure_delete=ON");
  return statements;
}

std::string RandomSql::next(char connection) {
  Transaction& transaction = open_[connection];
  if (random_.one_in(4)) return boundary(transaction);
  const uint64_t choice = random_.below(100);
  if (choice < 58) return change();
  if (choice < 74) return select();
  if (choice < 96) return structure();
  // Ours waits for its turn to write before it says that VACUUM needs to be alone.
  if (!transaction.is_open && random_.one_in(5)) return "VACUUM";
  return upkeep();
}

std::string RandomSql::boundary(Transaction& transaction) {
  const std::string name = "s" + number(random_.below(3));
  if (!transaction.is_open) {
    transaction.is_open = true;
    return one_of(random_, {"BEGIN", "BEGIN", "BEGIN IMMEDIATE", "BEGIN EXCLUSIVE"});
  }
  switch (random_.below(9)) {
    case 0:
      return "SAVEPOINT " + name;
    case 1:
      return "ROLLBACK TO " + name;
    case 2:
      return "RELEASE " + name;
    case 3:
      transaction.is_open = false;
      return "ROLLBACK";
    default:
      transaction.is_open = false;
      return "COMMIT";
  }
}

std::string RandomSql::change() {
  const uint64_t choice = random_.below(100);
  if (choice < 40) return insert();
  if (choice < 50) return bulk();
  if (choice < 58) return upsert();
  if (choice < 78) return update();
  if (choice < 90) return erase();
  return change_virtual();
}

std::string RandomSql::structure() {
  const uint64_t choice = random_.below(100);
  if (choice < 32) return create_table();
  if (choice < 40) return create_child();
  if (choice < 50) return create_trigger();
  if (choice < 58) return create_virtual();
  if (choice < 74) return alter();
  if (choice < 84) return drop();
  const std::string table = pick("twc");
  if (table.empty()) return create_table();
  if (choice < 88) return "CREATE VIEW " + new_name('v') + " AS SELECT * FROM " + table;
  std::string index = random_.one_in(4) ? "CREATE UNIQUE INDEX " : "CREATE INDEX ";
  index += new_name('i') + " ON " + table + "(";
  index += random_.one_in(4) ? "length(" + column(table) + ")" : column(table);
  if (random_.one_in(3)) index += "," + column(table) + " COLLATE NOCASE DESC";
  index += ")";
  if (random_.one_in(4)) index += " WHERE " + column(table) + " IS NOT NULL";
  return index;
}

// The first column of each row, as the schema's own connection sees it.
std::vector<std::string> RandomSql::names(const std::string& sql) {
  std::vector<std::string> found;
  std::istringstream lines(schema_.run(kSchemaReader, sql));
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with('t')) found.push_back(line.substr(1));
  }
  return found;
}

// A table whose name starts with one of the letters; empty when there is none.
std::string RandomSql::pick(const std::string& kinds) {
  const auto found = names(
      "SELECT name FROM sqlite_schema WHERE type IN ('table','view') AND name "
      "GLOB '[" +
      kinds + "][0-9]*' AND name NOT GLOB '*[_]*' ORDER BY name");
  return found.empty() ? "" : found[random_.below(found.size())];
}

std::string RandomSql::column(const std::string& table) {
  const auto found = names("SELECT name FROM pragma_table_xinfo('" + table + "')");
  return found.empty() ? "a" : found[random_.below(found.size())];
}

std::string RandomSql::value() {
  const uint64_t choice = random_.below(24);
  if (choice < 6) return number(random_.below(60));
  if (choice < 8) return std::to_string(static_cast<int64_t>(random_.next()) >> random_.below(64));
  if (choice < 9) return "NULL";
  if (choice < 11) return number(random_.below(1000)) + "." + number(random_.below(100));
  if (choice < 12) return one_of(random_, {"9e999", "-9e999", "-0.0", "1e300", "5e-324", "''"});
  if (choice < 17) {
    return "'" + std::string(1 + random_.below(3), static_cast<char>('a' + random_.below(6))) +
           number(random_.below(20)) + "'";
  }
  if (choice < 18) return "char(" + number(1 + random_.below(0xd7ff)) + ",128512,66)";
  if (choice < 20) return "x'" + number(10 + random_.below(90)) + "00ff'";
  if (choice < 22) return "zeroblob(" + number(random_.below(3000)) + ")";
  if (choice < 23) return "hex(zeroblob(" + number(random_.below(1500)) + "))";
  return random_.one_in(8) ? "zeroblob(" + number(random_.below(150000)) + ")||x'01'" : "'A0'";
}

std::string RandomSql::condition(const std::string& table) {
  const std::string name = column(table);
  switch (random_.below(5)) {
    case 0:
      return name + " IN (SELECT " + name + " FROM " + table + " ORDER BY 1 LIMIT " +
             number(1 + random_.below(4)) + ")";
    case 1:
      return "length(" + name + ")%4=" + number(random_.below(4));
    case 2:
      return name + (random_.one_in(2) ? ">" : "<=") + value();
    case 3:
      return name + "%3=" + number(random_.below(3));
    default:
      return name + " IS " + (random_.one_in(2) ? "NOT " : "") + value();
  }
}

std::string RandomSql::conflict() {
  return one_of(random_, {"", "", "", "OR IGNORE ", "OR REPLACE ", "OR REPLACE ", "OR FAIL ",
                          "OR ABORT ", "OR ROLLBACK "});
}

std::string RandomSql::insert() {
  const std::string table = pick("twcv");
  if (table.empty()) return create_table();
  const size_t columns = names("SELECT name FROM pragma_table_info('" + table + "')").size();
  std::string rows;
  for (uint64_t left = 1 + random_.below(5); left > 0; --left) {
    rows += rows.empty() ? "(" : ",(";
    for (size_t i = 0; i < columns; ++i) rows += (i == 0 ? "" : ",") + value();
    rows += ")";
  }
  const std::string sql = "INSERT " + conflict() + "INTO " + table + " VALUES " + rows;
  return random_.one_in(4) ? sql + " RETURNING *" : sql;
}

std::string RandomSql::bulk() {
  const std::string table = pick("tw");
  if (table.empty()) return create_table();
  const size_t columns = names("SELECT name FROM pragma_table_info('" + table + "')").size();
  std::string row;
  for (size_t i = 0; i < columns; ++i) {
    row += (i == 0 ? "" : ",") +
           (random_.one_in(2) ? "i" : "i*" + number(1 + random_.below(9)) + "||" + value());
  }
  return "WITH RECURSIVE q(i) AS (SELECT " + number(random_.below(50)) +
         " UNION ALL SELECT i+1 FROM q LIMIT " + number(5 + random_.below(120)) +
         ") INSERT OR IGNORE INTO " + table + " SELECT " + row + " FROM q";
}

std::string RandomSql::upsert() {
  const std::string table = pick("tw");
  if (table.empty()) return create_table();
  const std::string set = column(table);
  return "INSERT INTO " + table + "(a," + set + ") VALUES(" + value() + "," + value() +
         ") ON CONFLICT DO UPDATE SET " + set + "=excluded." + set + "||'u'" +
         (random_.one_in(2) ? " RETURNING a," + set : "");
}

std::string RandomSql::update() {
  const std::string table = pick("twc");
  if (table.empty()) return create_table();
  std::string sql = "UPDATE " + conflict() + table + " SET " + column(table) + "=";
  sql += random_.one_in(3) ? column(table) + "+1" : value();
  const std::string other = pick("tw");
  if (random_.one_in(8) && !other.empty() && other != table) {
    return sql + " FROM (SELECT max(a) AS m FROM " + other + ") WHERE " + condition(table);
  }
  sql += " WHERE " + condition(table);
  return random_.one_in(5) ? sql + " RETURNING *" : sql;
}

std::string RandomSql::erase() {
  const std::string table = pick("twc");
  if (table.empty()) return create_table();
  if (random_.one_in(12)) return "DELETE FROM " + table;
  const std::string sql = "DELETE FROM " + table + " WHERE " + condition(table);
  return random_.one_in(5) ? sql + " RETURNING *" : sql;
}

std::string RandomSql::select() {
  const std::string table = pick("twcv");
  if (table.empty()) return "SELECT count(*) FROM sqlite_schema";
  const std::string name = column(table);
  switch (random_.below(6)) {
    case 0:
      return "SELECT count(*), min(" + name + "), max(" + name + ") FROM " + table;
    case 1:
      return "SELECT * FROM " + table + " ORDER BY " + name + " DESC, 1 LIMIT 20";
    case 2:
      return "SELECT " + name + ", row_number() OVER (ORDER BY " + name +
             ", a), count(*) OVER "
             "(PARTITION BY typeof(" +
             name + ")) FROM " + table + " ORDER BY 2 LIMIT 20";
    case 3:
      return "SELECT x.a FROM " + table + " x JOIN " + table + " y ON x.a=y." + name +
             " ORDER BY 1 LIMIT 20";
    case 4:
      return "SELECT typeof(" + name + "), count(*), sum(length(" + name + ")) FROM " + table +
             " GROUP BY 1 ORDER BY 1";
    default:
      return "SELECT * FROM " + table + " WHERE " + condition(table);
  }
}

std::string RandomSql::create_table() {
  const bool is_without_rowid = random_.one_in(3);
  const std::string name = new_name(is_without_rowid ? 'w' : 't');
  std::string columns = "a";
  if (is_without_rowid || random_.one_in(2)) {
    columns += one_of(random_, {" INTEGER PRIMARY KEY", " TEXT PRIMARY KEY", " PRIMARY KEY",
                                " TEXT COLLATE NOCASE PRIMARY KEY", " INT PRIMARY KEY",
                                " INTEGER PRIMARY KEY DESC", " REAL PRIMARY KEY"});
  }
  for (uint64_t i = random_.below(5); i > 0; --i) {
    columns += "," + new_name('c') + " " +
               one_of(random_, {"", "TEXT", "REAL", "INT", "BLOB", "NUMERIC", "TEXT UNIQUE",
                                "REAL DEFAULT 3", "NOT NULL", "INT CHECK(1)"});
  }
  if (random_.one_in(5)) columns += ",g AS (a||'x')";
  if (random_.one_in(5)) columns += ",s AS (length(a)) STORED";
  return "CREATE TABLE " + name + "(" + columns + ")" + (is_without_rowid ? " WITHOUT ROWID" : "");
}

std::string RandomSql::create_child() {
  const std::string parent = pick("tw");
  if (parent.empty()) return create_table();
  return "CREATE TABLE " + new_name('c') + "(a INTEGER PRIMARY KEY AUTOINCREMENT, b REFERENCES " +
         parent + "(a) ON DELETE " +
         one_of(random_, {"CASCADE", "SET NULL", "RESTRICT", "NO ACTION"}) + " ON UPDATE " +
         one_of(random_, {"CASCADE", "SET NULL", "SET DEFAULT"}) +
         (random_.one_in(2) ? " DEFERRABLE INITIALLY DEFERRED" : "") + ", c)";
}

std::string RandomSql::create_trigger() {
  const std::string table = pick("twc");
  if (table.empty()) return create_table();
  const std::string other = pick("tc");
  const std::string event = one_of(random_, {"INSERT", "UPDATE", "DELETE"});
  const std::string row = event == "DELETE" ? "old" : "new";
  std::string body;
  switch (random_.below(3)) {
    case 0:
      body =
          "INSERT OR IGNORE INTO " + (other.empty() ? table : other) + "(a) VALUES(" + row + ".a)";
      break;
    case 1:
      body = "DELETE FROM " + (other.empty() ? table : other) + " WHERE a=" + row + ".a AND a<9";
      break;
    default:
      body = "SELECT raise(" + one_of(random_, {"IGNORE", "ABORT,'no'", "FAIL,'no'"}) + ") WHERE " +
             row + ".a=" + number(random_.below(60));
  }
  return "CREATE TRIGGER " + new_name('g') + " " + one_of(random_, {"BEFORE ", "AFTER "}) + event +
         " ON " + table + " BEGIN " + body + "; END";
}

std::string RandomSql::create_virtual() {
  const std::string name = new_name(random_.one_in(2) ? 'f' : 'r');
  if (name[0] == 'r') return "CREATE VIRTUAL TABLE " + name + " USING rtree(a,x0,x1,+note)";
  return "CREATE VIRTUAL TABLE " + name + " USING fts5(a,b" +
         one_of(random_, {"", ",prefix=2", ",tokenize=porter", ",detail=none"}) + ")";
}

std::string RandomSql::change_virtual() {
  const std::string table = pick("fr");
  if (table.empty()) return create_virtual();
  const std::string from = number(random_.below(80));
  const std::string rows = "WITH RECURSIVE q(i) AS (SELECT " + from +
                           " UNION ALL SELECT i+1 FROM q LIMIT " + number(1 + random_.below(40)) +
                           ") INSERT OR REPLACE INTO " + table;
  if (table[0] == 'r') {
    if (random_.one_in(4)) return "DELETE FROM " + table + " WHERE a%3=1";
    if (random_.one_in(4)) return "SELECT * FROM " + table + " WHERE x0>" + from + " ORDER BY a";
    return rows + " SELECT i%60,i,i+1,'n'||i FROM q";
  }
  switch (random_.below(6)) {
    case 0:
      return "INSERT INTO " + table + "(" + table + ") VALUES('" +
             one_of(random_, {"optimize", "rebuild", "integrity-check"}) + "')";
    case 1:
      return "DELETE FROM " + table + " WHERE rowid%3=1";
    case 2:
      return "SELECT rowid, a FROM " + table + " WHERE " + table + " MATCH 'w" +
             number(random_.below(7)) + "' ORDER BY rowid";
    case 3:
      return "UPDATE " + table + " SET b='w'||rowid WHERE rowid%4=2";
    default:
      return rows + "(a,b) SELECT 'word'||i||' w'||(i%7), hex(i) FROM q";
  }
}

std::string RandomSql::alter() {
  const std::string table = pick("twc");
  if (table.empty()) return create_table();
  switch (random_.below(5)) {
    case 0:
    case 1:
      return "ALTER TABLE " + table + " ADD " + new_name('d') + " " +
             one_of(random_, {"", "TEXT", "REAL", "INT NOT NULL"}) + " DEFAULT " +
             one_of(random_, {"1", "'x'", "NULL", "2.5", "x'00ff'", "-7"});
    case 2:
      return "ALTER TABLE " + table + " RENAME " + column(table) + " TO " + new_name('e');
    case 3:
      return "ALTER TABLE " + table + " RENAME TO " + new_name(table[0]);
    default:
      return "ALTER TABLE " + table + " DROP " + column(table);
  }
}

std::string RandomSql::drop() {
  const auto others = names(
      "SELECT type||' '||name FROM sqlite_schema WHERE type<>'table' AND sql IS NOT NULL "
      "ORDER BY name");
  if (!others.empty() && random_.below(3) != 0) {
    return "DROP " + others[random_.below(others.size())];
  }
  const std::string table = pick("twcfr");
  return table.empty() ? create_table() : "DROP TABLE " + table;
}

std::string RandomSql::upkeep() {
  return one_of(random_,
                {"ANALYZE", "REINDEX", "PRAGMA incremental_vacuum(5)", "PRAGMA user_version=7",
                 "PRAGMA integrity_check", "PRAGMA foreign_key_check"});
}

}  // namespace dosql::sqltest
