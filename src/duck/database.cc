#include "duck/database.h"

#include "base/text.h"
#include "duck/bridges_impl.h"
#include "duck/connection_impl.h"
#include "duck/handles_impl.h"
#include "duck/rows_impl.h"
#include "duck/sql_text.h"

namespace dosql::duck {

struct Database::Impl {
  DatabaseHandle handle;
  std::shared_ptr<Bridges> bridges = std::make_shared<Bridges>();
};

namespace {

// No cache of file contents: the system has one, and a check of files must see them as they are.
// Directories first: they can only be set while file access is still on; then the door is locked.
std::string settings_sql(const Options& options) {
  std::string sql =
      "SET autoinstall_known_extensions=false; SET autoload_known_extensions=false; "
      "SET allow_community_extensions=false; SET preserve_insertion_order=true; "
      "SET enable_external_file_cache=false; ";
  if (options.threads > 0) sql += str_cat({"SET threads=", std::to_string(options.threads), "; "});
  sql += str_cat({"SET memory_limit='", std::to_string(options.memory_bytes_max), "B'; "});
  sql += str_cat({"SET temp_directory=", quote_text(options.temp_directory), "; "});
  sql += "SET allowed_directories=[";
  for (const std::string& directory : options.directories) {
    const std::string_view slash = directory.ends_with('/') ? "" : "/";
    sql += quote_text(str_cat({directory, slash})) + ",";
  }
  return sql + "]; SET enable_external_access=false; SET lock_configuration=true;";
}

// Takes `word` from the front of `sql` when it is there.
bool skip_word(std::string_view& sql, std::string_view word) {
  const std::string_view rest = sql.substr(std::min(sql.find_first_not_of(" \t\r\n"), sql.size()));
  if (!equals_ignoring_case(rest.substr(0, word.size()), word)) return false;
  if (rest.size() > word.size() &&
      (std::isalnum(static_cast<unsigned char>(rest[word.size()])) != 0 ||
       rest[word.size()] == '_')) {
    return false;
  }
  sql = rest.substr(word.size());
  return true;
}

Result<void> bind_value(duckdb_prepared_statement statement, idx_t index, const Value& value) {
  ValueHandle bound;
  if (const auto* flag = std::get_if<bool>(&value)) {
    bound = ValueHandle(duckdb_create_bool(*flag));
  } else if (const auto* integer = std::get_if<int64_t>(&value)) {
    bound = ValueHandle(duckdb_create_int64(*integer));
  } else if (const auto* real = std::get_if<double>(&value)) {
    bound = ValueHandle(duckdb_create_double(*real));
  } else if (const auto* text = std::get_if<std::string>(&value)) {
    bound = ValueHandle(duckdb_create_varchar_length(text->data(), text->size()));
  } else if (const auto* blob = std::get_if<Blob>(&value)) {
    const auto* bytes = reinterpret_cast<const uint8_t*>(blob->bytes.data());
    bound = ValueHandle(duckdb_create_blob(bytes, blob->bytes.size()));
  } else {
    bound = ValueHandle(duckdb_create_null_value());
  }
  if (duckdb_bind_value(statement, index, bound.get()) != DuckDBSuccess) {
    return duck_error(DUCKDB_ERROR_BINDER, duckdb_prepare_error(statement));
  }
  return {};
}

Result<void> describe_columns(Rows::Impl& rows) {
  const idx_t count = duckdb_column_count(rows.result.get());
  rows.vectors.resize(count);
  for (idx_t column = 0; column < count; ++column) {
    rows.names.emplace_back(duckdb_column_name(rows.result.get(), column));
    rows.types.emplace_back(duckdb_column_logical_type(rows.result.get(), column));
    rows.widths.push_back(fixed_width(rows.types.back().get()));
    rows.type_names.push_back(type_name(rows.types.back().get()));
    if (!is_readable(rows.types.back().get())) {
      return fail(Code::kUnsupported, str_cat({"column \"", rows.names.back(),
                                               "\" has a type that cannot be shown: cast it to "
                                               "VARCHAR"}));
    }
  }
  return {};
}

}  // namespace

Database::Database(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Database::~Database() = default;

Result<std::unique_ptr<Database>> Database::open(const Options& options) {
  auto impl = std::make_unique<Impl>();
  char* error = nullptr;
  if (duckdb_open_ext(nullptr, impl->handle.out(), nullptr, &error) != DuckDBSuccess) {
    return fail(Code::kInternal, "duckdb does not start: " + take_text(error));
  }
  auto database = std::make_unique<Database>(std::move(impl));
  DOSQL_TRY(auto connection, Connection::open(*database));
  DOSQL_TRY(connection->run(settings_sql(options)));
  ConnectionHandle registrar;
  if (duckdb_connect(database->impl_->handle.get(), registrar.out()) != DuckDBSuccess) {
    return fail(Code::kInternal, "duckdb refuses a connection");
  }
  DOSQL_TRY(register_bridges(registrar.get(), database->impl_->bridges));
  return database;
}

Shared Database::share_rows(const RowBuffer& rows) {
  const uint64_t id = impl_->bridges->next_id++;
  impl_->bridges->rows.add(id, &rows);
  const auto remove = [bridges = impl_->bridges, id](void*) { bridges->rows.remove(id); };
  return Shared(id, std::shared_ptr<void>(nullptr, remove));
}

std::string Database::rows_sql(const Shared& shared) {
  return str_cat({"dosql_rows(", std::to_string(shared.id()), "::UBIGINT)"});
}

Shared Database::share_filter(std::shared_ptr<const RowFilter> filter) {
  const uint64_t id = impl_->bridges->next_id++;
  impl_->bridges->filters.add(id, std::move(filter));
  const auto remove = [bridges = impl_->bridges, id](void*) { bridges->filters.remove(id); };
  return Shared(id, std::shared_ptr<void>(nullptr, remove));
}

Connection::Connection(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Connection::~Connection() = default;

Result<std::unique_ptr<Connection>> Connection::open(Database& database) {
  auto impl = std::make_unique<Impl>();
  if (duckdb_connect(database.impl().handle.get(), impl->handle.out()) != DuckDBSuccess) {
    return fail(Code::kInternal, "duckdb refuses a connection");
  }
  return std::make_unique<Connection>(std::move(impl));
}

Result<void> Connection::run(const std::string& sql) {
  ResultHandle result;
  if (duckdb_query(impl_->handle.get(), sql.c_str(), result.get()) != DuckDBSuccess) {
    return result.error();
  }
  return {};
}

Result<std::unique_ptr<Rows>> Connection::query(const std::string& sql,
                                                std::span<const Value> params) {
  auto rows = std::make_unique<Rows::Impl>();
  if (duckdb_prepare(impl_->handle.get(), sql.c_str(), rows->prepared.out()) != DuckDBSuccess) {
    return duck_error(DUCKDB_ERROR_PARSER, duckdb_prepare_error(rows->prepared.get()));
  }
  for (size_t i = 0; i < params.size(); ++i) {
    DOSQL_TRY(bind_value(rows->prepared.get(), i + 1, params[i]));
  }
  if (duckdb_execute_prepared_streaming(rows->prepared.get(), rows->result.get()) !=
      DuckDBSuccess) {
    return rows->result.error();
  }
  DOSQL_TRY(describe_columns(*rows));
  return std::make_unique<Rows>(std::move(rows));
}

Result<bool> Connection::is_read_only(const std::string& sql) {
  std::string_view explained = sql;
  if (skip_word(explained, "EXPLAIN")) {
    skip_word(explained, "ANALYZE");
    return is_read_only(std::string(explained));
  }
  ExtractedHandle extracted;
  const idx_t count = duckdb_extract_statements(impl_->handle.get(), sql.c_str(), extracted.out());
  if (count == 0) {
    const char* error = duckdb_extract_statements_error(extracted.get());
    return duck_error(DUCKDB_ERROR_PARSER, error == nullptr ? "the statement is empty" : error);
  }
  if (count > 1) return false;
  PreparedHandle prepared;
  if (duckdb_prepare_extracted_statement(impl_->handle.get(), extracted.get(), 0, prepared.out()) !=
      DuckDBSuccess) {
    return duck_error(DUCKDB_ERROR_BINDER, duckdb_prepare_error(prepared.get()));
  }
  const duckdb_statement_type type = duckdb_prepared_statement_type(prepared.get());
  return type == DUCKDB_STATEMENT_TYPE_SELECT;
}

std::optional<std::vector<std::vector<std::string>>> Connection::table_names(
    const std::string& sql) {
  const ValueHandle names(duckdb_get_table_names(impl_->handle.get(), sql.c_str(), true));
  if (!names || duckdb_get_list_size(names.get()) == 0) return std::nullopt;
  std::vector<std::vector<std::string>> tables;
  for (idx_t i = 0; i < duckdb_get_list_size(names.get()); ++i) {
    const ValueHandle name(duckdb_get_list_child(names.get(), i));
    tables.push_back(split_name(take_text(duckdb_get_varchar(name.get()))));
  }
  return tables;
}

void Connection::interrupt() {
  duckdb_interrupt(impl_->handle.get());
}

}  // namespace dosql::duck
