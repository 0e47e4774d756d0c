#include "base/text.h"
#include "shell/commands.h"
#include "shell/place.h"

namespace dosql::shell {
namespace {

std::vector<Cell> row_of(const DatabaseSummary& summary) {
  return {summary.name,
          static_cast<int64_t>(summary.branches),
          static_cast<int64_t>(summary.version),
          summary.bookmark,
          static_cast<int64_t>(summary.bytes),
          summary.group,
          static_cast<int64_t>(summary.page_size),
          summary.created};
}

const std::vector<std::string>& columns() {
  static const std::vector<std::string> names = {"database", "branches", "version",   "bookmark",
                                                 "bytes",    "group",    "page_size", "created"};
  return names;
}

}  // namespace

Result<void> run_db_list(Call& call) {
  DOSQL_TRY(Store * store, call.store());
  DOSQL_TRY(const auto summaries, store->databases());
  std::vector<std::vector<Cell>> rows;
  for (const DatabaseSummary& summary : summaries) rows.push_back(row_of(summary));
  return call.print(columns(), rows);
}

Result<void> run_db_info(Call& call) {
  DOSQL_TRY(const std::string name, database_of(call.positional(0)));
  DOSQL_TRY(Store * store, call.store());
  DOSQL_TRY(Database database, store->database(name));
  DOSQL_TRY(const auto summaries, store->databases());
  for (const DatabaseSummary& summary : summaries) {
    if (summary.name != name) continue;
    std::vector<std::string> names = columns();
    std::vector<Cell> row = row_of(summary);
    DOSQL_TRY(const Rows tables,
              database.query("SELECT count(*) FROM pragma_table_list WHERE schema = 'main' AND "
                             "type IN ('table', 'virtual') AND name NOT LIKE 'sqlite\\_%' "
                             "ESCAPE '\\'"));
    names.emplace_back("tables");
    row.push_back(cell_of(tables.at(0, 0)));
    return call.print(names, {row});
  }
  return fail(Code::kNotFound, str_cat({"database \"", name, "\" was dropped meanwhile"}));
}

Result<void> run_db_create(Call& call) {
  DatabaseOptions options;
  options.group = call.arguments().value_or("group", "");
  DOSQL_TRY(const int64_t page_size, call.number_or("page-size", 4096, 512, 65536));
  options.page_size = static_cast<uint32_t>(page_size);
  DOSQL_TRY(Store * store, call.store(Call::IfAbsent::kCreate));
  DOSQL_TRY(Database database, store->create_database(call.positional(0), options));
  call.terminal().say(str_cat({"created database ", database.name(), "\n"}));
  return {};
}

Result<void> run_db_drop(Call& call) {
  DOSQL_TRY(Store * store, call.store());
  DOSQL_TRY(store->drop_database(call.positional(0)));
  call.terminal().say(str_cat({"dropped database ", call.positional(0), "\n"}));
  return {};
}

Result<void> run_db_rename(Call& call) {
  DOSQL_TRY(Store * store, call.store());
  DOSQL_TRY(store->rename_database(call.positional(0), call.positional(1)));
  call.terminal().say(
      str_cat({"renamed database ", call.positional(0), " to ", call.positional(1), "\n"}));
  return {};
}

}  // namespace dosql::shell
