// dosql check: every checksum, every tree, every owner.
#include "base/text.h"
#include "store/store.h"
#include "store/view_pages.h"

namespace dosql::store {
Result<std::vector<std::string>> Store::check(const std::function<void(uint64_t)>& progress) {
  std::vector<std::string> findings;
  uint64_t blocks = 0;
  DOSQL_TRY(const auto names, blobs_.list("pack/"));
  const RootRecord root = this->root();
  for (const std::string& name : names) {
    if (name >= pack::pack_name(root.next_pack)) continue;  // of an interrupted round
    const auto number = static_cast<uint32_t>(std::strtoul(name.c_str() + 5, nullptr, 10));
    const auto index = pack::verify_pack(blobs_, number, root.store_id);
    if (!index) {
      findings.push_back(index.error().message);
    } else {
      progress(blocks += index->size());
    }
  }
  DOSQL_TRY(const auto descriptors, list());
  for (const Descriptor& descriptor : descriptors) {
    const auto checked = check_database(descriptor.name, [&] { progress(++blocks); });
    if (!checked) {
      findings.push_back(
          str_cat({"database \"", descriptor.name, "\": ", checked.error().message}));
    }
  }
  return findings;
}

Result<void> Store::check_database(std::string_view name, const std::function<void()>& progress) {
  DOSQL_TRY(const auto database, find(name));
  DOSQL_TRY(const Snapshot snapshot, database->snapshot());
  ViewPages pages(snapshot.view());
  std::vector<btree::Owner> traced(1);
  if (pages.page_count() > 0) {
    DOSQL_TRY(traced, btree::trace_owners(pages));
  }
  for (PageNo page = 1; page <= pages.page_count(); ++page) {
    DOSQL_TRY(snapshot.view().page(page));
    DOSQL_TRY(const pages::Slot slot, snapshot.view().slot(page));
    if (slot.owner != traced[page].raw()) {
      return fail(Code::kCorrupt,
                  str_cat({"page ", std::to_string(page),
                           " is recorded under another owner than "
                           "the tree it hangs in: its change stream may miss rows; export the "
                           "database and import it again"}));
    }
    progress();
  }
  return {};
}

}  // namespace dosql::store
