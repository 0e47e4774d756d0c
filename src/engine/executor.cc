#include "engine/executor.h"

#include <algorithm>
#include <utility>

namespace dosql::engine {
namespace {

constexpr auto kNever = std::chrono::steady_clock::time_point::max();
constexpr std::chrono::steady_clock::duration kGatherMax = std::chrono::milliseconds(5);
constexpr size_t kTasksPerTurn = 128;  // then other strands get the worker

}  // namespace

Executor::Executor(wal::Log& log, int workers) : log_(log) {
  flusher_ = std::thread([this] { flush(); });
  for (int i = 0; i < workers; ++i) workers_.emplace_back([this] { work(); });
}

void Executor::submit(std::function<void()> task) {
  MutexLock lock(mutex_);
  tasks_.push_back(std::move(task));
  has_task_.notify_one();
}

void Executor::work() {
  for (;;) {
    std::function<void()> task;
    {
      MutexLock lock(mutex_);
      while (tasks_.empty() && !is_stopping_) has_task_.wait(mutex_);
      if (tasks_.empty()) return;
      task = std::move(tasks_.front());
      tasks_.pop_front();
    }
    task();
  }
}

void Executor::when_durable(Lsn end, std::function<void(Result<void>)> done) {
  const uint64_t outstanding = outstanding_.fetch_add(1, std::memory_order_relaxed) + 1;
  log_.on_durable(end, [this, done = std::move(done)](Result<void> settled) {
    outstanding_.fetch_sub(1, std::memory_order_relaxed);
    done(std::move(settled));
  });
  MutexLock lock(flush_mutex_);
  ++requests_;
  peak_ = std::max(peak_, outstanding);
  if (requests_to_wake_ != 0 && requests_ >= requests_to_wake_) wants_flush_.notify_one();
}

void Executor::await_requests(uint64_t count, std::chrono::steady_clock::time_point deadline) {
  requests_to_wake_ = count;
  while (requests_ < count && !is_flusher_stopping_) {
    if (deadline == kNever) {
      wants_flush_.wait(flush_mutex_);
    } else if (!wants_flush_.wait_until(flush_mutex_, deadline)) {
      break;
    }
  }
  requests_to_wake_ = 0;
}

// Commits that a sync released come back as new ones in closed loops. A sync that begins at once
// finds only those of the others, and clients fall into two halves that take turns; so the next one
// waits for as many as are on their way, half a sync's time and kGatherMax at most.
void Executor::flush() {
  uint64_t expected = 1;
  auto deadline = kNever;
  for (;;) {
    {
      MutexLock lock(flush_mutex_);
      await_requests(1, kNever);
      if (requests_ < expected) await_requests(expected, deadline);
      if (requests_ == 0) return;
      requests_ = 0;
    }
    const auto begun = std::chrono::steady_clock::now();
    // A broken log tells each waiter itself (Log::on_durable).
    static_cast<void>(log_.flush());
    const auto ended = std::chrono::steady_clock::now();
    deadline = ended + std::min(kGatherMax, (ended - begun) / 2);
    MutexLock lock(flush_mutex_);
    expected = std::exchange(peak_, 0);
  }
}

void Executor::stop() {
  {
    MutexLock lock(mutex_);
    is_stopping_ = true;
    has_task_.notify_all();
  }
  for (std::thread& worker : workers_) worker.join();
  workers_.clear();
  {
    MutexLock lock(flush_mutex_);
    is_flusher_stopping_ = true;
    wants_flush_.notify_one();
  }
  if (flusher_.joinable()) flusher_.join();
}

void Strand::post(std::function<void()> task) {
  {
    MutexLock lock(mutex_);
    tasks_.push_back(std::move(task));
    if (is_scheduled_) return;
    is_scheduled_ = true;
  }
  executor_.submit([self = shared_from_this()] { self->run(); });
}

void Strand::run() {
  for (size_t done = 0; done < kTasksPerTurn; ++done) {
    std::function<void()> task;
    {
      MutexLock lock(mutex_);
      if (tasks_.empty()) {
        is_scheduled_ = false;
        return;
      }
      task = std::move(tasks_.front());
      tasks_.pop_front();
    }
    task();
  }
  executor_.submit([self = shared_from_this()] { self->run(); });
}

}  // namespace dosql::engine
