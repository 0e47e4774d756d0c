#include "shell/place.h"

#include <gtest/gtest.h>

namespace dosql::shell {
namespace {

TEST(place, has_a_database_a_branch_and_a_point) {
  const auto place = parse_place("acme@try/1:-10m");
  ASSERT_TRUE(place);
  EXPECT_EQ(place->database, "acme");
  EXPECT_EQ(place->branch, "try/1");
  EXPECT_EQ(place->point, "-10m");
}

TEST(place, a_point_may_be_a_time_with_colons) {
  const auto place = parse_place("acme:2026-01-22T10:00:00Z");
  ASSERT_TRUE(place);
  EXPECT_EQ(place->branch, "");
  EXPECT_EQ(place->point, "2026-01-22T10:00:00Z");
}

TEST(place, a_missing_part_is_an_error_that_names_it) {
  EXPECT_NE(parse_place("@x").error().message.find("names no database"), std::string::npos);
  EXPECT_NE(parse_place("a@").error().message.find("no branch"), std::string::npos);
  EXPECT_NE(parse_place("a:").error().message.find("nothing after"), std::string::npos);
  EXPECT_FALSE(parse_place(""));
}

TEST(place, main_is_the_only_branch_that_is_built) {
  EXPECT_EQ(database_of("acme@main").value(), "acme");
  EXPECT_EQ(database_of("acme@try").error().code, Code::kUnsupported);
  EXPECT_EQ(database_of("acme:v3").error().code, Code::kUnsupported);
}

}  // namespace
}  // namespace dosql::shell
