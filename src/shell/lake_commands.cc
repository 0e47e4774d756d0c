#include <type_traits>

#include "base/clock.h"
#include "base/text.h"
#include "engine/instance.h"
#include "lake/lake.h"
#include "shell/commands.h"

namespace dosql::shell {
namespace {

Result<std::unique_ptr<lake::Lake>> open_lake(Call& call) {
  lake::Options options;
  options.directory = call.arguments().value_or("lake", "");
  if (options.directory.find("://") != std::string::npos) {
    return fail(Code::kUnsupported,
                str_cat({"lake \"", options.directory, "\": only local folders are built yet"}));
  }
  DOSQL_TRY(Store * store, call.store());
  return std::make_unique<lake::Lake>(engine::instance_of(*store), options);
}

int64_t whole(uint64_t number) {
  return static_cast<int64_t>(number);
}

// A value of DuckDB as a field of ours.
struct AsCell {
  Cell operator()(bool value) const { return Json{value ? "true" : "false"}; }
  template <class T>
  Cell operator()(const T& value) const {
    if constexpr (requires { value.bytes; }) {
      return Blob{{value.bytes.begin(), value.bytes.end()}};
    } else {
      return value;
    }
  }
};

Result<std::string> sql_of(Call& call) {
  if (!call.arguments().positional().empty()) return std::string(call.positional(0));
  Input input(call.terminal().in, call.terminal().interrupts);
  std::string sql;
  while (true) {
    DOSQL_TRY(const std::string line, input.read_line());
    if (line.empty()) return sql;
    sql += line;
  }
}

}  // namespace

Result<void> run_lake_status(Call& call) {
  DOSQL_TRY(const auto lake, open_lake(call));
  DOSQL_TRY(const lake::Status status, lake->status());
  const Cell last = status.last_flush_us == 0 ? Cell() : Cell(format_rfc3339(status.last_flush_us));
  return call.print_object({{"lag_seconds", status.lag_seconds},
                            {"unflushed_rows", whole(status.unflushed_rows)},
                            {"last_flush", last}});
}

Result<void> run_lake_flush(Call& call) {
  DOSQL_TRY(const auto lake, open_lake(call));
  DOSQL_TRY(const lake::FlushReport report, lake->flush());
  return call.print_object({{"databases", whole(report.databases)},
                            {"tables", whole(report.tables)},
                            {"rows_added", whole(report.rows_added)},
                            {"rows_removed", whole(report.rows_removed)},
                            {"files", whole(report.files)},
                            {"bytes", whole(report.bytes)},
                            {"misfits", whole(report.misfits)}});
}

Result<void> run_lake_tables(Call& call) {
  DOSQL_TRY(const auto lake, open_lake(call));
  DOSQL_TRY(const auto tables, lake->tables());
  std::vector<std::vector<Cell>> rows;
  for (const lake::TableSummary& table : tables) {
    rows.push_back({table.table, int64_t{table.format_version}, table.metadata_location,
                    table.snapshot_id == 0 ? Cell() : Cell(table.snapshot_id), whole(table.rows),
                    whole(table.data_files), whole(table.delete_files), table.bookmark});
  }
  return call.print({"table", "format_version", "metadata_location", "snapshot_id", "rows",
                     "data_files", "delete_files", "bookmark"},
                    rows);
}

Result<void> run_lake_query(Call& call) {
  DOSQL_TRY(const std::string sql, sql_of(call));
  DOSQL_TRY(const auto lake, open_lake(call));
  DOSQL_TRY(const auto query, lake->query(sql));
  Interrupts& interrupts = call.terminal().interrupts;
  const Interrupts::Scope scope(interrupts, [&] { query->interrupt(); });
  auto& rows = query->rows();
  std::vector<std::string> columns;
  for (size_t i = 0; i < rows.column_count(); ++i) columns.push_back(rows.column_name(i));
  const auto sink = make_row_sink(call.format(), call.terminal().out);
  DOSQL_TRY(sink->begin(columns));
  std::vector<Cell> cells(columns.size());
  while (true) {
    DOSQL_TRY(interrupts.check());
    DOSQL_TRY(const bool has_row, rows.next());
    if (!has_row) break;
    for (size_t i = 0; i < cells.size(); ++i) cells[i] = std::visit(AsCell(), rows.value(i));
    DOSQL_TRY(sink->row(cells));
  }
  return sink->end();
}

Result<void> run_lake_verify(Call& call) {
  DOSQL_TRY(const auto lake, open_lake(call));
  DOSQL_TRY(const lake::VerifyReport report, lake->verify());
  for (const std::string& finding : report.findings) {
    call.terminal().say(str_cat({"dosql: ", finding, "\n"}));
  }
  DOSQL_TRY(call.print_object({{"tables", whole(report.tables)},
                               {"rows", whole(report.rows)},
                               {"files", whole(report.files)},
                               {"findings", whole(report.findings.size())}}));
  if (report.findings.empty()) return {};
  return fail(Code::kCorrupt, str_cat({"the lake does not agree with its sources or files in ",
                                       std::to_string(report.findings.size()), " place(s)"}));
}

}  // namespace dosql::shell
