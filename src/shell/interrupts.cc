#include "shell/interrupts.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <csignal>

namespace dosql::shell {
namespace {

constexpr int kExitAtOnce = 130;  // as shells report a death by SIGINT

void set_readable(int fd) {
  const uint64_t one = 1;
  static_cast<void>(::write(fd, &one, sizeof one));
}

}  // namespace

Interrupts::Interrupts() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  signal_fd_ = signalfd(-1, &signals, SFD_CLOEXEC);
  stop_fd_ = eventfd(0, EFD_CLOEXEC);
  raised_fd_ = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  DOSQL_CHECK(signal_fd_ >= 0 && stop_fd_ >= 0 && raised_fd_ >= 0);
  thread_ = std::thread([this] { wait_for_signals(); });
}

Interrupts::~Interrupts() {
  set_readable(stop_fd_);
  thread_.join();
  for (const int fd : {signal_fd_, stop_fd_, raised_fd_}) ::close(fd);
}

void Interrupts::wait_for_signals() {
  pollfd fds[2] = {{signal_fd_, POLLIN, 0}, {stop_fd_, POLLIN, 0}};
  while (true) {
    if (::poll(fds, 2, -1) < 0) continue;
    if (fds[1].revents != 0) return;
    signalfd_siginfo got;
    if (::read(signal_fd_, &got, sizeof got) != sizeof got) continue;
    if (is_raised_) ::_exit(kExitAtOnce);
    raise();
  }
}

void Interrupts::raise() {
  is_raised_ = true;
  set_readable(raised_fd_);
  const MutexLock lock(mutex_);
  if (action_) action_();
}

void Interrupts::clear() {
  is_raised_ = false;
  uint64_t count = 0;
  static_cast<void>(::read(raised_fd_, &count, sizeof count));
}

Result<void> Interrupts::check() const {
  if (is_raised_) return fail(Code::kInterrupted, "interrupted");
  return {};
}

Interrupts::Scope::Scope(Interrupts& interrupts, std::function<void()> action)
    : interrupts_(interrupts) {
  const MutexLock lock(interrupts.mutex_);
  outer_ = std::exchange(interrupts.action_, std::move(action));
}

Interrupts::Scope::~Scope() {
  const MutexLock lock(interrupts_.mutex_);
  interrupts_.action_ = std::move(outer_);
}

}  // namespace dosql::shell
