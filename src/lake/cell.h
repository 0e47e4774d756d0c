// Cell: a view of one value of a row, SQLite's five storage classes.
#pragma once

#include <cstdint>
#include <string_view>

namespace dosql::lake {

struct Cell {
  enum class Kind : uint8_t { kNull, kInteger, kReal, kText, kBlob };
  Kind kind = Kind::kNull;
  int64_t integer = 0;
  double real = 0;
  std::string_view bytes;  // text (UTF-8, not checked) or blob; the owner is the row's source

  static Cell of(int64_t value) { return {.kind = Kind::kInteger, .integer = value}; }
  static Cell of(double value) { return {.kind = Kind::kReal, .real = value}; }
  static Cell text(std::string_view value) { return {.kind = Kind::kText, .bytes = value}; }
  static Cell blob(std::string_view value) { return {.kind = Kind::kBlob, .bytes = value}; }
};

}  // namespace dosql::lake
