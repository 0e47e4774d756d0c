// A checkpoint round: what databases changed since the last cut goes from the log into packs, then
// the directory, then the root (DESIGN 4.3). Steps and what a crash between them leaves:
//   1 cut            nothing written
//   2 page packs     orphan packs, removed at the next open for writing
//   3 node pack      the same
//   4 root           the round happened
//   5 trim           log segments below the new begin are removed now or by a later round
#include <algorithm>
#include <unordered_map>

#include "base/text.h"
#include "store/store.h"

namespace dosql::store {
namespace {

constexpr size_t kCutsMax = 32;

}  // namespace

class CheckpointRound final : public BlockSink {
 public:
  explicit CheckpointRound(Store& store) : store_(store) {}
  ~CheckpointRound() override { release(); }

  Result<void> run();

  Result<pages::Address> store_block(pack::BlockKind kind, uint32_t key, Bytes bytes) override;
  Result<pages::Address> store_node(Bytes bytes) override {
    return store_block(pack::BlockKind::kNode, 0, bytes);
  }

 private:
  // One database of the round. `roots` are pinned: everything that any reader or writer can see.
  struct Member {
    std::shared_ptr<Database> database;
    pages::PageTree::Root root;
    int64_t wall_us = 0;
    std::vector<pages::PageTree::Root> roots;
    std::vector<Database::SlotRoot> slots;  // held ones too
    Descriptor descriptor;
    std::unordered_map<uint64_t, pages::Address> moved;  // raw log address -> pack
  };

  Result<void> finish_pack();
  Result<void> load_changed_databases();
  void collect();
  void collect_database(const std::shared_ptr<Database>& database);
  Result<void> write_pages(Member& member);
  Result<void> write_nodes(Member& member);
  Result<void> put_root(const Directory::Roots& roots);
  void publish(const Directory::Roots& roots);
  void release();

  Store& store_;
  Lsn cut_{0};
  Lsn begin_{0};
  std::vector<Member> members_;
  std::vector<DatabaseId> dropped_;
  uint32_t next_database_ = 0;
  bool has_succeeded_ = false;
};

Result<void> Store::checkpoint() {
  MutexLock round(round_mutex_);
  if (options_.read_only) return fail(Code::kReadOnly, "the store is open for reading only");
  if (!are_orphans_removed_) DOSQL_TRY(remove_orphans());
  CheckpointRound steps(*this);
  auto done = steps.run();
  if (!done) return with_context("checkpoint round", done.error());
  rounds_.fetch_add(1);
  return {};
}

// Packs that no root names: an interrupted round of an earlier process left them.
Result<void> Store::remove_orphans() {
  DOSQL_TRY(const auto names, blobs_.list("pack/"));
  for (const std::string& name : names) {
    if (name >= pack::pack_name(next_pack_)) DOSQL_TRY(blobs_.remove(name));
  }
  are_orphans_removed_ = true;
  return {};
}

Result<void> CheckpointRound::run() {
  // Nodes in memory may already point into the pack of a round that failed: it must exist first.
  if (store_.unfinished_pack_) DOSQL_TRY(finish_pack());
  DOSQL_TRY(load_changed_databases());
  cut_ = store_.commits_->cut([this] { collect(); });
  DOSQL_TRY(store_.log_->wait_durable(cut_));
  for (Member& member : members_) DOSQL_TRY(write_pages(member));
  if (store_.unfinished_pack_) DOSQL_TRY(finish_pack());
  for (Member& member : members_) DOSQL_TRY(write_nodes(member));

  std::vector<Directory::Change> changes;
  for (const Member& member : members_)
    changes.push_back({member.database->id(), member.descriptor});
  for (const DatabaseId id : dropped_) changes.push_back({id, std::nullopt});
  Directory::Roots roots;
  {
    MutexLock lock(store_.mutex_);
    DOSQL_TRY(roots, store_.directory_->apply(changes, *this));
  }
  if (store_.unfinished_pack_) DOSQL_TRY(finish_pack());
  DOSQL_TRY(put_root(roots));
  publish(roots);
  has_succeeded_ = true;
  store_.commits_->set_begin(begin_);
  store_.commits_->set_pack_floor(store_.root().next_pack);
  return store_.log_->trim(begin_);
}

Result<pages::Address> CheckpointRound::store_block(pack::BlockKind kind, uint32_t key,
                                                    Bytes bytes) {
  auto& pack = store_.unfinished_pack_;
  if (pack && pack->size() + bytes.size() + 4096 > pack::kPackBytesMax) DOSQL_TRY(finish_pack());
  if (!pack) {
    pack = std::make_unique<pack::PackWriter>(store_.next_pack_++, store_.root().store_id);
  }
  const pack::BlockRange range = pack->add(kind, key, bytes);
  return pages::Address::pack({range.pack, range.offset, range.length});
}

Result<void> CheckpointRound::finish_pack() {
  DOSQL_TRY(store_.unfinished_pack_->finish(store_.blobs_));
  store_.unfinished_pack_.reset();
  return {};
}

// Databases that have records newer than the last cut and were not touched since the store opened.
Result<void> CheckpointRound::load_changed_databases() {
  std::vector<std::shared_ptr<Database>> changed;
  {
    MutexLock lock(store_.mutex_);
    std::vector<DatabaseId> ids;
    for (const auto& [id, tail] : store_.tails_) {
      const bool is_newer =
          !tail.records.empty() && tail.records.back().payload >= store_.last_cut_;
      if (is_newer || tail.created || tail.renamed) ids.push_back(id);
    }
    for (const DatabaseId id : ids) {
      DOSQL_TRY(const bool is_there, store_.has_descriptor(id));
      if (!is_there) continue;  // a slot of it was moved after it had been dropped
      DOSQL_TRY(auto database, store_.open_database(id));
      changed.push_back(std::move(database));
    }
    for (const auto& [id, database] : store_.databases_) changed.push_back(database);
  }
  for (const auto& database : changed) {
    MutexLock lock(database->mutex_);
    const bool has_tail =
        !database->tail_.empty() && database->tail_.back().payload >= store_.last_cut_;
    if (has_tail) DOSQL_TRY(database->load());
  }
  return {};
}

void CheckpointRound::collect() {
  MutexLock lock(store_.mutex_);
  for (const auto& [id, database] : store_.databases_) collect_database(database);
  dropped_ = store_.dropped_;
  next_database_ = store_.next_database_;
}

void CheckpointRound::collect_database(const std::shared_ptr<Database>& database) {
  Database& db = *database;
  MutexLock lock(db.mutex_);
  if (!db.is_loaded_) {
    if (!db.descriptor_changed_) return;
    // Renamed before its first use: its roots stay what they are.
    Member member;
    member.database = database;
    member.descriptor = db.descriptor_;
    db.descriptor_changed_ = false;
    members_.push_back(std::move(member));
    return;
  }
  const auto& checkpoints = db.descriptor_.branches.front().checkpoints;
  const bool has_commits =
      checkpoints.empty() || db.head_.version() > checkpoints.back().root.version;
  if (!has_commits && !db.descriptor_changed_) return;
  Member member;
  member.database = database;
  member.root = db.head_;
  member.wall_us = db.last_wall_us_;
  for (const Database::Live& live : db.live_) member.roots.push_back(live.root);
  for (const Database::Pending& pending : db.pending_) member.roots.push_back(pending.root);
  member.roots.push_back(db.head_);
  member.slots = db.slots_;
  for (const Database::HeldRoot& held : db.held_) {
    const auto live = std::ranges::find(db.live_, held.version, &Database::Live::version);
    if (live != db.live_.end()) member.slots.push_back({held.name, live->root});
  }
  for (const auto& root : member.roots) db.pin_locked(root);
  db.descriptor_changed_ = false;
  members_.push_back(std::move(member));
}

Result<void> CheckpointRound::write_pages(Member& member) {
  Database& db = *member.database;
  const auto visit = [&](PageNo page, const pages::Slot& slot) -> Result<void> {
    const pages::Address address = slot.address;
    if (!address.is_log() || address.lsn() >= cut_ || member.moved.contains(address.raw()))
      return {};
    DOSQL_TRY(const CachedPage loaded, db.loader_.load(address, page, db.page_size()));
    DOSQL_TRY(const pages::Address moved,
              store_block(pack::BlockKind::kPage, page, loaded.image.bytes()));
    member.moved.emplace(address.raw(), moved);
    return {};
  };
  for (const auto& root : member.roots) DOSQL_TRY(db.tree_.for_each_dirty(root, visit));
  return {};
}

Result<void> CheckpointRound::write_nodes(Member& member) {
  Database& db = *member.database;
  MutexLock lock(db.mutex_);
  if (member.roots.empty()) return {};
  std::vector<pages::PageTree::Root> roots = member.roots;
  for (const Database::Live& live : db.live_) roots.push_back(live.root);
  for (const Database::Pending& pending : db.pending_) roots.push_back(pending.root);
  roots.push_back(db.head_);
  db.tree_.translate(roots, [&](PageNo, pages::Address address) {
    if (!address.is_log()) return address;
    const auto at = member.moved.find(address.raw());
    return at == member.moved.end() ? address : at->second;
  });
  member.descriptor = db.descriptor_;
  BranchEntry& branch = member.descriptor.branches.front();
  DOSQL_TRY(const auto stored, db.tree_.persist(member.root, *this));
  if (!branch.checkpoints.empty() && branch.checkpoints.back().root.version == stored.version) {
    branch.checkpoints.pop_back();
  }
  branch.checkpoints.push_back({stored, cut_, member.wall_us});
  member.descriptor.slots.clear();
  for (const Database::SlotRoot& slot : member.slots) {
    DOSQL_TRY(const auto root, db.tree_.persist(slot.root, *this));
    member.descriptor.slots.push_back({slot.name, kMainBranch, root});
  }
  return {};
}

Result<void> CheckpointRound::put_root(const Directory::Roots& roots) {
  const RootRecord old = store_.root();
  std::vector<Lsn> cuts = old.cuts;
  if (cuts.empty() || cuts.back() < cut_) cuts.push_back(cut_);
  const uint64_t end = store_.log_->end().value();
  begin_ = old.log_begin;
  for (const Lsn cut : cuts) {
    if (end - cut.value() >= store_.options_.history_bytes) begin_ = std::max(begin_, cut);
  }
  std::erase_if(cuts, [&](Lsn cut) { return cut < begin_; });
  if (cuts.size() > kCutsMax) cuts.erase(cuts.begin() + 1);
  // Old roots are for history; the newest at or below the log's begin is where history begins.
  for (Member& member : members_) {
    auto& checkpoints = member.descriptor.branches.front().checkpoints;
    while (checkpoints.size() > 1 && checkpoints[1].cut <= begin_) {
      checkpoints.erase(checkpoints.begin());
    }
  }
  return store_.update_root([&](RootRecord& root) {
    root.cuts = cuts;
    root.log_begin = begin_;
    root.next_database = next_database_;
    root.next_pack = store_.next_pack_;
    root.directory = roots.stored_ids;
    root.names = roots.stored_names;
  });
}

void CheckpointRound::publish(const Directory::Roots& roots) {
  MutexLock lock(store_.mutex_);
  store_.directory_->adopt(roots);
  std::erase_if(store_.dropped_,
                [&](DatabaseId id) { return std::ranges::find(dropped_, id) != dropped_.end(); });
  std::erase_if(store_.names_, [&](const auto& entry) {
    const auto known = store_.directory_->find_name(entry.first);
    return known && *known == entry.second;
  });
  const auto is_trimmed = [&](const TailRecord& record) { return record.payload < begin_; };
  for (auto& [id, tail] : store_.tails_) std::erase_if(tail.records, is_trimmed);
  for (Member& member : members_) {
    Database& db = *member.database;
    MutexLock db_lock(db.mutex_);
    db.descriptor_.branches = member.descriptor.branches;
    db.descriptor_.slots = member.descriptor.slots;
  }
  for (const auto& [id, database] : store_.databases_) {
    MutexLock db_lock(database->mutex_);
    std::erase_if(database->tail_, is_trimmed);
  }
}

void CheckpointRound::release() {
  for (Member& member : members_) {
    Database& db = *member.database;
    MutexLock lock(db.mutex_);
    if (!has_succeeded_) db.descriptor_changed_ = true;
    for (const auto& root : member.roots) db.unpin_locked(root.version());
  }
  members_.clear();
}

}  // namespace dosql::store
