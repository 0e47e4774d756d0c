// SQLite files in and out of a database, page by page through SQLite's backup, so that everything a
// file can hold comes over as it is. The other file is read and written by stock SQLite: a `-wal`
// beside it counts.
// Thread rule: the thread that uses the session.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include <dosql/session.h>

#include "base/result.h"

namespace dosql::engine {

// Gets how much is done; false stops (kInterrupted, nothing is changed).
using CopyProgress = std::function<bool(uint64_t done, uint64_t total)>;

// Page size of a SQLite file. kNotFound; kInvalidArgument when it is none.
Result<uint32_t> page_size_of_sqlite_file(const std::string& path);

// Makes the session's database a copy of the file, in one commit that is durable on return. The
// database must be empty (kAlreadyExists) and have the file's page size (kInvalidArgument).
Result<void> import_sqlite_file(Session& session, const std::string& path,
                                const CopyProgress& progress);

// Writes the version the session sees to a new file; it has its name only when it is whole and
// synced. A file that is there is replaced.
Result<void> export_sqlite_file(Session& session, const std::string& path,
                                const CopyProgress& progress);

}  // namespace dosql::engine
