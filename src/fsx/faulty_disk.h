// FaultyDisk: a disk in memory that models what a crash may do. Without faults it is the memory
// twin.
//
// Every file keeps its durable bytes and the writes since its last sync; every directory its
// durable names and the changes since its last sync_dir. crash() loses what was not synced: each
// unsynced write independently survives, is dropped, or is torn at a 512-byte sector, which also
// reorders them; each unsynced name change survives or not, in order. A failed sync gives its bytes
// up: a later sync does not make them durable, though readers see them until the crash. Open files
// of before the crash fail. Thread rule: thread-safe.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "base/random.h"
#include "base/sync.h"
#include "fsx/disk.h"

namespace dosql::fsx {

class FaultyDisk final : public Disk {
 public:
  FaultyDisk();
  ~FaultyDisk() override;

  Result<std::unique_ptr<File>> open(std::string_view path, OpenMode mode) override;
  Result<void> rename(std::string_view from, std::string_view to) override;
  Result<void> remove(std::string_view path) override;
  Result<void> make_dir(std::string_view path) override;
  Result<std::vector<std::string>> list(std::string_view dir) override;
  Result<bool> exists(std::string_view path) override;
  Result<void> sync_dir(std::string_view dir) override;

  // What the machine finds after power comes back.
  void crash(Random& random);
  // The n-th changing call (write, sync, truncate, create, rename, remove, sync_dir) from now on
  // fails with `error`, and so do all later ones until heal(): 1 is the next.
  void fail_from_call(uint64_t n, Error error);
  void heal();
  // Writes that need more than this many bytes in all files fail with kDiskFull, half done.
  void set_space(uint64_t bytes);
  // The same, beyond what the files hold now.
  void set_space_left(uint64_t bytes);
  // Called, without locks, whenever a file is about to be opened: what others do in the middle of a
  // call, without threads. Empty: nothing. Not while another thread uses the disk.
  void set_open_hook(std::function<void(std::string_view path)> hook);
  [[nodiscard]] uint64_t changing_calls() const;
  [[nodiscard]] uint64_t syncs() const;

  // The bytes of a file as a reader sees them; for tests that damage them.
  Result<Buffer> read_file(std::string_view path);
  Result<void> overwrite_file(std::string_view path, Bytes bytes);

 private:
  friend class FaultyFile;
  struct Inode;
  struct State;
  std::shared_ptr<State> state_;
  std::function<void(std::string_view)> open_hook_;
};

}  // namespace dosql::fsx
