// Edges: which pages a page leads to, and what they are then. The role decides how bytes are read,
// never the bytes alone. Thread rule: one thread; borrows the reader.
#pragma once

#include <vector>

#include "btree/owners.h"
#include "btree/page.h"

namespace dosql::btree {

struct Edge {
  PageNo to = 0;
  Owner owner;
  bool is_root = false;  // a schema row names it
  bool operator==(const Edge&) const = default;
};

// The error that a page with two claimants is.
[[nodiscard]] std::unexpected<Error> claimed_twice(PageNo page);

// One version with what every look at it needs.
class EdgeReader {
 public:
  explicit EdgeReader(PageReader& pages) : pages_(pages) {}

  // The edges of `page` in `role`, appended to `edges`; each leads to a page of the file. Leaves
  // that a trunk lists are not edges.
  Result<void> append_edges(PageNo page, Owner role, std::vector<Edge>& edges);
  // The leaves a freelist trunk lists, appended; returns the next trunk.
  Result<PageNo> append_free_leaves(PageNo trunk, std::vector<PageNo>& leaves);
  Result<PageNo> first_trunk();
  // Levels of b-tree pages below `page`, which is one: 0 for a leaf. Reads the leftmost path.
  Result<uint32_t> height(PageNo page);

  // For a page that nothing leads to: kCorrupt, unless it is a pointer map of auto-vacuum, which
  // VACUUM may have turned on (https://sqlite.org/fileformat2.html#pointer_map_or_ptrmap_pages).
  Result<void> check_lost(PageNo page);

  [[nodiscard]] uint32_t page_count() const { return pages_.page_count(); }

 private:
  Result<BtreePage> load(PageNo page, PageRef& image);
  Result<void> append_tree_edges(PageNo page, PageNo root, std::vector<Edge>& edges);
  Result<void> append_overflow_edges(const BtreePage& tree, std::vector<Edge>& edges);
  Result<void> append_schema_edges(const BtreePage& tree, std::vector<Edge>& edges);
  Result<PageNo> root_of_schema_row(const Cell& cell);
  [[nodiscard]] std::unexpected<Error> leads_nowhere(PageNo page, PageNo to) const;

  PageReader& pages_;
  uint32_t usable_ = 0;  // 0 = not read yet
};

}  // namespace dosql::btree
