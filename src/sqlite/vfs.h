// Vfs: SQLite's door to versioned page stores. Registers a sqlite3_vfs of a unique name; a file it
// opens is a PagePort (DESIGN 4.4; call sequences: reference "SQLite on a page store").
//
// * Changed pages go to a private overlay. FCNTL_COMMIT_PHASETWO publishes it, and nothing else
//   does; giving the lock back with an unpublished overlay is the rollback.
// * The rollback journal is in SQLite's memory, whatever journal mode is asked for; `PRAGMA
//   journal_mode` answers `wal`, because readers and writers do not block each other.
// * The change counter that connections use to notice each other's commits is made up per file
//   handle.
// * Temporary files: sqlite/temp_files.h.
//
// Thread rule: thread-safe; each file by the thread that uses its connection. Lifetime: the opener
// outlives it, its connections are closed before it dies.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"
#include "sqlite/page_port.h"

namespace dosql::sqlite {

struct VfsOptions {
  std::string temp_directory;
  uint64_t transaction_bytes_max = 256ULL << 20;  // changed pages of one transaction
  uint64_t temp_bytes_max = 4ULL << 30;           // temporary files, all connections together
};

// While one lives, the file this thread opens is the main database of a connection that sets the
// page size itself, by pragma: that leaves `PRAGMA auto_vacuum` free until the first table. An
// attached file's header announces the page size of an empty database.
class MainFileOpening {
 public:
  MainFileOpening();
  ~MainFileOpening();
  MainFileOpening(const MainFileOpening&) = delete;
  MainFileOpening& operator=(const MainFileOpening&) = delete;
};

// sqlite3_file_control(): the page size of the file's port, into a uint32_t.
inline constexpr int kPageSizeControl = 20001;

// How a Vfs names its temporary files in their directory, for the moment they have a name.
[[nodiscard]] bool is_temp_file_name(std::string_view name);

class Vfs {
 public:
  static Result<std::unique_ptr<Vfs>> create(PortOpener& opener, const VfsOptions& options);
  ~Vfs();

  // What to pass to Connection::open_versioned().
  [[nodiscard]] const std::string& name() const;

  struct Impl;

 private:
  explicit Vfs(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace dosql::sqlite
