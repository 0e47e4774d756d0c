// Script: SQL text of any number of statements, compiled one at a time. Takes time in proportion
// to its length (Connection::prepare copies what it is given).
// Thread rule: the thread that uses the connection.
#pragma once

#include <string>
#include <string_view>

#include "sqlite/connection.h"
#include "sqlite/statement.h"

namespace dosql::sqlite {

class Script {
 public:
  explicit Script(std::string_view text) : text_(text) {}

  // The next statement; is_empty() at the end. Text with a NUL byte is refused as a whole, since
  // SQLite would not see what follows it. Errors give lines of the script.
  Result<Statement> next(Connection& connection);

 private:
  const std::string text_;  // ends with a NUL byte: then SQLite makes no copy
  size_t done_ = 0;
};

}  // namespace dosql::sqlite
