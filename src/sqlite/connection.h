// Connection: RAII over sqlite3*. One thread at a time.
//
// Errors carry the closed list of codes: SQLITE_CONSTRAINT_* is kConstraint, syntax and missing
// names are kSql with line and column, and when a page port refused something, its Error is what
// surfaces.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "sqlite/statement.h"

struct sqlite3;

namespace dosql::sqlite {

class Connection {
 public:
  Connection() = default;
  Connection(Connection&& other) noexcept
      : db_(std::exchange(other.db_, nullptr)), written_(std::move(other.written_)) {}
  Connection& operator=(Connection&& other) noexcept;
  ~Connection() { close(); }

  // Stock SQLite: a file of the operating system, or ":memory:".
  enum class Mode : uint8_t { kRead, kReadWrite, kCreate };
  static Result<Connection> open_file(const std::string& path, Mode mode);
  // A database behind the VFS named `vfs` (sqlite/vfs.h), set up as DoSQL's sessions are.
  static Result<Connection> open_versioned(const std::string& name, const std::string& vfs);

  // Runs every statement of `text`; rows are thrown away.
  Result<void> exec(std::string_view text);
  // Compiles the first statement of `sql`; `tail` receives the rest. Empty statement: is_empty().
  Result<Statement> prepare(std::string_view sql, std::string_view* tail);
  Result<Statement> prepare(std::string_view sql) { return prepare(sql, nullptr); }

  [[nodiscard]] bool is_open() const { return db_ != nullptr; }
  [[nodiscard]] bool is_autocommit() const;
  [[nodiscard]] int64_t changes() const;
  [[nodiscard]] int64_t total_changes() const;
  [[nodiscard]] int64_t last_insert_rowid() const;
  // From any thread.
  void interrupt();

  // Copies the whole of `source`'s main database over this one's, `pages` at a time; `progress`
  // gets pages left and pages in all after each step, and false from it ends the copy
  // (kInterrupted). A database behind a VFS keeps its page size: kReadOnly for another one.
  using Progress = std::function<bool(int left, int total)>;
  Result<void> copy_from(Connection& source, int pages, const Progress& progress);
  // From now on a collation that nobody defined sorts like BINARY: for schemas of other programs.
  void accept_unknown_collations();
  // The main database as the bytes of a database file, and back (this connection: in memory).
  Result<Buffer> serialize();
  Result<void> deserialize(Bytes bytes);
  // Writes into a blob without SQL (sqlite3_blob_write).
  Result<void> write_blob(const std::string& table, const std::string& column, int64_t rowid,
                          int offset, Bytes bytes);

  [[nodiscard]] sqlite3* handle() const { return db_; }

 private:
  explicit Connection(sqlite3* db) : db_(db) {}
  static Result<Connection> open(const std::string& name, int flags, const char* vfs);
  // Of the page port under the main database; 0 when there is none.
  [[nodiscard]] uint32_t versioned_page_size() const;
  Result<void> check_copy_from(Connection& source);
  void close();

  // What the statement that is being compiled writes, by SQLite's authorizer.
  struct Written {
    bool temp = false;
    bool other = false;
  };
  static int note_action(void* written, int action, const char*, const char*, const char* database,
                         const char*) noexcept;

  sqlite3* db_ = nullptr;
  std::unique_ptr<Written> written_;  // of a versioned connection
};

}  // namespace dosql::sqlite
