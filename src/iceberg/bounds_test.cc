#include "iceberg/bounds.h"

#include <gtest/gtest.h>

#include <limits>

#include "base/random.h"
#include "iceberg/memory_table_impl.h"

namespace dosql::iceberg {
namespace {

std::string repeated(std::string_view text, int count) {
  std::string out;
  for (int i = 0; i < count; ++i) out += text;
  return out;
}

std::string lower(std::string_view text) {
  return std::string(as_text(lower_bound_of_string(text)));
}

std::string upper(std::string_view text) {
  const auto bound = upper_bound_of_string(text);
  return bound ? std::string(as_text(*bound)) : "(none)";
}

TEST(bounds, single_values_are_bytes_as_the_specification_has_them) {
  EXPECT_EQ(hex_of(bound_of_boolean(false)) + hex_of(bound_of_boolean(true)), "0001");
  EXPECT_EQ(hex_of(bound_of_int(-2)), "feffffff");
  EXPECT_EQ(hex_of(bound_of_long(1)), "0100000000000000");
  EXPECT_EQ(hex_of(bound_of_float(1.0F)), "0000803f");
  EXPECT_EQ(hex_of(bound_of_double(-0.0)), "0000000000000080");
  const std::pair<__int128, const char*> decimals[] = {
      {0, "00"},    {1420, "058c"}, {127, "7f"},     {128, "0080"},     {-1, "ff"},
      {-128, "80"}, {-129, "ff7f"}, {32767, "7fff"}, {32768, "008000"}, {-32769, "ff7fff"}};
  for (const auto& [value, hex] : decimals) EXPECT_EQ(hex_of(bound_of_decimal(value)), hex);
  const __int128 most =
      (static_cast<__int128>(0x4b3b4ca85a86c47aULL) << 64) | 0x098a223fffffffffULL;
  EXPECT_EQ(hex_of(bound_of_decimal(most)), "4b3b4ca85a86c47a098a223fffffffff");
  EXPECT_EQ(hex_of(bound_of_decimal(-most - 1)), "b4c4b357a5793b85f675ddc000000000");
}

TEST(bounds, strings_are_cut_at_sixteen_code_points_and_upper_bounds_rounded_up) {
  EXPECT_EQ(upper("short"), "short");
  EXPECT_EQ(upper(""), "");
  EXPECT_EQ(lower("aaaaaaaaaaaaaaaab"), "aaaaaaaaaaaaaaaa");
  EXPECT_EQ(upper("aaaaaaaaaaaaaaaab"), "aaaaaaaaaaaaaaab");
  EXPECT_EQ(upper("aaaaaaaaaaaaaaaa"), "aaaaaaaaaaaaaaaa");
  const std::string emoji = "\xf0\x9f\x98\x80";  // U+1F600
  EXPECT_EQ(lower(repeated(emoji, 17)), repeated(emoji, 16));
  EXPECT_EQ(upper(repeated(emoji, 17)), repeated(emoji, 15) + "\xf0\x9f\x98\x81");
  EXPECT_EQ(upper(repeated(emoji, 16)), repeated(emoji, 16));
}

TEST(bounds, the_next_character_may_be_longer_or_lie_before_the_last_one) {
  const std::string fifteen(15, 'a');
  EXPECT_EQ(upper(fifteen + "\x7f" + "x"), fifteen + "\xc2\x80");
  EXPECT_EQ(upper(fifteen + "\xdf\xbf" + "x"), fifteen + "\xe0\xa0\x80");
  EXPECT_EQ(upper(fifteen + "\xef\xbf\xbf" + "x"), fifteen + "\xf0\x90\x80\x80");
  EXPECT_EQ(upper(fifteen + "\xed\x9f\xbf" + "x"), fifteen + "\xee\x80\x80");  // no surrogates
  const std::string last = "\xf4\x8f\xbf\xbf";                                 // U+10FFFF
  EXPECT_EQ(upper(fifteen + last + "x"), std::string(14, 'a') + "b");
  EXPECT_EQ(upper(repeated(last, 17)), "(none)");
}

TEST(bounds, binaries_are_cut_at_sixteen_bytes) {
  const Buffer long_value(17, 0x41);
  EXPECT_EQ(hex_of(lower_bound_of_binary(long_value)), repeated("41", 16));
  EXPECT_EQ(hex_of(*upper_bound_of_binary(long_value)), repeated("41", 15) + "42");
  Buffer high(17, 0xff);
  EXPECT_FALSE(upper_bound_of_binary(high));
  high[3] = 0;
  EXPECT_EQ(hex_of(*upper_bound_of_binary(high)), "ffffff01");
  EXPECT_EQ(hex_of(*upper_bound_of_binary(Buffer(16, 0xff))), repeated("ff", 16));
}

TEST(bounds, every_value_lies_between_its_bounds) {
  Random random(3);
  static const std::string kCharacters[] = {"a",
                                            "\x7f",
                                            "\xc3\xa9",
                                            "\xed\x9f\xbf",
                                            "\xef\xbf\xbf",
                                            "\xf4\x8f\xbf\xbf",
                                            "\xf0\x9f\x98\x80"};
  for (int i = 0; i < 20000; ++i) {
    std::string text;
    const uint64_t length = random.below(24);
    while (text.size() < length * 2) text += kCharacters[random.below(std::size(kCharacters))];
    EXPECT_LE(lower(text), text);
    if (upper_bound_of_string(text)) EXPECT_GE(upper(text), text);
    Buffer bytes;
    for (uint64_t at = 0; at < length; ++at) {
      bytes.push_back(static_cast<uint8_t>(random.one_in(2) ? 255 : random.next()));
    }
    EXPECT_LE(lower_bound_of_binary(bytes), bytes);
    if (const auto bound = upper_bound_of_binary(bytes)) EXPECT_GE(*bound, bytes);
  }
}

TEST(bounds, text_that_is_no_utf8_does_no_harm) {
  Random random(4);
  for (int i = 0; i < 20000; ++i) {
    std::string text;
    for (uint64_t at = random.below(70); at > 0; --at) {
      text += static_cast<char>(random.one_in(3) ? 0x80 : random.next());
    }
    EXPECT_TRUE(text.starts_with(lower(text)));
    static_cast<void>(upper_bound_of_string(text));
  }
}

}  // namespace
}  // namespace dosql::iceberg
