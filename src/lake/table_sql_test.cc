#include "lake/table_sql.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "duck/parquet_writer.h"

namespace dosql::lake {
namespace {

using duck::ColumnType;
using duck::RowBuffer;

class TableSqlTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = testing::TempDir() + "dosql-lake-XXXXXX";
    directory_ = mkdtemp(pattern.data());
    database_ = *duck::Database::open({.threads = 2, .directories = {directory_}});
    connection_ = *duck::Connection::open(*database_);
  }
  void TearDown() override { std::filesystem::remove_all(directory_); }

  // Cells of all rows as text, in order.
  std::string text_of(const std::string& sql) {
    auto rows = connection_->query(sql);
    if (!rows) return rows.error().message;
    std::string text;
    while ((*rows)->next().value_or(false)) {
      for (size_t i = 0; i < (*rows)->column_count(); ++i) {
        const duck::Value value = (*rows)->value(i);
        if (const auto* integer = std::get_if<int64_t>(&value)) {
          text += std::to_string(*integer) + " ";
        } else if (const auto* string = std::get_if<std::string>(&value)) {
          text += *string + " ";
        } else {
          text += "- ";
        }
      }
    }
    return text;
  }

  static RowBuffer rows_of(const Layout& layout, std::vector<std::vector<Cell>> rows) {
    const RowLayout row_layout = layout.row_layout();
    RowBuffer buffer(row_layout.buffer_columns());
    RowWriter writer(row_layout);
    for (const auto& row : rows) writer.write(row, 0, buffer);
    return buffer;
  }

  std::string directory_;
  std::unique_ptr<duck::Database> database_;
  std::unique_ptr<duck::Connection> connection_;
};

Layout keyed_by(const char* type) {
  SourceTable source{.name = "t", .columns = {{"k", type, {}}, {"v", "TEXT", {}}}, .key = {0}};
  return follow(nullptr, source, ColumnMatch::kByName).layout;
}

std::vector<Cell> row(int64_t key, const char* text) {
  return {Cell::of(key), Cell::text(text)};
}

TEST_F(TableSqlTest, defaults_of_every_type_reach_files_that_lack_the_column) {
  SourceTable source{.name = "t", .columns = {{"k", "INTEGER", {}}}, .key = {0}};
  const Layout before = follow(nullptr, source, ColumnMatch::kByName).layout;
  const std::string path = directory_ + "/a.parquet";
  ASSERT_TRUE(duck::write_parquet(*database_, *connection_, rows_of(before, {row(1, "")}), path));
  const std::vector<std::pair<const char*, Cell>> added = {
      {"INT", Cell::of(int64_t{-5})},
      {"TEXT", Cell::text("it's")},
      {"BOOLEAN", Cell::of(int64_t{1})},
      {"DATE", Cell::text("2020-02-29")},
      {"DATETIME", Cell::text("1969-12-31 23:59:59.5")},
      {"DECIMAL(10,3)", Cell::of(-0.25)},
      {"BLOB", Cell::blob("\xff'")},
      {"REAL", Cell::of(1e300)}};
  for (const auto& [type, value] : added) {
    source.columns.push_back({"c" + std::to_string(source.columns.size()), type, value});
  }
  const LayoutChange change = follow(&before, source, ColumnMatch::kByPosition);
  ASSERT_FALSE(change.replaces_rows);
  const std::string sql = table_sql({.columns = scan_columns(change.layout), .paths = {path}}, {});
  EXPECT_EQ(text_of("SELECT c1, c2, c3::TEXT, c4, c5, c6, hex(c7), c8::TEXT FROM (" + sql + ")"),
            "-5 it's true 2020-02-29 1969-12-31 23:59:59.5 -0.250 FF27 1e+300 ");
}

TEST_F(TableSqlTest, changed_rows_replace_those_in_the_files) {
  const Layout layout = keyed_by("INTEGER");
  const std::string path = directory_ + "/a.parquet";
  ASSERT_TRUE(duck::write_parquet(*database_, *connection_,
                                  rows_of(layout, {row(1, "a"), row(2, "b"), row(3, "c")}), path));
  const RowBuffer gone = rows_of(layout, {row(2, "b"), row(3, "c")});
  const RowBuffer added = rows_of(layout, {row(3, "new"), row(4, "d")});
  const duck::Shared shared_gone = database_->share_rows(gone);
  const duck::Shared shared_added = database_->share_rows(added);
  const duck::ParquetScan scan{.columns = scan_columns(layout), .paths = {path}};
  const auto text = [&](const PendingRows& pending) {
    return text_of("FROM (" + table_sql(scan, pending) + ") ORDER BY ALL");
  };
  EXPECT_EQ(text({}), "1 a 2 b 3 c ");
  EXPECT_EQ(text({.gone = &shared_gone, .added = &shared_added, .gone_fields = layout.key}),
            "1 a 3 new 4 d ");
  EXPECT_EQ(text({.added = &shared_added}), "1 a 2 b 3 c 3 new 4 d ");
}

TEST_F(TableSqlTest, rows_with_null_keys_are_told_apart_by_their_other_columns) {
  const Layout layout = keyed_by("TEXT");
  const std::string path = directory_ + "/a.parquet";
  const std::vector<Cell> first{Cell{}, Cell::text("first")};
  const std::vector<Cell> second{Cell{}, Cell::text("second")};
  ASSERT_TRUE(
      duck::write_parquet(*database_, *connection_, rows_of(layout, {first, second}), path));
  const RowBuffer gone = rows_of(layout, {first});
  const duck::Shared shared = database_->share_rows(gone);
  const duck::ParquetScan scan{.columns = scan_columns(layout), .paths = {path}};
  EXPECT_EQ(text_of(table_sql(scan, {.gone = &shared, .gone_fields = {1, 2}})), "- second ");
}

TEST_F(TableSqlTest, rows_that_may_repeat_go_as_often_as_they_are_gone) {
  const Layout layout = keyed_by("TEXT");
  const std::string path = directory_ + "/a.parquet";
  const std::vector<Cell> same{Cell{}, Cell::text("same")};
  ASSERT_TRUE(
      duck::write_parquet(*database_, *connection_, rows_of(layout, {same, same, same}), path));
  const RowBuffer gone = rows_of(layout, {same, same});
  const duck::Shared shared = database_->share_rows(gone);
  const duck::ParquetScan scan{.columns = scan_columns(layout), .paths = {path}};
  EXPECT_EQ(text_of(table_sql(scan, {.gone = &shared, .gone_fields = {1, 2}, .may_repeat = true})),
            "- same ");
}

TEST_F(TableSqlTest, a_table_that_was_never_flushed_is_its_pending_rows) {
  const Layout layout = keyed_by("INTEGER");
  const RowBuffer added = rows_of(layout, {row(7, "x")});
  const duck::Shared shared = database_->share_rows(added);
  const duck::ParquetScan scan{.columns = scan_columns(layout), .paths = {}};
  EXPECT_EQ(text_of(table_sql(scan, {.added = &shared})), "7 x ");
}

}  // namespace
}  // namespace dosql::lake
