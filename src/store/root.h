// RootRecord: the one mutable thing of a store, moved by BlobStore::put_if only. It says where the
// directory is, where the log begins and whether the last close was clean.
#pragma once

#include <cstdint>
#include <vector>

#include "base/bytes.h"
#include "base/ids.h"
#include "pages/page_tree.h"

namespace dosql::store {

struct RootRecord {
  uint64_t store_id = 0;       // random, for ever
  uint32_t history_epoch = 0;  // first half of every bookmark
  Epoch epoch{0};              // newest epoch of the log
  Lsn log_begin{0};            // the log holds every record from here on
  Lsn clean_end = kNoLsn;      // mark of a clean close
  uint32_t next_database = 1;
  uint32_t next_pack = 1;
  std::vector<Lsn> cuts;                  // of rounds, ascending: where log_begin may move to
  pages::PageTree::StoredRoot directory;  // database id -> descriptor block
  pages::PageTree::StoredRoot names;      // bucket + 1 -> block of (name, id)
  bool operator==(const RootRecord&) const = default;
};

[[nodiscard]] Buffer encode_root(const RootRecord& root);
// kNewerFormat, kCorrupt.
Result<RootRecord> decode_root(Bytes bytes);

}  // namespace dosql::store
