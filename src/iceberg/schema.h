// Iceberg types and schemas, and their JSON.
// https://iceberg.apache.org/spec/#schemas-and-data-types
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace dosql::iceberg {

enum class TypeKind : uint8_t {
  kBoolean,
  kInt,
  kLong,
  kFloat,
  kDouble,
  kDecimal,
  kDate,
  kTime,
  kTimestamp,
  kTimestampTz,
  kString,
  kUuid,
  kFixed,
  kBinary,
};

struct Type {
  TypeKind kind = TypeKind::kString;
  int precision = 0;  // decimal
  int scale = 0;      // decimal
  int length = 0;     // fixed
  bool operator==(const Type&) const = default;
};

// "long", "decimal(10, 2)", "fixed[16]"
[[nodiscard]] std::string to_string(const Type& type);
// kUnsupported for what is no Type: nested ones, unknown names, precisions beyond 38.
Result<Type> parse_type(std::string_view text);

struct Field {
  int id = 0;
  std::string name;
  bool is_required = false;
  Type type;
  // JSON of single values ("42", "\"x\""); initial-default is for rows written before the column.
  std::optional<std::string> initial_default;
  std::optional<std::string> write_default;
  std::string doc;
  bool operator==(const Field&) const = default;
};

struct Schema {
  int id = 0;
  std::vector<Field> fields;
  std::vector<int> identifier_field_ids;
  bool operator==(const Schema&) const = default;
};

[[nodiscard]] std::string to_json(const Schema& schema);
Result<Schema> parse_schema(std::string_view json);

}  // namespace dosql::iceberg
