#include <gtest/gtest.h>
#include <sqlite3.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <cstdlib>

#include "btree/history_impl.h"

namespace dosql::btree {

Buffer FileVersion::file() const {
  Buffer bytes;
  bytes.reserve(images.size() * size_of_page);
  for (const PageRef& image : images) append_bytes(bytes, image.bytes());
  return bytes;
}

std::vector<PageNo> changed_pages(const FileVersion& before, const FileVersion& after) {
  std::vector<PageNo> pages;
  const uint32_t most = std::max(before.page_count(), after.page_count());
  for (PageNo page = 1; page <= most; ++page) {
    const bool in_both = page <= before.page_count() && page <= after.page_count();
    if (in_both && before.images[page - 1].data() == after.images[page - 1].data()) continue;
    pages.push_back(page);
  }
  return pages;
}

std::vector<PageNo> differing_pages(const FileVersion& before, const FileVersion& after) {
  std::vector<PageNo> pages = changed_pages(before, after);
  const uint32_t least = std::min(before.page_count(), after.page_count());
  for (PageNo page = 1; page <= least; ++page) {
    if (before.owners[page] != after.owners[page]) pages.push_back(page);
  }
  std::ranges::sort(pages);
  pages.erase(std::ranges::unique(pages).begin(), pages.end());
  return pages;
}

TestDatabase::TestDatabase(const TestOptions& options) {
  static std::atomic<int> number = 0;
  path_ = testing::TempDir() + "btree_" + std::to_string(::getpid()) + "_" +
          std::to_string(++number) + ".db";
  std::remove(path_.c_str());
  EXPECT_EQ(sqlite3_open(path_.c_str(), &db_), SQLITE_OK);
  int reserved = options.reserved_bytes;
  sqlite3_file_control(db_, "main", SQLITE_FCNTL_RESERVE_BYTES, &reserved);
  run("PRAGMA page_size=" + std::to_string(options.page_size));
  run("PRAGMA auto_vacuum=" + std::to_string(options.auto_vacuum));
  run("PRAGMA encoding='" + options.encoding + "'");
  run("PRAGMA secure_delete=" + std::string(options.secure_delete == 2   ? "fast"
                                            : options.secure_delete == 1 ? "1"
                                                                         : "0"));
  run("PRAGMA cache_size=" + std::to_string(options.cache_pages));
  run("PRAGMA journal_mode=MEMORY; PRAGMA synchronous=OFF; PRAGMA locking_mode=EXCLUSIVE");
}

TestDatabase::~TestDatabase() {
  sqlite3_close_v2(db_);
  std::remove(path_.c_str());
}

bool TestDatabase::run(const std::string& sql) {
  if (sql.starts_with("BLOB ")) return write_blob(sql.substr(5));
  return sqlite3_exec(db_, sql.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK;
}

bool TestDatabase::write_blob(const std::string& arguments) {
  char table[1024];
  char column[1024];
  char text[1024];
  long long rowid = 0;
  int offset = 0;
  if (std::sscanf(arguments.c_str(), "%1000s %1000s %lld %d %1000s", table, column, &rowid, &offset,
                  text) != 5) {
    return false;
  }
  sqlite3_blob* blob = nullptr;
  bool done = sqlite3_blob_open(db_, "main", table, column, rowid, 1, &blob) == SQLITE_OK;
  if (done) {
    const int size = static_cast<int>(std::string_view(text).size());
    const int room = sqlite3_blob_bytes(blob) - offset;
    done = room >= size && sqlite3_blob_write(blob, text, size, offset) == SQLITE_OK;
  }
  sqlite3_blob_close(blob);
  return done;
}

std::vector<std::string> TestDatabase::query(const std::string& sql) {
  std::vector<std::string> rows;
  sqlite3_stmt* statement = nullptr;
  sqlite3_prepare_v2(db_, sql.c_str(), -1, &statement, nullptr);
  while (statement != nullptr && sqlite3_step(statement) == SQLITE_ROW) {
    const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement, 0));
    rows.emplace_back(text == nullptr ? "" : text);
  }
  sqlite3_finalize(statement);
  return rows;
}

FileVersion TestDatabase::read_file(const FileVersion& before) const {
  FileVersion version;
  std::FILE* file = std::fopen(path_.c_str(), "rb");
  if (file == nullptr) return version;
  static thread_local Buffer bytes;  // kept: fresh memory costs more than the reading
  std::fseek(file, 0, SEEK_END);
  bytes.resize(static_cast<size_t>(std::ftell(file)));
  std::fseek(file, 0, SEEK_SET);
  EXPECT_EQ(std::fread(bytes.data(), 1, bytes.size(), file), bytes.size());
  std::fclose(file);
  if (bytes.size() < 512) return version;
  const auto named_size = load_be<uint16_t>(bytes.data() + 16);
  version.size_of_page = named_size == 1 ? 65536 : named_size;
  // The header's page count; the file may be longer after a shrinking transaction in exclusive
  // mode.
  const size_t count = load_be<uint32_t>(bytes.data() + 28);
  EXPECT_LE(count * version.size_of_page, bytes.size());
  for (size_t page = 0; page < count; ++page) {
    const Bytes image = Bytes(bytes).subspan(page * version.size_of_page, version.size_of_page);
    const bool is_same = before.size_of_page == version.size_of_page &&
                         page < before.images.size() &&
                         std::ranges::equal(before.images[page].bytes(), image);
    version.images.push_back(is_same ? before.images[page] : PageRef::copy_of(image));
  }
  return version;
}

MovedLockByte::MovedLockByte(uint32_t offset) {
  sqlite3_test_control(SQLITE_TESTCTRL_PENDING_BYTE, offset);
}
MovedLockByte::~MovedLockByte() {
  sqlite3_test_control(SQLITE_TESTCTRL_PENDING_BYTE, 0x40000000);
}

std::vector<uint64_t> seeds_to_run(uint64_t otherwise) {
  if (const char* seed = std::getenv("DOSQL_SEED")) return {std::strtoull(seed, nullptr, 10)};
  if (const char* count = std::getenv("DOSQL_SEEDS")) {
    otherwise = std::strtoull(count, nullptr, 10);
  }
  std::vector<uint64_t> seeds;
  for (uint64_t seed = 1; seed <= otherwise; ++seed) seeds.push_back(seed);
  return seeds;
}

namespace {

// WITH RECURSIVE q(i), n rows, before `rest`.
std::string series(int n, const std::string& rest) {
  return "WITH RECURSIVE q(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM q WHERE i<" +
         std::to_string(n) + ") " + rest;
}

TestVector v1() {
  TestVector v{"V1", {.page_size = 512, .auto_vacuum = 1}};
  const std::string letters(600, 'L');
  const auto name = [&](int i) { return "\"" + letters + std::to_string(i) + "\""; };
  std::string create;
  for (int i = 0; i < 40; ++i) create += "CREATE TABLE " + name(i) + "(a);";
  v.commits = {"BEGIN;" + create + "COMMIT",
               series(400, "INSERT INTO " + name(39) + " SELECT zeroblob(60) FROM q"),
               "DROP TABLE " + name(0), "DROP TABLE " + name(1)};
  v.events = {0, 400, 0, 0};
  return v;
}

TestVector v2() {
  TestVector v{"V2", {.page_size = 512}};
  v.commits = {"CREATE TABLE t(a)",
               series(200, "INSERT INTO t SELECT i FROM q"),
               "ALTER TABLE t ADD c DEFAULT 1",
               "BEGIN; ALTER TABLE t DROP c; ALTER TABLE t ADD c DEFAULT 2; COMMIT",
               "ALTER TABLE t RENAME c TO d",
               "UPDATE t SET d=2 WHERE a=5",
               "UPDATE t SET d=3 WHERE a=6"};
  v.events = {0, 200, 0, 200, 0, 0, 1};
  return v;
}

TestVector v3() {
  TestVector v{"V3", {.page_size = 512}};
  v.commits = {"BEGIN; CREATE TABLE t(a); CREATE TABLE u(a);" +
                   series(200, "INSERT INTO t SELECT i FROM q; COMMIT"),
               "INSERT INTO u VALUES(7)",
               "BEGIN; ALTER TABLE t RENAME TO x; ALTER TABLE u RENAME TO t; "
               "ALTER TABLE x RENAME TO u; COMMIT"};
  // t loses 199 rows and changes one, u the other way round.
  v.events = {200, 1, 400};
  return v;
}

TestVector v4(int auto_vacuum) {
  TestVector v{"V4", {.page_size = 512, .auto_vacuum = auto_vacuum}};
  v.commits = {"BEGIN; CREATE TABLE a(x); CREATE TABLE b(a INTEGER PRIMARY KEY,b); COMMIT",
               series(4000, "INSERT INTO b SELECT i,zeroblob(30) FROM q"),
               "BEGIN; DROP TABLE a; CREATE TABLE c(x); "
               "UPDATE b SET b=zeroblob(29)||x'01' WHERE a=2000; INSERT INTO c VALUES(1); COMMIT"};
  v.events = {0, 4000, 2};
  return v;
}

TestVector v5(int auto_vacuum) {
  TestVector v{"V5", {.page_size = 512, .auto_vacuum = auto_vacuum}};
  v.commits = {"CREATE TABLE t(a INTEGER PRIMARY KEY,b)",
               series(400, "INSERT INTO t SELECT i,zeroblob(600) FROM q"),
               "DELETE FROM t WHERE a<300",
               "PRAGMA incremental_vacuum(20)",
               "INSERT INTO t VALUES(1000,zeroblob(2000))",
               "BEGIN; INSERT INTO t VALUES(1001,zeroblob(2000)); DELETE FROM t WHERE a=1001; "
               "COMMIT",
               "PRAGMA incremental_vacuum(7)"};
  v.events = {0, 400, 299, 0, 1, 0, 0};
  return v;
}

TestVector v6() {
  TestVector v{"V6", {.page_size = 1024}};
  v.commits = {"CREATE TABLE t(a INTEGER PRIMARY KEY,b)",
               series(20000, "INSERT INTO t SELECT i,'xxxxxxxxxxxxxxxxxxxxxxxxxxxxx' FROM q"),
               "DELETE FROM t",
               "INSERT INTO t VALUES(1,zeroblob(300000))",
               "DELETE FROM t WHERE a=1",
               "VACUUM"};
  v.events = {0, 20000, 20000, 1, 1, 0};
  return v;
}

TestVector v7() {
  TestVector v{"V7", {.page_size = 4096}};
  v.commits = {"BEGIN; CREATE TABLE t(a); INSERT INTO t VALUES(1),(2),(3); COMMIT",
               "DELETE FROM t WHERE a=2", "VACUUM"};
  v.events = {3, 1, 2};
  return v;
}

TestVector v8() {
  TestVector v{"V8", {.page_size = 4096}};
  v.commits = {
      "BEGIN; CREATE TABLE t(k TEXT COLLATE NOCASE PRIMARY KEY,v) WITHOUT ROWID; "
      "INSERT INTO t VALUES('A',1); COMMIT",
      "UPDATE t SET k='a'"};
  v.events = {1, 2};
  return v;
}

TestVector v9() {
  TestVector v{"V9", {.page_size = 512}};
  const auto again = [](const std::string& table) {
    return "BEGIN; DROP TABLE t; CREATE TABLE " + table + "; INSERT INTO " + table.substr(0, 1) +
           " VALUES(1),(2); COMMIT";
  };
  v.commits = {"BEGIN; CREATE TABLE t(a); INSERT INTO t VALUES(1),(2); COMMIT",
               again("u(a)"),
               "ALTER TABLE u RENAME TO t",
               again("t(a INTEGER PRIMARY KEY)"),
               again("t(a REAL)"),
               again("t(a)")};
  // u has t's root and t's shape: a rename. The key changes twice, then 1.0 becomes 1.
  v.events = {2, 0, 0, 4, 4, 2};
  return v;
}

TestVector v10() {
  TestVector v{"V10", {.page_size = 1024}};
  v.commits = {"CREATE TABLE t(a INTEGER PRIMARY KEY,b)",
               "INSERT INTO t VALUES(1,zeroblob(50000)),(2,zeroblob(50000)),(3,0)",
               "BLOB t b 1 49000 abc",
               "UPDATE t SET b=substr(b,1,49990)||x'00010203040506070809' WHERE a=2"};
  v.events = {0, 3, 1, 1};
  return v;
}

TestVector v11() {
  TestVector v{"V11", {.page_size = 512}};
  v.commits = {"CREATE TABLE t(k BLOB,v,PRIMARY KEY(k)) WITHOUT ROWID",
               series(40, "INSERT INTO t SELECT zeroblob(700)||hex(i),zeroblob(2000) FROM q"),
               "UPDATE t SET v=zeroblob(1999)||x'01'",
               "DELETE FROM t WHERE k IN(SELECT k FROM t LIMIT 20)"};
  v.events = {0, 40, 40, 20};
  return v;
}

TestVector v12() {
  TestVector v{"V12", {.page_size = 1024}, 65536};
  v.commits = {"CREATE TABLE t(a)", series(300, "INSERT INTO t SELECT zeroblob(900) FROM q"),
               "DELETE FROM t WHERE rowid%2",
               series(300, "INSERT INTO t SELECT zeroblob(1900) FROM q"), "VACUUM"};
  v.events = {0, 300, 150, 300, -1};
  return v;
}

}  // namespace

std::vector<TestVector> test_vectors() {
  return {v1(), v2(), v3(), v4(1), v4(2), v5(2), v5(0),
          v6(), v7(), v8(), v9(),  v10(), v11(), v12()};
}

}  // namespace dosql::btree
