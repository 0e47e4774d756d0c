// The one place of the core that knows threads. Where there are none (wasm32) locks cost nothing
// and waiting is a broken invariant.
#pragma once

#include <atomic>
#include <chrono>

#if !defined(__wasm__)
#include <condition_variable>
#include <mutex>
#include <shared_mutex>
#endif

#define DOSQL_GUARDED_BY(x) __attribute__((guarded_by(x)))
#define DOSQL_REQUIRES(...) __attribute__((requires_capability(__VA_ARGS__)))
#define DOSQL_EXCLUDES(...) __attribute__((locks_excluded(__VA_ARGS__)))

namespace dosql {

#if defined(__wasm__)

class __attribute__((capability("mutex"))) Mutex {
 public:
  void lock() __attribute__((acquire_capability())) {}
  void unlock() __attribute__((release_capability())) {}
  bool try_lock() __attribute__((try_acquire_capability(true))) { return true; }
};

#else

class __attribute__((capability("mutex"))) Mutex {
 public:
  void lock() __attribute__((acquire_capability())) { mutex_.lock(); }
  void unlock() __attribute__((release_capability())) { mutex_.unlock(); }
  bool try_lock() __attribute__((try_acquire_capability(true))) { return mutex_.try_lock(); }

 private:
  friend class CondVar;
  std::mutex mutex_;
};

#endif

class __attribute__((scoped_lockable)) MutexLock {
 public:
  explicit MutexLock(Mutex& mutex) __attribute__((acquire_capability(mutex))) : mutex_(mutex) {
    mutex_.lock();
  }
  ~MutexLock() __attribute__((release_capability())) { mutex_.unlock(); }
  MutexLock(const MutexLock&) = delete;
  MutexLock& operator=(const MutexLock&) = delete;

 private:
  Mutex& mutex_;
};

// Waits release and re-acquire the mutex, which the caller holds.
class CondVar {
 public:
#if defined(__wasm__)
  void notify_one() {}
  void notify_all() {}
  void wait(Mutex&) { __builtin_trap(); }
  bool wait_until(Mutex&, std::chrono::steady_clock::time_point) { return false; }
#else
  void notify_one() { condition_.notify_one(); }
  void notify_all() { condition_.notify_all(); }
  void wait(Mutex& mutex) DOSQL_REQUIRES(mutex) {
    std::unique_lock<std::mutex> lock(mutex.mutex_, std::adopt_lock);
    condition_.wait(lock);
    lock.release();
  }
  // False when the deadline passed.
  bool wait_until(Mutex& mutex, std::chrono::steady_clock::time_point deadline)
      DOSQL_REQUIRES(mutex) {
    std::unique_lock<std::mutex> lock(mutex.mutex_, std::adopt_lock);
    const bool in_time = condition_.wait_until(lock, deadline) == std::cv_status::no_timeout;
    lock.release();
    return in_time;
  }

 private:
  std::condition_variable condition_;
#endif
};

}  // namespace dosql
