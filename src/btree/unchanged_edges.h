// UnchangedEdges: the quick answer of step_owners() for most commits. They change leaves, or
// interior and overflow pages whose links stay: when every changed page leads where it led before,
// no owner changes anywhere. Thread rule: one thread; borrows its readers.
#pragma once

#include "btree/edges.h"

namespace dosql::btree {

class UnchangedEdges {
 public:
  UnchangedEdges(PageReader& before, OwnerReader& owners, PageReader& after)
      : old_(before), owners_(owners), new_(after) {}

  // False: some page leads elsewhere, or it takes the whole rule to know.
  Result<bool> hold(std::span<const PageNo> changed);

 private:
  Result<bool> holds(PageNo page);
  Result<bool> hangs_from_schema(Owner role);

  EdgeReader old_;
  OwnerReader& owners_;
  EdgeReader new_;
  std::vector<Edge> old_edges_;  // scratch
  std::vector<Edge> new_edges_;
};

}  // namespace dosql::btree
