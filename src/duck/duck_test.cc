#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <thread>

#include "duck/database.h"
#include "duck/parquet_scan.h"
#include "duck/parquet_writer.h"
#include "duck/row_buffer.h"
#include "duck/row_filter.h"
#include "duck/sql_text.h"

namespace dosql::duck {
namespace {

class DuckTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = testing::TempDir() + "dosql-duck-XXXXXX";
    directory_ = mkdtemp(pattern.data());
    auto database = Database::open({.threads = 2, .directories = {directory_}});
    ASSERT_TRUE(database) << database.error().message;
    database_ = *std::move(database);
    connection_ = *Connection::open(*database_);
  }
  void TearDown() override { std::filesystem::remove_all(directory_); }

  // Rows as text, cells joined by '|', rows by ';'.
  std::string text_of(const std::string& sql, std::vector<Value> params = {}) {
    auto rows = connection_->query(sql, params);
    if (!rows) return "error: " + rows.error().message;
    std::string text;
    while (true) {
      auto more = (*rows)->next();
      if (!more) return "error: " + more.error().message;
      if (!*more) return text;
      if (!text.empty()) text += ";";
      for (size_t i = 0; i < (*rows)->column_count(); ++i) {
        if (i > 0) text += "|";
        text += shown((*rows)->value(i));
      }
    }
  }

  static std::string shown(const Value& value) {
    if (const auto* flag = std::get_if<bool>(&value)) return *flag ? "true" : "false";
    if (const auto* integer = std::get_if<int64_t>(&value)) return std::to_string(*integer);
    if (const auto* real = std::get_if<double>(&value)) return std::to_string(*real);
    if (const auto* text = std::get_if<std::string>(&value)) return *text;
    if (const auto* blob = std::get_if<Blob>(&value)) return "x'" + blob->bytes + "'";
    return "-";
  }

  std::string directory_;
  std::unique_ptr<Database> database_;
  std::unique_ptr<Connection> connection_;
};

std::vector<Column> id_name_real() {
  return {{.name = "id", .type = ColumnType::kLong, .field_id = 1},
          {.name = "na\"me", .type = ColumnType::kString, .field_id = 2},
          {.name = "r", .type = ColumnType::kDouble, .field_id = 3}};
}

RowBuffer numbered_rows(int64_t begin, int64_t end) {
  RowBuffer rows(id_name_real());
  for (int64_t i = begin; i < end; ++i) {
    rows.set_long(0, i);
    if (i % 3 == 0) {
      rows.set_null(1);
    } else {
      rows.set_text(1, "the name of row " + std::to_string(i));
    }
    rows.set_double(2, static_cast<double>(i) / 2);
    rows.end_row();
  }
  return rows;
}

TEST_F(DuckTest, values_of_every_type_can_be_shown) {
  EXPECT_EQ(text_of("SELECT 1, true, 1.5::DOUBLE, 'a', 'b'::BLOB, NULL"),
            "1|true|1.500000|a|x'b'|-");
  EXPECT_EQ(text_of("SELECT 12.30::DECIMAL(10,2), -0.001::DECIMAL(4,3), 1e20::DECIMAL(38,1)"),
            "12.30|-0.001|100000000000000000000.0");
  EXPECT_EQ(text_of("SELECT DATE '2020-02-29', TIMESTAMP '2020-01-01 10:00:00.5', TIME '01:02:03'"),
            "2020-02-29|2020-01-01 10:00:00.5|01:02:03");
  EXPECT_EQ(text_of("SELECT INTERVAL 3 DAY, 18446744073709551615::UBIGINT, '101'::BIT, "
                    "'eeccb8c5-9943-b2bb-bb5e-222f4e14b687'::UUID, sum(x) FROM range(3) t(x)"),
            "3 days|18446744073709551615|101|eeccb8c5-9943-b2bb-bb5e-222f4e14b687|3");
  EXPECT_EQ(text_of("SELECT ['a', 'b c', NULL], {'x': 1, 'y': [2.5, 3]}, MAP {'k': 1}, "
                    "[1,2]::INT[2], 'm'::ENUM('l','m')"),
            "[a, 'b c', NULL]|{'x': 1, 'y': [2.5, 3.0]}|{k=1}|[1, 2]|m");
  EXPECT_EQ(text_of("SELECT 170141183460469231731687303715884105727::HUGEINT, "
                    "(-123456789012345678901234567890)::BIGNUM, union_value(n := 5)"),
            "170141183460469231731687303715884105727|-123456789012345678901234567890|5");
}

TEST_F(DuckTest, column_types_have_their_sql_names) {
  auto rows = connection_->query(
      "SELECT 1::TINYINT a, [1.5::DECIMAL(3,1)] b, {'x': DATE '2020-01-01'} c, MAP {1: 'a'} d");
  ASSERT_TRUE(rows) << rows.error().message;
  EXPECT_EQ((*rows)->column_name(0), "a");
  EXPECT_EQ((*rows)->column_type(0), "TINYINT");
  EXPECT_EQ((*rows)->column_type(1), "DECIMAL(3,1)[]");
  EXPECT_EQ((*rows)->column_type(2), "STRUCT(x DATE)");
  EXPECT_EQ((*rows)->column_type(3), "MAP(INTEGER, VARCHAR)");
}

TEST_F(DuckTest, parameters_keep_their_kind) {
  EXPECT_EQ(text_of("SELECT typeof($1), typeof($2), typeof($3), typeof($4), typeof($5), $3, $6",
                    {int64_t{7}, 1.5, std::string("x\0y", 3), Blob{"z"}, true, std::monostate{}}),
            std::string("BIGINT|DOUBLE|VARCHAR|BLOB|BOOLEAN|x\0y|-", 40));
}

TEST_F(DuckTest, results_are_streamed_over_many_chunks) {
  auto rows = *connection_->query("SELECT i, 'text number ' || i FROM range(10000) t(i)");
  int64_t seen = 0;
  while (*rows->next()) {
    ASSERT_EQ(rows->int64_at(0), seen);
    ASSERT_EQ(rows->bytes_at(1), "text number " + std::to_string(seen));
    ++seen;
  }
  EXPECT_EQ(seen, 10000);
  EXPECT_FALSE(*rows->next());
}

TEST_F(DuckTest, errors_name_the_reason_in_one_line) {
  auto rows = connection_->query("SELECT * FROM nothing_here");
  ASSERT_FALSE(rows);
  EXPECT_EQ(rows.error().code, Code::kSql);
  EXPECT_NE(rows.error().message.find("nothing_here"), std::string::npos);
  EXPECT_EQ(rows.error().message.find('\n'), std::string::npos);
  EXPECT_TRUE(text_of("SELECT 'x'::INT FROM range(3)").starts_with("error: Conversion"));
}

TEST_F(DuckTest, an_interrupt_ends_a_running_statement) {
  std::atomic<bool> done = false;
  std::thread interrupter([&] {
    while (!done) {
      connection_->interrupt();
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
  });
  auto outcome = connection_->run(
      "CREATE TABLE big AS SELECT sum(a.i*b.i) FROM range(2000000) a(i), range(200000) b(i)");
  done = true;
  interrupter.join();
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().code, Code::kInterrupted);
}

TEST_F(DuckTest, sql_reaches_only_the_allowed_directories) {
  std::ofstream(directory_ + "/in.csv") << "a\n1\n";
  EXPECT_EQ(text_of("SELECT * FROM read_csv(" + quote_text(directory_ + "/in.csv") + ")"), "1");
  for (const std::string sql :
       {"SELECT * FROM read_text('/etc/passwd')", "SELECT * FROM glob('/etc/*')",
        "COPY (SELECT 1) TO '/tmp/dosql-duck-escape.csv'", "ATTACH '/tmp/dosql-duck-escape.db'",
        "INSTALL httpfs", "LOAD httpfs", "SET enable_external_access=true",
        "SET allowed_directories=['/']"}) {
    EXPECT_FALSE(connection_->run(sql)) << sql;
  }
  const std::string escape = directory_ + "/../../../etc/passwd";
  EXPECT_FALSE(connection_->run("SELECT * FROM read_text(" + quote_text(escape) + ")"));
}

TEST_F(DuckTest, statements_that_write_are_told_from_those_that_read) {
  for (const std::string sql : {"SELECT 1", "FROM range(3)", "EXPLAIN SELECT 1", "SHOW TABLES",
                                " explain analyze SELECT 1", "DESCRIBE SELECT 1"}) {
    EXPECT_TRUE(connection_->is_read_only(sql).value()) << sql;
  }
  for (const std::string sql :
       {"CREATE TABLE t(a INT)", "SELECT 1; SELECT 2", "COPY (SELECT 1) TO 'x'",
        "EXPLAIN ANALYZE COPY (SELECT 1) TO 'x'", "SET threads=1"}) {
    auto answer = connection_->is_read_only(sql);
    EXPECT_FALSE(answer.has_value() && *answer) << sql;
  }
  EXPECT_EQ(connection_->is_read_only("SELEC 1").error().code, Code::kSql);
  EXPECT_EQ(connection_->is_read_only("").error().code, Code::kSql);
}

TEST_F(DuckTest, the_tables_that_a_statement_names_are_known_before_it_runs) {
  using Names = std::vector<std::vector<std::string>>;
  EXPECT_EQ(connection_->table_names("SELECT * FROM acme.\"x \"\"y\" u"),
            (Names{{"acme", "x \"y"}}));
  EXPECT_EQ(connection_->table_names("WITH q AS (FROM w) SELECT * FROM q"), (Names{{"w"}}));
  EXPECT_EQ(connection_->table_names("SHOW TABLES"), std::nullopt);
  EXPECT_EQ(connection_->table_names("SELEC"), std::nullopt);
}

TEST_F(DuckTest, shared_rows_are_a_table) {
  const RowBuffer rows = numbered_rows(0, 5000);
  EXPECT_EQ(rows.row_count(), 5000U);
  std::string sql;
  {
    const Shared shared = database_->share_rows(rows);
    sql =
        "SELECT count(*), sum(id), count(\"na\"\"me\"), max(r) FROM " + Database::rows_sql(shared);
    EXPECT_EQ(text_of(sql), "5000|12497500|3333|2499.500000");
    EXPECT_EQ(
        text_of("SELECT \"na\"\"me\" FROM " + Database::rows_sql(shared) + " WHERE id = 4999"),
        "the name of row 4999");
  }
  EXPECT_TRUE(text_of(sql).ends_with("these rows are gone"));
}

TEST_F(DuckTest, a_buffer_of_exactly_one_chunk_has_one_chunk) {
  const RowBuffer rows = numbered_rows(0, 2048);
  EXPECT_EQ(rows.row_count(), 2048U);
  EXPECT_EQ(rows.chunk_count(), 1U);
  const Shared shared = database_->share_rows(rows);
  EXPECT_EQ(text_of("SELECT count(*) FROM " + Database::rows_sql(shared)), "2048");
  const RowBuffer none = numbered_rows(0, 0);
  EXPECT_EQ(none.chunk_count(), 0U);
  const Shared empty = database_->share_rows(none);
  EXPECT_EQ(text_of("SELECT count(*) FROM " + Database::rows_sql(empty)), "0");
}

TEST_F(DuckTest, a_parquet_file_has_field_ids_order_and_statistics) {
  const RowBuffer rows = numbered_rows(10, 300010);
  const std::string path = directory_ + "/it's.parquet";
  auto file = write_parquet(*database_, *connection_, rows, path);
  ASSERT_TRUE(file) << file.error().message;
  EXPECT_EQ(file->row_count, 300000U);
  EXPECT_EQ(file->size_bytes, std::filesystem::file_size(path));
  ASSERT_EQ(file->columns.size(), 3U);
  EXPECT_EQ(file->columns[0].field_id, 1);
  EXPECT_EQ(std::get<int64_t>(*file->columns[0].stats.min), 10);
  EXPECT_EQ(std::get<int64_t>(*file->columns[0].stats.max), 300009);
  EXPECT_EQ(file->columns[1].stats.null_count, 100000U);
  EXPECT_EQ(std::get<std::string>(*file->columns[1].stats.max), "the name of row 99998");
  for (const ParquetColumn& column : file->columns) {
    EXPECT_GT(column.size_bytes, 0U);
    EXPECT_EQ(column.value_count, 300000U);
  }
  EXPECT_EQ(text_of("SELECT name, field_id FROM parquet_schema(" + quote_text(path) +
                    ") WHERE field_id IS NOT NULL"),
            "id|1;na\"me|2;r|3");
  EXPECT_EQ(text_of("SELECT count(*) FROM read_parquet(" + quote_text(path) +
                    ") WHERE file_row_number <> id - 10"),
            "0");
}

TEST_F(DuckTest, every_column_type_survives_a_parquet_file) {
  RowBuffer rows(
      {{.name = "b", .type = ColumnType::kBoolean, .field_id = 1},
       {.name = "y", .type = ColumnType::kBinary, .field_id = 2},
       {.name = "d", .type = ColumnType::kDate, .field_id = 3},
       {.name = "t", .type = ColumnType::kTimestamp, .field_id = 4},
       {.name = "c4", .type = ColumnType::kDecimal, .precision = 4, .scale = 2, .field_id = 5},
       {.name = "c9", .type = ColumnType::kDecimal, .precision = 9, .scale = 2, .field_id = 6},
       {.name = "c18", .type = ColumnType::kDecimal, .precision = 18, .scale = 0, .field_id = 7},
       {.name = "c38", .type = ColumnType::kDecimal, .precision = 38, .scale = 3, .field_id = 8}});
  rows.set_boolean(0, true);
  rows.set_text(1, std::string_view("\0\xff", 2));
  rows.set_date(2, 18321);
  rows.set_timestamp(3, -1);
  rows.set_decimal(4, -1234);
  rows.set_decimal(5, 123456789);
  rows.set_decimal(6, -999999999999999999);
  rows.set_decimal(7, static_cast<Int128>(1'000'000'000'000'000'000) * 1'000'000'000);
  rows.end_row();
  for (size_t i = 0; i < 8; ++i) rows.set_null(i);
  rows.end_row();
  const std::string path = directory_ + "/types.parquet";
  auto file = write_parquet(*database_, *connection_, rows, path);
  ASSERT_TRUE(file) << file.error().message;
  EXPECT_EQ(text_of("FROM read_parquet(" + quote_text(path) + ")"),
            "true|" + std::string("x'\0\xff'", 5) +
                "|2020-02-29|1969-12-31 23:59:59.999999|-12.34|1234567.89|-999999999999999999|"
                "1000000000000000000000000.000;-|-|-|-|-|-|-|-");
  EXPECT_TRUE(std::get<Int128>(*file->columns[4].stats.min) == -1234);
  EXPECT_EQ(file->columns[7].stats.null_count, 1U);
}

TEST_F(DuckTest, statistics_leave_out_nan_and_null) {
  RowBuffer rows(id_name_real());
  for (const double value : {std::nan(""), 3.0, -1.0}) {
    rows.set_null(0);
    rows.set_text(1, value < 0 ? "\xff is not text but sorts last" : "a");
    rows.set_double(2, value);
    rows.end_row();
  }
  const ColumnStats ids = rows.stats(0);
  EXPECT_EQ(ids.null_count, 3U);
  EXPECT_FALSE(ids.min.has_value());
  const ColumnStats reals = rows.stats(2);
  EXPECT_EQ(reals.nan_count, 1U);
  EXPECT_EQ(std::get<double>(*reals.min), -1.0);
  EXPECT_EQ(std::get<double>(*reals.max), 3.0);
  EXPECT_EQ(std::get<std::string>(*rows.stats(1).max)[0], '\xff');
}

class OddRows : public RowFilter {
 public:
  void keep(std::span<const uint64_t> files, std::span<const int64_t> positions,
            bool* keep) const noexcept override {
    for (size_t i = 0; i < files.size(); ++i) keep[i] = files[i] == 1 || positions[i] % 2 == 1;
  }
};

TEST_F(DuckTest, a_scan_maps_field_ids_fills_defaults_and_leaves_out_dead_rows) {
  const std::string first = directory_ + "/first.parquet";
  const std::string second = directory_ + "/second.parquet";
  ASSERT_TRUE(write_parquet(*database_, *connection_, numbered_rows(0, 10000), first));
  RowBuffer newer({{.name = "renamed", .type = ColumnType::kLong, .field_id = 1},
                   {.name = "added", .type = ColumnType::kString, .field_id = 9}});
  newer.set_long(0, 20000);
  newer.set_text(1, "given");
  newer.end_row();
  ASSERT_TRUE(write_parquet(*database_, *connection_, newer, second));
  const Shared filter = database_->share_filter(std::make_shared<OddRows>());
  const ParquetScan scan{
      .columns = {{{.name = "renamed", .type = ColumnType::kLong, .field_id = 1}, {}},
                  {{.name = "added", .type = ColumnType::kString, .field_id = 9}, "'it''s old'"}},
      .paths = {first, second},
      .filter = &filter,
      .with_position = true};
  const std::string sql = scan_sql(scan);
  EXPECT_EQ(
      text_of("SELECT count(*), sum(renamed), min(added), max(file_index) FROM (" + sql + ")"),
      "5001|25020000|given|1");
  EXPECT_EQ(text_of("SELECT * FROM (" + sql + ") WHERE renamed IN (7, 8, 20000) ORDER BY 1"),
            "7|it's old|0|7;20000|given|1|0");
  ParquetScan empty = scan;
  empty.paths.clear();
  EXPECT_EQ(text_of("SELECT count(*) FROM (" + scan_sql(empty) + ")"), "0");
}

TEST_F(DuckTest, columns_without_a_field_id_stay_out_of_files_and_raw_bytes_survive_the_others) {
  RowBuffer rows = numbered_rows(0, 100);
  rows.set_field_id(1, 0);
  const std::string path = directory_ + "/raw.parquet";
  auto file = write_parquet(*database_, *connection_, rows, path);
  ASSERT_TRUE(file) << file.error().message;
  EXPECT_EQ(file->columns.size(), 2U);
  auto read = *connection_->query("SELECT * FROM read_parquet(" + quote_text(path) + ")");
  ASSERT_EQ(read->column_count(), 2U);
  for (size_t row = 0; *read->next(); ++row) {
    ASSERT_EQ(read->raw_at(0), rows.raw_at(row, 0));
    ASSERT_EQ(read->raw_at(1), rows.raw_at(row, 2));
  }
  EXPECT_EQ(rows.raw_at(1, 1), "the name of row 1");
}

TEST_F(DuckTest, a_file_that_cannot_be_written_is_an_error_that_names_it) {
  auto file =
      write_parquet(*database_, *connection_, numbered_rows(0, 3), directory_ + "/no/x.parquet");
  ASSERT_FALSE(file);
  EXPECT_NE(file.error().message.find("no/x.parquet"), std::string::npos);
}

TEST_F(DuckTest, two_databases_in_one_process_do_not_see_each_other) {
  auto other = *Database::open({.threads = 1});
  const RowBuffer rows = numbered_rows(0, 3);
  const Shared shared = other->share_rows(rows);
  EXPECT_TRUE(text_of("SELECT * FROM " + Database::rows_sql(shared)).ends_with("are gone"));
}

}  // namespace
}  // namespace dosql::duck
