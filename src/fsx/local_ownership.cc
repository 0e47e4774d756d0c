#include "fsx/local_ownership.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "base/text.h"

namespace dosql::fsx {
namespace {

class FileLease final : public Lease {
 public:
  explicit FileLease(int fd) : fd_(fd) {}
  ~FileLease() override { ::close(fd_); }

 private:
  int fd_;
};

std::string read_text(int fd, size_t size_max) {
  std::string text(size_max, '\0');
  const ssize_t size = ::pread(fd, text.data(), text.size(), 0);
  text.resize(size > 0 ? static_cast<size_t>(size) : 0);
  return text;
}

// "1234 dosql sql acme"
std::string describe_process() {
  std::string text = std::to_string(::getpid());
  const int fd = ::open("/proc/self/cmdline", O_RDONLY | O_CLOEXEC);
  if (fd < 0) return text;
  std::string command(200, '\0');
  const ssize_t size = ::read(fd, command.data(), command.size());
  ::close(fd);
  command.resize(size > 0 ? static_cast<size_t>(size) : 0);
  for (char& c : command) {
    if (static_cast<unsigned char>(c) < 0x20) c = ' ';
  }
  while (command.ends_with(' ')) command.pop_back();
  return str_cat({text, " ", command});
}

}  // namespace

Result<std::unique_ptr<Lease>> LocalOwnership::acquire() {
  const int fd = ::open(path_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (fd < 0) {
    const Code code = errno == EACCES || errno == EROFS ? Code::kReadOnly
                      : errno == ENOSPC                 ? Code::kDiskFull
                                                        : Code::kIo;
    return fail(code, str_cat({"cannot open ", path_, ": ", ::strerrordesc_np(errno)}));
  }
  if (::flock(fd, LOCK_EX | LOCK_NB) != 0) {
    const std::string owner = read_text(fd, 400);
    ::close(fd);
    const size_t space = owner.find(' ');
    const std::string pid = owner.substr(0, space);
    const std::string command = space == std::string::npos ? "" : owner.substr(space + 1);
    if (pid.empty() || command.empty()) {
      return fail(Code::kLocked, "it is in use by another process: stop that process first");
    }
    return fail(Code::kLocked, str_cat({"it is in use by process ", pid, " (", command,
                                        "): stop that process first"}));
  }
  const std::string text = describe_process();
  // In place: a store on a full disk must still open.
  const auto size = static_cast<ssize_t>(text.size());
  if (::pwrite(fd, text.data(), text.size(), 0) != size || ::ftruncate(fd, size) != 0) {
    const Code code = errno == ENOSPC ? Code::kDiskFull : Code::kIo;
    ::close(fd);
    return fail(code, str_cat({"cannot write ", path_, ": ", ::strerrordesc_np(errno)}));
  }
  return std::make_unique<FileLease>(fd);
}

}  // namespace dosql::fsx
