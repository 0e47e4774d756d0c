// Rows: the whole result of a query, in memory. For results that do not fit, step a Statement.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include <dosql/value.h>

namespace dosql {

struct Rows {
  std::vector<std::string> columns;
  std::vector<std::vector<Value>> rows;

  [[nodiscard]] size_t size() const { return rows.size(); }
  [[nodiscard]] bool empty() const { return rows.empty(); }
  [[nodiscard]] const Value& at(size_t row, size_t column) const { return rows[row][column]; }
};

// What a statement that changes data did.
struct RunResult {
  int64_t changes = 0;  // rows changed by the statement
  int64_t last_insert_rowid = 0;
  std::string bookmark;  // of the commit; empty when nothing was committed
};

}  // namespace dosql
