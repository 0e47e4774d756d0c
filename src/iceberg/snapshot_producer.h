// From what a cycle wrote to the next version of a table: manifests, manifest list, metadata.
// Pure: reads old manifests through a callback, returns the new files as bytes; the caller writes
// and syncs them, then moves the catalog's pointer.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "iceberg/manifest.h"
#include "iceberg/metadata.h"

namespace dosql::iceberg {

struct TableUpdate {
  // Rows and vectors written by this cycle. A vector replaces the one its data file had; vectors
  // for data files of this same update are allowed.
  std::vector<DataFile> data_files;
  std::vector<DataFile> deletion_vectors;
  // All rows of before are gone (table created anew, all rows rewritten).
  bool replaces_rows = false;
  // Additional strings of the snapshot's summary (progress).
  std::map<std::string, std::string> summary;
};

struct ProducedFile {
  std::string uri;
  Buffer bytes;
};

struct Produced {
  std::vector<ProducedFile> files;  // manifests, manifest list, metadata last
  TableMetadata metadata;
  std::string metadata_uri;
};

struct ProducerContext {
  std::function<Result<Buffer>(const std::string& uri)> read_file;
  std::function<std::string()> new_uuid;
  std::function<int64_t()> new_snapshot_id;  // positive, random
  int64_t now_ms = 0;
  std::string previous_metadata_uri;  // empty for a new table
  int64_t metadata_version = 0;       // number in the name of the new metadata file
};

// `base` already has the schema that the data files were written with as its current one. An update
// without files makes no snapshot, only new metadata (a schema change). kInvalidArgument for what
// would make the table unreadable: a file twice, two vectors for one data file, a vector for a file
// that is not live or with more rows than it, vectors in a table of format version 2.
Result<Produced> produce(const TableMetadata& base, const TableUpdate& update,
                         const ProducerContext& context);

// What a snapshot consists of: live data files, what is deleted from them (other writers: position
// and equality deletes, too), and the manifests that have any of these.
struct LiveFiles {
  std::vector<ManifestEntry> data_files;
  std::vector<ManifestEntry> deletion_vectors;
  std::vector<ManifestFile> manifests;
};
Result<LiveFiles> load_live_files(
    const Snapshot& snapshot,
    const std::function<Result<Buffer>(const std::string& uri)>& read_file);

}  // namespace dosql::iceberg
