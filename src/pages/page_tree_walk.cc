#include "pages/page_tree_impl.h"

namespace dosql::pages {
namespace {

// Compares two trees, which may be of different heights, side by side.
class DiffWalk {
 public:
  DiffWalk(PageTree::Impl& tree, uint32_t a_count, uint32_t b_count,
           const PageTree::DiffVisit& visit)
      : tree_(tree), a_count_(a_count), b_count_(b_count), visit_(visit) {}

  // One side of the walk; nothing is below a word of 0.
  struct Side {
    uint64_t* word;
    int level;
  };
  Result<void> compare(Side a, Side b, uint64_t first);

 private:
  Result<void> compare_leaves(const Leaf* a, const Leaf* b, uint64_t first);

  PageTree::Impl& tree_;
  const uint32_t a_count_;
  const uint32_t b_count_;
  const PageTree::DiffVisit& visit_;
};

Slot slot_of(const Leaf* leaf, uint32_t i, uint64_t page, uint32_t page_count) {
  return leaf == nullptr || page > page_count ? Slot() : leaf->slot(i);
}

Result<void> DiffWalk::compare(Side a, Side b, uint64_t first) {
  const uint64_t a_word = load_word(*a.word);
  const uint64_t b_word = load_word(*b.word);
  if (a_word == b_word) return {};
  const uint64_t a_stored = stored_address_of(a_word);
  if (a_stored != 0 && a_stored == stored_address_of(b_word)) return {};
  const int level = std::max(a_word == 0 ? 0 : a.level, b_word == 0 ? 0 : b.level);

  // The lower tree is the first child of the higher one.
  Node* a_node = nullptr;
  Node* b_node = nullptr;
  if (a.level == level) {
    DOSQL_TRY(a_node, tree_.node_at(*a.word, level));
  }
  if (b.level == level) {
    DOSQL_TRY(b_node, tree_.node_at(*b.word, level));
  }
  if (level == 0) {
    return compare_leaves(static_cast<const Leaf*>(a_node), static_cast<const Leaf*>(b_node),
                          first);
  }
  const auto child = [&](Side side, Node* node, uint32_t i, uint64_t& nothing) -> Side {
    if (node != nullptr) return {&as_interior(*node).child[i], level - 1};
    if (side.level < level && i == 0) return side;
    return {&nothing, level - 1};
  };
  for (uint32_t i = 0; i < kFanOut; ++i) {
    uint64_t nothing = 0;
    DOSQL_TRY(compare(child(a, a_node, i, nothing), child(b, b_node, i, nothing),
                      first + i * pages_under(level - 1)));
  }
  return {};
}

Result<void> DiffWalk::compare_leaves(const Leaf* a, const Leaf* b, uint64_t first) {
  for (uint32_t i = 0; i < kFanOut; ++i) {
    const uint64_t page = first + i + 1;
    const Slot a_slot = slot_of(a, i, page, a_count_);
    const Slot b_slot = slot_of(b, i, page, b_count_);
    if (!(a_slot == b_slot)) {
      DOSQL_TRY(visit_(static_cast<PageNo>(page), a_slot, b_slot));
    }
  }
  return {};
}

}  // namespace

Result<void> PageTree::diff(const Root& a, const Root& b, const DiffVisit& visit) const {
  uint64_t own_a = 0;
  uint64_t own_b = 0;
  DiffWalk walk(*impl_, a.page_count_, b.page_count_, visit);
  return walk.compare({&Impl::word_of(a, own_a), level_for(a.page_count_)},
                      {&Impl::word_of(b, own_b), level_for(b.page_count_)}, 0);
}

Result<void> PageTree::for_each(const Root& root, const SlotVisit& visit) const {
  return diff(Root(), root,
              [&](PageNo page, const Slot&, const Slot& slot) { return visit(page, slot); });
}

}  // namespace dosql::pages
