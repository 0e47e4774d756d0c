#include "engine/csv_reader.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "engine/csv_types.h"

namespace dosql::engine {
namespace {

CsvReader::Source source_of(std::string text, size_t piece_bytes) {
  return [text = std::move(text), piece_bytes, at = size_t{0}](std::span<char> buffer) mutable {
    const size_t size = std::min({piece_bytes, buffer.size(), text.size() - at});
    std::copy_n(text.data() + at, size, buffer.data());
    at += size;
    return Result<size_t>(size);
  };
}

using Record = std::vector<std::string>;

Result<std::vector<Record>> read_all(const std::string& text, size_t piece_bytes,
                                     char separator = ',') {
  CsvReader reader(source_of(text, piece_bytes), separator);
  std::vector<Record> records;
  while (true) {
    DOSQL_TRY(const bool is_there, reader.next());
    if (!is_there) return records;
    Record& record = records.emplace_back();
    for (const CsvField& field : reader.fields()) record.emplace_back(field.text);
  }
}

std::vector<Record> records_of(const std::string& text, char separator = ',') {
  const auto whole = read_all(text, 1000, separator);
  EXPECT_TRUE(whole) << whole.error().message;
  for (const size_t bytes : {1UL, 2UL, 3UL}) EXPECT_EQ(read_all(text, bytes, separator), *whole);
  return whole ? *whole : std::vector<Record>();
}

using Records = std::vector<Record>;

TEST(csv_reader, quotes_hold_separators_line_ends_and_doubled_quotes) {
  EXPECT_EQ(records_of("a,\"b,c\"\n\"x\"\"y\",\"1\r\n2\"\n"),
            (Records{{"a", "b,c"}, {"x\"y", "1\r\n2"}}));
}

TEST(csv_reader, accepts_all_line_ends_and_a_missing_last_one) {
  EXPECT_EQ(records_of("a,b\r\nc,d\re,f\ng,h"),
            (Records{{"a", "b"}, {"c", "d"}, {"e", "f"}, {"g", "h"}}));
}

TEST(csv_reader, skips_empty_lines_and_the_byte_order_mark) {
  EXPECT_EQ(records_of("\xef\xbb\xbf"
                       "a,b\n\n1,\n\r\n"),
            (Records{{"a", "b"}, {"1", ""}}));
  EXPECT_EQ(records_of(""), Records{});
}

TEST(csv_reader, an_empty_quoted_field_alone_is_a_record) {
  EXPECT_EQ(records_of("\"\"\n"), Records{{""}});
}

TEST(csv_reader, a_quote_inside_a_plain_field_is_text) {
  EXPECT_EQ(records_of("6\" pipe;x", ';'), (Records{{"6\" pipe", "x"}}));
}

TEST(csv_reader, tells_quoted_from_plain_fields) {
  CsvReader reader(source_of(",\"\"\n", 100));
  ASSERT_TRUE(reader.next());
  ASSERT_EQ(reader.fields().size(), 2U);
  EXPECT_TRUE(is_csv_null(reader.fields()[0], ""));
  EXPECT_FALSE(is_csv_null(reader.fields()[1], ""));
}

TEST(csv_reader, damage_is_an_error_that_names_the_line) {
  EXPECT_EQ(read_all("a\n\"b\nc", 100).error().message,
            "line 2: a quote that opens in this record is never closed");
  EXPECT_EQ(read_all("\"l1\nl2\",x\n\"a\"b\n", 100).error().message.substr(0, 6), "line 3");
  EXPECT_NE(read_all(std::string("\xff\xfe"
                                 "a\0",
                                 4),
                     100)
                .error()
                .message.find("UTF-16"),
            std::string::npos);
}

TEST(csv_types, a_column_is_what_all_its_fields_can_be) {
  EXPECT_EQ(csv_type_of("0"), CsvType::kInteger);
  EXPECT_EQ(csv_type_of("-12"), CsvType::kInteger);
  EXPECT_EQ(csv_type_of("9223372036854775808"), CsvType::kText);
  EXPECT_EQ(csv_type_of("007"), CsvType::kText);
  EXPECT_EQ(csv_type_of("+49"), CsvType::kText);
  EXPECT_EQ(csv_type_of("-0"), CsvType::kText);
  EXPECT_EQ(csv_type_of("1.50"), CsvType::kReal);
  EXPECT_EQ(csv_type_of("-.5e3"), CsvType::kReal);
  EXPECT_EQ(csv_type_of("1.2.3"), CsvType::kText);
  EXPECT_EQ(csv_type_of("inf"), CsvType::kText);
  EXPECT_EQ(csv_type_of(""), CsvType::kText);
}

TEST(csv_types, integers_and_reals_together_are_real_and_nulls_decide_nothing) {
  CsvTypes types("NA");
  CsvReader reader(source_of("n,x,t,e\n1,1,1,NA\nNA,2.5,b,NA\n", 100));
  ASSERT_TRUE(reader.next());
  EXPECT_TRUE(looks_like_header(reader.fields()));
  types.set_names(reader.fields());
  while (*reader.next()) ASSERT_TRUE(types.observe(reader.fields(), reader.line()));
  std::vector<std::string> shown;
  for (const CsvColumn& column : types.columns()) {
    shown.push_back(column.name + " " + std::string(sql_type_of(column.type)));
  }
  EXPECT_EQ(shown, (std::vector<std::string>{"n INTEGER", "x REAL", "t TEXT", "e TEXT"}));
}

TEST(csv_types, numbers_repeated_or_empty_names_make_no_header) {
  const auto first = [](const std::string& text) {
    CsvReader reader(source_of(text, 100));
    EXPECT_TRUE(reader.next());
    return looks_like_header(reader.fields());
  };
  EXPECT_TRUE(first("id,name"));
  EXPECT_FALSE(first("1,name"));
  EXPECT_FALSE(first("id,ID"));
  EXPECT_FALSE(first("id,"));
}

TEST(csv_types, missing_and_repeated_names_are_made_up) {
  CsvTypes types("");
  const CsvField header[] = {{"a", false}, {"", false}, {"A", false}};
  types.set_names(header);
  EXPECT_EQ(types.columns()[1].name, "c2");
  EXPECT_EQ(types.columns()[2].name, "A_2");
}

TEST(csv_types, a_record_of_another_length_is_an_error) {
  CsvTypes types("");
  const CsvField two[] = {{"a", false}, {"b", false}};
  ASSERT_TRUE(types.observe(two, 1));
  EXPECT_EQ(types.observe(std::span(two).first(1), 9).error().message,
            "line 9: the record has 1 fields, the first one 2");
}

}  // namespace
}  // namespace dosql::engine
