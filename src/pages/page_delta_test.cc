#include "pages/page_delta.h"

#include <gtest/gtest.h>

#include "base/random.h"

namespace dosql::pages {
namespace {

Buffer random_page(Random& random, size_t size) {
  Buffer page(size);
  for (auto& byte : page) byte = static_cast<uint8_t>(random.next());
  return page;
}

TEST(page_delta, equal_pages_give_an_empty_delta) {
  const Buffer page(4096, 7);
  const auto delta = encode_delta(page, page, 0);
  ASSERT_TRUE(delta.has_value());
  EXPECT_TRUE(delta->empty());
}

TEST(page_delta, one_changed_byte_takes_five_bytes_anywhere_on_the_page) {
  for (const size_t at : {0U, 1U, 63U, 64U, 511U, 4090U, 4095U}) {
    Buffer before(4096, 7);
    Buffer after = before;
    after[at] = 8;
    const auto delta = encode_delta(before, after, 5);
    ASSERT_TRUE(delta.has_value()) << at;
    EXPECT_EQ(delta->size(), 5U);
    EXPECT_FALSE(encode_delta(before, after, 4).has_value());
    ASSERT_TRUE(apply_delta(before, *delta));
    EXPECT_EQ(before, after);
  }
}

TEST(page_delta, runs_closer_than_four_bytes_are_merged) {
  const Buffer before(512, 0);
  for (const size_t gap : {1U, 2U, 3U, 4U, 5U}) {
    Buffer after = before;
    after[100] = 1;
    after[101 + gap] = 1;
    const auto delta = encode_delta(before, after, 512);
    ASSERT_TRUE(delta.has_value());
    EXPECT_EQ(delta->size(), gap < 4 ? 4 + gap + 2 : 10U) << gap;
  }
}

TEST(page_delta, a_page_of_64_kib_that_changed_everywhere_is_one_run) {
  const Buffer before(65536, 0);
  const Buffer after(65536, 1);
  const auto delta = encode_delta(before, after, 65540);
  ASSERT_TRUE(delta.has_value());
  EXPECT_EQ(delta->size(), 65540U);
  Buffer page = before;
  ASSERT_TRUE(apply_delta(page, *delta));
  EXPECT_EQ(page, after);
}

TEST(page_delta, random_changes_come_back) {
  Random random(11);
  for (int round = 0; round < 3000; ++round) {
    const size_t size = size_t{512} << random.below(4);
    const Buffer before = random_page(random, size);
    Buffer after = before;
    for (uint64_t i = random.below(20); i > 0; --i) {
      const size_t at = random.below(size);
      const size_t length = std::min<size_t>(size - at, random.below(30));
      for (size_t k = at; k < at + length; ++k) after[k] = static_cast<uint8_t>(random.next());
    }
    const auto delta = encode_delta(before, after, 2 * size);
    ASSERT_TRUE(delta.has_value());
    Buffer page = before;
    ASSERT_TRUE(apply_delta(page, *delta));
    ASSERT_EQ(page, after);
    if (!delta->empty()) {
      EXPECT_FALSE(encode_delta(before, after, delta->size() - 1).has_value());
    }
  }
}

TEST(page_delta, damaged_runs_are_refused) {
  Buffer page(512, 0);
  const auto code_of = [&](const Buffer& delta) {
    const auto applied = apply_delta(page, delta);
    return applied ? Code::kInternal : applied.error().code;
  };
  EXPECT_EQ(code_of({0}), Code::kCorrupt);
  EXPECT_EQ(code_of({0, 0, 0, 0}), Code::kCorrupt);                       // no bytes
  EXPECT_EQ(code_of({0xff, 1, 1, 0, 9, 9}), Code::kCorrupt);              // 511 + 2
  EXPECT_EQ(code_of({0, 2, 0, 0, 9}), Code::kCorrupt);                    // 512
  EXPECT_EQ(code_of({8, 0, 0, 0, 9, 4, 0, 0, 0, 9}), Code::kCorrupt);     // backwards
  EXPECT_EQ(code_of({8, 0, 1, 0, 9, 9, 9, 0, 0, 0, 9}), Code::kCorrupt);  // overlapping
}

}  // namespace
}  // namespace dosql::pages
