#include "store/history.h"

#include <algorithm>

#include "base/text.h"
#include "store/slot_changes.h"

namespace dosql::store {

History::History(Database& database, PageLoader& loader)
    : database_(database), loader_(loader), tree_(loader) {}

Result<std::unique_ptr<History>> History::open(Database& database, Version after) {
  DOSQL_TRY(const Database::Range range, database.retained());
  if (after.value() == 0) after = range.oldest;
  if (after < range.oldest || after > range.newest) {
    return fail(
        Code::kNotFound,
        str_cat({"database \"", database.name(), "\": version ", std::to_string(after.value()),
                 " is not retained: the oldest is ", std::to_string(range.oldest.value()),
                 ", the newest ", std::to_string(range.newest.value())}));
  }
  auto history = std::unique_ptr<History>(new History(database, database.loader_));
  pages::PageTree::StoredRoot base;
  {
    MutexLock lock(database.mutex_);
    for (const Checkpoint& checkpoint : database.descriptor_.branches.front().checkpoints) {
      if (checkpoint.root.version <= after) base = checkpoint.root;
    }
  }
  DOSQL_TRY(const auto root, history->tree_.open(base));
  history->after_ = VersionView(history->loader_, history->tree_, root, database.page_size());
  while (history->after_.version() < after) {
    DOSQL_TRY(const bool has_moved, history->step());
    if (!has_moved) {
      return fail(Code::kCorrupt,
                  str_cat({"database \"", database.name(), "\": version ",
                           std::to_string(after.value()), " is missing in the log"}));
    }
  }
  return history;
}

Result<bool> History::next() {
  return step();
}

Result<bool> History::step() {
  TailRecord record;
  {
    MutexLock lock(database_.mutex_);
    database_.advance_durable();
    const Version wanted(after_.version().value() + 1);
    if (wanted > database_.durable_.version()) return false;
    const auto at = std::ranges::find_if(database_.tail_,
                                         [&](const TailRecord& r) { return r.version == wanted; });
    if (at == database_.tail_.end()) {
      return fail(Code::kNotFound,
                  str_cat({"database \"", database_.descriptor_.name, "\": version ",
                           std::to_string(wanted.value()),
                           " is no longer in the log; begin at a newer bookmark"}));
    }
    record = *at;
  }
  DOSQL_TRY(const Buffer payload, loader_.load_payload(record.payload, record.length));
  DOSQL_TRY(const auto parts, pages::parse_record(payload));
  for (const pages::RecordPart& part : parts) {
    if (part.header.database != database_.id() || part.header.version != record.version) continue;
    before_ = after_;
    DOSQL_TRY(const auto root, apply_part(tree_, before_.root(), part, record.payload));
    tree_.release_before(before_.version());
    after_ = VersionView(loader_, tree_, root, database_.page_size());
    wall_us_ = part.header.wall_us;
    message_ = part.message;
    changes_schema_ = (part.header.flags & pages::kPartChangesSchema) != 0;
    DOSQL_TRY(changed_, changed_pages(before_, after_));
    return true;
  }
  return fail(Code::kCorrupt, "a record of the log does not hold the version it is indexed by");
}

}  // namespace dosql::store
