#include "btree/changed_cells.h"

#include <algorithm>
#include <unordered_set>

#include "base/text.h"

namespace dosql::btree {
namespace {

template <class T>
void sort_unique(std::vector<T>& items) {
  std::ranges::sort(items);
  items.erase(std::ranges::unique(items).begin(), items.end());
}

}  // namespace

Result<ChangedCells> ChangedCells::find(const VersionSide& side,
                                        std::span<const PageNo> differing) {
  ChangedCells changed(side, differing);
  DOSQL_TRY(changed.find_parts());
  return changed;
}

Result<void> ChangedCells::find_parts() {
  std::unordered_set<PageNo> climbed;
  for (const PageNo page : differing_) {
    if (page == 0 || page > pages_->page_count()) continue;
    DOSQL_TRY(Owner owner, owners_->owner(page));
    if (page == 1) owner = Owner::tree(1);
    if (owner.is_tree()) parts_.push_back({owner.page(), page, 0});
    // Up to the first page of the chain, or to a page that another climb has met.
    PageNo at = page;
    while (owner.is_overflow() && climbed.insert(at).second) {
      if (owner.kind() == Owner::Kind::kFirstOverflow) {
        DOSQL_TRY(add_chain(at, owner.page()));
        break;
      }
      at = owner.page();
      if (at == 0 || at > pages_->page_count()) break;
      DOSQL_TRY(owner, owners_->owner(at));
    }
  }
  sort_unique(parts_);
  sort_unique(chains_);
  for (const Part& part : parts_) {
    if (roots_.empty() || roots_.back() != part.root) roots_.push_back(part.root);
  }
  return {};
}

// A changed chain concerns one cell; when the page of that cell changed too, all its cells are
// listed anyway.
Result<void> ChangedCells::add_chain(PageNo first, PageNo holder) {
  chains_.push_back(first);
  if (holder == 0 || holder > pages_->page_count()) return {};
  if (std::ranges::binary_search(differing_, holder)) return {};
  DOSQL_TRY(const Owner owner, owners_->owner(holder));
  const PageNo root = holder == 1 ? 1 : owner.page();
  if (owner.is_tree() || holder == 1) parts_.push_back({root, holder, first});
  return {};
}

bool ChangedCells::is_changed_chain(PageNo first) const {
  return std::ranges::binary_search(chains_, first);
}

Result<CellList> ChangedCells::load(PageNo root, TreeScan::Kind kind) const {
  CellList list;
  const auto parts = std::ranges::equal_range(parts_, root, {}, &Part::root);
  if (parts.empty()) return list;
  DOSQL_TRY(const uint32_t usable, usable_size(*pages_));
  for (const Part& part : parts) {
    DOSQL_TRY(load_part(part, kind, usable, list));
  }
  if (kind == TreeScan::Kind::kTable && !std::ranges::is_sorted(list.cells, {}, &Cell::rowid)) {
    std::ranges::sort(list.cells, {}, &Cell::rowid);
  }
  return list;
}

Result<void> ChangedCells::load_part(const Part& part, TreeScan::Kind kind, uint32_t usable,
                                     CellList& list) const {
  DOSQL_TRY(PageRef image, pages_->page(part.page));
  DOSQL_TRY(const BtreePage page, BtreePage::parse(image.bytes(), part.page, usable));
  const bool is_table = kind == TreeScan::Kind::kTable;
  if (page.is_table() != is_table) return page.damaged("it belongs to another kind of tree");
  if (is_table && !page.is_leaf()) return {};
  for (uint32_t i = 0; i < page.cell_count(); ++i) {
    if (part.overflow != 0 && !page.may_overflow(i)) continue;
    Cell& cell = list.cells.emplace_back();
    if (!page.read_cell(i, cell)) return page.damaged("a cell reaches over the end");
    if (part.overflow != 0 && cell.overflow != part.overflow) list.cells.pop_back();
  }
  list.images.push_back(std::move(image));
  return {};
}

}  // namespace dosql::btree
