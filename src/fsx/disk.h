// fsx::Disk: the file operations that the local ports (log segments, blobs, locks) are built from.
// Twins: PosixDisk (this machine), MemoryDisk (tests, fast), FaultyDisk (a MemoryDisk that keeps
// unsynced writes apart and can drop, tear or reorder them at a simulated crash, and can fail the
// n-th call). Whatever runs on one runs on all.
//
// Paths are relative to nothing: callers pass whole paths with '/' between parts.
// Thread rule: a Disk and a File may be used from many threads; two writes to overlapping ranges of
// one file must not race.
// Durability: bytes written are on stable storage after File::sync() returned ok; a created,
// renamed or removed name is after Disk::sync_dir() of its directory returned ok.
// Errors: kNotFound, kAlreadyExists, kDiskFull (ENOSPC, EDQUOT), kReadOnly (EROFS, EACCES),
// kIo otherwise; the message names the path and the operating system's reason.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"

namespace dosql::fsx {

enum class OpenMode : uint8_t {
  kRead,
  kReadWrite,  // must exist
  kCreate,     // read and write; created when absent
  kCreateNew,  // read and write; kAlreadyExists when present
};

class File {
 public:
  virtual ~File() = default;
  // Reads up to out.size() bytes; fewer only at the end of the file.
  virtual Result<size_t> read_at(uint64_t offset, MutableBytes out) = 0;
  // Writes all bytes or fails; may extend the file (a gap reads as zeros).
  virtual Result<void> write_at(uint64_t offset, Bytes bytes) = 0;
  // fdatasync. After a failure the state of unsynced bytes is unknown: never retried.
  virtual Result<void> sync() = 0;
  virtual Result<uint64_t> size() = 0;
  virtual Result<void> truncate(uint64_t size) = 0;
};

class Disk {
 public:
  virtual ~Disk() = default;
  virtual Result<std::unique_ptr<File>> open(std::string_view path, OpenMode mode) = 0;
  // Replaces `to` when it exists.
  virtual Result<void> rename(std::string_view from, std::string_view to) = 0;
  virtual Result<void> remove(std::string_view path) = 0;
  // Creates missing parents; ok when it exists.
  virtual Result<void> make_dir(std::string_view path) = 0;
  // Names (not paths) of the entries, sorted.
  virtual Result<std::vector<std::string>> list(std::string_view dir) = 0;
  virtual Result<bool> exists(std::string_view path) = 0;
  virtual Result<void> sync_dir(std::string_view dir) = 0;
};

}  // namespace dosql::fsx
