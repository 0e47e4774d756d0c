// Executor: the store's threads. Workers run strands (one strand = one database's queue of
// statements, run in order by one worker at a time); one thread makes the log durable for them, so
// that a worker has many commits in flight and never waits for a sync.
// Thread rule: thread-safe. stop() before anything that tasks refer to dies; tasks queued by then
// run.
#pragma once

#include <atomic>
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
  // Asks for a sync of everything appended so far; returns at once.
  void request_flush();
  void stop();

 private:
  void work();
  void flush();

  wal::Log& log_;
  Mutex mutex_;
  CondVar has_task_;
  std::deque<std::function<void()>> tasks_ DOSQL_GUARDED_BY(mutex_);
  bool is_stopping_ DOSQL_GUARDED_BY(mutex_) = false;
  Mutex flush_mutex_;
  CondVar wants_flush_;
  bool is_flush_wanted_ DOSQL_GUARDED_BY(flush_mutex_) = false;
  bool is_flusher_stopping_ DOSQL_GUARDED_BY(flush_mutex_) = false;
  bool is_flusher_idle_ DOSQL_GUARDED_BY(flush_mutex_) = false;
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
