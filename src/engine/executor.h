// Executor: the store's threads. Workers run strands (one strand = one database's queue of
// statements, run in order by one worker at a time); one thread makes the log durable for them, so
// that a worker has many commits in flight and never waits for a sync.
// Thread rule: thread-safe. stop() before anything that tasks refer to dies; tasks queued by then
// run.
#pragma once

#include <atomic>
#include <chrono>
#include <deque>
#include <functional>
#include <memory>
#include <thread>
#include <vector>

#include "base/sync.h"
#include "store/store.h"

namespace dosql::engine {

class Executor {
 public:
  Executor(wal::Log& log, int workers);
  ~Executor() { stop(); }

  // Runs on some worker.
  void submit(std::function<void()> task);
  // Makes everything appended so far durable soon, then calls `done` on the flushing thread. Once
  // for each commit that ends at `end`; returns at once.
  void when_durable(Lsn end, std::function<void(Result<void>)> done);
  void stop();

 private:
  void work();
  void flush();
  void await_requests(uint64_t count, std::chrono::steady_clock::time_point deadline)
      DOSQL_REQUIRES(flush_mutex_);

  wal::Log& log_;
  Mutex mutex_;
  CondVar has_task_;
  std::deque<std::function<void()>> tasks_ DOSQL_GUARDED_BY(mutex_);
  bool is_stopping_ DOSQL_GUARDED_BY(mutex_) = false;
  Mutex flush_mutex_;
  CondVar wants_flush_;
  uint64_t requests_ DOSQL_GUARDED_BY(flush_mutex_) = 0;  // not taken by a flush
  uint64_t peak_ DOSQL_GUARDED_BY(flush_mutex_) = 0;      // of outstanding_, since the last flush
  std::atomic<uint64_t> outstanding_ = 0;                 // commits whose `done` was not called
  uint64_t requests_to_wake_ DOSQL_GUARDED_BY(flush_mutex_) = 0;  // 0: the flusher is at work
  bool is_flusher_stopping_ DOSQL_GUARDED_BY(flush_mutex_) = false;
  std::vector<std::thread> workers_;
  std::thread flusher_;
};

// Tasks of one database, in order, one at a time, on the executor's workers.
class Strand : public std::enable_shared_from_this<Strand> {
 public:
  explicit Strand(Executor& executor) : executor_(executor) {}
  void post(std::function<void()> task);

 private:
  void run();

  Executor& executor_;
  Mutex mutex_;
  std::deque<std::function<void()>> tasks_ DOSQL_GUARDED_BY(mutex_);
  bool is_scheduled_ DOSQL_GUARDED_BY(mutex_) = false;
};

}  // namespace dosql::engine
