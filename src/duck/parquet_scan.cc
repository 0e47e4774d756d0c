#include "duck/parquet_scan.h"

#include "base/text.h"
#include "duck/sql_text.h"

namespace dosql::duck {
namespace {

std::string empty_sql(const ParquetScan& scan) {
  std::string sql = "SELECT ";
  for (const ScanColumn& wanted : scan.columns) {
    sql +=
        str_cat({"NULL::", sql_type(wanted.column), " AS ", quote_name(wanted.column.name), ", "});
  }
  if (scan.with_position) sql += "0::UBIGINT AS file_index, 0::BIGINT AS file_row_number, ";
  return sql + "WHERE false";
}

std::string source_sql(const ParquetScan& scan) {
  std::string sql = "read_parquet([";
  for (const std::string& path : scan.paths) sql += quote_text(path) + ",";
  sql += "], schema=MAP{";
  std::string_view comma;
  for (const ScanColumn& wanted : scan.columns) {
    // The default is a text that DuckDB casts; a NULL must be bare.
    sql += str_cat({comma, std::to_string(wanted.column.field_id), ": {name: ",
                    quote_text(wanted.column.name), ", type: ", quote_text(sql_type(wanted.column)),
                    ", default_value: ", wanted.default_sql.value_or("NULL"), "}"});
    comma = ", ";
  }
  return sql + "})";
}

}  // namespace

std::string scan_sql(const ParquetScan& scan) {
  if (scan.paths.empty()) return empty_sql(scan);
  std::string sql = "SELECT ";
  for (const ScanColumn& wanted : scan.columns) sql += quote_name(wanted.column.name) + ", ";
  if (scan.with_position) sql += "file_index, file_row_number, ";
  sql += str_cat({"FROM ", source_sql(scan)});
  if (scan.filter != nullptr) {
    sql += str_cat({" WHERE keep_row(", std::to_string(scan.filter->id()),
                    "::UBIGINT, file_index, file_row_number)"});
  }
  return sql;
}

}  // namespace dosql::duck
