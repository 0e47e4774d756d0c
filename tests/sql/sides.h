// The two sides of a comparison: DoSQL through its public API, stock SQLite of the same build. What
// a statement did is one text on both. Thread rule: one thread.
#pragma once

#include <map>
#include <memory>
#include <string>

#include <dosql/store.h>

#include "sqlite/connection.h"

namespace dosql::sqltest {

class Side {
 public:
  virtual ~Side() = default;
  // Runs one statement on the connection `name`, opened on first use: its rows with their types, or
  // its error, and the connection's total_changes.
  virtual std::string run(char name, const std::string& sql) = 0;
  // The value of the first column of the first row, as text.
  [[nodiscard]] static std::string first_value(const std::string& outcome);
};

class DosqlSide final : public Side {
 public:
  DosqlSide(const std::string& folder, uint32_t page_size);
  std::string run(char name, const std::string& sql) override;
  void reopen();
  [[nodiscard]] Store& store() { return *store_; }
  [[nodiscard]] Database& database() { return *database_; }

 private:
  void open();
  const std::string folder_;
  std::unique_ptr<Store> store_;
  std::unique_ptr<Database> database_;
  std::map<char, Session> sessions_;
};

class StockSide final : public Side {
 public:
  StockSide(std::string path, uint32_t page_size) : path_(std::move(path)), page_size_(page_size) {}
  std::string run(char name, const std::string& sql) override;
  // All connections; the next run opens them again.
  void close() { connections_.clear(); }

 private:
  const std::string path_;
  const uint32_t page_size_;
  bool is_wal_ = false;
  std::map<char, sqlite::Connection> connections_;
};

// Schema and all rows, by `run` on connection a: every table's rows in rowid or key order.
std::string dump(Side& side);

}  // namespace dosql::sqltest
