// CsvTypes: names and types of a CSV file's columns, from all its records. A column is INTEGER or
// REAL when every field of it that is not NULL reads back to the same number, else TEXT: `007` and
// a number beyond 64 bits stay text. Thread rule: one thread.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/csv_reader.h"

namespace dosql::engine {

enum class CsvType : uint8_t { kNull, kInteger, kReal, kText };

// What one field can be read as.
[[nodiscard]] CsvType csv_type_of(std::string_view field);

// NULL: a field without quotes that is `null_text`.
[[nodiscard]] inline bool is_csv_null(const CsvField& field, std::string_view null_text) {
  return !field.is_quoted && field.text == null_text;
}

// Whether a first record looks like names: each there, each different, none a number.
[[nodiscard]] bool looks_like_header(std::span<const CsvField> fields);

struct CsvColumn {
  std::string name;
  CsvType type = CsvType::kNull;
};

class CsvTypes {
 public:
  explicit CsvTypes(std::string null_text) : null_text_(std::move(null_text)) {}

  // Names from a header; empty ones become c1, c2, ..., repeated ones get _2, _3, ...
  void set_names(std::span<const CsvField> header);
  // kInvalidArgument when the record has another number of fields than the first.
  Result<void> observe(std::span<const CsvField> record, size_t line);

  [[nodiscard]] const std::vector<CsvColumn>& columns() const { return columns_; }

 private:
  const std::string null_text_;
  std::vector<CsvColumn> columns_;
};

// INTEGER, REAL or TEXT; a column of NULLs is TEXT.
[[nodiscard]] std::string_view sql_type_of(CsvType type);

}  // namespace dosql::engine
