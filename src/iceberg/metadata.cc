#include "iceberg/metadata.h"

#include <algorithm>
#include <cstdio>

#include "iceberg/json_fields.h"

namespace dosql::iceberg {
namespace {

boost::json::object texts_to_json(const std::map<std::string, std::string>& texts) {
  boost::json::object object;
  for (const auto& [name, value] : texts) object[name] = value;
  return object;
}

std::map<std::string, std::string> texts_from_json(const boost::json::object* object) {
  std::map<std::string, std::string> texts;
  if (object == nullptr) return texts;
  for (const auto& member : *object) {
    if (member.value().is_string()) {
      texts[std::string(member.key())] = std::string(member.value().get_string());
    }
  }
  return texts;
}

boost::json::object snapshot_to_json(const Snapshot& snapshot, int format_version) {
  boost::json::object object{{"snapshot-id", snapshot.id},
                             {"sequence-number", snapshot.sequence_number},
                             {"timestamp-ms", snapshot.timestamp_ms},
                             {"manifest-list", snapshot.manifest_list},
                             {"summary", texts_to_json(snapshot.summary)},
                             {"schema-id", snapshot.schema_id}};
  if (snapshot.parent_id) object["parent-snapshot-id"] = *snapshot.parent_id;
  if (format_version >= 3) {
    object["first-row-id"] = snapshot.first_row_id;
    object["added-rows"] = snapshot.added_rows;
  }
  return object;
}

Result<Snapshot> snapshot_from_json(const boost::json::value& value) {
  if (!value.is_object()) return fail(Code::kCorrupt, "an Iceberg snapshot is not an object");
  JsonFields in(value.get_object(), "snapshot");
  Snapshot snapshot;
  snapshot.id = in.required_integer("snapshot-id");
  if (in.has("parent-snapshot-id")) snapshot.parent_id = in.integer("parent-snapshot-id", 0);
  snapshot.sequence_number = in.integer("sequence-number", 0);
  snapshot.timestamp_ms = in.required_integer("timestamp-ms");
  snapshot.manifest_list = in.required_text("manifest-list");
  snapshot.summary = texts_from_json(in.object("summary"));
  snapshot.schema_id = static_cast<int>(in.integer("schema-id", 0));
  snapshot.first_row_id = in.integer("first-row-id", 0);
  snapshot.added_rows = in.integer("added-rows", 0);
  DOSQL_TRY(in.outcome());
  return snapshot;
}

Result<std::vector<LogEntry>> log_from_json(const boost::json::array* array) {
  std::vector<LogEntry> log;
  if (array == nullptr) return log;
  for (const auto& value : *array) {
    if (!value.is_object()) return fail(Code::kCorrupt, "an Iceberg log entry is not an object");
    JsonFields in(value.get_object(), "log entry");
    log.push_back({in.required_integer("timestamp-ms"), in.integer("snapshot-id", 0),
                   in.text("metadata-file")});
    DOSQL_TRY(in.outcome());
  }
  return log;
}

}  // namespace

const Schema& TableMetadata::current_schema() const {
  return *std::ranges::find(schemas, current_schema_id, &Schema::id);
}

const Snapshot* TableMetadata::current_snapshot() const {
  if (!current_snapshot_id) return nullptr;
  const auto at = std::ranges::find(snapshots, *current_snapshot_id, &Snapshot::id);
  return at == snapshots.end() ? nullptr : &*at;
}

Result<TableMetadata> new_table(int format_version, std::string uuid, std::string location,
                                Schema schema, int64_t now_ms) {
  if (location.empty() || location.ends_with('/')) {
    return fail(Code::kInvalidArgument,
                str_cat({"table location \"", location, "\" is empty or ends with a slash"}));
  }
  if (schema.fields.empty()) return fail(Code::kInvalidArgument, "a table needs a column");
  TableMetadata metadata;
  metadata.format_version = format_version;
  metadata.uuid = std::move(uuid);
  metadata.location = std::move(location);
  metadata.last_updated_ms = now_ms;
  schema.id = 0;
  for (const Field& field : schema.fields) {
    metadata.last_column_id = std::max(metadata.last_column_id, field.id);
  }
  metadata.schemas.push_back(std::move(schema));
  return metadata;
}

void set_schema(TableMetadata& metadata, Schema schema) {
  int next_id = 0;
  for (const Schema& known : metadata.schemas) {
    next_id = std::max(next_id, known.id + 1);
    schema.id = known.id;
    if (schema == known) {
      metadata.current_schema_id = known.id;
      return;
    }
  }
  schema.id = next_id;
  for (const Field& field : schema.fields) {
    metadata.last_column_id = std::max(metadata.last_column_id, field.id);
  }
  metadata.current_schema_id = next_id;
  metadata.schemas.push_back(std::move(schema));
}

Result<void> add_snapshot(TableMetadata& metadata, Snapshot snapshot, int64_t now_ms) {
  const bool is_next = snapshot.sequence_number == metadata.last_sequence_number + 1;
  const int64_t last_ms =
      metadata.snapshot_log.empty() ? 0 : metadata.snapshot_log.back().timestamp_ms;
  if (!is_next || snapshot.timestamp_ms < last_ms || snapshot.timestamp_ms > now_ms) {
    return fail(
        Code::kInvalidArgument,
        str_cat({"snapshot ", std::to_string(snapshot.id), " does not follow: sequence number ",
                 std::to_string(snapshot.sequence_number), " after ",
                 std::to_string(metadata.last_sequence_number), ", time ",
                 std::to_string(snapshot.timestamp_ms), " after ", std::to_string(last_ms)}));
  }
  if (metadata.format_version >= 3 && snapshot.first_row_id != metadata.next_row_id) {
    return fail(Code::kInvalidArgument, "the snapshot's first row id is not the table's next one");
  }
  metadata.last_sequence_number = snapshot.sequence_number;
  metadata.last_updated_ms = snapshot.timestamp_ms;
  metadata.current_snapshot_id = snapshot.id;
  metadata.next_row_id += snapshot.added_rows;
  metadata.snapshot_log.push_back({snapshot.timestamp_ms, snapshot.id, {}});
  metadata.snapshots.push_back(std::move(snapshot));
  return {};
}

std::vector<std::string> log_previous(TableMetadata& metadata, std::string file,
                                      int64_t timestamp_ms, size_t kept) {
  metadata.metadata_log.push_back({timestamp_ms, 0, std::move(file)});
  std::vector<std::string> removed;
  while (metadata.metadata_log.size() > kept) {
    removed.push_back(metadata.metadata_log.front().metadata_file);
    metadata.metadata_log.erase(metadata.metadata_log.begin());
  }
  return removed;
}

std::string to_json(const TableMetadata& metadata) {
  boost::json::object object{{"format-version", metadata.format_version},
                             {"table-uuid", metadata.uuid},
                             {"location", metadata.location},
                             {"last-sequence-number", metadata.last_sequence_number},
                             {"last-updated-ms", metadata.last_updated_ms},
                             {"last-column-id", metadata.last_column_id}};
  boost::json::array schemas;
  for (const Schema& schema : metadata.schemas) schemas.push_back(schema_to_json(schema));
  object["schemas"] = std::move(schemas);
  object["current-schema-id"] = metadata.current_schema_id;
  object["partition-specs"] = {{{"spec-id", 0}, {"fields", boost::json::array()}}};
  object["default-spec-id"] = 0;
  object["last-partition-id"] = 999;
  object["sort-orders"] = {{{"order-id", 0}, {"fields", boost::json::array()}}};
  object["default-sort-order-id"] = 0;
  object["properties"] = texts_to_json(metadata.properties);
  if (metadata.format_version >= 3) object["next-row-id"] = metadata.next_row_id;
  boost::json::object refs;
  if (metadata.current_snapshot_id) {
    object["current-snapshot-id"] = *metadata.current_snapshot_id;
    refs["main"] = {{"snapshot-id", *metadata.current_snapshot_id}, {"type", "branch"}};
  }
  object["refs"] = std::move(refs);
  boost::json::array snapshots;
  for (const Snapshot& snapshot : metadata.snapshots) {
    snapshots.push_back(snapshot_to_json(snapshot, metadata.format_version));
  }
  object["snapshots"] = std::move(snapshots);
  boost::json::array snapshot_log;
  for (const LogEntry& entry : metadata.snapshot_log) {
    snapshot_log.push_back(
        {{"timestamp-ms", entry.timestamp_ms}, {"snapshot-id", entry.snapshot_id}});
  }
  object["snapshot-log"] = std::move(snapshot_log);
  boost::json::array metadata_log;
  for (const LogEntry& entry : metadata.metadata_log) {
    metadata_log.push_back(
        {{"timestamp-ms", entry.timestamp_ms}, {"metadata-file", entry.metadata_file}});
  }
  object["metadata-log"] = std::move(metadata_log);
  return boost::json::serialize(object);
}

Result<TableMetadata> parse_metadata(std::string_view json) {
  DOSQL_TRY(const boost::json::object object, parse_object(json, "table metadata"));
  JsonFields in(object, "table metadata");
  TableMetadata metadata;
  metadata.format_version = static_cast<int>(in.required_integer("format-version"));
  metadata.uuid = in.required_text("table-uuid");
  metadata.location = in.required_text("location");
  metadata.last_sequence_number = in.integer("last-sequence-number", 0);
  metadata.last_updated_ms = in.required_integer("last-updated-ms");
  metadata.last_column_id = static_cast<int>(in.required_integer("last-column-id"));
  metadata.current_schema_id = static_cast<int>(in.required_integer("current-schema-id"));
  metadata.properties = texts_from_json(in.object("properties"));
  metadata.next_row_id = in.integer("next-row-id", 0);
  const int64_t current = in.integer("current-snapshot-id", -1);
  if (current >= 0) metadata.current_snapshot_id = current;
  const auto* schemas = in.required_array("schemas");
  DOSQL_TRY(in.outcome());
  if (metadata.format_version > 3) {
    return fail(Code::kNewerFormat, "the Iceberg table is of a format version newer than 3");
  }
  for (const auto& value : *schemas) {
    if (!value.is_object()) return fail(Code::kCorrupt, "an Iceberg schema is not an object");
    DOSQL_TRY(Schema schema, schema_from_json(value.get_object()));
    metadata.schemas.push_back(std::move(schema));
  }
  if (const auto* snapshots = in.array("snapshots")) {
    for (const auto& value : *snapshots) {
      DOSQL_TRY(Snapshot snapshot, snapshot_from_json(value));
      metadata.snapshots.push_back(std::move(snapshot));
    }
  }
  DOSQL_TRY(metadata.snapshot_log, log_from_json(in.array("snapshot-log")));
  DOSQL_TRY(metadata.metadata_log, log_from_json(in.array("metadata-log")));
  if (std::ranges::find(metadata.schemas, metadata.current_schema_id, &Schema::id) ==
          metadata.schemas.end() ||
      (metadata.current_snapshot_id && metadata.current_snapshot() == nullptr)) {
    return fail(Code::kCorrupt, "Iceberg table metadata names a schema or snapshot it lacks");
  }
  return metadata;
}

std::string metadata_file_name(int64_t version, std::string_view uuid) {
  char number[32];
  std::snprintf(number, sizeof number, "%05lld", static_cast<long long>(version));
  return str_cat({number, "-", uuid, ".metadata.json"});
}

}  // namespace dosql::iceberg
