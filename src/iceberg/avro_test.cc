#include "iceberg/avro.h"

#include <gtest/gtest.h>

#include "base/random.h"
#include "iceberg/memory_table_impl.h"

namespace dosql::iceberg {
namespace {

constexpr std::string_view kSync = "0123456789abcdef";

Buffer header_of(const AvroHeader& entries) {
  AvroEncoder map;
  map.put_count(static_cast<int64_t>(entries.size()));
  for (const auto& [key, value] : entries) {
    map.put_string(key);
    map.put_string(value);
  }
  map.put_count(0);
  Buffer file = {'O', 'b', 'j', 1};
  append_bytes(file, map.bytes());
  append_bytes(file, kSync);
  return file;
}

void append_block(Buffer& file, int64_t rows, Bytes encoded) {
  AvroEncoder block;
  block.put_long(rows);
  block.put_bytes(encoded);
  append_bytes(file, block.bytes());
  append_bytes(file, kSync);
}

// One block, not compressed.
Buffer plain_file(std::string_view schema, int64_t rows, Bytes encoded) {
  Buffer file = header_of({{"avro.schema", std::string(schema)}, {"avro.codec", "null"}});
  append_block(file, rows, encoded);
  return file;
}

std::string record(std::string_view fields) {
  return R"({"type":"record","name":"r","fields":[)" + std::string(fields) + "]}";
}

Code code_of(Bytes bytes) {
  const auto parsed = parse_container(bytes);
  return parsed ? Code::kInternal : parsed.error().code;
}

TEST(avro, what_is_written_is_read_with_its_header) {
  AvroEncoder rows;
  const int64_t numbers[] = {0,
                             -1,
                             1,
                             63,
                             64,
                             -65,
                             std::numeric_limits<int64_t>::max(),
                             std::numeric_limits<int64_t>::min()};
  for (const int64_t number : numbers) rows.put_long(number);
  const auto file = parse_container(
      encode_container({{"k", "v"}}, R"("long")", std::size(numbers), rows.bytes()));
  ASSERT_TRUE(file);
  EXPECT_EQ(file->header.at("k"), "v");
  EXPECT_EQ(file->header.at("avro.codec"), "deflate");
  ASSERT_EQ(file->rows.size(), std::size(numbers));
  for (size_t i = 0; i < std::size(numbers); ++i) EXPECT_EQ(file->rows[i].integer, numbers[i]);
}

TEST(avro, numbers_are_zigzag_varints) {
  AvroEncoder out;
  for (const int64_t number : {0, -1, 1, -64, 64}) out.put_long(number);
  EXPECT_EQ(hex_of(out.bytes()), "0001027f8001");
}

TEST(avro, equal_rows_make_equal_files_and_no_rows_make_no_block) {
  EXPECT_EQ(encode_container({}, R"("long")", 0, {}), encode_container({}, R"("long")", 0, {}));
  const auto none = parse_container(encode_container({}, R"("long")", 0, {}));
  ASSERT_TRUE(none);
  EXPECT_TRUE(none->rows.empty());
}

TEST(avro, unions_of_other_writers_may_have_null_last) {
  const std::string schema = record(R"({"name":"a","type":["long","null"],"field-id":5},)"
                                    R"({"name":"b","type":["null","string"],"field-id":6})");
  AvroEncoder row;
  row.put_branch(0);
  row.put_long(7);
  row.put_branch(0);
  row.put_branch(1);
  row.put_branch(1);
  row.put_string("x");
  const auto file = parse_container(plain_file(schema, 2, row.bytes()));
  ASSERT_TRUE(file);
  EXPECT_EQ(file->rows[0].field(5)->integer, 7);
  EXPECT_EQ(file->rows[0].field(6), nullptr);
  EXPECT_EQ(file->rows[1].field(5), nullptr);
  EXPECT_EQ(file->rows[1].field(6)->bytes, "x");
  EXPECT_EQ(file->rows[1].field(99), nullptr);
}

TEST(avro, every_type_is_read_or_skipped_to_its_end) {
  const std::string schema =
      record(R"({"name":"a","type":"boolean"},{"name":"b","type":"float","field-id":1},)"
             R"({"name":"c","type":"double","field-id":2},)"
             R"({"name":"d","type":{"type":"fixed","name":"org.x.f","size":3},"field-id":3},)"
             R"({"name":"e","type":"org.x.f"},)"
             R"({"name":"f","type":{"type":"enum","name":"e","symbols":["A","B"]}},)"
             R"({"name":"g","type":{"type":"map","values":"int"}},)"
             R"({"name":"h","type":{"type":"array","items":{"type":"int","logicalType":"date"}}},)"
             R"({"name":"i","type":{"type":"bytes","logicalType":"decimal","precision":4}},)"
             R"({"name":"j","type":"f","field-id":4},{"name":"z","type":"long","field-id":9})");
  Buffer row = bytes_of_hex(
      "01"
      "0000803f"
      "000000000000f83f"
      "414243"
      "444546"
      "02");
  AvroEncoder rest;
  rest.put_count(1);
  rest.put_string("key");
  rest.put_int(5);
  rest.put_count(0);
  rest.put_count(-2);  // with its size
  rest.put_long(2);
  rest.put_int(1);
  rest.put_int(2);
  rest.put_count(1);  // a second block
  rest.put_int(3);
  rest.put_count(0);
  rest.put_bytes(bytes_of_hex("0102"));
  append_bytes(row, rest.bytes());
  append_bytes(row, "xyz");
  append_bytes(row, bytes_of_hex("54"));
  const auto file = parse_container(plain_file(schema, 1, row));
  ASSERT_TRUE(file) << file.error().message;
  EXPECT_EQ(file->rows[0].field(1)->real, 1.0);
  EXPECT_EQ(file->rows[0].field(2)->real, 1.5);
  EXPECT_EQ(file->rows[0].field(3)->bytes, "ABC");
  EXPECT_EQ(file->rows[0].field(4)->bytes, "xyz");
  EXPECT_EQ(file->rows[0].field(9)->integer, 42);
  EXPECT_EQ(file->rows[0].fields[7].value.items.size(), 3U);
}

TEST(avro, rows_may_lie_in_several_blocks_and_the_codec_may_be_left_out) {
  Buffer file = header_of({{"avro.schema", R"({"type":"long"})"}});
  for (const int64_t number : {1, 2, 3}) {
    AvroEncoder row;
    row.put_long(number);
    append_block(file, 1, row.bytes());
  }
  append_block(file, 0, {});
  const auto parsed = parse_container(file);
  ASSERT_TRUE(parsed);
  ASSERT_EQ(parsed->rows.size(), 3U);
  EXPECT_EQ(parsed->rows[2].integer, 3);
}

TEST(avro, a_foreign_codec_is_not_supported) {
  EXPECT_EQ(code_of(header_of({{"avro.schema", R"("long")"}, {"avro.codec", "zstandard"}})),
            Code::kUnsupported);
}

TEST(avro, schemas_that_are_none_are_damage) {
  for (const char* schema :
       {"", "{", "7", "\"lung\"", "{}", R"({"type":"record"})", R"({"type":"array"})",
        R"({"type":"record","fields":[7]})", R"({"type":"fixed","name":"f","size":-1})",
        R"({"type":"record","fields":[{"name":"a","type":"b"}]})"}) {
    EXPECT_EQ(code_of(plain_file(schema, 1, bytes_of_hex("00"))), Code::kCorrupt) << schema;
  }
  std::string deep = "\"int\"";
  for (int i = 0; i < 100; ++i) deep = R"({"type":"array","items":)" + deep + "}";
  EXPECT_EQ(code_of(plain_file(deep, 0, {})), Code::kCorrupt);
}

TEST(avro, rows_that_do_not_fit_their_schema_are_damage) {
  const auto code = [](std::string_view schema, int64_t rows, std::string_view hex) {
    return code_of(plain_file(schema, rows, bytes_of_hex(hex)));
  };
  EXPECT_EQ(code(R"("long")", 1, "80"), Code::kCorrupt);                    // ends early
  EXPECT_EQ(code(R"("long")", 1, "80808080808080808080"), Code::kCorrupt);  // too long
  EXPECT_EQ(code(R"("long")", 1, "0202"), Code::kCorrupt);                  // bytes left
  EXPECT_EQ(code(R"("long")", -1, "02"), Code::kCorrupt);                   // count
  EXPECT_EQ(code(R"("string")", 1, "03"), Code::kCorrupt);                  // length -2
  EXPECT_EQ(code(R"("string")", 1, "0a61"), Code::kCorrupt);                // length 5
  EXPECT_EQ(code(R"(["null","long"])", 1, "04"), Code::kCorrupt);           // branch 2
  EXPECT_EQ(code(R"(["null","long"])", 1, "01"), Code::kCorrupt);           // branch -1
  EXPECT_EQ(code(R"("double")", 1, "00000000000000"), Code::kCorrupt);      // 7 bytes
  EXPECT_EQ(code(R"({"type":"array","items":"int"})", 1, "ffffffffffffffffff01"), Code::kCorrupt);
}

TEST(avro, a_type_that_contains_itself_ends) {
  const std::string endless = record(R"({"name":"a","type":"r"})");
  EXPECT_EQ(code_of(plain_file(endless, 1, bytes_of_hex("00"))), Code::kCorrupt);
}

TEST(avro, values_without_bytes_cannot_fill_the_memory) {
  AvroEncoder nulls;
  for (int block = 0; block < 20; ++block) nulls.put_count(1'000'000'000);
  nulls.put_count(0);
  EXPECT_EQ(code_of(plain_file(R"({"type":"array","items":"null"})", 1, nulls.bytes())),
            Code::kCorrupt);
  EXPECT_EQ(code_of(plain_file(R"("null")", 1'000'000'000'000, {})), Code::kCorrupt);
  std::string wide = R"("null")";
  for (int depth = 0; depth < 25; ++depth) {
    const std::string name = "d" + std::to_string(depth);
    wide = R"({"type":"record","name":")" + name + R"(","fields":[{"name":"a","type":)" + wide +
           R"(},{"name":"b","type":)" +
           (depth == 0 ? R"("null")" : "\"d" + std::to_string(depth - 1) + "\"") + "}]}";
  }
  EXPECT_EQ(code_of(plain_file(wide, 1, {})), Code::kCorrupt);
}

TEST(avro, a_block_that_inflates_without_measure_is_damage) {
  const Buffer zeros(64U << 20, 0);
  EXPECT_EQ(code_of(encode_container({}, R"("long")", static_cast<int64_t>(zeros.size()), zeros)),
            Code::kCorrupt);
}

TEST(avro, every_cut_of_a_file_is_damage_except_between_blocks) {
  AvroEncoder row;
  row.put_string("a string of some length");
  for (const bool is_plain : {true, false}) {
    const Buffer file = is_plain ? plain_file(R"("string")", 1, row.bytes())
                                 : encode_container({}, R"("string")", 1, row.bytes());
    ASSERT_TRUE(parse_container(file));
    int accepted = 0;
    for (size_t size = 0; size < file.size(); ++size) {
      accepted += parse_container(Bytes(file).first(size)) ? 1 : 0;
    }
    EXPECT_EQ(accepted, 1);  // the header alone
  }
}

TEST(avro, flipped_bits_are_an_error_or_other_values_but_never_a_crash) {
  Random random(11);
  AvroEncoder rows;
  for (int i = 0; i < 50; ++i) rows.put_string(std::string(random.below(40), 'x'));
  const Buffer plain = plain_file(R"("string")", 50, rows.bytes());
  const Buffer packed = encode_container({}, R"("string")", 50, rows.bytes());
  for (const Buffer& good : {plain, packed}) {
    for (size_t bit = 0; bit < good.size() * 8; ++bit) {
      Buffer bad = good;
      bad[bit / 8] ^= static_cast<uint8_t>(1 << (bit % 8));
      const auto parsed = parse_container(bad);
      if (!parsed)
        EXPECT_TRUE(parsed.error().code == Code::kCorrupt ||
                    parsed.error().code == Code::kUnsupported);
    }
  }
}

}  // namespace
}  // namespace dosql::iceberg
