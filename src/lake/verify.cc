#include "lake/verify.h"

#include <map>
#include <optional>
#include <set>

#include "base/text.h"
#include "iceberg/snapshot_producer.h"
#include "lake/cycle.h"
#include "lake/digest.h"
#include "lake/files.h"
#include "lake/row_writer.h"
#include "lake/source.h"
#include "lake/table_sql.h"

namespace dosql::lake {
namespace {

// Digests of the rows of a version, by table in lower case, each as the lake would hold it.
class SourceDigests final : private SourceSink {
 public:
  SourceDigests(Warehouse& warehouse, uint32_t database)
      : warehouse_(warehouse), database_(database) {}
  ~SourceDigests() override = default;

  Result<void> read(const store::Snapshot& snapshot) {
    return read_difference(nullptr, snapshot, warehouse_.shapes(), *this);
  }
  // A table of which the lake has nothing that can be read has an empty one.
  [[nodiscard]] const std::map<std::string, std::optional<Digest>>& digests() const {
    return digests_;
  }

 private:
  Result<bool> begin_table(const SourceDifference& table) override {
    const std::string key = to_lower(table.name());
    auto state = warehouse_.find_state(database_, key);
    digest_ = &digests_[key];
    if (!state || *state == nullptr) return false;  // what is wrong is said with the lake table
    *digest_ = Digest();
    columns_ = (*state)->layout.stored_indices();
    layout_ = (*state)->layout.row_layout();
    writer_ = std::make_unique<RowWriter>(layout_);
    rows_ = std::make_unique<duck::RowBuffer>(layout_.buffer_columns());
    return true;
  }
  Result<void> row(const SourceChange& change) override {
    writer_->write(change.after, change.rowid, *rows_);
    if (rows_->row_count() >= duck::RowBuffer::kChunkRows || rows_->byte_count() >= kFoldBytes) {
      fold();
    }
    return {};
  }
  Result<void> end_table() override {
    fold();
    return {};
  }
  void fold() {
    for (size_t row = 0; row < rows_->row_count(); ++row) {
      (*digest_)->add(hash_columns(*rows_, row, columns_));
    }
    rows_->clear();
  }

  static constexpr size_t kFoldBytes = 16ULL << 20;

  Warehouse& warehouse_;
  const uint32_t database_;
  std::map<std::string, std::optional<Digest>> digests_;
  std::optional<Digest>* digest_ = nullptr;
  RowLayout layout_;
  std::vector<size_t> columns_;
  std::unique_ptr<RowWriter> writer_;
  std::unique_ptr<duck::RowBuffer> rows_;
};

Result<Digest> digest_of(Warehouse& warehouse, const TableState& state,
                         const std::vector<LiveFile>& files) {
  LiveScan live(warehouse.duck(), files, scan_columns(state.layout));
  DOSQL_TRY(const auto rows, warehouse.connection().query(duck::scan_sql(live.scan())));
  const std::vector<size_t> columns = state.layout.stored_indices();
  Digest digest;
  while (true) {
    DOSQL_TRY(const bool has_row, rows->next());
    if (!has_row) return digest;
    digest.add(hash_columns(*rows, columns));
  }
}

class Verifier {
 public:
  explicit Verifier(Warehouse& warehouse) : warehouse_(warehouse) {}

  Result<VerifyReport> run(catalog::Catalog& catalog) {
    DOSQL_TRY(const auto tables, catalog.tables());
    DOSQL_TRY(const auto progress, catalog.progress());
    DOSQL_TRY(const auto databases, warehouse_.instance().versions().list());
    for (const store::Descriptor& database : databases) {
      const auto at = progress.find(database.id.value());
      if (database.is_hidden() || at == progress.end()) continue;
      DOSQL_TRY(verify_database(database, at->second, tables));
    }
    return std::move(report_);
  }

 private:
  Result<void> verify_database(const store::Descriptor& database, const catalog::Progress& progress,
                               const std::vector<catalog::Table>& tables) {
    DOSQL_TRY(auto versions, warehouse_.instance().versions().find(database.name));
    DOSQL_TRY(const auto slot, versions->slot_snapshot(Cycle::kSlot));
    if (!slot.has_value() || slot->version().value() != progress.version) {
      note(str_cat({"database \"", database.name,
                    "\": its slot and the catalog disagree about what was flushed; the next flush "
                    "reads all rows again"}));
      return {};
    }
    SourceDigests source(warehouse_, database.id.value());
    DOSQL_TRY(source.read(*slot));
    std::map<std::string, std::optional<Digest>> missing = source.digests();
    for (const catalog::Table& table : tables) {
      if (table.database != database.id.value()) continue;
      ++report_.tables;
      const std::string key = to_lower(table.name.name);
      const auto at = source.digests().find(key);
      missing.erase(key);
      const std::string shown = str_cat({"lake table \"", table.name.space, ".", table.name.name});
      const bool has_source = at != source.digests().end();
      auto checked = verify_table(table, has_source ? &at->second : nullptr);
      if (!checked) note(str_cat({shown, "\": ", checked.error().message}));
    }
    for (const auto& [table, digest] : missing) {
      note(str_cat({"table \"", database.name, ".", table, "\" is not in the lake"}));
    }
    return {};
  }

  Result<void> verify_table(const catalog::Table& table, const std::optional<Digest>* source) {
    DOSQL_TRY(TableState * state, warehouse_.find_state(table.database, table.name.name));
    if (state == nullptr) return fail(Code::kCorrupt, "it left the catalog");
    DOSQL_TRY(verify_files(*state, table.metadata));
    if (source == nullptr) return fail(Code::kCorrupt, "its source table does not exist");
    auto lake = digest_of(warehouse_, *state, state->files);
    if (!lake) return with_file(*state, lake.error());
    report_.rows += lake->rows();
    if (*lake == **source) return {};
    return fail(Code::kCorrupt,
                str_cat({"its ", std::to_string(lake->rows()), " rows differ from the ",
                         std::to_string((*source)->rows()),
                         " rows of its source at the version it was flushed at"}));
  }

  Result<void> verify_files(const TableState& state, const std::string& metadata) {
    DOSQL_TRY(const Buffer stored, read_uri(warehouse_.disk(), state.metadata_uri));
    if (as_text(stored) != metadata) {
      return fail(Code::kCorrupt, str_cat({state.metadata_uri, " is not what the catalog holds"}));
    }
    ++report_.files;
    checked_.clear();
    for (const iceberg::LogEntry& entry : state.metadata.metadata_log) {
      DOSQL_TRY(verify_size(entry.metadata_file, std::nullopt));
    }
    for (const iceberg::Snapshot& snapshot : state.metadata.snapshots) {
      DOSQL_TRY(verify_snapshot(snapshot));
    }
    return {};
  }

  // Older snapshots must be readable, too; each file is looked at once.
  Result<void> verify_snapshot(const iceberg::Snapshot& snapshot) {
    const auto read = [this](const std::string& uri) {
      report_.files += checked_.insert(uri).second ? 1 : 0;
      return read_uri(warehouse_.disk(), uri);
    };
    DOSQL_TRY(const iceberg::LiveFiles live, iceberg::load_live_files(snapshot, read));
    for (const iceberg::ManifestEntry& entry : live.data_files) {
      DOSQL_TRY(verify_size(entry.file.path, entry.file.file_size));
    }
    for (const iceberg::ManifestEntry& entry : live.deletion_vectors) {
      if (checked_.contains(entry.file.path)) continue;
      DOSQL_TRY(verify_size(entry.file.path, entry.file.file_size));
      DOSQL_TRY(const Buffer puffin, read_uri(warehouse_.disk(), entry.file.path));
      auto vector = iceberg::check_puffin(puffin, entry.file.content_offset.value_or(-1),
                                          entry.file.content_size.value_or(-1),
                                          entry.file.referenced_data_file, entry.file.record_count);
      if (!vector) return with_context(entry.file.path, vector.error());
    }
    return {};
  }

  Result<void> verify_size(const std::string& uri, std::optional<int64_t> expected) {
    if (!checked_.insert(uri).second) return {};
    DOSQL_TRY(const uint64_t size, size_of_uri(warehouse_.disk(), uri));
    ++report_.files;
    if (!expected.has_value() || size == static_cast<uint64_t>(*expected)) return {};
    return fail(Code::kCorrupt, str_cat({uri, " has ", std::to_string(size),
                                         " bytes, its manifest says ", std::to_string(*expected)}));
  }

  // DuckDB does not always say which of the files it was.
  std::unexpected<Error> with_file(const TableState& state, const Error& error) {
    for (const LiveFile& file : state.files) {
      auto digest = digest_of(warehouse_, state, {file});
      if (!digest) return with_context(file.uri, digest.error());
    }
    return std::unexpected(error);
  }

  void note(std::string sentence) { report_.findings.push_back(std::move(sentence)); }

  Warehouse& warehouse_;
  VerifyReport report_;
  std::set<std::string> checked_;  // files of the table at hand, by URI
};

}  // namespace

Result<VerifyReport> verify_lake(Warehouse& warehouse) {
  DOSQL_TRY(catalog::Catalog * catalog, warehouse.find_catalog());
  if (catalog == nullptr) return VerifyReport();
  DOSQL_TRY(warehouse.open_duck());
  return Verifier(warehouse).run(*catalog);
}

}  // namespace dosql::lake
