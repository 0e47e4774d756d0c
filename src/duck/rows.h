// Rows: the result of a query, read forward row by row.
// Thread rule: that of its Connection. The next query on the connection ends it.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/bytes.h"

namespace dosql::duck {

struct Blob {
  std::string bytes;
  bool operator==(const Blob&) const = default;
};

// Booleans, integers that fit 64 bits and floating point keep their kind, BLOBs their bytes; every
// other type (decimal, date, list, ...) is the text DuckDB shows for it.
using Value = std::variant<std::monostate, bool, int64_t, double, std::string, Blob>;

class Rows {
 public:
  ~Rows();

  [[nodiscard]] size_t column_count() const;
  [[nodiscard]] const std::string& column_name(size_t column) const;
  // As in SQL: BIGINT, DECIMAL(10,2), VARCHAR[], ...
  [[nodiscard]] const std::string& column_type(size_t column) const;

  // Moves to the next row (first call: the first); false at the end.
  Result<bool> next();
  // Of the current row.
  [[nodiscard]] Value value(size_t column) const;

  // Faster than value() for columns of exactly BIGINT / VARCHAR or BLOB. Views live until next().
  [[nodiscard]] bool is_null(size_t column) const;
  [[nodiscard]] int64_t int64_at(size_t column) const;
  [[nodiscard]] std::string_view bytes_at(size_t column) const;
  // As RowBuffer::raw_at, for the column types a RowBuffer has. Not for NULL.
  [[nodiscard]] std::string_view raw_at(size_t column) const;

  struct Impl;
  explicit Rows(std::unique_ptr<Impl> impl);

 private:
  std::unique_ptr<Impl> impl_;
};

}  // namespace dosql::duck
