// BlobStore: immutable named blobs plus compare-and-swap of small ones (the store's root).
// The port that an S3 bucket implements later; LocalBlobStore (local_blob_store.h) does it over a
// fsx::Disk directory. Calls block (docs/decisions/002).
// Thread rule: thread-safe. Names: [a-z0-9._/-]+, relative to the blob store.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"

namespace dosql::fsx {

// Generation of a put_if blob: 1 for the first, +1 per successful put_if.
struct Etag {
  uint64_t generation = 0;
  bool operator==(const Etag&) const = default;
};

struct VersionedBlob {
  Buffer bytes;
  Etag etag;
};

class BlobStore {
 public:
  virtual ~BlobStore() = default;

  // Durable (name and bytes) when it returns ok. kAlreadyExists when the name is taken. On failure
  // nothing of that name is visible.
  virtual Result<void> put(std::string_view name, Bytes bytes) = 0;
  // Exactly `size` bytes; kCorrupt when the blob is shorter, kNotFound when it is absent.
  virtual Result<void> get_range(std::string_view name, uint64_t offset, MutableBytes out) = 0;
  virtual Result<uint64_t> size_of(std::string_view name) = 0;
  virtual Result<std::vector<std::string>> list(std::string_view prefix) = 0;
  // Ok when it is absent already.
  virtual Result<void> remove(std::string_view name) = 0;

  // Replaces the blob when its etag is `expected` (nullopt: when it is absent); durable on return.
  // kBusySnapshot when somebody else moved it. At most 4,000 bytes. A crash in the middle leaves
  // the old or the new bytes.
  virtual Result<Etag> put_if(std::string_view name, Bytes bytes, std::optional<Etag> expected) = 0;
  // nullopt when absent. kCorrupt when both slots are damaged.
  virtual Result<std::optional<VersionedBlob>> get_versioned(std::string_view name) = 0;
};

}  // namespace dosql::fsx
