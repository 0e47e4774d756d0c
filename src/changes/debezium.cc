#include "changes/debezium.h"

#include "base/json_writer.h"
#include "base/text.h"

namespace dosql::changes {
namespace {

void append_value(JsonWriter& json, const btree::Value& value, const JsonOptions& options) {
  using Type = btree::Value::Type;
  switch (value.type()) {
    case Type::kNull:
      return json.null();
    case Type::kInteger:
      if (options.integers_as_text) return json.string(std::to_string(value.as_integer()));
      return json.number(value.as_integer());
    case Type::kReal:
      return json.number(value.as_real());
    case Type::kText:
      return json.string(value.as_text());
    case Type::kBlob:
      return json.base64(value.as_blob());
  }
}

void append_row(JsonWriter& json, std::span<const btree::Value> row, const btree::TableShape* shape,
                const JsonOptions& options) {
  if (row.empty() || shape == nullptr) return json.null();
  json.begin_object();
  for (size_t i = 0; i < row.size() && i < shape->columns.size(); ++i) {
    if (!shape->columns[i].is_stored()) continue;
    json.key(shape->columns[i].name);
    append_value(json, row[i], options);
  }
  json.end_object();
}

// True when no column says which row it is: the rowid has to.
bool is_keyed_by_rowid(const btree::TableShape* shape) {
  if (shape == nullptr || shape->is_without_rowid) return false;
  for (const btree::ColumnShape& column : shape->columns) {
    if (column.key_position > 0) return false;
  }
  return true;
}

}  // namespace

void append_debezium(std::string& out, std::string_view database, const Commit& commit,
                     const Event& event, const JsonOptions& options) {
  JsonWriter json(out);
  json.begin_object();
  json.key("op");
  const char operation = static_cast<char>(event.operation);
  json.string({&operation, 1});
  json.key("before");
  append_row(json, event.row->before, event.before_shape, options);
  json.key("after");
  append_row(json, event.row->after, event.shape, options);
  json.key("ts_ms");
  json.number(commit.wall_us / 1000);
  json.key("ts_us");
  json.number(commit.wall_us);
  json.key("source");
  json.begin_object();
  json.key("connector");
  json.string("dosql");
  json.key("db");
  json.string(database);
  json.key("branch");
  json.string("main");
  json.key("schema");
  json.string("main");
  json.key("table");
  json.string(event.table);
  json.key("snapshot");
  json.string(event.operation == Event::Operation::kRead ? "true" : "false");
  json.key("seq");
  json.string(commit.bookmark);
  json.key("ts_ms");
  json.number(commit.wall_us / 1000);
  const btree::TableShape* shape = event.shape != nullptr ? event.shape : event.before_shape;
  if (event.row->rowid && is_keyed_by_rowid(shape)) {
    json.key("rowid");
    json.number(*event.row->rowid);
  }
  json.end_object();
  json.key("transaction");
  json.begin_object();
  json.key("id");
  json.string(str_cat({database, ":main:", commit.bookmark}));
  json.key("total_order");
  json.number(event.total_order);
  json.key("data_collection_order");
  json.number(event.table_order);
  json.end_object();
  json.end_object();
}

}  // namespace dosql::changes
