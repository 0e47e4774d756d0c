#include "btree/row_difference.h"

#include <gtest/gtest.h>

#include "btree/sql_oracle_impl.h"

namespace dosql::btree {
namespace {

class Recorder final : public RowSink {
 public:
  Result<bool> begin_table(const TableDifference& table) override {
    EXPECT_FALSE(is_open_);
    is_open_ = true;
    const char* what = table.is_created() ? " created" : table.is_dropped() ? " dropped" : "";
    const bool is_renamed =
        !table.is_created() && !table.is_dropped() && table.before->name != table.after->name;
    lines.push_back(table.name() + what + (is_renamed ? " from " + table.before->name : ""));
    is_named_ = table.name() != unwanted;
    return is_named_;
  }
  Result<void> row(const RowChange& change) override {
    EXPECT_TRUE(is_open_ && is_named_);
    if (static_cast<int>(lines.size()) == failing_line) return fail(Code::kInterrupted, "enough");
    std::string line = change.rowid ? std::to_string(*change.rowid) + ":" : "key:";
    for (const Value& value : change.before) line += " " + describe(value);
    line += " ->";
    for (const Value& value : change.after) line += " " + describe(value);
    lines.push_back(line);
    return {};
  }
  Result<void> end_table() override {
    EXPECT_TRUE(is_open_);
    is_open_ = false;
    return {};
  }

  std::vector<std::string> lines;
  std::string unwanted = "sqlite_schema";
  int failing_line = -1;

 private:
  bool is_open_ = false;
  bool is_named_ = true;
};

using Lines = std::vector<std::string>;

// A database of which each step is a version.
class Steps {
 public:
  explicit Steps(const std::string& encoding = "UTF-8")
      : database_({.encoding = encoding}), versions_(1) {}

  void step(const std::string& sql) {
    EXPECT_TRUE(database_.run(sql)) << sql;
    FileVersion version = database_.read_file(versions_.back());
    version.owners = trace_owners(version).value();
    versions_.push_back(std::move(version));
  }
  FileVersion& at(size_t index) { return versions_[index]; }

  Lines difference(size_t before, size_t after, const std::string& unwanted = "sqlite_schema") {
    Recorder recorder;
    recorder.unwanted = unwanted;
    const auto pages = differing_pages(at(before), at(after));
    const auto done =
        difference_rows({at(before), at(before)}, {at(after), at(after)}, pages, shapes_, recorder);
    EXPECT_TRUE(done) << done.error().message;
    return recorder.lines;
  }

 private:
  TestDatabase database_;
  std::vector<FileVersion> versions_;  // 0: no pages
  SqlShapes shapes_;
};

TEST(row_difference, comes_by_table_name_then_rowid) {
  Steps steps;
  steps.step(
      "CREATE TABLE b(x); CREATE TABLE \"A\"(x); CREATE TABLE c(x);"
      "INSERT INTO \"A\"(rowid,x) VALUES(5,1),(9,2); INSERT INTO b VALUES(3)");
  steps.step(
      "INSERT INTO b(rowid,x) VALUES(-7,'n'); UPDATE \"A\" SET x=x+10;"
      "DELETE FROM \"A\" WHERE rowid=9; INSERT INTO \"A\"(rowid,x) VALUES(7,NULL)");
  EXPECT_EQ(steps.difference(1, 2),
            (Lines{"A", "5: i1 -> i11", "7: -> n", "9: i2 ->", "b", "-7: -> tn"}));
}

TEST(row_difference, of_a_version_with_itself_is_nothing) {
  Steps steps;
  steps.step("CREATE TABLE t(x); INSERT INTO t VALUES(1)");
  EXPECT_EQ(steps.difference(1, 1), Lines());
  EXPECT_EQ(steps.difference(0, 0), Lines());
}

TEST(row_difference, names_created_dropped_and_renamed_tables) {
  Steps steps;
  steps.step("CREATE TABLE keep(a); CREATE TABLE old(a); INSERT INTO keep VALUES(1)");
  steps.step("ALTER TABLE keep RENAME TO kept; DROP TABLE old; CREATE TABLE fresh(a REAL)");
  EXPECT_EQ(steps.difference(1, 2),
            (Lines{"sqlite_schema", "fresh created", "kept from keep", "old dropped"}));
  EXPECT_EQ(steps.difference(0, 1),
            (Lines{"sqlite_schema created", "keep created", "1: -> i1", "old created"}));
  EXPECT_EQ(steps.difference(1, 0),
            (Lines{"sqlite_schema dropped", "keep dropped", "1: i1 ->", "old dropped"}));
}

// By definition: nothing in the bytes tells the two apart.
TEST(row_difference, a_compatible_table_at_the_root_of_a_dropped_one_counts_as_renamed) {
  Steps steps;
  steps.step("CREATE TABLE t(a); INSERT INTO t VALUES(1),(2)");
  steps.step("DROP TABLE t; CREATE TABLE u(a, b); INSERT INTO u VALUES(1, NULL),(3, 4)");
  EXPECT_EQ(steps.difference(1, 2), (Lines{"sqlite_schema", "u from t", "2: i2 -> i3 i4"}));
}

TEST(row_difference, leaves_out_the_rows_of_a_table_that_the_sink_does_not_want) {
  Steps steps;
  steps.step("CREATE TABLE a(x); CREATE TABLE b(x)");
  steps.step("INSERT INTO a VALUES(1); INSERT INTO b VALUES(2)");
  EXPECT_EQ(steps.difference(1, 2, "a"), (Lines{"a", "b", "1: -> i2"}));
}

TEST(row_difference, shows_rows_in_declared_columns_with_defaults_and_floats) {
  Steps steps;
  steps.step(
      "CREATE TABLE t(r REAL, id INTEGER PRIMARY KEY, v AS (r*2), s); "
      "INSERT INTO t(r,id,s) VALUES(1,4,'a')");
  steps.step("ALTER TABLE t ADD COLUMN d DEFAULT 'z'; UPDATE t SET s=x'00' WHERE id=4");
  steps.step("UPDATE t SET d='z', r=1.0");
  steps.step("UPDATE t SET r=2");
  const std::string one = describe(Value::real(1));
  const std::string two = describe(Value::real(2));
  const std::string blob = describe(Value::blob(Buffer{0}));
  EXPECT_EQ(
      steps.difference(1, 2),
      (Lines{"sqlite_schema", "t", "4: " + one + " i4 n ta -> " + one + " i4 n " + blob + " tz"}));
  EXPECT_EQ(steps.difference(2, 3), Lines());
  EXPECT_EQ(steps.difference(3, 4), (Lines{"t", "4: " + one + " i4 n " + blob + " tz -> " + two +
                                                    " i4 n " + blob + " tz"}));
}

TEST(row_difference, of_tables_without_rowid_goes_by_the_bytes_of_the_key) {
  Steps steps;
  steps.step(
      "CREATE TABLE t(v, k TEXT COLLATE NOCASE, n, PRIMARY KEY(k, n)) WITHOUT ROWID;"
      "INSERT INTO t VALUES(1,'b',1),(2,'A',1)");
  steps.step(
      "UPDATE t SET v=3 WHERE k='b'; UPDATE t SET k='a' WHERE k='A'; INSERT INTO t "
      "VALUES(0,'b',2)");
  EXPECT_EQ(steps.difference(1, 2), (Lines{"t", "key: i2 tA i1 ->", "key: -> i2 ta i1",
                                           "key: i1 tb i1 -> i3 tb i1", "key: -> i0 tb i2"}));
}

TEST(row_difference, of_another_key_deletes_all_rows_and_inserts_all) {
  Steps steps;
  steps.step("CREATE TABLE t(a); INSERT INTO t VALUES(1)");
  steps.step("DROP TABLE t; CREATE TABLE t(a PRIMARY KEY) WITHOUT ROWID; INSERT INTO t VALUES(1)");
  EXPECT_EQ(steps.difference(1, 2), (Lines{"sqlite_schema", "t", "1: i1 ->", "key: -> i1"}));
}

TEST(row_difference, text_is_utf8_whatever_the_encoding) {
  for (const std::string encoding : {"UTF-16le", "UTF-16be"}) {
    Steps steps(encoding);
    steps.step("CREATE TABLE t(a); INSERT INTO t VALUES('z\xc3\xbc\xf0\x9f\x99\x82')");
    EXPECT_EQ(steps.difference(0, 1),
              (Lines{"sqlite_schema created", "t created", "1: -> tz\xc3\xbc\xf0\x9f\x99\x82"}));
  }
}

TEST(row_difference, a_schema_given_by_the_caller_is_used) {
  Steps steps;
  steps.step("CREATE TABLE t(a)");
  steps.step("INSERT INTO t VALUES(1)");
  auto schema = std::make_shared<Schema>(read_schema(steps.at(2)).value());
  schema->rows[0].name = "given";
  Recorder recorder;
  SqlShapes shapes;
  schema->rows[0].sql = "CREATE TABLE given(a)";
  ASSERT_TRUE(difference_rows({steps.at(1), steps.at(1), schema},
                              {steps.at(2), steps.at(2), schema},
                              differing_pages(steps.at(1), steps.at(2)), shapes, recorder));
  EXPECT_EQ(recorder.lines, (Lines{"given", "1: -> i1"}));
}

TEST(row_difference, an_error_of_the_sink_ends_it) {
  Steps steps;
  steps.step("CREATE TABLE t(a)");
  steps.step("INSERT INTO t VALUES(1),(2),(3)");
  Recorder recorder;
  recorder.failing_line = 2;  // the table and one row
  SqlShapes shapes;
  const auto done = difference_rows({steps.at(1), steps.at(1)}, {steps.at(2), steps.at(2)},
                                    differing_pages(steps.at(1), steps.at(2)), shapes, recorder);
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, Code::kInterrupted);
  EXPECT_EQ(recorder.lines.size(), 2U);
}

TEST(row_difference, a_change_inside_a_long_value_shows_that_row_alone) {
  Steps steps;
  steps.step(
      "CREATE TABLE t(id INTEGER PRIMARY KEY, b); INSERT INTO t VALUES(1,zeroblob(9000)),"
      "(2,zeroblob(9000))");
  steps.step("BLOB t b 2 8000 xyz");
  const Lines lines = steps.difference(1, 2);
  ASSERT_EQ(lines.size(), 2U);
  EXPECT_TRUE(lines[1].starts_with("2: i2 b"));
  EXPECT_NE(lines[1].find("xyz"), std::string::npos);
}

}  // namespace
}  // namespace dosql::btree
