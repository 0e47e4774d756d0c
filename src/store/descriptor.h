// Descriptor: what the directory keeps of one database. Pure data; format in docs/format.md.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/ids.h"
#include "pages/page_tree.h"

namespace dosql::store {

// A root that was written into packs, and the log position up to which it holds everything.
struct Checkpoint {
  pages::PageTree::StoredRoot root;
  Lsn cut;
  int64_t wall_us = 0;  // of the version
  bool operator==(const Checkpoint&) const = default;
};

struct BranchEntry {
  BranchId id;
  std::string name;
  BranchId parent;
  Version base;                         // the version it was created from; 0 for main
  std::vector<Checkpoint> checkpoints;  // ascending; all but the newest are for history
  bool operator==(const BranchEntry&) const = default;
};

// A version kept by name: a tag, or a stream slot (a reader's position).
struct NamedRoot {
  std::string name;
  BranchId branch;
  pages::PageTree::StoredRoot root;
  bool operator==(const NamedRoot&) const = default;
};

// Bytes a database has in a shared pack.
struct Fragment {
  uint32_t pack = 0;
  uint64_t bytes = 0;
  bool operator==(const Fragment&) const = default;
};

struct Descriptor {
  static constexpr uint32_t kHidden = 1;  // internal database: not listed, not in the lake

  DatabaseId id;
  std::string name;
  std::string group;  // empty: dedicated
  uint32_t page_size = 4096;
  uint32_t flags = 0;
  int64_t created_us = 0;
  std::vector<BranchEntry> branches;
  std::vector<NamedRoot> tags;
  std::vector<NamedRoot> slots;
  std::vector<Fragment> fragments;
  bool operator==(const Descriptor&) const = default;

  [[nodiscard]] bool is_hidden() const { return (flags & kHidden) != 0; }
};

[[nodiscard]] Buffer encode_descriptor(const Descriptor& descriptor);
Result<Descriptor> decode_descriptor(Bytes bytes);

// [a-z0-9][a-z0-9._-]{0,62}; internal names begin with '_'.
Result<void> check_database_name(std::string_view name);
// The same rule; `kind` is what the error calls it.
Result<void> check_name(std::string_view kind, std::string_view name);

}  // namespace dosql::store
