#include "btree/owners.h"

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

#include "base/text.h"
#include "btree/edges.h"

namespace dosql::btree {
namespace {

using PageSet = std::unordered_set<PageNo>;

std::unexpected<Error> claimed_twice(PageNo page) {
  return fail(Code::kCorrupt, str_cat({"page ", std::to_string(page),
                                       " is part of two structures of the database file"}));
}

// F and N are one kind where it matters whether the bytes below are read in the same way.
bool same_kind(Owner a, Owner b) {
  return a.kind() == b.kind() || (a.is_overflow() && b.is_overflow());
}

class OwnerStep {
 public:
  OwnerStep(PageReader& before, OwnerReader& owners, PageReader& after,
            std::span<const PageNo> changed)
      : old_(before), owners_(owners), new_(after), changed_(changed) {}

  Result<std::vector<OwnerChange>> run() {
    DOSQL_TRY(find_touched());
    DOSQL_TRY(collect_old_edges());
    DOSQL_TRY(walk_freelist());
    DOSQL_TRY(descend_below_dead());
    DOSQL_TRY(claim());
    return changes();
  }

 private:
  // --- look-ups

  [[nodiscard]] uint32_t old_count() const { return old_.pages().page_count(); }
  [[nodiscard]] uint32_t new_count() const { return new_.pages().page_count(); }

  Result<Owner> old_owner(PageNo page) {
    if (page > old_count()) return Owner();
    if (page == 1) return Owner::tree(1);
    return owners_.owner(page);
  }
  [[nodiscard]] bool is_touched(PageNo page) const {
    return std::ranges::binary_search(touched_, page);
  }
  [[nodiscard]] bool is_dead(PageNo page) const {
    if (page > new_count() || free_.contains(page)) return true;
    const auto at = claimed_.find(page);
    return at != claimed_.end() && at->second.is_trunk();
  }

  // --- touched: written pages, pages cut off, and schema leaves whose overflow chain was written

  Result<void> find_touched() {
    touched_.assign(changed_.begin(), changed_.end());
    for (PageNo page = new_count() + 1; page <= old_count(); ++page) touched_.push_back(page);
    std::ranges::sort(touched_);
    touched_.erase(std::ranges::unique(touched_).begin(), touched_.end());
    std::vector<PageNo> schema_leaves;
    PageSet climbed;
    for (const PageNo start : touched_) {
      DOSQL_TRY(Owner owner, old_owner(start));
      while (owner.kind() == Owner::Kind::kNextOverflow && climbed.insert(owner.page()).second) {
        DOSQL_TRY(owner, old_owner(owner.page()));
      }
      if (owner.kind() != Owner::Kind::kFirstOverflow) continue;
      DOSQL_TRY(const Owner holder, old_owner(owner.page()));
      if (holder == Owner::tree(1)) schema_leaves.push_back(owner.page());
    }
    if (schema_leaves.empty()) return {};
    touched_.insert(touched_.end(), schema_leaves.begin(), schema_leaves.end());
    std::ranges::sort(touched_);
    touched_.erase(std::ranges::unique(touched_).begin(), touched_.end());
    return {};
  }

  // --- D: everything that may have lost its parent

  Result<void> collect_old_edges() {
    for (const PageNo page : touched_) {
      if (page > old_count()) continue;
      DOSQL_TRY(const Owner role, old_owner(page));
      DOSQL_TRY(old_.append_edges(page, role, edges_scratch_));
      for (const Edge& edge : edges_scratch_) {
        old_edges_.push_back({page, edge});
        loose_.insert(edge.to);
      }
      edges_scratch_.clear();
    }
    return {};
  }

  // --- 1: the freelist says what died, without reading what died

  Result<void> walk_freelist() {
    PageSet open;
    for (const PageNo page : touched_) {
      DOSQL_TRY(const Owner role, old_owner(page));
      if (role.is_trunk()) open.insert(page);
    }
    DOSQL_TRY(const PageNo old_first, old_.first_trunk());
    DOSQL_TRY(PageNo trunk, new_.first_trunk());
    if (open.empty() && old_first == trunk) return {};
    while (trunk != 0) {
      if (trunk > new_count() || !claimed_.try_emplace(trunk, Owner::trunk()).second) {
        return claimed_twice(trunk);
      }
      open.erase(trunk);
      DOSQL_TRY(const Owner role, old_owner(trunk));
      const bool is_unchanged = role.is_trunk() && !is_touched(trunk);
      std::vector<PageNo> leaves;
      DOSQL_TRY(const PageNo next, new_.append_free_leaves(trunk, leaves));
      if (!is_unchanged) {
        for (const PageNo leaf : leaves) {
          free_.insert(leaf);
          open.erase(leaf);
        }
      }
      if (is_unchanged && open.empty()) break;
      trunk = next;
    }
    return {};
  }

  // --- 2: below dead unchanged pages, whose children lost their parent unseen

  Result<void> descend_below_dead() {
    std::unordered_map<PageNo, uint32_t> survivors;  // by root, the root itself not counted
    bool has_surviving_root = false;
    for (const PageNo page : touched_) {
      DOSQL_TRY(const Owner role, old_owner(page));
      if (!role.is_tree() || loose_.contains(page) || is_dead(page)) continue;
      if (role.page() != page) {
        ++survivors[role.page()];
      } else if (page != 1) {
        has_surviving_root = true;
      }
    }
    std::vector<PageNo> starts;
    for (size_t i = 0; i < old_edges_.size();) {
      const PageNo from = old_edges_[i].first;
      std::vector<Edge> edges;
      for (; i < old_edges_.size() && old_edges_[i].first == from; ++i) {
        edges.push_back(old_edges_[i].second);
      }
      DOSQL_TRY(const Owner role, old_owner(from));
      const bool matters = role.is_tree() &&
                           (survivors[role.page()] > 0 || (role.page() == 1 && has_surviving_root));
      if (matters) DOSQL_TRY(append_dead_children(role, edges, starts));
    }
    PageSet seen;
    while (!starts.empty()) {
      const PageNo page = starts.back();
      starts.pop_back();
      if (!seen.insert(page).second) continue;
      DOSQL_TRY(const Owner role, old_owner(page));
      std::vector<Edge> edges;
      DOSQL_TRY(old_.append_edges(page, role, edges));
      for (const Edge& edge : edges) loose_.insert(edge.to);
      DOSQL_TRY(append_dead_children(role, edges, starts));
    }
    return {};
  }

  // Dead unchanged children of one page that lead on: interior ones, and leaves of the schema. One
  // probe tells for all siblings.
  Result<void> append_dead_children(Owner role, const std::vector<Edge>& edges,
                                    std::vector<PageNo>& out) {
    bool is_probed = role.page() == 1;
    for (const Edge& edge : edges) {
      if (edge.is_root || edge.owner != role || is_touched(edge.to) || !is_dead(edge.to)) continue;
      if (!is_probed) {
        DOSQL_TRY(const bool is_interior, old_.is_interior(edge.to));
        if (!is_interior) return {};
        is_probed = true;
      }
      out.push_back(edge.to);
    }
    return {};
  }

  // --- 3: claims, in the order that makes each come from a page whose role is certain

  Result<bool> is_usable(PageNo page) {
    if (page > new_count() || claimed_.contains(page)) return false;
    if (page == 1) return true;
    DOSQL_TRY(const Owner role, old_owner(page));
    if (role.is_none() || role.is_trunk() || loose_.contains(page) || is_dead(page)) return false;
    return !role.is_overflow() || is_touched(role.page()) || !is_dead(role.page());
  }

  Result<void> claim() {
    for (const PageNo page : touched_) {
      const bool may_be_schema = page == 1;
      DOSQL_TRY(const Owner role, may_be_schema ? Result<Owner>(Owner::tree(1)) : old_owner(page));
      if (role != Owner::tree(1)) continue;
      DOSQL_TRY(const bool usable, is_usable(page));
      if (!usable) continue;
      kept_.insert(page);
      DOSQL_TRY(link(page, role));
    }
    while (!waiting_roots_.empty()) {
      const PageNo root = waiting_roots_.back();
      waiting_roots_.pop_back();
      DOSQL_TRY(const bool goes_on, must_follow(root, Owner::tree(root)));
      if (goes_on) DOSQL_TRY(link(root, Owner::tree(root)));
    }
    for (const PageNo page : touched_) {
      if (kept_.contains(page)) continue;
      DOSQL_TRY(const bool usable, is_usable(page));
      if (!usable) continue;
      DOSQL_TRY(const Owner role, old_owner(page));
      if (role.is_tree() && has_root_gone(role.page())) continue;
      kept_.insert(page);
      DOSQL_TRY(link(page, role));
    }
    return {};
  }

  [[nodiscard]] bool has_root_gone(PageNo root) const {
    if (is_dead(root)) return true;
    const auto at = claimed_.find(root);
    return at != claimed_.end() && at->second != Owner::tree(root);
  }

  // What a claimed page leads to has to be claimed anew when the page changed, or when its bytes
  // were read in another way before.
  Result<bool> must_follow(PageNo page, Owner role) {
    if (is_touched(page)) return true;
    DOSQL_TRY(const Owner old, old_owner(page));
    if (old.is_none() || old.is_trunk() || !same_kind(old, role)) return true;
    if (!role.is_tree() || old == role) return false;
    // Another root: the leaves below carry nothing but overflow, whose owners stay.
    return new_.is_interior(page);
  }

  Result<void> link(PageNo from, Owner from_role) {
    std::vector<std::pair<PageNo, Owner>> work = {{from, from_role}};
    std::vector<Edge> edges;
    while (!work.empty()) {
      const auto [page, role] = work.back();
      work.pop_back();
      edges.clear();
      DOSQL_TRY(new_.append_edges(page, role, edges));
      for (const Edge& edge : edges) {
        if (edge.owner.is_trunk()) continue;
        if (free_.contains(edge.to) || !claimed_.try_emplace(edge.to, edge.owner).second ||
            kept_.contains(edge.to)) {
          return claimed_twice(edge.to);
        }
        if (edge.is_root && role == Owner::tree(1)) {
          waiting_roots_.push_back(edge.to);
          continue;
        }
        DOSQL_TRY(const bool goes_on, must_follow(edge.to, edge.owner));
        if (goes_on) work.emplace_back(edge.to, edge.owner);
      }
    }
    return {};
  }

  // --- the difference

  Result<std::vector<OwnerChange>> changes() {
    std::vector<PageNo> pages(touched_);
    for (const PageNo page : loose_) pages.push_back(page);
    for (const PageNo page : free_) pages.push_back(page);
    for (const auto& [page, owner] : claimed_) pages.push_back(page);
    std::ranges::sort(pages);
    pages.erase(std::ranges::unique(pages).begin(), pages.end());
    std::vector<OwnerChange> changes;
    for (const PageNo page : pages) {
      DOSQL_TRY(const Owner old, old_owner(page));
      const bool is_claimed = claimed_.contains(page) || kept_.contains(page);
      if (loose_.contains(page) && !old.is_none() && !old.is_trunk() && !is_claimed &&
          !is_dead(page)) {
        return fail(Code::kCorrupt,
                    str_cat({"page ", std::to_string(page),
                             " of the database file is lost: nothing leads to it"}));
      }
      if (page > new_count()) continue;
      const Owner now = owner_after(page, old);
      const bool is_new_first = page == 1 && old_count() == 0;
      if (now != old || is_new_first) changes.emplace_back(page, now);
    }
    return changes;
  }

  [[nodiscard]] Owner owner_after(PageNo page, Owner old) const {
    if (const auto at = claimed_.find(page); at != claimed_.end()) return at->second;
    if (kept_.contains(page)) return page == 1 ? Owner::tree(1) : old;
    // A trunk further down the list that nothing touched stays one.
    const bool is_unfreed_trunk = old.is_trunk() && !is_touched(page) && !free_.contains(page);
    return is_unfreed_trunk ? old : Owner();
  }

  EdgeReader old_;
  OwnerReader& owners_;
  EdgeReader new_;
  std::span<const PageNo> changed_;
  std::vector<PageNo> touched_;  // ascending
  std::vector<std::pair<PageNo, Edge>> old_edges_;
  std::vector<Edge> edges_scratch_;
  PageSet loose_;
  PageSet free_;
  std::unordered_map<PageNo, Owner> claimed_;
  PageSet kept_;  // touched pages that keep their role
  std::vector<PageNo> waiting_roots_;
};

}  // namespace

Result<std::vector<OwnerChange>> step_owners(PageReader& before, OwnerReader& before_owners,
                                             PageReader& after, std::span<const PageNo> changed) {
  if (after.page_count() == 0) return std::vector<OwnerChange>();
  return OwnerStep(before, before_owners, after, changed).run();
}

Result<std::vector<Owner>> trace_owners(PageReader& pages) {
  std::vector<Owner> owners(static_cast<size_t>(pages.page_count()) + 1);
  if (pages.page_count() == 0) return owners;
  EdgeReader reader(pages);
  owners[1] = Owner::tree(1);
  std::vector<PageNo> work = {1};
  std::vector<Edge> edges;
  std::vector<PageNo> free_leaves;
  while (!work.empty()) {
    const PageNo page = work.back();
    work.pop_back();
    edges.clear();
    DOSQL_TRY(reader.append_edges(page, owners[page], edges));
    if (owners[page].is_trunk()) DOSQL_TRY(reader.append_free_leaves(page, free_leaves));
    for (const Edge& edge : edges) {
      if (!owners[edge.to].is_none()) return claimed_twice(edge.to);
      owners[edge.to] = edge.owner;
      work.push_back(edge.to);
    }
  }
  for (const PageNo leaf : free_leaves) {
    if (leaf == 0 || leaf > pages.page_count() || !owners[leaf].is_none()) {
      return claimed_twice(leaf);
    }
  }
  return owners;
}

}  // namespace dosql::btree
