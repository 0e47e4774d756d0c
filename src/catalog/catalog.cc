#include "catalog/catalog.h"

#include "base/text.h"

namespace dosql::catalog {
namespace {

constexpr std::string_view kSchema = R"(
CREATE TABLE IF NOT EXISTS namespaces(
  name TEXT PRIMARY KEY, properties TEXT NOT NULL DEFAULT '{}') WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS tables(
  uuid TEXT PRIMARY KEY, namespace TEXT NOT NULL, name TEXT NOT NULL,
  metadata_location TEXT NOT NULL, metadata TEXT NOT NULL, database INTEGER NOT NULL) WITHOUT ROWID;
CREATE UNIQUE INDEX IF NOT EXISTS tables_by_name ON tables(namespace, name);
CREATE TABLE IF NOT EXISTS progress(
  database INTEGER PRIMARY KEY, name TEXT NOT NULL, version INTEGER NOT NULL,
  bookmark TEXT NOT NULL, epoch INTEGER NOT NULL, lsn INTEGER NOT NULL,
  flushed_us INTEGER NOT NULL);
)";

Value integer(uint64_t value) {
  return static_cast<int64_t>(value);
}
uint64_t integer_of(const Value& value) {
  const auto* number = std::get_if<int64_t>(&value);
  return number == nullptr ? 0 : static_cast<uint64_t>(*number);
}
std::string text_of(const Value& value) {
  const auto* text = std::get_if<std::string>(&value);
  return text == nullptr ? "" : *text;
}

Result<void> check_expected(Session& session, const TableChange& change) {
  DOSQL_TRY(const Rows rows, session.query("SELECT metadata_location FROM tables WHERE uuid = ?",
                                           {change.table.uuid}));
  const std::string now = rows.empty() ? "" : text_of(rows.at(0, 0));
  if (now == change.expected_location) return {};
  return fail(Code::kBusySnapshot,
              str_cat({"lake table \"", change.table.name.space, ".", change.table.name.name,
                       "\" was moved by somebody else to \"", now, "\": try again"}));
}

Result<void> put_table(Session& session, const Table& table) {
  DOSQL_TRY(session.run("INSERT INTO namespaces(name) VALUES(?) ON CONFLICT DO NOTHING",
                        {table.name.space}));
  DOSQL_TRY(session.run(
      "INSERT INTO tables(uuid, namespace, name, metadata_location, metadata, database) "
      "VALUES(?, ?, ?, ?, ?, ?) ON CONFLICT(uuid) DO UPDATE SET namespace = excluded.namespace, "
      "name = excluded.name, metadata_location = excluded.metadata_location, "
      "metadata = excluded.metadata, database = excluded.database",
      {table.uuid, table.name.space, table.name.name, table.metadata_location, table.metadata,
       integer(table.database)}));
  return {};
}

Result<void> put_progress(Session& session, const Progress& progress) {
  DOSQL_TRY(session.run(
      "INSERT OR REPLACE INTO progress VALUES(?, ?, ?, ?, ?, ?, ?)",
      {integer(progress.database), progress.name, integer(progress.version), progress.bookmark,
       integer(progress.epoch), integer(progress.lsn), progress.flushed_us}));
  return {};
}

}  // namespace

Result<bool> Catalog::exists(engine::Instance& instance) {
  auto found = instance.versions().find(kDatabase);
  if (found) return true;
  if (found.error().code == Code::kNotFound) return false;
  return std::unexpected(found.error());
}

Result<std::unique_ptr<Catalog>> Catalog::open(engine::Instance& instance) {
  DOSQL_TRY(auto handle, instance.open_hidden(kDatabase));
  Database database(std::move(handle));
  DOSQL_TRY(Session session, database.session());
  DOSQL_TRY(const Rows rows,
            session.query("SELECT count(*) FROM sqlite_schema WHERE name = 'progress'"));
  if (integer_of(rows.at(0, 0)) == 0) {
    DOSQL_TRY(
        session.transaction([](Session& inside) { return inside.exec(std::string(kSchema)); }));
  }
  return std::unique_ptr<Catalog>(new Catalog(std::move(session)));
}

Result<void> Catalog::commit(const Change& change) {
  const MutexLock lock(mutex_);
  engine::set_commit_message(session_, change.message);
  engine::set_commit_slots(session_, change.slots);
  DOSQL_TRY(session_.exec("BEGIN IMMEDIATE"));
  auto applied = apply(session_, change);
  if (applied) applied = session_.exec("COMMIT");
  if (!applied) {
    if (session_.in_transaction()) static_cast<void>(session_.exec("ROLLBACK"));
    // What is left for "the next commit of the session" must not go with an unrelated one.
    engine::set_commit_slots(session_, {});
    engine::set_commit_message(session_, "");
  }
  return applied;
}

Result<void> Catalog::apply(Session& session, const Change& change) {
  for (const TableChange& table : change.tables) DOSQL_TRY(check_expected(session, table));
  // Names are free before they are taken: tables may swap them.
  for (const std::string& uuid : change.dropped) {
    DOSQL_TRY(session.run("DELETE FROM tables WHERE uuid = ?", {uuid}));
  }
  for (const TableChange& table : change.tables) {
    DOSQL_TRY(session.run("UPDATE tables SET name = uuid WHERE uuid = ?", {table.table.uuid}));
  }
  for (const TableChange& table : change.tables) DOSQL_TRY(put_table(session, table.table));
  for (const Progress& progress : change.progress) DOSQL_TRY(put_progress(session, progress));
  for (const uint32_t database : change.forgotten) {
    DOSQL_TRY(session.run("DELETE FROM progress WHERE database = ?", {integer(database)}));
  }
  DOSQL_TRY(
      session.run("DELETE FROM namespaces WHERE properties = '{}' AND NOT EXISTS "
                  "(SELECT 1 FROM tables WHERE namespace = namespaces.name)"));
  return {};
}

Result<std::vector<Table>> Catalog::select_tables(std::string_view condition,
                                                  const Params& params) {
  DOSQL_TRY(const Rows rows,
            session_.query(str_cat({"SELECT namespace, name, uuid, metadata_location, metadata, "
                                    "database FROM tables ",
                                    condition, " ORDER BY 1, 2"}),
                           params));
  std::vector<Table> tables;
  for (const auto& row : rows.rows) {
    tables.push_back({.name = {text_of(row[0]), text_of(row[1])},
                      .uuid = text_of(row[2]),
                      .metadata_location = text_of(row[3]),
                      .metadata = text_of(row[4]),
                      .database = static_cast<uint32_t>(integer_of(row[5]))});
  }
  return tables;
}

Result<std::vector<Table>> Catalog::tables() {
  const MutexLock lock(mutex_);
  return select_tables("", {});
}

Result<std::optional<Table>> Catalog::find(const TableName& name) {
  const MutexLock lock(mutex_);
  DOSQL_TRY(auto tables,
            select_tables("WHERE namespace = ? AND name = ?", {name.space, name.name}));
  if (tables.empty()) return std::optional<Table>();
  return std::optional<Table>(std::move(tables.front()));
}

Result<std::vector<std::string>> Catalog::namespaces() {
  const MutexLock lock(mutex_);
  DOSQL_TRY(const Rows rows, session_.query("SELECT name FROM namespaces ORDER BY 1"));
  std::vector<std::string> names;
  for (const auto& row : rows.rows) names.push_back(text_of(row[0]));
  return names;
}

Result<std::map<uint32_t, Progress>> Catalog::progress() {
  const MutexLock lock(mutex_);
  DOSQL_TRY(const Rows rows,
            session_.query("SELECT database, name, version, bookmark, epoch, lsn, flushed_us "
                           "FROM progress"));
  std::map<uint32_t, Progress> all;
  for (const auto& row : rows.rows) {
    const auto database = static_cast<uint32_t>(integer_of(row[0]));
    all[database] = {.database = database,
                     .name = text_of(row[1]),
                     .version = integer_of(row[2]),
                     .bookmark = text_of(row[3]),
                     .epoch = static_cast<uint32_t>(integer_of(row[4])),
                     .lsn = integer_of(row[5]),
                     .flushed_us = static_cast<int64_t>(integer_of(row[6]))};
  }
  return all;
}

}  // namespace dosql::catalog
