// Rollbacks of every kind, with and without spilled pages, and commits that fail.
#include "sqlite/vfs_fixture_impl.h"

namespace dosql::sqlite {
namespace {

// A cache of five pages spills in the middle of every statement.
constexpr const char* kTinyCache = "PRAGMA cache_size=5";
constexpr const char* kRewrite = "UPDATE t SET v = 'y' || v, k = k || 'y'";

class Spilling : public ::testing::Test {
 protected:
  void SetUp() override {
    connection = fixture.open();
    other = fixture.open();
    ASSERT_OK(connection.exec(kTable));
    ASSERT_OK(connection.exec(fill(300)));
    ASSERT_OK(connection.exec(kTinyCache));
    before = text(connection, kDigest);
  }

  // Both connections see `digest` and a sound database, also with an empty cache.
  void expect_everywhere(const std::string& digest) {
    EXPECT_EQ(text(connection, kDigest), digest);
    expect_intact(connection);
    EXPECT_EQ(text(other, kDigest), digest);
    expect_intact(other);
    Connection fresh = fixture.open();
    EXPECT_EQ(text(fresh, kDigest), digest);
    expect_intact(fresh);
  }

  VfsFixture fixture;
  Connection connection;
  Connection other;
  std::string before;
};

TEST_F(Spilling, spilled_pages_are_read_back_and_seen_by_nobody_else) {
  ASSERT_OK(connection.exec("BEGIN"));
  ASSERT_OK(connection.exec(kRewrite));
  ASSERT_OK(connection.exec(fill(300)));
  EXPECT_EQ(text(connection, "SELECT count(*) FROM t WHERE v LIKE 'y%'"), "300");
  expect_intact(connection);
  EXPECT_EQ(text(other, kDigest), before);
  ASSERT_OK(connection.exec("COMMIT"));
  const std::string after = text(connection, kDigest);
  EXPECT_NE(after, before);
  expect_everywhere(after);
}

TEST_F(Spilling, a_rollback_of_spilled_pages_leaves_the_old_database) {
  for (int i = 0; i < 3; ++i) {
    ASSERT_OK(connection.exec("BEGIN"));
    ASSERT_OK(connection.exec(kRewrite));
    ASSERT_OK(connection.exec(fill(500)));
    ASSERT_OK(connection.exec("ROLLBACK"));
    expect_everywhere(before);
  }
  ASSERT_OK(connection.exec(kRewrite));
  expect_everywhere(text(connection, kDigest));
}

TEST_F(Spilling, a_rollback_after_spilled_deletes_and_ddl_leaves_the_old_database) {
  ASSERT_OK(
      connection.exec("BEGIN; DELETE FROM t WHERE id % 3; DROP INDEX t_k;"
                      "CREATE TABLE copy AS SELECT * FROM t; DROP TABLE t; ROLLBACK"));
  expect_everywhere(before);
}

TEST_F(Spilling, savepoints_roll_back_spilled_pages) {
  ASSERT_OK(connection.exec("BEGIN; DELETE FROM t WHERE id <= 10; SAVEPOINT a"));
  const std::string at_a = text(connection, kDigest);
  ASSERT_OK(connection.exec(kRewrite));
  ASSERT_OK(connection.exec("SAVEPOINT b"));
  const std::string at_b = text(connection, kDigest);
  ASSERT_OK(connection.exec(fill(400)));
  ASSERT_OK(connection.exec("ROLLBACK TO b"));
  EXPECT_EQ(text(connection, kDigest), at_b);
  expect_intact(connection);
  ASSERT_OK(connection.exec("ROLLBACK TO a"));
  EXPECT_EQ(text(connection, kDigest), at_a);
  expect_intact(connection);
  EXPECT_EQ(text(other, kDigest), before);
  ASSERT_OK(connection.exec("RELEASE a; COMMIT"));
  expect_everywhere(at_a);
}

TEST_F(Spilling, a_failed_statement_takes_back_only_itself) {
  ASSERT_OK(connection.exec("CREATE UNIQUE INDEX t_u ON t(k)"));
  ASSERT_OK(connection.exec("BEGIN; DELETE FROM t WHERE id = 1"));
  const std::string in_transaction = text(connection, kDigest);
  // Fails at the last row, when most pages are spilled.
  EXPECT_EQ(
      failure(connection.exec("UPDATE t SET v = 'y' || v, k = iif(id = 300, 'k2z', k || 'z')")),
      Code::kConstraint);
  EXPECT_EQ(failure(connection.exec("INSERT INTO t(id, k, v) SELECT id + 1000, k || '!', v FROM t "
                                    "UNION ALL SELECT 2, 'two', ''")),
            Code::kConstraint);
  EXPECT_EQ(text(connection, kDigest), in_transaction);
  expect_intact(connection);
  ASSERT_OK(connection.exec("COMMIT"));
  expect_everywhere(in_transaction);
}

TEST_F(Spilling, a_failed_statement_outside_a_transaction_leaves_no_trace) {
  ASSERT_OK(connection.exec("CREATE UNIQUE INDEX t_u ON t(k)"));
  const Version version = fixture.store.head("acme");
  EXPECT_EQ(
      failure(connection.exec("UPDATE t SET v = 'y' || v, k = iif(id = 300, 'k2z', k || 'z')")),
      Code::kConstraint);
  EXPECT_EQ(fixture.store.head("acme"), version);
  expect_everywhere(before);
}

TEST_F(Spilling, closing_in_the_middle_of_a_spilled_transaction_rolls_it_back) {
  ASSERT_OK(connection.exec("BEGIN"));
  ASSERT_OK(connection.exec(kRewrite));
  connection = Connection();
  EXPECT_EQ(text(other, kDigest), before);
  ASSERT_OK(other.exec("DELETE FROM t"));
}

// Every error a store may answer a commit with, for spilled and unspilled transactions, inside
// BEGIN..COMMIT and outside.
TEST_F(Spilling, a_failed_commit_says_why_and_leaves_the_old_database) {
  struct Case {
    Code given;
    Code shown;
  };
  const Case cases[] = {
      {Code::kIo, Code::kIo},           {Code::kDiskFull, Code::kDiskFull},
      {Code::kTooBig, Code::kTooBig},   {Code::kOutcomeUnknown, Code::kOutcomeUnknown},
      {Code::kCorrupt, Code::kCorrupt}, {Code::kReadOnly, Code::kReadOnly},
      {Code::kBusy, Code::kBusy}};
  for (const char* cache : {kTinyCache, "PRAGMA cache_size=-8192"}) {
    for (const Case& one : cases) {
      for (const bool is_explicit : {true, false}) {
        SCOPED_TRACE(std::string(name_of(one.given)) + (is_explicit ? " explicit " : " ") + cache);
        ASSERT_OK(connection.exec(cache));
        if (is_explicit) ASSERT_OK(connection.exec("BEGIN"));
        if (is_explicit) ASSERT_OK(connection.exec(kRewrite));
        fixture.store.fail_next_commit({one.given, "the log says no"});
        const auto failed = connection.exec(is_explicit ? "COMMIT" : kRewrite);
        ASSERT_FALSE(failed);
        EXPECT_EQ(failed.error().code, one.shown);
        EXPECT_EQ(failed.error().message, "the log says no");
        EXPECT_TRUE(connection.is_autocommit());
        expect_everywhere(before);
      }
    }
  }
  ASSERT_OK(connection.exec(kRewrite));
  const std::string after = text(connection, kDigest);
  EXPECT_NE(after, before);
  expect_everywhere(after);
}

TEST_F(Spilling, a_failed_commit_is_not_published_by_the_next_one) {
  fixture.store.fail_next_commit({Code::kIo, "the log says no"});
  EXPECT_EQ(failure(connection.exec("INSERT INTO t(k) VALUES('lost')")), Code::kIo);
  ASSERT_OK(connection.exec("INSERT INTO t(k) VALUES('kept')"));
  EXPECT_EQ(text(connection, "SELECT group_concat(k) FROM t WHERE v IS NULL"), "kept");
  EXPECT_EQ(text(other, "SELECT group_concat(k) FROM t WHERE v IS NULL"), "kept");
}

TEST_F(Spilling, a_page_that_cannot_be_read_is_an_error_and_not_a_wrong_result) {
  for (const Code code : {Code::kIo, Code::kCorrupt}) {
    fixture.store.fail_next_page({code, "pack 7 is damaged"});
    Connection fresh = Connection();
    auto opened = Connection::open_versioned("acme", fixture.vfs->name());
    const auto read =
        opened ? opened->exec(kDigest) : Result<void>(std::unexpected(opened.error()));
    EXPECT_EQ(failure(read), code);
    EXPECT_EQ(read.error().message, "pack 7 is damaged");
  }
  ASSERT_OK(connection.exec("BEGIN"));
  ASSERT_OK(connection.exec("DELETE FROM t WHERE id < 5"));
  fixture.store.fail_next_page({Code::kIo, "pack 7 is damaged"});
  EXPECT_EQ(failure(connection.exec(kRewrite)), Code::kIo);
  if (!connection.is_autocommit()) ASSERT_OK(connection.exec("ROLLBACK"));
  expect_everywhere(before);
}

TEST_F(Spilling, a_write_that_may_not_begin_leaves_the_transaction_readable) {
  for (const Code code : {Code::kReadOnly, Code::kUnsupported, Code::kBusy, Code::kBusySnapshot}) {
    ASSERT_OK(connection.exec("BEGIN"));
    EXPECT_EQ(text(connection, kDigest), before);
    fixture.store.fail_next_begin_write({code, "not now"});
    const auto refused = connection.exec("DELETE FROM t");
    EXPECT_EQ(failure(refused), code);
    EXPECT_EQ(refused.error().message, "not now");
    EXPECT_FALSE(connection.is_autocommit()) << name_of(code);
    EXPECT_EQ(text(connection, kDigest), before);
    ASSERT_OK(connection.exec("DELETE FROM t WHERE id = 1; ROLLBACK"));
  }
  expect_everywhere(before);
}

// Found out at the first spilled page or at the commit, when SQLite's cache holds all changes.
TEST_F(Spilling, a_change_that_may_not_begin_rolls_the_whole_transaction_back) {
  for (const char* cache : {kTinyCache, "PRAGMA cache_size=-8192"}) {
    for (const Code code : {Code::kUnsupported, Code::kBusy, Code::kBusySnapshot}) {
      for (const bool is_explicit : {true, false}) {
        SCOPED_TRACE(std::string(name_of(code)) + (is_explicit ? " explicit " : " ") + cache);
        ASSERT_OK(connection.exec(cache));
        fixture.store.fail_next_begin_change({code, "not this one"});
        if (is_explicit) ASSERT_OK(connection.exec("BEGIN"));
        auto refused = connection.exec(kRewrite);
        if (refused) refused = connection.exec("COMMIT");
        EXPECT_EQ(failure(refused), code);
        EXPECT_EQ(refused.error().message, "not this one");
        EXPECT_TRUE(connection.is_autocommit());
        expect_everywhere(before);
      }
    }
  }
  ASSERT_OK(connection.exec(kRewrite));
  expect_everywhere(text(connection, kDigest));
}

TEST(vfs_limit, a_transaction_beyond_the_limit_fails_clearly_and_rolls_back) {
  VfsOptions options;
  options.transaction_bytes_max = 1 << 20;
  VfsFixture fixture(4096, options);
  Connection connection = fixture.open();
  ASSERT_OK(connection.exec(kTable));
  ASSERT_OK(connection.exec(fill(1000)));
  ASSERT_OK(connection.exec(kTinyCache));
  const std::string before = text(connection, kDigest);
  for (const bool is_explicit : {false, true}) {
    if (is_explicit) ASSERT_OK(connection.exec("BEGIN"));
    const auto failed = connection.exec(fill(5000));
    EXPECT_EQ(failure(failed), Code::kTooBig);
    EXPECT_NE(failed.error().message.find("transaction_bytes_max"), std::string::npos);
    if (!connection.is_autocommit()) ASSERT_OK(connection.exec("ROLLBACK"));
    EXPECT_EQ(text(connection, kDigest), before);
    expect_intact(connection);
  }
  // Beyond the limit only at the commit: the cache holds all of it.
  ASSERT_OK(connection.exec("PRAGMA cache_size=-8192; BEGIN"));
  ASSERT_OK(connection.exec(fill(5000)));
  EXPECT_EQ(failure(connection.exec("COMMIT")), Code::kTooBig);
  if (!connection.is_autocommit()) ASSERT_OK(connection.exec("ROLLBACK"));
  EXPECT_EQ(text(connection, kDigest), before);
  ASSERT_OK(connection.exec(fill(100)));
  expect_intact(connection);
}

TEST(vfs_limit, a_transaction_just_below_the_limit_can_be_rolled_back) {
  VfsOptions options;
  options.transaction_bytes_max = 1 << 20;
  VfsFixture fixture(4096, options);
  Connection connection = fixture.open();
  ASSERT_OK(connection.exec(kTable));
  for (int i = 0; i < 4; ++i) ASSERT_OK(connection.exec(fill(400)));
  const std::string before = text(connection, kDigest);
  // Spilled pages near the limit; the rest is in the cache. The rollback writes all originals.
  ASSERT_OK(connection.exec("PRAGMA cache_size=60; BEGIN; UPDATE t SET v = 'y' || substr(v, 2)"));
  ASSERT_OK(connection.exec("ROLLBACK"));
  EXPECT_EQ(text(connection, kDigest), before);
  expect_intact(connection);
}

}  // namespace
}  // namespace dosql::sqlite
