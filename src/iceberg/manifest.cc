#include "iceberg/manifest.h"

#include <algorithm>
#include <limits>

#include "base/text.h"
#include "iceberg/avro.h"

namespace dosql::iceberg {
namespace {

// --- Avro schemas; names and order as the Java implementation writes them

std::string optional_type(std::string_view type) {
  return str_cat({R"(["null",)", type, "]"});
}

std::string field_json(std::string_view name, int id, std::string_view type, bool is_optional) {
  return str_cat(
      {R"({"name":")", name, R"(","type":)", is_optional ? optional_type(type) : std::string(type),
       is_optional ? R"(,"default":null)" : "", R"(,"field-id":)", std::to_string(id), "}"});
}

// A map with int keys: an array of key and value records.
std::string int_map(int key_id, int value_id, std::string_view value_type) {
  const std::string k = std::to_string(key_id);
  const std::string v = std::to_string(value_id);
  return str_cat({R"({"type":"array","items":{"type":"record","name":"k)", k, "_v", v,
                  R"(","fields":[{"name":"key","type":"int","field-id":)", k,
                  R"(},{"name":"value","type":)", value_type, R"(,"field-id":)", v,
                  R"(}]},"logicalType":"map"})"});
}

std::string list_of(int element_id, std::string_view type) {
  return str_cat(
      {R"({"type":"array","items":)", type, R"(,"element-id":)", std::to_string(element_id), "}"});
}

std::string entry_schema(int format_version) {
  std::string file = str_cat(
      {field_json("content", 134, R"("int")", false),
       ",",
       field_json("file_path", 100, R"("string")", false),
       ",",
       field_json("file_format", 101, R"("string")", false),
       ",",
       R"({"name":"partition","type":{"type":"record","name":"r102","fields":[]},"field-id":102},)",
       field_json("record_count", 103, R"("long")", false),
       ",",
       field_json("file_size_in_bytes", 104, R"("long")", false),
       ",",
       field_json("column_sizes", 108, int_map(117, 118, R"("long")"), true),
       ",",
       field_json("value_counts", 109, int_map(119, 120, R"("long")"), true),
       ",",
       field_json("null_value_counts", 110, int_map(121, 122, R"("long")"), true),
       ",",
       field_json("nan_value_counts", 137, int_map(138, 139, R"("long")"), true),
       ",",
       field_json("lower_bounds", 125, int_map(126, 127, R"("bytes")"), true),
       ",",
       field_json("upper_bounds", 128, int_map(129, 130, R"("bytes")"), true),
       ",",
       field_json("key_metadata", 131, R"("bytes")", true),
       ",",
       field_json("split_offsets", 132, list_of(133, R"("long")"), true),
       ",",
       field_json("equality_ids", 135, list_of(136, R"("int")"), true),
       ",",
       field_json("sort_order_id", 140, R"("int")", true)});
  if (format_version >= 3) file += "," + field_json("first_row_id", 142, R"("long")", true);
  file += "," + field_json("referenced_data_file", 143, R"("string")", true);
  if (format_version >= 3) {
    file += "," + field_json("content_offset", 144, R"("long")", true);
    file += "," + field_json("content_size_in_bytes", 145, R"("long")", true);
  }
  return str_cat({R"({"type":"record","name":"manifest_entry","fields":[)",
                  field_json("status", 0, R"("int")", false), ",",
                  field_json("snapshot_id", 1, R"("long")", true), ",",
                  field_json("sequence_number", 3, R"("long")", true), ",",
                  field_json("file_sequence_number", 4, R"("long")", true), ",",
                  R"({"name":"data_file","type":{"type":"record","name":"r2","fields":[)", file,
                  R"(]},"field-id":2}]})"});
}

std::string list_schema(int format_version) {
  std::string fields = str_cat({field_json("manifest_path", 500, R"("string")", false),
                                ",",
                                field_json("manifest_length", 501, R"("long")", false),
                                ",",
                                field_json("partition_spec_id", 502, R"("int")", false),
                                ",",
                                field_json("content", 517, R"("int")", false),
                                ",",
                                field_json("sequence_number", 515, R"("long")", false),
                                ",",
                                field_json("min_sequence_number", 516, R"("long")", false),
                                ",",
                                field_json("added_snapshot_id", 503, R"("long")", false),
                                ",",
                                field_json("added_files_count", 504, R"("int")", false),
                                ",",
                                field_json("existing_files_count", 505, R"("int")", false),
                                ",",
                                field_json("deleted_files_count", 506, R"("int")", false),
                                ",",
                                field_json("added_rows_count", 512, R"("long")", false),
                                ",",
                                field_json("existing_rows_count", 513, R"("long")", false),
                                ",",
                                field_json("deleted_rows_count", 514, R"("long")", false),
                                ",",
                                field_json("key_metadata", 519, R"("bytes")", true)});
  if (format_version >= 3) fields += "," + field_json("first_row_id", 520, R"("long")", true);
  return str_cat({R"({"type":"record","name":"manifest_file","fields":[)", fields, "]}"});
}

// --- writing

void put_optional(AvroEncoder& out, const std::optional<int64_t>& value) {
  out.put_branch(value ? 1 : 0);
  if (value) out.put_long(*value);
}

void put_optional_bytes(AvroEncoder& out, const Buffer& value) {
  out.put_branch(value.empty() ? 0 : 1);
  if (!value.empty()) out.put_bytes(value);
}

template <class T>
void put_list(AvroEncoder& out, const std::vector<T>& items) {
  out.put_branch(items.empty() ? 0 : 1);
  if (items.empty()) return;
  out.put_count(static_cast<int64_t>(items.size()));
  for (const T item : items) out.put_long(item);
  out.put_count(0);
}

template <class Map, class Put>
void put_int_map(AvroEncoder& out, const Map& map, const Put& put) {
  out.put_branch(map.empty() ? 0 : 1);
  if (map.empty()) return;
  out.put_count(static_cast<int64_t>(map.size()));
  for (const auto& [key, value] : map) {
    out.put_int(key);
    put(value);
  }
  out.put_count(0);
}

void put_file(AvroEncoder& out, const DataFile& file, int format_version) {
  out.put_int(static_cast<int32_t>(file.content));
  out.put_string(file.path);
  out.put_string(file.format);
  out.put_long(file.record_count);
  out.put_long(file.file_size);
  const auto put_count = [&](int64_t value) { out.put_long(value); };
  const auto put_bound = [&](const Buffer& value) { out.put_bytes(value); };
  put_int_map(out, file.column_sizes, put_count);
  put_int_map(out, file.value_counts, put_count);
  put_int_map(out, file.null_value_counts, put_count);
  put_int_map(out, file.nan_value_counts, put_count);
  put_int_map(out, file.lower_bounds, put_bound);
  put_int_map(out, file.upper_bounds, put_bound);
  put_optional_bytes(out, file.key_metadata);
  put_list(out, file.split_offsets);
  put_list(out, file.equality_ids);
  put_optional(out, file.sort_order_id);
  if (format_version >= 3) put_optional(out, file.first_row_id);
  out.put_branch(file.referenced_data_file.empty() ? 0 : 1);
  if (!file.referenced_data_file.empty()) out.put_string(file.referenced_data_file);
  if (format_version >= 3) {
    put_optional(out, file.content_offset);
    put_optional(out, file.content_size);
  }
}

// --- reading

constexpr int64_t kCountMax = int64_t{1} << 40;
constexpr int64_t kFilesMax = std::numeric_limits<int32_t>::max();
constexpr int64_t kRowIdMax = int64_t{1} << 62;

class ValueReader {
 public:
  explicit ValueReader(const AvroValue& value) : value_(value) {}

  std::optional<int64_t> integer(int id) {
    const AvroValue* found = value_.field(id);
    if (found == nullptr) return std::nullopt;
    if (found->kind != AvroValue::Kind::kInteger) is_wrong_ = true;
    return found->integer;
  }
  // Of files, rows or bytes; 0 where it is absent. The limit keeps sums from overflowing.
  int64_t count(int id, int64_t max = kCountMax) {
    const int64_t found = integer(id).value_or(0);
    if (found < 0 || found > max) is_wrong_ = true;
    return found;
  }
  int64_t required_count(int id) {
    if (value_.field(id) == nullptr) is_wrong_ = true;
    return count(id);
  }
  int64_t required(int id) {
    const auto found = integer(id);
    if (!found) is_wrong_ = true;
    return found.value_or(0);
  }
  std::string text(int id) {
    const AvroValue* found = value_.field(id);
    return found == nullptr ? std::string() : found->bytes;
  }
  std::string required_text(int id) {
    std::string found = text(id);
    if (found.empty()) is_wrong_ = true;
    return found;
  }
  template <class Visit>
  void map(int id, int key_id, int value_id, const Visit& visit) {
    const AvroValue* found = value_.field(id);
    if (found == nullptr) return;
    for (const AvroValue& item : found->items) {
      const AvroValue* key = item.field(key_id);
      const AvroValue* value = item.field(value_id);
      if (key != nullptr && value != nullptr) visit(static_cast<int>(key->integer), *value);
    }
  }
  template <class T>
  void list(int id, std::vector<T>& to) {
    const AvroValue* found = value_.field(id);
    if (found == nullptr) return;
    for (const AvroValue& item : found->items) to.push_back(static_cast<T>(item.integer));
  }
  Buffer bytes(int id) {
    const std::string found = text(id);
    return {found.begin(), found.end()};
  }
  [[nodiscard]] bool is_wrong() const { return is_wrong_; }

 private:
  const AvroValue& value_;
  bool is_wrong_ = false;
};

std::unexpected<Error> damaged(std::string_view what) {
  return fail(Code::kCorrupt, str_cat({"an Iceberg manifest is damaged: ", what}));
}

Result<DataFile> read_file(const AvroValue& value) {
  ValueReader in(value);
  DataFile file;
  const int64_t content = in.integer(134).value_or(0);
  if (content < 0 || content > 2) return damaged("unknown content of a file");
  file.content = static_cast<FileContent>(content);
  file.path = in.required_text(100);
  file.format = in.required_text(101);
  file.record_count = in.required_count(103);
  file.file_size = in.required_count(104);
  const auto counts = [&](int id, int key, int mapped, std::map<int, int64_t>& to) {
    in.map(id, key, mapped, [&](int field, const AvroValue& v) { to[field] = v.integer; });
  };
  const auto bounds = [&](int id, int key, int mapped, std::map<int, Buffer>& to) {
    in.map(id, key, mapped, [&](int field, const AvroValue& v) {
      const Bytes bytes = as_bytes(v.bytes);
      to[field] = Buffer(bytes.begin(), bytes.end());
    });
  };
  counts(108, 117, 118, file.column_sizes);
  counts(109, 119, 120, file.value_counts);
  counts(110, 121, 122, file.null_value_counts);
  counts(137, 138, 139, file.nan_value_counts);
  bounds(125, 126, 127, file.lower_bounds);
  bounds(128, 129, 130, file.upper_bounds);
  file.first_row_id = in.integer(142);
  file.referenced_data_file = in.text(143);
  file.content_offset = in.integer(144);
  file.content_size = in.integer(145);
  file.key_metadata = in.bytes(131);
  in.list(132, file.split_offsets);
  in.list(135, file.equality_ids);
  file.sort_order_id = in.integer(140);
  if (in.is_wrong() || file.first_row_id.value_or(0) < 0) return damaged("a file's entry");
  return file;
}

}  // namespace

Buffer encode_manifest(int format_version, ManifestContent content, const Schema& schema,
                       const std::vector<ManifestEntry>& entries) {
  AvroEncoder out;
  for (const ManifestEntry& entry : entries) {
    out.put_int(static_cast<int32_t>(entry.status));
    put_optional(out, entry.snapshot_id);
    put_optional(out, entry.sequence_number);
    put_optional(out, entry.file_sequence_number);
    put_file(out, entry.file, format_version);
  }
  const AvroHeader header = {{"schema", to_json(schema)},
                             {"schema-id", std::to_string(schema.id)},
                             {"partition-spec", "[]"},
                             {"partition-spec-id", "0"},
                             {"format-version", std::to_string(format_version)},
                             {"content", content == ManifestContent::kData ? "data" : "deletes"}};
  return encode_container(header, entry_schema(format_version),
                          static_cast<int64_t>(entries.size()), out.bytes());
}

Result<std::vector<ManifestEntry>> parse_manifest(Bytes bytes, const ManifestFile& manifest) {
  DOSQL_TRY(const AvroFile avro, parse_container(bytes));
  std::vector<ManifestEntry> entries;
  std::optional<int64_t> next_row_id = manifest.first_row_id;
  for (const AvroValue& row : avro.rows) {
    ValueReader in(row);
    ManifestEntry entry;
    const int64_t status = in.required(0);
    const AvroValue* file = row.field(2);
    if (in.is_wrong() || status < 0 || status > 2 || file == nullptr) return damaged("an entry");
    entry.status = static_cast<EntryStatus>(status);
    entry.snapshot_id = in.integer(1);
    entry.sequence_number = in.integer(3);
    entry.file_sequence_number = in.integer(4);
    DOSQL_TRY(entry.file, read_file(*file));
    if (!entry.snapshot_id) entry.snapshot_id = manifest.added_snapshot_id;
    if (!entry.sequence_number) entry.sequence_number = manifest.sequence_number;
    if (!entry.file_sequence_number) entry.file_sequence_number = manifest.sequence_number;
    const bool is_data = manifest.content == ManifestContent::kData;
    if (is_data && !entry.file.first_row_id && next_row_id &&
        entry.status != EntryStatus::kDeleted) {
      entry.file.first_row_id = *next_row_id;
      *next_row_id += entry.file.record_count;
    }
    entries.push_back(std::move(entry));
  }
  return entries;
}

Buffer encode_manifest_list(int format_version, int64_t snapshot_id,
                            std::optional<int64_t> parent_id, int64_t sequence_number,
                            int64_t first_row_id, const std::vector<ManifestFile>& manifests) {
  AvroEncoder out;
  for (const ManifestFile& manifest : manifests) {
    out.put_string(manifest.path);
    out.put_long(manifest.length);
    out.put_int(0);
    out.put_int(static_cast<int32_t>(manifest.content));
    out.put_long(manifest.sequence_number);
    out.put_long(manifest.min_sequence_number);
    out.put_long(manifest.added_snapshot_id);
    out.put_int(manifest.added_files);
    out.put_int(manifest.existing_files);
    out.put_int(manifest.deleted_files);
    out.put_long(manifest.added_rows);
    out.put_long(manifest.existing_rows);
    out.put_long(manifest.deleted_rows);
    put_optional_bytes(out, manifest.key_metadata);
    if (format_version >= 3) put_optional(out, manifest.first_row_id);
  }
  AvroHeader header = {{"snapshot-id", std::to_string(snapshot_id)},
                       {"parent-snapshot-id", parent_id ? std::to_string(*parent_id) : "null"},
                       {"sequence-number", std::to_string(sequence_number)},
                       {"format-version", std::to_string(format_version)}};
  if (format_version >= 3) header.emplace_back("first-row-id", std::to_string(first_row_id));
  return encode_container(header, list_schema(format_version),
                          static_cast<int64_t>(manifests.size()), out.bytes());
}

Result<std::vector<ManifestFile>> parse_manifest_list(Bytes bytes) {
  DOSQL_TRY(const AvroFile avro, parse_container(bytes));
  std::vector<ManifestFile> manifests;
  for (const AvroValue& row : avro.rows) {
    ValueReader in(row);
    ManifestFile manifest;
    manifest.path = in.required_text(500);
    manifest.length = in.required_count(501);
    if (in.count(502) != 0) {
      return fail(
          Code::kUnsupported,
          str_cat({manifest.path, " is partitioned; only unpartitioned tables are supported"}));
    }
    manifest.content =
        in.integer(517).value_or(0) == 0 ? ManifestContent::kData : ManifestContent::kDeletes;
    manifest.sequence_number = in.integer(515).value_or(0);
    manifest.min_sequence_number = in.integer(516).value_or(0);
    manifest.added_snapshot_id = in.required(503);
    manifest.added_files = static_cast<int32_t>(in.count(504, kFilesMax));
    manifest.existing_files = static_cast<int32_t>(in.count(505, kFilesMax));
    manifest.deleted_files = static_cast<int32_t>(in.count(506, kFilesMax));
    manifest.added_rows = in.count(512);
    manifest.existing_rows = in.count(513);
    manifest.deleted_rows = in.count(514);
    manifest.key_metadata = in.bytes(519);
    manifest.first_row_id = in.integer(520);
    const int64_t first_row_id = manifest.first_row_id.value_or(0);
    if (in.is_wrong() || first_row_id < 0 || first_row_id > kRowIdMax)
      return damaged("the manifest list");
    manifests.push_back(std::move(manifest));
  }
  return manifests;
}

ManifestFile summarise(ManifestContent content, const std::vector<ManifestEntry>& entries,
                       int64_t snapshot_id, int64_t sequence_number) {
  ManifestFile manifest;
  manifest.content = content;
  manifest.sequence_number = sequence_number;
  manifest.min_sequence_number = sequence_number;
  manifest.added_snapshot_id = snapshot_id;
  for (const ManifestEntry& entry : entries) {
    switch (entry.status) {
      case EntryStatus::kAdded:
        ++manifest.added_files;
        manifest.added_rows += entry.file.record_count;
        break;
      case EntryStatus::kExisting:
        ++manifest.existing_files;
        manifest.existing_rows += entry.file.record_count;
        break;
      case EntryStatus::kDeleted:
        ++manifest.deleted_files;
        manifest.deleted_rows += entry.file.record_count;
        continue;
    }
    manifest.min_sequence_number =
        std::min(manifest.min_sequence_number, entry.sequence_number.value_or(sequence_number));
  }
  return manifest;
}

}  // namespace dosql::iceberg
