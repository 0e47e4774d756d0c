// What the tests of the VFS share: a memory store behind a Vfs, and short ways to ask.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "sqlite/connection.h"
#include "sqlite/memory_port.h"
#include "sqlite/vfs.h"

#define ASSERT_OK(expression)                        \
  do {                                               \
    const auto& outcome = (expression);              \
    ASSERT_TRUE(outcome) << outcome.error().message; \
  } while (false)
#define EXPECT_OK(expression)                        \
  do {                                               \
    const auto& outcome = (expression);              \
    EXPECT_TRUE(outcome) << outcome.error().message; \
  } while (false)

namespace dosql::sqlite {

class VfsFixture {
 public:
  explicit VfsFixture(uint32_t page_size = 4096, VfsOptions options = {}) : store(page_size) {
    if (options.temp_directory.empty()) options.temp_directory = ::testing::TempDir();
    auto made = Vfs::create(store, options);
    EXPECT_OK(made);
    vfs = *std::move(made);
  }

  Connection open(const std::string& name = "acme") const {
    auto connection = Connection::open_versioned(name, vfs->name());
    EXPECT_OK(connection);
    return connection ? *std::move(connection) : Connection();
  }

  MemoryStore store;
  std::unique_ptr<Vfs> vfs;
};

// The first column of every row, joined by commas; or "!message".
inline std::string text(Connection& connection, std::string_view sql) {
  auto statement = connection.prepare(sql);
  if (!statement) return "!" + statement.error().message;
  std::string all;
  for (;;) {
    const auto row = statement->step();
    if (!row) return "!" + row.error().message;
    if (!*row) return all;
    if (!all.empty()) all += ',';
    all += statement->column_text(0);
  }
}

// The code of the failure; a success fails the test.
inline Code failure(const Result<void>& result) {
  EXPECT_FALSE(result);
  return result ? Code::kInternal : result.error().code;
}

// `rows` rows of 500 bytes in t(id, k, v).
inline std::string fill(int rows) {
  return "INSERT INTO t(k, v) WITH RECURSIVE q(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM q WHERE "
         "i < " +
         std::to_string(rows) + ") SELECT 'k' || i, hex(zeroblob(250)) FROM q";
}
inline constexpr const char* kTable =
    "CREATE TABLE t(id INTEGER PRIMARY KEY, k TEXT, v TEXT); CREATE INDEX t_k ON t(k)";
inline constexpr const char* kDigest =
    "SELECT count(*) || ' ' || coalesce(sum(length(v)), 0) || "
    "' ' || coalesce(sum(id), 0) || ' ' || "
    "coalesce(group_concat(DISTINCT substr(v, 1, 1)), '') FROM t";

inline void expect_intact(Connection& connection) {
  EXPECT_EQ(text(connection, "PRAGMA integrity_check"), "ok");
}

}  // namespace dosql::sqlite
