#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/random.h"
#include "lake/lake_fixture_impl.h"

namespace dosql::lake {
namespace {

// Runs in a child process: changes rows, says so, flushes.
void change_and_flush(const std::string& directory, int round, int say) {
  auto store = Store::open(directory);
  if (!store) _exit(2);
  Lake lake(engine::instance_of(*store), Options{.threads = 1});
  auto database = store->database("acme");
  const std::string number = std::to_string(round);
  const std::string rows = std::to_string(round * 1000);
  const bool is_changed =
      database && database->exec(str_cat(
                      {"UPDATE t SET v = ", number, " WHERE id % 7 = ", std::to_string(round % 7),
                       "; WITH RECURSIVE q(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM q WHERE "
                       "i<1000) INSERT INTO t SELECT i+",
                       rows, ",", number, " FROM q; CREATE TABLE u", number, "(a); INSERT INTO u",
                       number, " VALUES(1)"}));
  if (!is_changed || ::write(say, "x", 1) != 1) _exit(3);
  _exit(lake.flush() ? 0 : 4);
}

TEST_F(LakeTest, a_flush_that_is_killed_leaves_the_old_or_the_new_state) {
  exec("CREATE TABLE t(id INTEGER PRIMARY KEY, v INT)");
  flush();
  Random random(7);
  int killed = 0;
  for (int round = 1; round <= 20; ++round) {
    close();
    int pipe_ends[2];
    ASSERT_EQ(::pipe(pipe_ends), 0);
    const pid_t child = ::fork();
    if (child == 0) change_and_flush(directory_, round, pipe_ends[1]);
    ::close(pipe_ends[1]);
    char said = 0;
    ASSERT_EQ(::read(pipe_ends[0], &said, 1), 1);
    ::close(pipe_ends[0]);
    ::usleep(static_cast<useconds_t>(random.below(40'000)));
    ::kill(child, SIGKILL);
    int outcome = 0;
    ::waitpid(child, &outcome, 0);
    if (WIFSIGNALED(outcome)) ++killed;
    if (WIFEXITED(outcome)) ASSERT_EQ(WEXITSTATUS(outcome), 0);
    open();
    const std::string all = "SELECT count(*), sum(id), sum(v) FROM t";
    const std::string before = query(all);
    expect_verified();  // whatever the catalog points to is whole, and is what its source was
    if (round % 3 == 0) flush();
    EXPECT_EQ(query(all), before);
    EXPECT_EQ(store_->database("acme")->query(all)->rows.size(), 1U);
    expect_verified();
  }
  EXPECT_GT(killed, 0);
  flush();
  EXPECT_EQ(lake_->tables()->size(), 21U);
  expect_verified();
}

TEST_F(LakeTest, a_renamed_table_whose_rows_are_written_anew_leaves_no_table_behind) {
  exec("CREATE TABLE t(id INTEGER PRIMARY KEY, v INT); INSERT INTO t VALUES(1,'no number'),(2,2)");
  flush();
  // `_extra` of row 1 refers to v by name.
  exec("ALTER TABLE t RENAME TO u; ALTER TABLE u RENAME COLUMN v TO w");
  flush();
  const auto report = lake_->verify();
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_EQ(report->findings, std::vector<std::string>());
  const auto tables = lake_->tables();
  ASSERT_TRUE(tables);
  ASSERT_EQ(tables->size(), 1U);
  EXPECT_EQ(tables->front().table, "acme.u");
}

TEST_F(LakeTest, a_table_dropped_in_a_database_that_was_renamed_is_gone) {
  exec("CREATE TABLE t(id INTEGER PRIMARY KEY); CREATE TABLE u(id INTEGER PRIMARY KEY)");
  flush();
  ASSERT_TRUE(store_->rename_database("acme", "other"));
  exec("DROP TABLE t", "other");
  flush();
  const auto tables = lake_->tables();
  ASSERT_TRUE(tables);
  ASSERT_EQ(tables->size(), 1U);
  EXPECT_EQ(tables->front().table, "other.u");
}

TEST_F(LakeTest, random_histories_end_in_the_same_rows) {
  for (const uint64_t seed : {1U, 2U, 3U}) {
    Random random(seed);
    exec(str_cat({"DROP TABLE IF EXISTS r; CREATE TABLE r(",
                  seed == 2 ? "k TEXT PRIMARY KEY, a, b INT) WITHOUT ROWID"
                            : "k TEXT PRIMARY KEY, a, b INT)"}));
    for (int round = 0; round < 12; ++round) {
      std::string sql = "BEGIN;";
      for (uint64_t n = random.below(30); n > 0; --n) {
        const std::string key = "'k" + std::to_string(random.below(60)) + "'";
        switch (random.below(6)) {
          case 0:
            sql += "DELETE FROM r WHERE k=" + key + ";";
            break;
          case 1:
            sql += "UPDATE r SET a=" + std::to_string(n) + " WHERE k=" + key + ";";
            break;
          case 2:
            sql += "UPDATE OR REPLACE r SET k='k" + std::to_string(n) + "' WHERE k=" + key + ";";
            break;
          default:
            sql += "INSERT OR REPLACE INTO r(k,a,b) VALUES(" + key + ",'a" + std::to_string(n) +
                   "'," + std::to_string(round) + ");";
        }
      }
      exec(sql + "COMMIT");
      if (random.one_in(6))
        exec("ALTER TABLE r ADD COLUMN c" + std::to_string(round) + " DEFAULT 7");
      const std::string all = "SELECT k, a, b FROM r ORDER BY k";
      const std::string pending = query(all);
      flush();
      ASSERT_EQ(query(all), pending) << "seed " << seed << " round " << round;
      expect_verified();
      if (random.one_in(4)) reopen();
    }
  }
}

}  // namespace
}  // namespace dosql::lake
