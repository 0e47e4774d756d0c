// SQL for the rows of a lake table as our own queries see them: live rows of its files, plus what
// has changed in the source since the files were written.
#pragma once

#include <string>

#include "duck/parquet_scan.h"
#include "lake/layout.h"

namespace dosql::lake {

// The columns of a layout for a scan; those without a field id are left out.
[[nodiscard]] std::vector<duck::ScanColumn> scan_columns(const Layout& layout);

// Rows that changed since the cut: `gone` as they are in the lake, `added` as they are now; a
// changed row is in both. Columns bear the names they have in `layout`.
struct PendingRows {
  const duck::Shared* gone = nullptr;
  const duck::Shared* added = nullptr;
  // Rows of `gone` are told apart by these fields: the key, or all that `gone` has.
  std::vector<int> gone_fields;
  // The fields are no key: of several rows that are the same in them, only as many go as there are
  // in `gone`. The fields are then all that the files have.
  bool may_repeat = false;
};

// A SELECT of the columns of `scan`.
[[nodiscard]] std::string table_sql(const duck::ParquetScan& scan, const PendingRows& pending);

}  // namespace dosql::lake
