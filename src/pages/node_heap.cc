#include "pages/node_heap.h"

#include <algorithm>

namespace dosql::pages {
namespace {

// Freed nodes kept for the next apply. The address sanitizer shall see every use after free.
#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define DOSQL_KEEP_SPARE_NODES 0
#endif
#endif
#ifndef DOSQL_KEEP_SPARE_NODES
#define DOSQL_KEEP_SPARE_NODES 1
#endif
constexpr size_t kSpareMax = DOSQL_KEEP_SPARE_NODES != 0 ? 16 : 0;

void delete_node(Node* node) {
  if (node->level == 0) {
    delete static_cast<Leaf*>(node);
  } else {
    delete static_cast<Interior*>(node);
  }
}

}  // namespace

NodeHeap::~NodeHeap() {
  for (Node* node = nodes_; node != nullptr;) {
    Node* next = node->next;
    delete_node(node);
    node = next;
  }
  for (Leaf* leaf : spare_leaves_) delete leaf;
  for (Interior* interior : spare_interiors_) delete interior;
}

template <class T>
T* NodeHeap::make(std::vector<T*>& spare, Version birth, Origin origin) {
  T* node = nullptr;
  if (spare.empty()) {
    node = new T;
  } else {
    node = spare.back();
    spare.pop_back();
    static_cast<Node&>(*node) = Node();
  }
  node->birth = birth.value();
  node->is_loaded = origin == Origin::kLoaded;
  node->is_fresh = origin == Origin::kMade;
  node->next = nodes_;
  if (nodes_ != nullptr) nodes_->previous = node;
  nodes_ = node;
  ++node_count_;
  return node;
}

Leaf* NodeHeap::make_leaf(Version birth, Origin origin) {
  MutexLock lock(mutex_);
  return make(spare_leaves_, birth, origin);
}

Interior* NodeHeap::make_interior(Version birth, int level, Origin origin) {
  MutexLock lock(mutex_);
  Interior* node = make(spare_interiors_, birth, origin);
  node->level = static_cast<uint8_t>(level);
  return node;
}

void NodeHeap::free_node(Node* node) {
  (node->previous == nullptr ? nodes_ : node->previous->next) = node->next;
  if (node->next != nullptr) node->next->previous = node->previous;
  --node_count_;
  if (node->level == 0 && spare_leaves_.size() < kSpareMax) {
    spare_leaves_.push_back(static_cast<Leaf*>(node));
  } else if (node->level != 0 && spare_interiors_.size() < kSpareMax) {
    spare_interiors_.push_back(static_cast<Interior*>(node));
  } else {
    delete_node(node);
  }
}

void NodeHeap::discard(std::span<Node* const> nodes) {
  MutexLock lock(mutex_);
  for (Node* node : nodes) free_node(node);
}

// --- retired nodes

void NodeHeap::retire(std::span<Node* const> nodes, Version version) {
  MutexLock lock(mutex_);
  for (Node* node : nodes) {
    DOSQL_CHECK(node->retired_at == 0 && node->birth < version.value());
    node->retired_at = version.value();
    ++retired_count_;
    settle(node);
  }
}

// Puts a retired node where it waits, or frees it.
void NodeHeap::settle(Node* node) {
  if (node->retired_at > released_) {
    pending_.push_back(node);
    return;
  }
  auto pin = pins_.lower_bound(node->retired_at);
  if (pin != pins_.begin() && (--pin)->first >= node->birth) {
    pin->second.seen.push_back(node);
    return;
  }
  --retired_count_;
  free_node(node);
}

void NodeHeap::pin(Version version) {
  MutexLock lock(mutex_);
  ++pins_[version.value()].count;
}

void NodeHeap::unpin(Version version) {
  MutexLock lock(mutex_);
  const auto pin = pins_.find(version.value());
  DOSQL_CHECK(pin != pins_.end());
  if (--pin->second.count > 0) return;
  const std::vector<Node*> seen = std::move(pin->second.seen);
  pins_.erase(pin);
  for (Node* node : seen) settle(node);
}

void NodeHeap::release_before(Version version) {
  MutexLock lock(mutex_);
  released_ = std::max(released_, version.value());
  // Versions ascend, so the nodes at the front were retired first.
  while (!pending_.empty() && pending_.front()->retired_at <= released_) {
    Node* node = pending_.front();
    pending_.pop_front();
    settle(node);
  }
}

void NodeHeap::take_back(std::vector<Node*>& seen, Version base) {
  retired_count_ -= std::erase_if(seen, [&](Node* node) {
    if (node->retired_at <= base.value()) return false;
    node->retired_at = 0;
    return true;
  });
}

void NodeHeap::abandon_after(Version base) {
  MutexLock lock(mutex_);
  DOSQL_CHECK(pins_.upper_bound(base.value()) == pins_.end());
  std::vector<Node*> pending(pending_.begin(), pending_.end());
  take_back(pending, base);
  pending_.assign(pending.begin(), pending.end());
  for (auto& [version, pin] : pins_) take_back(pin.seen, base);
  for (Node* node = nodes_; node != nullptr;) {
    Node* next = node->next;
    const bool is_abandoned = node->birth > base.value() && !node->is_fresh && !node->is_loaded;
    if (is_abandoned) free_node(node);
    node = next;
  }
}

PageTree::Stats NodeHeap::stats() const {
  MutexLock lock(mutex_);
  return {.nodes = node_count_, .retired = retired_count_};
}

}  // namespace dosql::pages
