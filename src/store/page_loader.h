// PageLoader: from an address to the page image, through the cache: log entries (full, delta
// chains, zero pages) and blocks of packs. Checks every checksum on the way. Thread rule:
// thread-safe. Lifetime: log, blobs and cache outlive it.
#pragma once

#include "fsx/blob_store.h"
#include "pages/page_tree.h"
#include "store/page_cache.h"
#include "wal/log.h"

namespace dosql::store {

class PageLoader final : public pages::NodeSource {
 public:
  PageLoader(wal::Log& log, fsx::BlobStore& blobs, PageCache& cache)
      : log_(log), blobs_(blobs), cache_(cache) {}

  // kNotFound: the address lies below the trimmed log (the caller looks its slot up again).
  Result<CachedPage> load(pages::Address address, PageNo page, uint32_t page_size);
  // A page that was just written: it need not be read back.
  void remember(pages::Address address, CachedPage page) {
    cache_.insert(address, std::move(page));
  }
  // The newest durable version has another image of the page.
  void forget(pages::Address address) { cache_.drop(address); }
  Result<Buffer> load_node(pages::Address address) override;
  Result<Buffer> load_descriptor(pages::Address address, uint32_t key);
  Result<Buffer> load_names(pages::Address address, uint32_t key);
  // A record's payload.
  Result<Buffer> load_payload(Lsn at, uint32_t length);

 private:
  Result<CachedPage> load_from_log(pages::Address address, PageNo page, uint32_t page_size,
                                   int depth);
  Result<CachedPage> load_at(pages::Address address, PageNo page, uint32_t page_size, int depth);

  wal::Log& log_;
  fsx::BlobStore& blobs_;
  PageCache& cache_;
};

}  // namespace dosql::store
