// TableWriter: one cycle's changes of one table, written as files of its next snapshot.
//
//   TableWriter writer(context, state, follow(...));
//   writer.remove(old cells...); writer.add(new cells...); writer.finish(...);
//   (sync context.files, move the catalog's pointer)   writer.commit();
//
// Until commit() the state is what it was, whatever happens: a failed cycle just drops its writers.
// Thread rule: one thread.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/clock.h"
#include "iceberg/snapshot_producer.h"
#include "lake/files.h"
#include "lake/row_writer.h"
#include "lake/table_state.h"

namespace dosql::lake {

struct WriteContext {
  fsx::Disk& disk;
  duck::Database& database;
  duck::Connection& connection;
  DurableFiles& files;
  Clock& clock;
};

class TableWriter {
 public:
  // `change` follows state.layout; `location` is the table's folder (a path); `name` is what the
  // table is called from now on. The state of a new table has uuid and database.
  TableWriter(WriteContext& context, TableState& state, LayoutChange change, std::string location,
              catalog::TableName name);

  // A row that is in the source now and was not, or was different.
  Result<void> add(std::span<const Cell> cells, int64_t rowid);
  // A row of the lake that is gone or different now; `cells` as the source had them at the last
  // cut. Not after a change that replaces all rows.
  Result<void> remove(std::span<const Cell> cells, int64_t rowid);

  // Writes what is left. True: there is a new metadata file. kNotFound when a removed row is not in
  // the lake: the caller writes all rows anew.
  Result<bool> finish(const std::map<std::string, std::string>& summary);

  // After finish() returned true: the catalog's new entry.
  [[nodiscard]] catalog::TableChange table_change() const;
  // The pointer has moved.
  void commit();
  // Instead: takes back the files.
  void discard();

  [[nodiscard]] uint64_t added_rows() const { return added_rows_; }
  [[nodiscard]] uint64_t removed_rows() const { return removed_rows_; }
  [[nodiscard]] uint64_t misfit_count() const { return writer_.misfit_count(); }
  [[nodiscard]] uint64_t file_count() const { return update_.data_files.size(); }
  [[nodiscard]] uint64_t byte_count() const;

 private:
  static constexpr size_t kFileBytes = 128ULL << 20;  // of rows in memory
  static constexpr size_t kGoneRows = 65536;
  static constexpr size_t kGoneBytes = 32ULL << 20;

  // For a file that is about to be written.
  std::string new_file(std::string_view ending);
  Result<void> write_file();
  // Rows of `gone_` whose keys share a hash, and where rows with that hash lie.
  struct Ambiguous {
    std::vector<size_t> rows;
    std::vector<RowPlace> places;
  };
  using AmbiguousByHash = std::unordered_map<uint64_t, Ambiguous>;

  Result<void> resolve_gone();
  Result<void> resolve_ambiguous(const AmbiguousByHash& ambiguous);
  // Live places of `ambiguous` by the hash of their whole rows.
  Result<std::unordered_map<uint64_t, std::vector<RowPlace>>> read_places(
      const AmbiguousByHash& ambiguous, std::span<const size_t> columns);
  [[nodiscard]] std::unexpected<Error> lacks_a_row() const;
  [[nodiscard]] bool is_live(RowPlace place) const;
  void mark_dead(RowPlace place);
  Result<void> write_vectors();
  Result<iceberg::TableMetadata> base_metadata(int64_t now_ms) const;

  WriteContext& context_;
  TableState& state_;
  LayoutChange change_;
  const std::string location_;
  const catalog::TableName name_;
  RowLayout row_layout_;      // of change_.layout
  RowLayout old_row_layout_;  // of state_.layout
  RowWriter writer_;
  RowWriter old_writer_;
  std::optional<duck::RowBuffer> rows_;  // there while they hold rows
  std::optional<duck::RowBuffer> gone_;
  uint64_t added_rows_ = 0;
  uint64_t removed_rows_ = 0;

  std::vector<std::string> paths_;  // all that was written
  std::vector<LiveFile> new_files_;
  std::vector<std::vector<uint64_t>> new_hashes_;  // per new file; empty when not indexed
  std::unordered_map<uint32_t, iceberg::DeletionVector> touched_;
  iceberg::TableUpdate update_;
  std::optional<iceberg::Produced> produced_;
};

}  // namespace dosql::lake
