#include "engine/executor.h"

namespace dosql::engine {
namespace {

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

void Executor::request_flush() {
  MutexLock lock(flush_mutex_);
  is_flush_wanted_ = true;
  if (is_flusher_idle_) wants_flush_.notify_one();
}

void Executor::flush() {
  for (;;) {
    {
      MutexLock lock(flush_mutex_);
      while (!is_flush_wanted_ && !is_flusher_stopping_) {
        is_flusher_idle_ = true;
        wants_flush_.wait(flush_mutex_);
        is_flusher_idle_ = false;
      }
      if (!is_flush_wanted_) return;
      is_flush_wanted_ = false;
    }
    // A broken log tells each waiter itself (Log::on_durable).
    static_cast<void>(log_.flush());
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
