// Verification of the lake against its sources and its files.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "lake/warehouse.h"

namespace dosql::lake {

struct VerifyReport {
  uint64_t tables = 0;
  uint64_t rows = 0;
  uint64_t files = 0;
  std::vector<std::string> findings;  // sentences; empty: all is well
};

// Every table is compared with its source at the version it was flushed at, row by row through
// digests; every file that metadata, manifest lists and manifests of any snapshot refer to must be
// there in full. What is wrong with one table does not hide what is wrong with others.
Result<VerifyReport> verify_lake(Warehouse& warehouse);

}  // namespace dosql::lake
