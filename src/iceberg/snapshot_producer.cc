#include "iceberg/snapshot_producer.h"

#include <algorithm>
#include <set>

#include "base/text.h"

namespace dosql::iceberg {
namespace {

constexpr size_t kDataManifestsMax = 20;  // more are merged into one
constexpr size_t kMetadataFilesLogged = 20;

using ReadFile = std::function<Result<Buffer>(const std::string&)>;

bool is_live(const ManifestEntry& entry) {
  return entry.status != EntryStatus::kDeleted;
}

// An entry of an older manifest as it stands in a rewritten one: everything explicit.
ManifestEntry carried(ManifestEntry entry, EntryStatus status, int64_t snapshot_id) {
  entry.status = status;
  if (status == EntryStatus::kDeleted) entry.snapshot_id = snapshot_id;
  return entry;
}

class Producer {
 public:
  Producer(const TableMetadata& base, const TableUpdate& update, const ProducerContext& context)
      : metadata_(base), update_(update), context_(context) {}

  Result<Produced> run() {
    const bool has_files = !update_.data_files.empty() || !update_.deletion_vectors.empty();
    if (has_files || update_.replaces_rows) DOSQL_TRY(make_snapshot());
    if (!context_.previous_metadata_uri.empty()) {
      log_previous(metadata_, context_.previous_metadata_uri, previous_updated_ms_,
                   kMetadataFilesLogged);
    }
    metadata_.last_updated_ms = std::max(metadata_.last_updated_ms, context_.now_ms);
    produced_.metadata_uri =
        str_cat({metadata_.location, "/metadata/",
                 metadata_file_name(context_.metadata_version, context_.new_uuid())});
    const std::string json = to_json(metadata_);
    const Bytes bytes = as_bytes(json);
    produced_.files.push_back({produced_.metadata_uri, Buffer(bytes.begin(), bytes.end())});
    produced_.metadata = std::move(metadata_);
    return std::move(produced_);
  }

 private:
  Result<void> make_snapshot() {
    snapshot_.id = context_.new_snapshot_id();
    snapshot_.sequence_number = metadata_.last_sequence_number + 1;
    const int64_t last_ms =
        metadata_.snapshot_log.empty() ? 0 : metadata_.snapshot_log.back().timestamp_ms;
    // The clock may have gone back: time in the log does not.
    snapshot_.timestamp_ms = std::max(context_.now_ms, last_ms);
    snapshot_.schema_id = metadata_.current_schema_id;
    snapshot_.first_row_id = next_row_id_ = metadata_.next_row_id;
    if (const Snapshot* parent = metadata_.current_snapshot()) {
      snapshot_.parent_id = parent->id;
      DOSQL_TRY(before_, load_live_files(*parent, context_.read_file));
    }
    DOSQL_TRY(check_update());
    write_data_manifests();
    write_delete_manifest();
    for (ManifestFile& manifest : manifests_) {
      const bool takes_ids = metadata_.format_version >= 3 &&
                             manifest.content == ManifestContent::kData && !manifest.first_row_id;
      if (!takes_ids) continue;
      manifest.first_row_id = next_row_id_;
      next_row_id_ += manifest.added_rows + manifest.existing_rows;
    }
    snapshot_.added_rows = next_row_id_ - snapshot_.first_row_id;
    snapshot_.manifest_list =
        str_cat({metadata_.location, "/metadata/snap-", std::to_string(snapshot_.id), "-1-",
                 context_.new_uuid(), ".avro"});
    produced_.files.push_back(
        {snapshot_.manifest_list,
         encode_manifest_list(metadata_.format_version, snapshot_.id, snapshot_.parent_id,
                              snapshot_.sequence_number, snapshot_.first_row_id, manifests_)});
    summarise_snapshot();
    return add_snapshot(metadata_, snapshot_, snapshot_.timestamp_ms);
  }

  void add_manifest(ManifestContent content, const std::vector<ManifestEntry>& entries) {
    if (entries.empty()) return;
    ManifestFile manifest = summarise(content, entries, snapshot_.id, snapshot_.sequence_number);
    manifest.path = str_cat({metadata_.location, "/metadata/", context_.new_uuid(), "-m",
                             std::to_string(manifests_.size()), ".avro"});
    Buffer bytes =
        encode_manifest(metadata_.format_version, content, metadata_.current_schema(), entries);
    manifest.length = static_cast<int64_t>(bytes.size());
    produced_.files.push_back({manifest.path, std::move(bytes)});
    manifests_.push_back(std::move(manifest));
  }

  [[nodiscard]] std::vector<ManifestEntry> added(const std::vector<DataFile>& files) const {
    std::vector<ManifestEntry> entries;
    for (const DataFile& file : files) {
      entries.push_back({EntryStatus::kAdded, snapshot_.id, std::nullopt, std::nullopt, file});
    }
    return entries;
  }

  // Engines refuse a table that breaks one of these rules, or read it wrong.
  Result<void> check_update() const {
    std::map<std::string_view, int64_t> rows;
    const auto refuse = [](std::string_view path, std::string_view why) {
      return fail(Code::kInvalidArgument, str_cat({"the snapshot cannot have ", path, ": ", why}));
    };
    for (const ManifestEntry& entry : before_.data_files) {
      rows[entry.file.path] = update_.replaces_rows ? -1 : entry.file.record_count;
    }
    for (const DataFile& file : update_.data_files) {
      const bool is_new = rows.emplace(file.path, file.record_count).second;
      if (!is_new) return refuse(file.path, "it is there already");
    }
    std::set<std::string_view> referenced;
    for (const DataFile& vector : update_.deletion_vectors) {
      if (metadata_.format_version < 3)
        return refuse(vector.path, "format version 2 has no vectors");
      if (!vector.content_offset || !vector.content_size) {
        return refuse(vector.path, "it does not say where its vector lies");
      }
      const auto at = rows.find(vector.referenced_data_file);
      if (at == rows.end() || at->second < 0)
        return refuse(vector.path, "its data file is not live");
      if (vector.record_count > at->second)
        return refuse(vector.path, "its data file has fewer rows");
      const bool is_only = referenced.insert(vector.referenced_data_file).second;
      if (!is_only) return refuse(vector.path, "its data file has another vector");
    }
    return {};
  }

  void write_data_manifests() {
    add_manifest(ManifestContent::kData, added(update_.data_files));
    if (update_.replaces_rows) {
      std::vector<ManifestEntry> gone;
      for (const ManifestEntry& entry : before_.data_files) {
        gone.push_back(carried(entry, EntryStatus::kDeleted, snapshot_.id));
      }
      add_manifest(ManifestContent::kData, gone);
      return;
    }
    std::vector<ManifestFile> kept;
    for (const ManifestFile& manifest : before_.manifests) {
      if (manifest.content == ManifestContent::kData) kept.push_back(manifest);
    }
    if (kept.size() <= kDataManifestsMax) {
      manifests_.insert(manifests_.end(), kept.begin(), kept.end());
      return;
    }
    std::vector<ManifestEntry> merged;
    for (const ManifestEntry& entry : before_.data_files) {
      merged.push_back(carried(entry, EntryStatus::kExisting, snapshot_.id));
    }
    add_manifest(ManifestContent::kData, merged);
  }

  // One delete manifest, rewritten with every change: a data file never has two live vectors.
  void write_delete_manifest() {
    std::set<std::string> replaced;
    for (const DataFile& vector : update_.deletion_vectors) {
      replaced.insert(vector.referenced_data_file);
    }
    std::vector<ManifestEntry> entries = added(update_.deletion_vectors);
    for (const ManifestEntry& entry : before_.deletion_vectors) {
      const bool is_gone =
          update_.replaces_rows || replaced.contains(entry.file.referenced_data_file);
      entries.push_back(
          carried(entry, is_gone ? EntryStatus::kDeleted : EntryStatus::kExisting, snapshot_.id));
    }
    const bool has_changed = update_.replaces_rows || !update_.deletion_vectors.empty();
    if (has_changed) return add_manifest(ManifestContent::kDeletes, entries);
    for (const ManifestFile& manifest : before_.manifests) {
      if (manifest.content == ManifestContent::kDeletes) manifests_.push_back(manifest);
    }
  }

  void summarise_snapshot() {
    const auto total = [](const std::vector<ManifestEntry>& entries, auto member) {
      int64_t sum = 0;
      for (const ManifestEntry& entry : entries) sum += entry.file.*member;
      return sum;
    };
    const auto sum = [](const std::vector<DataFile>& files, auto member) {
      int64_t all = 0;
      for (const DataFile& file : files) all += file.*member;
      return all;
    };
    int64_t removed_vectors = 0;
    int64_t removed_positions = 0;
    int64_t removed_bytes = 0;
    for (const ManifestEntry& entry : before_.deletion_vectors) {
      const bool is_replaced =
          std::ranges::find(update_.deletion_vectors, entry.file.referenced_data_file,
                            &DataFile::referenced_data_file) != update_.deletion_vectors.end();
      if (!update_.replaces_rows && !is_replaced) continue;
      ++removed_vectors;
      removed_positions += entry.file.record_count;
      removed_bytes += entry.file.file_size;
    }
    const int64_t old_files = static_cast<int64_t>(before_.data_files.size());
    const int64_t old_rows = total(before_.data_files, &DataFile::record_count);
    const int64_t removed_files = update_.replaces_rows ? old_files : 0;
    const int64_t removed_rows = update_.replaces_rows ? old_rows : 0;
    if (update_.replaces_rows) removed_bytes += total(before_.data_files, &DataFile::file_size);
    const int64_t added_files = static_cast<int64_t>(update_.data_files.size());
    const int64_t added_rows = sum(update_.data_files, &DataFile::record_count);
    const int64_t added_vectors = static_cast<int64_t>(update_.deletion_vectors.size());
    const int64_t added_positions = sum(update_.deletion_vectors, &DataFile::record_count);
    const int64_t added_bytes = sum(update_.data_files, &DataFile::file_size) +
                                sum(update_.deletion_vectors, &DataFile::file_size);
    const int64_t old_bytes = total(before_.data_files, &DataFile::file_size) +
                              total(before_.deletion_vectors, &DataFile::file_size);
    auto& summary = snapshot_.summary;
    summary = update_.summary;
    const bool only_adds = added_vectors == 0 && !update_.replaces_rows;
    const bool only_deletes = added_files == 0;
    summary["operation"] = only_adds ? "append" : only_deletes ? "delete" : "overwrite";
    const auto put = [&](const char* name, int64_t value) {
      summary[name] = std::to_string(value);
    };
    const auto put_some = [&](const char* name, int64_t value) {
      if (value > 0) put(name, value);
    };
    put_some("added-data-files", added_files);
    put_some("added-records", added_rows);
    put_some("deleted-data-files", removed_files);
    put_some("deleted-records", removed_rows);
    put_some("added-delete-files", added_vectors);
    put_some("added-dvs", added_vectors);
    put_some("removed-delete-files", removed_vectors);
    put_some("removed-dvs", removed_vectors);
    put_some("added-position-deletes", added_positions);
    put_some("removed-position-deletes", removed_positions);
    put_some("added-files-size", added_bytes);
    put_some("removed-files-size", removed_bytes);
    put("total-data-files", old_files + added_files - removed_files);
    put("total-records", old_rows + added_rows - removed_rows);
    put("total-delete-files",
        static_cast<int64_t>(before_.deletion_vectors.size()) + added_vectors - removed_vectors);
    put("total-position-deletes", total(before_.deletion_vectors, &DataFile::record_count) +
                                      added_positions - removed_positions);
    put("total-equality-deletes", 0);
    put("total-files-size", old_bytes + added_bytes - removed_bytes);
  }

  TableMetadata metadata_;
  const int64_t previous_updated_ms_ = metadata_.last_updated_ms;
  const TableUpdate& update_;
  const ProducerContext& context_;
  Snapshot snapshot_;
  int64_t next_row_id_ = 0;
  LiveFiles before_;
  std::vector<ManifestFile> manifests_;
  Produced produced_;
};

}  // namespace

Result<LiveFiles> load_live_files(const Snapshot& snapshot, const ReadFile& read_file) {
  LiveFiles live;
  DOSQL_TRY(const Buffer list, read_file(snapshot.manifest_list));
  auto manifests = parse_manifest_list(list);
  if (!manifests) return with_context(snapshot.manifest_list, manifests.error());
  for (ManifestFile& manifest : *manifests) {
    DOSQL_TRY(const Buffer bytes, read_file(manifest.path));
    if (static_cast<int64_t>(bytes.size()) != manifest.length) {
      return fail(Code::kCorrupt, str_cat({manifest.path, " is not as long as its list says"}));
    }
    auto parsed = parse_manifest(bytes, manifest);
    if (!parsed) return with_context(manifest.path, parsed.error());
    const bool is_data = manifest.content == ManifestContent::kData;
    auto& entries = is_data ? live.data_files : live.deletion_vectors;
    const size_t count_before = entries.size();
    for (ManifestEntry& entry : *parsed) {
      if (is_live(entry)) entries.push_back(std::move(entry));
    }
    if (entries.size() > count_before) live.manifests.push_back(std::move(manifest));
  }
  return live;
}

Result<Produced> produce(const TableMetadata& base, const TableUpdate& update,
                         const ProducerContext& context) {
  return Producer(base, update, context).run();
}

}  // namespace dosql::iceberg
