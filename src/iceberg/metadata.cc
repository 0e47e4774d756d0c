#include "iceberg/metadata.h"

#include <algorithm>
#include <cstdio>

#include "base/text.h"

namespace dosql::iceberg {

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
  metadata.last_updated_ms = std::max(metadata.last_updated_ms, snapshot.timestamp_ms);
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

std::string metadata_file_name(int64_t version, std::string_view uuid) {
  char number[32];
  std::snprintf(number, sizeof number, "%05lld", static_cast<long long>(version));
  return str_cat({number, "-", uuid, ".metadata.json"});
}

}  // namespace dosql::iceberg
