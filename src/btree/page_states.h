// What a step of owners knows about the pages it met: a flat hash table from page to state, so that
// a commit of a few pages costs one small allocation.
// Thread rule: one thread. References live until the next call of at().
#pragma once

#include <vector>

#include "btree/owners.h"

namespace dosql::btree {

struct PageState {
  enum Flag : uint8_t {
    kOldKnown = 1,  // `old` is the owner in the version before
    kTouched = 2,   // written, cut off, or a schema leaf whose overflow was
    kLoose = 4,     // may have lost its parent
    kFree = 8,      // a leaf of the freelist now
    kClaimed = 16,  // `now` is its owner in the new version
    kKept = 32,     // touched, and keeps its role
    kSeen = 64,     // met by the walk at hand
  };
  PageNo page = 0;  // 0 = no entry
  Owner old;
  Owner now;
  uint8_t flags = 0;

  [[nodiscard]] bool has(Flag flag) const { return (flags & flag) != 0; }
  // True when the flag was not there before.
  bool add(Flag flag) {
    const bool is_new = !has(flag);
    flags |= flag;
    return is_new;
  }
};

class PageStates {
 public:
  explicit PageStates(size_t expected) {
    size_t slots = 64;
    while (slots < 2 * expected) slots *= 2;
    slots_.resize(slots);
  }

  PageState& at(PageNo page) {
    if (2 * count_ >= slots_.size()) grow();
    PageState& state = slots_[slot_of(page)];
    if (state.page == 0) {
      state.page = page;
      ++count_;
    }
    return state;
  }
  [[nodiscard]] const PageState* find(PageNo page) const {
    const PageState& state = slots_[slot_of(page)];
    return state.page == 0 ? nullptr : &state;
  }
  [[nodiscard]] bool has(PageNo page, PageState::Flag flag) const {
    const PageState* state = find(page);
    return state != nullptr && state->has(flag);
  }
  // Entries with page 0 are empty.
  [[nodiscard]] const std::vector<PageState>& slots() const { return slots_; }

 private:
  [[nodiscard]] size_t slot_of(PageNo page) const {
    const size_t mask = slots_.size() - 1;
    size_t slot = (page * 0x9e3779b97f4a7c15ULL >> 32) & mask;
    while (slots_[slot].page != 0 && slots_[slot].page != page) slot = (slot + 1) & mask;
    return slot;
  }
  void grow() {
    std::vector<PageState> old(slots_.size() * 2);
    old.swap(slots_);
    for (const PageState& state : old) {
      if (state.page != 0) slots_[slot_of(state.page)] = state;
    }
  }

  std::vector<PageState> slots_;
  size_t count_ = 0;
};

}  // namespace dosql::btree
