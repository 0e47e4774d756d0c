#include "duck/bridges_impl.h"

#include <cstring>

namespace dosql::duck {
namespace {

using SharedBridges = std::shared_ptr<Bridges>;
using TableFunction = Handle<duckdb_table_function, duckdb_destroy_table_function>;
using ScalarFunction = Handle<duckdb_scalar_function, duckdb_destroy_scalar_function>;

void delete_bridges(void* bridges) noexcept {
  delete static_cast<SharedBridges*>(bridges);
}

TypeHandle type_handle(const Column& column) {
  switch (column.type) {
    case ColumnType::kBoolean:
      return TypeHandle(duckdb_create_logical_type(DUCKDB_TYPE_BOOLEAN));
    case ColumnType::kLong:
      return TypeHandle(duckdb_create_logical_type(DUCKDB_TYPE_BIGINT));
    case ColumnType::kDouble:
      return TypeHandle(duckdb_create_logical_type(DUCKDB_TYPE_DOUBLE));
    case ColumnType::kString:
      return TypeHandle(duckdb_create_logical_type(DUCKDB_TYPE_VARCHAR));
    case ColumnType::kBinary:
      return TypeHandle(duckdb_create_logical_type(DUCKDB_TYPE_BLOB));
    case ColumnType::kDate:
      return TypeHandle(duckdb_create_logical_type(DUCKDB_TYPE_DATE));
    case ColumnType::kTimestamp:
      return TypeHandle(duckdb_create_logical_type(DUCKDB_TYPE_TIMESTAMP));
    case ColumnType::kDecimal:
      return TypeHandle(duckdb_create_decimal_type(static_cast<uint8_t>(column.precision),
                                                   static_cast<uint8_t>(column.scale)));
  }
  return {};
}

// --- dosql_rows(id): bind finds the buffer, init starts at its first chunk, each call emits one.

struct Scan {
  std::vector<idx_t> columns;  // of the buffer, in the order asked for
  size_t chunk = 0;
};

void delete_scan(void* scan) noexcept {
  delete static_cast<Scan*>(scan);
}

void bind_rows(duckdb_bind_info info) noexcept {
  const auto& bridges = *static_cast<SharedBridges*>(duckdb_bind_get_extra_info(info));
  const ValueHandle parameter(duckdb_bind_get_parameter(info, 0));
  const RowBuffer* rows = bridges->rows.find(duckdb_get_uint64(parameter.get()));
  if (rows == nullptr) return duckdb_bind_set_error(info, "dosql_rows: these rows are gone");
  for (const Column& column : rows->columns()) {
    duckdb_bind_add_result_column(info, column.name.c_str(), type_handle(column).get());
  }
  duckdb_bind_set_cardinality(info, rows->row_count(), true);
  duckdb_bind_set_bind_data(info, const_cast<RowBuffer*>(rows), nullptr);
}

void init_rows(duckdb_init_info info) noexcept {
  auto scan = std::make_unique<Scan>();
  for (idx_t i = 0; i < duckdb_init_get_column_count(info); ++i) {
    scan->columns.push_back(duckdb_init_get_column_index(info, i));
  }
  // One thread: COPY then keeps the order of the rows, which gives each its position.
  duckdb_init_set_max_threads(info, 1);
  duckdb_init_set_init_data(info, scan.release(), delete_scan);
}

void emit_rows(duckdb_function_info info, duckdb_data_chunk output) noexcept {
  const auto& rows = *static_cast<const RowBuffer*>(duckdb_function_get_bind_data(info));
  auto& scan = *static_cast<Scan*>(duckdb_function_get_init_data(info));
  if (scan.chunk >= rows.chunk_count()) return duckdb_data_chunk_set_size(output, 0);
  const size_t count = rows.chunk_rows(scan.chunk);
  for (size_t i = 0; i < scan.columns.size(); ++i) {
    const idx_t column = scan.columns[i];
    if (column >= rows.columns().size()) continue;  // row id pseudo column of count(*)
    duckdb_vector vector = duckdb_data_chunk_get_vector(output, i);
    std::memcpy(duckdb_vector_get_data(vector), rows.chunk_values(scan.chunk, column),
                count * rows.width(column));
    duckdb_vector_ensure_validity_writable(vector);
    std::memcpy(duckdb_vector_get_validity(vector), rows.chunk_validity(scan.chunk, column),
                (count + 63) / 64 * sizeof(uint64_t));
  }
  duckdb_data_chunk_set_size(output, count);
  ++scan.chunk;
}

Result<void> register_rows(duckdb_connection connection, const SharedBridges& bridges) {
  TableFunction function(duckdb_create_table_function());
  duckdb_table_function_set_name(function.get(), "dosql_rows");
  const TypeHandle id(duckdb_create_logical_type(DUCKDB_TYPE_UBIGINT));
  duckdb_table_function_add_parameter(function.get(), id.get());
  duckdb_table_function_set_extra_info(function.get(), new SharedBridges(bridges), delete_bridges);
  duckdb_table_function_set_bind(function.get(), bind_rows);
  duckdb_table_function_set_init(function.get(), init_rows);
  duckdb_table_function_set_function(function.get(), emit_rows);
  duckdb_table_function_supports_projection_pushdown(function.get(), true);
  if (duckdb_register_table_function(connection, function.get()) != DuckDBSuccess) {
    return fail(Code::kInternal, "duckdb refused to register dosql_rows");
  }
  return {};
}

// --- keep_row(id, file_index, file_row_number)

void keep_rows(duckdb_function_info info, duckdb_data_chunk input, duckdb_vector output) noexcept {
  const auto& bridges = *static_cast<SharedBridges*>(duckdb_scalar_function_get_extra_info(info));
  const idx_t count = duckdb_data_chunk_get_size(input);
  if (count == 0) return;
  const auto column = [input](idx_t i) {
    return duckdb_vector_get_data(duckdb_data_chunk_get_vector(input, i));
  };
  const auto filter = bridges->filters.find(*static_cast<const uint64_t*>(column(0)));
  if (filter == nullptr) {
    return duckdb_scalar_function_set_error(info, "keep_row: this filter is gone");
  }
  filter->keep({static_cast<const uint64_t*>(column(1)), count},
               {static_cast<const int64_t*>(column(2)), count},
               static_cast<bool*>(duckdb_vector_get_data(output)));
}

Result<void> register_filter(duckdb_connection connection, const SharedBridges& bridges) {
  ScalarFunction function(duckdb_create_scalar_function());
  duckdb_scalar_function_set_name(function.get(), "keep_row");
  const TypeHandle unsigned_type(duckdb_create_logical_type(DUCKDB_TYPE_UBIGINT));
  const TypeHandle signed_type(duckdb_create_logical_type(DUCKDB_TYPE_BIGINT));
  const TypeHandle boolean(duckdb_create_logical_type(DUCKDB_TYPE_BOOLEAN));
  duckdb_scalar_function_add_parameter(function.get(), unsigned_type.get());
  duckdb_scalar_function_add_parameter(function.get(), unsigned_type.get());
  duckdb_scalar_function_add_parameter(function.get(), signed_type.get());
  duckdb_scalar_function_set_return_type(function.get(), boolean.get());
  duckdb_scalar_function_set_extra_info(function.get(), new SharedBridges(bridges), delete_bridges);
  duckdb_scalar_function_set_function(function.get(), keep_rows);
  if (duckdb_register_scalar_function(connection, function.get()) != DuckDBSuccess) {
    return fail(Code::kInternal, "duckdb refused to register keep_row");
  }
  return {};
}

}  // namespace

Result<void> register_bridges(duckdb_connection connection, std::shared_ptr<Bridges> bridges) {
  DOSQL_TRY(register_rows(connection, bridges));
  return register_filter(connection, bridges);
}

}  // namespace dosql::duck
