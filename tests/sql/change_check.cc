#include "change_check.h"

#include <cstdio>

#include "base/text.h"
#include "changes/change_stream.h"

namespace dosql::sqltest {
namespace {

std::string text_of(const btree::Value& value) {
  using Type = btree::Value::Type;
  char real[40];
  switch (value.type()) {
    case Type::kInteger:
      return "i" + std::to_string(value.as_integer());
    case Type::kReal:
      std::snprintf(real, sizeof real, "r%.17g", value.as_real());
      return real;
    case Type::kText:
      return "t" + std::string(value.as_text());
    case Type::kBlob:
      return "b" + std::string(as_text(value.as_blob()));
    case Type::kNull:
      break;
  }
  return "n";
}

std::string text_of(const Value& value) {
  if (const auto* number = std::get_if<int64_t>(&value)) return "i" + std::to_string(*number);
  if (const auto* text = std::get_if<std::string>(&value)) return "t" + *text;
  if (const auto* blob = std::get_if<Blob>(&value)) {
    return "b" + std::string(blob->bytes.begin(), blob->bytes.end());
  }
  if (const auto* number = std::get_if<double>(&value)) {
    char real[40];
    std::snprintf(real, sizeof real, "r%.17g", *number);
    return real;
  }
  return "n";
}

// Stored columns only: what the row difference is about.
std::string row_text(std::span<const btree::Value> row, const btree::TableShape& shape) {
  std::string text;
  for (size_t i = 0; i < row.size(); ++i) {
    if (shape.columns[i].is_stored()) text += text_of(row[i]) + "\x1f";
  }
  return text;
}

std::string key_text(const btree::RowChange& change, std::span<const btree::Value> row,
                     const btree::TableShape& shape) {
  if (change.rowid) return "i" + std::to_string(*change.rowid);
  std::string text;
  for (uint32_t i = 0; i < shape.key_fields; ++i) text += text_of(row[shape.storage[i]]) + "\x1f";
  return text;
}

}  // namespace

class ChangeCheck::Applier final : public changes::EventSink {
 public:
  explicit Applier(Tables& tables) : tables_(tables) {}

  Result<void> event(const changes::Commit&, const changes::Event& event) override {
    Rows& rows = tables_[to_lower(event.table)];
    const auto complain = [&](std::string_view what) {
      wrong += str_cat({"table ", event.table, ": ", what, "\n"});
    };
    using Kind = btree::RowChange::Kind;
    if (event.row->kind != Kind::kInsert) {
      const std::string key = key_text(*event.row, event.row->before, *event.before_shape);
      const auto at = rows.find(key);
      if (at == rows.end()) {
        complain("an event about a row that was not there: " + key);
      } else if (at->second != row_text(event.row->before, *event.before_shape)) {
        complain("an event with a wrong row before: " + key);
      }
      if (event.row->kind == Kind::kUpdate && row_text(event.row->before, *event.before_shape) ==
                                                  row_text(event.row->after, *event.shape)) {
        complain("an update that changes nothing: " + key);
      }
      rows.erase(key);
    }
    if (event.row->kind != Kind::kDelete) {
      added_.push_back({to_lower(event.table), key_text(*event.row, event.row->after, *event.shape),
                        row_text(event.row->after, *event.shape)});
    }
    return {};
  }

  // Deletes of a commit come before its inserts.
  void end_commit() {
    for (Added& added : added_) {
      if (!tables_[added.table].emplace(added.key, std::move(added.row)).second) {
        wrong += str_cat({"table ", added.table, ": a row came that was there: ", added.key, "\n"});
      }
    }
    added_.clear();
  }

  std::string wrong;

 private:
  struct Added {
    std::string table;
    std::string key;
    std::string row;
  };
  Tables& tables_;
  std::vector<Added> added_;
};

std::string ChangeCheck::read_table(Session& session, const std::string& name, Rows& rows) {
  const auto columns = session.query("SELECT name, pk, hidden FROM pragma_table_xinfo(?)", {name});
  const auto kind =
      session.query("SELECT wr FROM pragma_table_list(?) WHERE schema = 'main'", {name});
  if (!columns || !kind) return "cannot read the shape of " + name;
  const bool is_without_rowid = std::get<int64_t>(kind->at(0, 0)) == 1;
  std::string keys = "_rowid_";
  if (is_without_rowid) {
    const auto key =
        session.query("SELECT name FROM pragma_table_info(?) WHERE pk > 0 ORDER BY pk", {name});
    if (!key) return key.error().message;
    keys.clear();
    for (const auto& row : key->rows) {
      keys += (keys.empty() ? "" : ", ") + changes::quote_identifier(std::get<std::string>(row[0]));
    }
  }
  std::string sql = "SELECT " + keys;
  for (const auto& row : columns->rows) {
    if (std::get<int64_t>(row[2]) == 2) continue;  // virtual
    sql += ", " + changes::quote_identifier(std::get<std::string>(row[0]));
  }
  const auto all = session.query(sql + " FROM " + changes::quote_identifier(name));
  if (!all) return all.error().message;
  size_t key_columns = 1;
  if (is_without_rowid) {
    key_columns = 0;
    for (const auto& row : columns->rows) key_columns += std::get<int64_t>(row[1]) > 0 ? 1 : 0;
  }
  for (const auto& row : all->rows) {
    std::string key;
    std::string text;
    for (size_t i = 0; i < row.size(); ++i) {
      if (i >= key_columns) {
        text += text_of(row[i]) + "\x1f";
      } else {
        key += text_of(row[i]) + (is_without_rowid ? "\x1f" : "");
      }
    }
    rows[key] = text;
  }
  return "";
}

ChangeCheck::State ChangeCheck::read() {
  State state;
  auto session = side_.database().session();
  const auto bookmark = side_.database().bookmark();
  const auto schema = session->query("SELECT type, name, sql FROM sqlite_schema");
  if (!bookmark || !schema) return state;
  store::Store& versions = engine::instance_of(side_.store()).versions();
  state.bookmark = *bookmark;
  state.version = versions.parse_bookmark(*bookmark)->value();
  btree::Schema names;
  for (const auto& row : schema->rows) {
    for (const Value& value : row) state.schema += text_of(value) + "\x1f";
    btree::SchemaRow& named = names.rows.emplace_back();
    named.type = std::get<std::string>(row[0]);
    named.name = std::get<std::string>(row[1]);
    const auto* sql = std::get_if<std::string>(&row[2]);
    named.root = sql != nullptr && sql->starts_with("CREATE VIRTUAL") ? 0 : 2;
  }
  for (const btree::SchemaRow& row : names.rows) {
    if (row.type != "table" || row.root == 0 || !changes::is_user_table(names, row.name)) continue;
    const std::string wrong = read_table(*session, row.name, state.tables[to_lower(row.name)]);
    if (!wrong.empty()) state.tables["(" + wrong + ")"];
  }
  return state;
}

std::string ChangeCheck::after_statement() {
  const auto head = side_.database().bookmark();
  if (!head) return head.error().message;
  if (is_known_ && *head == state_.bookmark) return "";
  State now = read();
  if (!is_known_ || now.version == state_.version || now.schema != state_.schema) {
    is_known_ = true;
    state_ = std::move(now);
    return "";
  }
  Applier applier(state_.tables);
  store::Store& versions = engine::instance_of(side_.store()).versions();
  auto stream = changes::ChangeStream::open(versions, engine::versions_of(side_.database()),
                                            Version(state_.version), {});
  if (!stream) return stream.error().message;
  for (;;) {
    const auto commit = (*stream)->next(applier);
    if (!commit) return commit.error().message;
    if (!*commit) break;
    applier.end_commit();
  }
  if (applier.wrong.empty()) {
    for (const auto& [name, rows] : now.tables) {
      if (state_.tables[name] != rows) applier.wrong += "table " + name + ": events are missing\n";
    }
  }
  state_ = std::move(now);
  return applier.wrong;
}

}  // namespace dosql::sqltest
