#include "shell/arguments.h"

#include <gtest/gtest.h>

namespace dosql::shell {
namespace {

constexpr Option kOptions[] = {{"limit", "N", ""}, {"ack", "", ""}, {"param", "NAME=VALUE", ""}};

Result<Arguments> parse(std::vector<std::string_view> words) {
  return Arguments::parse(kOptions, words);
}

TEST(arguments, options_stand_anywhere_and_take_values_in_both_spellings) {
  const auto arguments = parse({"acme", "--limit", "3", "--ack", "SELECT 1", "--param=a=b=c"});
  ASSERT_TRUE(arguments);
  EXPECT_EQ(arguments->positional(), (std::vector<std::string_view>{"acme", "SELECT 1"}));
  EXPECT_TRUE(arguments->has("ack"));
  EXPECT_EQ(arguments->find("param"), "a=b=c");
  EXPECT_EQ(arguments->number_or("limit", 0, 0, 10).value(), 3);
}

TEST(arguments, common_options_belong_to_every_command) {
  EXPECT_EQ(parse({"--store", "x"})->find("store"), "x");
  EXPECT_TRUE(parse({"-h"})->has("help"));
}

TEST(arguments, points_and_sql_comments_are_ordinary_words) {
  const auto arguments = parse({"-10m", "-- note\nSELECT 1", "-"});
  ASSERT_TRUE(arguments);
  EXPECT_EQ(arguments->positional().size(), 3U);
}

TEST(arguments, two_dashes_end_the_options) {
  const auto arguments = parse({"--", "--ack"});
  ASSERT_TRUE(arguments);
  EXPECT_EQ(arguments->positional(), std::vector<std::string_view>{"--ack"});
}

TEST(arguments, an_unknown_option_gets_a_suggestion) {
  EXPECT_EQ(parse({"--limt", "3"}).error().message,
            "there is no option --limt (did you mean --limit?)");
  EXPECT_EQ(parse({"--quite-different"}).error().message, "there is no option --quite-different");
}

TEST(arguments, a_missing_or_superfluous_value_is_refused) {
  EXPECT_EQ(parse({"--limit"}).error().message, "--limit wants a value: --limit N");
  EXPECT_EQ(parse({"--ack=1"}).error().message, "--ack takes no value");
}

TEST(arguments, a_number_out_of_range_or_with_a_tail_is_refused) {
  EXPECT_FALSE(parse({"--limit", "11"})->number_or("limit", 0, 0, 10));
  EXPECT_FALSE(parse({"--limit", "3x"})->number_or("limit", 0, 0, 10));
  EXPECT_EQ(parse({})->number_or("limit", 7, 0, 10).value(), 7);
}

TEST(arguments, a_repeated_option_keeps_all_its_values_in_order) {
  const auto arguments = parse({"--param", "a=1", "--param", "b=2"});
  ASSERT_TRUE(arguments);
  EXPECT_EQ(arguments->all("param"), (std::vector<std::string_view>{"a=1", "b=2"}));
}

}  // namespace
}  // namespace dosql::shell
