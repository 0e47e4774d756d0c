// From what a commit changed to the slots of the next version.
#pragma once

#include <functional>
#include <span>
#include <utility>
#include <vector>

#include "pages/commit_record.h"
#include "pages/page_tree.h"

namespace dosql::store {

// Where a page that a commit changed lies now.
struct PageAddress {
  PageNo page = 0;
  pages::Address address;
};

// Changed pages at their addresses, and pages of which only the owner changed; both ascending.
// Pages beyond `page_count` are left out. Loads the nodes it looks at.
Result<std::vector<pages::SlotChange>> merge_changes(
    const pages::PageTree& tree, const pages::PageTree::Root& root, uint32_t page_count,
    std::span<const PageAddress> pages, std::span<const std::pair<PageNo, uint32_t>> owners);

// The root after one part of a record at `payload`, on the tree that holds `root`.
Result<pages::PageTree::Root> apply_part(pages::PageTree& tree, const pages::PageTree::Root& root,
                                         const pages::RecordPart& part, Lsn payload);

}  // namespace dosql::store
