// Database, Connection: an in-memory DuckDB for writing Parquet files and for analytic SQL.
//
// A Database reads and writes files below `directories` only; it never loads or installs
// extensions, and SQL cannot change its settings. It also carries two bridges from SQL to our
// memory, each valid as long as its handle lives:
//   share_rows   -> table function call that yields the rows of a RowBuffer
//   share_filter -> id for keep_row(id, file_index, file_row_number), see row_filter.h
//
// Thread rule: Database is thread-safe; a Connection (and its Rows) is used by one thread at a
// time, interrupt() from any. Lifetime: Database outlives connections, connections their Rows.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "duck/rows.h"

namespace dosql::duck {

class RowBuffer;
class RowFilter;

struct Options {
  int threads = 0;                         // 0: one per core
  uint64_t memory_bytes_max = 1ULL << 30;  // DuckDB's own; RowBuffers not counted
  std::vector<std::string> directories;    // whole trees that SQL may read and write
  std::string temp_directory;              // for spilling; empty: no spilling
};

// Something a Database lends to SQL; the sharing ends when the handle dies.
class Shared {
 public:
  Shared() = default;
  Shared(Shared&&) noexcept = default;
  Shared& operator=(Shared&&) noexcept = default;
  [[nodiscard]] uint64_t id() const { return id_; }

 private:
  friend class Database;
  Shared(uint64_t id, std::shared_ptr<void> token) : id_(id), token_(std::move(token)) {}
  uint64_t id_ = 0;
  std::shared_ptr<void> token_;
};

class Database {
 public:
  static Result<std::unique_ptr<Database>> open(const Options& options);
  ~Database();

  // The buffer outlives the handle and every query over it, and is not changed meanwhile.
  [[nodiscard]] Shared share_rows(const RowBuffer& rows);
  // `rows_sql(shared)` is the table expression that yields them.
  [[nodiscard]] static std::string rows_sql(const Shared& shared);
  [[nodiscard]] Shared share_filter(std::shared_ptr<const RowFilter> filter);

  struct Impl;
  explicit Database(std::unique_ptr<Impl> impl);
  [[nodiscard]] Impl& impl() { return *impl_; }

 private:
  std::unique_ptr<Impl> impl_;
};

class Connection {
 public:
  static Result<std::unique_ptr<Connection>> open(Database& database);
  ~Connection();

  // Any number of statements; their rows are thrown away.
  Result<void> run(const std::string& sql);
  // One statement, parameters by position. Rows are computed as they are read.
  Result<std::unique_ptr<Rows>> query(const std::string& sql, std::span<const Value> params = {});
  // Whether `sql` is one statement that only reads: SELECT, DESCRIBE, SHOW, EXPLAIN [ANALYZE] of
  // one. kSql when it does not parse or bind.
  Result<bool> is_read_only(const std::string& sql);
  // The tables a statement names, each as its parts (schema, table), unquoted; nullopt when DuckDB
  // cannot tell without knowing them (PIVOT, SHOW, damaged SQL).
  std::optional<std::vector<std::vector<std::string>>> table_names(const std::string& sql);
  // From any thread: the running statement ends with Code::kInterrupted.
  void interrupt();

  struct Impl;
  explicit Connection(std::unique_ptr<Impl> impl);
  [[nodiscard]] Impl& impl() { return *impl_; }

 private:
  std::unique_ptr<Impl> impl_;
};

}  // namespace dosql::duck
