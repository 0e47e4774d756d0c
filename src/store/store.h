// Store: all databases of one directory over one log. What a commit, a snapshot, a slot and a
// checkpoint round mean is in docs/architecture.md; the bytes are in docs/format.md.
//
// Thread rule: thread-safe, except open() and close(). No threads of its own: somebody calls
// checkpoint() when is_checkpoint_due(), and whoever needs durability leads the log (wal/log.h).
// Lifetime: disk, blobs and clock outlive it; databases and snapshots die before it.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "fsx/blob_store.h"
#include "fsx/disk.h"
#include "store/commit_log.h"
#include "store/database.h"
#include "store/directory.h"
#include "store/options.h"
#include "store/root.h"

namespace dosql::store {

struct NewDatabase {
  std::string name;
  std::string group;
  uint32_t page_size = 4096;
  bool is_hidden = false;
};

class Store {
 public:
  // The root is the blob "root", packs are blobs, the log lies in `log_dir` on `disk`. Creates an
  // empty store when there is no root (kNotFound when options.read_only).
  static Result<std::unique_ptr<Store>> open(fsx::Disk& disk, std::string log_dir,
                                             fsx::BlobStore& blobs, Clock& clock,
                                             const Options& options);
  ~Store();

  // Durable on return. kAlreadyExists, kInvalidArgument.
  Result<std::shared_ptr<Database>> create(const NewDatabase& wanted);
  // Hidden ones too. kNotFound names the nearest existing database.
  Result<std::shared_ptr<Database>> find(std::string_view name);
  Result<void> drop(std::string_view name);
  Result<void> rename(std::string_view from, std::string_view to);
  // Descriptors, sorted by name.
  Result<std::vector<Descriptor>> list();

  [[nodiscard]] wal::Log& log() { return *log_; }
  [[nodiscard]] std::string bookmark(Version version) const;
  // Accepts what bookmark() made in this history epoch.
  Result<Version> parse_bookmark(std::string_view text) const;

  [[nodiscard]] bool is_checkpoint_due() const;
  // One round; waits for a running one. On an error the store goes on as before.
  Result<void> checkpoint();

  // Verifies every pack, root and tree (not SQLite's own structure); calls `progress` with the
  // blocks done. Findings are sentences; an empty list means all is well.
  Result<std::vector<std::string>> check(const std::function<void(uint64_t)>& progress);

  // Makes the end of the log durable and marks the close clean. Nothing may be used afterwards.
  Result<void> close();

  [[nodiscard]] const wal::Recovery& recovery() const { return recovery_; }
  [[nodiscard]] const RootRecord& root() const { return root_; }
  [[nodiscard]] std::map<std::string, double> stats() const;

 private:
  friend class CheckpointRound;
  Store(fsx::BlobStore& blobs, Clock& clock, const Options& options);

  Result<void> open_log(fsx::Disk& disk, std::string log_dir);
  Result<void> visit_record(Lsn payload, Bytes bytes);
  Result<void> prepare_for_writing();
  Result<void> put_root(const RootRecord& root);
  Result<void> append_admin(const pages::PartHeader& header, pages::Section section, Bytes body,
                            const std::function<Result<void>(wal::Appended)>& publish);
  Result<std::optional<DatabaseId>> find_id(std::string_view name) DOSQL_REQUIRES(mutex_);
  Result<std::shared_ptr<Database>> open_database(DatabaseId id) DOSQL_REQUIRES(mutex_);
  std::unexpected<Error> no_such_database(std::string_view name);

  fsx::BlobStore& blobs_;
  Clock& clock_;
  const Options options_;
  PageCache cache_;
  RootRecord root_;
  std::optional<fsx::Etag> root_etag_;
  std::unique_ptr<wal::Log> log_;
  wal::Recovery recovery_;
  std::unique_ptr<PageLoader> loader_;
  std::unique_ptr<CommitLog> commits_;
  std::unique_ptr<Directory> directory_;
  Mutex round_mutex_;  // one round at a time; before mutex_

  // What the log says that the directory does not say yet.
  struct Tail {
    std::vector<TailRecord> records;
    std::optional<Descriptor> created;
    std::optional<std::string> name;
    bool is_dropped = false;
  };
  Mutex admin_mutex_;  // create, drop, rename: one at a time; before mutex_
  Mutex mutex_;
  uint32_t next_database_ DOSQL_GUARDED_BY(mutex_) = 1;
  std::unordered_map<DatabaseId, Tail> tails_ DOSQL_GUARDED_BY(mutex_);
  // Names that differ from the directory's: nullopt means gone.
  std::map<std::string, std::optional<DatabaseId>, std::less<>> names_ DOSQL_GUARDED_BY(mutex_);
  std::unordered_map<DatabaseId, std::shared_ptr<Database>> databases_ DOSQL_GUARDED_BY(mutex_);
  uint64_t rounds_ DOSQL_GUARDED_BY(mutex_) = 0;
};

}  // namespace dosql::store
