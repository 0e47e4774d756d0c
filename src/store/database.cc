#include "store/database.h"

#include <algorithm>

#include "base/text.h"

namespace dosql::store {

Snapshot& Snapshot::operator=(Snapshot&& other) noexcept {
  if (this != &other) {
    reset();
    database_ = std::exchange(other.database_, nullptr);
    view_ = other.view_;
    end_ = other.end_;
    wall_us_ = other.wall_us_;
  }
  return *this;
}

void Snapshot::reset() {
  if (database_ != nullptr) std::exchange(database_, nullptr)->unpin(view_.version());
}

Database::Database(CommitLog& log, PageLoader& loader, Clock& clock, Descriptor descriptor,
                   std::vector<TailRecord> tail)
    : id_(descriptor.id),
      page_size_(descriptor.page_size),
      log_(log),
      loader_(loader),
      clock_(clock),
      descriptor_(std::move(descriptor)),
      tail_(std::move(tail)),
      tree_(loader) {
  // A name or a slot that only the log knows has to get into the descriptor before it is trimmed.
  constexpr uint32_t kOfDescriptor = pages::kPartRenamesDatabase | pages::kPartSetsSlot;
  descriptor_changed_ = std::ranges::any_of(
      tail_, [](const TailRecord& record) { return (record.flags & kOfDescriptor) != 0; });
}

Database::~Database() = default;

std::string Database::name() const {
  MutexLock lock(mutex_);
  return descriptor_.name;
}

Descriptor Database::descriptor() const {
  MutexLock lock(mutex_);
  return descriptor_;
}

Result<Snapshot> Database::snapshot(Version own) {
  MutexLock lock(mutex_);
  DOSQL_TRY(load());
  advance_durable();
  if (own > durable_.version() && own <= head_.version()) {
    const Pending& pending = pending_[own.value() - durable_.version().value() - 1];
    return make_snapshot(pending.root, pending.end, pending.wall_us);
  }
  return make_snapshot(durable_, durable_end_, durable_wall_us_);
}

Result<Snapshot> Database::head() {
  MutexLock lock(mutex_);
  DOSQL_TRY(load());
  if (broken_) return std::unexpected(*broken_);
  advance_durable();
  return make_snapshot(head_, head_end_, last_wall_us_);
}

// --- pins

void Database::pin_locked(const pages::PageTree::Root& root) {
  auto at = live_.end();
  while (at != live_.begin() && std::prev(at)->version >= root.version()) --at;
  if (at == live_.end() || at->version != root.version()) {
    tree_.pin(root.version());
    at = live_.insert(at, Live{root.version(), root, 0});
  }
  ++at->pins;
}

void Database::unpin_locked(Version version) {
  for (auto at = live_.end(); at != live_.begin();) {
    --at;
    if (at->version != version) continue;
    if (--at->pins == 0) {
      live_.erase(at);
      tree_.unpin(version);
    }
    return;
  }
  DOSQL_CHECK(false);
}

void Database::unpin(Version version) {
  MutexLock lock(mutex_);
  unpin_locked(version);
}

Snapshot Database::make_snapshot(const pages::PageTree::Root& root, Lsn end, int64_t wall_us) {
  pin_locked(root);
  Snapshot snapshot;
  snapshot.database_ = this;
  snapshot.view_ = VersionView(loader_, tree_, root, page_size_);
  snapshot.end_ = end;
  snapshot.wall_us_ = wall_us;
  return snapshot;
}

void Database::advance_durable() {
  const Lsn durable = log_.log().durable();
  const Version before = durable_.version();
  bool has_moved = false;
  while (!pending_.empty() && pending_.front().end <= durable) {
    durable_ = pending_.front().root;
    durable_end_ = pending_.front().end;
    durable_wall_us_ = pending_.front().wall_us;
    for (const pages::Address address : pending_.front().replaced) loader_.forget(address);
    pending_.pop_front();
    has_moved = true;
  }
  if (!has_moved) return;
  pin_locked(durable_);
  unpin_locked(before);
  tree_.release_before(durable_.version());
}

// --- commit

Result<Snapshot> Database::commit(const Snapshot& base, const CommitRequest& request) {
  int64_t wall_us = clock_.wall_us();
  {
    MutexLock lock(mutex_);
    if (broken_) return std::unexpected(*broken_);
    wall_us = std::max(wall_us, last_wall_us_ + 1);
  }
  DOSQL_TRY(const OwnerList owners, changed_owners(base, request));
  for (;;) {
    const Lsn floor = log_.delta_floor();
    DOSQL_TRY(Encoded encoded, encode(base, request, owners, floor, wall_us));
    Snapshot published;
    DOSQL_TRY(const auto at,
              log_.append(encoded.payload, floor, [&](wal::Appended where) -> Result<void> {
                for (PageAddress& page : encoded.addresses) {
                  if (page.address.is_hole()) continue;
                  page.address =
                      pages::Address::log(Lsn(where.payload.value() + page.address.lsn().value()));
                }
                DOSQL_TRY(published, publish(base, request, encoded, owners, where, wall_us));
                return {};
              }));
    if (!at) continue;
    for (size_t i = 0; i < encoded.addresses.size(); ++i) {
      if (encoded.addresses[i].address.is_hole()) continue;
      loader_.remember(encoded.addresses[i].address, std::move(encoded.images[i]));
    }
    return published;
  }
}

Result<Snapshot> Database::publish(const Snapshot& base, const CommitRequest& request,
                                   Encoded& encoded, const OwnerList& owners, wal::Appended at,
                                   int64_t wall_us) {
  for (const SlotUpdate& update : request.slots) {
    update.database->set_slot(update.slot, update.version);
  }
  MutexLock lock(mutex_);
  DOSQL_CHECK(base.version() == head_.version());
  const Version version(head_.version().value() + 1);
  const auto apply = [&]() -> Result<pages::PageTree::Root> {
    DOSQL_TRY(const auto changes, merge_changes(tree_, base.view().root(), request.page_count,
                                                encoded.addresses, owners));
    return tree_.apply(base.view().root(), version, changes, request.page_count);
  };
  auto root = apply();
  if (!root) {
    // The record is in the log and the version is not in memory: only reopening brings it back.
    broken_ = Error{Code::kOutcomeUnknown,
                    str_cat({"database \"", descriptor_.name, "\": a commit is in the log but ",
                             root.error().message, "; reopen the store"})};
    return std::unexpected(*broken_);
  }
  head_ = *root;
  head_end_ = at.end;
  last_wall_us_ = wall_us;
  pending_.push_back({at.end, head_, wall_us, std::move(encoded.replaced)});
  tail_.push_back({at.payload, static_cast<uint32_t>(encoded.payload.size()), 0, version});
  return make_snapshot(head_, head_end_, last_wall_us_);
}

// --- slots

void Database::set_slot(std::string_view slot, Version version) {
  MutexLock lock(mutex_);
  const auto live = std::ranges::find(live_, version, &Live::version);
  DOSQL_CHECK(live != live_.end());
  const pages::PageTree::Root root = live->root;
  pin_locked(root);
  const auto at = std::ranges::find(slots_, slot, &SlotRoot::name);
  if (at == slots_.end()) {
    slots_.push_back({std::string(slot), root});
  } else {
    unpin_locked(at->root.version());
    at->root = root;
  }
  descriptor_changed_ = true;
}

Result<std::optional<Snapshot>> Database::slot_snapshot(std::string_view slot) {
  MutexLock lock(mutex_);
  DOSQL_TRY(load());
  const auto at = std::ranges::find(slots_, slot, &SlotRoot::name);
  if (at == slots_.end()) return std::optional<Snapshot>();
  return std::optional<Snapshot>(make_snapshot(at->root, durable_end_, durable_wall_us_));
}

void Database::hold_slot(std::string_view slot, const Snapshot& snapshot) {
  MutexLock lock(mutex_);
  held_.push_back({str_cat({slot, kHeldSuffix}), snapshot.version()});
}

void Database::release_held_slot(std::string_view slot) {
  MutexLock lock(mutex_);
  const std::string name = str_cat({slot, kHeldSuffix});
  std::erase_if(held_, [&](const HeldRoot& held) { return held.name == name; });
}

void Database::rename(std::string_view name) {
  MutexLock lock(mutex_);
  descriptor_.name = name;
  descriptor_changed_ = true;
}

void Database::mark_dropped() {
  MutexLock lock(mutex_);
  broken_ = Error{Code::kNotFound, str_cat({"database \"", descriptor_.name, "\" was dropped"})};
}

Result<Database::Range> Database::retained() {
  MutexLock lock(mutex_);
  DOSQL_TRY(load());
  advance_durable();
  const auto first =
      std::ranges::find_if(tail_, [](const TailRecord& r) { return r.version.value() > 0; });
  Range range{durable_.version(), durable_.version()};
  if (first == tail_.end()) return range;
  if (first->version == Version(1)) return Range{Version(0), durable_.version()};
  // A version can be rebuilt when the records from some checkpoint on are all there.
  for (const Checkpoint& checkpoint : descriptor_.branches.front().checkpoints) {
    if (checkpoint.root.version.value() + 1 >= first->version.value()) {
      range.oldest = std::min(range.oldest, checkpoint.root.version);
    }
  }
  return range;
}

}  // namespace dosql::store
