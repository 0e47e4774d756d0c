// Directory: which databases a store has, as of the newest round: a page tree from database id to
// descriptor, and one from a hash of the name to the names with that hash. Both live in packs.
// What the log has newer is the Store's to overlay.
// Thread rule: the caller serialises all calls (apply() may run beside find() and for_each()).
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>

#include "pack/pack.h"
#include "store/descriptor.h"
#include "store/page_loader.h"

namespace dosql::store {

// Where a round puts its blocks.
class BlockSink : public pages::NodeSink {
 public:
  virtual Result<pages::Address> store_block(pack::BlockKind kind, uint32_t key, Bytes bytes) = 0;
};

class Directory {
 public:
  explicit Directory(PageLoader& loader) : loader_(loader), ids_(loader), names_(loader) {}

  Result<void> open(const pages::PageTree::StoredRoot& ids,
                    const pages::PageTree::StoredRoot& names);

  Result<std::optional<Descriptor>> find(DatabaseId id);
  Result<std::optional<DatabaseId>> find_name(std::string_view name);
  Result<void> for_each(const std::function<Result<void>(Descriptor)>& visit);

  struct Change {
    DatabaseId id;
    std::optional<Descriptor> descriptor;  // nullopt: the database is gone
  };
  struct Roots {
    pages::PageTree::Root ids;
    pages::PageTree::Root names;
    pages::PageTree::StoredRoot stored_ids;
    pages::PageTree::StoredRoot stored_names;
  };
  // Stores the changed path; nothing is visible before adopt().
  Result<Roots> apply(std::span<const Change> changes, BlockSink& sink);
  void adopt(const Roots& roots);

 private:
  struct Name {
    std::string name;
    DatabaseId id;
  };
  Result<std::vector<Name>> load_bucket(PageNo bucket);
  Result<pages::Address> store_bucket(PageNo bucket, const std::vector<Name>& names,
                                      BlockSink& sink);

  PageLoader& loader_;
  pages::PageTree ids_;    // page number = database id
  pages::PageTree names_;  // page number = bucket of the name
  pages::PageTree::Root id_root_;
  pages::PageTree::Root name_root_;
};

}  // namespace dosql::store
