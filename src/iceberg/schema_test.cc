#include "iceberg/schema.h"

#include <gtest/gtest.h>

#include <charconv>
#include <cmath>

#include "base/random.h"
#include "iceberg/json_fields.h"
#include "iceberg/memory_table_impl.h"

namespace dosql::iceberg {
namespace {

TEST(type, texts_are_those_of_the_specification) {
  for (const char* text :
       {"boolean", "int", "long", "float", "double", "decimal(38, 0)", "decimal(9, 9)", "date",
        "time", "timestamp", "timestamptz", "string", "uuid", "fixed[16]", "binary"}) {
    const auto type = parse_type(text);
    ASSERT_TRUE(type) << text;
    EXPECT_EQ(to_string(*type), text);
  }
  EXPECT_EQ(*parse_type("decimal(10,2)"), *parse_type("decimal( 10 , 2 )"));
}

TEST(type, what_is_no_type_or_out_of_range_is_not_supported) {
  for (const char* text : {"",
                           "longs",
                           "Long",
                           "long ",
                           "long(1)",
                           "decimal",
                           "decimal(10)",
                           "decimal(0, 0)",
                           "decimal(39, 0)",
                           "decimal(5, 6)",
                           "decimal(5, -1)",
                           "decimal(10, 2",
                           "decimal(10, 2)x",
                           "decimal[10, 2]",
                           "decimal(99999999999, 2)",
                           "fixed",
                           "fixed[0]",
                           "fixed[-1]",
                           "fixed[16",
                           "fixed(16)",
                           "variant",
                           "timestamp_ns",
                           "struct"}) {
    const auto type = parse_type(text);
    ASSERT_FALSE(type) << text;
    EXPECT_EQ(type.error().code, Code::kUnsupported) << text;
  }
}

TEST(schema, json_is_what_other_readers_expect) {
  Schema schema = schema_of_two();
  schema.id = 4;
  schema.fields.push_back({3, "qty", false, {TypeKind::kLong}, "42", "43"});
  schema.fields.back().doc = "how many";
  EXPECT_EQ(to_json(schema),
            R"({"type":"struct","schema-id":4,"identifier-field-ids":[1],"fields":[)"
            R"({"id":1,"name":"id","required":true,"type":"long"},)"
            R"({"id":2,"name":"k","required":false,"type":"string"},)"
            R"({"id":3,"name":"qty","required":false,"type":"long","doc":"how many",)"
            R"("initial-default":42,"write-default":43}]})");
}

TEST(schema, json_keeps_ids_types_defaults_and_keys) {
  Schema schema = schema_of_two();
  schema.fields.push_back({3, "d\"x", false, {TypeKind::kDecimal, 10, 2}, "\"1.50\"", "\"2.50\""});
  schema.fields.push_back({9, "b", false, {TypeKind::kBoolean}, "true", {}});
  schema.fields.push_back({12, "s", false, {TypeKind::kString}, "\"n\\u00e9\\n\"", {}});
  const auto back = parse_schema(to_json(schema));
  ASSERT_TRUE(back);
  schema.fields.back().initial_default = "\"n\xc3\xa9\\n\"";
  EXPECT_EQ(*back, schema);
}

TEST(schema, double_defaults_are_exact) {
  Random random(5);
  for (int i = 0; i < 20000; ++i) {
    const double value = std::ldexp(static_cast<double>(random.next() >> 11),
                                    static_cast<int>(random.below(300)) - 200);
    char text[40];
    std::snprintf(text, sizeof text, "%.17g", value);
    Schema schema = schema_of_two();
    schema.fields.push_back({3, "r", false, {TypeKind::kDouble}, text, {}});
    const auto back = parse_schema(to_json(schema));
    ASSERT_TRUE(back);
    const std::string& json = *back->fields[2].initial_default;
    double read = 0;
    std::from_chars(json.data(), json.data() + json.size(), read);
    EXPECT_EQ(read, value) << text << " " << json;
  }
}

TEST(schema, a_name_that_is_no_utf8_still_gives_json_that_can_be_read) {
  Schema schema = schema_of_two();
  schema.fields[1].name = "a\xff\xc3\xa9\xed\xa0\x80\xf4\x90\x80\x80\xc0\x80z\xe2\x82";
  const auto back = parse_schema(to_json(schema));
  ASSERT_TRUE(back);
  EXPECT_EQ(back->fields[1].name,
            "a\\xff\xc3\xa9\\xed\\xa0\\x80\\xf4\\x90\\x80\\x80\\xc0\\x80z\\xe2\\x82");
}

TEST(schema, nested_types_are_not_supported_and_wrong_members_are_damage) {
  const auto code_of = [](const std::string& field) -> std::optional<Code> {
    const auto schema = parse_schema(R"({"type":"struct","fields":[)" + field + "]}");
    if (schema) return std::nullopt;
    return schema.error().code;
  };
  EXPECT_EQ(code_of(R"({"id":1,"name":"a","required":true,"type":"int"})"), std::nullopt);
  EXPECT_EQ(code_of(R"({"id":1,"name":"a","required":true,"type":{"type":"list"}})"),
            Code::kUnsupported);
  for (const char* field :
       {R"({"name":"a","required":true,"type":"int"})",
        R"({"id":"1","name":"a","required":true,"type":"int"})",
        R"({"id":1.5,"name":"a","required":true,"type":"int"})",
        R"({"id":4294967297,"name":"a","required":true,"type":"int"})",
        R"({"id":1,"required":true,"type":"int"})", R"({"id":1,"name":7,"type":"int"})",
        R"({"id":1,"name":"a","required":1,"type":"int"})", R"({"id":1,"name":"a"})", "3"}) {
    EXPECT_EQ(code_of(field), Code::kCorrupt) << field;
  }
  for (const char* json : {"", "{", "[]", "{}", R"({"fields":{}})", R"({"fields":[]} x)"}) {
    EXPECT_FALSE(parse_schema(json)) << json;
  }
}

}  // namespace
}  // namespace dosql::iceberg
