// Row differences of what stock SQLite writes, against the difference as SQL sees it.
#include <gtest/gtest.h>

#include <algorithm>
#include <deque>

#include "btree/history_impl.h"
#include "btree/row_difference.h"
#include "btree/sql_oracle_impl.h"

namespace dosql::btree {
namespace {

class Events final : public RowSink {
 public:
  Result<bool> begin_table(const TableDifference& table) override {
    name_ = table.name();
    before_shape_ = table.before_shape;
    after_shape_ = table.after_shape;
    is_first_ = true;
    // All rows go, then all rows come, when the key is another one.
    is_rekeyed_ = before_shape_ != nullptr && after_shape_ != nullptr &&
                  !are_compatible(*before_shape_, *after_shape_) &&
                  !have_same_key(*before_shape_, *after_shape_);
    was_insert_ = false;
    if (name_ == "sqlite_schema") return true;  // there whenever there are pages
    if (table.is_created()) {
      texts.push_back(name_ + " created");
    } else if (table.is_dropped()) {
      texts.push_back(name_ + " dropped");
    } else if (table.before->name != table.after->name) {
      texts.push_back(table.before->name + " renamed to " + table.after->name);
    }
    return true;
  }

  Result<void> row(const RowChange& change) override {
    Row before;
    Row after;
    for (const Value& value : change.before) before.push_back(describe(value));
    for (const Value& value : change.after) after.push_back(describe(value));
    const bool has_before = change.kind != RowChange::Kind::kInsert;
    const bool has_after = change.kind != RowChange::Kind::kDelete;
    EXPECT_EQ(change.before.empty(), !has_before);
    EXPECT_EQ(change.after.empty(), !has_after);
    if (change.rowid) {
      const bool starts_over = is_rekeyed_ && !has_before && !was_insert_;
      if (!is_first_ && *change.rowid < rowid_ && !starts_over) is_ordered = false;
      rowid_ = *change.rowid;
    }
    is_first_ = false;
    was_insert_ = !has_before;
    const TableShape& shape = has_before ? *before_shape_ : *after_shape_;
    texts.push_back(describe_event(name_, key(shape, has_before ? before : after, change),
                                   has_before ? &before : nullptr, has_after ? &after : nullptr));
    if (name_ != "sqlite_schema") ++rows;
    return {};
  }

  Result<void> end_table() override { return {}; }

  std::vector<std::string> texts;
  int rows = 0;  // of tables other than sqlite_schema
  bool is_ordered = true;

 private:
  using Row = std::vector<std::string>;

  static std::string key(const TableShape& shape, const Row& row, const RowChange& change) {
    EXPECT_EQ(change.rowid.has_value(), !shape.is_without_rowid);
    if (change.rowid) return std::to_string(*change.rowid);
    std::string key;
    for (uint32_t i = 0; i < shape.key_fields; ++i) key += row[shape.storage[i]] + "|";
    return key;
  }

  std::string name_;
  const TableShape* before_shape_ = nullptr;
  const TableShape* after_shape_ = nullptr;
  int64_t rowid_ = 0;
  bool is_first_ = true;
  bool is_rekeyed_ = false;
  bool was_insert_ = false;
};

struct Version {
  FileVersion file;
  SqlTables tables;
};

Version next_version(const TestDatabase& database, const FileVersion& before, ShapeSource& shapes) {
  Version version;
  version.file = database.read_file(before);
  auto owners = trace_owners(version.file);
  EXPECT_TRUE(owners) << owners.error().message;
  if (owners) version.file.owners = *std::move(owners);
  version.tables = read_tables(version.file, shapes);
  return version;
}

// The number of changed rows in tables; compared with SQL.
int check_difference(Version& before, Version& after, ShapeSource& shapes, Random& random,
                     const std::string& where) {
  std::vector<PageNo> differing = differing_pages(before.file, after.file);
  const uint32_t most = std::max(before.file.page_count(), after.file.page_count());
  if (random.one_in(3)) {
    for (PageNo page = 1; page <= most; ++page) {
      if (random.one_in(10)) differing.push_back(page);
    }
    std::ranges::sort(differing);
    differing.erase(std::ranges::unique(differing).begin(), differing.end());
  }
  Events events;
  const auto done = difference_rows({before.file, before.file}, {after.file, after.file}, differing,
                                    shapes, events);
  EXPECT_TRUE(done) << where << ": " << done.error().message;
  EXPECT_TRUE(events.is_ordered) << where;
  std::ranges::sort(events.texts);
  const auto expected = sql_difference(before.tables, after.tables);
  if (events.texts == expected) return events.rows;
  const auto differ = std::ranges::mismatch(events.texts, expected);
  const auto shown = [](auto at, auto end) {
    return at == end ? std::string("nothing") : testing::PrintToString(at->substr(0, 80));
  };
  ADD_FAILURE() << where << ": " << events.texts.size() << " events instead of " << expected.size()
                << "; first difference: " << shown(differ.in1, events.texts.end())
                << "\n  instead of: " << shown(differ.in2, expected.end());
  return events.rows;
}

TEST(row_difference, of_the_vectors_is_the_difference_by_sql_with_the_stated_events) {
  for (const TestVector& vector : test_vectors()) {
    const MovedLockByte moved(vector.lock_byte == 0 ? 0x40000000 : vector.lock_byte);
    TestDatabase database(vector.options);
    SqlShapes shapes;
    Random random(1);
    std::vector<Version> versions(1);
    versions[0].tables = read_tables(versions[0].file, shapes);
    for (size_t i = 0; i < vector.commits.size(); ++i) {
      const std::string where = vector.name + " commit " + std::to_string(i + 1);
      EXPECT_TRUE(database.run(vector.commits[i])) << where;
      versions.push_back(next_version(database, versions.back().file, shapes));
      for (size_t j = 0; j <= i; ++j) {
        const std::string pair = where + " against " + std::to_string(j);
        const int rows = check_difference(versions[j], versions[i + 1], shapes, random, pair);
        if (j == i && vector.events[i] >= 0) EXPECT_EQ(rows, vector.events[i]) << where;
        check_difference(versions[i + 1], versions[j], shapes, random, pair + " reversed");
      }
    }
  }
}

TEST(row_difference, a_renamed_key_column_still_is_the_key) {
  for (const std::string kind : {"", " WITHOUT ROWID"}) {
    TestDatabase database({.page_size = 512});
    SqlShapes shapes;
    Random random(1);
    ASSERT_TRUE(database.run("CREATE TABLE t(a INTEGER PRIMARY KEY, b)" + kind));
    ASSERT_TRUE(database.run("INSERT INTO t VALUES(1,2),(3,4)"));
    Version before = next_version(database, {}, shapes);
    ASSERT_TRUE(database.run("ALTER TABLE t RENAME a TO c; UPDATE t SET b=5 WHERE c=3"));
    Version after = next_version(database, before.file, shapes);
    EXPECT_EQ(check_difference(before, after, shapes, random, kind), 1);
  }
}

TEST(row_difference, another_page_size_or_auto_vacuum_alone_changes_no_row) {
  TestDatabase database({.page_size = 512});
  SqlShapes shapes;
  Random random(1);
  ASSERT_TRUE(
      database.run("CREATE TABLE t(a INTEGER PRIMARY KEY, b);"
                   "CREATE TABLE w(k PRIMARY KEY, b) WITHOUT ROWID;"
                   "INSERT INTO t VALUES(1,zeroblob(3000)),(2,'x');"
                   "INSERT INTO w VALUES(1,zeroblob(3000)),(2,'x')"));
  Version before = next_version(database, {}, shapes);
  ASSERT_TRUE(
      database.run("PRAGMA page_size=4096; PRAGMA auto_vacuum=1;"
                   "PRAGMA journal_mode=DELETE; VACUUM"));
  Version after = next_version(database, before.file, shapes);
  ASSERT_NE(before.file.page_size(), after.file.page_size());
  EXPECT_EQ(check_difference(before, after, shapes, random, "page size"), 0);
}

TEST(row_difference, of_random_histories_is_the_difference_by_sql) {
  for (const uint64_t seed : seeds_to_run(8)) {
    RandomHistory history(seed);
    const MovedLockByte moved(history.moves_lock_byte() ? 65536 : 0x40000000);
    TestDatabase database(history.options());
    SqlShapes shapes;
    Random random(seed);
    std::deque<Version> versions(1);
    versions[0].tables = read_tables(versions[0].file, shapes);
    for (int commit = 1; commit <= 30; ++commit) {
      history.run_commit(database);
      versions.push_back(next_version(database, versions.back().file, shapes));
      Version& now = versions.back();
      const std::string where =
          "DOSQL_SEED=" + std::to_string(seed) + " commit " + std::to_string(commit);
      Version& last = versions[versions.size() - 2];
      Version& far = versions[random.below(versions.size())];
      check_difference(last, now, shapes, random, where);
      check_difference(now, last, shapes, random, where + " reversed");
      check_difference(far, now, shapes, random, where + " far");
      check_difference(now, far, shapes, random, where + " far, reversed");
      if (testing::Test::HasFailure()) return;
      if (versions.size() > 8)
        versions.erase(versions.begin() + static_cast<ptrdiff_t>(random.below(7)));
    }
  }
}

}  // namespace
}  // namespace dosql::btree
