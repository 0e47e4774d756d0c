#include "lake/lake.h"

#include <algorithm>
#include <charconv>

#include "base/text.h"
#include "store/history.h"

namespace dosql::lake {
namespace {

class CountRows final : public SourceSink {
 public:
  Result<bool> begin_table(const SourceDifference& table) override {
    return table.after.has_value();
  }
  Result<void> row(const SourceChange&) override {
    ++count_;
    return {};
  }
  Result<void> end_table() override { return {}; }
  [[nodiscard]] uint64_t count() const { return count_; }

 private:
  uint64_t count_ = 0;
};

uint64_t summary_number(const iceberg::Snapshot& snapshot, const char* name) {
  const auto at = snapshot.summary.find(name);
  uint64_t number = 0;
  if (at == snapshot.summary.end()) return number;
  std::from_chars(at->second.data(), at->second.data() + at->second.size(), number);
  return number;
}

TableSummary summarise(const catalog::Table& table, const iceberg::TableMetadata& metadata,
                       const std::map<uint32_t, catalog::Progress>& progress) {
  TableSummary summary{.table = str_cat({table.name.space, ".", table.name.name}),
                       .format_version = metadata.format_version,
                       .metadata_location = table.metadata_location};
  if (const auto at = progress.find(table.database); at != progress.end()) {
    summary.bookmark = at->second.bookmark;
  }
  const iceberg::Snapshot* snapshot = metadata.current_snapshot();
  if (snapshot == nullptr) return summary;
  summary.snapshot_id = snapshot->id;
  summary.rows = summary_number(*snapshot, "total-records") -
                 summary_number(*snapshot, "total-position-deletes");
  summary.data_files = summary_number(*snapshot, "total-data-files");
  summary.delete_files = summary_number(*snapshot, "total-delete-files");
  return summary;
}

// When the first commit after `version` was made; nullopt when that is not retained any more.
std::optional<int64_t> next_commit_us(store::Database& database, Version version) {
  auto history = store::History::open(database, version);
  if (!history) return std::nullopt;
  const auto has_next = (*history)->next();
  if (!has_next || !*has_next) return std::nullopt;
  return (*history)->wall_us();
}

Result<FlushReport> run_cycle(Warehouse& warehouse, catalog::Catalog& catalog) {
  DOSQL_TRY(auto cycle, Cycle::begin(warehouse, catalog));
  DOSQL_TRY(const auto databases, warehouse.instance().versions().list());
  for (const store::Descriptor& database : databases) {
    if (!database.is_hidden()) DOSQL_TRY(cycle->add_database(database));
  }
  DOSQL_TRY(cycle->drop_gone_databases());
  DOSQL_TRY(cycle->commit());
  return cycle->report();
}

Result<FlushReport> flush_warehouse(Warehouse& warehouse) {
  DOSQL_TRY(catalog::Catalog * catalog, warehouse.open_catalog());
  DOSQL_TRY(warehouse.open_duck());
  auto report = run_cycle(warehouse, *catalog);
  if (!report) warehouse.forget_states();
  return report;
}

}  // namespace

Result<FlushReport> Lake::flush() {
  const MutexLock lock(mutex_);
  return flush_warehouse(warehouse_);
}

Result<Status> Lake::status() {
  const MutexLock lock(mutex_);
  DOSQL_TRY(catalog::Catalog * catalog, warehouse_.find_catalog());
  std::map<uint32_t, catalog::Progress> progress;
  if (catalog != nullptr) {
    DOSQL_TRY(progress, catalog->progress());
  }
  Status status;
  int64_t oldest_us = INT64_MAX;
  DOSQL_TRY(const auto databases, warehouse_.instance().versions().list());
  for (const store::Descriptor& descriptor : databases) {
    if (descriptor.is_hidden()) continue;
    const auto last = progress.find(descriptor.id.value());
    const bool was_flushed = last != progress.end();
    if (was_flushed) status.last_flush_us = std::max(status.last_flush_us, last->second.flushed_us);
    DOSQL_TRY(auto database, warehouse_.instance().versions().find(descriptor.name));
    DOSQL_TRY(const store::Snapshot now, database->snapshot());
    DOSQL_TRY(const auto slot, database->slot_snapshot(Cycle::kSlot));
    if (slot.has_value() && slot->version() == now.version()) continue;
    CountRows rows;
    DOSQL_TRY(read_difference(slot.has_value() ? &*slot : nullptr, now, warehouse_.shapes(), rows));
    status.unflushed_rows += rows.count();
    const Version version = slot.has_value() ? slot->version() : Version(1);
    const int64_t otherwise = was_flushed ? last->second.flushed_us : descriptor.created_us;
    oldest_us = std::min(oldest_us, next_commit_us(*database, version).value_or(otherwise));
  }
  if (oldest_us != INT64_MAX) {
    const int64_t lag_us = warehouse_.clock().wall_us() - oldest_us;
    status.lag_seconds = static_cast<double>(std::max<int64_t>(lag_us, 0)) / 1e6;
  }
  return status;
}

Result<std::vector<TableSummary>> Lake::tables() {
  const MutexLock lock(mutex_);
  DOSQL_TRY(catalog::Catalog * catalog, warehouse_.find_catalog());
  std::vector<TableSummary> summaries;
  if (catalog == nullptr) return summaries;
  DOSQL_TRY(const auto tables, catalog->tables());
  DOSQL_TRY(const auto progress, catalog->progress());
  for (const catalog::Table& table : tables) {
    DOSQL_TRY(const auto metadata, iceberg::parse_metadata(table.metadata));
    summaries.push_back(summarise(table, metadata, progress));
  }
  return summaries;
}

Result<std::unique_ptr<Query>> Lake::query(const std::string& sql) {
  const MutexLock lock(mutex_);
  DOSQL_TRY(auto query, open_query(warehouse_, sql));
  if (query != nullptr) return query;
  DOSQL_TRY(flush_warehouse(warehouse_));
  DOSQL_TRY(query, open_query(warehouse_, sql));
  if (query != nullptr) return query;
  return fail(Code::kBusy, "rows are written faster than the lake takes them in: ask again");
}

Result<VerifyReport> Lake::verify() {
  const MutexLock lock(mutex_);
  return verify_lake(warehouse_);
}

}  // namespace dosql::lake
