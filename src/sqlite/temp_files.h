// TempFiles: the temporary files of a Vfs (temporary tables, sorters, statement journals): files
// of the operating system in one directory, without a name once they are open, gone when closed.
// Their bytes count together against one quota; beyond it a write is SQLITE_FULL, and the port
// error says so.
// Thread rule: thread-safe; each file by the thread that uses its connection.
#pragma once

#include <atomic>
#include <cstdint>
#include <string>

struct sqlite3_file;
struct sqlite3_vfs;

namespace dosql::sqlite {

class TempFiles {
 public:
  // `real` is the operating system's VFS.
  TempFiles(sqlite3_vfs& real, std::string directory, uint64_t bytes_max)
      : real_(real), directory_(std::move(directory)), bytes_max_(bytes_max) {}

  // What SQLite has to allocate for a handle.
  [[nodiscard]] int handle_bytes() const;
  // SQLite's xOpen without a name.
  int open(sqlite3_file* handle, int flags, int* out_flags);

  // Counts a file's growth from `from` to `to` bytes; false, counting nothing, beyond the quota.
  [[nodiscard]] bool grow(int64_t from, int64_t to);
  void shrink(int64_t bytes) { bytes_.fetch_sub(static_cast<uint64_t>(bytes)); }
  // Now, of all files.
  [[nodiscard]] uint64_t bytes() const { return bytes_; }

 private:
  sqlite3_vfs& real_;
  const std::string directory_;
  const uint64_t bytes_max_;
  std::atomic<uint64_t> bytes_ = 0;
};

}  // namespace dosql::sqlite
