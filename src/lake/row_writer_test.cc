#include "lake/row_writer.h"

#include <gtest/gtest.h>

#include <limits>

#include "lake/value_text.h"

namespace dosql::lake {
namespace {

using duck::ColumnType;
using duck::Int128;
using duck::RowBuffer;
using duck::Scalar;

TEST(column_type, declared_types_follow_the_table_of_the_header) {
  const auto type = [](const char* declared) { return lake_type_of(declared).type; };
  for (const char* declared : {"INTEGER", "int", "BIGINT", "INT8", "UNSIGNED BIG INT", "POINT"}) {
    EXPECT_EQ(type(declared), ColumnType::kLong) << declared;
  }
  for (const char* declared : {"TEXT", "varchar(20)", "CLOB", "", "ANY", "JSON", "uuid", "time"}) {
    EXPECT_EQ(type(declared), ColumnType::kString) << declared;
  }
  for (const char* declared : {"REAL", "FLOAT", "DOUBLE PRECISION", "NUMERIC", "decimal",
                               "DECIMAL(39,2)", "DECIMAL(5,6)", "DECIMAL(x)", "DECIMAL(5,2"}) {
    EXPECT_EQ(type(declared), ColumnType::kDouble) << declared;
  }
  EXPECT_EQ(type("BLOB"), ColumnType::kBinary);
  EXPECT_EQ(type("Boolean"), ColumnType::kBoolean);
  EXPECT_EQ(type("DATE"), ColumnType::kDate);
  EXPECT_EQ(type("DATETIME"), ColumnType::kTimestamp);
  EXPECT_EQ(type("timestamp with time zone"), ColumnType::kTimestamp);
  EXPECT_EQ(lake_type_of("DECIMAL( 10 , 2 )"), (LakeType{ColumnType::kDecimal, 10, 2}));
  EXPECT_EQ(lake_type_of("NUMERIC(38)"), (LakeType{ColumnType::kDecimal, 38, 0}));
}

TEST(value_text, dates_are_checked_against_the_calendar) {
  EXPECT_EQ(parse_date("1970-01-01"), 0);
  EXPECT_EQ(parse_date("2020-02-29"), 18321);
  EXPECT_EQ(parse_date("0001-01-01"), -719162);
  EXPECT_EQ(parse_date("9999-12-31"), 2932896);
  for (const char* text : {"2021-02-29", "1900-02-29", "2020-13-01", "2020-00-01", "2020-1-1",
                           "0000-01-01", "2020-01-01 ", "", "20200101", "2020-01-32"}) {
    EXPECT_FALSE(parse_date(text).has_value()) << text;
  }
}

TEST(value_text, timestamps_take_fractions_and_zones) {
  EXPECT_EQ(parse_timestamp("1970-01-01"), 0);
  EXPECT_EQ(parse_timestamp("1970-01-01 00:01"), 60'000'000);
  EXPECT_EQ(parse_timestamp("1970-01-01T00:00:01.5Z"), 1'500'000);
  EXPECT_EQ(parse_timestamp("1970-01-01 02:00:00.000001+02:00"), 1);
  EXPECT_EQ(parse_timestamp("1969-12-31 19:00:00-0500"), 0);
  EXPECT_EQ(parse_timestamp("1970-01-01 00:00:00.123456000"), 123456);
  for (const char* text :
       {"1970-01-01 24:00", "1970-01-01 00:60", "1970-01-01 1:00", "1970-01-01 00:00:00.1234567",
        "1970-01-01 00:00:00.", "1970-01-01 00:00 x", "now", "1970-01-01 "}) {
    EXPECT_FALSE(parse_timestamp(text).has_value()) << text;
  }
}

TEST(value_text, decimals_are_exact_or_refused) {
  const auto decimal = [](std::string_view text, int precision, int scale) {
    const auto value = parse_decimal(text, precision, scale);
    return value.has_value() ? static_cast<int64_t>(*value) : std::numeric_limits<int64_t>::min();
  };
  constexpr int64_t kRefused = std::numeric_limits<int64_t>::min();
  EXPECT_EQ(decimal("12.3", 10, 2), 1230);
  EXPECT_EQ(decimal("-0.01", 10, 2), -1);
  EXPECT_EQ(decimal("1.500", 3, 1), 15);
  EXPECT_EQ(decimal("1e3", 6, 2), 100000);
  EXPECT_EQ(decimal("1.5e-1", 6, 2), 15);
  EXPECT_EQ(decimal("000000000000", 2, 1), 0);
  EXPECT_EQ(decimal("0e999", 2, 1), 0);
  EXPECT_EQ(decimal("99999.99", 7, 2), 9999999);
  EXPECT_EQ(decimal("100000", 7, 2), kRefused);
  EXPECT_EQ(decimal("0.001", 7, 2), kRefused);
  for (const char* text : {"", "-", ".", "1.2.3", "1e", "1e+", "0x10", "1 ", "nan", "1e1001"}) {
    EXPECT_EQ(decimal(text, 10, 2), kRefused) << text;
  }
  EXPECT_TRUE(parse_decimal(std::string(38, '9'), 38, 0).has_value());
  EXPECT_FALSE(parse_decimal(std::string(39, '9'), 38, 0).has_value());
  EXPECT_TRUE(decimal_of_real(10.25, 10, 2) == Int128{1025});
  EXPECT_TRUE(decimal_of_real(0.1, 10, 2) == Int128{10});
  EXPECT_FALSE(decimal_of_real(1e14 + 0.5, 10, 2).has_value());
  EXPECT_FALSE(decimal_of_real(std::numeric_limits<double>::infinity(), 10, 2).has_value());
}

TEST(value_text, utf8_is_checked_strictly) {
  for (const std::string_view good : {"", "plain ascii text", "\xc3\xa9", "\xe2\x82\xac",
                                      "\xf0\x9f\x98\x80", "12345678\xc3\xa9"}) {
    EXPECT_TRUE(is_utf8(good)) << good;
  }
  for (const std::string_view bad : {"\xff", "\xc3", "\xc0\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80",
                                     "\xe0\x80\x80", "12345678\x80", "\xf0\x8f\xbf\xbf"}) {
    EXPECT_FALSE(is_utf8(bad));
  }
}

RowLayout all_types() {
  RowLayout layout;
  const auto add = [&](const char* name, const char* declared) {
    const int id = static_cast<int>(layout.columns.size()) + 1;
    layout.columns.push_back({name, lake_type_of(declared), id, layout.columns.size()});
  };
  add("i", "INTEGER");
  add("r", "REAL");
  add("t", "TEXT");
  add("b", "BLOB");
  add("f", "BOOLEAN");
  add("d", "DATE");
  add("ts", "TIMESTAMP");
  add("n", "DECIMAL(10,2)");
  layout.extra = {"_extra", {ColumnType::kString}, 0, 0};
  return layout;
}

std::string extra_of(const RowBuffer& rows, size_t row, const RowLayout& layout) {
  const auto extra = rows.scalar_at(row, layout.extra_index());
  return extra.has_value() ? std::get<std::string>(*extra) : "";
}

TEST(row_writer, values_that_fit_are_converted) {
  const RowLayout layout = all_types();
  RowBuffer rows(layout.buffer_columns());
  RowWriter writer(layout);
  writer.write(std::vector<Cell>{Cell::of(int64_t{7}), Cell::of(1.5), Cell::text("x"),
                                 Cell::blob("\xff"), Cell::text("true"), Cell::text("2020-02-29"),
                                 Cell::text("1970-01-01 00:00:01"), Cell::of(12.5)},
               1, rows);
  writer.write(std::vector<Cell>{Cell{}, Cell::of(int64_t{3}), Cell::of(int64_t{12}), Cell{},
                                 Cell::of(int64_t{0})},
               2, rows);
  EXPECT_EQ(writer.misfit_count(), 0U);
  EXPECT_EQ(rows.scalar_at(0, 0), Scalar(int64_t{7}));
  EXPECT_EQ(rows.scalar_at(0, 3), Scalar(std::string("\xff")));
  EXPECT_EQ(rows.scalar_at(0, 4), Scalar(true));
  EXPECT_EQ(rows.scalar_at(0, 5), Scalar(int64_t{18321}));
  EXPECT_EQ(rows.scalar_at(0, 6), Scalar(int64_t{1'000'000}));
  EXPECT_TRUE(rows.scalar_at(0, 7) == Scalar(Int128{1250}));
  EXPECT_EQ(rows.scalar_at(1, 0), std::nullopt);
  EXPECT_EQ(rows.scalar_at(1, 1), Scalar(3.0));
  EXPECT_EQ(rows.scalar_at(1, 2), Scalar(std::string("12")));
  EXPECT_EQ(rows.scalar_at(1, 7), std::nullopt) << "cells missing at the end are NULL";
  EXPECT_EQ(extra_of(rows, 0, layout), "");
}

TEST(row_writer, values_that_do_not_fit_go_to_extra_and_are_counted) {
  const RowLayout layout = all_types();
  RowBuffer rows(layout.buffer_columns());
  RowWriter writer(layout);
  writer.write(
      std::vector<Cell>{Cell::text("say \"7\""), Cell::of(int64_t{(1LL << 53) + 1}),
                        Cell::blob("ab"), Cell::text("text"), Cell::of(int64_t{2}),
                        Cell::of(int64_t{18321}), Cell::text("yesterday"), Cell::of(0.125)},
      1, rows);
  EXPECT_EQ(extra_of(rows, 0, layout),
            R"({"i":"say \"7\"","r":9007199254740993,"t":{"base64":"YWI="},"b":"text","f":2,)"
            R"("d":18321,"ts":"yesterday","n":0.125})");
  EXPECT_EQ(writer.misfit_count(), 8U);
  for (size_t column = 0; column < 8; ++column) EXPECT_TRUE(rows.is_null_at(0, column)) << column;
  writer.write(std::vector<Cell>{Cell::of(std::numeric_limits<double>::infinity()), Cell{},
                                 Cell::text("\xff")},
               2, rows);
  EXPECT_EQ(extra_of(rows, 1, layout), R"({"i":"Inf","t":{"base64":"/w=="}})");
}

TEST(row_writer, tables_without_a_key_carry_their_rowid) {
  RowLayout layout = all_types();
  layout.rowid = LakeColumn{"_rowid", {ColumnType::kLong}, 9, 0};
  RowBuffer rows(layout.buffer_columns());
  RowWriter writer(layout);
  writer.write(std::vector<Cell>{Cell::of(int64_t{5})}, 77, rows);
  EXPECT_EQ(rows.scalar_at(0, 0), Scalar(int64_t{77}));
  EXPECT_EQ(rows.scalar_at(0, 1), Scalar(int64_t{5}));
}

TEST(row_writer, hashes_of_keys_depend_on_every_key_column_and_nothing_else) {
  const RowLayout layout = all_types();
  RowBuffer rows(layout.buffer_columns());
  RowWriter writer(layout);
  const auto write = [&](int64_t i, double r, std::string_view text) {
    writer.write(std::vector<Cell>{Cell::of(i), Cell::of(r), Cell::text(text)}, 0, rows);
  };
  write(1, 1, "a long text that is not kept in place");
  write(1, 2, "a long text that is not kept in place");
  write(1, 2, "a long text that is not kept in placE");
  write(2, 2, "a long text that is not kept in place");
  writer.write(std::vector<Cell>{}, 0, rows);
  const std::vector<size_t> key{0, 2};
  EXPECT_EQ(hash_columns(rows, 0, key), hash_columns(rows, 1, key));
  EXPECT_NE(hash_columns(rows, 0, key), hash_columns(rows, 2, key));
  EXPECT_NE(hash_columns(rows, 0, key), hash_columns(rows, 3, key));
  EXPECT_NE(hash_columns(rows, 0, key), hash_columns(rows, 4, key));
}

}  // namespace
}  // namespace dosql::lake
