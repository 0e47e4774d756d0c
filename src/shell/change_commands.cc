#include <poll.h>

#include <algorithm>
#include <deque>

#include "base/clock.h"
#include "base/json_writer.h"
#include "base/text.h"
#include "changes/debezium.h"
#include "engine/instance.h"
#include "shell/commands.h"

namespace dosql::shell {
namespace {

constexpr int kFollowWaitMs = 100;

// --- log

struct LogEntry {
  changes::Commit commit;
  int64_t rows = 0;
  std::vector<std::string> tables;
};

class Counter final : public changes::EventSink {
 public:
  Result<void> event(const changes::Commit&, const changes::Event& event) override {
    ++entry.rows;
    if (std::ranges::find(entry.tables, event.table) == entry.tables.end()) {
      entry.tables.emplace_back(event.table);
    }
    return {};
  }
  LogEntry entry;
};

Json as_json(const std::vector<std::string>& names) {
  Json array;
  JsonWriter json(array.text);
  json.begin_array();
  for (const std::string& name : names) json.string(name);
  json.end_array();
  return array;
}

Result<void> print_log(Call& call, const std::deque<LogEntry>& entries) {
  std::vector<std::vector<Cell>> rows;
  for (const LogEntry& entry : entries) {
    rows.push_back({entry.commit.bookmark, static_cast<int64_t>(entry.commit.version.value()),
                    format_rfc3339(entry.commit.wall_us), std::string("main"), entry.rows,
                    as_json(entry.tables), entry.commit.message});
  }
  return call.print({"bookmark", "version", "time", "branch", "rows", "tables", "message"}, rows);
}

// --- changes

class LineWriter final : public changes::EventSink {
 public:
  LineWriter(Output& out, std::string database, bool integers_as_text)
      : out_(out), database_(std::move(database)), options_{integers_as_text} {}

  Result<void> event(const changes::Commit& commit, const changes::Event& event) override {
    line_.clear();
    changes::append_debezium(line_, database_, commit, event, options_);
    line_ += '\n';
    return out_.write(line_);
  }

 private:
  Output& out_;
  const std::string database_;
  const changes::JsonOptions options_;
  std::string line_;
};

std::vector<std::string> tables_of(std::string_view list) {
  std::vector<std::string> tables;
  while (!list.empty()) {
    const size_t comma = std::min(list.find(','), list.size());
    if (comma > 0) tables.push_back(to_lower(list.substr(0, comma)));
    list.remove_prefix(std::min(comma + 1, list.size()));
  }
  return tables;
}

// A table may be gone or still to come, or be misspelt.
Result<void> note_unknown_tables(Call& call, Database& database,
                                 const std::vector<std::string>& tables) {
  DOSQL_TRY(const Rows rows, database.query("SELECT lower(name) FROM sqlite_schema WHERE type = "
                                            "'table'"));
  std::vector<std::string> known;
  for (const auto& row : rows.rows) known.push_back(text_of(cell_of(row[0]), ""));
  for (const std::string& table : tables) {
    if (std::ranges::find(known, table) != known.end()) continue;
    const std::string_view nearest = nearest_word(table, known);
    const std::string hint =
        nearest.empty() ? std::string() : str_cat({" (did you mean \"", nearest, "\"?)"});
    call.terminal().say(str_cat({"dosql: note: database \"", database.name(), "\" has no table \"",
                                 table, "\" now", hint, "\n"}));
  }
  return {};
}

// Where the stream begins, with the snapshot written where one is wanted.
Result<Version> first_version(Call& call, store::Store& store, store::Database& database,
                              const std::vector<std::string>& tables, changes::EventSink& sink) {
  const auto from = call.arguments().find("from");
  if (from) return store.parse_bookmark(*from);
  if (call.arguments().has("snapshot")) {
    DOSQL_TRY(const changes::Commit at, changes::emit_snapshot(store, database, tables, sink));
    return at.version;
  }
  if (!call.arguments().has("follow")) return Version(0);
  DOSQL_TRY(const store::Snapshot now, database.snapshot());
  return now.version();
}

void wait_for_more(Interrupts& interrupts) {
  pollfd fd{interrupts.readable_fd(), POLLIN, 0};
  static_cast<void>(::poll(&fd, 1, kFollowWaitMs));
}

}  // namespace

Result<void> run_log(Call& call) {
  DOSQL_TRY(const int64_t limit, call.number_or("limit", 20, 0, INT64_MAX));
  DOSQL_TRY(Database handle, call.database(call.positional(0)));
  DOSQL_TRY(Store * opened, call.store());
  store::Store& store = engine::instance_of(*opened).versions();
  const std::shared_ptr<store::Database> database = engine::versions_of(handle);
  DOSQL_TRY(const store::Database::Range range, database->retained());
  Version after = range.oldest;
  const uint64_t newest = range.newest.value();
  if (limit > 0 && newest > static_cast<uint64_t>(limit)) {
    after = Version(std::max(after.value(), newest - static_cast<uint64_t>(limit)));
  }
  DOSQL_TRY(const auto stream, changes::ChangeStream::open(store, database, after, {}));
  std::deque<LogEntry> entries;  // newest first
  while (true) {
    DOSQL_TRY(call.terminal().interrupts.check());
    Counter counter;
    DOSQL_TRY(auto commit, stream->next(counter));
    if (!commit) break;
    counter.entry.commit = *std::move(commit);
    entries.push_front(std::move(counter.entry));
  }
  return print_log(call, entries);
}

Result<void> run_changes(Call& call) {
  if (call.arguments().has("from") && call.arguments().has("snapshot")) {
    return call.wrong_usage("--snapshot begins now and --from in the past: give one of them");
  }
  DOSQL_TRY(Database handle, call.database(call.positional(0)));
  DOSQL_TRY(Store * opened, call.store());
  store::Store& store = engine::instance_of(*opened).versions();
  const std::shared_ptr<store::Database> database = engine::versions_of(handle);
  const std::vector<std::string> tables = tables_of(call.arguments().value_or("tables", ""));
  DOSQL_TRY(note_unknown_tables(call, handle, tables));
  Terminal& terminal = call.terminal();
  LineWriter writer(terminal.out, handle.name(), call.format().integers == Integers::kString);
  DOSQL_TRY(const Version after, first_version(call, store, *database, tables, writer));
  DOSQL_TRY(const auto stream, changes::ChangeStream::open(store, database, after, tables));
  const bool is_following = call.arguments().has("follow");
  while (!terminal.interrupts.is_raised()) {
    DOSQL_TRY(const auto commit, stream->next(writer));
    if (commit) continue;
    if (!is_following) return {};
    DOSQL_TRY(terminal.out.flush());
    wait_for_more(terminal.interrupts);
  }
  // Ctrl-C is how a stream that follows ends.
  return is_following ? Result<void>() : terminal.interrupts.check();
}

}  // namespace dosql::shell
