#include <algorithm>

#include "base/text.h"
#include "pages/page_tree_impl.h"

namespace dosql::pages {
namespace {

using Changes = std::span<const SlotChange>;

Result<void> check_changes(Changes changes, uint32_t page_count) {
  PageNo last = 0;
  for (const SlotChange& change : changes) {
    if (change.page <= last || change.page > page_count) {
      return fail(Code::kInvalidArgument, str_cat({"page tree: page ", std::to_string(change.page),
                                                   " is out of order or beyond the last page"}));
    }
    last = change.page;
  }
  return {};
}

void copy_slots(const Node& from, Node& to) {
  if (from.level == 0) {
    // Only the writer changes addresses (translate), and the writer is here.
    const auto& source = static_cast<const Leaf&>(from);
    std::copy_n(source.address, kFanOut, as_leaf(to).address);
    std::copy_n(source.owner, kFanOut, as_leaf(to).owner);
    return;
  }
  const auto& source = static_cast<const Interior&>(from);
  for (uint32_t i = 0; i < kFanOut; ++i) as_interior(to).child[i] = load_word(source.child[i]);
}

}  // namespace

// One apply(): copies the paths it changes, remembers what it made and what that replaces.
class PathCopy {
 public:
  PathCopy(PageTree::Impl& tree, Version version) : tree_(tree), version_(version) {
    tree_.made.clear();
    tree_.replaced.clear();
  }
  ~PathCopy() { tree_.heap.discard(tree_.made); }
  PathCopy(const PathCopy&) = delete;
  PathCopy& operator=(const PathCopy&) = delete;

  Result<void> change_size(uint64_t& word, uint32_t from, uint32_t to);
  // `changes`: not empty, all below `word`, whose first page is `first` + 1.
  Result<void> update(uint64_t& word, int level, uint64_t first, Changes changes);
  // The new nodes stay.
  void keep(Version base);

 private:
  Node* make(int level);
  Result<Node*> make_writable(uint64_t& word, int level);
  Result<void> truncate(uint64_t& word, int level, uint64_t pages);
  void drop(uint64_t word);
  void replace(Node* node) {
    if (!node->is_loaded) tree_.replaced.push_back(node);
  }

  PageTree::Impl& tree_;
  const Version version_;
};

Node* PathCopy::make(int level) {
  Node* node = nullptr;
  if (level == 0) {
    node = tree_.heap.make_leaf(version_, Origin::kMade);
  } else {
    node = tree_.heap.make_interior(version_, level, Origin::kMade);
  }
  tree_.made.push_back(node);
  return node;
}

// The node of `word`, made or copied unless this apply did so before.
Result<Node*> PathCopy::make_writable(uint64_t& word, int level) {
  DOSQL_TRY(Node * old, tree_.node_at(word, level));
  if (old != nullptr && old->is_fresh) return old;
  Node* node = make(level);
  if (old != nullptr) {
    copy_slots(*old, *node);
    replace(old);
  } else if (level == 0) {
    std::fill_n(as_leaf(*node).address, kFanOut, 0);
    std::fill_n(as_leaf(*node).owner, kFanOut, 0);
  } else {
    std::fill_n(as_interior(*node).child, kFanOut, 0);
  }
  word = as_word(node);
  return node;
}

Result<void> PathCopy::change_size(uint64_t& word, uint32_t from, uint32_t to) {
  int level = level_for(from);
  if (to == 0) {
    drop(word);
    word = 0;
    return {};
  }
  for (; level > level_for(to) && word != 0; --level) {
    DOSQL_TRY(Node * top, tree_.node_at(word, level));
    const Interior& interior = as_interior(*top);
    for (uint32_t i = 1; i < kFanOut; ++i) drop(load_word(interior.child[i]));
    replace(top);
    word = load_word(interior.child[0]);
  }
  for (; level < level_for(to) && word != 0; ++level) {
    Interior& top = as_interior(*make(level + 1));
    std::fill_n(top.child, kFanOut, 0);
    top.child[0] = word;
    word = as_word(&top);
  }
  return to < from ? truncate(word, level_for(to), to) : Result<void>();
}

// Keeps the first `pages` slots below `word`.
Result<void> PathCopy::truncate(uint64_t& word, int level, uint64_t pages) {
  if (word == 0 || pages == pages_under(level)) return {};
  DOSQL_TRY(Node * node, make_writable(word, level));
  if (level == 0) {
    Leaf& leaf = as_leaf(*node);
    std::fill(leaf.address + pages, leaf.address + kFanOut, 0);
    std::fill(leaf.owner + pages, leaf.owner + kFanOut, 0);
    return {};
  }
  Interior& interior = as_interior(*node);
  const auto kept = static_cast<uint32_t>(pages / pages_under(level - 1));
  const uint64_t rest = pages % pages_under(level - 1);
  for (uint32_t i = kept + (rest > 0 ? 1 : 0); i < kFanOut; ++i) {
    drop(interior.child[i]);
    interior.child[i] = 0;
  }
  return rest > 0 ? truncate(interior.child[kept], level - 1, rest) : Result<void>();
}

// A subtree that the new version no longer has; nothing is loaded for it.
void PathCopy::drop(uint64_t word) {
  if (word == 0 || is_pack_word(word)) return;
  Node* node = as_node(word);
  if (node->is_loaded) return;  // all below it is loaded, too
  for (uint32_t i = 0; node->level > 0 && i < kFanOut; ++i) {
    drop(load_word(as_interior(*node).child[i]));
  }
  replace(node);
}

Result<void> PathCopy::update(uint64_t& word, int level, uint64_t first, Changes changes) {
  DOSQL_TRY(Node * node, make_writable(word, level));
  if (level == 0) {
    Leaf& leaf = as_leaf(*node);
    for (const SlotChange& change : changes) {
      const auto i = static_cast<uint32_t>(change.page - 1 - first);
      leaf.address[i] = change.slot.address.raw();
      leaf.owner[i] = change.slot.owner;
    }
    return {};
  }
  while (!changes.empty()) {
    const uint32_t i = child_index(changes.front().page - 1, level);
    const uint64_t child_first = first + i * pages_under(level - 1);
    const uint64_t last_page = child_first + pages_under(level - 1);
    size_t below = 1;
    while (below < changes.size() && changes[below].page <= last_page) ++below;
    DOSQL_TRY(update(as_interior(*node).child[i], level - 1, child_first, changes.first(below)));
    changes = changes.subspan(below);
  }
  return {};
}

void PathCopy::keep(Version base) {
  // A base that is not the newest version: the newer ones were never used.
  if (base < tree_.newest) tree_.heap.abandon_after(base);
  for (Node* node : tree_.made) node->is_fresh = false;
  tree_.made.clear();
  tree_.heap.retire(tree_.replaced, version_);
  tree_.newest = version_;
}

Result<PageTree::Root> PageTree::apply(const Root& base, Version version, Changes changes,
                                       uint32_t page_count) {
  if (version <= base.version_) {
    return fail(Code::kInvalidArgument,
                str_cat({"page tree: version ", std::to_string(version.value()),
                         " cannot follow version ", std::to_string(base.version_.value())}));
  }
  DOSQL_TRY(check_changes(changes, page_count));
  PathCopy copy(*impl_, version);
  uint64_t own = 0;
  const uint64_t base_word = load_word(Impl::word_of(base, own));
  uint64_t word = base_word;
  DOSQL_TRY(copy.change_size(word, base.page_count_, page_count));
  if (!changes.empty()) {
    DOSQL_TRY(copy.update(word, level_for(page_count), 0, changes));
  }
  copy.keep(base.version_);
  uint64_t ref = word;
  if (word == base_word) {
    ref = base.ref_;
  } else if (is_pack_word(word)) {
    ref = impl_->make_cell(word);
  }
  return Impl::make_root(ref, page_count, version);
}

}  // namespace dosql::pages
