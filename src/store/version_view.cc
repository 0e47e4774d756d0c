#include "store/version_view.h"

#include "base/text.h"

namespace dosql::store {

Result<PageRef> VersionView::page(PageNo page) const {
  DOSQL_TRY(CachedPage loaded, cached_page(page));
  return std::move(loaded.image);
}

Result<CachedPage> VersionView::cached_page(PageNo page) const {
  if (page == 0 || page > page_count()) {
    return fail(Code::kInvalidArgument, str_cat({"page ", std::to_string(page), " is beyond the ",
                                                 std::to_string(page_count()), " pages of version ",
                                                 std::to_string(version().value())}));
  }
  // A checkpoint round may move a page from the log to a pack and trim the log between looking the
  // slot up and reading it; the second look-up sees the new place.
  for (int attempt = 0;; ++attempt) {
    DOSQL_TRY(const pages::Slot slot, tree_->find(root_, page));
    if (slot.address.is_hole()) {
      CachedPage zeros{PageRef::allocate(page_size_), 0, 0};
      std::memset(zeros.image.mutable_bytes().data(), 0, page_size_);
      return zeros;
    }
    auto loaded = loader_->load(slot.address, page, page_size_);
    if (loaded || loaded.error().code != Code::kNotFound || attempt == 3) return loaded;
  }
}

Result<std::vector<PageNo>> changed_pages(const VersionView& a, const VersionView& b) {
  DOSQL_CHECK(&a.tree() == &b.tree());
  std::vector<PageNo> pages;
  DOSQL_TRY(a.tree().diff(a.root(), b.root(),
                          [&](PageNo page, const pages::Slot&, const pages::Slot&) -> Result<void> {
                            pages.push_back(page);
                            return {};
                          }));
  return pages;
}

}  // namespace dosql::store
