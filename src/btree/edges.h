// Edges: which pages a page leads to, and what they are then. The role decides how bytes are read.
#pragma once

#include <vector>

#include "btree/owners.h"

namespace dosql::btree {

struct Edge {
  PageNo to = 0;
  Owner owner;
  bool is_root = false;  // a schema row names it
};

// One version with what every look at it needs.
class EdgeReader {
 public:
  explicit EdgeReader(PageReader& pages) : pages_(pages) {}

  // The edges of `page` in `role`, appended to `edges`. Leaves that a trunk lists are not edges.
  Result<void> append_edges(PageNo page, Owner role, std::vector<Edge>& edges);
  // The leaves a freelist trunk lists, appended; returns the next trunk.
  Result<PageNo> append_free_leaves(PageNo trunk, std::vector<PageNo>& leaves);
  Result<PageNo> first_trunk();
  Result<bool> is_interior(PageNo page);

  [[nodiscard]] PageReader& pages() const { return pages_; }

 private:
  Result<uint32_t> usable();
  Result<void> append_tree_edges(PageNo page, PageNo root, std::vector<Edge>& edges);
  Result<PageNo> root_of_schema_row(Bytes payload);

  PageReader& pages_;
  uint32_t usable_ = 0;
};

}  // namespace dosql::btree
