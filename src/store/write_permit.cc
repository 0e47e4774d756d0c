#include "store/write_permit.h"

#include <algorithm>

namespace dosql::store {

bool WritePermit::try_acquire() {
  MutexLock lock(mutex_);
  if (held_) return false;
  held_ = true;
  return true;
}

bool WritePermit::acquire(std::chrono::steady_clock::time_point deadline) {
  MutexLock lock(mutex_);
  if (!held_) {
    held_ = true;
    return true;
  }
  Waiter self;
  queue_.push_back(&self);
  while (!self.has_turn) {
    if (self.turn.wait_until(mutex_, deadline) || self.has_turn) continue;
    queue_.erase(std::find(queue_.begin(), queue_.end(), &self));
    return false;
  }
  return true;  // release() handed the permit over: held_ stayed true
}

void WritePermit::release() {
  MutexLock lock(mutex_);
  if (queue_.empty()) {
    held_ = false;
    return;
  }
  Waiter* next = queue_.front();
  queue_.pop_front();
  next->has_turn = true;
  next->turn.notify_one();
}

}  // namespace dosql::store
