// The generator of random histories: kinds of statements and weights as in the reference.
#include <sqlite3.h>

#include <iterator>

#include "btree/history_impl.h"

namespace dosql::btree {
namespace {

constexpr size_t kFileBytesMost = 3U << 20;

template <size_t n>
std::string one_of(Random& random, const char* const (&choices)[n]) {
  return choices[random.below(n)];
}

}  // namespace

RandomHistory::RandomHistory(uint64_t seed) : random_(seed * 7919) {
  static constexpr uint32_t kPageSizes[] = {512, 512, 512, 1024, 1024, 4096, 65536};
  options_.page_size = kPageSizes[random_.below(std::size(kPageSizes))];
  options_.auto_vacuum = static_cast<int>(random_.below(3));
  options_.secure_delete = static_cast<int>(random_.below(3));
  options_.encoding = one_of(random_, {"UTF-8", "UTF-8", "UTF-16le", "UTF-16be"});
  if (random_.one_in(2)) options_.cache_pages = static_cast<int>(5 + random_.below(46));
  moves_lock_byte_ = random_.one_in(4);
  if (random_.one_in(6)) options_.reserved_bytes = static_cast<int>(1 + random_.below(32));
}

void RandomHistory::run_commit(TestDatabase& database) {
  // random() in SQL has to repeat with the seed.
  sqlite3_test_control(SQLITE_TESTCTRL_PRNG_SEED, static_cast<int>(random_.next() >> 34 | 1),
                       nullptr);
  if (random_.below(100) < 3) {
    database.run("VACUUM");
  } else if (random_.below(100) < 45) {
    statement(database);
  } else {
    transaction(database);
  }
}

void RandomHistory::transaction(TestDatabase& database) {
  database.run("BEGIN");
  int depth = 0;
  for (uint64_t left = 1 + random_.below(10); left > 0; --left) {
    const uint64_t choice = random_.below(10);
    if (choice == 0) database.run("SAVEPOINT s" + std::to_string(depth++));
    if (choice == 1 && depth > 0) database.run("RELEASE s" + std::to_string(--depth));
    if (choice == 2 && depth > 0) database.run("ROLLBACK TO s" + std::to_string(depth - 1));
    statement(database);
  }
  database.run(random_.below(100) < 4 ? "ROLLBACK" : "COMMIT");
  if (sqlite3_get_autocommit(database.handle()) == 0) database.run("ROLLBACK");
}

void RandomHistory::statement(TestDatabase& database) {
  using Kind = void (RandomHistory::*)(TestDatabase&);
  static constexpr struct {
    uint64_t weight;
    Kind kind;
  } kKinds[] = {
      {30, &RandomHistory::insert},       {14, &RandomHistory::update}, {9, &RandomHistory::erase},
      {8, &RandomHistory::blob_write},    {6, &RandomHistory::bulk},    {5, &RandomHistory::create},
      {5, &RandomHistory::virtual_table}, {4, &RandomHistory::index},   {4, &RandomHistory::alter},
      {3, &RandomHistory::drop},          {2, &RandomHistory::rename}};
  static constexpr const char* kOthers[] = {"PRAGMA incremental_vacuum(7)", "REINDEX", "ANALYZE",
                                            "DELETE everything"};
  uint64_t at = random_.below(90 + std::size(kOthers));
  for (const auto& [weight, kind] : kKinds) {
    if (at < weight) return (this->*kind)(database);
    at -= weight;
  }
  if (at < std::size(kOthers) - 1) {
    database.run(kOthers[at]);
    return;
  }
  for (const std::string& table : database.query(
           "SELECT name FROM sqlite_schema WHERE type='table' AND name GLOB '[tw][0-9]*'")) {
    database.run("DELETE FROM \"" + table + "\"");
  }
}

std::string RandomHistory::value() {
  const uint64_t choice = random_.below(20);
  const auto bytes = [&](uint64_t most) { return std::to_string(random_.below(most)); };
  if (choice < 5) return std::to_string(static_cast<int64_t>(random_.next()) >> random_.below(64));
  if (choice < 6) return "NULL";
  if (choice < 8) return std::to_string(random_.below(1000)) + "." + bytes(3);
  if (choice < 13) return "hex(randomblob(" + bytes(30) + "))";
  if (choice < 14) return "char(" + bytes(0xd800) + ",65536+" + bytes(0x100000) + ")";
  if (choice < 17) return "randomblob(" + bytes(600) + ")";
  if (choice < 19) return "zeroblob(" + bytes(3 * options_.page_size) + ")||x'01'";
  return random_.one_in(4) ? "randomblob(" + bytes(200000) + ")"
                           : "hex(zeroblob(" + bytes(5000) + "))";
}

// A table whose name starts with one of the letters, quoted; empty when there is none.
std::string RandomHistory::pick(TestDatabase& database, const std::string& prefixes) {
  const auto names =
      database.query("SELECT name FROM sqlite_schema WHERE type='table' AND name GLOB '[" +
                     prefixes + "][0-9]*' AND name NOT GLOB '*[_]*'");
  return names.empty() ? "" : "\"" + names[random_.below(names.size())] + "\"";
}

std::string RandomHistory::any_column(TestDatabase& database, const std::string& table) {
  const auto names = database.query("SELECT name FROM pragma_table_info(" + table + ")");
  return names.empty() ? "a" : names[random_.below(names.size())];
}

// A condition that holds for about some of the rows.
std::string RandomHistory::some_rows(TestDatabase& database, const std::string& table) {
  const std::string column = any_column(database, table);
  switch (random_.below(4)) {
    case 0:
      return column + " IN (SELECT " + column + " FROM " + table + " ORDER BY random() LIMIT 3)";
    case 1:
      return "abs(random()%" + std::to_string(2 + random_.below(40)) + ")=0";
    case 2:
      return column + " > (SELECT " + column + " FROM " + table + " ORDER BY random() LIMIT 1)";
    default:
      return "length(" + column + ")%5=" + std::to_string(random_.below(5));
  }
}

void RandomHistory::insert(TestDatabase& database) {
  const std::string table = pick(database, "tw");
  if (table.empty()) return create(database);
  const auto pages = database.query("PRAGMA page_count");
  if (!pages.empty() && std::stoull(pages[0]) * options_.page_size > kFileBytesMost) {
    return erase(database);
  }
  const size_t columns = database.query("SELECT 1 FROM pragma_table_info(" + table + ")").size();
  std::string rows;
  for (uint64_t left = 1 + random_.below(6); left > 0; --left) {
    rows += rows.empty() ? "(" : ",(";
    for (size_t i = 0; i < columns; ++i) rows += (i == 0 ? "" : ",") + value();
    rows += ")";
  }
  database.run("INSERT OR " + one_of(random_, {"IGNORE", "REPLACE"}) + " INTO " + table +
               " VALUES " + rows);
}

void RandomHistory::update(TestDatabase& database) {
  const std::string table = pick(database, "tw");
  if (table.empty()) return;
  database.run("UPDATE OR " + one_of(random_, {"IGNORE", "REPLACE"}) + " " + table + " SET " +
               any_column(database, table) + "=" + value() + " WHERE " +
               some_rows(database, table));
}

void RandomHistory::erase(TestDatabase& database) {
  const std::string table = pick(database, "tw");
  if (table.empty()) return;
  database.run("DELETE FROM " + table + " WHERE " + some_rows(database, table));
}

void RandomHistory::blob_write(TestDatabase& database) {
  const std::string table = pick(database, "t");
  if (table.empty()) return;
  const std::string column = any_column(database, table);
  const auto rows = database.query("SELECT rowid||' '||abs(random()%length(" + column + ")) FROM " +
                                   table + " WHERE typeof(" + column + ")='blob' ORDER BY length(" +
                                   column + ")*random() LIMIT 1");
  if (rows.empty()) return insert(database);
  database.run("BLOB " + table.substr(1, table.size() - 2) + " " + column + " " + rows[0] + " x" +
               std::to_string(random_.below(10)));
}

void RandomHistory::bulk(TestDatabase& database) {
  const std::string table = pick(database, "tw");
  if (table.empty()) return;
  const size_t columns = database.query("SELECT 1 FROM pragma_table_info(" + table + ")").size();
  std::string row;
  for (size_t i = 0; i < columns; ++i) {
    row += i == 0 ? "" : ",";
    row += i == 0 ? (random_.one_in(2) ? "random()" : "i") : value();
  }
  database.run("WITH RECURSIVE q(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM q WHERE i<" +
               std::to_string(10 + random_.below(600)) + ") INSERT OR IGNORE INTO " + table +
               " SELECT " + row + " FROM q");
}

void RandomHistory::create(TestDatabase& database) {
  const bool is_without_rowid = random_.one_in(3);
  std::string name = (is_without_rowid ? "w" : "t") + std::to_string(++names_);
  // A long name pushes rootpage of the schema row into an overflow page.
  if (random_.one_in(8)) name += std::string(options_.page_size / 2 + random_.below(300), 'l');
  std::string columns = "a";
  const bool has_key = is_without_rowid || random_.one_in(2);
  if (has_key) {
    columns += one_of(random_, {" INTEGER PRIMARY KEY", " TEXT PRIMARY KEY", " PRIMARY KEY",
                                " TEXT COLLATE NOCASE PRIMARY KEY", " INT PRIMARY KEY",
                                " INTEGER PRIMARY KEY DESC"});
  }
  for (uint64_t i = random_.below(5); i > 0; --i) {
    columns += ",c" + std::to_string(++names_) + " " +
               one_of(random_, {"", "TEXT", "REAL", "INT", "BLOB", "NUMERIC", "TEXT UNIQUE",
                                "REAL DEFAULT 3"});
  }
  if (random_.one_in(6)) columns += ",g AS (a||'x')";
  if (random_.one_in(6)) columns += ",s AS (length(a)) STORED";
  database.run("CREATE TABLE \"" + name + "\"(" + columns + ")" +
               (is_without_rowid ? " WITHOUT ROWID" : ""));
}

void RandomHistory::virtual_table(TestDatabase& database) {
  const std::string table = pick(database, "fr");
  if (table.empty() || random_.one_in(5)) {
    const std::string number = std::to_string(++names_);
    database.run(random_.one_in(2) ? "CREATE VIRTUAL TABLE f" + number + " USING fts5(x)"
                                   : "CREATE VIRTUAL TABLE r" + number + " USING rtree(id,x0,x1)");
    return;
  }
  const std::string count = std::to_string(1 + random_.below(60));
  const std::string rows = "WITH RECURSIVE q(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM q WHERE i<" +
                           count + ") INSERT OR REPLACE INTO " + table;
  if (table[1] == 'f') {
    const std::string name = table.substr(1, table.size() - 2);
    if (random_.one_in(4)) {
      database.run("INSERT INTO " + table + "(" + name + ") VALUES('optimize')");
    } else if (random_.one_in(4)) {
      database.run("DELETE FROM " + table + " WHERE rowid%3=1");
    } else {
      database.run(rows + "(x) SELECT hex(randomblob(i))||' w'||(i%7) FROM q");
    }
    return;
  }
  if (random_.one_in(3)) {
    database.run("DELETE FROM " + table + " WHERE id%3=1");
  } else {
    database.run(rows + " SELECT abs(random()%300),i,i+1 FROM q");
  }
}

void RandomHistory::index(TestDatabase& database) {
  const std::string table = pick(database, "tw");
  if (table.empty()) return;
  database.run("CREATE INDEX i" + std::to_string(++names_) + " ON " + table + "(" +
               any_column(database, table) + ")");
}

void RandomHistory::alter(TestDatabase& database) {
  const std::string table = pick(database, "tw");
  if (table.empty()) return;
  const std::string number = std::to_string(++names_);
  switch (random_.below(3)) {
    case 0:
      database.run("ALTER TABLE " + table + " ADD d" + number + " " +
                   one_of(random_, {"", "TEXT", "REAL"}) + " DEFAULT " +
                   one_of(random_, {"1", "'x'", "NULL", "2.5", "x'00ff'", "-7"}));
      break;
    case 1:
      database.run("ALTER TABLE " + table + " RENAME " + any_column(database, table) + " TO e" +
                   number);
      break;
    default:
      database.run("ALTER TABLE " + table + " DROP " + any_column(database, table));
  }
}

void RandomHistory::drop(TestDatabase& database) {
  if (random_.one_in(2)) {
    const auto indexes =
        database.query("SELECT name FROM sqlite_schema WHERE type='index' AND sql IS NOT NULL");
    if (!indexes.empty()) {
      database.run("DROP INDEX " + indexes[random_.below(indexes.size())]);
      return;
    }
  }
  const std::string table = pick(database, "twfr");
  if (!table.empty()) database.run("DROP TABLE " + table);
}

void RandomHistory::rename(TestDatabase& database) {
  const std::string first = pick(database, "tw");
  if (first.empty()) return;
  const auto rename_to = [&](const std::string& from, const std::string& to) {
    database.run("ALTER TABLE " + from + " RENAME TO " + to);
  };
  const std::string second = pick(database, first.substr(1, 1));
  if (second == first || second.empty() || random_.one_in(2)) {
    return rename_to(first, first.substr(1, 1) + std::to_string(++names_));
  }
  rename_to(first, "x");
  rename_to(second, first);
  rename_to("x", second);
}

}  // namespace dosql::btree
