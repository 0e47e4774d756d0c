#include "sqlite/script.h"

#include <sqlite3.h>

#include <climits>

#include "sqlite/error.h"

namespace dosql::sqlite {

Result<Statement> Script::next(Connection& connection) {
  clear_port_error();
  if (text_.size() >= INT_MAX) return fail(Code::kTooBig, "the SQL text is longer than 2 GiB");
  if (done_ == 0) DOSQL_TRY(refuse_nul_bytes(text_));
  while (done_ < text_.size()) {
    sqlite3_stmt* statement = nullptr;
    const char* tail = nullptr;
    const int result =
        sqlite3_prepare_v2(connection.handle(), text_.c_str() + done_,
                           static_cast<int>(text_.size() - done_ + 1), &statement, &tail);
    if (result != SQLITE_OK) return sqlite_failure(connection.handle(), result, {text_, done_});
    done_ = static_cast<size_t>(tail - text_.c_str());
    if (statement != nullptr) return Statement(statement);
  }
  return Statement();
}

}  // namespace dosql::sqlite
