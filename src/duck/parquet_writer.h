// write_parquet: a RowBuffer as one Parquet file (zstd, field ids, row order kept).
// The format is DuckDB's COPY ... (FORMAT parquet); every column comes out OPTIONAL.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "duck/database.h"
#include "duck/row_buffer.h"

namespace dosql::duck {

struct ParquetColumn {
  int field_id = 0;
  uint64_t size_bytes = 0;   // compressed, in the file
  uint64_t value_count = 0;  // NULL and NaN included
  ColumnStats stats;
};

struct ParquetFile {
  std::string path;
  uint64_t row_count = 0;
  uint64_t size_bytes = 0;
  std::vector<ParquetColumn> columns;  // in the order of the buffer, those with a field id
};

// Creates or replaces the file at `path`, whose directory exists and is one the database may write.
// NOT synced: the caller syncs file and directory before anything refers to it. On an error a
// partial file may be left. Row i of the buffer is row i of the file.
Result<ParquetFile> write_parquet(Database& database, Connection& connection, const RowBuffer& rows,
                                  const std::string& path);

}  // namespace dosql::duck
