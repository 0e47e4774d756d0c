#include "store/page_cache.h"

namespace dosql::store {

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
  at->second.recent = true;
  return at->second.page;
}

void PageCache::insert(pages::Address address, CachedPage page) {
  const uint64_t size = page.image.size();
  Shard& shard = shard_of(address.raw());
  MutexLock lock(shard.mutex);
  const auto [at, is_new] = shard.entries.try_emplace(address.raw());
  if (!is_new) return;
  at->second.page = std::move(page);
  shard.clock.push_back(address.raw());
  shard.bytes += size;
  while (shard.bytes > shard_bytes_max_ && shard.clock.size() > 1) {
    const uint64_t oldest = shard.clock.front();
    shard.clock.pop_front();
    const auto victim = shard.entries.find(oldest);
    if (victim->second.recent) {
      victim->second.recent = false;
      shard.clock.push_back(oldest);
    } else {
      shard.bytes -= victim->second.page.image.size();
      shard.entries.erase(victim);
    }
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
