// Warehouse: what the lake has open: the folder, the catalog, DuckDB for writing, and the states of
// the tables that were touched. Thread rule: one thread at a time (the Lake's lock).
#pragma once

#include <map>
#include <memory>
#include <string>
#include <utility>

#include "base/clock.h"
#include "changes/table_shape.h"
#include "fsx/posix_disk.h"
#include "lake/table_state.h"

namespace dosql::lake {

struct Options {
  std::string directory;                      // empty: `<store>/lake`
  int threads = 0;                            // of DuckDB; 0: one per core
  uint64_t memory_bytes_max = 1ULL << 30;     // of DuckDB
  uint64_t pending_bytes_max = 256ULL << 20;  // unflushed rows that a query may hold in memory
};

// Table of a source database: its id, and its name in lower case.
using StateKey = std::pair<uint32_t, std::string>;
[[nodiscard]] StateKey state_key(uint32_t database, std::string_view table);

class Warehouse {
 public:
  // Opens nothing yet. The instance and the clock outlive it.
  Warehouse(engine::Instance& instance, Options options, Clock& clock);

  [[nodiscard]] engine::Instance& instance() { return instance_; }
  [[nodiscard]] const Options& options() const { return options_; }
  [[nodiscard]] Clock& clock() { return clock_; }
  [[nodiscard]] fsx::Disk& disk() { return disk_; }
  [[nodiscard]] changes::SqliteShapes& shapes() { return shapes_; }

  // Null when nothing was ever flushed.
  Result<catalog::Catalog*> find_catalog();
  Result<catalog::Catalog*> open_catalog();
  // Creates the folder, too.
  Result<void> open_duck();
  [[nodiscard]] duck::Database& duck() { return *duck_; }
  [[nodiscard]] duck::Connection& connection() { return *connection_; }

  // Null when the catalog has no table of that source.
  Result<TableState*> find_state(uint32_t database, std::string_view table);
  // Takes a state out of / puts it into the cache.
  std::unique_ptr<TableState> take_state(const StateKey& key);
  void put_state(std::unique_ptr<TableState> state);
  void forget_states() {
    states_.clear();
    known_.reset();
  }

 private:
  Result<void> load_known();
  [[nodiscard]] Result<void> check_folder(const catalog::Table& table) const;

  engine::Instance& instance_;
  const Options options_;
  Clock& clock_;
  fsx::PosixDisk disk_;
  changes::SqliteShapes shapes_;
  std::unique_ptr<catalog::Catalog> catalog_;
  std::unique_ptr<duck::Database> duck_;
  std::unique_ptr<duck::Connection> connection_;
  std::map<StateKey, std::unique_ptr<TableState>> states_;
  // What the catalog knows and nobody has touched.
  std::unique_ptr<std::map<StateKey, catalog::Table>> known_;
};

}  // namespace dosql::lake
