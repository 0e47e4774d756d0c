#include "lake/table_sql.h"

#include <algorithm>

#include "base/json_writer.h"
#include "base/text.h"
#include "duck/sql_text.h"

namespace dosql::lake {
namespace {

using duck::ColumnType;
using duck::Int128;

std::string decimal_text(Int128 unscaled, int scale) {
  const bool is_negative = unscaled < 0;
  std::string digits;
  for (Int128 left = is_negative ? -unscaled : unscaled; left > 0; left /= 10) {
    digits += static_cast<char>('0' + static_cast<int>(left % 10));
  }
  while (digits.size() <= static_cast<size_t>(scale)) digits += '0';
  std::ranges::reverse(digits);
  if (scale > 0) digits.insert(digits.size() - static_cast<size_t>(scale), ".");
  return is_negative ? "-" + digits : digits;
}

std::string blob_text(std::string_view bytes) {
  static constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string text;
  for (const char c : bytes) {
    const auto byte = static_cast<uint8_t>(c);
    text += "\\x";
    text += kHex[byte >> 4];
    text += kHex[byte & 15];
  }
  return text;
}

// The condition under which a row of the lake and one of `gone` are the same row.
std::string same_row(const std::vector<duck::ScanColumn>& columns, const Layout& layout,
                     bool by_all_columns) {
  std::string condition;
  for (const duck::ScanColumn& wanted : columns) {
    const int id = wanted.column.field_id;
    const bool is_key = std::ranges::find(layout.key, id) != layout.key.end();
    if (!is_key && !by_all_columns) continue;
    const std::string name = duck::quote_name(wanted.column.name);
    condition +=
        str_cat({condition.empty() ? "" : " AND ", "l.", name, " IS NOT DISTINCT FROM g.", name});
  }
  return condition;
}

}  // namespace

std::string default_sql(const duck::Column& column, const duck::Scalar& value) {
  std::string text;
  if (const auto* flag = std::get_if<bool>(&value)) {
    text = *flag ? "true" : "false";
  } else if (const auto* real = std::get_if<double>(&value)) {
    append_double(text, *real);
  } else if (const auto* unscaled = std::get_if<Int128>(&value)) {
    text = decimal_text(*unscaled, column.scale);
  } else if (const auto* bytes = std::get_if<std::string>(&value)) {
    text = column.type == ColumnType::kBinary ? blob_text(*bytes) : *bytes;
  } else if (const auto* integer = std::get_if<int64_t>(&value)) {
    const std::string number = std::to_string(*integer);
    // Days and microseconds since 1970 as text that a cast understands.
    if (column.type == ColumnType::kDate) {
      return str_cat({"CAST(DATE '1970-01-01' + ", number, "::INTEGER AS VARCHAR)"});
    }
    if (column.type == ColumnType::kTimestamp) {
      return str_cat({"CAST(make_timestamp(", number, "::BIGINT) AS VARCHAR)"});
    }
    text = number;
  }
  return duck::quote_text(text);
}

std::vector<duck::ScanColumn> scan_columns(const Layout& layout) {
  std::vector<duck::ScanColumn> columns;
  for (const duck::Column& column : layout.row_layout().buffer_columns()) {
    if (column.field_id == 0) continue;
    duck::ScanColumn wanted{.column = column, .default_sql = {}};
    for (const Field& field : layout.fields) {
      if (field.column.field_id == column.field_id && field.initial_default.has_value()) {
        wanted.default_sql = default_sql(column, *field.initial_default);
      }
    }
    columns.push_back(std::move(wanted));
  }
  return columns;
}

std::string table_sql(const duck::ParquetScan& scan, const Layout& layout,
                      const PendingRows& pending) {
  std::string names;
  for (const duck::ScanColumn& wanted : scan.columns) {
    names += str_cat({names.empty() ? "" : ", ", duck::quote_name(wanted.column.name)});
  }
  std::string sql = str_cat({"SELECT ", names, " FROM (", duck::scan_sql(scan), ") l"});
  if (pending.gone != nullptr) {
    sql += str_cat({" ANTI JOIN ", duck::Database::rows_sql(*pending.gone), " g ON ",
                    same_row(scan.columns, layout, pending.gone_has_null_keys)});
  }
  if (pending.added != nullptr) {
    sql +=
        str_cat({" UNION ALL SELECT ", names, " FROM ", duck::Database::rows_sql(*pending.added)});
  }
  return sql;
}

}  // namespace dosql::lake
