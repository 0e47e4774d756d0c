// CommitLog: the one place where records of all databases enter the log. It orders appends with the
// cuts of checkpoint rounds and makes the store's root ready for writing before the first append.
// Thread rule: thread-safe.
#pragma once

#include <atomic>
#include <functional>
#include <optional>

#include "base/sync.h"
#include "wal/log.h"

namespace dosql::store {

class CommitLog {
 public:
  // `prepare` runs once, before the first append (raises the epoch in the root); an error refuses
  // the append and is tried again by the next.
  CommitLog(wal::Log& log, uint64_t tail_bytes_max, std::function<Result<void>()> prepare)
      : log_(log), tail_bytes_max_(tail_bytes_max), prepare_(std::move(prepare)) {
    begin_ = log.stats().begin.value();
  }

  [[nodiscard]] wal::Log& log() { return log_; }

  // Deltas may refer to log entries at or after this position only: what a round has cut off is
  // trimmed some day.
  [[nodiscard]] Lsn delta_floor() const {
    return Lsn(delta_floor_.load(std::memory_order_acquire));
  }

  // Deltas may refer to packs below this number only: the durable root has them. What a round has
  // written and no root names yet is removed by the next process when this one ends first.
  [[nodiscard]] uint32_t pack_floor() const { return pack_floor_.load(std::memory_order_acquire); }
  void set_pack_floor(uint32_t next_pack) {
    pack_floor_.store(next_pack, std::memory_order_release);
  }

  // Appends `payload`, encoded with delta_floor() == `floor`, and calls `publish` under the append
  // lock, so that a cut sees all of a commit or nothing. nullopt: a round has cut in between,
  // encode again.
  Result<std::optional<wal::Appended>> append(
      Bytes payload, Lsn floor, const std::function<Result<void>(wal::Appended)>& publish);

  // The position that separates what a round writes from what comes after. `collect` runs under
  // the append lock.
  Lsn cut(const std::function<void()>& collect);

  // Bytes between the log's begin and its end.
  [[nodiscard]] uint64_t tail_bytes() const;
  // A round moved the log's begin.
  void set_begin(Lsn begin) { begin_.store(begin.value(), std::memory_order_relaxed); }

 private:
  wal::Log& log_;
  const uint64_t tail_bytes_max_;
  Mutex mutex_;
  std::function<Result<void>()> prepare_ DOSQL_GUARDED_BY(mutex_);
  bool is_prepared_ DOSQL_GUARDED_BY(mutex_) = false;
  std::atomic<uint64_t> delta_floor_{0};
  std::atomic<uint32_t> pack_floor_{0};
  std::atomic<uint64_t> begin_{0};
};

}  // namespace dosql::store
