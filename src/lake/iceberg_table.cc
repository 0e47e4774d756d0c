#include "lake/iceberg_table.h"

#include <algorithm>
#include <charconv>

#include "base/text.h"
#include "iceberg/bounds.h"

namespace dosql::lake {
namespace {

using duck::ColumnType;
using duck::Int128;
using iceberg::TypeKind;

constexpr const char* kKeyRequiredProperty = "dosql.key-required";
constexpr const char* kRowidProperty = "dosql.rowid-field";
constexpr const char* kExtraProperty = "dosql.extra-field";

iceberg::Type iceberg_type(const LakeType& type) {
  switch (type.type) {
    case ColumnType::kBoolean:
      return {.kind = TypeKind::kBoolean};
    case ColumnType::kLong:
      return {.kind = TypeKind::kLong};
    case ColumnType::kDouble:
      return {.kind = TypeKind::kDouble};
    case ColumnType::kString:
      return {.kind = TypeKind::kString};
    case ColumnType::kBinary:
      return {.kind = TypeKind::kBinary};
    case ColumnType::kDate:
      return {.kind = TypeKind::kDate};
    case ColumnType::kTimestamp:
      return {.kind = TypeKind::kTimestamp};
    case ColumnType::kDecimal:
      return {.kind = TypeKind::kDecimal, .precision = type.precision, .scale = type.scale};
  }
  return {};
}

std::optional<LakeType> lake_type(const iceberg::Type& type) {
  switch (type.kind) {
    case TypeKind::kBoolean:
      return LakeType{ColumnType::kBoolean};
    case TypeKind::kLong:
      return LakeType{ColumnType::kLong};
    case TypeKind::kDouble:
      return LakeType{ColumnType::kDouble};
    case TypeKind::kString:
      return LakeType{ColumnType::kString};
    case TypeKind::kBinary:
      return LakeType{ColumnType::kBinary};
    case TypeKind::kDate:
      return LakeType{ColumnType::kDate};
    case TypeKind::kTimestamp:
      return LakeType{ColumnType::kTimestamp};
    case TypeKind::kDecimal:
      return LakeType{ColumnType::kDecimal, type.precision, type.scale};
    default:
      return std::nullopt;
  }
}

iceberg::Field iceberg_field(const LakeColumn& column, const Layout& layout) {
  const bool is_key = std::ranges::find(layout.key, column.field_id) != layout.key.end();
  return {.id = column.field_id,
          .name = column.name,
          .is_required = is_key && layout.key_is_required,
          .type = iceberg_type(column.type),
          .initial_default = {},
          .write_default = {}};
}

int property_number(const iceberg::TableMetadata& metadata, const char* name) {
  const auto at = metadata.properties.find(name);
  int number = 0;
  if (at == metadata.properties.end()) return number;
  const std::string& text = at->second;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

std::vector<int> parse_ids(std::string_view text) {
  std::vector<int> ids;
  while (!text.empty()) {
    int id = 0;
    const auto parsed = std::from_chars(text.data(), text.data() + text.size(), id);
    ids.push_back(id);
    text.remove_prefix(static_cast<size_t>(parsed.ptr - text.data()));
    text.remove_prefix(text.starts_with(',') ? 1 : text.size());
  }
  return ids;
}

Buffer fixed_bound(ColumnType type, const duck::Scalar& value) {
  switch (type) {
    case ColumnType::kBoolean:
      return iceberg::bound_of_boolean(std::get<bool>(value));
    case ColumnType::kDate:
      return iceberg::bound_of_int(static_cast<int32_t>(std::get<int64_t>(value)));
    case ColumnType::kDouble:
      return iceberg::bound_of_double(std::get<double>(value));
    case ColumnType::kDecimal:
      return iceberg::bound_of_decimal(std::get<Int128>(value));
    default:
      return iceberg::bound_of_long(std::get<int64_t>(value));
  }
}

void add_bounds(const duck::ParquetColumn& column, ColumnType type, iceberg::DataFile& file) {
  if (!column.stats.min.has_value() || !column.stats.max.has_value()) return;
  const duck::Scalar& min = *column.stats.min;
  const duck::Scalar& max = *column.stats.max;
  if (type != ColumnType::kString && type != ColumnType::kBinary) {
    file.lower_bounds[column.field_id] = fixed_bound(type, min);
    file.upper_bounds[column.field_id] = fixed_bound(type, max);
    return;
  }
  const std::string& low = std::get<std::string>(min);
  const std::string& high = std::get<std::string>(max);
  const bool is_text = type == ColumnType::kString;
  file.lower_bounds[column.field_id] =
      is_text ? iceberg::lower_bound_of_string(low) : iceberg::lower_bound_of_binary(as_bytes(low));
  auto upper = is_text ? iceberg::upper_bound_of_string(high)
                       : iceberg::upper_bound_of_binary(as_bytes(high));
  if (upper.has_value()) file.upper_bounds[column.field_id] = std::move(*upper);
}

}  // namespace

iceberg::Schema schema_of(const Layout& layout) {
  iceberg::Schema schema;
  if (layout.rowid.has_value()) schema.fields.push_back(iceberg_field(*layout.rowid, layout));
  for (const Field& field : layout.fields) {
    schema.fields.push_back(iceberg_field(field.column, layout));
    schema.fields.back().initial_default = field.initial_default;
    schema.fields.back().write_default = field.initial_default;
  }
  if (layout.extra.field_id != 0) schema.fields.push_back(iceberg_field(layout.extra, layout));
  if (layout.key_is_required) schema.identifier_field_ids = layout.key;
  return schema;
}

void set_properties(const Layout& layout, std::map<std::string, std::string>& properties) {
  std::string key;
  for (const int id : layout.key) key += str_cat({key.empty() ? "" : ",", std::to_string(id)});
  properties[kKeyProperty] = key;
  properties[kKeyRequiredProperty] = layout.key_is_required ? "true" : "false";
  properties.erase(kRowidProperty);
  properties.erase(kExtraProperty);
  if (layout.rowid.has_value()) {
    properties[kRowidProperty] = std::to_string(layout.rowid->field_id);
  }
  if (layout.extra.field_id != 0)
    properties[kExtraProperty] = std::to_string(layout.extra.field_id);
}

Result<Layout> layout_of(const iceberg::TableMetadata& metadata) {
  const auto key = metadata.properties.find(kKeyProperty);
  if (key == metadata.properties.end()) {
    return fail(Code::kUnsupported,
                str_cat({"the table at ", metadata.location, " was not written by this lake"}));
  }
  Layout layout;
  layout.key = parse_ids(key->second);
  const auto required = metadata.properties.find(kKeyRequiredProperty);
  layout.key_is_required = required != metadata.properties.end() && required->second == "true";
  layout.last_field_id = metadata.last_column_id;
  layout.extra = {.name = "_extra", .type = {ColumnType::kString}, .field_id = 0, .source = 0};
  const int rowid = property_number(metadata, kRowidProperty);
  const int extra = property_number(metadata, kExtraProperty);
  for (const iceberg::Field& field : metadata.current_schema().fields) {
    const auto type = lake_type(field.type);
    if (!type.has_value()) {
      return fail(Code::kUnsupported,
                  str_cat({"column \"", field.name, "\" of ", metadata.location, " has the type ",
                           iceberg::to_string(field.type), ", which this lake does not write"}));
    }
    LakeColumn column{field.name, *type, field.id, layout.fields.size()};
    if (field.id == rowid) {
      layout.rowid = std::move(column);
    } else if (field.id == extra) {
      layout.extra = std::move(column);
    } else {
      layout.fields.push_back({std::move(column), field.initial_default});
    }
  }
  return layout;
}

iceberg::DataFile data_file_of(const duck::ParquetFile& file, const Layout& layout,
                               std::string uri) {
  iceberg::DataFile entry;
  entry.path = std::move(uri);
  entry.format = "PARQUET";
  entry.record_count = static_cast<int64_t>(file.row_count);
  entry.file_size = static_cast<int64_t>(file.size_bytes);
  for (const duck::Column& column : layout.row_layout().buffer_columns()) {
    const auto at =
        std::ranges::find(file.columns, column.field_id, &duck::ParquetColumn::field_id);
    if (at == file.columns.end()) continue;
    const int id = at->field_id;
    if (at->size_bytes > 0) entry.column_sizes[id] = static_cast<int64_t>(at->size_bytes);
    entry.value_counts[id] = static_cast<int64_t>(at->value_count);
    entry.null_value_counts[id] = static_cast<int64_t>(at->stats.null_count);
    if (column.type == ColumnType::kDouble) {
      entry.nan_value_counts[id] = static_cast<int64_t>(at->stats.nan_count);
    }
    add_bounds(*at, column.type, entry);
  }
  return entry;
}

}  // namespace dosql::lake
