// NodeHeap: owns all nodes of one PageTree and frees each as soon as no live root can see it.
//
// A node born in version b and replaced by version d is visible to the roots in [b, d). Live are
// the pinned versions and every version from the released position on. A retired node therefore
// waits in `pending_` until the released position reaches d; then it hangs at the newest pin below
// d, if that is b or newer, and is looked at again when that pin goes. New pins are never below the
// released position, so nothing else has to be looked at. Loaded nodes are not retired: they stay.
//
// Thread rule: thread-safe. Nodes are filled in by their maker before others see them.
#pragma once

#include <deque>
#include <map>
#include <span>
#include <vector>

#include "base/sync.h"
#include "pages/tree_node.h"

namespace dosql::pages {

class NodeHeap {
 public:
  NodeHeap() = default;
  ~NodeHeap();
  NodeHeap(const NodeHeap&) = delete;
  NodeHeap& operator=(const NodeHeap&) = delete;

  // Slots and children are not initialised; a made node is fresh.
  Leaf* make_leaf(Version birth, Origin origin) DOSQL_EXCLUDES(mutex_);
  Interior* make_interior(Version birth, int level, Origin origin) DOSQL_EXCLUDES(mutex_);
  // Nodes that nobody else has seen.
  void discard(std::span<Node* const> nodes) DOSQL_EXCLUDES(mutex_);
  // `version` has replaced these nodes.
  void retire(std::span<Node* const> nodes, Version version) DOSQL_EXCLUDES(mutex_);
  // Versions after `base` will never be used: frees what was born in them, takes back what they
  // retired. Fresh nodes stay.
  void abandon_after(Version base) DOSQL_EXCLUDES(mutex_);

  void pin(Version version) DOSQL_EXCLUDES(mutex_);
  void unpin(Version version) DOSQL_EXCLUDES(mutex_);
  void release_before(Version version) DOSQL_EXCLUDES(mutex_);

  [[nodiscard]] PageTree::Stats stats() const DOSQL_EXCLUDES(mutex_);

 private:
  struct Pin {
    uint64_t count = 0;
    std::vector<Node*> seen;  // retired nodes for which this is the newest pin that sees them
  };

  template <class T>
  T* make(std::vector<T*>& spare, Version birth, Origin origin) DOSQL_REQUIRES(mutex_);
  void free_node(Node* node) DOSQL_REQUIRES(mutex_);
  void settle(Node* node) DOSQL_REQUIRES(mutex_);
  void take_back(std::vector<Node*>& seen, Version base) DOSQL_REQUIRES(mutex_);

  mutable Mutex mutex_;
  Node* nodes_ DOSQL_GUARDED_BY(mutex_) = nullptr;
  uint64_t node_count_ DOSQL_GUARDED_BY(mutex_) = 0;
  uint64_t retired_count_ DOSQL_GUARDED_BY(mutex_) = 0;
  std::vector<Leaf*> spare_leaves_ DOSQL_GUARDED_BY(mutex_);
  std::vector<Interior*> spare_interiors_ DOSQL_GUARDED_BY(mutex_);
  uint64_t released_ DOSQL_GUARDED_BY(mutex_) = 0;
  std::map<uint64_t, Pin> pins_ DOSQL_GUARDED_BY(mutex_);
  std::deque<Node*> pending_ DOSQL_GUARDED_BY(mutex_);  // retired after the released position
};

}  // namespace dosql::pages
