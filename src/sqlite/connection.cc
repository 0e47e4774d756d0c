#include "sqlite/connection.h"

#include <sqlite3.h>

#include <algorithm>
#include <climits>
#include <cstring>

#include "base/text.h"
#include "sqlite/error.h"
#include "sqlite/script.h"
#include "sqlite/vfs.h"

namespace dosql::sqlite {
namespace {

// A transaction that was refused because its snapshot was old is tried again on a fresh one, where
// SQLite can do that without the caller noticing. Waiting for other writers is the port's business.
int retry_on_fresh_snapshot(void*, int count) {
  const Error* error = port_error();
  if (error == nullptr || error->code != Code::kBusySnapshot || count >= 100) return 0;
  clear_port_error();
  return 1;
}

int compare_bytes(void*, int a_size, const void* a, int b_size, const void* b) {
  const auto size = static_cast<size_t>(std::min(a_size, b_size));
  const int order = size == 0 ? 0 : std::memcmp(a, b, size);
  return order != 0 ? order : a_size - b_size;
}

void define_as_binary(void*, sqlite3* db, int, const char* name) {
  static_cast<void>(sqlite3_create_collation(db, name, SQLITE_UTF8, nullptr, compare_bytes));
}

}  // namespace

Connection& Connection::operator=(Connection&& other) noexcept {
  if (this != &other) {
    close();
    db_ = std::exchange(other.db_, nullptr);
    written_ = std::move(other.written_);
  }
  return *this;
}

void Connection::close() {
  if (db_ != nullptr) static_cast<void>(sqlite3_close_v2(std::exchange(db_, nullptr)));
}

Result<Connection> Connection::open(const std::string& name, int flags, const char* vfs) {
  clear_port_error();
  sqlite3* db = nullptr;
  const int result =
      sqlite3_open_v2(name.c_str(), &db, flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, vfs);
  Connection connection(db);
  if (result != SQLITE_OK) return sqlite_failure(db, result);
  return connection;
}

Result<Connection> Connection::open_file(const std::string& path, Mode mode) {
  int flags = SQLITE_OPEN_READONLY;
  if (mode == Mode::kReadWrite) flags = SQLITE_OPEN_READWRITE;
  if (mode == Mode::kCreate) flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
  auto connection = open(path, flags, nullptr);
  if (!connection) return with_context(str_cat({"file \"", path, "\""}), connection.error());
  return connection;
}

Result<Connection> Connection::open_versioned(const std::string& name, const std::string& vfs) {
  const MainFileOpening opening;
  DOSQL_TRY(Connection connection,
            open(name, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, vfs.c_str()));
  sqlite3_busy_handler(connection.db_, retry_on_fresh_snapshot, nullptr);
  sqlite3_db_config(connection.db_, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0, nullptr);
  // 8 MiB of pages, then changed ones spill into the overlay. SQLite takes the page size of an
  // empty database from this pragma; the VFS lets only the port's own size through.
  DOSQL_TRY(
      connection.exec("PRAGMA cache_size=-8192; PRAGMA cache_spill=ON; PRAGMA secure_delete=OFF"));
  if (const uint32_t size = connection.versioned_page_size(); size != 0) {
    DOSQL_TRY(connection.exec(str_cat({"PRAGMA page_size=", std::to_string(size)})));
  }
  connection.written_ = std::make_unique<Written>();
  sqlite3_set_authorizer(connection.db_, note_action, connection.written_.get());
  return connection;
}

int Connection::note_action(void* written, int action, const char*, const char*,
                            const char* database, const char*) noexcept {
  if (action == SQLITE_READ || action == SQLITE_SELECT || action == SQLITE_FUNCTION ||
      action == SQLITE_RECURSIVE) {
    return SQLITE_OK;
  }
  const bool is_temp = database != nullptr && std::string_view(database) == "temp";
  (is_temp ? static_cast<Written*>(written)->temp : static_cast<Written*>(written)->other) = true;
  return SQLITE_OK;
}

Result<void> Connection::exec(std::string_view text) {
  Script script(text);
  for (;;) {
    DOSQL_TRY(Statement statement, script.next(*this));
    if (statement.is_empty()) return {};
    DOSQL_TRY(bool has_row, statement.step());
    while (has_row) {
      DOSQL_TRY(has_row, statement.step());
    }
  }
}

Result<Statement> Connection::prepare(std::string_view sql, std::string_view* tail) {
  clear_port_error();
  if (sql.size() > INT_MAX) return fail(Code::kTooBig, "the SQL text is longer than 2 GiB");
  DOSQL_TRY(refuse_nul_bytes(sql));
  sqlite3_stmt* statement = nullptr;
  const char* rest = nullptr;
  if (written_) *written_ = {};
  const int result =
      sqlite3_prepare_v2(db_, sql.data(), static_cast<int>(sql.size()), &statement, &rest);
  if (result != SQLITE_OK) return sqlite_failure(db_, result, {sql});
  if (tail != nullptr) *tail = sql.substr(static_cast<size_t>(rest - sql.data()));
  const bool is_own = written_ && written_->temp && !written_->other;
  return Statement(statement, is_own ? Statement::Writes::kOnlyTemp : Statement::Writes::kAnything);
}

bool Connection::is_autocommit() const {
  return sqlite3_get_autocommit(db_) != 0;
}
int64_t Connection::changes() const {
  return sqlite3_changes64(db_);
}
int64_t Connection::total_changes() const {
  return sqlite3_total_changes64(db_);
}
int64_t Connection::last_insert_rowid() const {
  return sqlite3_last_insert_rowid(db_);
}
void Connection::interrupt() {
  sqlite3_interrupt(db_);
}

void Connection::accept_unknown_collations() {
  sqlite3_collation_needed(db_, nullptr, define_as_binary);
}

uint32_t Connection::versioned_page_size() const {
  uint32_t size = 0;
  const int result = sqlite3_file_control(db_, "main", kPageSizeControl, &size);
  return result == SQLITE_OK ? size : 0;
}

Result<void> Connection::check_copy_from(Connection& source) {
  const uint32_t own = versioned_page_size();
  if (own == 0) return {};
  DOSQL_TRY(Statement statement, source.prepare("PRAGMA page_size"));
  DOSQL_TRY(const bool has_row, statement.step());
  const std::string size(has_row ? statement.column_text(0) : "");
  if (size == std::to_string(own)) return {};
  return fail(Code::kReadOnly,
              str_cat({"pages of ", size, " bytes cannot be copied into a database ",
                       "with pages of ", std::to_string(own), ": make one with that page size"}));
}

Result<void> Connection::copy_from(Connection& source, int pages, const Progress& progress) {
  DOSQL_TRY(check_copy_from(source));
  clear_port_error();
  sqlite3_backup* backup = sqlite3_backup_init(db_, "main", source.db_, "main");
  if (backup == nullptr) return sqlite_failure(db_, sqlite3_extended_errcode(db_));
  int result = SQLITE_OK;
  bool is_wanted = true;
  while (result == SQLITE_OK && is_wanted) {
    result = sqlite3_backup_step(backup, pages);
    is_wanted = progress(sqlite3_backup_remaining(backup), sqlite3_backup_pagecount(backup));
  }
  const int finished = sqlite3_backup_finish(backup);
  if (result != SQLITE_DONE && !is_wanted) return fail(Code::kInterrupted, "interrupted");
  if (result != SQLITE_DONE) return sqlite_failure(db_, result);
  if (finished != SQLITE_OK) return sqlite_failure(db_, finished);
  return {};
}

Result<Buffer> Connection::serialize() {
  sqlite3_int64 size = 0;
  unsigned char* bytes = sqlite3_serialize(db_, "main", &size, 0);
  if (bytes == nullptr && size > 0) return fail(Code::kTooBig, "not enough memory");
  Buffer out(bytes, bytes + size);
  sqlite3_free(bytes);
  return out;
}

Result<void> Connection::deserialize(Bytes bytes) {
  auto* copy = static_cast<unsigned char*>(sqlite3_malloc64(bytes.size() + 1));
  if (copy == nullptr) return fail(Code::kTooBig, "not enough memory");
  std::memcpy(copy, bytes.data(), bytes.size());
  const auto size = static_cast<sqlite3_int64>(bytes.size());
  const int result =
      sqlite3_deserialize(db_, "main", copy, size, size,
                          SQLITE_DESERIALIZE_FREEONCLOSE | SQLITE_DESERIALIZE_RESIZEABLE);
  if (result != SQLITE_OK) return sqlite_failure(db_, result);
  return {};
}

Result<void> Connection::write_blob(const std::string& table, const std::string& column,
                                    int64_t rowid, int offset, Bytes bytes) {
  clear_port_error();
  sqlite3_blob* blob = nullptr;
  int result = sqlite3_blob_open(db_, "main", table.c_str(), column.c_str(), rowid, 1, &blob);
  if (result == SQLITE_OK) {
    result = sqlite3_blob_write(blob, bytes.data(), static_cast<int>(bytes.size()), offset);
  }
  const int closed = sqlite3_blob_close(blob);
  if (result == SQLITE_OK) result = closed;
  if (result != SQLITE_OK) return sqlite_failure(db_, result);
  return {};
}

}  // namespace dosql::sqlite
