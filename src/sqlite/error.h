// How SQLite's failures become Errors, and how an Error of a page port travels through SQLite.
#pragma once

#include <string_view>

#include "base/result.h"

struct sqlite3;

namespace dosql::sqlite {

// The newest error a page port gave on this thread, until the next call into SQLite clears it.
void set_port_error(Error error);
void clear_port_error();
[[nodiscard]] const Error* port_error();

// The Error for `code`, a result of a call on `db` (null: no connection). `sql` is the text that
// error offsets count in; empty when there is none.
[[nodiscard]] std::unexpected<Error> sqlite_failure(sqlite3* db, int code,
                                                    std::string_view sql = {});

}  // namespace dosql::sqlite
