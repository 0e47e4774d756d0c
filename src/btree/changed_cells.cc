#include "btree/changed_cells.h"

#include <algorithm>
#include <optional>
#include <unordered_set>

#include "base/text.h"

namespace dosql::btree {
namespace {

template <class T>
void sort_unique(std::vector<T>& items) {
  std::ranges::sort(items);
  items.erase(std::ranges::unique(items).begin(), items.end());
}

bool has_rows(const BtreePage& page) {
  return page.is_leaf() || !page.is_table();
}

// Cells [begin, end); of them only the one with that overflow page, unless that is 0.
Result<void> append_cells(const BtreePage& page, uint32_t begin, uint32_t end, PageNo overflow,
                          std::vector<Cell>& cells) {
  for (uint32_t i = begin; i < end; ++i) {
    if (overflow != 0 && !page.may_overflow(i)) continue;
    Cell& cell = cells.emplace_back();
    if (!page.read_cell(i, cell)) return page.damaged("a cell reaches over the end");
    if (overflow != 0 && cell.overflow != overflow) cells.pop_back();
  }
  return {};
}

void sort_by_rowid(std::vector<Cell>& cells) {
  if (!std::ranges::is_sorted(cells, {}, &Cell::rowid)) {
    std::ranges::sort(cells, {}, &Cell::rowid);
  }
}

// Two images of one page, compared once.
class PageMatch {
 public:
  PageMatch(const BtreePage& a, const BtreePage& b)
      : a_(a), b_(b), first_(std::max(a.content_begin(), b.content_begin())) {
    constexpr size_t kBlock = 64;
    const auto differs = [&](size_t from, size_t to) {
      return std::memcmp(a.bytes().data() + from, b.bytes().data() + from, to - from) != 0;
    };
    end_ = a.content_end();
    begin_ = std::min(first_, end_);
    while (begin_ < end_ && !differs(begin_, std::min(begin_ + kBlock, end_))) {
      begin_ = std::min(begin_ + kBlock, end_);
    }
    while (begin_ < end_ && !differs(end_ - std::min(kBlock, end_ - begin_), end_)) {
      end_ -= std::min(kBlock, end_ - begin_);
    }
  }

  // When both cells lie at the same place, in bytes that are the same: their overflow page or 0.
  [[nodiscard]] std::optional<PageNo> same_cell(uint32_t i, uint32_t j) const {
    const size_t at = a_.cell_offset(i);
    if (at != b_.cell_offset(j) || at < first_) return std::nullopt;
    if (at >= end_ && !a_.may_overflow(i)) return 0;
    Cell cell;
    if (!a_.read_cell(i, cell)) return std::nullopt;
    const size_t size = static_cast<size_t>(cell.local.data() - a_.bytes().data()) - at +
                        cell.local.size() + (cell.overflow != 0 ? 4 : 0);
    if (at < end_ && at + size > begin_) return std::nullopt;
    return cell.overflow;
  }

 private:
  const BtreePage& a_;
  const BtreePage& b_;
  size_t first_;  // cells of sound pages lie behind both pointer arrays
  size_t begin_;  // [begin_, end_) holds all bytes behind that which differ
  size_t end_;
};

}  // namespace

Result<ChangedCells> ChangedCells::find(const VersionSide& side,
                                        std::span<const PageNo> differing) {
  ChangedCells changed(side, differing);
  DOSQL_TRY(changed.usable_, usable_size(side.pages));
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

std::span<const ChangedCells::Part> ChangedCells::parts_of(PageNo root) const {
  const auto parts = std::ranges::equal_range(parts_, root, {}, &Part::root);
  return {parts.begin(), parts.end()};
}

Result<BtreePage> ChangedCells::open(const Part& part, TreeScan::Kind kind, PageRef& image) const {
  DOSQL_TRY(image, pages_->page(part.page));
  DOSQL_TRY(const BtreePage page, BtreePage::parse(image.bytes(), part.page, usable_));
  if (page.is_table() != (kind == TreeScan::Kind::kTable)) {
    return page.damaged("it belongs to another kind of tree");
  }
  return page;
}

Result<void> ChangedCells::load_part(const Part& part, TreeScan::Kind kind, CellList& list) const {
  PageRef image;
  DOSQL_TRY(const BtreePage page, open(part, kind, image));
  if (!has_rows(page)) return {};
  DOSQL_TRY(append_cells(page, 0, page.cell_count(), part.overflow, list.cells));
  list.images.push_back(std::move(image));
  return {};
}

Result<void> ChangedCells::load(const ChangedCells& before, const ChangedCells& after, PageNo root,
                                TreeScan::Kind kind, CellList& before_list, CellList& after_list) {
  const auto a = before.parts_of(root);
  const auto b = after.parts_of(root);
  for (size_t i = 0, j = 0; i < a.size() || j < b.size();) {
    const bool takes_a = i < a.size() && (j == b.size() || a[i].page <= b[j].page);
    const bool takes_b = j < b.size() && (i == a.size() || b[j].page <= a[i].page);
    if (takes_a && takes_b && a[i].overflow == 0 && b[j].overflow == 0) {
      DOSQL_TRY(load_both(before, after, a[i], b[j], kind, before_list, after_list));
    } else {
      if (takes_a) {
        DOSQL_TRY(before.load_part(a[i], kind, before_list));
      }
      if (takes_b) {
        DOSQL_TRY(after.load_part(b[j], kind, after_list));
      }
    }
    if (takes_a) ++i;
    if (takes_b) ++j;
  }
  if (kind == TreeScan::Kind::kIndex) return {};
  sort_by_rowid(before_list.cells);
  sort_by_rowid(after_list.cells);
  return {};
}

// Most often one cell of a page changed: what is before it and after it need not be listed.
Result<void> ChangedCells::load_both(const ChangedCells& before, const ChangedCells& after,
                                     const Part& a, const Part& b, TreeScan::Kind kind,
                                     CellList& before_list, CellList& after_list) {
  PageRef a_image;
  PageRef b_image;
  DOSQL_TRY(const BtreePage a_page, before.open(a, kind, a_image));
  DOSQL_TRY(const BtreePage b_page, after.open(b, kind, b_image));
  if (a_page.is_leaf() != b_page.is_leaf()) {
    DOSQL_TRY(before.load_part(a, kind, before_list));
    return after.load_part(b, kind, after_list);
  }
  if (!has_rows(a_page)) return {};
  const PageMatch match(a_page, b_page);
  const auto is_same = [&](uint32_t i, uint32_t j) {
    const auto overflow = match.same_cell(i, j);
    return overflow && (*overflow == 0 || (!before.is_changed_chain(*overflow) &&
                                           !after.is_changed_chain(*overflow)));
  };
  uint32_t a_end = a_page.cell_count();
  uint32_t b_end = b_page.cell_count();
  uint32_t begin = 0;
  while (begin < std::min(a_end, b_end) && is_same(begin, begin)) ++begin;
  while (std::min(a_end, b_end) > begin && is_same(a_end - 1, b_end - 1)) {
    --a_end;
    --b_end;
  }
  DOSQL_TRY(append_cells(a_page, begin, a_end, 0, before_list.cells));
  DOSQL_TRY(append_cells(b_page, begin, b_end, 0, after_list.cells));
  before_list.images.push_back(std::move(a_image));
  after_list.images.push_back(std::move(b_image));
  return {};
}

}  // namespace dosql::btree
