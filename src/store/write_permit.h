// WritePermit: who may write a branch. First come, first served.
// Thread rule: thread-safe. At most one holder; a waiter gets its turn in order or gives up at its
// deadline.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>

#include "base/sync.h"

namespace dosql::store {

class WritePermit {
 public:
  // False when the deadline passed first.
  [[nodiscard]] bool acquire(std::chrono::steady_clock::time_point deadline);
  [[nodiscard]] bool try_acquire();
  void release();

 private:
  struct Waiter {
    CondVar turn;
    bool has_turn = false;
  };
  Mutex mutex_;
  bool held_ DOSQL_GUARDED_BY(mutex_) = false;
  std::deque<Waiter*> queue_ DOSQL_GUARDED_BY(mutex_);
};

}  // namespace dosql::store
