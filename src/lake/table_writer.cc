#include "lake/table_writer.h"

#include <algorithm>
#include <charconv>

#include "base/text.h"
#include "duck/parquet_writer.h"
#include "lake/iceberg_table.h"
#include "lake/paths.h"
#include "lake/table_sql.h"

namespace dosql::lake {
namespace {

// Where each row of a buffer with columns (file, position) lies, read back with a hash of the row.
duck::RowBuffer places_buffer() {
  return duck::RowBuffer({{.name = "file", .type = duck::ColumnType::kLong},
                          {.name = "position", .type = duck::ColumnType::kLong}});
}

uint64_t number_property(const iceberg::TableMetadata& metadata, const char* name) {
  const auto at = metadata.properties.find(name);
  uint64_t number = 0;
  if (at == metadata.properties.end()) return number;
  std::from_chars(at->second.data(), at->second.data() + at->second.size(), number);
  return number;
}

}  // namespace

TableWriter::TableWriter(WriteContext& context, TableState& state, LayoutChange change,
                         std::string location, catalog::TableName name)
    : context_(context),
      state_(state),
      change_(std::move(change)),
      location_(std::move(location)),
      name_(std::move(name)),
      row_layout_(change_.layout.row_layout()),
      old_row_layout_(state.layout.row_layout()),
      writer_(row_layout_),
      old_writer_(old_row_layout_) {
  update_.replaces_rows = change_.replaces_rows;
}

Result<void> TableWriter::add(std::span<const Cell> cells, int64_t rowid) {
  if (!rows_.has_value()) rows_.emplace(row_layout_.buffer_columns());
  writer_.write(cells, rowid, *rows_);
  ++added_rows_;
  if (rows_->byte_count() >= kFileBytes) return write_file();
  return {};
}

Result<void> TableWriter::remove(std::span<const Cell> cells, int64_t rowid) {
  DOSQL_CHECK(!change_.replaces_rows);
  if (!gone_.has_value()) gone_.emplace(old_row_layout_.buffer_columns());
  old_writer_.write(cells, rowid, *gone_);
  ++removed_rows_;
  const bool is_full = gone_->row_count() >= kGoneRows || gone_->byte_count() >= kGoneBytes;
  if (is_full) return resolve_gone();
  return {};
}

std::string TableWriter::new_file(std::string_view ending) {
  paths_.push_back(str_cat({location_, "/data/", new_uuid(), ending}));
  return paths_.back();
}

Result<void> TableWriter::write_file() {
  if (writer_.misfit_count() > 0 && add_extra(change_.layout)) change_.changes_schema = true;
  rows_->set_field_id(row_layout_.extra_index(), change_.layout.extra.field_id);
  const std::string path = new_file(".parquet");
  context_.files.add(path);
  DOSQL_TRY(const duck::ParquetFile file,
            duck::write_parquet(context_.database, context_.connection, *rows_, path));
  for (const size_t column : change_.layout.key_indices()) {
    const bool has_nulls = file.columns[column].stats.null_count > 0;
    if (has_nulls && relax_key(change_.layout)) change_.changes_schema = true;
  }
  const std::string uri = uri_of(path);
  update_.data_files.push_back(data_file_of(file, change_.layout, uri));
  new_files_.push_back({.uri = uri, .path = path, .row_count = file.row_count, .dead = nullptr});
  std::vector<uint64_t> hashes;
  if (state_.is_indexed) {
    const std::vector<size_t> key = change_.layout.key_indices();
    for (size_t row = 0; row < rows_->row_count(); ++row) {
      hashes.push_back(hash_columns(*rows_, row, key));
    }
  }
  new_hashes_.push_back(std::move(hashes));
  rows_.reset();
  return {};
}

bool TableWriter::is_live(RowPlace place) const {
  if (place.file >= state_.files.size()) return false;
  if (const auto at = touched_.find(place.file); at != touched_.end()) {
    return !at->second.contains(place.position);
  }
  const auto& dead = state_.files[place.file].dead;
  return dead == nullptr || !dead->contains(place.position);
}

void TableWriter::mark_dead(RowPlace place) {
  const auto [at, is_new] = touched_.try_emplace(place.file);
  const auto& before = state_.files[place.file].dead;
  if (is_new && before != nullptr) at->second = *before;
  at->second.add(place.position);
}

Result<void> TableWriter::resolve_gone() {
  if (!gone_.has_value()) return {};
  if (!state_.is_indexed) {
    DOSQL_TRY(build_index(context_.database, context_.connection, state_));
  }
  const std::vector<size_t> key = state_.layout.key_indices();
  AmbiguousByHash ambiguous;
  std::vector<RowPlace> places;
  for (size_t row = 0; row < gone_->row_count(); ++row) {
    const uint64_t hash = hash_columns(*gone_, row, key);
    if (const auto at = ambiguous.find(hash); at != ambiguous.end()) {
      at->second.rows.push_back(row);
      continue;
    }
    places.clear();
    state_.index.find(hash, places);
    std::erase_if(places, [this](RowPlace place) { return !is_live(place); });
    if (places.empty()) return lacks_a_row();
    if (places.size() == 1) {
      mark_dead(places.front());
    } else {
      ambiguous[hash] = {{row}, places};
    }
  }
  if (!ambiguous.empty()) DOSQL_TRY(resolve_ambiguous(ambiguous));
  gone_.reset();
  return {};
}

std::unexpected<Error> TableWriter::lacks_a_row() const {
  return fail(Code::kNotFound, str_cat({"lake table \"", state_.name.space, ".", state_.name.name,
                                        "\" lacks a row that changed"}));
}

// Keys that share a hash, or are NULL: the whole rows are compared.
Result<void> TableWriter::resolve_ambiguous(const AmbiguousByHash& ambiguous) {
  const std::vector<size_t> columns = state_.layout.stored_indices();
  DOSQL_TRY(auto places_of, read_places(ambiguous, columns));
  for (const auto& [key_hash, group] : ambiguous) {
    for (const size_t row : group.rows) {
      std::vector<RowPlace>& same = places_of[hash_columns(*gone_, row, columns)];
      while (!same.empty() && !is_live(same.back())) same.pop_back();
      if (same.empty()) return lacks_a_row();
      mark_dead(same.back());
    }
  }
  return {};
}

Result<std::unordered_map<uint64_t, std::vector<RowPlace>>> TableWriter::read_places(
    const AmbiguousByHash& ambiguous, std::span<const size_t> columns) {
  duck::RowBuffer wanted = places_buffer();
  for (const auto& [key_hash, group] : ambiguous) {
    for (const RowPlace place : group.places) {
      wanted.set_long(0, place.file);
      wanted.set_long(1, place.position);
      wanted.end_row();
    }
  }
  LiveScan live(context_.database, state_.files, scan_columns(state_.layout));
  live.scan().with_position = true;
  const duck::Shared shared = context_.database.share_rows(wanted);
  DOSQL_TRY(const auto found,
            context_.connection.query(
                str_cat({"SELECT * FROM (", duck::scan_sql(live.scan()), ") s SEMI JOIN ",
                         duck::Database::rows_sql(shared),
                         " w ON s.file_index = w.file AND s.file_row_number = w.position"})));
  std::unordered_map<uint64_t, std::vector<RowPlace>> places_of;
  while (true) {
    DOSQL_TRY(const bool has_row, found->next());
    if (!has_row) return places_of;
    const RowPlace place{static_cast<uint32_t>(found->int64_at(columns.size())),
                         static_cast<uint32_t>(found->int64_at(columns.size() + 1))};
    places_of[hash_columns(*found, columns)].push_back(place);
  }
}

Result<void> TableWriter::write_vectors() {
  for (const auto& [number, vector] : touched_) {
    const LiveFile& file = state_.files[number];
    const iceberg::PuffinFile puffin = iceberg::encode_puffin(vector, file.uri);
    const std::string path = new_file("-deletes.puffin");
    DOSQL_TRY(context_.files.write(path, puffin.bytes));
    iceberg::DataFile entry;
    entry.content = iceberg::FileContent::kPositionDeletes;
    entry.path = uri_of(path);
    entry.format = "PUFFIN";
    entry.record_count = static_cast<int64_t>(vector.cardinality());
    entry.file_size = static_cast<int64_t>(puffin.bytes.size());
    entry.referenced_data_file = file.uri;
    entry.content_offset = puffin.blob_offset;
    entry.content_size = puffin.blob_size;
    update_.deletion_vectors.push_back(std::move(entry));
  }
  return {};
}

Result<iceberg::TableMetadata> TableWriter::base_metadata(int64_t now_ms) const {
  iceberg::TableMetadata metadata = state_.metadata;
  if (state_.metadata_uri.empty()) {
    DOSQL_TRY(metadata, iceberg::new_table(3, state_.uuid, uri_of(location_),
                                           schema_of(change_.layout), now_ms));
  } else if (change_.changes_schema) {
    iceberg::set_schema(metadata, schema_of(change_.layout));
  }
  metadata.last_column_id = std::max(metadata.last_column_id, change_.layout.last_field_id);
  set_properties(change_.layout, metadata.properties);
  const uint64_t misfits =
      number_property(state_.metadata, kMisfitsProperty) + writer_.misfit_count();
  metadata.properties[kMisfitsProperty] = std::to_string(misfits);
  return metadata;
}

Result<bool> TableWriter::finish(const std::map<std::string, std::string>& summary) {
  DOSQL_TRY(resolve_gone());
  if (rows_.has_value()) DOSQL_TRY(write_file());
  DOSQL_TRY(write_vectors());
  const bool changes = change_.changes_schema || change_.replaces_rows ||
                       !update_.data_files.empty() || !update_.deletion_vectors.empty();
  if (!changes) return false;
  update_.summary = summary;
  const int64_t now_ms = context_.clock.wall_us() / 1000;
  DOSQL_TRY(const iceberg::TableMetadata base, base_metadata(now_ms));
  const iceberg::ProducerContext producer{
      .read_file = [this](const std::string& uri) { return read_uri(context_.disk, uri); },
      .new_uuid = new_uuid,
      .new_snapshot_id = new_snapshot_id,
      .now_ms = now_ms,
      .previous_metadata_uri = state_.metadata_uri,
      .metadata_version = state_.metadata_version() + 1};
  DOSQL_TRY(produced_, iceberg::produce(base, update_, producer));
  for (const iceberg::ProducedFile& file : produced_->files) {
    DOSQL_TRY(const std::string path, path_of(file.uri));
    paths_.push_back(path);
    DOSQL_TRY(context_.files.write(path, file.bytes));
  }
  return true;
}

catalog::TableChange TableWriter::table_change() const {
  return {.table = {.name = name_,
                    .uuid = state_.uuid,
                    .metadata_location = produced_->metadata_uri,
                    .metadata = std::string(as_text(produced_->files.back().bytes)),
                    .database = state_.database},
          .expected_location = state_.metadata_uri};
}

void TableWriter::commit() {
  if (change_.replaces_rows) {
    state_.files.clear();
    state_.index = KeyIndex();
    state_.is_indexed = false;
  }
  for (auto& [number, vector] : touched_) {
    state_.files[number].dead = std::make_shared<const iceberg::DeletionVector>(std::move(vector));
  }
  touched_.clear();
  for (size_t i = 0; i < new_files_.size(); ++i) {
    const auto number = static_cast<uint32_t>(state_.files.size());
    state_.files.push_back(std::move(new_files_[i]));
    // A file written before the index was first needed is found by the next scan.
    state_.is_indexed =
        state_.is_indexed && new_hashes_[i].size() == state_.files[number].row_count;
    if (!state_.is_indexed) continue;
    for (size_t row = 0; row < new_hashes_[i].size(); ++row) {
      state_.index.insert(new_hashes_[i][row], {number, static_cast<uint32_t>(row)});
    }
  }
  if (state_.is_indexed) {
    state_.index.settle([this](RowPlace place) { return is_live(place); });
  }
  state_.name = name_;
  if (!produced_.has_value()) return;
  state_.layout = change_.layout;
  state_.metadata = std::move(produced_->metadata);
  state_.metadata_uri = std::move(produced_->metadata_uri);
}

void TableWriter::discard() {
  for (const std::string& path : paths_) context_.files.remove(path);
  paths_.clear();
}

uint64_t TableWriter::byte_count() const {
  int64_t bytes = 0;
  for (const iceberg::DataFile& file : update_.data_files) bytes += file.file_size;
  for (const iceberg::DataFile& file : update_.deletion_vectors) bytes += file.file_size;
  return static_cast<uint64_t>(bytes);
}

}  // namespace dosql::lake
