// Every page size, vacuum of every kind, temporary files, header fields, pragmas.
#include <sqlite3.h>

#include <filesystem>

#include "sqlite/vfs_fixture_impl.h"

namespace dosql::sqlite {
namespace {

class PageSizes : public ::testing::TestWithParam<uint32_t> {};
INSTANTIATE_TEST_SUITE_P(all, PageSizes,
                         ::testing::Values(512, 1024, 2048, 4096, 8192, 16384, 32768, 65536));

TEST_P(PageSizes, a_database_works_and_keeps_its_page_size) {
  VfsFixture fixture(GetParam());
  Connection connection = fixture.open();
  ASSERT_OK(connection.exec("PRAGMA page_size=2048; PRAGMA cache_size=5"));
  ASSERT_OK(connection.exec(kTable));
  ASSERT_OK(connection.exec(fill(500)));
  ASSERT_OK(connection.exec("BEGIN; UPDATE t SET v = 'y'; ROLLBACK; DELETE FROM t WHERE id % 2"));
  const std::string digest = text(connection, kDigest);
  EXPECT_EQ(text(connection, "PRAGMA page_size"), std::to_string(GetParam()));
  ASSERT_OK(connection.exec("PRAGMA page_size=8192; VACUUM"));
  EXPECT_EQ(text(connection, "PRAGMA page_size"), std::to_string(GetParam()));
  EXPECT_EQ(text(connection, kDigest), digest);
  Connection other = fixture.open();
  expect_intact(other);
  EXPECT_EQ(text(other, kDigest), digest);
  ASSERT_OK(other.exec(fill(10)));
  expect_intact(connection);
}

TEST_P(PageSizes, an_empty_database_can_be_attached_and_filled) {
  VfsFixture fixture(4096);
  Connection connection = fixture.open();
  fixture.store.set_page_size(GetParam());
  ASSERT_OK(connection.exec("ATTACH 'zeta' AS zeta; CREATE TABLE zeta.z(a)"));
  ASSERT_OK(connection.exec("INSERT INTO z VALUES(zeroblob(10000)),(2)"));
  EXPECT_EQ(text(connection, "PRAGMA zeta.page_size"), std::to_string(GetParam()));
  Connection zeta = fixture.open("zeta");
  EXPECT_EQ(text(zeta, "SELECT count(*) FROM z"), "2");
  expect_intact(zeta);
}

TEST_P(PageSizes, auto_vacuum_works_in_both_modes) {
  for (const std::string mode : {"1", "2"}) {
    VfsFixture fixture(GetParam());
    Connection connection = fixture.open();
    ASSERT_OK(connection.exec("PRAGMA auto_vacuum=" + mode));
    ASSERT_OK(connection.exec(kTable));
    ASSERT_OK(connection.exec(fill(500)));
    EXPECT_EQ(text(connection, "PRAGMA auto_vacuum"), mode);
    const int before = std::stoi(text(connection, "PRAGMA page_count"));
    ASSERT_OK(connection.exec("DELETE FROM t WHERE id > 50; PRAGMA incremental_vacuum"));
    EXPECT_LT(std::stoi(text(connection, "PRAGMA page_count")), std::max(before / 2, 8));
    ASSERT_OK(connection.exec("BEGIN; DELETE FROM t; PRAGMA incremental_vacuum; ROLLBACK"));
    EXPECT_EQ(text(connection, "SELECT count(*) FROM t"), "50");
    expect_intact(connection);
    Connection other = fixture.open();
    expect_intact(other);
    ASSERT_OK(other.exec(fill(200)));
    ASSERT_OK(other.exec("VACUUM"));
    expect_intact(connection);
    EXPECT_EQ(text(connection, "SELECT count(*) FROM t"), "250");
  }
}

TEST(vfs_format, vacuum_shrinks_and_a_reader_keeps_the_old_pages) {
  VfsFixture fixture;
  Connection connection = fixture.open();
  Connection reader = fixture.open();
  ASSERT_OK(connection.exec(kTable));
  ASSERT_OK(connection.exec(fill(2000)));
  ASSERT_OK(connection.exec("DELETE FROM t WHERE id > 100"));
  ASSERT_OK(reader.exec("PRAGMA cache_size=2; BEGIN"));
  const std::string digest = text(reader, kDigest);
  const int before = std::stoi(text(connection, "PRAGMA page_count"));
  ASSERT_OK(connection.exec("VACUUM"));
  EXPECT_LT(std::stoi(text(connection, "PRAGMA page_count")), before / 5);
  EXPECT_EQ(text(reader, "PRAGMA page_count"), std::to_string(before));
  EXPECT_EQ(text(reader, kDigest), digest);
  expect_intact(reader);
  ASSERT_OK(reader.exec("COMMIT"));
  EXPECT_EQ(text(reader, kDigest), digest);
  EXPECT_LT(std::stoi(text(reader, "PRAGMA page_count")), before / 5);
  ASSERT_OK(connection.exec(fill(2000)));
  expect_intact(reader);
  EXPECT_EQ(text(reader, "SELECT count(*) FROM t"), "2100");
}

TEST(vfs_format, a_failed_vacuum_leaves_the_database_as_it_was) {
  VfsFixture fixture;
  Connection connection = fixture.open();
  ASSERT_OK(connection.exec(kTable));
  ASSERT_OK(connection.exec(fill(500)));
  ASSERT_OK(connection.exec("DELETE FROM t WHERE id > 100"));
  const std::string digest = text(connection, kDigest);
  fixture.store.fail_next_commit({Code::kDiskFull, "no room"});
  EXPECT_EQ(failure(connection.exec("VACUUM")), Code::kDiskFull);
  EXPECT_EQ(text(connection, kDigest), digest);
  expect_intact(connection);
  ASSERT_OK(connection.exec("VACUUM; INSERT INTO t(k) VALUES('x')"));
  Connection other = fixture.open();
  expect_intact(other);
}

// SQLite leaves out the page of the byte at 1 GiB, which other programs lock. Here it is at 64 KiB.
TEST(vfs_format, the_page_that_sqlite_never_writes_is_a_hole) {
  struct PendingByte {
    PendingByte() { sqlite3_test_control(SQLITE_TESTCTRL_PENDING_BYTE, 0x10000); }
    ~PendingByte() { sqlite3_test_control(SQLITE_TESTCTRL_PENDING_BYTE, 0x40000000); }
  } moved;
  for (const uint32_t page_size : {512U, 4096U, 65536U}) {
    VfsFixture fixture(page_size);
    Connection connection = fixture.open();
    ASSERT_OK(connection.exec("PRAGMA auto_vacuum=1; PRAGMA cache_size=5"));
    ASSERT_OK(connection.exec(kTable));
    for (int i = 0; i < 5; ++i) ASSERT_OK(connection.exec(fill(400)));
    expect_intact(connection);
    ASSERT_OK(connection.exec("BEGIN; DELETE FROM t WHERE id % 10; ROLLBACK"));
    ASSERT_OK(connection.exec("DELETE FROM t WHERE id % 10; VACUUM"));
    ASSERT_OK(connection.exec(fill(400)));
    Connection other = fixture.open();
    expect_intact(other);
    EXPECT_EQ(text(other, "SELECT count(*) FROM t"), "600");
  }
}

TEST(vfs_format, temporary_tables_and_sorters_spill_and_leave_no_files) {
  const std::string directory = ::testing::TempDir() + "dosql-vfs-temp";
  std::filesystem::create_directories(directory);
  VfsOptions options;
  options.temp_directory = directory;
  {
    VfsFixture fixture(4096, options);
    Connection connection = fixture.open();
    ASSERT_OK(connection.exec("PRAGMA temp_store=FILE; PRAGMA temp.cache_size=5"));
    ASSERT_OK(connection.exec("PRAGMA cache_size=5"));
    ASSERT_OK(connection.exec(kTable));
    ASSERT_OK(connection.exec(fill(20000)));
    const Version version = fixture.store.head("acme");
    ASSERT_OK(
        connection.exec("CREATE TEMP TABLE mine AS SELECT * FROM t ORDER BY v, k;"
                        "CREATE INDEX temp.mine_k ON mine(k); BEGIN;"
                        "UPDATE mine SET v = 'y' || v WHERE id % 2; ROLLBACK"));
    EXPECT_EQ(text(connection, "SELECT count(*) FROM mine WHERE v LIKE 'y%'"), "0");
    EXPECT_EQ(text(connection,
                   "SELECT count(DISTINCT k) || ' ' || (SELECT count(*) FROM "
                   "(SELECT k FROM t UNION SELECT k FROM mine)) FROM mine"),
              "20000 20000");
    EXPECT_EQ(fixture.store.head("acme"), version);
    EXPECT_TRUE(std::filesystem::is_empty(directory)) << "temporary files have no name";
    ASSERT_OK(connection.exec("CREATE INDEX t_v ON t(v, k)"));
    expect_intact(connection);
  }
  std::filesystem::remove_all(directory);
}

TEST(vfs_format, temporary_files_beyond_their_quota_are_refused) {
  VfsOptions options;
  options.temp_bytes_max = 1 << 20;
  VfsFixture fixture(4096, options);
  Connection connection = fixture.open();
  ASSERT_OK(connection.exec("PRAGMA temp_store=FILE; PRAGMA temp.cache_size=5"));
  for (int i = 0; i < 2; ++i) {
    const auto full = connection.exec(
        "CREATE TEMP TABLE big AS WITH RECURSIVE q(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM q "
        "WHERE i < 5000) SELECT i, zeroblob(1000) FROM q");
    EXPECT_EQ(failure(full), Code::kDiskFull);
    EXPECT_NE(full.error().message.find("temp_bytes_max"), std::string::npos);
  }
  ASSERT_OK(
      connection.exec("CREATE TEMP TABLE small(a); INSERT INTO small VALUES(1);"
                      "CREATE TABLE t(a); INSERT INTO t SELECT a FROM small"));
  EXPECT_EQ(text(connection, "SELECT a FROM t"), "1");
}

TEST(vfs_format, closed_temporary_files_give_their_bytes_back) {
  VfsOptions options;
  options.temp_bytes_max = 1 << 20;
  VfsFixture fixture(4096, options);
  constexpr const char* kMostOfIt =
      "PRAGMA temp_store=FILE; PRAGMA temp.cache_size=5; CREATE TEMP TABLE big AS WITH RECURSIVE "
      "q(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM q WHERE i < 700) SELECT zeroblob(1000) FROM q";
  for (int i = 0; i < 3; ++i) {
    Connection one = fixture.open();
    ASSERT_OK(one.exec(kMostOfIt));
    // All connections share the quota.
    Connection two = fixture.open();
    EXPECT_EQ(failure(two.exec(kMostOfIt)), Code::kDiskFull);
  }
}

TEST(vfs_format, an_attached_database_can_be_opened_to_read_only) {
  VfsFixture fixture;
  Connection other = fixture.open("zeta");
  ASSERT_OK(other.exec("CREATE TABLE z(a); INSERT INTO z VALUES(1)"));
  Connection connection = fixture.open();
  sqlite3_db_config(connection.handle(), SQLITE_DBCONFIG_ENABLE_ATTACH_WRITE, 0, nullptr);
  ASSERT_OK(connection.exec("ATTACH 'zeta' AS zeta"));
  EXPECT_EQ(text(connection, "SELECT a FROM z"), "1");
  EXPECT_EQ(failure(connection.exec("INSERT INTO z VALUES(2)")), Code::kReadOnly);
  ASSERT_OK(connection.exec("CREATE TABLE t AS SELECT a FROM z"));
}

TEST(vfs_format, a_name_is_never_a_uri_that_leads_to_another_vfs) {
  const std::string outside = ::testing::TempDir() + "dosql-vfs-outside.db";
  std::filesystem::remove(outside);
  VfsFixture fixture;
  Connection connection = fixture.open();
  ASSERT_OK(connection.exec("ATTACH 'file:" + outside + "?vfs=unix' AS x; CREATE TABLE x.y(a)"));
  EXPECT_FALSE(std::filesystem::exists(outside));
  EXPECT_NE(fixture.store.head("file:" + outside + "?vfs=unix"), Version(0));
}

TEST(vfs_format, a_file_in_wal_mode_is_copied_in_and_works_at_once) {
  const std::string path = ::testing::TempDir() + "dosql-wal-source.db";
  for (const char* suffix : {"", "-wal", "-shm"}) std::filesystem::remove(path + suffix);
  auto source = Connection::open_file(path, Connection::Mode::kCreate);
  ASSERT_OK(source);
  ASSERT_OK(source->exec("PRAGMA journal_mode=WAL"));
  ASSERT_OK(source->exec(kTable));
  ASSERT_OK(source->exec(fill(100)));
  VfsFixture fixture;
  Connection connection = fixture.open();
  ASSERT_OK(connection.copy_from(*source, 7, [](int, int) { return true; }));
  EXPECT_EQ(text(connection, kDigest), text(*source, kDigest));
  ASSERT_OK(connection.exec(fill(10)));
  expect_intact(connection);
  Connection other = fixture.open();
  EXPECT_EQ(text(other, "SELECT count(*) FROM t"), "110");
  source = Connection();
  std::filesystem::remove(path);
}

TEST(vfs_format, a_copy_between_page_sizes_is_refused_and_changes_nothing) {
  auto source = Connection::open_file(":memory:", Connection::Mode::kCreate);
  ASSERT_OK(source);
  ASSERT_OK(source->exec("PRAGMA page_size=1024"));
  ASSERT_OK(source->exec(kTable));
  VfsFixture fixture;
  Connection connection = fixture.open();
  EXPECT_EQ(failure(connection.copy_from(*source, 7, [](int, int) { return true; })),
            Code::kReadOnly);
  ASSERT_OK(connection.exec("CREATE TABLE mine(a)"));
  expect_intact(connection);
}

TEST(vfs_format, pragmas_that_would_change_the_storage_are_answered_and_ignored) {
  VfsFixture fixture;
  Connection connection = fixture.open();
  ASSERT_OK(connection.exec("CREATE TABLE t(a)"));
  for (const char* mode : {"DELETE", "OFF", "WAL", "TRUNCATE", "PERSIST", "MEMORY"}) {
    EXPECT_EQ(text(connection, std::string("PRAGMA journal_mode=") + mode), "wal");
    ASSERT_OK(
        connection.exec("BEGIN; INSERT INTO t VALUES(1); SAVEPOINT s; INSERT INTO t "
                        "VALUES(2); ROLLBACK TO s; COMMIT"));
  }
  EXPECT_EQ(text(connection, "PRAGMA journal_mode"), "wal");
  EXPECT_EQ(text(connection, "PRAGMA locking_mode=EXCLUSIVE"), "normal");
  EXPECT_EQ(text(connection, "PRAGMA mmap_size=1000000"), "0");
  EXPECT_EQ(text(connection, "PRAGMA wal_checkpoint(TRUNCATE)"), "0");
  ASSERT_OK(connection.exec("PRAGMA synchronous=OFF; INSERT INTO t VALUES(1)"));
  EXPECT_EQ(text(connection, "SELECT group_concat(a, '') FROM t"), "1111111");
  Connection other = fixture.open();
  ASSERT_OK(other.exec("INSERT INTO t VALUES(2)"));
  EXPECT_EQ(text(connection, "SELECT count(*) FROM t"), "8");
  expect_intact(connection);
}

TEST(vfs_format, a_blob_is_written_without_sql) {
  VfsFixture fixture;
  Connection connection = fixture.open();
  Connection other = fixture.open();
  ASSERT_OK(connection.exec("CREATE TABLE b(v); INSERT INTO b VALUES(zeroblob(100000))"));
  const uint8_t bytes[] = {1, 2, 3};
  ASSERT_OK(connection.write_blob("b", "v", 1, 70000, bytes));
  EXPECT_EQ(text(other, "SELECT hex(substr(v, 70000, 5)) FROM b"), "0001020300");
  ASSERT_OK(connection.exec("BEGIN"));
  ASSERT_OK(connection.write_blob("b", "v", 1, 0, bytes));
  ASSERT_OK(connection.exec("ROLLBACK"));
  EXPECT_EQ(text(connection, "SELECT hex(substr(v, 1, 3)) FROM b"), "000000");
  EXPECT_EQ(failure(connection.write_blob("b", "v", 9, 0, bytes)), Code::kSql);
  expect_intact(connection);
}

TEST(vfs_format, a_database_leaves_as_bytes_and_comes_back) {
  VfsFixture fixture;
  Connection connection = fixture.open();
  ASSERT_OK(connection.exec(kTable));
  ASSERT_OK(connection.exec(fill(100)));
  auto bytes = connection.serialize();
  ASSERT_OK(bytes);
  auto stock = Connection::open_file(":memory:", Connection::Mode::kCreate);
  ASSERT_OK(stock);
  ASSERT_OK(stock->deserialize(*bytes));
  EXPECT_EQ(text(*stock, kDigest), text(connection, kDigest));
  expect_intact(*stock);
}

}  // namespace
}  // namespace dosql::sqlite
