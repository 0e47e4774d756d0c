// The claims, one function each, and what they share.
#pragma once

#include <cstdio>
#include <cstdlib>
#include <string>

#include <dosql/store.h>

#include "report.h"

namespace dosql::bench {

// In one place, since both sides must do the same.
inline constexpr const char* kSchema =
    "CREATE TABLE t(id INTEGER PRIMARY KEY, k TEXT, v INT); CREATE INDEX t_k ON t(k)";
inline constexpr const char* kInsert = "INSERT INTO t(k, v) VALUES(?, ?)";
inline constexpr const char* kRead = "SELECT v FROM t WHERE id = ?";
inline constexpr const char* kFill =
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000) "
    "INSERT INTO t(k, v) SELECT 'key-' || i, i FROM n";
inline constexpr int64_t kFilledRows = 100'000;

template <class T>
T must(Result<T> result) {
  if (!result) {
    std::fprintf(stderr, "dosql: %s\n", result.error().message.c_str());
    std::exit(1);
  }
  if constexpr (!std::is_void_v<T>) return *std::move(result);
}

void measure_commits(Report& report);
void measure_reads(Report& report);
void measure_bulk_load(Report& report);
void measure_reopen(Report& report);
void measure_lake_inserts(Report& report);

}  // namespace dosql::bench
