// Interrupts: Ctrl-C (SIGINT) and SIGTERM end a command cleanly: the running statement is told to
// stop, the store is closed. A second one ends the process at once.
//
// Construct one, before any thread is started: it blocks the two signals in this thread and all it
// starts, and waits for them in a thread of its own. Thread rule: thread-safe.
#pragma once

#include <atomic>
#include <functional>
#include <thread>

#include "base/result.h"
#include "base/sync.h"

namespace dosql::shell {

class Interrupts {
 public:
  Interrupts();
  ~Interrupts();
  Interrupts(const Interrupts&) = delete;
  Interrupts& operator=(const Interrupts&) = delete;

  [[nodiscard]] bool is_raised() const { return is_raised_; }
  // kInterrupted once it was raised.
  Result<void> check() const;
  // A prompt goes on after Ctrl-C.
  void clear();
  // Readable (poll) once it was raised, until clear().
  [[nodiscard]] int readable_fd() const { return raised_fd_; }
  // As if the signal had come.
  void raise();

  // While it lives, an interrupt also calls `action`, from another thread. Innermost wins.
  class Scope {
   public:
    Scope(Interrupts& interrupts, std::function<void()> action);
    ~Scope();
    Scope(const Scope&) = delete;
    Scope& operator=(const Scope&) = delete;

   private:
    Interrupts& interrupts_;
    std::function<void()> outer_;
  };

 private:
  void wait_for_signals();

  std::atomic<bool> is_raised_ = false;
  Mutex mutex_;
  std::function<void()> action_ DOSQL_GUARDED_BY(mutex_);
  int signal_fd_ = -1;
  int stop_fd_ = -1;
  int raised_fd_ = -1;
  std::thread thread_;
};

}  // namespace dosql::shell
