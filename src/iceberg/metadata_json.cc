#include <algorithm>

#include "iceberg/json_fields.h"
#include "iceberg/metadata.h"

namespace dosql::iceberg {
namespace {

boost::json::object texts_to_json(const std::map<std::string, std::string>& texts) {
  boost::json::object object;
  for (const auto& [name, value] : texts) object[json_text(name)] = json_text(value);
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
                             {"summary", texts_to_json(snapshot.summary)}};
  if (snapshot.schema_id >= 0) object["schema-id"] = snapshot.schema_id;
  if (snapshot.parent_id) object["parent-snapshot-id"] = *snapshot.parent_id;
  if (format_version >= 3) {
    object["first-row-id"] = snapshot.first_row_id;
    object["added-rows"] = snapshot.added_rows;
  }
  return object;
}

Result<Snapshot> snapshot_from_json(const boost::json::value& value, int format_version) {
  if (!value.is_object()) return fail(Code::kCorrupt, "an Iceberg snapshot is not an object");
  JsonFields in(value.get_object(), "snapshot");
  Snapshot snapshot;
  snapshot.id = in.required_integer("snapshot-id");
  if (in.has("parent-snapshot-id")) snapshot.parent_id = in.integer("parent-snapshot-id", 0);
  snapshot.sequence_number = in.integer("sequence-number", 0);
  snapshot.timestamp_ms = in.required_integer("timestamp-ms");
  snapshot.manifest_list = in.required_text("manifest-list");
  snapshot.summary = texts_from_json(in.object("summary"));
  snapshot.schema_id = in.number("schema-id", -1);
  if (format_version >= 3) {
    snapshot.first_row_id = in.integer("first-row-id", 0);
    snapshot.added_rows = in.integer("added-rows", 0);
  }
  DOSQL_TRY(in.outcome());
  return snapshot;
}

enum class LogKind : uint8_t { kSnapshots, kMetadataFiles };

Result<std::vector<LogEntry>> log_from_json(const boost::json::array* array, LogKind kind) {
  std::vector<LogEntry> log;
  if (array == nullptr) return log;
  for (const auto& value : *array) {
    if (!value.is_object()) return fail(Code::kCorrupt, "an Iceberg log entry is not an object");
    JsonFields in(value.get_object(), "log entry");
    LogEntry entry{.timestamp_ms = in.required_integer("timestamp-ms")};
    if (kind == LogKind::kSnapshots) {
      entry.snapshot_id = in.required_integer("snapshot-id");
    } else {
      entry.metadata_file = in.required_text("metadata-file");
    }
    DOSQL_TRY(in.outcome());
    log.push_back(std::move(entry));
  }
  return log;
}

constexpr int kFormatVersionMax = 3;

constexpr std::string_view kInterpreted[] = {"format-version",
                                             "table-uuid",
                                             "location",
                                             "last-sequence-number",
                                             "last-updated-ms",
                                             "last-column-id",
                                             "schemas",
                                             "current-schema-id",
                                             "properties",
                                             "next-row-id",
                                             "partition-specs",
                                             "default-spec-id",
                                             "snapshots",
                                             "snapshot-log",
                                             "metadata-log",
                                             "current-snapshot-id",
                                             "refs",
                                             "schema",
                                             "partition-spec"};

boost::json::array unsorted() {
  return {{{"order-id", 0}, {"fields", boost::json::array()}}};
}

boost::json::array unpartitioned() {
  return {{{"spec-id", 0}, {"fields", boost::json::array()}}};
}

// What a table of ours has in members that it does not interpret.
boost::json::object fixed_members() {
  return {{"last-partition-id", 999}, {"sort-orders", unsorted()}, {"default-sort-order-id", 0}};
}

std::map<std::string, std::string> other_members_of(const boost::json::object& object) {
  std::map<std::string, std::string> others;
  const boost::json::object fixed = fixed_members();
  for (const auto& member : object) {
    const std::string name(member.key());
    const auto* ours = fixed.if_contains(name);
    const bool is_known = std::ranges::find(kInterpreted, name) != std::end(kInterpreted);
    if (is_known || (ours != nullptr && *ours == member.value())) continue;
    others[name] = boost::json::serialize(member.value());
  }
  return others;
}

// All but what says where main is.
std::map<std::string, std::string> refs_of(const boost::json::object* object) {
  std::map<std::string, std::string> refs;
  if (object == nullptr) return refs;
  for (const auto& member : *object) {
    if (!member.value().is_object()) continue;
    boost::json::object ref = member.value().get_object();
    if (member.key() == "main") {
      ref.erase("snapshot-id");
      ref.erase("type");
      if (ref.empty()) continue;
    }
    refs[std::string(member.key())] = boost::json::serialize(ref);
  }
  return refs;
}

boost::json::object refs_to_json(const TableMetadata& metadata) {
  boost::json::object refs;
  for (const auto& [name, json] : metadata.refs) {
    auto ref = parse_json(json, "reference");
    if (ref) refs[name] = *std::move(ref);
  }
  if (metadata.current_snapshot_id) {
    boost::json::object main;
    if (const auto* known = refs.if_contains("main"); known != nullptr && known->is_object()) {
      main = known->get_object();
    }
    main["snapshot-id"] = *metadata.current_snapshot_id;
    main["type"] = "branch";
    refs["main"] = std::move(main);
  }
  return refs;
}

Result<void> check_unpartitioned(JsonFields& in) {
  bool is_partitioned = in.number("default-spec-id", 0) != 0;
  if (const auto* specs = in.array("partition-specs")) {
    for (const auto& spec : *specs) {
      const auto* object = spec.if_object();
      const auto* fields = object == nullptr ? nullptr : object->if_contains("fields");
      if (fields == nullptr || !fields->is_array()) {
        return fail(Code::kCorrupt, "an Iceberg partition spec has no fields");
      }
      is_partitioned |= !fields->get_array().empty();
    }
  }
  DOSQL_TRY(in.outcome());
  if (!is_partitioned) return {};
  return fail(Code::kUnsupported,
              str_cat({"the Iceberg table at ", in.text("location"),
                       " is partitioned; only unpartitioned tables are supported"}));
}

Result<void> read_lists(JsonFields& in, TableMetadata& metadata) {
  if (const auto* schemas = in.required_array("schemas")) {
    for (const auto& value : *schemas) {
      if (!value.is_object()) return fail(Code::kCorrupt, "an Iceberg schema is not an object");
      DOSQL_TRY(Schema schema, schema_from_json(value.get_object()));
      for (const Field& field : schema.fields) {
        metadata.last_column_id = std::max(metadata.last_column_id, field.id);
      }
      metadata.schemas.push_back(std::move(schema));
    }
  }
  if (const auto* snapshots = in.array("snapshots")) {
    for (const auto& value : *snapshots) {
      DOSQL_TRY(Snapshot snapshot, snapshot_from_json(value, metadata.format_version));
      metadata.snapshots.push_back(std::move(snapshot));
    }
  }
  DOSQL_TRY(metadata.snapshot_log, log_from_json(in.array("snapshot-log"), LogKind::kSnapshots));
  DOSQL_TRY(metadata.metadata_log,
            log_from_json(in.array("metadata-log"), LogKind::kMetadataFiles));
  return in.outcome();
}

}  // namespace

std::string to_json(const TableMetadata& metadata) {
  boost::json::object object = fixed_members();
  for (const auto& [name, json] : metadata.other_members) {
    auto value = parse_json(json, "member");
    if (value) object[name] = *std::move(value);
  }
  object["format-version"] = metadata.format_version;
  object["table-uuid"] = metadata.uuid;
  object["location"] = metadata.location;
  object["last-sequence-number"] = metadata.last_sequence_number;
  object["last-updated-ms"] = metadata.last_updated_ms;
  object["last-column-id"] = metadata.last_column_id;
  boost::json::array schemas;
  for (const Schema& schema : metadata.schemas) schemas.push_back(schema_to_json(schema));
  object["schemas"] = std::move(schemas);
  object["current-schema-id"] = metadata.current_schema_id;
  object["partition-specs"] = unpartitioned();
  object["default-spec-id"] = 0;
  object["properties"] = texts_to_json(metadata.properties);
  if (metadata.format_version >= 3) object["next-row-id"] = metadata.next_row_id;
  if (metadata.current_snapshot_id) {
    object["current-snapshot-id"] = *metadata.current_snapshot_id;
  }
  object["refs"] = refs_to_json(metadata);
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
  metadata.format_version = in.required_number("format-version");
  metadata.uuid = in.required_text("table-uuid");
  metadata.location = in.required_text("location");
  metadata.last_sequence_number = in.integer("last-sequence-number", 0);
  metadata.last_updated_ms = in.required_integer("last-updated-ms");
  metadata.last_column_id = in.required_number("last-column-id");
  metadata.current_schema_id = in.required_number("current-schema-id");
  metadata.properties = texts_from_json(in.object("properties"));
  const bool has_row_ids = metadata.format_version >= 3;
  if (has_row_ids) metadata.next_row_id = in.integer("next-row-id", 0);
  const int64_t current = in.integer("current-snapshot-id", -1);
  if (current >= 0) metadata.current_snapshot_id = current;
  if (metadata.format_version > kFormatVersionMax) {
    return fail(Code::kNewerFormat, "the Iceberg table is of a format version newer than 3");
  }
  if (metadata.format_version == 1) {
    return fail(Code::kUnsupported,
                "the Iceberg table is of format version 1: upgrade it to version 2 or 3");
  }
  if (metadata.format_version < 1) {
    return fail(Code::kCorrupt, "Iceberg table metadata has no format version that exists");
  }
  DOSQL_TRY(check_unpartitioned(in));
  DOSQL_TRY(read_lists(in, metadata));
  metadata.refs = refs_of(in.object("refs"));
  if (!metadata.current_snapshot_id) metadata.refs.erase("main");  // it would lead nowhere
  metadata.other_members = other_members_of(object);
  DOSQL_TRY(in.outcome());
  if (std::ranges::find(metadata.schemas, metadata.current_schema_id, &Schema::id) ==
          metadata.schemas.end() ||
      (metadata.current_snapshot_id && metadata.current_snapshot() == nullptr)) {
    return fail(Code::kCorrupt, "Iceberg table metadata names a schema or snapshot it lacks");
  }
  return metadata;
}

}  // namespace dosql::iceberg
