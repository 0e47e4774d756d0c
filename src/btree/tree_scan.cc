#include "btree/tree_scan.h"

#include <utility>

#include "base/text.h"

namespace dosql::btree {

Result<TreeScan> TreeScan::open(PageReader& pages, PageNo root, Kind kind) {
  DOSQL_TRY(const uint32_t usable, usable_size(pages));
  TreeScan scan(pages, usable, kind);
  DOSQL_TRY(scan.enter(root));
  DOSQL_TRY(scan.descend());
  return scan;
}

Result<void> TreeScan::enter(PageNo page) {
  if (page == 0 || page > pages_->page_count() || pages_read_ == pages_->page_count()) {
    return fail(Code::kCorrupt, str_cat({"a tree of the database file leads to page ",
                                         std::to_string(page), ", which cannot be part of it"}));
  }
  ++pages_read_;
  DOSQL_TRY(PageRef image, pages_->page(page));
  DOSQL_TRY(const BtreePage parsed, BtreePage::parse(image.bytes(), page, usable_));
  if (parsed.is_table() != (kind_ == Kind::kTable)) {
    return fail(Code::kCorrupt,
                str_cat({"page ", std::to_string(page), " belongs to another kind of tree"}));
  }
  path_.push_back({std::move(image), parsed, 0});
  return {};
}

Result<void> TreeScan::descend() {
  while (!path_.back().page.is_leaf()) {
    DOSQL_TRY(const PageNo child, path_.back().page.child(path_.back().index));
    DOSQL_TRY(enter(child));
  }
  return {};
}

Result<bool> TreeScan::next(Cell& cell) {
  while (!path_.empty()) {
    if (std::exchange(must_descend_, false)) DOSQL_TRY(descend());
    Level& level = path_.back();
    if (level.index < level.page.cell_count()) {
      const uint32_t index = level.index++;
      const bool has_row = level.page.is_leaf() || kind_ == Kind::kIndex;
      if (has_row && !level.page.read_cell(index, cell)) {
        return level.page.damaged("a cell reaches over the end");
      }
      // An interior cell lies between the child before it, now done, and the one after.
      must_descend_ = !level.page.is_leaf();
      if (has_row) return true;
      continue;
    }
    path_.pop_back();
  }
  return false;
}

}  // namespace dosql::btree
