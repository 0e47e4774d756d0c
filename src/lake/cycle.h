// Cycle: one flush in the making. Reads differences, drives a TableWriter per table, and gathers
// what the catalog's commit has to say. Lake::flush has the guarantees.
// Thread rule: one thread. After an error the Warehouse's states must be forgotten.
#pragma once

#include <list>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>

#include "lake/source.h"
#include "lake/table_writer.h"
#include "lake/warehouse.h"

namespace dosql::lake {

struct FlushReport {
  uint64_t databases = 0;  // with a new cut
  uint64_t tables = 0;     // with a new snapshot or schema
  uint64_t rows_added = 0;
  uint64_t rows_removed = 0;  // an updated row is removed and added
  uint64_t files = 0;         // Parquet
  uint64_t bytes = 0;         // Parquet and deletion vectors
  uint64_t misfits = 0;       // values that went to `_extra`
};

class Cycle final : private SourceSink {
 public:
  // The name of the databases' slots.
  static constexpr std::string_view kSlot = "lake";

  // `catalog` and DuckDB of `warehouse` are open.
  static Result<std::unique_ptr<Cycle>> begin(Warehouse& warehouse, catalog::Catalog& catalog);
  ~Cycle() override;

  // Writes what changed in this database since its last cut.
  Result<void> add_database(const store::Descriptor& descriptor);
  // Drops the tables of databases that were not added.
  Result<void> drop_gone_databases();
  // Makes the files durable and commits; does nothing when there is nothing to say.
  Result<void> commit();

  [[nodiscard]] const FlushReport& report() const { return report_; }

 private:
  struct Cut {
    std::shared_ptr<store::Database> database;
    store::Snapshot snapshot;
  };
  struct Work {
    std::unique_ptr<TableState> fresh;  // of a new table
    TableState* state = nullptr;
    std::optional<StateKey> old_key;  // of a table that has a state
    std::unique_ptr<TableWriter> writer;
  };

  Cycle(Warehouse& warehouse, catalog::Catalog& catalog);

  Result<bool> begin_table(const SourceDifference& table) override;
  Result<void> row(const SourceChange& change) override;
  Result<void> end_table() override;

  Result<void> read_database(const store::Snapshot* before);
  Result<void> begin_work(TableState* state, LayoutChange change, const catalog::TableName& name);
  void give_up_work();
  Result<void> rename_only(const Work& work, const catalog::TableName& name);
  Result<void> drop_table(std::string_view name);
  Result<void> drop_tables(uint32_t database, const std::set<std::string>& kept);
  Result<void> rename_database();
  Result<std::string> new_location(const catalog::TableName& name, const std::string& uuid);
  [[nodiscard]] std::map<std::string, std::string> summary() const;
  void adopt_states();

  Warehouse& warehouse_;
  catalog::Catalog& catalog_;
  std::map<uint32_t, catalog::Progress> progress_;
  DurableFiles files_;
  WriteContext context_;
  FlushReport report_;
  catalog::Change change_;
  std::list<Cut> cuts_;
  std::set<uint32_t> seen_;

  // The database at hand.
  const store::Descriptor* descriptor_ = nullptr;
  bool reads_all_ = false;  // every row of `after`, not a difference
  struct Anew {
    ColumnMatch match = ColumnMatch::kByName;
    std::string known_as;  // its name in the lake
  };
  std::map<std::string, Anew> anew_;  // tables of which all rows are to be written
  bool writes_anew_ = false;          // second pass: those tables only
  std::set<std::string> present_;     // when reads_all_: tables seen, in lower case
  std::optional<Work> work_;
  std::string table_;  // its name in the source
  Anew at_hand_;       // how it would be written anew

  std::list<Work> done_;
  std::vector<StateKey> dropped_states_;
  bool renames_database_ = false;
  bool may_remove_files_ = true;  // nobody can refer to them
};

}  // namespace dosql::lake
