#include "duck/parquet_writer.h"

#include <charconv>
#include <unordered_map>

#include "base/text.h"
#include "duck/cell_impl.h"
#include "duck/connection_impl.h"
#include "duck/sql_text.h"

namespace dosql::duck {
namespace {

std::string copy_sql(const Shared& shared, const RowBuffer& rows, const std::string& path) {
  std::string names;
  std::string ids;
  for (const Column& column : rows.columns()) {
    if (column.field_id == 0) continue;
    names += quote_name(column.name) + ", ";
    ids += str_cat({quote_name(column.name), ": ", std::to_string(column.field_id), ", "});
  }
  return str_cat({"COPY (SELECT ", names, "FROM ", Database::rows_sql(shared), ") TO ",
                  quote_text(path), " (FORMAT parquet, COMPRESSION zstd, RETURN_STATS, FIELD_IDS {",
                  ids, "})"});
}

uint64_t parse_number(std::string_view text) {
  uint64_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

// Column name (as quoted in the statistics) -> compressed bytes, from the cell of type
// MAP(VARCHAR, MAP(VARCHAR, VARCHAR)) in row 0.
std::unordered_map<std::string, uint64_t> column_sizes(duckdb_vector statistics) {
  std::unordered_map<std::string, uint64_t> sizes;
  const auto range = *static_cast<const duckdb_list_entry*>(duckdb_vector_get_data(statistics));
  const duckdb_vector columns = duckdb_list_vector_get_child(statistics);
  const duckdb_vector names = duckdb_struct_vector_get_child(columns, 0);
  const duckdb_vector maps = duckdb_struct_vector_get_child(columns, 1);
  const duckdb_vector entries = duckdb_list_vector_get_child(maps);
  const duckdb_vector keys = duckdb_struct_vector_get_child(entries, 0);
  const duckdb_vector values = duckdb_struct_vector_get_child(entries, 1);
  for (idx_t i = range.offset; i < range.offset + range.length; ++i) {
    const auto inner = static_cast<const duckdb_list_entry*>(duckdb_vector_get_data(maps))[i];
    for (idx_t k = inner.offset; k < inner.offset + inner.length; ++k) {
      if (cell_bytes(keys, k) != "column_size_bytes") continue;
      sizes.emplace(cell_bytes(names, i), parse_number(cell_bytes(values, k)));
    }
  }
  return sizes;
}

// DuckDB quotes a path element in the statistics only where it has to or always, by version.
uint64_t size_of_column(const std::unordered_map<std::string, uint64_t>& sizes,
                        const std::string& name) {
  for (const std::string& key : {quote_name(name), name}) {
    if (const auto at = sizes.find(key); at != sizes.end()) return at->second;
  }
  return 0;
}

}  // namespace

Result<ParquetFile> write_parquet(Database& database, Connection& connection, const RowBuffer& rows,
                                  const std::string& path) {
  const Shared shared = database.share_rows(rows);
  ResultHandle result;
  const std::string sql = copy_sql(shared, rows, path);
  if (duckdb_query(connection.impl().handle.get(), sql.c_str(), result.get()) != DuckDBSuccess) {
    const Error error = result.error().error();
    return fail(error.code == Code::kSql ? Code::kIo : error.code,
                str_cat({"parquet file \"", path, "\" cannot be written: ", error.message}));
  }
  const ChunkHandle chunk(duckdb_fetch_chunk(*result.get()));
  // filename, count, file_size_bytes, footer_size_bytes, column_statistics, partition_keys
  if (!chunk || duckdb_column_count(result.get()) < 5) {
    return fail(Code::kInternal, "duckdb returned no statistics of the parquet file");
  }
  const auto vector = [&](idx_t i) { return duckdb_data_chunk_get_vector(chunk.get(), i); };
  const auto number = [&](idx_t i) {
    return *static_cast<uint64_t*>(duckdb_vector_get_data(vector(i)));
  };
  ParquetFile file{.path = path, .row_count = number(1), .size_bytes = number(2), .columns = {}};
  const auto sizes = column_sizes(vector(4));
  for (size_t i = 0; i < rows.columns().size(); ++i) {
    const Column& column = rows.columns()[i];
    if (column.field_id == 0) continue;
    file.columns.push_back({.field_id = column.field_id,
                            .size_bytes = size_of_column(sizes, column.name),
                            .value_count = file.row_count,
                            .stats = rows.stats(i)});
  }
  return file;
}

}  // namespace dosql::duck
