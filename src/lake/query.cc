#include "lake/query.h"

#include <algorithm>
#include <map>
#include <set>

#include "base/text.h"
#include "duck/sql_text.h"
#include "lake/pending.h"
#include "lake/table_sql.h"

namespace dosql::lake {

// Declared in the order of who outlives whom.
struct Query::Impl {
  std::unique_ptr<duck::Database> database;
  std::unique_ptr<duck::Connection> connection;
  std::list<std::unique_ptr<PendingTables>> tables;
  std::list<duck::Shared> shared;
  std::list<LiveScan> scans;
  std::unique_ptr<duck::Rows> rows;
};

namespace {

using TableNames = std::vector<std::vector<std::string>>;

// Database name -> tables in lower case.
struct Wanted {
  std::map<std::string, std::set<std::string>, std::less<>> tables;
  std::set<std::string> unqualified;
};

Result<store::Snapshot> snapshot_of(Warehouse& warehouse, const std::string& database) {
  DOSQL_TRY(auto found, warehouse.instance().versions().find(database));
  return found->snapshot();
}

// What the statement names, or everything when it does not say.
Result<Wanted> find_wanted(Warehouse& warehouse, const std::optional<TableNames>& named,
                           const std::vector<store::Descriptor>& databases) {
  Wanted wanted;
  std::set<std::string> qualified;
  bool wants_all = !named.has_value();
  for (const auto& parts : named.value_or(TableNames())) {
    const std::string table = to_lower(parts.back());
    if (parts.size() == 1) {
      wanted.unqualified.insert(table);
    } else {
      wanted.tables[to_lower(parts[parts.size() - 2])].insert(table);
    }
  }
  if (!wants_all && wanted.unqualified.empty()) return wanted;
  for (const store::Descriptor& database : databases) {
    if (database.is_hidden()) continue;
    DOSQL_TRY(const store::Snapshot snapshot, snapshot_of(warehouse, database.name));
    DOSQL_TRY(const auto tables, table_names(snapshot));
    for (const std::string& table : tables) {
      const std::string key = to_lower(table);
      if (wants_all || wanted.unqualified.contains(key)) wanted.tables[database.name].insert(key);
      if (wants_all) wanted.unqualified.insert(key);
    }
  }
  return wanted;
}

std::string view_sql(Query::Impl& query, PendingTable& table) {
  query.scans.emplace_back(*query.database, table.files, scan_columns(table.layout));
  PendingRows pending{.gone_fields = table.gone_fields, .may_repeat = table.may_repeat};
  if (table.added != nullptr) {
    query.shared.push_back(query.database->share_rows(*table.added));
    pending.added = &query.shared.back();
  }
  if (table.gone != nullptr) {
    query.shared.push_back(query.database->share_rows(*table.gone));
    pending.gone = &query.shared.back();
  }
  return table_sql(query.scans.back().scan(), pending);
}

// A view `database.table` for each, and `table` where only one database has it.
Result<void> create_views(Query::Impl& query, const std::string& database, PendingTables& tables,
                          const Wanted& wanted) {
  DOSQL_TRY(
      query.connection->run(str_cat({"CREATE SCHEMA IF NOT EXISTS ", duck::quote_name(database)})));
  for (PendingTable& table : tables.tables()) {
    const std::string name = duck::quote_name(table.name);
    const std::string qualified = str_cat({duck::quote_name(database), ".", name});
    DOSQL_TRY(query.connection->run(
        str_cat({"CREATE VIEW ", qualified, " AS ", view_sql(query, table)})));
    const std::string key = to_lower(table.name);
    size_t owners = 0;
    for (const auto& [other, names] : wanted.tables) owners += names.contains(key) ? 1 : 0;
    if (owners != 1 || !wanted.unqualified.contains(key) || database == "main") continue;
    DOSQL_TRY(query.connection->run(
        str_cat({"CREATE VIEW main.", name, " AS SELECT * FROM ", qualified})));
  }
  return {};
}

// `database.table` of everything that could have been named.
Result<TableNames> all_tables(Warehouse& warehouse,
                              const std::vector<store::Descriptor>& databases) {
  TableNames all;
  for (const store::Descriptor& database : databases) {
    if (database.is_hidden()) continue;
    DOSQL_TRY(const store::Snapshot snapshot, snapshot_of(warehouse, database.name));
    DOSQL_TRY(const auto tables, table_names(snapshot));
    for (const std::string& table : tables) all.push_back({database.name, table});
  }
  return all;
}

// The name in "Table with name NAME does not exist!", empty when it is another error.
std::string missing_table(const Error& error) {
  static constexpr std::string_view kBefore = "Table with name ";
  const size_t begin = error.message.find(kBefore);
  const size_t end = error.message.find(" does not exist!");
  if (begin == std::string::npos || end == std::string::npos) return {};
  const size_t name = begin + kBefore.size();
  return name < end ? error.message.substr(name, end - name) : std::string();
}

// DuckDB was told of the tables that the statement names and of no other: its proposals are its own
// system tables.
Error with_our_tables(const Error& error, const TableNames& tables) {
  const std::string name = missing_table(error);
  if (name.empty()) return error;
  std::vector<std::string> words;
  std::string owners;
  for (const auto& table : tables) {
    words.push_back(table[1]);
    if (!equals_ignoring_case(table[1], name)) continue;
    owners += str_cat({owners.empty() ? "" : ", ", table[0], ".", table[1]});
  }
  if (!owners.empty()) {
    return {Code::kSql,
            str_cat({"table \"", name, "\" must be named with its database: ", owners})};
  }
  const std::string message = str_cat({"table \"", name, "\" does not exist"});
  const std::string_view nearest = nearest_word(name, words);
  const auto at = std::ranges::find(words, nearest);
  if (nearest.empty() || at == words.end()) return {Code::kSql, message};
  const auto& table = tables[static_cast<size_t>(at - words.begin())];
  return {Code::kSql, str_cat({message, " (did you mean \"", table[0], ".", table[1], "\"?)"})};
}

bool begins_a_change(std::string_view sql) {
  const size_t begin = std::min(sql.find_first_not_of(" \t\r\n"), sql.size());
  const std::string_view rest = sql.substr(begin);
  const std::string word = to_lower(rest.substr(0, rest.find_first_of(" \t\r\n")));
  static constexpr std::string_view kChanges[] = {
      "insert", "update", "delete", "merge",  "create", "drop",    "truncate",
      "alter",  "copy",   "attach", "detach", "set",    "install", "load"};
  return std::ranges::find(kChanges, word) != std::end(kChanges);
}

Result<void> start(Query::Impl& query, const std::string& sql) {
  const auto only_reads = query.connection->is_read_only(sql);
  if (!only_reads && !begins_a_change(sql)) return std::unexpected(only_reads.error());
  if (!only_reads.value_or(false)) {
    return fail(Code::kInvalidArgument,
                "the lake answers one SELECT (or DESCRIBE, SHOW, SUMMARIZE, EXPLAIN) at a time: "
                "change rows in their database");
  }
  DOSQL_TRY(query.rows, query.connection->query(sql));
  return {};
}

}  // namespace

Query::Query(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Query::~Query() = default;
duck::Rows& Query::rows() {
  return *impl_->rows;
}
void Query::interrupt() {
  impl_->connection->interrupt();
}

Result<std::unique_ptr<Query>> open_query(Warehouse& warehouse, const std::string& sql) {
  auto query = std::make_unique<Query::Impl>();
  const Options& options = warehouse.options();
  DOSQL_TRY(query->database, duck::Database::open({.threads = options.threads,
                                                   .memory_bytes_max = options.memory_bytes_max,
                                                   .directories = {options.directory},
                                                   .temp_directory = {}}));
  DOSQL_TRY(query->connection, duck::Connection::open(*query->database));
  DOSQL_TRY(const auto databases, warehouse.instance().versions().list());
  DOSQL_TRY(const Wanted wanted,
            find_wanted(warehouse, query->connection->table_names(sql), databases));
  size_t bytes_left = options.pending_bytes_max;
  for (const store::Descriptor& database : databases) {
    const auto names = wanted.tables.find(database.name);
    if (database.is_hidden() || names == wanted.tables.end()) continue;
    query->tables.push_back(std::make_unique<PendingTables>(warehouse, database, names->second));
    PendingTables& tables = *query->tables.back();
    DOSQL_TRY(const bool fits, tables.read(bytes_left));
    if (!fits) return nullptr;
    bytes_left -= std::min(bytes_left, tables.byte_count());
    DOSQL_TRY(create_views(*query, database.name, tables, wanted));
  }
  auto started = start(*query, sql);
  if (started) return std::make_unique<Query>(std::move(query));
  DOSQL_TRY(const TableNames tables, all_tables(warehouse, databases));
  return std::unexpected(with_our_tables(started.error(), tables));
}

}  // namespace dosql::lake
