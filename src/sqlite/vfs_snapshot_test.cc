// What transactions see of each other. SQLite's own suite does not notice readers that see the
// head instead of their snapshot, so it is all here.
#include <atomic>
#include <thread>

#include "sqlite/vfs_fixture_impl.h"

namespace dosql::sqlite {
namespace {

constexpr const char* kCount = "SELECT count(*) FROM t";

TEST(vfs_snapshot, a_reader_keeps_its_snapshot_while_a_writer_commits) {
  VfsFixture fixture;
  Connection writer = fixture.open();
  Connection reader = fixture.open();
  ASSERT_OK(writer.exec("CREATE TABLE t(a); INSERT INTO t VALUES(1)"));
  ASSERT_OK(reader.exec("BEGIN"));
  EXPECT_EQ(text(reader, kCount), "1");
  ASSERT_OK(writer.exec("INSERT INTO t VALUES(2); CREATE TABLE u(b); DROP TABLE t"));
  EXPECT_EQ(text(reader, kCount), "1");
  EXPECT_EQ(text(reader, "SELECT group_concat(name) FROM sqlite_schema"), "t");
  expect_intact(reader);
  ASSERT_OK(reader.exec("COMMIT"));
  EXPECT_EQ(text(reader, "SELECT group_concat(name) FROM sqlite_schema"), "u");
}

TEST(vfs_snapshot, a_long_cursor_sees_one_version_over_thousands_of_commits) {
  VfsFixture fixture(512);
  Connection writer = fixture.open();
  Connection reader = fixture.open();
  // A small cache: the cursor has to read its pages again from the store.
  ASSERT_OK(reader.exec("PRAGMA cache_size=2"));
  ASSERT_OK(writer.exec(kTable));
  ASSERT_OK(writer.exec(fill(2000)));
  auto cursor = reader.prepare("SELECT id, substr(v, 1, 1) FROM t ORDER BY k");
  ASSERT_OK(cursor);
  auto update = writer.prepare("UPDATE t SET v = 'x' || v WHERE id = ?");
  ASSERT_OK(update);
  int64_t sum = 0;
  for (int64_t i = 1; i <= 2000; ++i) {
    const auto row = cursor->step();
    ASSERT_OK(row);
    ASSERT_TRUE(*row);
    sum += cursor->column_int64(0);
    ASSERT_EQ(cursor->column_text(1), "0") << "at row " << i;
    ASSERT_OK(update->bind_int64(1, i));
    ASSERT_OK(update->step());
    update->reset();
    if (i % 10 == 0) {
      ASSERT_OK(writer.exec("DELETE FROM t WHERE id = " + std::to_string(2001 - i / 10)));
    }
  }
  EXPECT_EQ(sum, 2000 * 2001 / 2);
  const auto end = cursor->step();
  ASSERT_OK(end);
  EXPECT_FALSE(*end);
  EXPECT_GT(fixture.store.head("acme").value(), 2000U);
  EXPECT_EQ(text(reader, "SELECT count(*) FROM t WHERE v LIKE 'x%'"), "1800");
  expect_intact(reader);
}

TEST(vfs_snapshot, each_autocommit_read_sees_the_newest_version_through_a_warm_cache) {
  VfsFixture fixture;
  Connection writer = fixture.open();
  Connection reader = fixture.open();
  ASSERT_OK(writer.exec("CREATE TABLE t(a); INSERT INTO t VALUES(0)"));
  for (int i = 1; i <= 100; ++i) {
    // The same size, the same freelist: only the change counter tells.
    ASSERT_OK(writer.exec("UPDATE t SET a = " + std::to_string(i)));
    ASSERT_EQ(text(reader, "SELECT a FROM t"), std::to_string(i));
    if (i % 3 == 0) ASSERT_OK(reader.exec("UPDATE t SET a = -1"));
    if (i % 3 == 0) ASSERT_EQ(text(writer, "SELECT a FROM t"), "-1");
  }
}

TEST(vfs_snapshot, data_version_tells_of_commits_by_others_only) {
  VfsFixture fixture;
  Connection one = fixture.open();
  Connection two = fixture.open();
  ASSERT_OK(one.exec("CREATE TABLE t(a)"));
  const std::string before = text(two, "PRAGMA data_version");
  EXPECT_EQ(text(two, "PRAGMA data_version"), before);
  ASSERT_OK(two.exec("INSERT INTO t VALUES(1)"));
  EXPECT_EQ(text(two, "PRAGMA data_version"), before);
  ASSERT_OK(one.exec("INSERT INTO t VALUES(1)"));
  EXPECT_NE(text(two, "PRAGMA data_version"), before);
}

TEST(vfs_snapshot, a_write_on_an_old_snapshot_is_refused_and_the_transaction_goes_on_reading) {
  VfsFixture fixture;
  Connection stale = fixture.open();
  Connection other = fixture.open();
  ASSERT_OK(other.exec("CREATE TABLE t(a); INSERT INTO t VALUES(1)"));
  ASSERT_OK(stale.exec("BEGIN"));
  EXPECT_EQ(text(stale, kCount), "1");
  ASSERT_OK(other.exec("INSERT INTO t VALUES(2)"));
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(failure(stale.exec("INSERT INTO t VALUES(3)")), Code::kBusySnapshot);
    EXPECT_FALSE(stale.is_autocommit());
    EXPECT_EQ(text(stale, kCount), "1");
  }
  ASSERT_OK(stale.exec("ROLLBACK; INSERT INTO t VALUES(3)"));
  EXPECT_EQ(text(other, kCount), "3");
}

TEST(vfs_snapshot, a_statement_outside_a_transaction_is_tried_again_on_a_fresh_snapshot) {
  VfsFixture fixture;
  Connection connection = fixture.open();
  Connection other = fixture.open();
  ASSERT_OK(other.exec("CREATE TABLE t(a); INSERT INTO t VALUES(1)"));
  EXPECT_EQ(text(connection, kCount), "1");
  int intruders = 3;
  fixture.store.before_begin_write = [&] {
    if (intruders-- <= 0) return;
    auto hook = std::exchange(fixture.store.before_begin_write, nullptr);
    EXPECT_OK(other.exec("UPDATE t SET a = a + 1"));
    fixture.store.before_begin_write = std::move(hook);
  };
  ASSERT_OK(connection.exec("UPDATE t SET a = a * 10"));
  EXPECT_EQ(text(connection, "SELECT a FROM t"), "40");
  intruders = 2;
  ASSERT_OK(connection.exec("BEGIN IMMEDIATE; UPDATE t SET a = a * 10; COMMIT"));
  EXPECT_EQ(text(other, "SELECT a FROM t"), "420");
}

TEST(vfs_snapshot, an_error_that_a_retry_overcame_is_not_blamed_for_a_later_one) {
  VfsFixture fixture;
  Connection connection = fixture.open();
  Connection other = fixture.open();
  ASSERT_OK(other.exec(kTable));
  ASSERT_OK(connection.exec("PRAGMA max_page_count=20"));
  fixture.store.before_begin_write = [&] {
    fixture.store.before_begin_write = nullptr;
    EXPECT_OK(other.exec("INSERT INTO t(k) VALUES('x')"));
  };
  const auto full = connection.exec(fill(1000));
  ASSERT_FALSE(full);
  EXPECT_EQ(full.error().code, Code::kDiskFull) << full.error().message;
}

TEST(vfs_snapshot, a_second_writer_is_busy_until_the_first_is_done) {
  VfsFixture fixture;
  Connection one = fixture.open();
  Connection two = fixture.open();
  ASSERT_OK(one.exec("CREATE TABLE t(a); BEGIN IMMEDIATE"));
  const auto busy = two.exec("INSERT INTO t VALUES(1)");
  EXPECT_EQ(failure(busy), Code::kBusy);
  EXPECT_EQ(busy.error().message, "another connection is writing");
  EXPECT_EQ(failure(two.exec("BEGIN IMMEDIATE")), Code::kBusy);
  EXPECT_EQ(text(two, kCount), "0");
  ASSERT_OK(one.exec("INSERT INTO t VALUES(2); ROLLBACK"));
  ASSERT_OK(two.exec("INSERT INTO t VALUES(1)"));
  EXPECT_EQ(text(one, kCount), "1");
}

TEST(vfs_snapshot, a_write_that_changes_nothing_makes_no_version) {
  VfsFixture fixture;
  Connection connection = fixture.open();
  ASSERT_OK(connection.exec("CREATE TABLE t(a); INSERT INTO t VALUES(1)"));
  const Version before = fixture.store.head("acme");
  ASSERT_OK(
      connection.exec("BEGIN IMMEDIATE; COMMIT; UPDATE t SET a = 1; DELETE FROM t WHERE a = 2;"
                      "BEGIN; INSERT INTO t VALUES(2); ROLLBACK"));
  EXPECT_EQ(fixture.store.head("acme"), before);
  Connection other = fixture.open();
  ASSERT_OK(other.exec("UPDATE t SET a = 5"));
  EXPECT_EQ(text(connection, "SELECT a FROM t"), "5");
}

TEST(vfs_snapshot, a_fixed_version_stays_readable_and_refuses_writes) {
  VfsFixture fixture;
  Connection connection = fixture.open();
  ASSERT_OK(connection.exec(kTable));
  ASSERT_OK(connection.exec(fill(100)));
  const auto version = std::to_string(fixture.store.head("acme").value());
  const std::string digest = text(connection, kDigest);
  ASSERT_OK(connection.exec("DELETE FROM t WHERE id > 50; UPDATE t SET v = 'new'; VACUUM"));
  Connection past = fixture.open("acme@" + version);
  EXPECT_EQ(text(past, kDigest), digest);
  expect_intact(past);
  EXPECT_EQ(failure(past.exec("DELETE FROM t")), Code::kReadOnly);
  ASSERT_OK(past.exec("CREATE TEMP TABLE mine AS SELECT id FROM t"));
  EXPECT_EQ(text(past, "SELECT count(*) FROM mine"), "100");
  ASSERT_OK(connection.exec("ATTACH 'acme@" + version + "' AS old"));
  EXPECT_EQ(text(connection, "SELECT count(*) FROM old.t WHERE id NOT IN (SELECT id FROM main.t)"),
            "50");
  ASSERT_OK(connection.exec("INSERT INTO t SELECT * FROM old.t WHERE id > 50"));
  EXPECT_EQ(failure(connection.exec("DELETE FROM old.t")), Code::kReadOnly);
  EXPECT_FALSE(Connection::open_versioned("acme@999", fixture.vfs->name()));
}

TEST(vfs_snapshot, an_attached_database_has_a_snapshot_of_its_own) {
  VfsFixture fixture;
  Connection connection = fixture.open();
  Connection other = fixture.open("zeta");
  ASSERT_OK(other.exec("CREATE TABLE z(a); INSERT INTO z VALUES(1)"));
  ASSERT_OK(connection.exec("CREATE TABLE t(a); ATTACH 'zeta' AS zeta; BEGIN"));
  EXPECT_EQ(text(connection, "SELECT a FROM z"), "1");
  ASSERT_OK(other.exec("UPDATE z SET a = 2"));
  EXPECT_EQ(text(connection, "SELECT a FROM z"), "1");
  ASSERT_OK(connection.exec("INSERT INTO t SELECT a FROM z; COMMIT"));
  EXPECT_EQ(text(connection, "SELECT (SELECT a FROM t) || (SELECT a FROM z)"), "12");
  ASSERT_OK(connection.exec("INSERT INTO z VALUES(3); DETACH zeta"));
  EXPECT_EQ(text(other, "SELECT group_concat(a) FROM z"), "2,3");
}

TEST(vfs_snapshot, two_stores_live_in_one_process) {
  VfsFixture one;
  VfsFixture two(1024);
  Connection a = one.open();
  Connection b = two.open();
  ASSERT_OK(a.exec("CREATE TABLE t(a); INSERT INTO t VALUES('one')"));
  ASSERT_OK(b.exec("CREATE TABLE t(a); INSERT INTO t VALUES('two')"));
  EXPECT_EQ(text(a, "SELECT a FROM t") + text(b, "SELECT a FROM t"), "onetwo");
  EXPECT_NE(one.vfs->name(), two.vfs->name());
}

TEST(vfs_snapshot, readers_on_other_threads_always_see_a_whole_transaction) {
  VfsFixture fixture;
  Connection writer = fixture.open();
  ASSERT_OK(writer.exec("CREATE TABLE t(a); INSERT INTO t VALUES(0),(0)"));
  std::atomic<bool> is_done = false;
  std::atomic<int> reads = 0;
  const auto read = [&] {
    Connection reader = fixture.open();
    while (!is_done || reads < 100) {
      ASSERT_EQ(text(reader, "SELECT max(a) - min(a) FROM t"), "0");
      ++reads;
    }
  };
  std::thread first(read);
  std::thread second(read);
  for (int i = 0; i < 300; ++i) EXPECT_OK(writer.exec("UPDATE t SET a = a + 1"));
  is_done = true;
  first.join();
  second.join();
  EXPECT_EQ(text(writer, "SELECT a FROM t LIMIT 1"), "300");
}

}  // namespace
}  // namespace dosql::sqlite
