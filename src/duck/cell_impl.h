// Cells of DuckDB vectors as our values and as text. For this folder's .cc files alone.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "duck/handles_impl.h"
#include "duck/rows.h"

namespace dosql::duck {

// A vector and its type, for reading. The vector's chunk and the type outlive it.
struct VectorView {
  duckdb_vector vector = nullptr;
  duckdb_logical_type type = nullptr;
};

[[nodiscard]] bool is_null(duckdb_vector vector, idx_t row);
// VARCHAR, BLOB, BIT and BIGNUM: the bytes of a cell that is not NULL.
[[nodiscard]] std::string_view cell_bytes(duckdb_vector vector, idx_t row);
[[nodiscard]] Value cell_value(const VectorView& view, idx_t row);
// As DuckDB shows it in a cast to VARCHAR, NULL included (inside lists and structs).
[[nodiscard]] std::string cell_text(const VectorView& view, idx_t row);
// Bytes of a cell of a fixed width; 0 for all other types.
[[nodiscard]] size_t fixed_width(duckdb_logical_type type);
// Whether cell_text knows the type and everything inside it.
[[nodiscard]] bool is_readable(duckdb_logical_type type);

}  // namespace dosql::duck
