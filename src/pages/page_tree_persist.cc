#include "base/text.h"
#include "pages/page_tree_impl.h"
#include "pages/stored_node.h"

namespace dosql::pages {
namespace {

// The node of a word when it is dirty, else nullptr. What is below a stored node is stored.
Node* dirty_node(uint64_t word) {
  if (word == 0 || is_pack_word(word)) return nullptr;
  Node* node = as_node(word);
  return load_word(node->stored) == 0 ? node : nullptr;
}

Result<void> visit_dirty(uint64_t word, uint64_t first, const PageTree::SlotVisit& visit) {
  Node* node = dirty_node(word);
  if (node == nullptr) return {};
  for (uint32_t i = 0; i < kFanOut; ++i) {
    if (node->level > 0) {
      DOSQL_TRY(visit_dirty(load_word(as_interior(*node).child[i]),
                            first + i * pages_under(node->level - 1), visit));
      continue;
    }
    const Slot slot = as_leaf(*node).slot(i);
    if (!(slot == Slot())) {
      DOSQL_TRY(visit(static_cast<PageNo>(first + i + 1), slot));
    }
  }
  return {};
}

using Moved = std::function<Address(PageNo page, Address address)>;

void translate_node(uint64_t word, uint64_t first, uint64_t number, const Moved& moved) {
  Node* node = dirty_node(word);
  if (node == nullptr || node->translated == number) return;
  node->translated = number;
  for (uint32_t i = 0; i < kFanOut; ++i) {
    if (node->level > 0) {
      translate_node(load_word(as_interior(*node).child[i]),
                     first + i * pages_under(node->level - 1), number, moved);
      continue;
    }
    uint64_t& slot = as_leaf(*node).address[i];
    const Address address = Address::from_raw(slot);
    if (address.is_hole()) continue;
    const Address now = moved(static_cast<PageNo>(first + i + 1), address);
    if (!(now == address)) store_word(slot, now.raw());
  }
}

Result<void> check_storable(const NodeImage& image) {
  for (const uint64_t raw : image.address) {
    const Address address = Address::from_raw(raw);
    if (address.is_hole() || address.is_pack()) continue;
    return fail(Code::kInternal, "page tree: a page that is still in the log cannot be stored");
  }
  return {};
}

// The address of the stored node of a word, 0 for none.
Result<uint64_t> store_nodes(uint64_t word, NodeSink& sink) {
  Node* node = dirty_node(word);
  if (node == nullptr) return stored_address_of(word);
  NodeImage image{.birth = node->birth, .level = node->level};
  for (uint32_t i = 0; i < kFanOut; ++i) {
    if (node->level > 0) {
      DOSQL_TRY(image.address[i], store_nodes(load_word(as_interior(*node).child[i]), sink));
    } else {
      image.address[i] = as_leaf(*node).address[i];
      image.owner[i] = as_leaf(*node).owner[i];
    }
  }
  DOSQL_TRY(check_storable(image));
  NodeBytes space;
  DOSQL_TRY(const Address address, sink.store_node(encode_node(image, space)));
  DOSQL_CHECK(address.is_pack());
  store_word(node->stored, address.raw());
  return address.raw();
}

}  // namespace

Result<void> PageTree::for_each_dirty(const Root& root, const SlotVisit& visit) const {
  uint64_t own = 0;
  return visit_dirty(load_word(Impl::word_of(root, own)), 0, visit);
}

void PageTree::translate(std::span<const Root> roots, const Moved& moved) {
  const uint64_t number = ++impl_->translations;
  for (const Root& root : roots) {
    uint64_t own = 0;
    translate_node(load_word(Impl::word_of(root, own)), 0, number, moved);
  }
}

Result<PageTree::StoredRoot> PageTree::persist(const Root& root, NodeSink& sink) {
  uint64_t own = 0;
  DOSQL_TRY(const uint64_t stored, store_nodes(load_word(Impl::word_of(root, own)), sink));
  return StoredRoot{Address::from_raw(stored), root.page_count_, root.version_};
}

}  // namespace dosql::pages
