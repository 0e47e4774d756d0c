#include "shell/statement_splitter.h"

#include <gtest/gtest.h>

#include <vector>

namespace dosql::shell {
namespace {

std::vector<std::string> split(std::string_view text, size_t piece_bytes) {
  StatementSplitter splitter;
  std::vector<std::string> statements;
  const auto drain = [&] {
    while (const auto piece = splitter.next()) statements.emplace_back(piece->sql);
  };
  for (size_t at = 0; at < text.size(); at += piece_bytes) {
    splitter.append(text.substr(at, piece_bytes));
    drain();
  }
  splitter.finish();
  drain();
  return statements;
}

using List = std::vector<std::string>;

TEST(statement_splitter, semicolons_in_quotes_and_comments_end_nothing) {
  const std::string_view text =
      "SELECT ';'; SELECT \"a;b\", [c;d], `e;f` -- ;\n;/* ; */ SELECT 'it''s;' ;";
  const List expected = {"SELECT ';';", "SELECT \"a;b\", [c;d], `e;f` -- ;\n;",
                         "/* ; */ SELECT 'it''s;' ;"};
  for (const size_t bytes : {1UL, 2UL, 7UL, 1000UL}) EXPECT_EQ(split(text, bytes), expected);
}

TEST(statement_splitter, a_trigger_body_belongs_to_its_statement) {
  const std::string_view text =
      "CREATE TEMP TRIGGER x AFTER INSERT ON t BEGIN UPDATE t SET a=1; DELETE FROM u; END; SELECT "
      "1";
  const List expected = {
      "CREATE TEMP TRIGGER x AFTER INSERT ON t BEGIN UPDATE t SET a=1; DELETE FROM u; END;",
      "SELECT 1"};
  for (const size_t bytes : {1UL, 5UL, 1000UL}) EXPECT_EQ(split(text, bytes), expected);
}

TEST(statement_splitter, blank_statements_and_comments_alone_are_not_given) {
  EXPECT_EQ(split(" ; ;\n-- nothing\n;/* */;", 3), List{});
  EXPECT_EQ(split("", 1), List{});
}

TEST(statement_splitter, a_last_statement_needs_no_semicolon_and_no_closing_quote) {
  EXPECT_EQ(split("SELECT 1;\nSELECT 2 ", 4), (List{"SELECT 1;", "SELECT 2 "}));
  EXPECT_EQ(split("SELECT 'open", 4), List{"SELECT 'open"});
}

TEST(statement_splitter, tells_the_line_each_statement_begins_on) {
  StatementSplitter splitter;
  splitter.append("SELECT 1;\n\n  SELECT\n2; SELECT 3;");
  EXPECT_EQ(splitter.next()->line, 1U);
  EXPECT_EQ(splitter.next()->line, 3U);
  EXPECT_EQ(splitter.next()->line, 4U);
  EXPECT_FALSE(splitter.next());
}

TEST(statement_splitter, knows_whether_a_statement_has_begun) {
  StatementSplitter splitter;
  EXPECT_FALSE(splitter.is_inside());
  splitter.append("SELECT 1; \n");
  EXPECT_TRUE(splitter.next());
  EXPECT_FALSE(splitter.next());
  EXPECT_FALSE(splitter.is_inside());
  splitter.append("SELECT 'a\n");
  EXPECT_FALSE(splitter.next());
  EXPECT_TRUE(splitter.is_inside());
  splitter.clear();
  EXPECT_FALSE(splitter.is_inside());
  splitter.append("SELECT 2;");
  EXPECT_EQ(splitter.next()->sql, "SELECT 2;");
}

}  // namespace
}  // namespace dosql::shell
