#include <gtest/gtest.h>

#include "pages/fake_nodes.h"

namespace dosql::pages {
namespace {

Address pack_page(uint64_t n) {
  return Address::pack({2, static_cast<uint32_t>(n % 1000000) * 8, 4096});
}

Slot slot_at(const PageTree& tree, const PageTree::Root& root, PageNo page) {
  const auto slot = tree.find(root, page);
  EXPECT_TRUE(slot) << slot.error().message;
  return slot ? *slot : Slot();
}

PageTree::Root applied(PageTree& tree, const PageTree::Root& base,
                       const std::vector<SlotChange>& changes, uint32_t page_count) {
  auto root = tree.apply(base, Version(base.version().value() + 1), changes, page_count);
  EXPECT_TRUE(root) << root.error().message;
  return *root;
}

TEST(page_tree_reclaim, a_replaced_path_is_freed_when_no_live_version_sees_it) {
  FakeNodes nodes;
  PageTree tree(nodes);
  auto root =
      applied(tree, *tree.open({}), {{1, {pack_page(1), 1}}, {100, {pack_page(2), 1}}}, 100);
  EXPECT_EQ(tree.stats().nodes, 3U);
  tree.pin(Version(1));
  for (int i = 0; i < 10; ++i) root = applied(tree, root, {{1, {pack_page(9), 1}}}, 100);
  EXPECT_EQ(tree.stats().nodes, 23U);
  tree.release_before(root.version());
  EXPECT_EQ(tree.stats().nodes, 5U);  // version 1: root and leaf of its own
  EXPECT_EQ(tree.stats().retired, 2U);
  tree.unpin(Version(1));
  EXPECT_EQ(tree.stats().nodes, 3U);
  EXPECT_EQ(tree.stats().retired, 0U);
}

TEST(page_tree_reclaim, a_pin_of_the_version_that_replaced_a_node_does_not_keep_it) {
  FakeNodes nodes;
  PageTree tree(nodes);
  auto root = applied(tree, *tree.open({}), {{1, {pack_page(1), 1}}}, 1);
  root = applied(tree, root, {{1, {pack_page(2), 1}}}, 1);
  tree.pin(root.version());
  tree.release_before(root.version());
  EXPECT_EQ(tree.stats().nodes, 1U);
  EXPECT_EQ(tree.stats().retired, 0U);
}

TEST(page_tree_reclaim, going_back_to_a_pinned_version_abandons_the_newer_ones) {
  FakeNodes nodes;
  PageTree tree(nodes);
  const auto base =
      applied(tree, *tree.open({}), {{1, {pack_page(1), 1}}, {65, {pack_page(2), 1}}}, 65);
  tree.pin(base.version());
  auto other = base;
  for (int i = 0; i < 5; ++i) other = applied(tree, other, {{1, {pack_page(7), 1}}}, 65);
  tree.release_before(other.version());
  const auto next = applied(tree, base, {{65, {pack_page(3), 1}}}, 65);
  tree.pin(next.version());
  tree.unpin(base.version());
  EXPECT_EQ(slot_at(tree, next, 1), (Slot{pack_page(1), 1}));
  EXPECT_EQ(slot_at(tree, next, 65), (Slot{pack_page(3), 1}));
  EXPECT_EQ(tree.stats().nodes, 3U);
}

TEST(page_tree_reclaim, pins_are_counted) {
  FakeNodes nodes;
  PageTree tree(nodes);
  auto root = applied(tree, *tree.open({}), {{1, {pack_page(1), 1}}}, 1);
  tree.pin(Version(1));
  tree.pin(Version(1));
  root = applied(tree, root, {{1, {pack_page(2), 1}}}, 1);
  tree.release_before(Version(2));
  tree.unpin(Version(1));
  EXPECT_EQ(tree.stats().nodes, 2U);
  tree.unpin(Version(1));
  EXPECT_EQ(tree.stats().nodes, 1U);
}

TEST(page_tree_reclaim, a_node_that_two_pins_see_outlives_the_newer_one) {
  FakeNodes nodes;
  PageTree tree(nodes);
  const auto one =
      applied(tree, *tree.open({}), {{1, {pack_page(1), 1}}, {65, {pack_page(2), 1}}}, 65);
  const auto two = applied(tree, one, {{65, {pack_page(3), 1}}}, 65);
  const auto three = applied(tree, two, {{1, {pack_page(4), 1}}}, 65);
  tree.pin(Version(1));
  tree.pin(Version(2));
  tree.release_before(Version(3));
  tree.unpin(Version(2));
  EXPECT_EQ(slot_at(tree, one, 1), (Slot{pack_page(1), 1}));
  EXPECT_EQ(slot_at(tree, one, 65), (Slot{pack_page(2), 1}));
  EXPECT_EQ(slot_at(tree, three, 65), (Slot{pack_page(3), 1}));
  tree.unpin(Version(1));
  EXPECT_EQ(tree.stats().nodes, 3U);
}

TEST(page_tree_reclaim, a_version_that_was_abandoned_takes_nothing_with_it) {
  FakeNodes nodes;
  PageTree tree(nodes);
  const auto base =
      applied(tree, *tree.open({}), {{1, {pack_page(1), 1}}, {65, {pack_page(2), 1}}}, 65);
  for (int i = 0; i < 3; ++i) applied(tree, base, {{1, {pack_page(7), 1}}}, 65);
  const auto next = applied(tree, base, {{65, {pack_page(3), 1}}}, 65);
  tree.release_before(next.version());
  EXPECT_EQ(slot_at(tree, next, 1), (Slot{pack_page(1), 1}));
  EXPECT_EQ(slot_at(tree, next, 65), (Slot{pack_page(3), 1}));
  EXPECT_EQ(tree.stats().nodes, 3U);
}

TEST(page_tree_reclaim, shrinking_frees_the_nodes_beyond_the_end) {
  FakeNodes nodes;
  PageTree tree(nodes);
  std::vector<SlotChange> changes;
  for (PageNo page = 1; page <= 5000; ++page) changes.push_back({page, {pack_page(page), 1}});
  const auto big = applied(tree, *tree.open({}), changes, 5000);
  EXPECT_EQ(tree.stats().nodes, 79U + 2 + 1);
  const auto small = applied(tree, big, {}, 100);
  tree.release_before(small.version());
  EXPECT_EQ(tree.stats().nodes, 3U);
  const auto none = applied(tree, small, {}, 0);
  tree.release_before(none.version());
  EXPECT_EQ(tree.stats().nodes, 0U);
}

TEST(page_tree_reclaim, thousands_of_pins_are_freed_in_any_order) {
  FakeNodes nodes;
  PageTree tree(nodes);
  auto root = applied(tree, *tree.open({}), {{1, {pack_page(1), 1}}}, 5000);
  std::vector<PageTree::Root> pinned;
  for (uint32_t i = 0; i < 3000; ++i) {
    tree.pin(root.version());
    pinned.push_back(root);
    root = applied(tree, root, {{1 + i % 5000, {pack_page(i), 1}}}, 5000);
    tree.release_before(root.version());
  }
  // Every seventh stays to the end.
  for (size_t i = 0; i < pinned.size(); ++i) {
    if (i % 7 != 0) tree.unpin(pinned[i].version());
  }
  for (size_t i = 7; i < pinned.size(); i += 7) {
    EXPECT_EQ(slot_at(tree, pinned[i], static_cast<PageNo>(i)).address, pack_page(i - 1));
    EXPECT_EQ(slot_at(tree, pinned[i], static_cast<PageNo>(i + 1)), Slot());
  }
  for (size_t i = 0; i < pinned.size(); i += 7) tree.unpin(pinned[i].version());
  EXPECT_EQ(tree.stats().retired, 0U);
  EXPECT_EQ(tree.stats().nodes, 1U + 1 + 47);
}

TEST(page_tree_reclaim, a_failed_apply_frees_what_it_made) {
  FakeNodes nodes;
  PageTree tree(nodes);
  const auto root =
      applied(tree, *tree.open({}), {{1, {pack_page(1), 1}}, {65, {pack_page(2), 1}}}, 65);
  const auto stored = *tree.persist(root, nodes);
  PageTree other(nodes);
  const auto opened = *other.open(stored);
  (void)slot_at(other, opened, 1);
  nodes.fails = true;
  const std::vector<SlotChange> changes = {{1, {pack_page(7), 1}}, {65, {pack_page(8), 1}}};
  for (int i = 0; i < 5; ++i) EXPECT_FALSE(other.apply(opened, Version(2), changes, 65));
  EXPECT_EQ(other.stats().nodes, 2U);
}

}  // namespace
}  // namespace dosql::pages
