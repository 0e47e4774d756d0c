#include "btree/owners.h"

#include "btree/edges.h"

namespace dosql::btree {

Result<std::vector<Owner>> trace_owners(PageReader& pages) {
  if (pages.page_count() > kOwnedPagesMax) {
    return fail(Code::kTooBig, "a database has at most 536870911 pages");
  }
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
    if (!owners[leaf].is_none()) return claimed_twice(leaf);
  }
  return owners;
}

}  // namespace dosql::btree
