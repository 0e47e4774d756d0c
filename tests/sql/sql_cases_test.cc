#include <gtest/gtest.h>

#include <cstdlib>
#include <string>
#include <vector>

#include "case_file.h"
#include "change_check.h"
#include "folder.h"
#include "sides.h"

namespace dosql::sqltest {
namespace {

constexpr uint32_t kPageSizes[] = {4096, 4096, 512, 4096, 1024, 4096, 65536, 4096};

void run_case(const Case& one, size_t number) {
  SCOPED_TRACE(one.file + ".sql: " + one.name);
  const Folder folder;
  const uint32_t page_size = kPageSizes[number % std::size(kPageSizes)];
  DosqlSide ours(folder.path() + "/store", page_size);
  StockSide stock(folder.path() + "/stock.db", page_size);
  ChangeCheck changes(ours);
  for (const CaseStatement& statement : one.statements) {
    const std::string expected = stock.run(statement.connection, statement.sql);
    const std::string found = ours.run(statement.connection, statement.sql);
    if (statement.ours) {
      EXPECT_EQ(Side::first_value(found), *statement.ours) << statement.sql;
    } else {
      ASSERT_EQ(found, expected) << statement.sql;
    }
    ASSERT_EQ(changes.after_statement(), "") << statement.sql;
  }
  ours.run('a', "ROLLBACK");
  stock.run('a', "ROLLBACK");
  const std::string expected = dump(stock);
  ASSERT_EQ(dump(ours), expected);
  EXPECT_EQ(Side::first_value(ours.run('a', "PRAGMA integrity_check")), "ok");
  if (number % 3 == 0) {
    ours.reopen();
    ASSERT_EQ(dump(ours), expected) << "after opening again";
  }
}

TEST(sql_cases, are_at_least_300) {
  EXPECT_GE(read_cases(DOSQL_SQL_CASES).size(), 300U);
}

class SqlCases : public ::testing::TestWithParam<std::string> {};

TEST_P(SqlCases, do_what_stock_sqlite_does) {
  const char* wanted = std::getenv("DOSQL_CASE");  // a part of a name
  size_t number = 0;
  for (const Case& one : read_cases(DOSQL_SQL_CASES)) {
    ++number;
    if (one.file != GetParam()) continue;
    if (wanted == nullptr || one.name.find(wanted) != std::string::npos) run_case(one, number);
  }
}

std::vector<std::string> files() {
  std::vector<std::string> names;
  for (const Case& one : read_cases(DOSQL_SQL_CASES)) {
    if (names.empty() || names.back() != one.file) names.push_back(one.file);
  }
  return names;
}

INSTANTIATE_TEST_SUITE_P(cases, SqlCases, ::testing::ValuesIn(files()),
                         [](const auto& file) { return file.param; });

}  // namespace
}  // namespace dosql::sqltest
