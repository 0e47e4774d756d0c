#include "btree/unchanged_edges.h"

namespace dosql::btree {

Result<bool> UnchangedEdges::hold(std::span<const PageNo> changed) {
  if (new_.page_count() < old_.page_count()) return false;
  for (const PageNo page : changed) {
    if (page > old_.page_count()) return false;
    DOSQL_TRY(const bool same, holds(page));
    if (!same) return false;
  }
  return true;
}

Result<bool> UnchangedEdges::holds(PageNo page) {
  DOSQL_TRY(const Owner role, page == 1 ? Result<Owner>(Owner::tree(1)) : owners_.owner(page));
  if (role.is_none() || role.is_trunk()) return false;
  // A schema row may name another root in a changed overflow page.
  if (role.is_overflow()) {
    DOSQL_TRY(const bool is_schema, hangs_from_schema(role));
    if (is_schema) return false;
  }
  old_edges_.clear();
  new_edges_.clear();
  DOSQL_TRY(old_.append_edges(page, role, old_edges_));
  // A page freed and used anew in another kind of structure may not even parse in its old role.
  if (!new_.append_edges(page, role, new_edges_)) return false;
  return old_edges_ == new_edges_;
}

Result<bool> UnchangedEdges::hangs_from_schema(Owner role) {
  while (role.kind() == Owner::Kind::kNextOverflow) {
    DOSQL_TRY(role, owners_.owner(role.page()));
  }
  DOSQL_TRY(const Owner holder, owners_.owner(role.page()));
  return holder == Owner::tree(1) || role.page() == 1;
}

}  // namespace dosql::btree
