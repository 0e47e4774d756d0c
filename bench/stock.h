// Stock SQLite: the same amalgamation with the same flags on its own VFS. One thread at a time.
// Anything that fails ends the program: a benchmark of errors is none.
#pragma once

#include <cstdint>
#include <string>

struct sqlite3;
struct sqlite3_stmt;

namespace dosql::bench {

class StockStatement {
 public:
  StockStatement(sqlite3* db, const std::string& sql);
  ~StockStatement();
  StockStatement(const StockStatement&) = delete;
  StockStatement& operator=(const StockStatement&) = delete;
  void bind(int index, int64_t value);
  void bind(int index, const std::string& value);
  // Runs to the end and resets; how many rows came.
  int run();

 private:
  sqlite3_stmt* statement_ = nullptr;
};

class Stock {
 public:
  enum class Sync : uint8_t { kNormal, kFull };
  // In WAL mode, the page cache as large as ours by default.
  Stock(const std::string& path, Sync sync);
  ~Stock();
  Stock(const Stock&) = delete;
  Stock& operator=(const Stock&) = delete;
  void exec(const std::string& sql);
  [[nodiscard]] sqlite3* handle() const { return db_; }

 private:
  sqlite3* db_ = nullptr;
};

}  // namespace dosql::bench
