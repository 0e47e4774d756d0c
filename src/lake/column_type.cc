#include "lake/column_type.h"

#include <charconv>
#include <initializer_list>
#include <string>

#include "base/text.h"

namespace dosql::lake {
namespace {

using duck::ColumnType;

std::string_view trim(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  return text;
}

// The number at the front of `text`, -1 when there is none; takes it and the blanks around it.
int take_number(std::string_view& text) {
  text = trim(text);
  int number = -1;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), number);
  if (parsed.ec != std::errc()) return -1;
  text.remove_prefix(static_cast<size_t>(parsed.ptr - text.data()));
  text = trim(text);
  return number;
}

// `arguments` is what stands behind the type's name: "(10,2)".
LakeType decimal_or_double(std::string_view arguments) {
  const LakeType approximate{.type = ColumnType::kDouble};
  if (!arguments.starts_with('(')) return approximate;
  arguments.remove_prefix(1);
  const int precision = take_number(arguments);
  int scale = 0;
  if (arguments.starts_with(',')) {
    arguments.remove_prefix(1);
    scale = take_number(arguments);
  }
  const bool is_valid =
      arguments == ")" && precision >= 1 && precision <= 38 && scale >= 0 && scale <= precision;
  if (!is_valid) return approximate;
  return {.type = ColumnType::kDecimal, .precision = precision, .scale = scale};
}

bool is_one_of(std::string_view name, std::initializer_list<std::string_view> names) {
  for (const std::string_view candidate : names) {
    if (name == candidate) return true;
  }
  return false;
}

bool contains_one_of(std::string_view name, std::initializer_list<std::string_view> parts) {
  for (const std::string_view part : parts) {
    if (name.find(part) != std::string_view::npos) return true;
  }
  return false;
}

}  // namespace

LakeType lake_type_of(std::string_view declared) {
  const std::string lower = to_lower(trim(declared));
  const size_t arguments_at = lower.find('(');
  const std::string_view name = trim(std::string_view(lower).substr(0, arguments_at));
  const std::string_view arguments =
      arguments_at == std::string::npos ? "" : std::string_view(lower).substr(arguments_at);
  if (is_one_of(name, {"boolean", "bool"})) return {.type = ColumnType::kBoolean};
  if (name == "date") return {.type = ColumnType::kDate};
  if (name == "datetime" || name.starts_with("timestamp")) return {.type = ColumnType::kTimestamp};
  if (is_one_of(name, {"decimal", "numeric"})) return decimal_or_double(arguments);
  if (is_one_of(name, {"number", "money"})) return {.type = ColumnType::kDouble};
  if (is_one_of(name, {"binary", "varbinary", "bytea"})) return {.type = ColumnType::kBinary};
  // From here SQLite's own rules of affinity, in their order.
  if (contains_one_of(name, {"int"})) return {.type = ColumnType::kLong};
  if (contains_one_of(name, {"char", "clob", "text"})) return {.type = ColumnType::kString};
  if (contains_one_of(name, {"blob"})) return {.type = ColumnType::kBinary};
  if (contains_one_of(name, {"real", "floa", "doub"})) return {.type = ColumnType::kDouble};
  return {.type = ColumnType::kString};
}

bool keeps_apart(std::string_view declared) {
  switch (lake_type_of(declared).type) {
    case ColumnType::kBoolean:
    case ColumnType::kTimestamp:
      return false;
    case ColumnType::kString: {
      // Without a type nothing is converted on the way in: numbers and texts live side by side.
      const std::string name = to_lower(trim(declared));
      return !name.empty() && name != "any";
    }
    default:
      return true;
  }
}

}  // namespace dosql::lake
