// LocalBlobStore: blobs as files under one directory of a Disk.
//
// put: a temporary file, synced, renamed, its directory synced. put_if: one preallocated file of
// two 4 KiB slots {magic, format, generation, length, bytes, crc32c}; the older slot is overwritten
// and synced, so that a crash in the middle leaves the other one. The newest valid slot counts.
#pragma once

#include <map>
#include <set>

#include "base/sync.h"
#include "fsx/blob_store.h"
#include "fsx/disk.h"

namespace dosql::fsx {

class LocalBlobStore final : public BlobStore {
 public:
  // `disk` outlives it; the directory exists.
  LocalBlobStore(Disk& disk, std::string directory);

  Result<void> put(std::string_view name, Bytes bytes) override;
  Result<void> get_range(std::string_view name, uint64_t offset, MutableBytes out) override;
  Result<uint64_t> size_of(std::string_view name) override;
  Result<std::vector<std::string>> list(std::string_view prefix) override;
  Result<void> remove(std::string_view name) override;
  Result<Etag> put_if(std::string_view name, Bytes bytes, std::optional<Etag> expected) override;
  Result<std::optional<VersionedBlob>> get_versioned(std::string_view name) override;

 private:
  [[nodiscard]] std::string path_of(std::string_view name) const;
  Result<std::shared_ptr<File>> open_cached(std::string_view name);
  Result<std::optional<VersionedBlob>> read_slots(File& file, std::string_view name);

  Disk& disk_;
  const std::string directory_;
  Mutex mutex_;  // put_if, and all below
  // Names that a put has failed to make durable: they may be there, and count as absent.
  std::set<std::string, std::less<>> undone_ DOSQL_GUARDED_BY(mutex_);
  // What a failed put_if may have written: it counts as not written, and the next put_if writes its
  // slot again.
  std::map<std::string, Etag, std::less<>> undone_etags_ DOSQL_GUARDED_BY(mutex_);
  // Packs are read block by block: a few stay open, the oldest goes.
  std::vector<std::pair<std::string, std::shared_ptr<File>>> open_ DOSQL_GUARDED_BY(mutex_);
};

}  // namespace dosql::fsx
