#include "stock.h"

#include <sqlite3.h>

#include <cstdio>
#include <cstdlib>

namespace dosql::bench {
namespace {

void must(sqlite3* db, int code) {
  if (code == SQLITE_OK || code == SQLITE_ROW || code == SQLITE_DONE) return;
  std::fprintf(stderr, "stock SQLite: %s\n", sqlite3_errmsg(db));
  std::exit(1);
}

}  // namespace

StockStatement::StockStatement(sqlite3* db, const std::string& sql) {
  must(db, sqlite3_prepare_v2(db, sql.c_str(), -1, &statement_, nullptr));
}

StockStatement::~StockStatement() {
  sqlite3_finalize(statement_);
}

void StockStatement::bind(int index, int64_t value) {
  must(sqlite3_db_handle(statement_), sqlite3_bind_int64(statement_, index, value));
}

void StockStatement::bind(int index, const std::string& value) {
  must(sqlite3_db_handle(statement_),
       sqlite3_bind_text(statement_, index, value.c_str(), static_cast<int>(value.size()),
                         SQLITE_TRANSIENT));
}

int StockStatement::run() {
  int rows = 0;
  for (;;) {
    const int code = sqlite3_step(statement_);
    must(sqlite3_db_handle(statement_), code);
    if (code == SQLITE_DONE) break;
    ++rows;
  }
  sqlite3_reset(statement_);
  return rows;
}

Stock::Stock(const std::string& path, Sync sync) {
  must(db_,
       sqlite3_open_v2(path.c_str(), &db_,
                       SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, nullptr));
  sqlite3_busy_timeout(db_, 10'000);
  exec("PRAGMA journal_mode=WAL");
  exec(sync == Sync::kFull ? "PRAGMA synchronous=FULL" : "PRAGMA synchronous=NORMAL");
  exec("PRAGMA cache_size=-262144");
}

Stock::~Stock() {
  sqlite3_close(db_);
}

void Stock::exec(const std::string& sql) {
  must(db_, sqlite3_exec(db_, sql.c_str(), nullptr, nullptr, nullptr));
}

}  // namespace dosql::bench
