#include "simulator/model.h"

#include <bit>

#include "base/text.h"

namespace dosql::simulator {
namespace {

void apply(const Event& event, State& state) {
  const uint32_t id = event.database.value();
  switch (event.kind) {
    case Event::Kind::kCreate:
      state.names[event.name] = id;
      state.versions[id] = 1;
      break;
    case Event::Kind::kDrop:
      state.names.erase(event.name);
      state.versions.erase(id);
      std::erase_if(state.slots, [&](const auto& slot) { return slot.first.first == id; });
      break;
    case Event::Kind::kRename:
      state.names.erase(event.name);
      state.names[event.to] = id;
      break;
    case Event::Kind::kCommit:
      state.versions[id] = event.version.value();
      break;
  }
  for (const Event::Slot& slot : event.slots) {
    if (!state.versions.contains(slot.database.value())) continue;
    state.slots[{slot.database.value(), slot.name}] = slot.version.value();
  }
}

}  // namespace

// --- text

std::string describe(const sqlite::Statement& row, int column) {
  switch (row.column_type(column)) {
    case sqlite::Type::kInteger:
      return "i" + std::to_string(row.column_int64(column));
    case sqlite::Type::kFloat:
      return "r" + std::to_string(std::bit_cast<uint64_t>(row.column_double(column)));
    case sqlite::Type::kText:
      return str_cat({"t", row.column_text(column)});
    case sqlite::Type::kBlob:
      return str_cat({"b", as_text(row.column_blob(column))});
    case sqlite::Type::kNull:
      break;
  }
  return "n";
}

Result<std::string> answer(sqlite::Connection& connection, std::string_view sql) {
  DOSQL_TRY(sqlite::Statement statement, connection.prepare(sql));
  DOSQL_TRY(const bool has_row, statement.step());
  return has_row ? std::string(statement.column_text(0)) : std::string();
}

Result<std::string> dump(sqlite::Connection& connection) {
  std::string text;
  std::vector<std::string> selects;
  DOSQL_TRY(sqlite::Statement schema,
            connection.prepare("SELECT type, name, tbl_name, sql, rootpage FROM sqlite_schema "
                               "ORDER BY type, name"));
  for (;;) {
    DOSQL_TRY(const bool has_row, schema.step());
    if (!has_row) break;
    for (int i = 0; i < 4; ++i) text += describe(schema, i) + '|';
    text += '\n';
    if (schema.column_text(0) != "table" || schema.column_int64(4) == 0) continue;
    const bool has_rowid = schema.column_text(3).find("WITHOUT ROWID") == std::string_view::npos;
    selects.push_back(str_cat({"SELECT ", has_rowid ? "rowid, * FROM \"" : "* FROM \"",
                               schema.column_text(1), "\" NOT INDEXED"}));
  }
  for (const std::string& select : selects) {
    text += select + '\n';
    DOSQL_TRY(sqlite::Statement rows, connection.prepare(select));
    for (;;) {
      DOSQL_TRY(const bool has_row, rows.step());
      if (!has_row) break;
      for (int i = 0; i < rows.column_count(); ++i) text += describe(rows, i) + '|';
      text += '\n';
    }
  }
  return text;
}

std::string first_difference(const std::string& has, const std::string& expected) {
  size_t at = 0;
  while (at < has.size() && at < expected.size() && has[at] == expected[at]) ++at;
  const size_t line = at == 0 ? 0 : has.rfind('\n', at - 1) + 1;
  return str_cat(
      {"\"", has.substr(line, 200), "\" instead of \"", expected.substr(line, 200), "\""});
}

std::string describe(const State& state) {
  std::string text;
  for (const auto& [name, id] : state.names) {
    const auto version = state.versions.find(id);
    const std::string number =
        version == state.versions.end() ? "?" : std::to_string(version->second);
    text += str_cat({name, "=#", std::to_string(id), "@", number, " "});
  }
  for (const auto& [slot, version] : state.slots) {
    text += str_cat(
        {"#", std::to_string(slot.first), "/", slot.second, "@", std::to_string(version), " "});
  }
  return text;
}

// --- DatabaseModel

Result<sqlite::Connection> open_bytes(Bytes file, uint32_t page_size) {
  DOSQL_TRY(auto connection,
            sqlite::Connection::open_file(":memory:", sqlite::Connection::Mode::kCreate));
  if (file.empty()) {
    DOSQL_TRY(connection.exec("PRAGMA page_size=" + std::to_string(page_size)));
  } else {
    DOSQL_TRY(connection.deserialize(file));
  }
  return connection;
}

Result<std::unique_ptr<DatabaseModel>> DatabaseModel::create(DatabaseId id, uint32_t page_size) {
  auto model = std::unique_ptr<DatabaseModel>(new DatabaseModel(id, page_size));
  DOSQL_TRY(model->stock_, open_bytes({}, page_size));
  model->images_[Version(1)];
  return model;
}

Result<void> DatabaseModel::remember(Version version) {
  DOSQL_TRY(images_[version], stock_.serialize());
  dumps_.erase(version);
  newest_ = version;
  return {};
}

Result<sqlite::Connection> DatabaseModel::open_at(Version version) const {
  const auto at = images_.find(version);
  if (at != images_.end()) return open_bytes(at->second, page_size_);
  return fail(Code::kNotFound, str_cat({"database ", std::to_string(id_.value()),
                                        " never had version ", std::to_string(version.value())}));
}

Result<void> DatabaseModel::go_back_to(Version version) {
  DOSQL_TRY(stock_, open_at(version));
  images_.erase(images_.upper_bound(version), images_.end());
  dumps_.erase(dumps_.upper_bound(version), dumps_.end());
  newest_ = version;
  return {};
}

Result<std::string> DatabaseModel::dump_at(Version version) {
  const auto at = dumps_.find(version);
  if (at != dumps_.end()) return at->second;
  DOSQL_TRY(sqlite::Connection connection, open_at(version));
  DOSQL_TRY(dumps_[version], dump(connection));
  return dumps_[version];
}

// --- EventLog

uint64_t EventLog::add(Event event) {
  apply(event, newest_);
  events_.push_back(std::move(event));
  return next_++;
}

void EventLog::acknowledge(uint64_t number) {
  while (first_ <= number && !events_.empty()) {
    apply(events_.front(), base_);
    events_.pop_front();
    ++first_;
  }
}

void EventLog::acknowledge_version(DatabaseId database, Version version) {
  uint64_t number = first_;
  for (const Event& event : events_) {
    if (event.kind == Event::Kind::kCommit && event.database == database &&
        event.version == version) {
      return acknowledge(number);
    }
    ++number;
  }
}

bool EventLog::recover(const State& found) {
  State state = base_;
  std::optional<size_t> kept;
  if (state == found) kept = 0;
  for (size_t i = 0; i < events_.size(); ++i) {
    apply(events_[i], state);
    if (state == found) kept = i + 1;
  }
  if (!kept) return false;
  acknowledge(first_ + *kept - 1);
  events_.clear();
  first_ = next_;
  newest_ = base_;
  return true;
}

}  // namespace dosql::simulator
