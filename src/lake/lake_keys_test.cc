// Keys that SQLite takes and a lake cannot hold as they are.
#include <gtest/gtest.h>

#include "lake/lake_fixture_impl.h"

namespace dosql::lake {
namespace {

TEST_F(LakeTest, of_equal_rows_with_null_keys_a_query_takes_away_only_the_deleted) {
  exec("CREATE TABLE t(k TEXT PRIMARY KEY, v INT); INSERT INTO t VALUES(NULL,1),(NULL,1),(NULL,2)");
  flush();
  exec("DELETE FROM t WHERE rowid = 1");
  EXPECT_EQ(query("SELECT * FROM t ORDER BY v"), "-|1 -|2");
  // The lake's rows have no such column: it shows its default.
  exec("ALTER TABLE t ADD COLUMN w INT DEFAULT 7; DELETE FROM t WHERE v = 2");
  EXPECT_EQ(query("SELECT * FROM t"), "-|1|7");
  flush();
  EXPECT_EQ(query("SELECT * FROM t"), "-|1|7");
  expect_verified();
}

TEST_F(LakeTest, many_rows_without_a_key_value_are_told_apart_in_one_pass) {
  exec(
      "CREATE TABLE t(k TEXT PRIMARY KEY, v INT);"
      "WITH RECURSIVE q(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM q WHERE i<30000)"
      "INSERT INTO t SELECT NULL, i%1000 FROM q");
  flush();
  exec("UPDATE t SET v = v + 1 WHERE rowid % 3 <> 0");  // pairs of rows and places: 600 million
  const std::string rows = "SELECT count(*), sum(v), count(DISTINCT v) FROM t";
  const std::string before = query(rows);
  EXPECT_EQ(before, "30000|15005000|1001");
  flush();
  EXPECT_EQ(query(rows), before);
  expect_verified();
}

TEST_F(LakeTest, keys_that_look_the_same_in_the_lake_are_taken_away_one_by_one) {
  exec("CREATE TABLE t(k PRIMARY KEY, v INT); INSERT INTO t VALUES(1,5),('1',5)");
  exec(
      "CREATE TABLE s(k TIMESTAMP PRIMARY KEY, v INT);"
      "INSERT INTO s VALUES('2026-01-01 00:00',1),('2026-01-01 00:00:00',2)");
  flush();
  exec("DELETE FROM t WHERE typeof(k) = 'text'; DELETE FROM s WHERE v = 1");
  EXPECT_EQ(query("SELECT * FROM t"), "1|5");
  EXPECT_EQ(query("SELECT v FROM s"), "2");
  flush();
  EXPECT_EQ(query("SELECT * FROM t"), "1|5");
  EXPECT_EQ(query("SELECT v FROM s"), "2");
  expect_verified();
}

TEST_F(LakeTest, a_key_with_values_that_do_not_fit_is_not_required_any_more) {
  exec("CREATE TABLE t(k TEXT PRIMARY KEY, v INT) WITHOUT ROWID; INSERT INTO t VALUES('a',1)");
  flush();
  const auto schema = [this] {
    auto catalog = catalog::Catalog::open(engine::instance_of(*store_)).value();
    const auto entry = catalog->find({"acme", "t"}).value().value();
    return iceberg::parse_metadata(entry.metadata).value().current_schema();
  };
  EXPECT_TRUE(schema().fields[0].is_required);
  EXPECT_EQ(schema().identifier_field_ids, std::vector<int>{1});
  exec("INSERT INTO t VALUES(x'ff',2)");
  flush();
  EXPECT_FALSE(schema().fields[0].is_required);
  EXPECT_TRUE(schema().identifier_field_ids.empty());
  exec("UPDATE t SET v = 3 WHERE k = x'ff'; INSERT INTO t VALUES('b',4)");
  EXPECT_EQ(query("SELECT k, v FROM t ORDER BY v"), "a|1 -|3 b|4");
  flush();
  EXPECT_FALSE(schema().fields[0].is_required) << "rows of before may have NULL";
  EXPECT_EQ(query("SELECT k, v FROM t ORDER BY v"), "a|1 -|3 b|4");
  expect_verified();
}

}  // namespace
}  // namespace dosql::lake
