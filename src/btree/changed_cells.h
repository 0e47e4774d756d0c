// ChangedCells: the cells of one version that a set of differing pages may concern, by tree.
// Thread rule: one thread.
#pragma once

#include "btree/row_difference.h"
#include "btree/tree_scan.h"

namespace dosql::btree {

// Cells with the pages they view.
struct CellList {
  std::vector<PageRef> images;
  std::vector<Cell> cells;
};

class ChangedCells {
 public:
  // `differing` ascending; must outlive this.
  static Result<ChangedCells> find(const VersionSide& side, std::span<const PageNo> differing);

  // The roots of the trees that have a changed page or chain; ascending.
  [[nodiscard]] const std::vector<PageNo>& roots() const { return roots_; }
  // False only when the overflow chain that starts there has the same bytes on the other side, if
  // that has a chain there too.
  [[nodiscard]] bool is_changed_chain(PageNo first) const;

  // The cells of changed pages of that tree, and those whose overflow chain alone changed. By
  // rowid when `kind` is kTable.
  Result<CellList> load(PageNo root, TreeScan::Kind kind) const;

 private:
  struct Part {
    PageNo root = 0;
    PageNo page = 0;
    PageNo overflow = 0;  // of the only cell that is meant; 0: all cells
    auto operator<=>(const Part&) const = default;
  };
  ChangedCells(const VersionSide& side, std::span<const PageNo> differing)
      : pages_(&side.pages), owners_(&side.owners), differing_(differing) {}

  Result<void> find_parts();
  Result<void> add_chain(PageNo first, PageNo holder);
  Result<void> load_part(const Part& part, TreeScan::Kind kind, uint32_t usable,
                         CellList& list) const;

  PageReader* pages_;
  OwnerReader* owners_;
  std::span<const PageNo> differing_;
  std::vector<Part> parts_;     // ascending
  std::vector<PageNo> roots_;   // ascending
  std::vector<PageNo> chains_;  // first pages of changed chains; ascending
};

}  // namespace dosql::btree
