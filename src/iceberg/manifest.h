// Manifests and manifest lists: Avro files that list data files and deletion vectors.
// https://iceberg.apache.org/spec/#manifests. Unpartitioned tables only: `partition` is an empty
// record. Readers take files of other writers too (fields by id) and treat damage as kCorrupt.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "iceberg/schema.h"

namespace dosql::iceberg {

enum class FileContent : uint8_t { kData = 0, kPositionDeletes = 1, kEqualityDeletes = 2 };
enum class EntryStatus : uint8_t { kExisting = 0, kAdded = 1, kDeleted = 2 };
enum class ManifestContent : uint8_t { kData = 0, kDeletes = 1 };

struct DataFile {
  FileContent content = FileContent::kData;
  std::string path;    // URI
  std::string format;  // "PARQUET" or "PUFFIN"
  int64_t record_count = 0;
  int64_t file_size = 0;
  // By field id. Bounds are single values (iceberg/bounds.h).
  std::map<int, int64_t> column_sizes;
  std::map<int, int64_t> value_counts;
  std::map<int, int64_t> null_value_counts;
  std::map<int, int64_t> nan_value_counts;
  std::map<int, Buffer> lower_bounds;
  std::map<int, Buffer> upper_bounds;
  std::optional<int64_t> first_row_id;
  // Deletion vectors: the data file, and where the blob lies in the Puffin file.
  std::string referenced_data_file;
  std::optional<int64_t> content_offset;
  std::optional<int64_t> content_size;
  // Only carried: what other writers say of their files.
  Buffer key_metadata;
  std::vector<int64_t> split_offsets;
  std::vector<int> equality_ids;
  std::optional<int64_t> sort_order_id;
  bool operator==(const DataFile&) const = default;
};

struct ManifestEntry {
  EntryStatus status = EntryStatus::kAdded;
  std::optional<int64_t> snapshot_id;
  std::optional<int64_t> sequence_number;  // null: inherited from the manifest list
  std::optional<int64_t> file_sequence_number;
  DataFile file;
  bool operator==(const ManifestEntry&) const = default;
};

struct ManifestFile {
  std::string path;
  int64_t length = 0;
  ManifestContent content = ManifestContent::kData;
  int64_t sequence_number = 0;
  int64_t min_sequence_number = 0;
  int64_t added_snapshot_id = 0;
  int32_t added_files = 0;
  int32_t existing_files = 0;
  int32_t deleted_files = 0;
  int64_t added_rows = 0;
  int64_t existing_rows = 0;
  int64_t deleted_rows = 0;
  std::optional<int64_t> first_row_id;
  Buffer key_metadata;  // only carried
  bool operator==(const ManifestFile&) const = default;
};

[[nodiscard]] Buffer encode_manifest(int format_version, ManifestContent content,
                                     const Schema& schema,
                                     const std::vector<ManifestEntry>& entries);
// Sequence numbers, snapshot ids and first row ids that entries inherit are filled in from `file`.
Result<std::vector<ManifestEntry>> parse_manifest(Bytes bytes, const ManifestFile& file);

[[nodiscard]] Buffer encode_manifest_list(int format_version, int64_t snapshot_id,
                                          std::optional<int64_t> parent_id, int64_t sequence_number,
                                          int64_t first_row_id,
                                          const std::vector<ManifestFile>& manifests);
// kUnsupported when a manifest is of another partition spec than 0.
Result<std::vector<ManifestFile>> parse_manifest_list(Bytes bytes);

// Counts and the smallest live sequence number of `entries`; `path` and `length` are the caller's.
[[nodiscard]] ManifestFile summarise(ManifestContent content,
                                     const std::vector<ManifestEntry>& entries, int64_t snapshot_id,
                                     int64_t sequence_number);

}  // namespace dosql::iceberg
