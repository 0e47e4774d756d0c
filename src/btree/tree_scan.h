// TreeScan: the cells of one b-tree that hold rows, in the tree's order.
// Damage never makes it run forever: it reads no more pages than the file has.
#pragma once

#include <vector>

#include "btree/page.h"

namespace dosql::btree {

class TreeScan {
 public:
  enum class Kind : uint8_t { kTable, kIndex };

  static Result<TreeScan> open(PageReader& pages, PageNo root, Kind kind);

  // False at the end. The cell's views live until the next call.
  Result<bool> next(Cell& cell);
  // The page of the cell that next() gave.
  [[nodiscard]] const PageRef& image() const { return path_.back().image; }

 private:
  struct Level {
    PageRef image;
    BtreePage page;
    uint32_t index = 0;  // the next cell; in interior pages the next child
  };
  TreeScan(PageReader& pages, uint32_t usable, Kind kind)
      : pages_(&pages), usable_(usable), kind_(kind) {}
  Result<void> enter(PageNo page);
  // Descends to the leftmost leaf below.
  Result<void> descend();

  PageReader* pages_;
  uint32_t usable_;
  Kind kind_;
  uint32_t pages_read_ = 0;
  bool must_descend_ = false;  // to the child at the last level's index
  std::vector<Level> path_;
};

}  // namespace dosql::btree
