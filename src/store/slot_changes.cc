#include "store/slot_changes.h"

namespace dosql::store {

Result<std::vector<pages::SlotChange>> merge_changes(
    const pages::PageTree& tree, const pages::PageTree::Root& root, uint32_t page_count,
    std::span<const PageAddress> pages, std::span<const std::pair<PageNo, uint32_t>> owners) {
  std::vector<pages::SlotChange> changes;
  size_t owner = 0;
  const auto add = [&](PageNo page, const pages::Address* address) -> Result<void> {
    const bool has_owner = owner < owners.size() && owners[owner].first == page;
    const uint32_t new_owner = has_owner ? owners[owner++].second : 0;
    if (page > page_count) return {};
    DOSQL_TRY(pages::Slot slot, tree.find(root, page));
    if (address != nullptr) slot.address = *address;
    if (has_owner) slot.owner = new_owner;
    changes.push_back({page, slot});
    return {};
  };
  for (const PageAddress& changed : pages) {
    while (owner < owners.size() && owners[owner].first < changed.page) {
      DOSQL_TRY(add(owners[owner].first, nullptr));
    }
    DOSQL_TRY(add(changed.page, &changed.address));
  }
  while (owner < owners.size()) DOSQL_TRY(add(owners[owner].first, nullptr));
  return changes;
}

Result<pages::PageTree::Root> apply_part(pages::PageTree& tree, const pages::PageTree::Root& root,
                                         const pages::RecordPart& part, Lsn payload) {
  std::vector<PageAddress> addresses;
  DOSQL_TRY(pages::for_each_page(
      part, [&](const pages::PageEntry& entry, uint64_t offset) -> Result<void> {
        const bool is_zero = entry.kind == pages::PageKind::kZero;
        addresses.push_back({entry.page, is_zero
                                             ? pages::Address::hole()
                                             : pages::Address::log(Lsn(payload.value() + offset))});
        return {};
      }));
  std::vector<std::pair<PageNo, uint32_t>> owners;
  DOSQL_TRY(pages::for_each_owner(part, [&](PageNo page, uint32_t owner) -> Result<void> {
    owners.emplace_back(page, owner);
    return {};
  }));
  DOSQL_TRY(const auto changes,
            merge_changes(tree, root, part.header.page_count, addresses, owners));
  return tree.apply(root, part.header.version, changes, part.header.page_count);
}

}  // namespace dosql::store
