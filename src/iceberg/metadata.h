// Table metadata: the JSON file that a catalog's pointer names. Format versions 2 and 3,
// unpartitioned. What other writers added (references, sort orders, statistics) is kept.
// https://iceberg.apache.org/spec/#table-metadata-fields
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "iceberg/schema.h"

namespace dosql::iceberg {

struct Snapshot {
  int64_t id = 0;
  std::optional<int64_t> parent_id;
  int64_t sequence_number = 0;
  int64_t timestamp_ms = 0;
  std::string manifest_list;                   // URI
  std::map<std::string, std::string> summary;  // with "operation"
  int schema_id = 0;                           // -1: the writer did not say
  int64_t first_row_id = 0;                    // v3
  int64_t added_rows = 0;                      // v3
  bool operator==(const Snapshot&) const = default;
};

struct LogEntry {
  int64_t timestamp_ms = 0;
  int64_t snapshot_id = 0;    // in snapshot-log
  std::string metadata_file;  // in metadata-log
  bool operator==(const LogEntry&) const = default;
};

struct TableMetadata {
  int format_version = 3;
  std::string uuid;
  std::string location;  // URI, no trailing slash
  int64_t last_sequence_number = 0;
  int64_t last_updated_ms = 0;
  int last_column_id = 0;
  std::vector<Schema> schemas;
  int current_schema_id = 0;
  std::map<std::string, std::string> properties;
  std::optional<int64_t> current_snapshot_id;
  std::vector<Snapshot> snapshots;
  std::vector<LogEntry> snapshot_log;
  std::vector<LogEntry> metadata_log;
  int64_t next_row_id = 0;  // v3
  // JSON of what this module only carries: branches and tags by name (of main: its retention), and
  // members of the metadata object.
  std::map<std::string, std::string> refs;
  std::map<std::string, std::string> other_members;
  bool operator==(const TableMetadata&) const = default;

  [[nodiscard]] const Schema& current_schema() const;
  [[nodiscard]] const Snapshot* current_snapshot() const;
};

// kInvalidArgument for a location with a trailing slash or a schema without fields.
Result<TableMetadata> new_table(int format_version, std::string uuid, std::string location,
                                Schema schema, int64_t now_ms);

// Makes `schema` current; an equal one that exists is used again. Its field ids are the caller's.
void set_schema(TableMetadata& metadata, Schema schema);

// Appends a snapshot on main. kInvalidArgument when its sequence number is not the next, its time
// is before its predecessor's or after `now_ms`: a reader would not see it.
Result<void> add_snapshot(TableMetadata& metadata, Snapshot snapshot, int64_t now_ms);

// Remembers the file that this metadata replaces; the oldest entries beyond `kept` go, and are
// returned for removal.
std::vector<std::string> log_previous(TableMetadata& metadata, std::string file,
                                      int64_t timestamp_ms, size_t kept);

[[nodiscard]] std::string to_json(const TableMetadata& metadata);
// kUnsupported for format version 1 and for partitioned tables, kNewerFormat beyond version 3.
Result<TableMetadata> parse_metadata(std::string_view json);

// "00003-<uuid>.metadata.json"
[[nodiscard]] std::string metadata_file_name(int64_t version, std::string_view uuid);

}  // namespace dosql::iceberg
