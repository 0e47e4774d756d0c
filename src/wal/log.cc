#include "wal/log.h"

#include <algorithm>
#include <atomic>
#include <deque>
#include <optional>
#include <vector>

#include "base/crc32c.h"
#include "base/sync.h"
#include "base/text.h"
#include "wal/format.h"
#include "wal/segments.h"

namespace dosql::wal {
namespace {

class SegmentedLog final : public Log {
 public:
  SegmentedLog(fsx::Disk& disk, std::string dir, const Options& options, const Start& start)
      : options_(options), start_(start), segments_(disk, std::move(dir), options.fill_bytes) {}

  Result<void> recover(const Visit& visit, Recovery* recovery) {
    DOSQL_TRY(const Recovered found,
              segments_.recover(start_.begin.value(), start_.epoch, start_.durable.value(), visit));
    MutexLock lock(mutex_);
    end_ = buffer_first_ = found.end;
    durable_.store(found.end, std::memory_order_release);
    begin_ = start_.begin.value();
    if (!found.may_continue) {
      switches_.push_back(found.end);
      segment_first_ = found.end;
    } else {
      segment_first_ = segments_.newest_first_lsn();
    }
    if (recovery != nullptr) *recovery = {found.frames, found.dropped_bytes, Lsn(found.end)};
    return {};
  }

  Result<Appended> append(Bytes payload) override {
    if (payload.size() > kPayloadMax) {
      return fail(Code::kTooBig, "a log record is limited to 1 GiB");
    }
    return append_frame(payload, 0);
  }

  Lsn durable() const override { return Lsn(durable_.load(std::memory_order_acquire)); }

  Lsn end() const override {
    MutexLock lock(mutex_);
    return Lsn(end_);
  }

  Result<void> wait_durable(Lsn end) override {
    if (durable() >= end) return {};
    mutex_.lock();
    while (durable() < end && !broken_) {
      if (is_led_) {
        done_.wait(mutex_);
      } else {
        lead();
      }
    }
    Result<void> outcome;
    if (durable() < end) outcome = outcome_unknown();
    mutex_.unlock();
    return outcome;
  }

  Result<void> flush() override { return wait_durable(end()); }

  void on_durable(Lsn end, std::function<void(Result<void>)> done) override {
    Result<void> outcome;
    {
      MutexLock lock(mutex_);
      if (durable() < end && !broken_) {
        waiting_.push_back({end.value(), std::move(done)});
        return;
      }
      if (durable() < end) outcome = outcome_unknown();
    }
    done(outcome);
  }

  Result<void> read(Lsn at, MutableBytes out) override {
    {
      MutexLock lock(mutex_);
      if (copy_buffered(buffer_first_, buffer_, at, out)) return {};
      if (copy_buffered(writing_first_, writing_, at, out)) return {};
    }
    return segments_.read(at.value(), out);
  }

  Result<void> trim(Lsn before) override {
    {
      MutexLock lock(mutex_);
      begin_ = std::max(begin_, before.value());
    }
    return segments_.trim(before.value());
  }

  Result<Lsn> close() override {
    DOSQL_TRY(const Appended mark, append_frame({}, kFrameMark));
    DOSQL_TRY(wait_durable(mark.end));
    return mark.end;
  }

  Stats stats() const override {
    MutexLock lock(mutex_);
    Stats stats = stats_;
    stats.segments = segments_.count();
    stats.begin = Lsn(begin_);
    return stats;
  }

 private:
  struct Waiting {
    uint64_t end;
    std::function<void(Result<void>)> done;
  };

  static bool copy_buffered(uint64_t first, const Buffer& buffer, Lsn at, MutableBytes out) {
    if (at.value() < first || at.value() + out.size() > first + buffer.size()) return false;
    std::memcpy(out.data(), buffer.data() + (at.value() - first), out.size());
    return true;
  }

  Result<Appended> append_frame(Bytes payload, uint32_t flags) {
    const uint32_t payload_crc = crc32c(payload);
    const uint64_t size = frame_bytes(payload.size());
    MutexLock lock(mutex_);
    if (broken_) {
      return fail(broken_->code, str_cat({"the log cannot be written any more (", broken_->message,
                                          "): nothing was committed; reopen the store"}));
    }
    const bool is_empty_segment = end_ == segment_first_;
    if (!is_empty_segment && end_ - segment_first_ + size > options_.segment_bytes) {
      switches_.push_back(end_);
      segment_first_ = end_;
    }
    FrameHeader header{
        static_cast<uint32_t>(payload.size()),   0, end_, start_.epoch.value(), flags,
        durable_.load(std::memory_order_relaxed)};
    header.crc = frame_crc(header, payload_crc);
    const size_t at = buffer_.size();
    buffer_.resize(at + size);
    std::memcpy(buffer_.data() + at, &header, sizeof header);
    if (!payload.empty()) {
      std::memcpy(buffer_.data() + at + sizeof header, payload.data(), payload.size());
    }
    const Appended appended{Lsn(end_ + sizeof header), Lsn(end_ + size)};
    end_ += size;
    stats_.bytes_appended += size;
    ++stats_.frames;
    return appended;
  }

  // Writes and syncs everything buffered. Holds the mutex on entry and exit, not in between.
  void lead() DOSQL_REQUIRES(mutex_) {
    is_led_ = true;
    std::swap(buffer_, writing_);
    buffer_.clear();
    writing_first_ = buffer_first_;
    buffer_first_ = end_;
    const uint64_t batch_end = end_;
    std::vector<uint64_t> switches(switches_.begin(), switches_.end());
    switches_.clear();
    mutex_.unlock();
    const Result<void> written = write_batch(switches);
    mutex_.lock();
    is_led_ = false;
    ++stats_.syncs;
    if (written) {
      durable_.store(batch_end, std::memory_order_release);
      writing_.clear();
      if (writing_.capacity() > kBufferKept) writing_ = Buffer();
    } else {
      broken_ = written.error();  // reads of what did not get to the disk go on
    }
    done_.notify_all();
    tell_waiting();
  }

  Result<void> write_batch(const std::vector<uint64_t>& switches) {
    Bytes rest = writing_;
    uint64_t lsn = writing_first_;
    for (const uint64_t first : switches) {
      if (first > lsn) {
        DOSQL_TRY(segments_.write(lsn, rest.subspan(0, first - lsn)));
        DOSQL_TRY(segments_.sync());
      }
      rest = rest.subspan(first - lsn);
      lsn = first;
      DOSQL_TRY(segments_.begin_segment(first, start_.epoch));
    }
    if (rest.empty()) return {};
    DOSQL_TRY(segments_.write(lsn, rest));
    return segments_.sync();
  }

  // Calls whoever waits for what is durable now (or will never be), without the mutex.
  void tell_waiting() DOSQL_REQUIRES(mutex_) {
    std::vector<Waiting> ready;
    const uint64_t durable = durable_.load(std::memory_order_relaxed);
    while (!waiting_.empty() && (broken_ || waiting_.front().end <= durable)) {
      ready.push_back(std::move(waiting_.front()));
      waiting_.pop_front();
    }
    if (ready.empty()) return;
    const Result<void> unknown = broken_ ? outcome_unknown() : Result<void>();
    mutex_.unlock();
    for (Waiting& waiting : ready) {
      waiting.done(waiting.end <= durable ? Result<void>() : unknown);
    }
    mutex_.lock();
  }

  Result<void> outcome_unknown() DOSQL_REQUIRES(mutex_) {
    return fail(Code::kOutcomeUnknown,
                str_cat({"the log failed while a commit was on its way (", broken_->message,
                         "): it may or may not have been kept; reopen the store and look"}));
  }

  static constexpr size_t kBufferKept = 16U << 20;

  const Options options_;
  const Start start_;
  Segments segments_;
  mutable Mutex mutex_;
  CondVar done_;
  std::atomic<uint64_t> durable_{0};
  Buffer buffer_ DOSQL_GUARDED_BY(mutex_);  // appended, not taken by a leader
  uint64_t buffer_first_ DOSQL_GUARDED_BY(mutex_) = 0;
  // Taken by the leader: it reads them without the mutex, nobody changes them meanwhile.
  Buffer writing_;
  uint64_t writing_first_ = 0;
  uint64_t end_ DOSQL_GUARDED_BY(mutex_) = 0;
  uint64_t segment_first_ DOSQL_GUARDED_BY(mutex_) = 0;
  std::deque<uint64_t> switches_
      DOSQL_GUARDED_BY(mutex_);  // where segments begin that do not exist
  bool is_led_ DOSQL_GUARDED_BY(mutex_) = false;
  std::optional<Error> broken_ DOSQL_GUARDED_BY(mutex_);
  std::deque<Waiting> waiting_ DOSQL_GUARDED_BY(mutex_);
  uint64_t begin_ DOSQL_GUARDED_BY(mutex_) = 0;
  Stats stats_ DOSQL_GUARDED_BY(mutex_);
};

}  // namespace

Result<std::unique_ptr<Log>> Log::open(fsx::Disk& disk, std::string dir, const Options& options,
                                       const Start& start, const Visit& visit, Recovery* recovery) {
  auto log = std::make_unique<SegmentedLog>(disk, std::move(dir), options, start);
  DOSQL_TRY(log->recover(visit, recovery));
  return log;
}

}  // namespace dosql::wal
