#include "lake/table_state.h"

#include <charconv>
#include <unordered_map>

#include "base/text.h"
#include "duck/row_filter.h"
#include "iceberg/snapshot_producer.h"
#include "lake/files.h"
#include "lake/iceberg_table.h"
#include "lake/paths.h"
#include "lake/row_writer.h"
#include "lake/table_sql.h"

namespace dosql::lake {
namespace {

class LiveRows final : public duck::RowFilter {
 public:
  explicit LiveRows(const std::vector<LiveFile>& files) {
    for (const LiveFile& file : files) dead_.push_back(file.dead);
  }
  void keep(std::span<const uint64_t> files, std::span<const int64_t> positions,
            bool* keep) const noexcept override {
    for (size_t i = 0; i < files.size(); ++i) {
      const iceberg::DeletionVector* dead =
          files[i] < dead_.size() ? dead_[files[i]].get() : nullptr;
      keep[i] = dead == nullptr || !dead->contains(static_cast<uint64_t>(positions[i]));
    }
  }

 private:
  std::vector<std::shared_ptr<const iceberg::DeletionVector>> dead_;
};

Result<std::shared_ptr<const iceberg::DeletionVector>> load_vector(fsx::Disk& disk,
                                                                   const iceberg::DataFile& file) {
  if (!file.content_offset.has_value() || !file.content_size.has_value()) {
    return fail(Code::kUnsupported,
                str_cat({file.path, " holds position deletes that are no deletion vector"}));
  }
  DOSQL_TRY(const Buffer puffin, read_uri(disk, file.path));
  auto vector = iceberg::read_puffin_blob(puffin, *file.content_offset, *file.content_size);
  if (!vector) return with_context(file.path, vector.error());
  return std::make_shared<const iceberg::DeletionVector>(*std::move(vector));
}

Result<std::vector<LiveFile>> load_files(fsx::Disk& disk, const iceberg::Snapshot& snapshot) {
  const auto read = [&disk](const std::string& uri) { return read_uri(disk, uri); };
  DOSQL_TRY(const iceberg::LiveFiles live, iceberg::load_live_files(snapshot, read));
  std::vector<LiveFile> files;
  std::unordered_map<std::string, size_t> number;
  for (const iceberg::ManifestEntry& entry : live.data_files) {
    DOSQL_TRY(std::string path, path_of(entry.file.path));
    number[entry.file.path] = files.size();
    files.push_back({.uri = entry.file.path,
                     .path = std::move(path),
                     .row_count = static_cast<uint64_t>(entry.file.record_count),
                     .dead = nullptr});
  }
  for (const iceberg::ManifestEntry& entry : live.deletion_vectors) {
    const auto at = number.find(entry.file.referenced_data_file);
    if (at == number.end()) continue;
    DOSQL_TRY(files[at->second].dead, load_vector(disk, entry.file));
  }
  return files;
}

}  // namespace

uint64_t TableState::live_rows() const {
  uint64_t rows = 0;
  for (const LiveFile& file : files) rows += file.row_count - file.dead_count();
  return rows;
}

int64_t TableState::metadata_version() const {
  const std::string_view file_name =
      std::string_view(metadata_uri).substr(metadata_uri.rfind('/') + 1);
  int64_t version = -1;
  std::from_chars(file_name.data(), file_name.data() + file_name.size(), version);
  return version;
}

Result<TableState> load_table(fsx::Disk& disk, const catalog::Table& table) {
  const auto load = [&]() -> Result<TableState> {
    TableState state;
    state.name = table.name;
    state.uuid = table.uuid;
    state.database = table.database;
    state.metadata_uri = table.metadata_location;
    DOSQL_TRY(state.metadata, iceberg::parse_metadata(table.metadata));
    DOSQL_TRY(state.layout, layout_of(state.metadata));
    if (const iceberg::Snapshot* snapshot = state.metadata.current_snapshot()) {
      DOSQL_TRY(state.files, load_files(disk, *snapshot));
    }
    return state;
  };
  auto state = load();
  if (state) return state;
  return with_context(str_cat({"lake table \"", table.name.space, ".", table.name.name, "\""}),
                      state.error());
}

LiveScan::LiveScan(duck::Database& database, const std::vector<LiveFile>& files,
                   std::vector<duck::ScanColumn> columns)
    : scan_(std::make_unique<duck::ParquetScan>()) {
  scan_->columns = std::move(columns);
  bool has_dead = false;
  for (const LiveFile& file : files) {
    scan_->paths.push_back(file.path);
    has_dead |= file.dead != nullptr;
  }
  if (!has_dead) return;
  filter_ =
      std::make_unique<duck::Shared>(database.share_filter(std::make_shared<LiveRows>(files)));
  scan_->filter = filter_.get();
}

Result<void> build_index(duck::Database& database, duck::Connection& connection,
                         TableState& state) {
  state.index = KeyIndex();
  state.is_indexed = false;
  const std::vector<duck::ScanColumn> all = scan_columns(state.layout);
  std::vector<duck::ScanColumn> key;
  std::vector<size_t> key_columns;
  for (const size_t column : state.layout.key_indices()) {
    key_columns.push_back(key.size());
    key.push_back(all[column]);
  }
  LiveScan live(database, state.files, std::move(key));
  live.scan().with_position = true;
  DOSQL_TRY(const auto rows, connection.query(duck::scan_sql(live.scan())));
  const auto is_live = [](RowPlace) { return true; };
  const size_t file_column = key_columns.size();
  while (true) {
    DOSQL_TRY(const bool has_row, rows->next());
    if (!has_row) break;
    const RowPlace place{static_cast<uint32_t>(rows->int64_at(file_column)),
                         static_cast<uint32_t>(rows->int64_at(file_column + 1))};
    state.index.insert(hash_columns(*rows, key_columns), place);
    if (state.index.pending_count() >= KeyIndex::kPendingMax) state.index.settle(is_live);
  }
  state.index.settle(is_live);
  state.is_indexed = true;
  return {};
}

}  // namespace dosql::lake
