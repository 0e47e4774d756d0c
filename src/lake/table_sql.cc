#include "lake/table_sql.h"

#include <algorithm>

#include "base/text.h"
#include "duck/sql_text.h"
#include "lake/default_value.h"

namespace dosql::lake {
namespace {

// The condition under which a row of the lake and one of `gone` are the same row.
std::string same_row(const std::vector<duck::ScanColumn>& columns, const std::vector<int>& fields) {
  std::string condition;
  for (const duck::ScanColumn& wanted : columns) {
    if (std::ranges::find(fields, wanted.column.field_id) == fields.end()) continue;
    const std::string name = duck::quote_name(wanted.column.name);
    condition +=
        str_cat({condition.empty() ? "" : " AND ", "l.", name, " IS NOT DISTINCT FROM g.", name});
  }
  return condition;
}

// The live rows without those of `gone`, each taken away once.
std::string rows_left(const duck::ParquetScan& scan, const PendingRows& pending) {
  std::string stored;
  std::string all;
  for (const duck::ScanColumn& wanted : scan.columns) {
    const std::string name = duck::quote_name(wanted.column.name);
    const bool is_stored =
        std::ranges::find(pending.gone_fields, wanted.column.field_id) != pending.gone_fields.end();
    if (!all.empty()) all += ", ";
    if (!is_stored) {
      all += str_cat({"CAST(", wanted.default_sql.value_or("NULL"), " AS ",
                      duck::sql_type(wanted.column), ") AS ", name});
      continue;
    }
    all += name;
    stored += str_cat({stored.empty() ? "" : ", ", name});
  }
  return str_cat({"SELECT ", all, " FROM (SELECT ", stored, " FROM (", duck::scan_sql(scan),
                  ") EXCEPT ALL SELECT ", stored, " FROM ", duck::Database::rows_sql(*pending.gone),
                  ")"});
}

std::string rows_left_by_key(const duck::ParquetScan& scan, const PendingRows& pending,
                             const std::string& names) {
  std::string sql = str_cat({"SELECT ", names, " FROM (", duck::scan_sql(scan), ") l"});
  if (pending.gone == nullptr) return sql;
  return str_cat({sql, " ANTI JOIN ", duck::Database::rows_sql(*pending.gone), " g ON ",
                  same_row(scan.columns, pending.gone_fields)});
}

}  // namespace

std::vector<duck::ScanColumn> scan_columns(const Layout& layout) {
  std::vector<duck::ScanColumn> columns;
  for (const duck::Column& column : layout.row_layout().buffer_columns()) {
    if (column.field_id == 0) continue;
    duck::ScanColumn wanted{.column = column, .default_sql = {}};
    for (const Field& field : layout.fields) {
      if (field.column.field_id == column.field_id && field.initial_default.has_value()) {
        wanted.default_sql = default_sql(field.column.type, *field.initial_default);
      }
    }
    columns.push_back(std::move(wanted));
  }
  return columns;
}

std::string table_sql(const duck::ParquetScan& scan, const PendingRows& pending) {
  std::string names;
  for (const duck::ScanColumn& wanted : scan.columns) {
    names += str_cat({names.empty() ? "" : ", ", duck::quote_name(wanted.column.name)});
  }
  const bool takes_whole_rows = pending.gone != nullptr && pending.may_repeat;
  std::string sql =
      takes_whole_rows ? rows_left(scan, pending) : rows_left_by_key(scan, pending, names);
  if (pending.added != nullptr) {
    sql +=
        str_cat({" UNION ALL SELECT ", names, " FROM ", duck::Database::rows_sql(*pending.added)});
  }
  return sql;
}

}  // namespace dosql::lake
