#include "shell/terminal.h"

#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "base/text.h"

namespace dosql::shell {

Result<size_t> Input::read(std::span<char> buffer) {
  while (true) {
    pollfd fds[2] = {{fd_, POLLIN, 0}, {interrupts_.readable_fd(), POLLIN, 0}};
    if (::poll(fds, 2, -1) < 0 && errno != EINTR) break;
    DOSQL_TRY(interrupts_.check());
    if (fds[0].revents == 0) continue;
    const ssize_t count = ::read(fd_, buffer.data(), buffer.size());
    if (count >= 0) return static_cast<size_t>(count);
    if (errno != EINTR) break;
  }
  return fail(Code::kIo, str_cat({"cannot read standard input: ", std::strerror(errno)}));
}

Result<std::string> Input::read_line() {
  size_t end = held_.find('\n');
  while (end == std::string::npos) {
    char buffer[4096];
    DOSQL_TRY(const size_t count, read(buffer));
    if (count == 0) return std::exchange(held_, {});
    const size_t before = held_.size();
    held_.append(buffer, count);
    end = held_.find('\n', before);
  }
  std::string line = held_.substr(0, end + 1);
  held_.erase(0, end + 1);
  return line;
}

}  // namespace dosql::shell
