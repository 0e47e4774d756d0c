// VersionView: one version of a database as pages and slots. Not an owner: a Snapshot or a History
// keeps the version alive while a view of it is used.
// Thread rule: reads from any thread.
#pragma once

#include "base/page_ref.h"
#include "pages/page_tree.h"
#include "store/page_loader.h"

namespace dosql::store {

class VersionView {
 public:
  VersionView() = default;
  VersionView(PageLoader& loader, const pages::PageTree& tree, pages::PageTree::Root root,
              uint32_t page_size)
      : loader_(&loader), tree_(&tree), root_(root), page_size_(page_size) {}

  [[nodiscard]] Version version() const { return root_.version(); }
  [[nodiscard]] uint32_t page_count() const { return root_.page_count(); }
  [[nodiscard]] uint32_t page_size() const { return page_size_; }
  // Zeros for a page that was never written. kInvalidArgument beyond page_count().
  Result<PageRef> page(PageNo page) const;
  Result<CachedPage> cached_page(PageNo page) const;
  Result<pages::Slot> slot(PageNo page) const { return tree_->find(root_, page); }

  [[nodiscard]] const pages::PageTree::Root& root() const { return root_; }
  [[nodiscard]] const pages::PageTree& tree() const { return *tree_; }

 private:
  PageLoader* loader_ = nullptr;
  const pages::PageTree* tree_ = nullptr;
  pages::PageTree::Root root_;
  uint32_t page_size_ = 0;
};

// The pages whose (address, owner) differ, ascending: a superset of those whose content differs.
// Both views are of one tree: two snapshots of a database, or two versions of one History.
Result<std::vector<PageNo>> changed_pages(const VersionView& a, const VersionView& b);

}  // namespace dosql::store
