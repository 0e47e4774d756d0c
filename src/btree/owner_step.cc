// step_owners(): the rule, step by step. The names D, FREE and S are the reference's.
#include <algorithm>

#include "base/text.h"
#include "btree/edges.h"
#include "btree/page_states.h"
#include "btree/unchanged_edges.h"

namespace dosql::btree {
namespace {

using Flag = PageState::Flag;

// F and N are one kind where it matters whether the bytes below are read in the same way.
bool same_kind(Owner a, Owner b) {
  return a.kind() == b.kind() || (a.is_overflow() && b.is_overflow());
}

void sort_unique(std::vector<PageNo>& pages) {
  std::ranges::sort(pages);
  pages.erase(std::ranges::unique(pages).begin(), pages.end());
}

class OwnerStep {
 public:
  OwnerStep(PageReader& before, OwnerReader& owners, PageReader& after,
            std::span<const PageNo> changed)
      : old_(before), owners_(owners), new_(after), states_(changed.size()) {
    touched_.assign(changed.begin(), changed.end());
  }

  Result<std::vector<OwnerChange>> run() {
    DOSQL_TRY(find_touched());
    DOSQL_TRY(collect_old_edges());
    DOSQL_TRY(walk_freelist());
    if (may_have_dead_) DOSQL_TRY(descend_below_dead());
    DOSQL_TRY(claim_schema());
    DOSQL_TRY(claim_roots());
    DOSQL_TRY(claim_rest());
    return changes();
  }

 private:
  struct OldEdge {
    PageNo from = 0;
    PageNo to = 0;
    Owner owner;
  };
  struct Subtree {
    PageNo page = 0;
    uint32_t height = 0;
  };

  Result<Owner> old_owner(PageNo page) {
    if (page > old_.page_count()) return Owner();
    if (page == 1) return Owner::tree(1);
    if (const PageState* known = states_.find(page);
        known != nullptr && known->has(Flag::kOldKnown)) {
      return known->old;
    }
    DOSQL_TRY(const Owner owner, owners_.owner(page));
    set_old_owner(page, owner);
    return owner;
  }
  void set_old_owner(PageNo page, Owner owner) {
    PageState& state = states_.at(page);
    state.old = owner;
    state.add(Flag::kOldKnown);
  }
  [[nodiscard]] bool is_touched(PageNo page) const { return states_.has(page, Flag::kTouched); }
  [[nodiscard]] bool is_dead(PageNo page) const {
    if (page > new_.page_count()) return true;
    const PageState* state = states_.find(page);
    if (state == nullptr) return false;
    return state->has(Flag::kFree) || (state->has(Flag::kClaimed) && state->now.is_trunk());
  }

  // touched: written pages, pages cut off, and schema leaves whose overflow chain was written

  Result<void> find_touched() {
    for (PageNo page = new_.page_count() + 1; page <= old_.page_count(); ++page) {
      touched_.push_back(page);
    }
    sort_unique(touched_);
    for (const PageNo page : touched_) states_.at(page).add(Flag::kTouched);
    std::vector<PageNo> leaves;
    for (const PageNo page : touched_) {
      DOSQL_TRY(const PageNo leaf, schema_leaf_of(page));
      if (leaf != 0 && states_.at(leaf).add(Flag::kTouched)) leaves.push_back(leaf);
    }
    if (leaves.empty()) return {};
    touched_.insert(touched_.end(), leaves.begin(), leaves.end());
    sort_unique(touched_);
    return {};
  }

  // The schema leaf that holds the cell whose overflow chain `page` is part of; 0 for all others
  // and when an earlier call climbed the same chain.
  Result<PageNo> schema_leaf_of(PageNo page) {
    DOSQL_TRY(Owner role, old_owner(page));
    while (role.kind() == Owner::Kind::kNextOverflow) {
      if (!states_.at(role.page()).add(Flag::kSeen)) return PageNo{0};
      DOSQL_TRY(role, old_owner(role.page()));
    }
    if (role.kind() != Owner::Kind::kFirstOverflow) return PageNo{0};
    DOSQL_TRY(const Owner holder, old_owner(role.page()));
    return holder == Owner::tree(1) ? role.page() : PageNo{0};
  }

  // D: everything that may have lost its parent

  Result<void> collect_old_edges() {
    may_have_dead_ = new_.page_count() < old_.page_count();
    for (const PageNo page : touched_) {
      if (page > old_.page_count()) continue;
      DOSQL_TRY(const Owner role, old_owner(page));
      edges_.clear();
      DOSQL_TRY(old_.append_edges(page, role, edges_));
      for (const Edge& edge : edges_) {
        old_edges_.push_back({page, edge.to, edge.owner});
        set_old_owner(edge.to, edge.owner);
        states_.at(edge.to).add(Flag::kLoose);
      }
    }
    return {};
  }

  // 1: the freelist says what died, without reading what died

  Result<void> walk_freelist() {
    size_t open = 0;  // touched pages that were trunks and are not accounted for yet
    for (const PageNo page : touched_) {
      DOSQL_TRY(const Owner role, old_owner(page));
      if (role.is_trunk()) ++open;
    }
    DOSQL_TRY(const PageNo old_first, old_.first_trunk());
    DOSQL_TRY(PageNo trunk, new_.first_trunk());
    if (open == 0 && old_first == trunk) return {};
    may_have_dead_ = true;
    std::vector<PageNo> leaves;
    while (trunk != 0) {
      DOSQL_TRY(const bool is_unchanged, claim_trunk(trunk, open));
      leaves.clear();
      DOSQL_TRY(trunk, new_.append_free_leaves(trunk, leaves));
      if (is_unchanged && open == 0) break;
      if (is_unchanged) continue;
      for (const PageNo leaf : leaves) DOSQL_TRY(free_leaf(leaf, open));
    }
    return {};
  }

  // True when it was a trunk before and nobody wrote it.
  Result<bool> claim_trunk(PageNo trunk, size_t& open) {
    if (trunk > new_.page_count() || trunk == 1) return claimed_twice(trunk);
    DOSQL_TRY(const Owner role, old_owner(trunk));
    PageState& state = states_.at(trunk);
    if (state.has(Flag::kFree) || !state.add(Flag::kClaimed)) return claimed_twice(trunk);
    state.now = Owner::trunk();
    if (!role.is_trunk()) return false;
    if (!state.has(Flag::kTouched)) return true;
    --open;
    return false;
  }

  Result<void> free_leaf(PageNo leaf, size_t& open) {
    DOSQL_TRY(const Owner role, old_owner(leaf));
    PageState& state = states_.at(leaf);
    if (leaf == 1 || state.has(Flag::kClaimed) || !state.add(Flag::kFree)) {
      return claimed_twice(leaf);
    }
    if (role.is_trunk() && state.has(Flag::kTouched)) --open;
    return {};
  }

  // 2: below dead unchanged pages, whose children lost their parent unseen

  Result<void> descend_below_dead() {
    DOSQL_TRY(find_survivors());
    std::vector<Subtree> work;
    PageNo parent = 0;
    uint32_t height = 0;  // of the children of `parent`
    for (const OldEdge& edge : old_edges_) {
      if (!edge.owner.is_tree() || is_touched(edge.to) || !is_dead(edge.to)) continue;
      DOSQL_TRY(const Owner role, old_owner(edge.from));
      if (role != edge.owner || !has_survivors(role.page())) continue;
      if (parent != edge.from) {
        parent = edge.from;
        DOSQL_TRY(height, old_.height(edge.to));
      }
      work.push_back({edge.to, height});
    }
    while (!work.empty()) {
      const Subtree subtree = work.back();
      work.pop_back();
      DOSQL_TRY(descend(subtree, work));
    }
    return {};
  }

  // S: touched tree pages whose old role is certain, by root.
  Result<void> find_survivors() {
    for (const PageNo page : touched_) {
      DOSQL_TRY(const Owner role, old_owner(page));
      if (!role.is_tree() || states_.has(page, Flag::kLoose) || is_dead(page)) continue;
      if (role.page() != page) survivors_.push_back(role.page());
      if (role.page() == page && page != 1) has_surviving_root_ = true;
    }
    sort_unique(survivors_);
    return {};
  }
  [[nodiscard]] bool has_survivors(PageNo root) const {
    return std::ranges::binary_search(survivors_, root) || (root == 1 && has_surviving_root_);
  }

  // Leaves carry nothing but overflow chains, which the freelist names, except those of tree 1.
  Result<void> descend(Subtree subtree, std::vector<Subtree>& work) {
    DOSQL_TRY(const Owner role, old_owner(subtree.page));
    if (subtree.height == 0 && role != Owner::tree(1)) return {};
    if (!states_.at(subtree.page).add(Flag::kSeen)) return {};
    edges_.clear();
    DOSQL_TRY(old_.append_edges(subtree.page, role, edges_));
    for (const Edge& edge : edges_) {
      set_old_owner(edge.to, edge.owner);
      states_.at(edge.to).add(Flag::kLoose);
      const bool is_child = subtree.height > 0 && edge.owner == role && !edge.is_root;
      if (is_child && is_dead(edge.to) && !is_touched(edge.to)) {
        work.push_back({edge.to, subtree.height - 1});
      }
    }
    return {};
  }

  // 3: claims, in the order that makes each come from a page whose role is certain

  Result<bool> is_usable(PageNo page) {
    if (page > new_.page_count()) return false;
    if (page == 1) return true;
    DOSQL_TRY(const Owner role, old_owner(page));
    if (role.is_none() || role.is_trunk() || is_dead(page)) return false;
    const PageState* state = states_.find(page);
    if (state->has(Flag::kClaimed) || state->has(Flag::kLoose)) return false;
    return !role.is_overflow() || is_touched(role.page()) || !is_dead(role.page());
  }

  Result<void> claim_schema() {
    for (const PageNo page : touched_) {
      DOSQL_TRY(const Owner role, page == 1 ? Result<Owner>(Owner::tree(1)) : old_owner(page));
      if (role != Owner::tree(1)) continue;
      DOSQL_TRY(keep(page, role));
    }
    return {};
  }

  Result<void> claim_roots() {
    while (!waiting_roots_.empty()) {
      const PageNo root = waiting_roots_.back();
      waiting_roots_.pop_back();
      DOSQL_TRY(const bool goes_on, must_follow(root, Owner::tree(root), false));
      if (goes_on) DOSQL_TRY(link(root, Owner::tree(root)));
    }
    return {};
  }

  Result<void> claim_rest() {
    for (const PageNo page : touched_) {
      DOSQL_TRY(const Owner role, old_owner(page));
      if (states_.has(page, Flag::kKept)) continue;
      if (role.is_tree() && is_root_gone(role.page())) continue;
      DOSQL_TRY(keep(page, role));
    }
    return {};
  }
  [[nodiscard]] bool is_root_gone(PageNo root) const {
    if (is_dead(root)) return true;
    const PageState* state = states_.find(root);
    return state != nullptr && state->has(Flag::kClaimed) && state->now != Owner::tree(root);
  }

  Result<void> keep(PageNo page, Owner role) {
    DOSQL_TRY(const bool usable, is_usable(page));
    if (!usable) return {};
    states_.at(page).add(Flag::kKept);
    return link(page, role);
  }

  Result<void> link(PageNo from, Owner from_role) {
    std::vector<std::pair<PageNo, Owner>> work = {{from, from_role}};
    while (!work.empty()) {
      const auto [page, role] = work.back();
      work.pop_back();
      edges_.clear();
      DOSQL_TRY(new_.append_edges(page, role, edges_));
      PageNo leaf_sibling = 0;  // a child found to be a leaf: so are all of them
      for (const Edge& edge : edges_) {
        if (edge.owner.is_trunk()) continue;
        DOSQL_TRY(claim(edge));
        if (edge.is_root) {
          waiting_roots_.push_back(edge.to);
          continue;
        }
        const bool is_child = edge.owner.is_tree();
        DOSQL_TRY(const bool goes_on,
                  must_follow(edge.to, edge.owner, is_child && leaf_sibling != 0));
        if (goes_on) work.emplace_back(edge.to, edge.owner);
        if (!goes_on && is_child && was_in_another_tree(edge)) leaf_sibling = edge.to;
      }
    }
    return {};
  }

  Result<void> claim(const Edge& edge) {
    PageState& state = states_.at(edge.to);
    if (edge.to == 1 || state.has(Flag::kFree) || state.has(Flag::kKept) ||
        !state.add(Flag::kClaimed)) {
      return claimed_twice(edge.to);
    }
    state.now = edge.owner;
    return {};
  }
  [[nodiscard]] bool was_in_another_tree(const Edge& edge) const {
    const PageState* state = states_.find(edge.to);
    return state->old.is_tree() && state->old != edge.owner;
  }

  // What a claimed page leads to has to be claimed anew when the page changed, or when its bytes
  // were read in another way before.
  Result<bool> must_follow(PageNo page, Owner role, bool is_known_leaf) {
    if (is_touched(page)) return true;
    DOSQL_TRY(const Owner old, old_owner(page));
    if (old.is_none() || old.is_trunk() || !same_kind(old, role)) return true;
    if (!role.is_tree() || old == role || is_known_leaf) return false;
    // Another root: leaves carry nothing but overflow chains, whose owners stay.
    DOSQL_TRY(const uint32_t height, new_.height(page));
    return height > 0;
  }

  Result<std::vector<OwnerChange>> changes() {
    std::vector<OwnerChange> changes;
    for (const PageState& state : states_.slots()) {
      if (state.page == 0) continue;
      const PageNo page = state.page;
      const bool has_role = state.has(Flag::kClaimed) || state.has(Flag::kKept);
      if (state.has(Flag::kLoose) && !state.old.is_none() && !state.old.is_trunk() && !has_role &&
          !is_dead(page)) {
        DOSQL_TRY(new_.check_lost(page));
      }
      if (page > new_.page_count()) continue;
      const Owner old = page == 1 && old_.page_count() > 0 ? Owner::tree(1) : state.old;
      const Owner now = owner_after(state);
      if (now != old) changes.emplace_back(page, now);
    }
    std::ranges::sort(changes, {}, &OwnerChange::first);
    return changes;
  }

  static Owner owner_after(const PageState& state) {
    if (state.has(Flag::kClaimed)) return state.now;
    if (state.page == 1) return Owner::tree(1);
    if (state.has(Flag::kKept)) return state.old;
    if (state.has(Flag::kFree)) return Owner();
    // A trunk further down the list that nothing touched stays one; a page that was only looked up
    // keeps its role too.
    const bool may_have_changed = state.has(Flag::kTouched) || state.has(Flag::kLoose);
    if (state.old.is_trunk()) return state.has(Flag::kTouched) ? Owner() : state.old;
    return may_have_changed ? Owner() : state.old;
  }

  EdgeReader old_;
  OwnerReader& owners_;
  EdgeReader new_;
  PageStates states_;
  std::vector<PageNo> touched_;  // ascending
  std::vector<OldEdge> old_edges_;
  std::vector<Edge> edges_;  // scratch
  bool may_have_dead_ = false;
  std::vector<PageNo> survivors_;  // roots of S, ascending
  bool has_surviving_root_ = false;
  std::vector<PageNo> waiting_roots_;
};

}  // namespace

Result<std::vector<OwnerChange>> step_owners(PageReader& before, OwnerReader& before_owners,
                                             PageReader& after, std::span<const PageNo> changed) {
  if (after.page_count() > kOwnedPagesMax) {
    return fail(Code::kTooBig, "a database has at most 536870911 pages");
  }
  if (after.page_count() == 0) return std::vector<OwnerChange>();
  if (before.page_count() > 0) {
    DOSQL_TRY(const bool same, UnchangedEdges(before, before_owners, after).hold(changed));
    if (same) return std::vector<OwnerChange>();
  }
  return OwnerStep(before, before_owners, after, changed).run();
}

}  // namespace dosql::btree
