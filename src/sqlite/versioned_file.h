// VersionedFile: one sqlite3_file over one PagePort: pin, overlay, change counter. vfs.cc
// translates SQLite's callbacks into these calls; results are SQLite's codes.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "sqlite/page_port.h"

namespace dosql::sqlite {

class VersionedFile {
 public:
  enum class Role : uint8_t { kMain, kAttached };  // MainFileOpening in sqlite/vfs.h
  VersionedFile(std::unique_ptr<PagePort> port, Role role, uint64_t transaction_bytes_max)
      : port_(std::move(port)), role_(role), transaction_bytes_max_(transaction_bytes_max) {}
  ~VersionedFile();

  [[nodiscard]] PagePort& port() { return *port_; }
  [[nodiscard]] bool has_write_lock() const { return is_writing_; }

  int read(void* out, int size, int64_t offset);
  int write(const void* bytes, int size, int64_t offset);
  int truncate(int64_t size);
  int file_size(int64_t* size);
  // SQLite's lock levels, SQLITE_LOCK_NONE .. SQLITE_LOCK_EXCLUSIVE.
  int lock(int level);
  int unlock(int level);
  // FCNTL_COMMIT_PHASETWO.
  int publish();

 private:
  Result<void> ensure_pinned();
  Result<PageRef> image_of(PageNo page);
  // SQLITE_OK, or the code of an error after which SQLite rolls everything back by itself.
  int begin_change();
  Result<bool> changes_something();
  void drop_overlay();
  void patch_counter(MutableBytes out, int64_t offset) const;
  void announce_page_size(MutableBytes header) const;
  Error too_big() const;

  std::unique_ptr<PagePort> port_;
  const Role role_;
  const uint64_t transaction_bytes_max_;
  int level_ = 0;
  bool is_pinned_ = false;
  bool is_writing_ = false;   // the port's begin_write() succeeded
  bool has_changed_ = false;  // the overlay or the page count differs from the pin
  Pin pin_;
  uint32_t page_count_ = 0;  // as this connection sees it
  std::map<PageNo, PageRef> overlay_;
  Version seen_{0};               // the version the counter stands for
  uint32_t counter_ = 1;          // what SQLite reads as the file's change counter
  uint32_t written_counter_ = 0;  // what SQLite wrote in this transaction
  bool was_wal_ = false;          // what SQLite wrote asks for a WAL, and its cache says so
};

}  // namespace dosql::sqlite
