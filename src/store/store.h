// Store: all databases of one directory over one log. What a commit, a snapshot, a slot and a
// checkpoint round mean is in docs/architecture.md; the bytes are in docs/format.md.
//
// Thread rule: thread-safe, except open() and close(). No threads of its own: somebody calls
// checkpoint() when is_checkpoint_due(), and whoever needs durability leads the log (wal/log.h).
// Lifetime: disk, blobs and clock outlive it; databases and snapshots die before it.
#pragma once

#include <atomic>
#include <functional>
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
  [[nodiscard]] RootRecord root() const;
  [[nodiscard]] std::map<std::string, double> stats() const;

 private:
  friend class CheckpointRound;
  Store(fsx::BlobStore& blobs, Clock& clock, const Options& options);

  Result<void> check_database(std::string_view name, const std::function<void()>& progress);
  Result<void> load_root(fsx::Disk& disk, const std::string& log_dir);
  Result<void> open_log(fsx::Disk& disk, std::string log_dir);
  Result<void> visit_record(Lsn payload, Bytes bytes);
  Result<void> visit_admin_part(const pages::RecordPart& part) DOSQL_REQUIRES(mutex_);
  Result<void> prepare_for_writing();
  Result<void> remove_orphans();
  Result<void> update_root(const std::function<void(RootRecord&)>& change);
  // Appends a record of one part and waits until it is durable.
  Result<void> append_admin(pages::PartHeader header, pages::Section section, Bytes body,
                            const std::function<void(TailRecord)>& publish);
  Result<std::optional<DatabaseId>> find_id(std::string_view name) DOSQL_REQUIRES(mutex_);
  // Whether directory or log say what this database is.
  Result<bool> has_descriptor(DatabaseId id) DOSQL_REQUIRES(mutex_);
  Result<std::shared_ptr<Database>> open_database(DatabaseId id) DOSQL_REQUIRES(mutex_);
  Result<std::map<std::string, DatabaseId>> all_names() DOSQL_REQUIRES(mutex_);
  std::unexpected<Error> no_such_database(std::string_view name) DOSQL_REQUIRES(mutex_);

  fsx::BlobStore& blobs_;
  Clock& clock_;
  const Options options_;
  PageCache cache_;
  mutable Mutex root_mutex_;  // innermost
  RootRecord root_ DOSQL_GUARDED_BY(root_mutex_);
  std::optional<fsx::Etag> root_etag_ DOSQL_GUARDED_BY(root_mutex_);
  uint32_t history_epoch_ = 0;  // the root's; fixed while the store is open
  bool is_writing_ DOSQL_GUARDED_BY(root_mutex_) = false;  // the root says so
  std::unique_ptr<wal::Log> log_;
  wal::Recovery recovery_;
  Epoch log_epoch_{0};
  Lsn last_cut_{0};  // at open
  std::unique_ptr<PageLoader> loader_;
  std::unique_ptr<CommitLog> commits_;
  std::unique_ptr<Directory> directory_;

  // What the log says of a database that is not open.
  struct Tail {
    std::vector<TailRecord> records;
    std::optional<Descriptor> created;
    std::optional<std::string> renamed;
  };
  // Lock order: round_mutex_ or admin_mutex_, CommitLog's, mutex_, Database's, root_mutex_.
  Mutex round_mutex_;
  Mutex admin_mutex_;  // create, drop, rename: one at a time
  mutable Mutex mutex_;
  uint32_t next_database_ DOSQL_GUARDED_BY(mutex_) = 1;
  std::unordered_map<DatabaseId, Tail> tails_ DOSQL_GUARDED_BY(mutex_);
  // Names that differ from the directory's: nullopt means gone.
  std::map<std::string, std::optional<DatabaseId>, std::less<>> names_ DOSQL_GUARDED_BY(mutex_);
  std::vector<DatabaseId> dropped_ DOSQL_GUARDED_BY(mutex_);  // the directory may still have them
  std::unordered_map<DatabaseId, std::shared_ptr<Database>> databases_ DOSQL_GUARDED_BY(mutex_);
  std::unique_ptr<pack::PackWriter> unfinished_pack_;  // of a round that failed; under round_mutex_
  uint32_t next_pack_ = 1;                             // under round_mutex_
  bool are_orphans_removed_ = false;                   // under round_mutex_
  std::atomic<uint64_t> rounds_{0};
};

}  // namespace dosql::store
