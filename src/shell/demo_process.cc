#include "shell/demo_process.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "base/text.h"

namespace dosql::shell::demo {

Result<Process> Process::start(const std::vector<std::string>& words) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) {
    return fail(Code::kIo, str_cat({"cannot make a pipe: ", std::strerror(errno)}));
  }
  std::vector<char*> arguments;
  for (const std::string& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
  // The signals that this program waits for in a thread are its own affair.
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t none;
  sigemptyset(&none);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
  pid_t pid = 0;
  const int failure =
      ::posix_spawnp(&pid, arguments[0], &actions, &attributes, arguments.data(), environ);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  ::close(ends[1]);
  if (failure != 0) {
    ::close(ends[0]);
    return fail(Code::kIo, str_cat({"cannot start ", words[0], ": ", std::strerror(failure)}));
  }
  return Process(pid, ends[0]);
}

Process::Process(Process&& other) noexcept
    : pid_(std::exchange(other.pid_, 0)), out_(std::exchange(other.out_, -1)) {}

Process::~Process() {
  if (pid_ != 0) {
    kill();
    wait();
  }
  if (out_ >= 0) ::close(out_);
}

void Process::read_lines(const std::function<void(std::string_view)>& line) {
  std::string held;
  char buffer[65536];
  for (;;) {
    const ssize_t size = ::read(out_, buffer, sizeof buffer);
    if (size < 0 && errno == EINTR) continue;
    if (size <= 0) return;
    held.append(buffer, static_cast<size_t>(size));
    size_t begin = 0;
    for (size_t end = held.find('\n'); end != std::string::npos; end = held.find('\n', begin)) {
      line(std::string_view(held).substr(begin, end - begin));
      begin = end + 1;
    }
    held.erase(0, begin);
  }
}

void Process::kill() const {
  ::kill(pid_, SIGKILL);
}

int Process::wait() {
  int status = 0;
  while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) continue;
  pid_ = 0;
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

}  // namespace dosql::shell::demo
