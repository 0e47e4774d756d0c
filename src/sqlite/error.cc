#include "sqlite/error.h"

#include <sqlite3.h>

#include <optional>

#include "base/text.h"

namespace dosql::sqlite {
namespace {

thread_local std::optional<Error> last_port_error;

Code code_of(int result) {
  switch (result & 0xff) {
    case SQLITE_CONSTRAINT:
      return Code::kConstraint;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return result == SQLITE_BUSY_SNAPSHOT ? Code::kBusySnapshot : Code::kBusy;
    case SQLITE_READONLY:
      return Code::kReadOnly;
    case SQLITE_FULL:
      return Code::kDiskFull;
    case SQLITE_IOERR:
      return Code::kIo;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return Code::kCorrupt;
    case SQLITE_INTERRUPT:
      return Code::kInterrupted;
    case SQLITE_TOOBIG:
    case SQLITE_NOMEM:
      return Code::kTooBig;
    case SQLITE_CANTOPEN:
      return Code::kNotFound;
    case SQLITE_MISUSE:
    case SQLITE_RANGE:
      return Code::kInvalidArgument;
    default:
      return Code::kSql;
  }
}

// A port's error explains these results; others are SQLite's own.
bool may_come_from_port(int result) {
  switch (result & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_PERM:
    case SQLITE_READONLY:
    case SQLITE_FULL:
    case SQLITE_IOERR:
    case SQLITE_CORRUPT:
    case SQLITE_CANTOPEN:
    case SQLITE_NOTADB:
      return true;
    default:
      return false;
  }
}

}  // namespace

void set_port_error(Error error) {
  last_port_error = std::move(error);
}
void clear_port_error() {
  last_port_error.reset();
}
const Error* port_error() {
  return last_port_error ? &*last_port_error : nullptr;
}

std::string position_of(std::string_view sql, size_t offset) {
  size_t line = 1;
  size_t column = 1;
  for (size_t i = 0; i < offset && i < sql.size(); ++i) {
    if (sql[i] == '\n') {
      ++line;
      column = 1;
    } else if ((static_cast<unsigned char>(sql[i]) & 0xc0) != 0x80) {
      ++column;
    }
  }
  return str_cat({"line ", std::to_string(line), ", column ", std::to_string(column)});
}

Result<void> refuse_nul_bytes(std::string_view sql) {
  const size_t at = sql.find('\0');
  if (at == std::string_view::npos) return {};
  return fail(Code::kSql, str_cat({"the SQL text has a NUL byte (", position_of(sql, at),
                                   "): take it out, or bind it as a parameter"}));
}

std::unexpected<Error> sqlite_failure(sqlite3* db, int code, SqlPosition at) {
  if (last_port_error && may_come_from_port(code)) return std::unexpected(*last_port_error);
  std::string message = db == nullptr ? sqlite3_errstr(code) : sqlite3_errmsg(db);
  const int offset = db == nullptr || at.sql.empty() ? -1 : sqlite3_error_offset(db);
  if (offset >= 0) {
    message += str_cat({" (", position_of(at.sql, at.start + static_cast<size_t>(offset)), ")"});
  }
  return fail(code_of(code), std::move(message));
}

}  // namespace dosql::sqlite
