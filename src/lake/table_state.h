// TableState: what the lake keeps in memory of one of its tables: the current metadata, the live
// files with their dead rows, and, once somebody asked for a row by key, the key index.
// Thread rule: one writer at a time; a LiveScan taken from it is a snapshot of its own.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "catalog/catalog.h"
#include "duck/database.h"
#include "duck/parquet_scan.h"
#include "fsx/disk.h"
#include "iceberg/deletion_vector.h"
#include "iceberg/metadata.h"
#include "lake/key_index.h"
#include "lake/layout.h"

namespace dosql::lake {

struct LiveFile {
  std::string uri;
  std::string path;
  uint64_t row_count = 0;
  std::shared_ptr<const iceberg::DeletionVector> dead;  // null: every row lives

  [[nodiscard]] uint64_t dead_count() const { return dead == nullptr ? 0 : dead->cardinality(); }
};

struct TableState {
  catalog::TableName name;
  std::string uuid;
  uint32_t database = 0;
  std::string metadata_uri;  // empty: not in the catalog yet
  iceberg::TableMetadata metadata;
  Layout layout;
  std::vector<LiveFile> files;  // a file's number is its place here; only appended to
  KeyIndex index;
  bool is_indexed = false;

  [[nodiscard]] uint64_t live_rows() const;
  // The number in the name of the current metadata file; -1 for a new table.
  [[nodiscard]] int64_t metadata_version() const;
};

// Reads metadata, manifests and deletion vectors. kCorrupt, kIo, kUnsupported name the table.
Result<TableState> load_table(fsx::Disk& disk, const catalog::Table& table);

// A scan of live rows, valid while the object lives and wherever it is moved.
class LiveScan {
 public:
  LiveScan(duck::Database& database, const std::vector<LiveFile>& files,
           std::vector<duck::ScanColumn> columns);
  [[nodiscard]] duck::ParquetScan& scan() { return *scan_; }

 private:
  std::unique_ptr<duck::Shared> filter_;  // null when no row is dead
  std::unique_ptr<duck::ParquetScan> scan_;
};

// Fills the key index from the files.
Result<void> build_index(duck::Database& database, duck::Connection& connection, TableState& state);

}  // namespace dosql::lake
