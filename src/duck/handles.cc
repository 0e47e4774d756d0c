#include "duck/handles_impl.h"

#include "base/text.h"

namespace dosql::duck {
namespace {

Code code_of(duckdb_error_type type) {
  switch (type) {
    case DUCKDB_ERROR_INTERRUPT:
      return Code::kInterrupted;
    case DUCKDB_ERROR_OUT_OF_MEMORY:
      return Code::kTooBig;
    case DUCKDB_ERROR_IO:
      return Code::kIo;
    case DUCKDB_ERROR_FATAL:
    case DUCKDB_ERROR_INTERNAL:
      return Code::kInternal;
    default:
      return Code::kSql;
  }
}

std::string decimal_name(duckdb_logical_type type) {
  return str_cat({"DECIMAL(", std::to_string(duckdb_decimal_width(type)), ",",
                  std::to_string(duckdb_decimal_scale(type)), ")"});
}

std::string struct_name(duckdb_logical_type type) {
  std::string name = "STRUCT(";
  for (idx_t i = 0; i < duckdb_struct_type_child_count(type); ++i) {
    if (i > 0) name += ", ";
    name += take_text(duckdb_struct_type_child_name(type, i));
    name += ' ';
    name += type_name(TypeHandle(duckdb_struct_type_child_type(type, i)).get());
  }
  return name + ")";
}

std::string map_name(duckdb_logical_type type) {
  const TypeHandle key(duckdb_map_type_key_type(type));
  const TypeHandle value(duckdb_map_type_value_type(type));
  return str_cat({"MAP(", type_name(key.get()), ", ", type_name(value.get()), ")"});
}

}  // namespace

std::string take_text(char* text) {
  if (text == nullptr) return {};
  std::string copy(text);
  duckdb_free(text);
  return copy;
}

std::unexpected<Error> duck_error(duckdb_error_type type, const char* message) {
  std::string_view text = message == nullptr ? "unknown error" : message;
  text = text.substr(0, text.find("\n\nLINE "));
  std::string line(text);
  for (char& c : line) {
    if (c == '\n') c = ' ';
  }
  return fail(code_of(type), std::move(line));
}

std::unexpected<Error> ResultHandle::error() {
  return duck_error(duckdb_result_error_type(&result_), duckdb_result_error(&result_));
}

std::string type_name(duckdb_logical_type type) {
  switch (duckdb_get_type_id(type)) {
    case DUCKDB_TYPE_BOOLEAN:
      return "BOOLEAN";
    case DUCKDB_TYPE_TINYINT:
      return "TINYINT";
    case DUCKDB_TYPE_SMALLINT:
      return "SMALLINT";
    case DUCKDB_TYPE_INTEGER:
      return "INTEGER";
    case DUCKDB_TYPE_BIGINT:
      return "BIGINT";
    case DUCKDB_TYPE_UTINYINT:
      return "UTINYINT";
    case DUCKDB_TYPE_USMALLINT:
      return "USMALLINT";
    case DUCKDB_TYPE_UINTEGER:
      return "UINTEGER";
    case DUCKDB_TYPE_UBIGINT:
      return "UBIGINT";
    case DUCKDB_TYPE_FLOAT:
      return "FLOAT";
    case DUCKDB_TYPE_DOUBLE:
      return "DOUBLE";
    case DUCKDB_TYPE_TIMESTAMP:
      return "TIMESTAMP";
    case DUCKDB_TYPE_DATE:
      return "DATE";
    case DUCKDB_TYPE_TIME:
      return "TIME";
    case DUCKDB_TYPE_INTERVAL:
      return "INTERVAL";
    case DUCKDB_TYPE_HUGEINT:
      return "HUGEINT";
    case DUCKDB_TYPE_UHUGEINT:
      return "UHUGEINT";
    case DUCKDB_TYPE_VARCHAR:
      return "VARCHAR";
    case DUCKDB_TYPE_BLOB:
      return "BLOB";
    case DUCKDB_TYPE_TIMESTAMP_S:
      return "TIMESTAMP_S";
    case DUCKDB_TYPE_TIMESTAMP_MS:
      return "TIMESTAMP_MS";
    case DUCKDB_TYPE_TIMESTAMP_NS:
      return "TIMESTAMP_NS";
    case DUCKDB_TYPE_ENUM:
      return "ENUM";
    case DUCKDB_TYPE_UUID:
      return "UUID";
    case DUCKDB_TYPE_UNION:
      return "UNION";
    case DUCKDB_TYPE_BIT:
      return "BIT";
    case DUCKDB_TYPE_TIME_TZ:
      return "TIME WITH TIME ZONE";
    case DUCKDB_TYPE_TIMESTAMP_TZ:
      return "TIMESTAMP WITH TIME ZONE";
    case DUCKDB_TYPE_BIGNUM:
      return "BIGNUM";
    case DUCKDB_TYPE_SQLNULL:
      return "NULL";
    case DUCKDB_TYPE_TIME_NS:
      return "TIME_NS";
    case DUCKDB_TYPE_DECIMAL:
      return decimal_name(type);
    case DUCKDB_TYPE_STRUCT:
      return struct_name(type);
    case DUCKDB_TYPE_MAP:
      return map_name(type);
    case DUCKDB_TYPE_LIST:
      return type_name(TypeHandle(duckdb_list_type_child_type(type)).get()) + "[]";
    case DUCKDB_TYPE_ARRAY:
      return str_cat({type_name(TypeHandle(duckdb_array_type_child_type(type)).get()), "[",
                      std::to_string(duckdb_array_type_array_size(type)), "]"});
    default:
      return "UNKNOWN";
  }
}

}  // namespace dosql::duck
