// PageCache: page images by address, one byte budget for all databases of a store. Addresses never
// change their content, so there is nothing to invalidate; second chance (CLOCK) decides who goes,
// and what a newer version replaced is dropped by drop().
// Thread rule: thread-safe; sharded.
#pragma once

#include <array>
#include <list>
#include <optional>
#include <unordered_map>
#include <vector>

#include "base/page_ref.h"
#include "base/sync.h"
#include "pages/address.h"

namespace dosql::store {

// An image and how long the chain of deltas behind its log entry is.
struct CachedPage {
  PageRef image;
  uint8_t chain = 0;
  uint16_t chain_bytes = 0;
};

class PageCache {
 public:
  explicit PageCache(uint64_t bytes_max);

  [[nodiscard]] std::optional<CachedPage> find(pages::Address address);
  void insert(pages::Address address, CachedPage page);
  // The image is hardly wanted any more; whoever wants it all the same loads it again.
  void drop(pages::Address address);

  struct Stats {
    uint64_t bytes = 0;
    uint64_t hits = 0;
    uint64_t misses = 0;
  };
  [[nodiscard]] Stats stats() const;

 private:
  static constexpr size_t kShards = 16;
  struct Entry {
    uint64_t raw = 0;  // the address
    CachedPage page;
    bool recent = false;
  };
  using Entries = std::list<Entry>;
  struct Shard {
    mutable Mutex mutex;
    Entries clock DOSQL_GUARDED_BY(mutex);  // the front is looked at first
    Entries spare DOSQL_GUARDED_BY(mutex);  // empty ones, for the next inserts
    std::unordered_map<uint64_t, Entries::iterator> entries DOSQL_GUARDED_BY(mutex);
    uint64_t bytes DOSQL_GUARDED_BY(mutex) = 0;
    uint64_t hits DOSQL_GUARDED_BY(mutex) = 0;
    uint64_t misses DOSQL_GUARDED_BY(mutex) = 0;
  };
  static void remove(Shard& shard, Entries::iterator entry) DOSQL_REQUIRES(shard.mutex);
  Shard& shard_of(uint64_t raw) { return shards_[(raw * 0x9e3779b97f4a7c15ULL) >> 60]; }

  uint64_t shard_bytes_max_;
  std::array<Shard, kShards> shards_;
};

}  // namespace dosql::store
