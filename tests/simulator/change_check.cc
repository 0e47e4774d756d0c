#include "simulator/change_check.h"

#include <bit>
#include <set>

#include "base/text.h"
#include "changes/change_stream.h"

namespace dosql::simulator {
namespace {

struct Table {
  std::string text;  // of its CREATE
  std::multiset<std::string> rows;
};
using Tables = std::map<std::string, Table>;

Result<Tables> read_tables(sqlite::Connection& connection) {
  Tables tables;
  DOSQL_TRY(sqlite::Statement schema,
            connection.prepare("SELECT name, sql FROM sqlite_schema WHERE type='table' AND "
                               "name NOT LIKE 'sqlite%'"));
  for (;;) {
    DOSQL_TRY(const bool has_row, schema.step());
    if (!has_row) break;
    tables[std::string(schema.column_text(0))].text = schema.column_text(1);
  }
  for (auto& [name, table] : tables) {
    const bool has_rowid = table.text.find("WITHOUT ROWID") == std::string::npos;
    DOSQL_TRY(sqlite::Statement rows,
              connection.prepare(
                  str_cat({"SELECT ", has_rowid ? "rowid, * FROM \"" : "* FROM \"", name, "\""})));
    for (;;) {
      DOSQL_TRY(const bool has_row, rows.step());
      if (!has_row) break;
      std::string row;
      for (int i = 0; i < rows.column_count(); ++i) row += describe(rows, i) + '|';
      table.rows.insert(std::move(row));
    }
  }
  return tables;
}

std::string describe_value(const btree::Value& value) {
  switch (value.type()) {
    case btree::Value::Type::kInteger:
      return "i" + std::to_string(value.as_integer());
    case btree::Value::Type::kReal:
      return "r" + std::to_string(std::bit_cast<uint64_t>(value.as_real()));
    case btree::Value::Type::kText:
      return str_cat({"t", value.as_text()});
    case btree::Value::Type::kBlob:
      return str_cat({"b", as_text(value.as_blob())});
    case btree::Value::Type::kNull:
      break;
  }
  return "n";
}

std::string describe_row(const btree::RowChange& change, std::span<const btree::Value> values) {
  std::string row;
  if (change.rowid) row += "i" + std::to_string(*change.rowid) + '|';
  for (const btree::Value& value : values) row += describe_value(value) + '|';
  return row;
}

// Tables whose CREATE is the same before and after, and new ones unless they may have been renamed
// (a table that keeps its rows under another name has no events for them).
std::set<std::string> comparable(const Tables& before, const Tables& after) {
  std::set<std::string> names;
  bool has_lost = false;
  for (const auto& [name, table] : before) has_lost = has_lost || !after.contains(name);
  for (const auto& [name, table] : after) {
    const auto old = before.find(name);
    if (old == before.end() ? !has_lost : old->second.text == table.text) names.insert(name);
  }
  return names;
}

class Applier final : public changes::EventSink {
 public:
  Applier(Tables& rows, const Tables& before, const Tables& after)
      : rows_(rows), after_(after), names_(comparable(before, after)) {}

  Result<void> event(const changes::Commit&, const changes::Event& event) override {
    const std::string name(event.table);
    if (!names_.contains(name)) return {};
    Table& table = rows_[name];
    if (!event.row->before.empty()) {
      const auto at = table.rows.find(describe_row(*event.row, event.row->before));
      if (at == table.rows.end()) {
        finding_ = str_cat({"a row of ", name, " that was not there goes"});
      } else {
        table.rows.erase(at);
      }
    }
    if (!event.row->after.empty()) {
      table.rows.insert(describe_row(*event.row, event.row->after));
    }
    return {};
  }

  // What is wrong with the rows that the events made.
  std::string compare() {
    for (const std::string& name : names_) {
      if (rows_[name].rows != after_.at(name).rows) {
        finding_ = str_cat({"the events do not give the rows of ", name});
      }
    }
    return finding_;
  }

 private:
  Tables& rows_;
  const Tables& after_;
  const std::set<std::string> names_;
  std::string finding_;
};

}  // namespace

Result<std::string> check_changes(store::Store& store, std::shared_ptr<store::Database> database,
                                  DatabaseModel& model, Version after, Version newest) {
  DOSQL_TRY(auto stream, changes::ChangeStream::open(store, std::move(database), after, {}));
  int64_t wall_us = INT64_MIN;
  for (Version version = after; version < newest;) {
    Tables before;
    if (version.value() > 0) {
      DOSQL_TRY(sqlite::Connection old, model.open_at(version));
      DOSQL_TRY(before, read_tables(old));
    }
    Tables rows = before;
    version = Version(version.value() + 1);
    DOSQL_TRY(sqlite::Connection now, model.open_at(version));
    DOSQL_TRY(const Tables expected, read_tables(now));
    Applier applier(rows, before, expected);
    DOSQL_TRY(const auto commit, stream->next(applier));
    const std::string where = str_cat({"version ", std::to_string(version.value()), ": "});
    if (!commit || commit->version != version) return where + "is not the stream's next";
    if (commit->wall_us <= wall_us) return where + "is older than the one before it";
    wall_us = commit->wall_us;
    const std::string finding = applier.compare();
    if (!finding.empty()) return where + finding;
  }
  return std::string();
}

}  // namespace dosql::simulator
