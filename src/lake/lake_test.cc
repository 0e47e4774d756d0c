#include "lake/lake.h"

#include <gtest/gtest.h>

#include "lake/lake_fixture_impl.h"

namespace dosql::lake {
namespace {

TEST_F(LakeTest, a_first_flush_takes_every_row_of_every_table) {
  exec(
      "CREATE TABLE t(id INTEGER PRIMARY KEY, k TEXT, v INT); CREATE TABLE empty(a);"
      "INSERT INTO t VALUES(1,'a',10),(2,'b',20),(3,NULL,-1)");
  const FlushReport report = flush();
  EXPECT_EQ(report.databases, 1U);
  EXPECT_EQ(report.tables, 2U);
  EXPECT_EQ(report.rows_added, 3U);
  EXPECT_EQ(query("SELECT * FROM acme.t ORDER BY id"), "1|a|10 2|b|20 3|-|-1");
  EXPECT_EQ(query("SELECT count(*) FROM acme.empty"), "0");
  const TableSummary summary = table("acme.t");
  EXPECT_EQ(summary.rows, 3U);
  EXPECT_EQ(summary.data_files, 1U);
  EXPECT_EQ(summary.format_version, 3);
  EXPECT_GT(summary.snapshot_id, 0);
  EXPECT_EQ(summary.bookmark, store_->database("acme")->bookmark().value());
  EXPECT_TRUE(fs::exists(summary.metadata_location.substr(7)));
  EXPECT_EQ(table("acme.empty").snapshot_id, 0);
  expect_verified();
}

TEST_F(LakeTest, cycles_carry_inserts_updates_and_deletes) {
  exec(
      "CREATE TABLE t(id INTEGER PRIMARY KEY, k TEXT);"
      "WITH RECURSIVE q(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM q WHERE i<5000)"
      "INSERT INTO t SELECT i, 'k'||i FROM q");
  flush();
  exec(
      "UPDATE t SET k='new' WHERE id IN (10, 20); DELETE FROM t WHERE id=30;"
      "INSERT INTO t VALUES(6000,'x')");
  const FlushReport report = flush();
  EXPECT_EQ(report.rows_added, 3U);
  EXPECT_EQ(report.rows_removed, 3U);
  EXPECT_EQ(query("SELECT count(*), sum(id), count(*) FILTER (k='new') FROM t"), "5000|12508470|2");
  EXPECT_EQ(table("acme.t").rows, 5000U);
  EXPECT_EQ(table("acme.t").delete_files, 1U);
  // The same file is touched again: its deletion vector is replaced.
  exec("UPDATE t SET k='newer' WHERE id IN (10, 40)");
  flush();
  EXPECT_EQ(table("acme.t").delete_files, 2U);
  EXPECT_EQ(query("SELECT id, k FROM t WHERE id IN (10,20,30,40) ORDER BY id"),
            "10|newer 20|new 40|newer");
  expect_verified();
  reopen();
  exec("DELETE FROM t WHERE id <= 100");
  flush();
  EXPECT_EQ(query("SELECT count(*) FROM t"), "4901");
  expect_verified();
}

TEST_F(LakeTest, nothing_changed_means_no_snapshot) {
  exec("CREATE TABLE t(a INTEGER PRIMARY KEY); INSERT INTO t VALUES(1)");
  flush();
  const TableSummary before = table("acme.t");
  EXPECT_EQ(flush().databases, 0U);
  exec("CREATE INDEX i ON t(a)");  // a version without a changed row
  const FlushReport report = flush();
  EXPECT_EQ(report.databases, 1U);
  EXPECT_EQ(report.tables, 0U);
  EXPECT_EQ(table("acme.t").metadata_location, before.metadata_location);
  EXPECT_NE(table("acme.t").bookmark, before.bookmark);
  expect_verified();
}

TEST_F(LakeTest, added_columns_show_their_default_in_old_rows) {
  exec("CREATE TABLE t(id INTEGER PRIMARY KEY); INSERT INTO t VALUES(1),(2)");
  flush();
  exec(
      "ALTER TABLE t ADD COLUMN note TEXT DEFAULT 'it''s new'; ALTER TABLE t ADD COLUMN n INT;"
      "INSERT INTO t VALUES(3, 'given', 7)");
  const FlushReport report = flush();
  EXPECT_EQ(report.rows_added, 1U) << "old rows are not written again";
  EXPECT_EQ(query("SELECT * FROM t ORDER BY id"), "1|it's new|- 2|it's new|- 3|given|7");
  expect_verified();
  exec("UPDATE t SET n = 1 WHERE id = 1");
  flush();
  EXPECT_EQ(query("SELECT * FROM t ORDER BY id"), "1|it's new|1 2|it's new|- 3|given|7");
  expect_verified();
}

TEST_F(LakeTest, renamed_and_dropped_columns_follow_by_field_id) {
  exec("CREATE TABLE t(id INTEGER PRIMARY KEY, a TEXT, b TEXT); INSERT INTO t VALUES(1,'x','y')");
  flush();
  exec("ALTER TABLE t RENAME COLUMN a TO c");
  EXPECT_EQ(query("SELECT c FROM t"), "x") << "before the flush";
  EXPECT_EQ(flush().rows_added, 0U);
  EXPECT_EQ(query("SELECT id, c, b FROM t"), "1|x|y");
  exec("ALTER TABLE t DROP COLUMN b; INSERT INTO t VALUES(2,'z')");
  EXPECT_EQ(query("SELECT * FROM t ORDER BY id"), "1|x 2|z") << "before the flush";
  flush();
  EXPECT_EQ(query("SELECT * FROM t ORDER BY id"), "1|x 2|z");
  expect_verified();
}

TEST_F(LakeTest, renamed_tables_keep_their_snapshots_and_dropped_ones_go) {
  exec("CREATE TABLE t(id INTEGER PRIMARY KEY); INSERT INTO t VALUES(1); CREATE TABLE u(a)");
  flush();
  const TableSummary before = table("acme.t");
  exec("ALTER TABLE t RENAME TO s; DROP TABLE u");
  flush();
  EXPECT_EQ(lake_->tables()->size(), 1U);
  EXPECT_EQ(table("acme.s").snapshot_id, before.snapshot_id);
  exec("INSERT INTO s VALUES(2); CREATE TABLE t(b INTEGER PRIMARY KEY); INSERT INTO t VALUES(9)");
  flush();
  EXPECT_EQ(query("SELECT * FROM s ORDER BY 1"), "1 2");
  EXPECT_EQ(query("SELECT * FROM t"), "9");
  expect_verified();
  exec("DROP TABLE s; DROP TABLE t");
  flush();
  EXPECT_TRUE(lake_->tables()->empty());
}

TEST_F(LakeTest, a_table_created_anew_with_another_shape_is_replaced) {
  exec("CREATE TABLE t(id INTEGER PRIMARY KEY, v INT); INSERT INTO t VALUES(1,10),(2,20)");
  flush();
  const std::string location = table("acme.t").metadata_location;
  exec(
      "DROP TABLE t; CREATE TABLE t(k TEXT PRIMARY KEY, v TEXT) WITHOUT ROWID;"
      "INSERT INTO t VALUES('a','x')");
  EXPECT_EQ(query("SELECT * FROM t"), "a|x") << "before the flush";
  flush();
  EXPECT_EQ(query("SELECT * FROM t"), "a|x");
  EXPECT_EQ(table("acme.t").rows, 1U);
  EXPECT_EQ(table("acme.t").data_files, 1U);
  expect_verified();
  exec(
      "DROP TABLE t; CREATE TABLE t(k TEXT PRIMARY KEY, v REAL) WITHOUT ROWID;"
      "INSERT INTO t VALUES('a',1.5)");
  flush();
  EXPECT_EQ(query("SELECT * FROM t"), "a|1.500000");
  expect_verified();
}

TEST_F(LakeTest, tables_without_a_key_are_keyed_by_rowid) {
  exec("CREATE TABLE t(a, b); INSERT INTO t VALUES('x',1),('x',1),('y',2)");
  flush();
  exec("DELETE FROM t WHERE rowid = 2; UPDATE t SET b = 3 WHERE a = 'y'");
  flush();
  EXPECT_EQ(query("SELECT _rowid, a, b FROM t ORDER BY 1"), "1|x|1 3|y|3");
  expect_verified();
}

TEST_F(LakeTest, keys_that_are_null_are_told_apart_by_their_rows) {
  exec(
      "CREATE TABLE t(k TEXT PRIMARY KEY, v INT);"
      "INSERT INTO t VALUES(NULL,1),(NULL,2),(NULL,3),('a',4)");
  flush();
  exec("DELETE FROM t WHERE v = 2; UPDATE t SET v = 30 WHERE v = 3");
  EXPECT_EQ(query("SELECT v FROM t ORDER BY v"), "1 4 30") << "before the flush";
  flush();
  EXPECT_EQ(query("SELECT v FROM t ORDER BY v"), "1 4 30");
  expect_verified();
}

TEST_F(LakeTest, values_that_do_not_fit_are_kept_in_extra) {
  exec(
      "CREATE TABLE t(id INTEGER PRIMARY KEY, n INT, d DATE); INSERT INTO t "
      "VALUES(1,5,'2020-02-29')");
  flush();
  exec("INSERT INTO t VALUES(2,'many','soon')");
  EXPECT_EQ(query("SELECT _extra FROM t WHERE id=2"), R"({"n":"many","d":"soon"})")
      << "before the flush";
  EXPECT_EQ(flush().misfits, 2U);
  EXPECT_EQ(query("SELECT * FROM t ORDER BY id"),
            R"(1|5|2020-02-29|- 2|-|-|{"n":"many","d":"soon"})");
  expect_verified();
  exec("ALTER TABLE t RENAME COLUMN n TO m");
  flush();
  EXPECT_EQ(query("SELECT _extra FROM t WHERE id=2"), R"({"m":"many","d":"soon"})");
  expect_verified();
  exec("UPDATE t SET m = 6, d = NULL WHERE id = 2");
  flush();
  EXPECT_EQ(query("SELECT m, _extra FROM t WHERE id=2"), "6|-");
  expect_verified();
}

TEST_F(LakeTest, a_query_sees_rows_before_they_are_flushed) {
  exec("CREATE TABLE t(id INTEGER PRIMARY KEY, v TEXT); INSERT INTO t VALUES(1,'a')");
  EXPECT_EQ(query("SELECT * FROM acme.t"), "1|a") << "nothing was ever flushed";
  EXPECT_TRUE(lake_->tables()->empty());
  flush();
  exec("INSERT INTO t VALUES(2,'b'); UPDATE t SET v='A' WHERE id=1");
  EXPECT_EQ(query("SELECT * FROM t ORDER BY id"), "1|A 2|b");
  exec(
      "ALTER TABLE t ADD COLUMN w INT DEFAULT 5; CREATE TABLE u(x); INSERT INTO u VALUES(1);"
      "DELETE FROM t WHERE id=2");
  EXPECT_EQ(query("SELECT t.*, u.x FROM t, u"), "1|A|5|1");
  EXPECT_EQ(lake_->status()->unflushed_rows, 2U);
  EXPECT_GT(lake_->status()->lag_seconds, 0);
  flush();
  EXPECT_EQ(lake_->status()->unflushed_rows, 0U);
  EXPECT_EQ(lake_->status()->lag_seconds, 0);
  EXPECT_GT(lake_->status()->last_flush_us, 0);
}

TEST_F(LakeTest, more_unflushed_rows_than_a_query_may_hold_are_flushed_first) {
  lake_ = std::make_unique<Lake>(engine::instance_of(*store_), Options{.pending_bytes_max = 1000});
  exec(
      "CREATE TABLE t(id INTEGER PRIMARY KEY, v TEXT);"
      "WITH RECURSIVE q(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM q WHERE i<10000)"
      "INSERT INTO t SELECT i, 'k'||i FROM q");
  EXPECT_EQ(query("SELECT count(*) FROM t"), "10000");
  EXPECT_EQ(table("acme.t").rows, 10000U);
}

TEST_F(LakeTest, queries_span_databases_and_refuse_to_write) {
  ASSERT_TRUE(store_->create_database("b-2"));
  exec("CREATE TABLE t(a INTEGER PRIMARY KEY); INSERT INTO t VALUES(1); CREATE TABLE only_here(x)");
  exec("CREATE TABLE t(a INTEGER PRIMARY KEY); INSERT INTO t VALUES(2)", "b-2");
  flush();
  EXPECT_EQ(query("SELECT a.a, b.a FROM acme.t a, \"b-2\".t b"), "1|2");
  EXPECT_EQ(query("SELECT count(*) FROM only_here"), "0");
  EXPECT_EQ(query("SELECT * FROM t"), "table \"t\" must be named with its database: acme.t, b-2.t");
  EXPECT_EQ(query("SELECT * FROM only_hree"),
            "table \"only_hree\" does not exist (did you mean \"acme.only_here\"?)");
  EXPECT_EQ(query("SELECT * FROM acme.zzzzzz"), "table \"zzzzzz\" does not exist");
  EXPECT_NE(query("DESCRIBE acme.t").find("BIGINT"), std::string::npos);
  for (const char* sql : {"DELETE FROM acme.t", "CREATE TABLE x(a INT)", "SELECT 1; SELECT 2",
                          "COPY (SELECT 1) TO '/tmp/dosql-lake-escape'", "ATTACH 'x'"}) {
    const auto refused = lake_->query(sql);
    ASSERT_FALSE(refused) << sql;
    EXPECT_NE(refused.error().message.find("answers one SELECT"), std::string::npos) << sql;
  }
  EXPECT_FALSE(lake_->query("SELECT * FROM read_text('/etc/passwd')"));
}

TEST_F(LakeTest, hidden_databases_stay_out_and_dropped_and_renamed_ones_follow) {
  ASSERT_TRUE(store_->create_database("gone"));
  exec("CREATE TABLE t(a INTEGER PRIMARY KEY); INSERT INTO t VALUES(1)");
  exec("CREATE TABLE t(a INTEGER PRIMARY KEY)", "gone");
  flush();
  EXPECT_EQ(lake_->tables()->size(), 2U);
  ASSERT_TRUE(store_->drop_database("gone"));
  ASSERT_TRUE(store_->rename_database("acme", "acme2"));
  flush();
  ASSERT_EQ(lake_->tables()->size(), 1U);
  EXPECT_EQ(lake_->tables()->front().table, "acme2.t");
  exec("INSERT INTO t VALUES(2)", "acme2");
  flush();
  EXPECT_EQ(query("SELECT * FROM acme2.t ORDER BY 1"), "1 2");
  expect_verified();
  // A new database of the old name starts from nothing, in a folder of its own.
  ASSERT_TRUE(store_->create_database("acme"));
  exec("CREATE TABLE t(a INTEGER PRIMARY KEY); INSERT INTO t VALUES(7)");
  flush();
  EXPECT_EQ(query("SELECT * FROM acme.t"), "7");
  EXPECT_EQ(query("SELECT * FROM acme2.t ORDER BY 1"), "1 2");
  expect_verified();
}

TEST_F(LakeTest, a_table_the_lake_lost_rows_of_heals_at_the_next_change) {
  exec("CREATE TABLE t(id INTEGER PRIMARY KEY, v INT); INSERT INTO t VALUES(1,1),(2,2)");
  flush();
  lose_rows();
  exec("UPDATE t SET v = 20 WHERE id = 2");
  flush();
  EXPECT_EQ(query("SELECT * FROM t ORDER BY id"), "1|1 2|20");
  expect_verified();
}

TEST_F(LakeTest, files_of_a_table_that_is_written_anew_do_not_stay_behind) {
  exec(
      "CREATE TABLE t(id INTEGER PRIMARY KEY, v BLOB);"
      "WITH RECURSIVE q(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM q WHERE i<2200)"
      "INSERT INTO t SELECT i, x'00' FROM q");
  flush();
  lose_rows();
  exec("UPDATE t SET v = zeroblob(65000)");  // more than one file
  flush();
  EXPECT_EQ(query("SELECT count(*), sum(octet_length(v)) FROM t"), "2200|143000000");
  const fs::path data = directory_ + "/lake/acme/t/data";
  EXPECT_EQ(std::distance(fs::directory_iterator(data), {}), 3) << "one of before, two new";
}

TEST_F(LakeTest, odd_names_of_tables_and_columns_are_no_problem) {
  exec(
      "CREATE TABLE \"a/../b \"\"c\"(\"x y\" INTEGER PRIMARY KEY, \"z'\"\"\" TEXT, _extra TEXT, "
      "_rowid TEXT); INSERT INTO \"a/../b \"\"c\" VALUES(1,'p','q','r')");
  flush();
  exec("UPDATE \"a/../b \"\"c\" SET \"z'\"\"\" = 's'");
  flush();
  EXPECT_EQ(query("SELECT * FROM acme.\"a/../b \"\"c\""), "1|s|q|r");
  expect_verified();
}

}  // namespace
}  // namespace dosql::lake
