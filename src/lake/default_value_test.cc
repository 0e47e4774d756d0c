#include "lake/default_value.h"

#include <gtest/gtest.h>

namespace dosql::lake {
namespace {

using duck::ColumnType;
using duck::Int128;
using duck::Scalar;

TEST(default_value, is_json_as_the_specification_wants_it_and_sql_that_casts) {
  const auto both = [](const LakeType& type, const Scalar& value) {
    const std::string json = default_json(type, value);
    return json + " " + default_sql(type, json);
  };
  EXPECT_EQ(both({ColumnType::kLong}, Scalar(int64_t{-5})), "-5 '-5'");
  EXPECT_EQ(both({ColumnType::kBoolean}, Scalar(true)), "true 'true'");
  EXPECT_EQ(both({ColumnType::kDouble}, Scalar(1.5)), "1.5 '1.5'");
  EXPECT_EQ(both({ColumnType::kString}, Scalar(std::string("it's \"x\"\n\x01"))),
            "\"it's \\\"x\\\"\\n\\u0001\" 'it''s \"x\"\n\x01'");
  EXPECT_EQ(both({ColumnType::kBinary}, Scalar(std::string("\xff'"))), "\"FF27\" '\\xFF\\x27'");
  EXPECT_EQ(both({ColumnType::kDate}, Scalar(int64_t{-719162})), "\"0001-01-01\" '0001-01-01'");
  EXPECT_EQ(both({ColumnType::kTimestamp}, Scalar(int64_t{-500'000})),
            "\"1969-12-31T23:59:59.500000\" '1969-12-31T23:59:59.500000'");
  EXPECT_EQ(both({ColumnType::kDecimal, 10, 3}, Scalar(Int128{-250})), "\"-0.250\" '-0.250'");
  EXPECT_EQ(both({ColumnType::kDecimal, 10, 0}, Scalar(Int128{0})), "\"0\" '0'");
}

TEST(default_value, escapes_of_other_writers_are_understood) {
  EXPECT_EQ(default_sql({ColumnType::kString}, R"("\u00e9\u20ac\ud83d\ude00\/\\")"),
            "'\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80/\\'");
}

}  // namespace
}  // namespace dosql::lake
