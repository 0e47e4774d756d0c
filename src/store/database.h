// Database: the versions of one database (its main branch) in a store: snapshots, commits, slots.
//
// Thread rule: thread-safe; commit() by the holder of permit(). Lifetime: owned by the Store, which
// outlives every Snapshot.
//
// What readers see: snapshot() pins the newest *durable* version (DESIGN 4, invariant 3); head() is
// for the holder of the write permit alone. Invariant: head version >= durable version, and between
// two rounds every version newer than the newest checkpoint is in the log.
#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/page_ref.h"
#include "base/sync.h"
#include "pages/commit_record.h"
#include "pages/page_tree.h"
#include "store/commit_log.h"
#include "store/descriptor.h"
#include "store/slot_changes.h"
#include "store/version_view.h"
#include "store/write_permit.h"

namespace dosql::store {

class Database;

// A pinned version. Movable; unpins when destroyed.
class Snapshot {
 public:
  Snapshot() = default;
  Snapshot(Snapshot&& other) noexcept
      : database_(std::exchange(other.database_, nullptr)),
        view_(other.view_),
        end_(other.end_),
        wall_us_(other.wall_us_) {}
  Snapshot& operator=(Snapshot&& other) noexcept;
  ~Snapshot() { reset(); }
  void reset();

  [[nodiscard]] bool empty() const { return database_ == nullptr; }
  [[nodiscard]] const VersionView& view() const { return view_; }
  [[nodiscard]] Version version() const { return view_.version(); }
  // The version is durable once the log is durable up to here.
  [[nodiscard]] Lsn end() const { return end_; }
  // When the version was made (0: the database is empty); of a slot: not after that.
  [[nodiscard]] int64_t wall_us() const { return wall_us_; }

 private:
  friend class Database;
  Database* database_ = nullptr;
  VersionView view_;
  Lsn end_{0};
  int64_t wall_us_ = 0;
};

// Moves a database's slot as part of somebody's commit.
struct SlotUpdate {
  Database* database = nullptr;
  std::string slot;
  Version version;  // pinned by the caller (a Snapshot held through hold_slot) until the commit is
                    // durable
};

struct CommitRequest {
  struct Page {
    PageNo page = 0;
    PageRef image;
  };
  std::span<const Page> pages;  // ascending; pages beyond page_count are gone
  uint32_t page_count = 0;
  std::string_view message;
  std::span<const SlotUpdate> slots;
};

// Where a record of the database lies in the log.
struct TailRecord {
  Lsn payload;
  uint32_t length = 0;
  uint32_t flags = 0;  // pages::PartFlag
  Version version;     // 0: makes none
};

// A held slot's root is kept in the descriptor under this suffix until a record moves the slot.
inline constexpr std::string_view kHeldSuffix = ".next";

class Database {
 public:
  // Loads nothing: versions are read on first use. `tail` are the records newer than the
  // descriptor's oldest checkpoint, in log order.
  Database(CommitLog& log, PageLoader& loader, Clock& clock, Descriptor descriptor,
           std::vector<TailRecord> tail);
  ~Database();
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  [[nodiscard]] DatabaseId id() const { return id_; }
  [[nodiscard]] uint32_t page_size() const { return page_size_; }
  [[nodiscard]] std::string name() const;
  [[nodiscard]] Descriptor descriptor() const;
  [[nodiscard]] WritePermit& permit() { return permit_; }

  // The newest durable version; or `own`, a later one that the caller made, which is durable once
  // the log is durable up to the snapshot's end().
  Result<Snapshot> snapshot(Version own = Version(0));
  // The newest version, durable or not. Only for the holder of the permit.
  Result<Snapshot> head();

  // Publishes the version after `base`, which must be the head (the permit holder pinned it).
  // On return the record is in the log's buffer and the version is the head; it is durable once the
  // log is durable up to the returned snapshot's end(). Errors: nothing was published
  // (kOutcomeUnknown or kIo once the log is broken, kDiskFull, kBusy when the log's tail is at its
  // limit).
  Result<Snapshot> commit(const Snapshot& base, const CommitRequest& request);

  // Named positions of change readers (SURFACE: slots). nullopt when there is none of that name.
  Result<std::optional<Snapshot>> slot_snapshot(std::string_view slot);
  // Promises that `snapshot`'s version may become the slot's soon: rounds keep its root.
  void hold_slot(std::string_view slot, const Snapshot& snapshot);
  void release_held_slot(std::string_view slot);

  void rename(std::string_view name);
  // Later commits fail; snapshots go on until a round trims what they read (kNotFound).
  void mark_dropped();

  // Oldest version that history can begin after, and the newest durable one.
  struct Range {
    Version oldest;
    Version newest;
  };
  Result<Range> retained();

 private:
  friend class CheckpointRound;
  friend class History;
  friend class Snapshot;

  struct Live {
    Version version;
    pages::PageTree::Root root;
    uint32_t pins = 0;
  };
  struct Pending {
    Lsn end;
    pages::PageTree::Root root;
    int64_t wall_us;
    std::vector<pages::Address> replaced;  // images that are not of this version any more
  };
  struct SlotRoot {
    std::string name;
    pages::PageTree::Root root;
  };
  struct HeldRoot {
    std::string name;
    Version version;
  };
  using OwnerList = std::vector<std::pair<PageNo, uint32_t>>;

  Result<void> load() DOSQL_REQUIRES(mutex_);
  Result<void> open_newest_checkpoint() DOSQL_REQUIRES(mutex_);
  Result<std::vector<SlotRoot>> recorded_slots() DOSQL_REQUIRES(mutex_);
  Result<void> replay_tail(const std::vector<SlotRoot>& stored, std::vector<SlotRoot>& wanted)
      DOSQL_REQUIRES(mutex_);
  void advance_durable() DOSQL_REQUIRES(mutex_);
  void pin_locked(const pages::PageTree::Root& root) DOSQL_REQUIRES(mutex_);
  void unpin_locked(Version version) DOSQL_REQUIRES(mutex_);
  void unpin(Version version);
  Snapshot make_snapshot(const pages::PageTree::Root& root, Lsn end, int64_t wall_us)
      DOSQL_REQUIRES(mutex_);
  void set_slot(std::string_view slot, Version version);

  struct Encoded {
    Buffer payload;
    std::vector<PageAddress> addresses;  // relative to the payload until it is appended
    std::vector<CachedPage> images;      // of `addresses`; empty images are zero pages
    std::vector<pages::Address> replaced;
  };
  Result<Encoded> encode(const Snapshot& base, const CommitRequest& request,
                         const OwnerList& owners, Lsn floor, int64_t wall_us);
  Result<void> encode_page(const Snapshot& base, const CommitRequest::Page& page, Lsn floor,
                           pages::RecordBuilder& record, Encoded& encoded);
  Result<OwnerList> changed_owners(const Snapshot& base, const CommitRequest& request);
  Result<Snapshot> publish(const Snapshot& base, const CommitRequest& request, Encoded& encoded,
                           const OwnerList& owners, wal::Appended at, int64_t wall_us);

  const DatabaseId id_;
  const uint32_t page_size_;
  CommitLog& log_;
  PageLoader& loader_;
  Clock& clock_;
  WritePermit permit_;

  mutable Mutex mutex_;
  Descriptor descriptor_ DOSQL_GUARDED_BY(mutex_);
  bool is_loaded_ DOSQL_GUARDED_BY(mutex_) = false;
  bool descriptor_changed_ DOSQL_GUARDED_BY(mutex_) = false;  // since the newest round
  std::vector<TailRecord> tail_ DOSQL_GUARDED_BY(mutex_);
  pages::PageTree tree_;
  pages::PageTree::Root head_ DOSQL_GUARDED_BY(mutex_);
  Lsn head_end_ DOSQL_GUARDED_BY(mutex_){0};
  pages::PageTree::Root durable_ DOSQL_GUARDED_BY(mutex_);  // pinned
  Lsn durable_end_ DOSQL_GUARDED_BY(mutex_){0};
  int64_t durable_wall_us_ DOSQL_GUARDED_BY(mutex_) = 0;
  std::deque<Pending> pending_ DOSQL_GUARDED_BY(mutex_);  // appended, not durable; ends with head_
  std::vector<Live> live_ DOSQL_GUARDED_BY(mutex_);       // ascending by version
  std::vector<SlotRoot> slots_ DOSQL_GUARDED_BY(mutex_);  // their versions are pinned
  std::vector<HeldRoot> held_ DOSQL_GUARDED_BY(mutex_);
  int64_t last_wall_us_ DOSQL_GUARDED_BY(mutex_) = 0;     // of head_
  std::optional<Error> broken_ DOSQL_GUARDED_BY(mutex_);  // appended and not published: reopen
};

}  // namespace dosql::store
