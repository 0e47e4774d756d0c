// The ids and coordinates that name things in a store. docs/architecture.md has the vocabulary.
#pragma once

#include <cstdint>
#include <limits>

#include "base/strong_id.h"

namespace dosql {

// Number of a database inside a store; never reused.
using DatabaseId = StrongId<struct DatabaseIdTag, uint32_t>;
// Number of a branch inside a database; 0 is `main`.
using BranchId = StrongId<struct BranchIdTag, uint32_t>;
// Per-database commit number; creation is version 1, 0 means "none".
using Version = StrongId<struct VersionTag, uint64_t>;
// Byte position in the node's log. Internal, never shown to users.
using Lsn = StrongId<struct LsnTag, uint64_t>;
// Number of an opening of the store (raised when the last close was not clean).
using Epoch = StrongId<struct EpochTag, uint32_t>;
// 1-based SQLite page number.
using PageNo = uint32_t;

inline constexpr BranchId kMainBranch{0};
inline constexpr Lsn kNoLsn{std::numeric_limits<uint64_t>::max()};

}  // namespace dosql
