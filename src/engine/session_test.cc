// Sessions over a real store: what transactions see of each other, spilled transactions, and where
// a session may not reach.
#include <gtest/gtest.h>

#include <filesystem>
#include <optional>

#include <dosql/dosql.h>

#include "base/result.h"

namespace dosql {
namespace {

#define ASSERT_OK(expression)                        \
  do {                                               \
    const auto& outcome = (expression);              \
    ASSERT_TRUE(outcome) << outcome.error().message; \
  } while (false)

// 20 MB of rows in one transaction do not fit the session's page cache of 8 MiB.
constexpr const char* kFill =
    "INSERT INTO t(k, v) WITH RECURSIVE q(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM q "
    "WHERE i < 20000) SELECT 'k' || i, hex(zeroblob(500)) FROM q";
constexpr const char* kDigest =
    "SELECT count(*) || ' ' || coalesce(sum(id), 0) || ' ' || coalesce(sum(length(v)), 0) || ' ' "
    "|| coalesce(group_concat(DISTINCT substr(v, 1, 1)), '') FROM t";

class Sessions : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (std::filesystem::temp_directory_path() / "dosql-test-XXXXXX").string();
    path = ::mkdtemp(pattern.data());
    open();
    auto created = store->create_database("acme");
    ASSERT_OK(created);
    ASSERT_OK(created->exec(
        "CREATE TABLE t(id INTEGER PRIMARY KEY, k TEXT, v TEXT); CREATE INDEX t_k ON t(k)"));
    db.emplace(*std::move(created));
  }
  void TearDown() override {
    db.reset();
    store.reset();
    std::filesystem::remove_all(path);
  }

  void open() {
    auto opened = Store::open(path);
    ASSERT_OK(opened);
    store.emplace(*std::move(opened));
  }
  void reopen() {
    db.reset();
    ASSERT_OK(store->close());
    open();
    auto found = store->database("acme");
    ASSERT_OK(found);
    db.emplace(*std::move(found));
  }

  Session session() {
    auto made = db->session();
    EXPECT_TRUE(made) << made.error().message;
    return *std::move(made);
  }

  // The first column of the first row as text; or "!message".
  static std::string text(Session& session, std::string_view sql) {
    const auto rows = session.query(sql);
    if (!rows) return "!" + rows.error().message;
    if (rows->empty()) return "";
    const Value& value = rows->at(0, 0);
    if (const auto* number = std::get_if<int64_t>(&value)) return std::to_string(*number);
    return std::get<std::string>(value);
  }
  static void expect_intact(Session& session) {
    EXPECT_EQ(text(session, "PRAGMA integrity_check"), "ok");
  }
  static Code failure(const Result<void>& result) {
    EXPECT_FALSE(result);
    return result ? Code::kInternal : result.error().code;
  }

  std::string path;
  std::optional<Store> store;
  std::optional<Database> db;
};

TEST_F(Sessions, spilled_pages_are_the_writers_alone_until_the_commit) {
  Session writer = session();
  Session reader = session();
  ASSERT_OK(writer.exec("BEGIN"));
  ASSERT_OK(writer.exec(kFill));
  ASSERT_OK(writer.exec("UPDATE t SET v = 'y' || v WHERE id % 2"));
  EXPECT_EQ(text(writer, "SELECT count(*) FROM t WHERE v LIKE 'y%'"), "10000");
  EXPECT_EQ(text(reader, kDigest), "0 0 0 ");
  expect_intact(writer);
  ASSERT_OK(writer.exec("COMMIT"));
  EXPECT_EQ(text(reader, kDigest), "20000 200010000 20010000 y,0");
  reopen();
  Session fresh = session();
  EXPECT_EQ(text(fresh, kDigest), "20000 200010000 20010000 y,0");
  expect_intact(fresh);
}

TEST_F(Sessions, savepoints_and_rollbacks_take_spilled_pages_back) {
  Session writer = session();
  ASSERT_OK(writer.exec(kFill));
  const std::string before = text(writer, kDigest);
  const std::string bookmark = writer.last_bookmark();
  ASSERT_OK(writer.exec("BEGIN; DELETE FROM t WHERE id <= 10; SAVEPOINT a"));
  const std::string at_a = text(writer, kDigest);
  ASSERT_OK(writer.exec("UPDATE t SET v = 'y' || v, k = k || 'y'"));
  EXPECT_NE(text(writer, kDigest), at_a);
  ASSERT_OK(writer.exec("ROLLBACK TO a"));
  EXPECT_EQ(text(writer, kDigest), at_a);
  expect_intact(writer);
  ASSERT_OK(writer.exec("UPDATE t SET v = 'z' || v; ROLLBACK"));
  EXPECT_EQ(text(writer, kDigest), before);
  EXPECT_EQ(writer.last_bookmark(), bookmark);
  reopen();
  Session fresh = session();
  EXPECT_EQ(text(fresh, kDigest), before);
  expect_intact(fresh);
}

TEST_F(Sessions, a_long_cursor_sees_one_version_over_commits_and_checkpoint_rounds) {
  ASSERT_OK(db->exec(kFill));
  Session reader = session();
  ASSERT_OK(reader.exec("PRAGMA cache_size=2"));
  auto cursor = reader.prepare("SELECT id, substr(v, 1, 1) FROM t ORDER BY k DESC");
  ASSERT_OK(cursor);
  int64_t count = 0;
  int64_t sum = 0;
  for (;;) {
    auto row = cursor->step();
    ASSERT_OK(row);
    if (!*row) break;
    sum += std::get<int64_t>(cursor->column(0));
    ASSERT_EQ(std::get<std::string>(cursor->column(1)), "0") << "at row " << count;
    if (++count % 2000 == 1) {
      ASSERT_OK(db->run("UPDATE t SET v = 'x' || v"));
      ASSERT_OK(db->run("DELETE FROM t WHERE id % 20 = ?", {count / 2000}));
      if (count % 6000 == 1) ASSERT_OK(store->checkpoint());
    }
  }
  EXPECT_EQ(count, 20000);
  EXPECT_EQ(sum, 200010000);
  EXPECT_EQ(text(reader, "SELECT count(*) FROM t"), "10000");
  expect_intact(reader);
}

// SQLite leaves pages out that were taken and freed in one transaction: they were never written.
TEST_F(Sessions, pages_that_were_never_written_survive_rounds_and_reopening) {
  ASSERT_OK(
      db->exec("INSERT INTO t(k) VALUES('kept'); BEGIN; CREATE TABLE gone(v);"
               "INSERT INTO gone SELECT zeroblob(5000) FROM (WITH RECURSIVE q(i) AS (SELECT 1 "
               "UNION ALL SELECT i + 1 FROM q WHERE i < 300) SELECT i FROM q);"
               "DROP TABLE gone; COMMIT"));
  for (const bool is_after_round : {false, true}) {
    reopen();
    Session fresh = session();
    EXPECT_NE(text(fresh, "PRAGMA freelist_count"), "0");
    expect_intact(fresh);
    if (!is_after_round) ASSERT_OK(store->checkpoint());
  }
  ASSERT_OK(db->exec("CREATE TABLE again(v); INSERT INTO again VALUES(zeroblob(1000000))"));
  Session fresh = session();
  expect_intact(fresh);
  EXPECT_EQ(text(fresh, "SELECT k FROM t"), "kept");
}

TEST_F(Sessions, a_stale_write_is_refused_again_until_the_transaction_ends) {
  Session stale = session();
  ASSERT_OK(stale.exec("BEGIN"));
  EXPECT_EQ(text(stale, "SELECT count(*) FROM t"), "0");
  ASSERT_OK(db->run("INSERT INTO t(k) VALUES('other')"));
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(failure(stale.exec("INSERT INTO t(k) VALUES('mine')")), Code::kBusySnapshot);
    EXPECT_TRUE(stale.in_transaction());
    EXPECT_EQ(text(stale, "SELECT count(*) FROM t"), "0");
  }
  ASSERT_OK(stale.exec("ROLLBACK; INSERT INTO t(k) VALUES('mine')"));
  EXPECT_EQ(text(stale, "SELECT count(*) FROM t"), "2");
}

TEST_F(Sessions, a_refused_writer_that_goes_on_reading_stops_nobody) {
  Session stale = session();
  ASSERT_OK(stale.exec("BEGIN"));
  EXPECT_EQ(text(stale, "SELECT count(*) FROM t"), "0");
  ASSERT_OK(db->run("INSERT INTO t(k) VALUES('other')"));
  EXPECT_EQ(failure(stale.exec("INSERT INTO t(k) VALUES('mine')")), Code::kBusySnapshot);
  ASSERT_OK(stale.exec("ROLLBACK; BEGIN"));
  EXPECT_EQ(text(stale, "SELECT count(*) FROM t"), "1");
  Session other = session();
  other.set_busy_timeout(std::chrono::milliseconds(0));
  ASSERT_OK(other.run("INSERT INTO t(k) VALUES('more')"));
  EXPECT_EQ(text(stale, "SELECT count(*) FROM t"), "1");
}

class AttachedSessions : public Sessions {
 protected:
  void SetUp() override {
    Sessions::SetUp();
    auto zeta = store->create_database("zeta", {.page_size = 8192});
    ASSERT_OK(zeta);
    one.emplace(session());
    ASSERT_OK(one->exec("ATTACH 'zeta' AS zeta; CREATE TABLE zeta.z(a)"));
    one->set_busy_timeout(std::chrono::milliseconds(20));
  }
  void TearDown() override {
    one.reset();
    Sessions::TearDown();
  }
  std::optional<Session> one;
};

TEST_F(AttachedSessions, a_transaction_writes_either_database) {
  for (const char* begin : {"BEGIN", "BEGIN IMMEDIATE", "BEGIN EXCLUSIVE"}) {
    for (const char* write : {"INSERT INTO z VALUES(1)", "INSERT INTO t(k) VALUES('x')"}) {
      ASSERT_OK(one->exec(begin));
      ASSERT_OK(one->exec(write));
      ASSERT_OK(one->exec("COMMIT"));
    }
  }
  reopen();
  Session fresh = session();
  ASSERT_OK(fresh.exec("ATTACH 'zeta' AS zeta"));
  EXPECT_EQ(text(fresh, "SELECT (SELECT count(*) FROM t) * 10 + count(*) FROM z"), "33");
  EXPECT_EQ(text(fresh, "PRAGMA zeta.integrity_check"), "ok");
}

TEST_F(AttachedSessions, a_transaction_that_writes_both_is_refused_and_leaves_neither) {
  for (const char* big : {"INSERT INTO t(k) VALUES('x')", kFill}) {
    for (const char* begin : {"BEGIN", "BEGIN IMMEDIATE"}) {
      ASSERT_OK(one->exec(begin));
      ASSERT_OK(one->exec(big));
      ASSERT_OK(one->exec("INSERT INTO z VALUES(1)"));
      const auto refused = one->exec("COMMIT");
      ASSERT_FALSE(refused);
      EXPECT_EQ(refused.error().code, Code::kUnsupported) << refused.error().message;
      EXPECT_FALSE(one->in_transaction());
      EXPECT_EQ(text(*one, "SELECT (SELECT count(*) FROM t) + (SELECT count(*) FROM z)"), "0");
      expect_intact(*one);
    }
  }
  Session other = session();
  other.set_busy_timeout(std::chrono::milliseconds(0));
  ASSERT_OK(other.run("INSERT INTO t(k) VALUES('free')"));
}

TEST_F(AttachedSessions, a_busy_or_stale_second_database_is_an_error_of_the_commit) {
  auto zeta = store->database("zeta");
  ASSERT_OK(zeta);
  auto other = zeta->session();
  ASSERT_OK(other);
  ASSERT_OK(one->exec("BEGIN IMMEDIATE; SELECT * FROM z"));
  ASSERT_OK(other->exec("BEGIN IMMEDIATE"));
  ASSERT_OK(one->exec("INSERT INTO z VALUES(1)"));
  EXPECT_EQ(failure(one->exec("COMMIT")), Code::kBusy);
  ASSERT_OK(other->exec("ROLLBACK"));
  ASSERT_OK(one->exec("BEGIN IMMEDIATE; SELECT * FROM z"));
  ASSERT_OK(other->run("INSERT INTO z VALUES(2)"));
  ASSERT_OK(one->exec("INSERT INTO z VALUES(1)"));
  EXPECT_EQ(failure(one->exec("COMMIT")), Code::kBusySnapshot);
  ASSERT_OK(one->exec("INSERT INTO z VALUES(3)"));
  EXPECT_EQ(text(*one, "SELECT group_concat(a) FROM z"), "2,3");
}

TEST_F(AttachedSessions, a_database_attached_to_itself_can_be_written_under_either_name) {
  ASSERT_OK(
      one->exec("ATTACH 'acme' AS again; INSERT INTO again.t(k) VALUES('a');"
                "INSERT INTO main.t(k) VALUES('b')"));
  EXPECT_EQ(text(*one, "SELECT group_concat(k) FROM again.t"), "a,b");
}

TEST_F(Sessions, files_outside_the_store_are_out_of_reach) {
  const std::string outside = path + "-outside.db";
  Session one = session();
  for (const std::string& name : {outside, "file:" + outside + "?vfs=unix", "../" + outside,
                                  std::string("file:/shared?vfs=memdb")}) {
    EXPECT_EQ(failure(one.exec("ATTACH '" + name + "' AS x")), Code::kNotFound) << name;
    EXPECT_EQ(failure(one.exec("VACUUM INTO '" + name + "'")), Code::kNotFound) << name;
    Params bound;
    bound.positional.emplace_back(name);
    EXPECT_FALSE(one.run("ATTACH ? AS x", bound)) << name;
  }
  EXPECT_FALSE(std::filesystem::exists(outside));
  EXPECT_EQ(failure(one.exec("SELECT load_extension('x')")), Code::kSql);
  EXPECT_EQ(failure(one.exec("ATTACH '_catalog' AS x")), Code::kNotFound);
}

TEST_F(Sessions, temporary_files_are_in_the_store_and_those_of_a_killed_process_go_at_opening) {
  const std::filesystem::path temp = std::filesystem::path(path) / "tmp";
  {
    Session one = session();
    ASSERT_OK(
        one.exec("PRAGMA temp_store=FILE; PRAGMA temp.cache_size=5;"
                 "CREATE TEMP TABLE mine(v); INSERT INTO mine SELECT zeroblob(1000000)"));
    EXPECT_TRUE(std::filesystem::is_empty(temp)) << "open files have no name";
    EXPECT_EQ(text(one, "SELECT length(v) FROM mine"), "1000000");
  }
  for (const char* name : {"0123456789abcdef.tmp", "mine.tmp"}) {
    std::filesystem::copy_file(std::filesystem::path(path) / "root", temp / name);
  }
  reopen();
  EXPECT_FALSE(std::filesystem::exists(temp / "0123456789abcdef.tmp"));
  EXPECT_TRUE(std::filesystem::exists(temp / "mine.tmp"));
}

TEST_F(Sessions, errors_of_a_script_give_its_lines) {
  const auto failed = db->exec("SELECT 1;\n\nSELECT nope");
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().message, "no such column: nope (line 3, column 8)");
  EXPECT_EQ(failure(db->exec(std::string_view("SELECT 1;\0DROP TABLE t", 22))), Code::kSql);
}

}  // namespace
}  // namespace dosql
