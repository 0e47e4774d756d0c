// What threads may do side by side; worth most under the thread sanitizer.
#include <gtest/gtest.h>

#include <thread>

#include "base/random.h"
#include "base/sync.h"
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

// Threads that run `read` again and again, all of them at work before start() returns.
class Readers {
 public:
  template <class Read>
  void start(int count, Read read) {
    for (int i = 0; i < count; ++i) {
      threads_.emplace_back([this, read, i] {
        Random random(static_cast<uint64_t>(i));
        read(random);
        ++running_;
        while (!stop_) read(random);
      });
    }
    while (running_ < count) std::this_thread::yield();
  }
  ~Readers() {
    stop_ = true;
    for (std::thread& thread : threads_) thread.join();
  }

 private:
  std::atomic<bool> stop_{false};
  std::atomic<int> running_{0};
  std::vector<std::thread> threads_;
};

constexpr PageNo kPages = 9000;

TEST(page_tree_threads, readers_go_on_while_addresses_are_translated_and_nodes_stored) {
  FakeNodes nodes;
  PageTree tree(nodes);
  std::vector<SlotChange> changes;
  for (PageNo page = 1; page <= kPages; ++page) {
    changes.push_back({page, {Address::log(Lsn(page * 8)), page}});
  }
  auto head = applied(tree, *tree.open({}), changes, kPages);
  tree.pin(head.version());
  const auto pinned = head;
  {
    Readers readers;
    readers.start(2, [&](Random& random) {
      const auto page = static_cast<PageNo>(1 + random.below(kPages));
      const Slot slot = slot_at(tree, pinned, page);
      ASSERT_TRUE(slot.address == Address::log(Lsn(page * 8)) || slot.address == pack_page(page));
      ASSERT_EQ(slot.owner, page);
    });
    for (uint32_t round = 0; round < 20; ++round) {
      tree.release_before(head.version());
      const PageNo page = 1 + round * 100;
      head = applied(tree, head, {{page, {Address::log(Lsn(page * 8)), page}}}, kPages);
      const PageTree::Root roots[] = {pinned, head};
      tree.translate(roots, [&](PageNo moved, Address address) {
        return address.is_log() ? pack_page(moved) : address;
      });
      EXPECT_TRUE(tree.persist(head, nodes));
    }
  }
  tree.unpin(pinned.version());
}

TEST(page_tree_threads, many_may_load_the_same_nodes_while_the_writer_copies_them) {
  FakeNodes nodes;
  PageTree tree(nodes);
  std::vector<SlotChange> changes;
  for (PageNo page = 1; page <= kPages; ++page) changes.push_back({page, {pack_page(page), page}});
  const auto stored = *tree.persist(applied(tree, *tree.open({}), changes, kPages), nodes);
  for (int round = 0; round < 10; ++round) {
    PageTree other(nodes);
    const auto opened = *other.open(stored);
    other.pin(opened.version());
    {
      Readers readers;
      readers.start(2, [&](Random& random) {
        const auto page = static_cast<PageNo>(1 + random.below(kPages));
        EXPECT_EQ(slot_at(other, opened, page), (Slot{pack_page(page), page}));
      });
      auto head = opened;
      for (PageNo page = 1; page <= kPages; page += 100) {
        head = applied(other, head, {{page, {pack_page(1), 1}}}, kPages);
        other.release_before(head.version());
      }
      EXPECT_EQ(slot_at(other, head, 101), (Slot{pack_page(1), 1}));
    }
    other.unpin(opened.version());
  }
}

// The store's pattern: readers pin the newest version under a lock, read it and unpin.
TEST(page_tree_threads, readers_pin_and_unpin_while_the_writer_publishes_and_releases) {
  FakeNodes nodes;
  PageTree tree(nodes);
  Mutex mutex;
  PageTree::Root head = applied(tree, *tree.open({}), {}, kPages);
  tree.pin(head.version());
  {
    Readers readers;
    readers.start(2, [&](Random&) {
      PageTree::Root mine;
      {
        MutexLock lock(mutex);
        mine = head;
        tree.pin(mine.version());
      }
      // Version v has page v, and no later one.
      const auto page = static_cast<PageNo>(mine.version().value());
      uint64_t pages = 0;
      EXPECT_TRUE(tree.for_each(mine, [&](PageNo, const Slot&) -> Result<void> {
        ++pages;
        return {};
      }));
      EXPECT_EQ(pages, page - 1);
      EXPECT_EQ(slot_at(tree, mine, page + 1), Slot());
      tree.unpin(mine.version());
    });
    for (uint32_t version = 2; version < 2000; ++version) {
      const PageTree::Root before = head;
      const auto next = applied(tree, before, {{version, {pack_page(version), 1}}}, kPages);
      tree.pin(next.version());
      {
        MutexLock lock(mutex);
        head = next;
      }
      tree.unpin(before.version());
      tree.release_before(next.version());
    }
  }
  EXPECT_EQ(tree.stats().retired, 0U);
}

}  // namespace
}  // namespace dosql::pages
