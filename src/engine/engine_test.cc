#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>
#include <thread>

#include <dosql/dosql.h>

#include "engine/instance.h"

namespace dosql {
namespace {

class TempDir {
 public:
  TempDir() {
    std::string pattern = (std::filesystem::temp_directory_path() / "dosql-test-XXXXXX").string();
    path_ = ::mkdtemp(pattern.data());
  }
  ~TempDir() { std::filesystem::remove_all(path_); }
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  std::string path_;
};

#define ASSERT_OK(expression)                        \
  do {                                               \
    const auto& outcome = (expression);              \
    ASSERT_TRUE(outcome) << outcome.error().message; \
  } while (false)

int64_t number(Database& db, std::string_view sql) {
  auto rows = db.query(sql);
  EXPECT_TRUE(rows) << rows.error().message;
  return rows ? std::get<int64_t>(rows->at(0, 0)) : -1;
}

TEST(engine, a_committed_row_is_there_after_reopening) {
  TempDir dir;
  {
    auto store = Store::open(dir.path());
    ASSERT_OK(store);
    auto db = store->create_database("acme");
    ASSERT_OK(db);
    ASSERT_OK(db->exec("CREATE TABLE t(id INTEGER PRIMARY KEY, k TEXT); CREATE INDEX i ON t(k)"));
    auto run = db->run("INSERT INTO t(k) VALUES(?)", {std::string("x")});
    ASSERT_OK(run);
    EXPECT_EQ(run->bookmark, "00000000-0000000000000004");
    ASSERT_OK(store->close());
  }
  auto store = Store::open(dir.path());
  ASSERT_OK(store);
  auto db = store->database("acme");
  ASSERT_OK(db);
  EXPECT_EQ(number(*db, "SELECT count(*) FROM t WHERE k = 'x'"), 1);
}

TEST(engine, many_rows_survive_rounds_and_reopening) {
  TempDir dir;
  {
    auto store = Store::open(dir.path());
    ASSERT_OK(store);
    auto db = store->create_database("acme");
    ASSERT_OK(db);
    ASSERT_OK(db->exec("CREATE TABLE t(id INTEGER PRIMARY KEY, k TEXT)"));
    for (int i = 0; i < 50; ++i) {
      ASSERT_OK(
          db->run("WITH RECURSIVE q(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM q WHERE i<200) "
                  "INSERT INTO t(k) SELECT hex(randomblob(50)) FROM q"));
      if (i % 10 == 3) ASSERT_OK(store->checkpoint());
    }
    EXPECT_EQ(number(*db, "SELECT count(*) FROM t"), 10000);
    ASSERT_OK(db->run("DELETE FROM t WHERE id % 3 = 0"));
    ASSERT_OK(store->close());
  }
  auto store = Store::open(dir.path());
  ASSERT_OK(store);
  auto db = store->database("acme");
  ASSERT_OK(db);
  EXPECT_EQ(number(*db, "SELECT count(*) FROM t"), 6667);
  auto check = db->query("PRAGMA integrity_check");
  ASSERT_OK(check);
  EXPECT_EQ(std::get<std::string>(check->at(0, 0)), "ok");
  auto findings = engine::instance_of(*store).versions().check([](uint64_t) {});
  ASSERT_OK(findings);
  EXPECT_TRUE(findings->empty()) << findings->front();
}

TEST(engine, run_async_calls_back_once_each_and_all_rows_are_there) {
  TempDir dir;
  auto store = Store::open(dir.path());
  ASSERT_OK(store);
  auto db = store->create_database("acme");
  ASSERT_OK(db);
  ASSERT_OK(db->exec("CREATE TABLE t(id INTEGER PRIMARY KEY, k INT UNIQUE)"));
  std::atomic<int> ok = 0;
  std::atomic<int> failed = 0;
  for (int i = 0; i < 1000; ++i) {
    db->run_async("INSERT INTO t(k) VALUES(?)", {int64_t{i % 900}}, [&](Result<RunResult> result) {
      if (result) {
        ++ok;
      } else {
        ++failed;
      }
    });
  }
  while (ok + failed < 1000) std::this_thread::yield();
  EXPECT_EQ(ok, 900);
  EXPECT_EQ(failed, 100);
  EXPECT_EQ(number(*db, "SELECT count(*) FROM t"), 900);
}

TEST(engine, a_reader_keeps_its_snapshot_while_a_writer_commits) {
  TempDir dir;
  auto store = Store::open(dir.path());
  ASSERT_OK(store);
  auto db = store->create_database("acme");
  ASSERT_OK(db);
  ASSERT_OK(db->exec("CREATE TABLE t(a); INSERT INTO t VALUES(1)"));
  auto reader = db->session();
  ASSERT_OK(reader);
  ASSERT_OK(reader->run("BEGIN"));
  EXPECT_EQ(std::get<int64_t>(reader->query("SELECT count(*) FROM t")->at(0, 0)), 1);
  ASSERT_OK(db->run("INSERT INTO t VALUES(2)"));
  EXPECT_EQ(std::get<int64_t>(reader->query("SELECT count(*) FROM t")->at(0, 0)), 1);
  auto stale = reader->run("INSERT INTO t VALUES(3)");
  ASSERT_FALSE(stale);
  EXPECT_EQ(stale.error().code, Code::kBusySnapshot);
  ASSERT_OK(reader->run("ROLLBACK"));
  ASSERT_OK(reader->run("INSERT INTO t VALUES(3)"));
  EXPECT_EQ(number(*db, "SELECT count(*) FROM t"), 3);
}

TEST(engine, a_second_writer_waits_and_gets_busy_after_its_timeout) {
  TempDir dir;
  auto store = Store::open(dir.path());
  ASSERT_OK(store);
  auto db = store->create_database("acme");
  ASSERT_OK(db);
  ASSERT_OK(db->exec("CREATE TABLE t(a)"));
  auto first = db->session();
  auto second = db->session();
  ASSERT_OK(first);
  ASSERT_OK(second);
  ASSERT_OK(first->run("BEGIN IMMEDIATE"));
  second->set_busy_timeout(std::chrono::milliseconds(20));
  auto refused = second->run("INSERT INTO t VALUES(1)");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Code::kBusy);
  ASSERT_OK(first->run("INSERT INTO t VALUES(2)"));
  ASSERT_OK(first->run("COMMIT"));
  ASSERT_OK(second->run("INSERT INTO t VALUES(1)"));
  EXPECT_EQ(number(*db, "SELECT count(*) FROM t"), 2);
}

TEST(engine, a_second_open_of_the_store_names_the_owner) {
  TempDir dir;
  auto store = Store::open(dir.path());
  ASSERT_OK(store);
  auto other = Store::open(dir.path());
  ASSERT_FALSE(other);
  EXPECT_EQ(other.error().code, Code::kLocked);
  EXPECT_NE(other.error().message.find(std::to_string(::getpid())), std::string::npos);
}

TEST(engine, databases_are_created_renamed_dropped_and_listed_over_reopening) {
  TempDir dir;
  for (int round = 0; round < 2; ++round) {
    auto store = Store::open(dir.path());
    ASSERT_OK(store);
    if (round == 0) {
      for (const char* name : {"a", "b", "c"}) ASSERT_OK(store->create_database(name));
      ASSERT_OK(store->checkpoint());
      ASSERT_OK(store->create_database("d"));
      ASSERT_OK(store->drop_database("b"));
      ASSERT_OK(store->rename_database("c", "z"));
      EXPECT_FALSE(store->create_database("a"));
      EXPECT_FALSE(store->create_database("No!"));
    }
    auto list = store->databases();
    ASSERT_OK(list);
    std::string names;
    for (const auto& database : *list) names += database.name;
    EXPECT_EQ(names, "adz");
    ASSERT_OK(store->checkpoint());
    list = store->databases();
    ASSERT_OK(list);
    EXPECT_EQ(list->size(), 3U);
    ASSERT_OK(store->close());
  }
}

}  // namespace
}  // namespace dosql
