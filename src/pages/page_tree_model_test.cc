// Random histories against a model: every live root always reads exactly what it should.
#include <gtest/gtest.h>

#include <map>

#include "base/random.h"
#include "pages/fake_nodes.h"
#include "pages/page_tree.h"

namespace dosql::pages {
namespace {

using Model = std::map<PageNo, Slot>;

// A tree with its live versions, and what each of them must contain.
class History {
 public:
  explicit History(uint64_t seed)
      : random_(seed), reopens_(seed % 2 == 0), tree_(std::make_unique<PageTree>(nodes_)) {
    head_ = {*tree_->open({}), {}};
  }

  void step() {
    switch (random_.below(12)) {
      case 0:
        pin();
        break;
      case 1:
        unpin();
        break;
      case 2:
        release();
        break;
      case 3:
        compare_two();
        break;
      case 4:
        persist();
        break;
      case 5:
        abandon();
        break;
      default:
        commit();
        break;
    }
    if (reopens_ && random_.one_in(60)) reopen();
    if (random_.one_in(10)) check_one(any_live());
  }

  void check_all() {
    for (const auto& [version, state] : live_) check_one(state);
    check_one(head_);
  }

  // Without readers only the head's nodes are there, and none once it has no pages.
  void check_memory() {
    while (!pins_.empty()) unpin();
    tree_->release_before(head_.root.version());
    const Version last(head_.root.version().value() + 1);
    ASSERT_TRUE(tree_->apply(head_.root, last, {}, 0));
    tree_->release_before(last);
    EXPECT_EQ(tree_->stats().retired, 0U);
    if (!has_loaded_) EXPECT_EQ(tree_->stats().nodes, 0U);
  }

 private:
  struct State {
    PageTree::Root root;
    Model model;
  };

  PageNo any_page(uint32_t page_count) {
    if (random_.one_in(2)) return static_cast<PageNo>(1 + random_.below(page_count));
    // Near the edges of nodes.
    static constexpr uint64_t kEdges[] = {64, 128, 4096, 8192, 262144};
    const uint64_t page = kEdges[random_.below(5)] + random_.below(3) - 1;
    return page <= page_count ? static_cast<PageNo>(page) : 1;
  }

  uint32_t any_page_count() {
    const uint32_t now = head_.root.page_count();
    switch (random_.below(50)) {
      case 0:
        return static_cast<uint32_t>(random_.below(300000));
      case 1:
        return static_cast<uint32_t>(random_.below(5000));
      case 2:
        return static_cast<uint32_t>(random_.below(70));
      case 3:
        return now / 2;
      default:
        return now + static_cast<uint32_t>(random_.below(3));
    }
  }

  State next_of(const State& base) {
    const uint32_t page_count = any_page_count();
    std::map<PageNo, Slot> changes;
    for (uint64_t i = page_count == 0 ? 0 : random_.below(8); i > 0; --i) {
      Slot slot{Address::log(Lsn(++lsn_ * 8)), static_cast<uint32_t>(random_.below(5))};
      if (random_.one_in(8)) slot = Slot();
      changes[any_page(page_count)] = slot;
    }
    std::vector<SlotChange> list;
    State next{{}, base.model};
    next.model.erase(next.model.upper_bound(page_count), next.model.end());
    for (const auto& [page, slot] : changes) {
      list.push_back({page, slot});
      if (slot == Slot()) {
        next.model.erase(page);
      } else {
        next.model[page] = slot;
      }
    }
    auto root = tree_->apply(base.root, Version(base.root.version().value() + 1), list, page_count);
    EXPECT_TRUE(root) << root.error().message;
    next.root = *root;
    return next;
  }

  void commit() {
    live_[head_.root.version().value()] = head_;
    head_ = next_of(head_);
  }
  // A version that is made and never used.
  void abandon() { (void)next_of(head_); }

  void pin() {
    const State state = any_live();
    tree_->pin(state.root.version());
    ++pins_[state.root.version().value()];
    live_[state.root.version().value()] = state;
  }
  void unpin() {
    if (pins_.empty()) return;
    auto pin = std::next(pins_.begin(), static_cast<ptrdiff_t>(random_.below(pins_.size())));
    tree_->unpin(Version(pin->first));
    if (--pin->second == 0) pins_.erase(pin);
    forget_dead();
  }
  void release() {
    const uint64_t head = head_.root.version().value();
    released_ = std::max(released_, head - std::min(head, random_.below(3)));
    tree_->release_before(Version(released_));
    forget_dead();
  }
  void forget_dead() {
    std::erase_if(live_, [&](const auto& entry) {
      return entry.first < released_ && !pins_.contains(entry.first);
    });
  }

  State any_live() {
    const uint64_t i = random_.below(live_.size() + 1);
    return i == live_.size() ? head_ : std::next(live_.begin(), static_cast<ptrdiff_t>(i))->second;
  }

  void check_one(const State& state) {
    Model read;
    ASSERT_TRUE(tree_->for_each(state.root, [&](PageNo page, const Slot& slot) -> Result<void> {
      read[page] = slot;
      return {};
    }));
    ASSERT_EQ(read, state.model) << "version " << state.root.version().value();
    for (int i = 0; i < 5; ++i) {
      const auto page = static_cast<PageNo>(random_.below(300000));
      const auto slot = tree_->find(state.root, page);
      const auto known = state.model.find(page);
      ASSERT_EQ(*slot, known == state.model.end() ? Slot() : known->second);
    }
  }

  void compare_two() {
    const State a = any_live();
    const State b = any_live();
    std::map<PageNo, std::pair<Slot, Slot>> expected;
    for (const auto& [page, slot] : a.model) expected[page].first = slot;
    for (const auto& [page, slot] : b.model) expected[page].second = slot;
    std::erase_if(expected, [](const auto& d) { return d.second.first == d.second.second; });
    auto at = expected.begin();
    const auto walked =
        tree_->diff(a.root, b.root, [&](PageNo page, const Slot& x, const Slot& y) -> Result<void> {
          if (at == expected.end() || at->first != page || !(at->second == std::pair(x, y))) {
            return fail(Code::kInternal, "unexpected page " + std::to_string(page));
          }
          ++at;
          return {};
        });
    ASSERT_TRUE(walked) << walked.error().message;
    ASSERT_TRUE(at == expected.end());
  }

  // A round: the pages of every live root move from the log to a pack, the head is stored.
  void persist() {
    std::vector<PageTree::Root> roots{head_.root};
    for (const auto& [version, state] : live_) roots.push_back(state.root);
    tree_->translate(roots, [&](PageNo, Address address) { return moved(address); });
    const auto translate_model = [&](Model& model) {
      for (auto& [page, slot] : model) slot.address = moved(slot.address);
    };
    for (auto& [version, state] : live_) translate_model(state.model);
    translate_model(head_.model);
    const auto stored = tree_->persist(head_.root, nodes_);
    ASSERT_TRUE(stored) << stored.error().message;
    stored_ = *stored;
    stored_model_ = head_.model;
  }

  static Address moved(Address address) {
    if (!address.is_log()) return address;
    return Address::pack({3, static_cast<uint32_t>(address.lsn().value() % (1U << 24)), 77});
  }

  // The process starts again at what was stored.
  void reopen() {
    if (stored_.node.is_hole()) return;
    live_.clear();
    pins_.clear();
    released_ = 0;
    tree_ = std::make_unique<PageTree>(nodes_);
    head_ = {*tree_->open(stored_), stored_model_};
    has_loaded_ = true;
  }

  Random random_;
  const bool reopens_;
  FakeNodes nodes_;
  std::unique_ptr<PageTree> tree_;
  State head_;
  std::map<uint64_t, State> live_;  // older than the head
  std::map<uint64_t, int> pins_;
  uint64_t released_ = 0;
  uint64_t lsn_ = 0;
  PageTree::StoredRoot stored_;
  Model stored_model_;
  bool has_loaded_ = false;
};

TEST(page_tree_model, every_live_root_reads_what_it_should_through_random_histories) {
  for (uint64_t seed = 1; seed <= 200; ++seed) {
    SCOPED_TRACE(seed);
    History history(seed);
    for (int i = 0; i < 400 && !testing::Test::HasFailure(); ++i) history.step();
    history.check_all();
    history.check_memory();
    if (testing::Test::HasFailure()) return;
  }
}

}  // namespace
}  // namespace dosql::pages
