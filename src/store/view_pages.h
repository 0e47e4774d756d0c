// A version as btree's readers want it: pages and owners.
#pragma once

#include "btree/owners.h"
#include "store/version_view.h"

namespace dosql::store {

class ViewPages final : public btree::PageReader, public btree::OwnerReader {
 public:
  // `view` outlives it.
  explicit ViewPages(const VersionView& view) : view_(view) {}

  Result<PageRef> page(PageNo page) override { return view_.page(page); }
  [[nodiscard]] uint32_t page_count() const override { return view_.page_count(); }
  [[nodiscard]] uint32_t page_size() const override { return view_.page_size(); }
  Result<btree::Owner> owner(PageNo page) override {
    DOSQL_TRY(const pages::Slot slot, view_.slot(page));
    return btree::Owner::from_raw(slot.owner);
  }

 private:
  const VersionView& view_;
};

}  // namespace dosql::store
