// How SQLite's failures become Errors, and how an Error of a page port travels through SQLite.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

struct sqlite3;

namespace dosql::sqlite {

// The newest error a page port gave on this thread, until the next call into SQLite clears it.
void set_port_error(Error error);
void clear_port_error();
[[nodiscard]] const Error* port_error();

// Where SQLite's error offsets count from: byte `start` of `sql`. Lines count in all of `sql`.
struct SqlPosition {
  std::string_view sql;
  size_t start = 0;
};

// The Error for `code`, a result of a call on `db` (null: no connection). `at.sql` is empty when
// there is no text to point into.
[[nodiscard]] std::unexpected<Error> sqlite_failure(sqlite3* db, int code, SqlPosition at = {});
// SQLite reads up to the first NUL byte; what follows would be passed over in silence.
[[nodiscard]] Result<void> refuse_nul_bytes(std::string_view sql);
// "line 2, column 7" of byte `offset`; columns count characters.
[[nodiscard]] std::string position_of(std::string_view sql, size_t offset);

}  // namespace dosql::sqlite
