// Instance: what a dosql::Store is inside: the directory's disk, blobs and lock, the versioned
// store, its threads and its open databases. The higher modules (catalog, lake, shell) reach the
// versioned store through it. Thread rule: thread-safe, except open() and close().
#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <unordered_map>

#include <dosql/store.h>

#include "engine/executor.h"
#include "fsx/disk.h"
#include "fsx/ownership.h"
#include "sqlite/page_port.h"
#include "sqlite/vfs.h"
#include "store/store.h"

namespace dosql::engine {

// What an instance stands on when that is not this machine: simulated disks and clocks.
struct Ground {
  fsx::Disk& disk;
  Clock& clock;
  store::Options store;
  std::string temp_directory;  // of the operating system, for SQLite's temporary files
};

class Instance final : public sqlite::PortOpener {
 public:
  static Result<std::unique_ptr<Instance>> open(const std::string& directory,
                                                const StoreOptions& options);
  // Without a lock and without rounds by themselves: all I/O is done by who calls. The ground
  // outlives it.
  static Result<std::unique_ptr<Instance>> open_on(const Ground& ground,
                                                   const std::string& directory);
  ~Instance() override;

  [[nodiscard]] const std::string& directory() const { return directory_; }
  [[nodiscard]] store::Store& versions() { return *store_; }
  [[nodiscard]] Executor& executor() { return *executor_; }
  [[nodiscard]] const std::string& vfs_name() const { return vfs_->name(); }

  // Handles by name; hidden databases only through open_hidden().
  Result<std::shared_ptr<Database::Impl>> database(std::string_view name);
  // An internal database (`_catalog`), created on first use.
  Result<std::shared_ptr<Database::Impl>> open_hidden(std::string_view name);
  void forget(std::string_view name);

  // Called by the VFS while a session opens its main database or attaches another.
  Result<std::unique_ptr<sqlite::PagePort>> open_port(std::string_view name) override;

  // Runs a round when one is due; used by the background thread and by stores without one.
  Result<void> checkpoint_when_due();
  Result<void> close();

 private:
  Instance() = default;
  // Makes the directory, and this process its owner.
  Result<void> own_directory(const StoreOptions& options);
  Result<void> check_directory(const StoreOptions& options);
  Result<void> start(const Ground& ground, int workers);
  void run_background();
  Result<std::shared_ptr<Database::Impl>> handle_of(std::shared_ptr<store::Database> database);

  std::string directory_;
  std::unique_ptr<fsx::Disk> own_disk_;  // null on somebody else's ground
  std::unique_ptr<fsx::BlobStore> blobs_;
  std::unique_ptr<fsx::Ownership> ownership_;
  std::unique_ptr<fsx::Lease> lease_;
  std::unique_ptr<store::Store> store_;
  std::unique_ptr<sqlite::Vfs> vfs_;
  std::unique_ptr<Executor> executor_;
  std::thread background_;
  Mutex mutex_;
  CondVar stops_;
  bool is_stopping_ DOSQL_GUARDED_BY(mutex_) = false;
  bool is_closed_ DOSQL_GUARDED_BY(mutex_) = false;
  std::unordered_map<std::string, std::shared_ptr<Database::Impl>> handles_
      DOSQL_GUARDED_BY(mutex_);
};

// The instance behind a public handle.
[[nodiscard]] Instance& instance_of(Store& store);
// The versions behind a database handle.
[[nodiscard]] const std::shared_ptr<store::Database>& versions_of(Database& database);

// The next commit of the session carries this message and moves these slots with it.
void set_commit_message(Session& session, std::string message);
void set_commit_slots(Session& session, std::vector<store::SlotUpdate> slots);

}  // namespace dosql::engine
