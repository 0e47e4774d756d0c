#include "pages/page_tree.h"

#include <gtest/gtest.h>

#include <map>

#include "pages/fake_nodes.h"

namespace dosql::pages {
namespace {

using Model = std::map<PageNo, Slot>;  // without empty slots

Address pack_page(uint64_t n) {
  return Address::pack({2, static_cast<uint32_t>(n % 1000000) * 8, 4096});
}

Model read_all(const PageTree& tree, const PageTree::Root& root) {
  Model model;
  const auto walked = tree.for_each(root, [&](PageNo page, const Slot& slot) -> Result<void> {
    model[page] = slot;
    return {};
  });
  EXPECT_TRUE(walked) << walked.error().message;
  return model;
}

struct Difference {
  Slot a;
  Slot b;
  bool operator==(const Difference&) const = default;
};
using Differences = std::map<PageNo, Difference>;

Differences tree_diff(const PageTree& tree, const PageTree::Root& a, const PageTree::Root& b) {
  Differences differences;
  PageNo last = 0;
  EXPECT_TRUE(tree.diff(a, b, [&](PageNo page, const Slot& x, const Slot& y) -> Result<void> {
    EXPECT_GT(page, last);
    last = page;
    differences[page] = {x, y};
    return {};
  }));
  return differences;
}

Differences model_diff(const Model& a, const Model& b) {
  Differences differences;
  for (const auto& [page, slot] : a) differences[page].a = slot;
  for (const auto& [page, slot] : b) differences[page].b = slot;
  std::erase_if(differences, [](const auto& d) { return d.second.a == d.second.b; });
  return differences;
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

// --- roots

TEST(page_tree, an_empty_tree_has_holes_only) {
  FakeNodes nodes;
  PageTree tree(nodes);
  const auto root = tree.open({});
  ASSERT_TRUE(root);
  EXPECT_EQ(slot_at(tree, *root, 1), Slot());
  EXPECT_EQ(slot_at(tree, *root, 0), Slot());
  EXPECT_TRUE(read_all(tree, *root).empty());
}

TEST(page_tree, a_root_keeps_what_it_had_when_later_versions_change_it) {
  FakeNodes nodes;
  PageTree tree(nodes);
  const auto one = applied(tree, *tree.open({}), {{1, {pack_page(1), 10}}}, 1);
  const auto two = applied(tree, one, {{1, {pack_page(2), 11}}, {70, {pack_page(3), 12}}}, 70);
  EXPECT_EQ(slot_at(tree, one, 1), (Slot{pack_page(1), 10}));
  EXPECT_EQ(slot_at(tree, one, 70), Slot());
  EXPECT_EQ(slot_at(tree, two, 1), (Slot{pack_page(2), 11}));
  EXPECT_EQ(slot_at(tree, two, 70), (Slot{pack_page(3), 12}));
  EXPECT_EQ(two.page_count(), 70U);
  EXPECT_EQ(two.version(), Version(2));
}

TEST(page_tree, pages_at_the_powers_of_the_fan_out_are_kept_apart) {
  FakeNodes nodes;
  PageTree tree(nodes);
  auto root = *tree.open({});
  Model model;
  for (uint64_t edge = 64; edge < (uint64_t{1} << 32); edge *= 64) {
    std::vector<SlotChange> changes;
    for (const uint64_t page : {edge - 1, edge, edge + 1}) {
      const Slot slot{pack_page(page), static_cast<uint32_t>(page)};
      changes.push_back({static_cast<PageNo>(page), slot});
      model[static_cast<PageNo>(page)] = slot;
    }
    root = applied(tree, root, changes, static_cast<uint32_t>(edge + 1));
    EXPECT_EQ(read_all(tree, root), model);
    for (const auto& [page, slot] : model) EXPECT_EQ(slot_at(tree, root, page), slot);
  }
  constexpr PageNo kLast = 0xffffffff;
  root = applied(tree, root, {{kLast, {pack_page(1), 1}}}, kLast);
  EXPECT_EQ(slot_at(tree, root, kLast), (Slot{pack_page(1), 1}));
  EXPECT_LT(tree.stats().nodes, 100U);
}

TEST(page_tree, a_shrunk_tree_forgets_the_pages_beyond_its_end) {
  for (const uint32_t end : {0U, 1U, 63U, 64U, 65U, 4095U, 4096U, 4097U, 262144U, 262145U}) {
    FakeNodes nodes;
    PageTree tree(nodes);
    std::vector<SlotChange> changes;
    Model model;
    for (const uint32_t page : {1U, 63U, 64U, 65U, 4096U, 4097U, 262144U, 262145U, 300000U}) {
      changes.push_back({page, {pack_page(page), page}});
      model[page] = changes.back().slot;
    }
    const auto big = applied(tree, *tree.open({}), changes, 300000);
    const auto small = applied(tree, big, {}, end);
    Model kept = model;
    kept.erase(kept.upper_bound(end), kept.end());
    EXPECT_EQ(read_all(tree, small), kept) << end;
    EXPECT_EQ(tree_diff(tree, big, small), model_diff(model, kept));
    EXPECT_EQ(tree_diff(tree, small, big), model_diff(kept, model));
    const auto again = applied(tree, small, {}, 300000);
    EXPECT_EQ(read_all(tree, again), kept) << "grown back after " << end;
    EXPECT_EQ(read_all(tree, big), model);
  }
}

TEST(page_tree, changes_out_of_order_are_refused_and_change_nothing) {
  FakeNodes nodes;
  PageTree tree(nodes);
  const auto root = applied(tree, *tree.open({}), {{1, {pack_page(1), 1}}}, 9);
  const uint64_t before = tree.stats().nodes;
  const std::vector<std::vector<SlotChange>> wrong = {
      {{2, {}}, {1, {}}}, {{2, {}}, {2, {}}}, {{0, {}}}, {{10, {}}}};
  for (const auto& changes : wrong) {
    const auto next = tree.apply(root, Version(2), changes, 9);
    ASSERT_FALSE(next);
    EXPECT_EQ(next.error().code, Code::kInvalidArgument);
  }
  EXPECT_EQ(tree.apply(root, root.version(), {}, 9).error().code, Code::kInvalidArgument);
  EXPECT_EQ(tree.stats().nodes, before);
}

// --- storing and loading

TEST(page_tree, a_stored_root_reads_the_same_after_opening_it_elsewhere) {
  FakeNodes nodes;
  PageTree tree(nodes);
  std::vector<SlotChange> changes;
  for (PageNo page = 3; page <= 300000; page += 61)
    changes.push_back({page, {pack_page(page), page}});
  changes.push_back({300000, {Address::hole(), 5}});
  const auto root = applied(tree, *tree.open({}), changes, 300000);
  const auto stored = tree.persist(root, nodes);
  ASSERT_TRUE(stored) << stored.error().message;
  EXPECT_EQ(stored->page_count, 300000U);
  EXPECT_EQ(stored->version, Version(1));

  PageTree other(nodes);
  const auto opened = other.open(*stored);
  ASSERT_TRUE(opened);
  EXPECT_EQ(nodes.loads, 0);
  EXPECT_EQ(slot_at(other, *opened, 3), (Slot{pack_page(3), 3}));
  EXPECT_EQ(nodes.loads, 4);
  EXPECT_EQ(slot_at(other, *opened, 64), (Slot{pack_page(64), 64}));
  EXPECT_EQ(nodes.loads, 4);
  EXPECT_EQ(read_all(other, *opened), read_all(tree, root));
}

TEST(page_tree, only_dirty_nodes_are_stored_again) {
  FakeNodes nodes;
  PageTree tree(nodes);
  std::vector<SlotChange> changes;
  for (PageNo page = 1; page <= 6400; ++page) changes.push_back({page, {pack_page(page), 1}});
  const auto one = applied(tree, *tree.open({}), changes, 6400);
  ASSERT_TRUE(tree.persist(one, nodes));
  const size_t all = nodes.stored();
  EXPECT_EQ(all, 100U + 2 + 1);
  ASSERT_TRUE(tree.persist(one, nodes));
  EXPECT_EQ(nodes.stored(), all);
  const auto two = applied(tree, one, {{5, {pack_page(9), 1}}}, 6400);
  ASSERT_TRUE(tree.persist(two, nodes));
  EXPECT_EQ(nodes.stored(), all + 3);
}

TEST(page_tree, persisting_an_opened_root_stores_and_loads_nothing) {
  FakeNodes nodes;
  PageTree tree(nodes);
  const auto root = applied(tree, *tree.open({}), {{100, {pack_page(1), 1}}}, 100);
  const auto stored = *tree.persist(root, nodes);
  PageTree other(nodes);
  const auto opened = *other.open(stored);
  const size_t count = nodes.stored();
  EXPECT_EQ(*other.persist(opened, nodes), stored);
  EXPECT_EQ(nodes.stored(), count);
  const auto moved_on = applied(other, opened, {}, 100);
  EXPECT_EQ(other.persist(moved_on, nodes)->node, stored.node);
  EXPECT_EQ(nodes.loads, 0);
  EXPECT_TRUE(other.persist(*other.open({}), nodes)->node.is_hole());
}

TEST(page_tree, diff_does_not_read_what_two_stored_roots_share) {
  FakeNodes nodes;
  PageTree tree(nodes);
  std::vector<SlotChange> changes;
  for (PageNo page = 1; page <= 6400; ++page) changes.push_back({page, {pack_page(page), 1}});
  const auto one = applied(tree, *tree.open({}), changes, 6400);
  const auto two = applied(tree, one, {{5000, {pack_page(1), 1}}}, 6400);
  const auto stored_one = *tree.persist(one, nodes);
  const auto stored_two = *tree.persist(two, nodes);
  PageTree other(nodes);
  const auto differences = tree_diff(other, *other.open(stored_one), *other.open(stored_two));
  EXPECT_EQ(differences.size(), 1U);
  EXPECT_TRUE(differences.contains(5000));
  EXPECT_EQ(nodes.loads, 6);  // two paths
}

TEST(page_tree, diff_does_not_read_what_is_in_memory_on_the_other_side) {
  FakeNodes nodes;
  PageTree tree(nodes);
  const auto one =
      applied(tree, *tree.open({}), {{1, {pack_page(1), 1}}, {65, {pack_page(2), 1}}}, 65);
  const auto opened = *tree.open(*tree.persist(one, nodes));
  EXPECT_TRUE(tree_diff(tree, one, opened).empty());
  const auto two = applied(tree, one, {{1, {pack_page(3), 1}}}, 65);
  EXPECT_EQ(tree_diff(tree, opened, two).size(), 1U);
  EXPECT_EQ(nodes.loads, 2);  // the root and the leaf that differs
}

TEST(page_tree, roots_that_share_a_stored_node_share_it_in_memory) {
  FakeNodes nodes;
  PageTree tree(nodes);
  const auto root = applied(tree, *tree.open({}), {{100, {pack_page(1), 1}}}, 100);
  const auto stored = *tree.persist(root, nodes);
  PageTree other(nodes);
  const auto a = *other.open(stored);
  const auto b = *other.open(stored);
  (void)slot_at(other, a, 100);
  (void)slot_at(other, b, 100);
  EXPECT_EQ(nodes.loads, 2);
  EXPECT_EQ(other.stats().nodes, 2U);
}

TEST(page_tree, a_page_in_the_log_cannot_be_stored) {
  FakeNodes nodes;
  PageTree tree(nodes);
  const auto root = applied(tree, *tree.open({}), {{1, {Address::log(Lsn(8)), 1}}}, 1);
  const auto stored = tree.persist(root, nodes);
  ASSERT_FALSE(stored);
  EXPECT_EQ(stored.error().code, Code::kInternal);
}

TEST(page_tree, a_failed_load_leaves_the_tree_as_it_was) {
  FakeNodes nodes;
  PageTree tree(nodes);
  const auto root = applied(tree, *tree.open({}),
                            {{1, {pack_page(1), 1}}, {65, {pack_page(2), 1}}, {5000, {}}}, 5000);
  const auto stored = *tree.persist(root, nodes);
  PageTree other(nodes);
  const auto opened = *other.open(stored);
  EXPECT_EQ(slot_at(other, opened, 1), (Slot{pack_page(1), 1}));
  const uint64_t loaded = other.stats().nodes;
  nodes.fails = true;
  const std::vector<SlotChange> changes = {{1, {pack_page(7), 1}}, {65, {pack_page(8), 1}}};
  EXPECT_FALSE(other.apply(opened, Version(2), changes, 5000));
  EXPECT_FALSE(other.find(opened, 65));
  EXPECT_FALSE(other.for_each(opened, [](PageNo, const Slot&) -> Result<void> { return {}; }));
  EXPECT_EQ(other.stats().nodes, loaded);
  EXPECT_EQ(slot_at(other, opened, 1), (Slot{pack_page(1), 1}));
  nodes.fails = false;
  const auto next = applied(other, opened, changes, 5000);
  EXPECT_EQ(slot_at(other, next, 65), (Slot{pack_page(8), 1}));
}

TEST(page_tree, damaged_nodes_and_roots_are_corrupt) {
  FakeNodes nodes;
  PageTree tree(nodes);
  const auto root = applied(tree, *tree.open({}), {{100, {pack_page(1), 1}}}, 100);
  auto stored = *tree.persist(root, nodes);
  PageTree other(nodes);
  EXPECT_EQ(other.open({Address::log(Lsn(8)), 1, Version(1)}).error().code, Code::kCorrupt);
  EXPECT_EQ(other.open({stored.node, 0, Version(1)}).error().code, Code::kCorrupt);
  stored.page_count = 5000;  // another height
  EXPECT_EQ(other.find(*other.open(stored), 100).error().code, Code::kCorrupt);
  nodes.damage_all();
  stored.page_count = 100;
  PageTree third(nodes);
  EXPECT_EQ(third.find(*third.open(stored), 100).error().code, Code::kCorrupt);
}

// --- translate

TEST(page_tree, translate_visits_a_shared_dirty_slot_once_and_skips_stored_ones) {
  FakeNodes nodes;
  PageTree tree(nodes);
  const auto stored = applied(tree, *tree.open({}), {{1, {pack_page(1), 1}}}, 70);
  ASSERT_TRUE(tree.persist(stored, nodes));
  const auto one = applied(tree, stored, {{65, {Address::log(Lsn(8)), 1}}, {66, {}}}, 70);
  const auto two = applied(tree, one, {{2, {Address::log(Lsn(16)), 1}}}, 70);
  std::map<PageNo, int> visits;
  const PageTree::Root roots[] = {stored, one, two, two};
  tree.translate(roots, [&](PageNo page, Address address) {
    ++visits[page];
    return address.is_log() ? pack_page(page) : address;
  });
  EXPECT_EQ(visits, (std::map<PageNo, int>{{1, 1}, {2, 1}, {65, 1}}));
  EXPECT_EQ(slot_at(tree, one, 65).address, pack_page(65));
  EXPECT_EQ(slot_at(tree, two, 65).address, pack_page(65));
  EXPECT_EQ(slot_at(tree, two, 2).address, pack_page(2));
  EXPECT_TRUE(tree.persist(two, nodes));
}

TEST(page_tree, for_each_dirty_sees_the_slots_of_nodes_that_were_never_stored) {
  FakeNodes nodes;
  PageTree tree(nodes);
  const auto one =
      applied(tree, *tree.open({}), {{1, {pack_page(1), 1}}, {65, {pack_page(2), 1}}}, 70);
  ASSERT_TRUE(tree.persist(one, nodes));
  const auto two = applied(tree, one, {{66, {Address::log(Lsn(8)), 2}}}, 70);
  Model dirty;
  ASSERT_TRUE(tree.for_each_dirty(two, [&](PageNo page, const Slot& slot) -> Result<void> {
    dirty[page] = slot;
    return {};
  }));
  EXPECT_EQ(dirty, (Model{{65, {pack_page(2), 1}}, {66, {Address::log(Lsn(8)), 2}}}));
}

TEST(page_tree, an_opened_root_may_shrink_to_a_subtree_that_is_not_loaded) {
  FakeNodes nodes;
  PageTree tree(nodes);
  const auto root = applied(tree, *tree.open({}),
                            {{7, {pack_page(1), 1}}, {4096, {pack_page(2), 1}}, {4097, {}}}, 4097);
  const auto stored = *tree.persist(root, nodes);
  PageTree other(nodes);
  const auto small = applied(other, *other.open(stored), {}, 4096);
  EXPECT_EQ(nodes.loads, 1);
  EXPECT_EQ(slot_at(other, small, 7), (Slot{pack_page(1), 1}));
  EXPECT_EQ(slot_at(other, small, 4096), (Slot{pack_page(2), 1}));
  const auto smaller = applied(other, small, {}, 64);
  EXPECT_EQ(read_all(other, smaller), (Model{{7, {pack_page(1), 1}}}));
  const auto bigger = applied(other, smaller, {{70, {pack_page(3), 1}}}, 70);
  EXPECT_EQ(read_all(other, bigger), (Model{{7, {pack_page(1), 1}}, {70, {pack_page(3), 1}}}));
}

TEST(page_tree, an_apply_loads_nothing_when_the_right_pages_were_found_before) {
  FakeNodes nodes;
  PageTree tree(nodes);
  std::vector<SlotChange> changes;
  for (PageNo page = 1; page <= 5000; ++page) changes.push_back({page, {pack_page(page), 1}});
  const auto stored = *tree.persist(applied(tree, *tree.open({}), changes, 5000), nodes);
  struct Step {
    std::vector<PageNo> pages;
    uint32_t page_count;
  };
  const std::vector<Step> steps = {{{1, 2000, 5000}, 5000},
                                   {{1, 5001}, 5001},
                                   {{9, 5300}, 300000},
                                   {{1}, 4999},
                                   {{1}, 4096},
                                   {{7, 100}, 100},
                                   {{1}, 64},
                                   {{}, 0}};
  for (const Step& step : steps) {
    PageTree other(nodes);
    const auto opened = *other.open(stored);
    changes.clear();
    for (const PageNo page : step.pages) {
      changes.push_back({page, {pack_page(1), 2}});
      (void)slot_at(other, opened, page);
    }
    (void)slot_at(other, opened, 5000);
    (void)slot_at(other, opened, step.page_count);
    nodes.fails = true;
    EXPECT_TRUE(other.apply(opened, Version(2), changes, step.page_count)) << step.page_count;
    nodes.fails = false;
  }
}

TEST(page_tree, storing_goes_on_where_a_full_disk_stopped_it) {
  FakeNodes nodes;
  PageTree tree(nodes);
  std::vector<SlotChange> changes;
  for (PageNo page = 1; page <= 640; ++page) changes.push_back({page, {pack_page(page), 1}});
  const auto root = applied(tree, *tree.open({}), changes, 640);
  nodes.stored_max = 4;
  EXPECT_EQ(tree.persist(root, nodes).error().code, Code::kDiskFull);
  nodes.stored_max = SIZE_MAX;
  const auto stored = tree.persist(root, nodes);
  ASSERT_TRUE(stored);
  EXPECT_EQ(nodes.stored(), 11U);
  PageTree other(nodes);
  EXPECT_EQ(read_all(other, *other.open(*stored)), read_all(tree, root));
}

}  // namespace
}  // namespace dosql::pages
