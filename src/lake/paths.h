// Where the files of the lake lie, as paths of this machine and as the URIs that Iceberg's metadata
// holds. One spelling only, `file:///...`: readers compare these strings byte by byte.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace dosql::lake {

// A database's or table's name as one part of a path: other bytes than [A-Za-z0-9._-], and a dot in
// front, become `~XX`.
[[nodiscard]] std::string path_part(std::string_view name);

// `path` is absolute.
[[nodiscard]] std::string uri_of(std::string_view path);
// kUnsupported for a URI that is not a local file.
Result<std::string> path_of(std::string_view uri);

// Version 4 (random), lower case.
[[nodiscard]] std::string new_uuid();
// Positive and random, as snapshots have it.
[[nodiscard]] int64_t new_snapshot_id();

}  // namespace dosql::lake
