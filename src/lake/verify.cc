#include "lake/verify.h"

#include <map>
#include <optional>

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
  // A table of which the lake has nothing has an empty one.
  [[nodiscard]] const std::map<std::string, std::optional<Digest>>& digests() const {
    return digests_;
  }

 private:
  Result<bool> begin_table(const SourceDifference& table) override {
    const std::string key = to_lower(table.name());
    DOSQL_TRY(TableState * state, warehouse_.find_state(database_, key));
    digest_ = &digests_[key];
    if (state == nullptr) return false;
    *digest_ = Digest();
    columns_ = state->layout.stored_indices();
    layout_ = state->layout.row_layout();
    writer_ = std::make_unique<RowWriter>(layout_);
    rows_ = std::make_unique<duck::RowBuffer>(layout_.buffer_columns());
    return true;
  }
  Result<void> row(const SourceChange& change) override {
    writer_->write(change.after, change.rowid, *rows_);
    if (rows_->row_count() >= duck::RowBuffer::kChunkRows) fold();
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

  Warehouse& warehouse_;
  const uint32_t database_;
  std::map<std::string, std::optional<Digest>> digests_;
  std::optional<Digest>* digest_ = nullptr;
  RowLayout layout_;
  std::vector<size_t> columns_;
  std::unique_ptr<RowWriter> writer_;
  std::unique_ptr<duck::RowBuffer> rows_;
};

Result<Digest> digest_of(Warehouse& warehouse, const TableState& state) {
  LiveScan live(warehouse.duck(), state.files, scan_columns(state.layout));
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
      auto checked = verify_table(table, at == source.digests().end() ? nullptr : &*at->second);
      if (!checked) note(str_cat({shown, "\": ", checked.error().message}));
    }
    for (const auto& [table, digest] : missing) {
      note(str_cat({"table \"", database.name, ".", table, "\" is not in the lake"}));
    }
    return {};
  }

  Result<void> verify_table(const catalog::Table& table, const Digest* source) {
    DOSQL_TRY(TableState * state, warehouse_.find_state(table.database, table.name.name));
    if (state == nullptr) return fail(Code::kCorrupt, "it left the catalog");
    DOSQL_TRY(verify_files(*state, table.metadata));
    if (source == nullptr) return fail(Code::kCorrupt, "its source table does not exist");
    DOSQL_TRY(const Digest lake, digest_of(warehouse_, *state));
    report_.rows += lake.rows();
    if (lake == *source) return {};
    return fail(Code::kCorrupt, str_cat({"its ", std::to_string(lake.rows()),
                                         " rows differ from the ", std::to_string(source->rows()),
                                         " rows of its source at the version it was flushed at"}));
  }

  Result<void> verify_files(const TableState& state, const std::string& metadata) {
    DOSQL_TRY(const Buffer stored, read_uri(warehouse_.disk(), state.metadata_uri));
    if (as_text(stored) != metadata) {
      return fail(Code::kCorrupt, str_cat({state.metadata_uri, " is not what the catalog holds"}));
    }
    ++report_.files;
    const auto read = [this](const std::string& uri) { return read_uri(warehouse_.disk(), uri); };
    for (const iceberg::Snapshot& snapshot : state.metadata.snapshots) {
      const bool is_current = snapshot.id == state.metadata.current_snapshot_id;
      if (!is_current) {
        DOSQL_TRY(size_of_uri(warehouse_.disk(), snapshot.manifest_list));
        ++report_.files;
        continue;
      }
      DOSQL_TRY(const iceberg::LiveFiles live, iceberg::load_live_files(snapshot, read));
      report_.files += 1 + live.manifests.size();
      for (const auto* entries : {&live.data_files, &live.deletion_vectors}) {
        for (const iceberg::ManifestEntry& entry : *entries) DOSQL_TRY(verify_size(entry.file));
      }
    }
    return {};
  }

  Result<void> verify_size(const iceberg::DataFile& file) {
    DOSQL_TRY(const uint64_t size, size_of_uri(warehouse_.disk(), file.path));
    ++report_.files;
    if (size == static_cast<uint64_t>(file.file_size)) return {};
    return fail(Code::kCorrupt,
                str_cat({file.path, " has ", std::to_string(size), " bytes, its manifest says ",
                         std::to_string(file.file_size)}));
  }

  void note(std::string sentence) { report_.findings.push_back(std::move(sentence)); }

  Warehouse& warehouse_;
  VerifyReport report_;
};

}  // namespace

Result<VerifyReport> verify_lake(Warehouse& warehouse) {
  DOSQL_TRY(catalog::Catalog * catalog, warehouse.find_catalog());
  if (catalog == nullptr) return VerifyReport();
  DOSQL_TRY(warehouse.open_duck());
  return Verifier(warehouse).run(*catalog);
}

}  // namespace dosql::lake
