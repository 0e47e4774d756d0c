#include "shell/row_sink.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace dosql::shell {
namespace {

using Row = std::vector<Cell>;

std::string show(const FormatOptions& options, const std::vector<std::string>& columns,
                 const std::vector<Row>& rows) {
  StringOutput out;
  auto sink = make_row_sink(options, out);
  EXPECT_TRUE(sink->begin(columns));
  for (const Row& row : rows) EXPECT_TRUE(sink->row(row));
  EXPECT_TRUE(sink->end());
  return out.text();
}

TEST(row_sink, json_keeps_types_and_names_repeated_columns) {
  const Row row = {int64_t{9007199254740993}, 1.0, std::string("a\"b\n"), Blob{{0, 1, 255}},
                   std::monostate()};
  EXPECT_EQ(show({.format = Format::kJson}, {"id", "x", "id", "id:1", "id"}, {row}),
            "[{\"id\":9007199254740993,\"x\":1.0,\"id:2\":\"a\\\"b\\n\",\"id:1\":\"AAH/\","
            "\"id:3\":null}]\n");
}

TEST(row_sink, a_second_column_of_the_same_name_gets_number_one) {
  EXPECT_EQ(show({.format = Format::kJsonl}, {"a", "a"}, {{int64_t{1}, int64_t{2}}}),
            "{\"a\":1,\"a:1\":2}\n");
}

TEST(row_sink, json_writes_infinities_as_null_and_integers_as_strings_when_asked) {
  const double infinite = std::numeric_limits<double>::infinity();
  EXPECT_EQ(show({.format = Format::kJsonl, .integers = Integers::kString}, {"a", "b", "c"},
                 {{int64_t{-5}, infinite, std::nan("")}}),
            "{\"a\":\"-5\",\"b\":null,\"c\":null}\n");
}

TEST(row_sink, a_cell_that_is_json_already_is_text_elsewhere) {
  EXPECT_EQ(show({.format = Format::kJsonl}, {"a"}, {{Json{"[1,true]"}}}), "{\"a\":[1,true]}\n");
  EXPECT_EQ(show({.format = Format::kCsv}, {"a"}, {{Json{"true"}}}), "a\ntrue\n");
}

TEST(row_sink, json_without_rows_is_an_empty_array) {
  EXPECT_EQ(show({.format = Format::kJson}, {"a"}, {}), "[]\n");
  EXPECT_EQ(show({.format = Format::kJsonl}, {"a"}, {}), "");
}

TEST(row_sink, csv_tells_null_from_empty_text_and_quotes_what_needs_it) {
  EXPECT_EQ(show({.format = Format::kCsv}, {"a", "b,c"},
                 {{std::monostate(), std::string()}, {std::string("x\"y"), std::string("l1\nl2")}}),
            "a,\"b,c\"\n,\"\"\n\"x\"\"y\",\"l1\nl2\"\n");
  EXPECT_EQ(show({.format = Format::kCsv, .has_header = false}, {"a"}, {{int64_t{7}}}), "7\n");
}

TEST(row_sink, table_aligns_numbers_right_and_counts_wide_characters) {
  EXPECT_EQ(show({.format = Format::kTable}, {"n", "name"},
                 {{int64_t{1}, std::string("日本")}, {int64_t{100}, std::string("é")}}),
            "  n  name\n"
            "---  ----\n"
            "  1  日本\n"
            "100  é\n");
}

TEST(row_sink, table_shows_one_line_per_row_and_no_escape_sequences) {
  EXPECT_EQ(show({.format = Format::kTable}, {"t"}, {{std::string("a\nb\x1b[31m")}}),
            "t\n---------\na\\nb?[31m\n");
}

TEST(row_sink, color_marks_the_header_and_null_and_ends_before_the_line_does) {
  EXPECT_EQ(show({.format = Format::kTable, .color = Color::kOn}, {"a"}, {{std::monostate()}}),
            "\x1b[1ma\x1b[0m\n----\n\x1b[2mNULL\x1b[0m\n");
}

TEST(row_sink, table_cuts_long_text_between_characters) {
  std::string longer;
  for (int i = 0; i < 150; ++i) longer += "é";
  const std::string shown = show({.format = Format::kTable}, {"t"}, {{longer}});
  const std::string last = shown.substr(shown.find("é"));
  EXPECT_EQ(display_width(last.substr(0, last.size() - 1)), 100U);
  EXPECT_NE(last.find("é…\n"), std::string::npos);
}

TEST(row_sink, table_goes_on_after_the_rows_that_decide_its_widths) {
  std::vector<Row> rows(1500, Row{int64_t{1}});
  const std::string shown = show({.format = Format::kTable}, {"n"}, rows);
  EXPECT_EQ(std::ranges::count(shown, '\n'), 1502);
}

TEST(row_sink, markdown_escapes_bars_and_marks_number_columns) {
  EXPECT_EQ(show({.format = Format::kMarkdown}, {"n", "t"}, {{int64_t{5}, std::string("a|b")}}),
            "|   n | t    |\n| --: | ---- |\n|   5 | a\\|b |\n");
}

TEST(row_sink, line_format_has_an_empty_line_between_rows) {
  EXPECT_EQ(show({.format = Format::kLine}, {"id", "name"},
                 {{int64_t{1}, std::string("x")}, {int64_t{2}, std::monostate()}}),
            "  id = 1\nname = x\n\n  id = 2\nname = \n");
}

TEST(row_sink, a_full_device_is_an_error) {
  std::FILE* full = std::fopen("/dev/full", "w");
  ASSERT_NE(full, nullptr);
  FileOutput out(full, "/dev/full");
  auto sink = make_row_sink({.format = Format::kCsv}, out);
  EXPECT_TRUE(sink->begin({"a"}));
  const auto flushed = out.flush();
  ASSERT_FALSE(flushed);
  EXPECT_EQ(flushed.error().code, Code::kDiskFull);
  std::fclose(full);
}

}  // namespace
}  // namespace dosql::shell
