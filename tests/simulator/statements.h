// Random SQL that means the same on every connection that holds the same rows.
#pragma once

#include <string>
#include <vector>

#include "base/random.h"
#include "sqlite/connection.h"

namespace dosql::simulator {

class Statements {
 public:
  // `page_size` decides how long a long value is.
  Statements(Random& random, uint32_t page_size) : random_(random), page_size_(page_size) {}

  // A statement that changes rows or the schema of `database`, which it reads to know the names;
  // some are refused (constraints, names that are gone).
  Result<std::string> next(sqlite::Connection& database);
  // CREATE TABLE.
  std::string create_table();

  // A write into a blob without SQL.
  struct BlobWrite {
    std::string table;  // empty: there is no blob
    std::string column;
    int64_t rowid = 0;
    int offset = 0;
    std::string bytes;
  };
  Result<BlobWrite> blob_write(sqlite::Connection& database);

 private:
  struct Table {
    std::string name;
    std::vector<std::string> columns;
    bool has_rowid = true;
  };
  Result<std::vector<Table>> read_tables(sqlite::Connection& database);
  std::string literal();
  std::string letters(uint64_t count);
  std::string condition(const Table& table);
  std::string insert(const Table& table);
  std::string bulk(const Table& table);
  std::string update(const Table& table);
  std::string alter(const Table& table);
  std::string rare(const Table& table, sqlite::Connection& database);
  std::string number() { return std::to_string(++names_); }
  template <class List>
  const auto& one_of(const List& list) {
    return list[random_.below(std::size(list))];
  }

  Random& random_;
  const uint32_t page_size_;
  int names_ = 0;
};

}  // namespace dosql::simulator
