// The nodes of a PageTree in memory, and the words that refer to them.
//
// A word is 0 (nothing there), the raw pack address of a stored node that is not loaded, or a Node
// pointer. A word of a published node changes only from a pack address to the node loaded from it.
// A leaf's address changes only by PageTree::translate(). Both are read while they change, so words
// and addresses go through load_word() and store_word(); everything else in a node is fixed before
// the node is published (or guarded as its comment says).
#pragma once

#include <atomic>
#include <cstdint>

#include "base/ids.h"
#include "pages/address.h"
#include "pages/page_tree.h"

namespace dosql::pages {

inline constexpr int kFanOutBits = 6;
inline constexpr uint32_t kFanOut = 1U << kFanOutBits;
inline constexpr int kLevelMax = 5;  // 64^6 > 2^32 pages

// std::atomic_ref cannot refer to const in C++23; loading does not write.
inline uint64_t load_word(const uint64_t& word) {
  return std::atomic_ref<uint64_t>(const_cast<uint64_t&>(word)).load(std::memory_order_acquire);
}
inline void store_word(uint64_t& word, uint64_t value) {
  std::atomic_ref<uint64_t>(word).store(value, std::memory_order_release);
}

// How a node comes to be.
enum class Origin : uint8_t { kMade, kLoaded };

struct Node {
  uint64_t birth = 0;        // version
  uint64_t stored = 0;       // a word: raw address where the node is stored; 0 while it is dirty
  uint64_t retired_at = 0;   // version that replaced it; 0: none. Guarded by NodeHeap's mutex
  uint64_t translated = 0;   // number of the last translate() that visited it. The writer's
  Node* previous = nullptr;  // of all nodes of the heap. Guarded by NodeHeap's mutex
  Node* next = nullptr;
  uint8_t level = 0;  // 0: leaf
  bool is_loaded = false;
  bool is_fresh = false;  // made by the apply() that is under way. The writer's
};

struct Leaf : Node {
  uint64_t address[kFanOut];
  uint32_t owner[kFanOut];

  [[nodiscard]] Slot slot(uint32_t i) const {
    return {Address::from_raw(load_word(address[i])), owner[i]};
  }
};

struct Interior : Node {
  uint64_t child[kFanOut];
};

inline bool is_pack_word(uint64_t word) {
  return Address::from_raw(word).is_pack();
}
inline Node* as_node(uint64_t word) {
  return reinterpret_cast<Node*>(static_cast<uintptr_t>(word));
}
inline uint64_t as_word(const Node* node) {
  return reinterpret_cast<uintptr_t>(node);
}
inline Leaf& as_leaf(Node& node) {
  return static_cast<Leaf&>(node);
}
inline Interior& as_interior(Node& node) {
  return static_cast<Interior&>(node);
}

// Where the node is stored, 0 when nothing is there or it is dirty.
inline uint64_t stored_address_of(uint64_t word) {
  if (word == 0 || is_pack_word(word)) return word;
  return load_word(as_node(word)->stored);
}

// A tree of `page_count` pages always has this height.
constexpr int level_for(uint32_t page_count) {
  int level = 0;
  for (uint64_t pages = kFanOut; pages < page_count; pages <<= kFanOutBits) ++level;
  return level;
}
constexpr uint64_t pages_under(int level) {
  return uint64_t{1} << (kFanOutBits * (level + 1));
}
constexpr uint32_t child_index(uint64_t page_index, int level) {
  return static_cast<uint32_t>(page_index >> (kFanOutBits * level)) & (kFanOut - 1);
}

}  // namespace dosql::pages
