// Lake: the store's databases as Iceberg tables in a local folder (DoLake).
//
// flush() runs one cycle: it cuts every database at its newest durable version, writes the row
// difference since the last cut as Parquet files, deletion vectors and metadata, makes them
// durable, and then moves all pointers, the progress and the databases' slots in ONE commit of the
// catalog. A crash anywhere leaves the tables as before or as after the cycle, and perhaps files
// that nothing refers to.
//
// Tables are `<database>.<table>`, files lie in `<directory>/<database>/<table>/{data,metadata}`;
// each metadata.json opens by itself in any Iceberg reader.
// Thread rule: thread-safe; one call at a time works, but a Query's rows are read beside the
// others. Lifetime: the Instance outlives it.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/sync.h"
#include "lake/cycle.h"
#include "lake/query.h"
#include "lake/verify.h"
#include "lake/warehouse.h"

namespace dosql::lake {

struct TableSummary {
  std::string table;  // "acme.orders"
  int format_version = 0;
  std::string metadata_location;
  int64_t snapshot_id = 0;  // 0: no snapshot yet
  uint64_t rows = 0;
  uint64_t data_files = 0;
  uint64_t delete_files = 0;
  std::string bookmark;  // of the source: the lake has everything up to it
};

struct Status {
  double lag_seconds = 0;       // since the last cut, while there is something to flush
  uint64_t unflushed_rows = 0;  // that differ from the last cut
  int64_t last_flush_us = 0;    // 0: never
};

class Lake {
 public:
  // Cheap: what is needed is opened on first use.
  explicit Lake(engine::Instance& instance, const Options& options = {},
                Clock& clock = Clock::system())
      : warehouse_(instance, options, clock) {}

  Result<FlushReport> flush();
  Result<Status> status();
  Result<std::vector<TableSummary>> tables();  // sorted by name
  // One reading statement in DuckDB's dialect over `database.table`, or `table` where only one
  // database has it: rows of the files and rows not flushed yet. kSql for what is wrong with it.
  Result<std::unique_ptr<Query>> query(const std::string& sql);
  Result<VerifyReport> verify();

 private:
  Mutex mutex_;
  Warehouse warehouse_ DOSQL_GUARDED_BY(mutex_);
};

}  // namespace dosql::lake
