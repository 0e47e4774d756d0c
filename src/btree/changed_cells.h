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

  // The cells of changed pages of one tree, and those whose overflow chain alone changed, of both
  // versions. Cells that lie in the same page with the same payload are left out where that is seen
  // at once: each payload is left out equally often on both sides. By rowid when `kind` is kTable.
  // The versions have the same page size, and rows with the same payload mean the same in both.
  static Result<void> load(const ChangedCells& before, const ChangedCells& after, PageNo root,
                           TreeScan::Kind kind, CellList& before_list, CellList& after_list);

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
  [[nodiscard]] std::span<const Part> parts_of(PageNo root) const;
  // The page of a part; `image` keeps it. `kind` is checked.
  Result<BtreePage> open(const Part& part, TreeScan::Kind kind, PageRef& image) const;
  Result<void> load_part(const Part& part, TreeScan::Kind kind, CellList& list) const;
  static Result<void> load_both(const ChangedCells& before, const ChangedCells& after,
                                const Part& a, const Part& b, TreeScan::Kind kind,
                                CellList& before_list, CellList& after_list);

  PageReader* pages_;
  OwnerReader* owners_;
  std::span<const PageNo> differing_;
  uint32_t usable_ = 0;
  std::vector<Part> parts_;     // ascending
  std::vector<PageNo> roots_;   // ascending
  std::vector<PageNo> chains_;  // first pages of changed chains; ascending
};

}  // namespace dosql::btree
