#include "pages/stored_node.h"

#include <gtest/gtest.h>

#include "base/random.h"

namespace dosql::pages {
namespace {

NodeImage random_leaf(Random& random) {
  NodeImage node{.birth = random.next()};
  for (uint32_t i = 0; i < kFanOut; ++i) {
    if (random.one_in(2)) node.address[i] = Address::pack({1, 64 + 8 * i, 100}).raw();
    if (random.one_in(2)) node.owner[i] = static_cast<uint32_t>(random.next());
  }
  return node;
}

Code code_of(Bytes bytes) {
  const auto node = decode_node(bytes);
  return node ? Code::kInternal : node.error().code;
}

TEST(stored_node, comes_back_with_full_empty_and_sparse_slots) {
  Random random(1);
  std::vector<NodeImage> images = {NodeImage{}, NodeImage{.birth = 7, .level = 5}};
  for (int i = 0; i < 200; ++i) images.push_back(random_leaf(random));
  NodeImage full;
  full.address.fill(Address::pack({3, 8, 65536}).raw());
  full.owner.fill(0xffffffff);
  images.push_back(full);
  full.owner.fill(0);
  full.level = 2;
  images.push_back(full);
  for (const NodeImage& image : images) {
    NodeBytes space;
    const auto decoded = decode_node(encode_node(image, space));
    ASSERT_TRUE(decoded) << decoded.error().message;
    EXPECT_EQ(*decoded, image);
  }
}

TEST(stored_node, an_empty_slot_takes_no_bytes) {
  NodeBytes space;
  NodeImage node;
  EXPECT_EQ(encode_node(node, space).size(), 24U);
  node.owner[3] = 1;
  EXPECT_EQ(encode_node(node, space).size(), 36U);
}

TEST(stored_node, every_other_length_is_corrupt) {
  Random random(2);
  NodeBytes space;
  const Bytes bytes = encode_node(random_leaf(random), space);
  for (size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_EQ(code_of(bytes.first(size)), Code::kCorrupt);
  }
  Buffer longer(bytes.begin(), bytes.end());
  longer.push_back(0);
  EXPECT_EQ(code_of(longer), Code::kCorrupt);
}

TEST(stored_node, what_cannot_be_in_a_node_is_corrupt) {
  NodeImage leaf;
  leaf.address[0] = Address::pack({1, 64, 100}).raw();
  NodeBytes space;
  const Bytes bytes = encode_node(leaf, space);
  const auto with = [&](size_t at, std::initializer_list<uint8_t> values) {
    Buffer changed(bytes.begin(), bytes.end());
    std::copy(values.begin(), values.end(), changed.begin() + static_cast<ptrdiff_t>(at));
    return code_of(changed);
  };
  EXPECT_EQ(with(0, {0}), Code::kCorrupt);
  EXPECT_EQ(with(0, {2}), Code::kNewerFormat);
  EXPECT_EQ(with(1, {6}), Code::kCorrupt);                           // level
  EXPECT_EQ(with(5, {1}), Code::kCorrupt);                           // reserved
  EXPECT_EQ(with(16, {3}), Code::kCorrupt);                          // two present, one there
  EXPECT_EQ(with(24, {8, 0, 0, 0, 0, 0, 0, 0x40}), Code::kCorrupt);  // a log address
  EXPECT_EQ(with(24, {0, 0, 0, 0, 0, 0, 0, 0}), Code::kCorrupt);     // an empty slot
  EXPECT_EQ(with(24, {1, 0, 0, 0, 0, 0, 0, 0xc0}), Code::kCorrupt);  // no kind
}

}  // namespace
}  // namespace dosql::pages
