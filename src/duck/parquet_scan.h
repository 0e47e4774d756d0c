// SQL that reads the rows of a table from its Parquet files by field id, so that renamed and added
// columns come out right, without the rows that a filter says are dead.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "duck/database.h"
#include "duck/row_buffer.h"

namespace dosql::duck {

struct ScanColumn {
  Column column;
  std::optional<std::string> default_sql;  // a literal for files without the column; else NULL
};

struct ParquetScan {
  std::vector<ScanColumn> columns;
  std::vector<std::string> paths;
  const Shared* filter = nullptr;  // share_filter of the paths in this order; null: all rows live
  bool with_position = false;      // adds columns file_index UBIGINT and file_row_number BIGINT
};

// A SELECT (without trailing semicolon). With no paths it yields no rows.
[[nodiscard]] std::string scan_sql(const ParquetScan& scan);

}  // namespace dosql::duck
