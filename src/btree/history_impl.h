// Test bench: what stock SQLite writes, commit by commit, as versions that the module can read.
// A TestDatabase is a database file in the temporary directory; after each commit its pages become
// a FileVersion, which shares the images that did not change with the version before.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/random.h"
#include "btree/owners.h"

struct sqlite3;

namespace dosql::btree {

struct FileVersion final : PageReader, OwnerReader {
  std::vector<PageRef> images;  // of page 1 first
  std::vector<Owner> owners;    // by page number
  uint32_t size_of_page = 4096;
  uint32_t pages_read = 0;

  Result<PageRef> page(PageNo page) override {
    ++pages_read;
    return images[page - 1];
  }
  Result<Owner> owner(PageNo page) override { return owners[page]; }
  [[nodiscard]] uint32_t page_count() const override {
    return static_cast<uint32_t>(images.size());
  }
  [[nodiscard]] uint32_t page_size() const override { return size_of_page; }
  [[nodiscard]] Buffer file() const;
};

// Pages whose images differ, ascending; pages of only one version count as different.
std::vector<PageNo> changed_pages(const FileVersion& before, const FileVersion& after);
// Pages whose (image, owner) differ.
std::vector<PageNo> differing_pages(const FileVersion& before, const FileVersion& after);

struct TestOptions {
  uint32_t page_size = 512;
  int auto_vacuum = 0;
  int secure_delete = 0;  // 2 = fast
  int cache_pages = 2000;
  int reserved_bytes = 0;  // at the end of each page
  std::string encoding = "UTF-8";
};

class TestDatabase {
 public:
  explicit TestDatabase(const TestOptions& options);
  ~TestDatabase();
  TestDatabase(const TestDatabase&) = delete;
  TestDatabase& operator=(const TestDatabase&) = delete;

  // False when SQLite refused. `BLOB <table> <column> <rowid> <offset> <text>` writes into a blob.
  bool run(const std::string& sql);
  // The first column of each row.
  std::vector<std::string> query(const std::string& sql);
  // What the file holds now. Owners are left to the caller.
  FileVersion read_file(const FileVersion& before) const;
  [[nodiscard]] sqlite3* handle() const { return db_; }

 private:
  bool write_blob(const std::string& arguments);

  sqlite3* db_ = nullptr;
  std::string path_;
};

// Moves SQLite's lock-byte page for as long as it lives; no database may be open at either end.
class MovedLockByte {
 public:
  explicit MovedLockByte(uint32_t offset);
  ~MovedLockByte();
};

// The reference's test vectors: each text one commit.
struct TestVector {
  std::string name;
  TestOptions options;
  uint32_t lock_byte = 0;  // 0 = where it is
  std::vector<std::string> commits;
  std::vector<int> events;  // row changes of each commit, tables only; -1: not stated
};
std::vector<TestVector> test_vectors();

// The reference's random histories. run_commit() does one transaction (or one statement outside of
// any); what it does depends on the seed alone.
class RandomHistory {
 public:
  explicit RandomHistory(uint64_t seed);

  // The options of this seed; a lock-byte page of its own in some.
  [[nodiscard]] const TestOptions& options() const { return options_; }
  [[nodiscard]] bool moves_lock_byte() const { return moves_lock_byte_; }
  void run_commit(TestDatabase& database);

 private:
  void statement(TestDatabase& database);
  void transaction(TestDatabase& database);
  std::string value();
  std::string pick(TestDatabase& database, const std::string& prefixes);
  std::string any_column(TestDatabase& database, const std::string& table);
  std::string some_rows(TestDatabase& database, const std::string& table);
  void insert(TestDatabase& database);
  void update(TestDatabase& database);
  void erase(TestDatabase& database);
  void blob_write(TestDatabase& database);
  void bulk(TestDatabase& database);
  void create(TestDatabase& database);
  void virtual_table(TestDatabase& database);
  void index(TestDatabase& database);
  void alter(TestDatabase& database);
  void drop(TestDatabase& database);
  void rename(TestDatabase& database);

  Random random_;
  TestOptions options_;
  bool moves_lock_byte_ = false;
  int names_ = 0;
};

// Seeds to run: DOSQL_SEED alone, or DOSQL_SEEDS of them (`otherwise` when it is not set).
std::vector<uint64_t> seeds_to_run(uint64_t otherwise);

}  // namespace dosql::btree
