#include "store/page_cache.h"

namespace dosql::store {

constexpr size_t kSparesMax = 64;

PageCache::PageCache(uint64_t bytes_max) : shard_bytes_max_(bytes_max / kShards) {}

std::optional<CachedPage> PageCache::find(pages::Address address) {
  Shard& shard = shard_of(address.raw());
  MutexLock lock(shard.mutex);
  const auto at = shard.entries.find(address.raw());
  if (at == shard.entries.end()) {
    ++shard.misses;
    return std::nullopt;
  }
  ++shard.hits;
  at->second->recent = true;
  return at->second->page;
}

void PageCache::insert(pages::Address address, CachedPage page) {
  const uint64_t size = page.image.size();
  Shard& shard = shard_of(address.raw());
  MutexLock lock(shard.mutex);
  const auto [at, is_new] = shard.entries.try_emplace(address.raw());
  if (!is_new) return;
  if (shard.spare.empty()) shard.spare.emplace_back();
  shard.clock.splice(shard.clock.end(), shard.spare, shard.spare.begin());
  at->second = std::prev(shard.clock.end());
  *at->second = {address.raw(), std::move(page), false};
  shard.bytes += size;
  while (shard.bytes > shard_bytes_max_ && shard.clock.size() > 1) {
    const auto oldest = shard.clock.begin();
    if (oldest->recent) {
      oldest->recent = false;
      shard.clock.splice(shard.clock.end(), shard.clock, oldest);
    } else {
      shard.entries.erase(oldest->raw);
      remove(shard, oldest);
    }
  }
}

void PageCache::drop(pages::Address address) {
  Shard& shard = shard_of(address.raw());
  MutexLock lock(shard.mutex);
  const auto at = shard.entries.find(address.raw());
  if (at == shard.entries.end()) return;
  remove(shard, at->second);
  shard.entries.erase(at);
}

void PageCache::remove(Shard& shard, Entries::iterator entry) {
  shard.bytes -= entry->page.image.size();
  entry->page = {};
  if (shard.spare.size() < kSparesMax) {
    shard.spare.splice(shard.spare.begin(), shard.clock, entry);
  } else {
    shard.clock.erase(entry);
  }
}

PageCache::Stats PageCache::stats() const {
  Stats total;
  for (const Shard& shard : shards_) {
    MutexLock lock(shard.mutex);
    total.bytes += shard.bytes;
    total.hits += shard.hits;
    total.misses += shard.misses;
  }
  return total;
}

}  // namespace dosql::store
