// Loading a database: its newest checkpoint, then the records after it.
#include <algorithm>

#include "base/text.h"
#include "store/database.h"
#include "store/slot_changes.h"

namespace dosql::store {

Result<void> Database::load() {
  if (is_loaded_) return {};
  if (auto opened = open_newest_checkpoint(); !opened) {
    return with_context(str_cat({"database \"", descriptor_.name, "\""}), opened.error());
  }
  is_loaded_ = true;
  return {};
}

Result<void> Database::open_newest_checkpoint() {
  const auto& checkpoints = descriptor_.branches.front().checkpoints;
  pages::PageTree::StoredRoot newest;
  if (!checkpoints.empty()) {
    newest = checkpoints.back().root;
    last_wall_us_ = checkpoints.back().wall_us;
  }
  DOSQL_TRY(head_, tree_.open(newest));

  std::vector<SlotRoot> stored;
  for (const NamedRoot& slot : descriptor_.slots) {
    DOSQL_TRY(auto root, tree_.open(slot.root));
    stored.push_back({slot.name, root});
    tree_.pin(root.version());
  }
  DOSQL_TRY(std::vector<SlotRoot> wanted, recorded_slots());
  for (const SlotRoot& slot : stored) {
    const auto is_same = [&](const SlotRoot& other) { return other.name == slot.name; };
    if (!slot.name.ends_with(kHeldSuffix) && std::ranges::none_of(wanted, is_same)) {
      wanted.push_back(slot);
    }
  }
  DOSQL_TRY(replay_tail(stored, wanted));

  durable_ = head_;
  durable_end_ = head_end_ = Lsn(0);
  durable_wall_us_ = last_wall_us_;
  pin_locked(durable_);
  slots_ = std::move(wanted);
  for (const SlotRoot& slot : slots_) {
    pin_locked(slot.root);
    tree_.unpin(slot.root.version());
  }
  for (const SlotRoot& slot : stored) tree_.unpin(slot.root.version());
  tree_.release_before(durable_.version());
  return {};
}

// The last position each slot was moved to by a record; the replay fills the roots in.
Result<std::vector<Database::SlotRoot>> Database::recorded_slots() {
  std::vector<SlotRoot> slots;
  for (const TailRecord& record : tail_) {
    if ((record.flags & pages::kPartSetsSlot) == 0) continue;
    DOSQL_TRY(const Buffer payload, loader_.load_payload(record.payload, record.length));
    DOSQL_TRY(const auto parts, pages::parse_record(payload));
    for (const pages::RecordPart& part : parts) {
      if (part.header.database != id_ || (part.header.flags & pages::kPartSetsSlot) == 0) continue;
      ByteReader in(part.slot);
      const Version version(in.read_le<uint64_t>());
      std::string name(as_text(in.read_bytes(in.remaining())));
      std::erase_if(slots, [&](const SlotRoot& slot) { return slot.name == name; });
      DOSQL_TRY(auto root, tree_.open({pages::Address::hole(), 0, version}));
      slots.push_back({std::move(name), root});
    }
  }
  return slots;
}

Result<void> Database::replay_tail(const std::vector<SlotRoot>& stored,
                                   std::vector<SlotRoot>& wanted) {
  std::vector<bool> found(wanted.size(), false);
  const auto remember = [&](const pages::PageTree::Root& root) {
    for (size_t i = 0; i < wanted.size(); ++i) {
      if (found[i] || wanted[i].root.version() != root.version()) continue;
      wanted[i].root = root;
      found[i] = true;
      tree_.pin(root.version());
    }
  };
  // Found roots stay pinned in the tree until the caller has pinned them itself.
  for (const SlotRoot& slot : stored) remember(slot.root);
  remember(head_);
  for (const TailRecord& record : tail_) {
    if (record.version <= head_.version()) continue;
    DOSQL_TRY(const Buffer payload, loader_.load_payload(record.payload, record.length));
    DOSQL_TRY(const auto parts, pages::parse_record(payload));
    for (const pages::RecordPart& part : parts) {
      if (part.header.database != id_ || part.header.version != record.version) continue;
      if (part.header.parent != head_.version()) {
        return fail(
            Code::kCorrupt,
            str_cat({"the log goes from version ", std::to_string(head_.version().value()), " to ",
                     std::to_string(part.header.version.value()), ": a record is missing"}));
      }
      DOSQL_TRY(head_, apply_part(tree_, head_, part, record.payload));
      last_wall_us_ = part.header.wall_us;
    }
    tree_.release_before(head_.version());
    remember(head_);
  }
  for (size_t i = 0; i < wanted.size(); ++i) {
    if (!found[i]) {
      return fail(Code::kCorrupt, str_cat({"slot \"", wanted[i].name, "\" stands at version ",
                                           std::to_string(wanted[i].root.version().value()),
                                           ", which is neither in the log nor in a checkpoint"}));
    }
  }
  return {};
}

}  // namespace dosql::store
