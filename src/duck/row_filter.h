// RowFilter: decides in bulk which rows of a multi-file scan are alive (deletion vectors).
// SQL calls it as `keep_row(ID::UBIGINT, file_index, file_row_number)`; parquet_scan.h builds that.
#pragma once

#include <cstdint>
#include <span>

namespace dosql::duck {

class RowFilter {
 public:
  virtual ~RowFilter() = default;
  // keep[i] = whether row positions[i] of file files[i] (index into the scan's list) is alive.
  // Called from many threads at once.
  virtual void keep(std::span<const uint64_t> files, std::span<const int64_t> positions,
                    bool* keep) const noexcept = 0;
};

}  // namespace dosql::duck
