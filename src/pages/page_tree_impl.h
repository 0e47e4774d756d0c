// What the parts of PageTree share: page_tree.cc (roots, find), page_tree_apply.cc,
// page_tree_walk.cc (diff, for_each), page_tree_persist.cc (for_each_dirty, translate, persist).
#pragma once

#include <deque>
#include <unordered_map>
#include <vector>

#include "base/sync.h"
#include "pages/node_heap.h"
#include "pages/page_tree.h"

namespace dosql::pages {

// A root's reference is 0, a Node pointer, or, for a root that was opened, a pointer to a cell with
// the lowest bit set. A cell is a word like a child's: it is where the loaded node is kept.
inline constexpr uint64_t kCellBit = 1;

struct PageTree::Impl {
  explicit Impl(NodeSource& node_source) : source(node_source) {}

  // The node a word refers to, loaded when it has to be; nullptr when nothing is there.
  Result<Node*> node_at(uint64_t& word, int level) {
    const uint64_t value = load_word(word);
    if (!is_pack_word(value)) return as_node(value);
    return load(word, Address::from_raw(value), level);
  }
  Result<Node*> load(uint64_t& word, Address address, int level);
  Result<Node*> load_shared(Address address);

  // The word of a root; `own` has to live as long as it is used.
  static uint64_t& word_of(const Root& root, uint64_t& own);
  // The reference to a stored node that is not loaded.
  uint64_t make_cell(uint64_t word);
  static Root make_root(uint64_t ref, uint32_t page_count, Version version);

  NodeSource& source;
  NodeHeap heap;

  // The writer's.
  Version newest{0};
  uint64_t translations = 0;
  std::vector<Node*> made;      // scratch of apply()
  std::vector<Node*> replaced;  // scratch of apply()

  Mutex load_mutex;
  std::unordered_map<uint64_t, Node*> loaded DOSQL_GUARDED_BY(load_mutex);  // by raw address
  std::deque<uint64_t> cells DOSQL_GUARDED_BY(load_mutex);
};

}  // namespace dosql::pages
