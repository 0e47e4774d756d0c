#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "base/clock.h"
#include "base/crc32c.h"
#include "base/json_writer.h"
#include "base/page_ref.h"
#include "base/random.h"
#include "base/text.h"

namespace dosql {
namespace {

TEST(crc32c, agrees_with_the_vectors_of_rfc_3720) {
  EXPECT_EQ(crc32c(Buffer(32, 0)), 0x8a9136aaU);
  EXPECT_EQ(crc32c(Buffer(32, 0xff)), 0x62a8ab43U);
  EXPECT_EQ(crc32c(as_bytes("123456789")), 0xe3069283U);
}

TEST(crc32c, of_a_long_input_equals_the_checksum_continued_byte_by_byte) {
  Random random(7);
  Buffer bytes(10007);
  for (auto& byte : bytes) byte = static_cast<uint8_t>(random.next());
  uint32_t piecewise = 0;
  for (const auto& byte : bytes) piecewise = crc32c(Bytes(&byte, 1), piecewise);
  EXPECT_EQ(crc32c(bytes), piecewise);
}

TEST(json_writer, escapes_control_characters_and_replaces_bad_utf8) {
  std::string out;
  JsonWriter json(out);
  json.begin_object();
  json.key("a\"b");
  json.string(std::string_view("x\0\n\xff\xc3\xa9", 6));
  json.key("n");
  json.begin_array();
  json.number(int64_t{-1});
  json.number(0.1);
  json.number(1.0);
  json.number(std::numeric_limits<double>::infinity());
  json.null();
  json.base64(as_bytes("hello"));
  json.end_array();
  json.end_object();
  EXPECT_EQ(
      out,
      "{\"a\\\"b\":\"x\\u0000\\n\xef\xbf\xbd\xc3\xa9\",\"n\":[-1,0.1,1.0,null,null,\"aGVsbG8=\"]}");
}

TEST(page_ref, shares_one_image_and_frees_it_with_the_last_holder) {
  PageRef a = PageRef::copy_of(as_bytes("abcd"));
  EXPECT_TRUE(a.is_unique());
  PageRef b = a;
  EXPECT_FALSE(a.is_unique());
  a = PageRef();
  EXPECT_TRUE(b.is_unique());
  EXPECT_EQ(as_text(b.bytes()), "abcd");
}

TEST(byte_reader, a_short_input_fails_and_stays_failed) {
  Buffer bytes;
  append_le<uint32_t>(bytes, 5);
  append_bytes(bytes, "abc");
  ByteReader reader(bytes);
  EXPECT_TRUE(reader.read_sized().empty());
  EXPECT_FALSE(reader.ok());
  EXPECT_EQ(reader.read_le<uint8_t>(), 0);
}

TEST(text, suggests_the_nearest_word_only_when_it_is_near) {
  EXPECT_EQ(nearest_word("brnach", {"log", "branch", "bench"}), "branch");
  EXPECT_EQ(nearest_word("lits", {"list", "drop"}), "list");  // a swap is one mistake
  EXPECT_EQ(nearest_word("xyzzy", {"log", "branch", "bench"}), "");
}

TEST(clock, formats_times_before_and_after_1970) {
  EXPECT_EQ(format_rfc3339(0), "1970-01-01T00:00:00Z");
  EXPECT_EQ(format_rfc3339(-1), "1969-12-31T23:59:59.999999Z");
  EXPECT_EQ(format_rfc3339(1769076000123456), "2026-01-22T10:00:00.123456Z");
}

}  // namespace
}  // namespace dosql
