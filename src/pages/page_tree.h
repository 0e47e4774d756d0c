// PageTree: a copy-on-write radix tree (fan-out 64) from page number to slot, one root per version.
// One PageTree holds the roots of one database's branch; the store's directory uses one, too.
//
// A slot is the page's address and its owner (opaque 4 bytes here; btree/owners.h gives meaning).
// Nodes carry the version they were born in and no reference counts: a node replaced by version d
// is visible to roots in [birth, d) and is freed as soon as no live root lies there. Live roots are
// the pinned versions, and every version from the released position on (release_before()).
// DESIGN 4.3.
//
// A Root is a cheap value; it may be used while its version is live.
//
// Thread rule: find() and diff() on live roots from any thread at any time. apply(), translate(),
// persist() by one thread at a time (the holder of the branch's lock). pin(), unpin(),
// release_before() from any thread. Nodes read from packs are loaded on demand and kept until the
// tree dies; two threads may load the same node at once (one wins).
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>

#include "base/bytes.h"
#include "base/ids.h"
#include "pages/address.h"

namespace dosql::pages {

struct Slot {
  Address address;
  uint32_t owner = 0;
  bool operator==(const Slot&) const = default;
};

struct SlotChange {
  PageNo page = 0;
  Slot slot;
};

// Reads the stored bytes of a node (the raw block content, checksum verified by the source).
class NodeSource {
 public:
  virtual ~NodeSource() = default;
  virtual Result<Buffer> load_node(Address address) = 0;
};

// Stores the bytes of a node and says where.
class NodeSink {
 public:
  virtual ~NodeSink() = default;
  virtual Result<Address> store_node(Bytes bytes) = 0;
};

class PageTree {
 public:
  // What a descriptor stores of a root.
  struct StoredRoot {
    Address node;             // hole: the empty tree
    uint32_t page_count = 0;  // pages 1..page_count exist
    Version version{0};
    bool operator==(const StoredRoot&) const = default;
  };

  class Root {
   public:
    [[nodiscard]] Version version() const { return version_; }
    [[nodiscard]] uint32_t page_count() const { return page_count_; }

   private:
    friend class PageTree;
    uint64_t ref_ = 0;  // page_tree_impl.h
    uint32_t page_count_ = 0;
    Version version_{0};
  };

  // `source` outlives the tree.
  explicit PageTree(NodeSource& source);
  ~PageTree();
  PageTree(const PageTree&) = delete;
  PageTree& operator=(const PageTree&) = delete;

  // Loads nothing. kCorrupt when the stored root cannot be a root.
  Result<Root> open(const StoredRoot& stored);

  // The slot of `page`; a hole for pages beyond the tree. kCorrupt, kIo from loading nodes.
  Result<Slot> find(const Root& root, PageNo page) const;

  // The version after `base`: `changes` (ascending, no page twice, none beyond `page_count`)
  // applied, and every slot beyond `page_count` a hole. `base` stays as it was. On an error nothing
  // changed. A base older than the newest version made abandons the versions after it: they must
  // not be in use or pinned, and their roots never be used again.
  // kInvalidArgument for changes out of order or a version that is not above the base's; kCorrupt,
  // kIo from loading nodes. Nothing is loaded when the slots of these pages were found in `base`
  // before: those of `changes`, the base's last page, and `page_count` when it is smaller.
  Result<Root> apply(const Root& base, Version version, std::span<const SlotChange> changes,
                     uint32_t page_count);

  // Calls `visit` for each page whose slot differs, ascending; shared nodes are skipped unread.
  // While translate() runs, a page may be reported that has its old address in one root and its new
  // one in the other. A visitor's error ends the walk.
  using DiffVisit = std::function<Result<void>(PageNo page, const Slot& a, const Slot& b)>;
  Result<void> diff(const Root& a, const Root& b, const DiffVisit& visit) const;
  // Every slot that is not a hole with owner 0, ascending.
  using SlotVisit = std::function<Result<void>(PageNo page, const Slot& slot)>;
  Result<void> for_each(const Root& root, const SlotVisit& visit) const;

  // Keeps the roots of that version alive; counted. The version is live when it is pinned.
  void pin(Version version);
  void unpin(Version version);
  // No unpinned root older than `version` will be used again.
  void release_before(Version version);

  // Slots in nodes of `root` that were never stored, ascending, except holes with owner 0; the
  // other nodes hold only pack addresses and holes. Runs beside everything, as find() does.
  Result<void> for_each_dirty(const Root& root, const SlotVisit& visit) const;
  // Replaces in place the address of every slot in dirty nodes of these roots by what `moved`
  // returns for it (the same address: leave); holes are not asked for, and a dirty node once,
  // however many of the roots share it. Content must not change with it. Readers may go on.
  void translate(std::span<const Root> roots,
                 const std::function<Address(PageNo page, Address address)>& moved);
  // Stores the dirty nodes of `root`, children first, and marks them stored. No slot may hold a log
  // address (kInternal). After an error, nodes that the sink took stay marked.
  Result<StoredRoot> persist(const Root& root, NodeSink& sink);

  struct Stats {
    uint64_t nodes = 0;    // in memory
    uint64_t retired = 0;  // replaced and still visible to some live root
  };
  [[nodiscard]] Stats stats() const;

  struct Impl;  // page_tree_impl.h

 private:
  std::unique_ptr<Impl> impl_;
};

}  // namespace dosql::pages
