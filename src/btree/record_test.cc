#include "btree/record.h"

#include <gtest/gtest.h>

#include <limits>

#include "btree/page.h"

namespace dosql::btree {
namespace {

std::vector<Value> decode(const Buffer& record, TextEncoding encoding, TextArena& arena) {
  std::vector<Value> values;
  const auto done = decode_record(record, encoding, arena, values);
  EXPECT_TRUE(done) << done.error().message;
  return values;
}

TEST(varint, reads_one_to_nine_bytes_and_refuses_a_cut_one) {
  uint64_t value = 0;
  EXPECT_EQ(read_varint(Buffer{0x7f}, &value), 1U);
  EXPECT_EQ(value, 0x7fU);
  EXPECT_EQ(read_varint(Buffer{0x81, 0x00}, &value), 2U);
  EXPECT_EQ(value, 128U);
  EXPECT_EQ(read_varint(Buffer(9, 0xff), &value), 9U);
  EXPECT_EQ(value, std::numeric_limits<uint64_t>::max());
  EXPECT_EQ(read_varint(Buffer(8, 0xff), &value), 0U);
  EXPECT_EQ(read_varint(Buffer{}, &value), 0U);
}

TEST(record, decodes_every_serial_type) {
  TextArena arena;
  const Buffer record = {12, 0, 1, 2, 3, 4,    7,    8, 9, 10, 17, 14, 0xff, 0xff, 0x00, 0x80, 0,
                         0,  1, 0, 0, 0, 0x3f, 0xf8, 0, 0, 0,  0,  0,  0,    'h',  'i',  0xab};
  const auto values = decode(record, TextEncoding::kUtf8, arena);
  const uint8_t blob[] = {0xab};
  const std::vector<Value> expected = {Value(),
                                       Value::integer(-1),
                                       Value::integer(-256),
                                       Value::integer(-8388608 + 0),
                                       Value::integer(0x01000000),
                                       Value::real(1.5),
                                       Value::integer(0),
                                       Value::integer(1),
                                       Value(),
                                       Value::text("hi"),
                                       Value::blob(blob)};
  ASSERT_EQ(values.size(), expected.size());
  for (size_t i = 0; i < expected.size(); ++i) EXPECT_TRUE(values[i] == expected[i]) << i;
}

TEST(record, that_reaches_over_its_end_is_corruption) {
  TextArena arena;
  std::vector<Value> values;
  for (const Buffer& record :
       {Buffer{}, Buffer{9, 1}, Buffer{2, 6, 1, 2}, Buffer{3, 0x81}, Buffer(9, 0xff)}) {
    const auto done = decode_record(record, TextEncoding::kUtf8, arena, values);
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code, Code::kCorrupt);
  }
}

TEST(record, not_a_number_is_null_as_in_sqlite) {
  TextArena arena;
  const auto values = decode({2, 7, 0x7f, 0xf8, 0, 0, 0, 0, 0, 0}, TextEncoding::kUtf8, arena);
  EXPECT_TRUE(values.at(0).is_null());
}

TEST(record, text_of_both_utf16_encodings_becomes_utf8) {
  TextArena arena;
  // "aé" and U+1F600 as a surrogate pair.
  const auto little =
      decode({2, 13 + 16, 'a', 0, 0xe9, 0, 0x3d, 0xd8, 0x00, 0xde}, TextEncoding::kUtf16Le, arena);
  EXPECT_EQ(little.at(0).as_text(), "a\xc3\xa9\xf0\x9f\x98\x80");
  const auto big =
      decode({2, 13 + 16, 0, 'a', 0, 0xe9, 0xd8, 0x3d, 0xde, 0x00}, TextEncoding::kUtf16Be, arena);
  EXPECT_EQ(big.at(0).as_text(), little.at(0).as_text());
  const auto broken = decode({2, 13 + 6, 0x3d, 0xd8, 'x'}, TextEncoding::kUtf16Le, arena);
  EXPECT_EQ(broken.at(0).as_text(), "\xef\xbf\xbd");
}

TEST(record, a_field_says_how_much_more_it_needs) {
  const Buffer record = {4, 0, 13 + 20, 1, 'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', 5};
  uint64_t needed = 0;
  EXPECT_FALSE(find_field(Bytes(record).first(3), 2, &needed));
  EXPECT_EQ(needed, 4U);
  EXPECT_FALSE(find_field(Bytes(record).first(6), 2, &needed));
  EXPECT_EQ(needed, 15U);
  const auto field = find_field(record, 2, &needed);
  ASSERT_TRUE(field);
  EXPECT_EQ(read_integer(*field), 5);
  EXPECT_FALSE(find_field(record, 3, &needed));
}

TEST(value, orders_numbers_exactly_and_types_as_sqlite_does) {
  const int64_t big = (int64_t{1} << 53) + 1;
  const Value ascending[] = {Value(),
                             Value::real(-std::numeric_limits<double>::infinity()),
                             Value::integer(std::numeric_limits<int64_t>::min()),
                             Value::real(-1.5),
                             Value::integer(-1),
                             Value::integer(0),
                             Value::real(-0.0),
                             Value::real(0.0),
                             Value::integer(1),
                             Value::real(1.0),
                             Value::real(static_cast<double>(big - 1)),
                             Value::integer(big),
                             Value::integer(std::numeric_limits<int64_t>::max()),
                             Value::real(9223372036854775808.0),
                             Value::text(""),
                             Value::text("A"),
                             Value::text("a"),
                             Value::blob({}),
                             Value::blob(as_bytes("A"))};
  const size_t count = std::size(ascending);
  for (size_t i = 0; i < count; ++i) {
    for (size_t j = 0; j < count; ++j) EXPECT_EQ(ascending[i] <=> ascending[j], i <=> j) << i << j;
  }
}

TEST(value, owned_keeps_its_bytes_when_copied) {
  OwnedValue copy;
  {
    const std::string text = "short";
    const OwnedValue first{Value::text(text)};
    copy = first;
  }
  EXPECT_TRUE(copy.view() == Value::text("short"));
  EXPECT_TRUE(OwnedValue(Value::integer(3)).view() == Value::integer(3));
  EXPECT_TRUE(OwnedValue().view().is_null());
}

}  // namespace
}  // namespace dosql::btree
