// Page owners: which page each page of a database file hangs from, kept from commit to commit.
//
// The owner of a b-tree page is the root of its tree; of the first overflow page of a chain the
// page that holds its cell; of a later one the page before it; of a freelist trunk nothing, but its
// kind is kept. Free leaves of the freelist have no owner. Every page has exactly one claimant.
// step_owners() is the rule of the project's reference on owners (22,100 random histories without a
// failure); the comments in owner_step.cc name its steps.
#pragma once

#include <span>
#include <utility>
#include <vector>

#include "btree/ports.h"

namespace dosql::btree {

class Owner {
 public:
  enum class Kind : uint8_t {
    kNone = 0,
    kTrunk = 1,
    kTree = 2,
    kFirstOverflow = 3,
    kNextOverflow = 4
  };

  constexpr Owner() = default;
  // `page` < 2^29.
  constexpr Owner(Kind kind, PageNo page) : raw_(static_cast<uint32_t>(kind) << 29 | page) {}
  static constexpr Owner from_raw(uint32_t raw) {
    Owner owner;
    owner.raw_ = raw;
    return owner;
  }
  static constexpr Owner tree(PageNo root) { return {Kind::kTree, root}; }
  static constexpr Owner trunk() { return {Kind::kTrunk, 0}; }

  [[nodiscard]] constexpr uint32_t raw() const { return raw_; }
  [[nodiscard]] constexpr Kind kind() const { return static_cast<Kind>(raw_ >> 29); }
  [[nodiscard]] constexpr PageNo page() const { return raw_ & ((1U << 29) - 1); }
  [[nodiscard]] constexpr bool is_none() const { return raw_ == 0; }
  [[nodiscard]] constexpr bool is_trunk() const { return kind() == Kind::kTrunk; }
  [[nodiscard]] constexpr bool is_tree() const { return kind() == Kind::kTree; }
  [[nodiscard]] constexpr bool is_overflow() const { return raw_ >> 29 >= 3; }
  constexpr bool operator==(const Owner&) const = default;

 private:
  uint32_t raw_ = 0;
};

// Page numbers have 29 bits here: 2 TiB at 4 KiB a page.
inline constexpr PageNo kOwnedPagesMax = (1U << 29) - 1;

class OwnerReader {
 public:
  virtual ~OwnerReader() = default;
  // 1 <= page <= the version's page count.
  virtual Result<Owner> owner(PageNo page) = 0;
};

using OwnerChange = std::pair<PageNo, Owner>;

// The owners that differ between two versions, ascending, pages beyond the new version's end left
// out. `changed` (ascending) holds every page whose bytes differ; more pages do no harm. kCorrupt
// when a page is claimed twice or lost: the bytes are not a sound database.
Result<std::vector<OwnerChange>> step_owners(PageReader& before, OwnerReader& before_owners,
                                             PageReader& after, std::span<const PageNo> changed);

// Owners by reading the whole file; the element at index p is page p's.
Result<std::vector<Owner>> trace_owners(PageReader& pages);

}  // namespace dosql::btree
