#include "pages/page_tree.h"

#include "base/text.h"
#include "pages/page_tree_impl.h"
#include "pages/stored_node.h"

namespace dosql::pages {

PageTree::PageTree(NodeSource& source) : impl_(std::make_unique<Impl>(source)) {}
PageTree::~PageTree() = default;

PageTree::Root PageTree::Impl::make_root(uint64_t ref, uint32_t page_count, Version version) {
  Root root;
  root.ref_ = ref;
  root.page_count_ = page_count;
  root.version_ = version;
  return root;
}

uint64_t& PageTree::Impl::word_of(const Root& root, uint64_t& own) {
  if ((root.ref_ & kCellBit) != 0) {
    return *reinterpret_cast<uint64_t*>(static_cast<uintptr_t>(root.ref_ & ~kCellBit));
  }
  own = root.ref_;
  return own;
}

Result<PageTree::Root> PageTree::open(const StoredRoot& stored) {
  const bool is_root = stored.node.is_hole() || (stored.node.is_pack() && stored.page_count > 0);
  if (!is_root) {
    return fail(Code::kCorrupt,
                str_cat({"page tree: the root of version ", std::to_string(stored.version.value()),
                         " has an impossible address"}));
  }
  const uint64_t ref = stored.node.is_hole() ? 0 : impl_->make_cell(stored.node.raw());
  return Impl::make_root(ref, stored.page_count, stored.version);
}

uint64_t PageTree::Impl::make_cell(uint64_t word) {
  MutexLock lock(load_mutex);
  return reinterpret_cast<uintptr_t>(&cells.emplace_back(word)) | kCellBit;
}

Result<Slot> PageTree::find(const Root& root, PageNo page) const {
  if (page == 0 || page > root.page_count_) return Slot();
  uint64_t own = 0;
  uint64_t* word = &Impl::word_of(root, own);
  const uint64_t index = page - 1;
  for (int level = level_for(root.page_count_);; --level) {
    const uint64_t value = load_word(*word);
    Node* node = as_node(value);
    if (is_pack_word(value)) {
      DOSQL_TRY(node, impl_->load(*word, Address::from_raw(value), level));
    }
    if (node == nullptr) return Slot();
    if (level == 0) return as_leaf(*node).slot(child_index(index, 0));
    word = &as_interior(*node).child[child_index(index, level)];
  }
}

void PageTree::pin(Version version) {
  impl_->heap.pin(version);
}
void PageTree::unpin(Version version) {
  impl_->heap.unpin(version);
}
void PageTree::release_before(Version version) {
  impl_->heap.release_before(version);
}
PageTree::Stats PageTree::stats() const {
  return impl_->heap.stats();
}

// --- loading

Result<Node*> PageTree::Impl::load(uint64_t& word, Address address, int level) {
  DOSQL_TRY(Node * node, load_shared(address));
  if (node->level != level) {
    return fail(Code::kCorrupt, "page tree: a node of the wrong level; run dosql check");
  }
  // Others may store the same node; a word never changes to anything else.
  store_word(word, as_word(node));
  return node;
}

// Roots that share a stored node share it in memory, too.
Result<Node*> PageTree::Impl::load_shared(Address address) {
  {
    MutexLock lock(load_mutex);
    const auto known = loaded.find(address.raw());
    if (known != loaded.end()) return known->second;
  }
  DOSQL_TRY(const Buffer bytes, source.load_node(address));
  DOSQL_TRY(const NodeImage image, decode_node(bytes));
  const Version birth(image.birth);
  Node* node = nullptr;
  if (image.level == 0) {
    Leaf* leaf = heap.make_leaf(birth, Origin::kLoaded);
    std::copy(image.address.begin(), image.address.end(), leaf->address);
    std::copy(image.owner.begin(), image.owner.end(), leaf->owner);
    node = leaf;
  } else {
    Interior* interior = heap.make_interior(birth, image.level, Origin::kLoaded);
    std::copy(image.address.begin(), image.address.end(), interior->child);
    node = interior;
  }
  node->stored = address.raw();
  MutexLock lock(load_mutex);
  const auto [known, is_first] = loaded.try_emplace(address.raw(), node);
  if (!is_first) heap.discard({&node, 1});
  return known->second;
}

}  // namespace dosql::pages
