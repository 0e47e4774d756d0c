#include "store/commit_log.h"

#include "base/text.h"

namespace dosql::store {

uint64_t CommitLog::tail_bytes() const {
  return log_.end().value() - begin_.load(std::memory_order_relaxed);
}

Result<std::optional<wal::Appended>> CommitLog::append(
    Bytes payload, Lsn floor, const std::function<Result<void>(wal::Appended)>& publish) {
  MutexLock lock(mutex_);
  if (floor != delta_floor()) return std::optional<wal::Appended>();
  if (!is_prepared_) {
    DOSQL_TRY(prepare_());
    is_prepared_ = true;
  }
  if (tail_bytes() + payload.size() > tail_bytes_max_) {
    return fail(Code::kBusy,
                str_cat({"the log holds ", std::to_string(tail_bytes() >> 20),
                         " MiB that no checkpoint round could write to packs yet (limit "
                         "log_tail_bytes_max): free disk space or run dosql checkpoint"}));
  }
  DOSQL_TRY(const wal::Appended at, log_.append(payload));
  DOSQL_TRY(publish(at));
  return std::optional<wal::Appended>(at);
}

Lsn CommitLog::cut(const std::function<void()>& collect) {
  MutexLock lock(mutex_);
  const Lsn cut = log_.end();
  delta_floor_.store(cut.value(), std::memory_order_release);
  collect();
  return cut;
}

}  // namespace dosql::store
