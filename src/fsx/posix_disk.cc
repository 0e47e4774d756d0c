#include "fsx/posix_disk.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>

#include "base/text.h"

namespace dosql::fsx {
namespace {

Code code_of(int error) {
  switch (error) {
    case ENOENT:
    case ENOTDIR:
      return Code::kNotFound;
    case EEXIST:
      return Code::kAlreadyExists;
    case ENOSPC:
    case EDQUOT:
      return Code::kDiskFull;
    case EROFS:
    case EACCES:
    case EPERM:
      return Code::kReadOnly;
    default:
      return Code::kIo;
  }
}

std::unexpected<Error> failed(std::string_view action, std::string_view path) {
  const int error = errno;
  char text[128];
  // The GNU and the POSIX strerror_r differ in type; this one is safe and enough.
  std::snprintf(text, sizeof text, "%s", ::strerrordesc_np(error));
  return fail(code_of(error), str_cat({"cannot ", action, " ", path, ": ", text}));
}

class PosixFile final : public File {
 public:
  PosixFile(int fd, std::string path) : fd_(fd), path_(std::move(path)) {}
  ~PosixFile() override { ::close(fd_); }

  Result<size_t> read_at(uint64_t offset, MutableBytes out) override {
    size_t done = 0;
    while (done < out.size()) {
      const ssize_t n =
          ::pread(fd_, out.data() + done, out.size() - done, static_cast<off_t>(offset + done));
      if (n < 0 && errno == EINTR) continue;
      if (n < 0) return failed("read", path_);
      if (n == 0) break;
      done += static_cast<size_t>(n);
    }
    return done;
  }

  Result<void> write_at(uint64_t offset, Bytes bytes) override {
    size_t done = 0;
    while (done < bytes.size()) {
      const ssize_t n = ::pwrite(fd_, bytes.data() + done, bytes.size() - done,
                                 static_cast<off_t>(offset + done));
      if (n < 0 && errno == EINTR) continue;
      if (n < 0) return failed("write", path_);
      done += static_cast<size_t>(n);
    }
    return {};
  }

  Result<void> sync() override {
    if (::fdatasync(fd_) != 0) return failed("sync", path_);
    return {};
  }

  Result<uint64_t> size() override {
    struct stat info{};
    if (::fstat(fd_, &info) != 0) return failed("inspect", path_);
    return static_cast<uint64_t>(info.st_size);
  }

  Result<void> truncate(uint64_t size) override {
    if (::ftruncate(fd_, static_cast<off_t>(size)) != 0) return failed("truncate", path_);
    return {};
  }

 private:
  int fd_;
  std::string path_;
};

int flags_of(OpenMode mode) {
  switch (mode) {
    case OpenMode::kRead:
      return O_RDONLY;
    case OpenMode::kReadWrite:
      return O_RDWR;
    case OpenMode::kCreate:
      return O_RDWR | O_CREAT;
    case OpenMode::kCreateNew:
      return O_RDWR | O_CREAT | O_EXCL;
  }
  return O_RDONLY;
}

}  // namespace

Result<std::unique_ptr<File>> PosixDisk::open(std::string_view path, OpenMode mode) {
  std::string name(path);
  const int fd = ::open(name.c_str(), flags_of(mode) | O_CLOEXEC, 0644);
  if (fd < 0) return failed("open", path);
  return std::make_unique<PosixFile>(fd, std::move(name));
}

Result<void> PosixDisk::rename(std::string_view from, std::string_view to) {
  if (::rename(std::string(from).c_str(), std::string(to).c_str()) != 0) {
    return failed("rename", from);
  }
  return {};
}

Result<void> PosixDisk::remove(std::string_view path) {
  if (::unlink(std::string(path).c_str()) != 0) return failed("remove", path);
  return {};
}

Result<void> PosixDisk::make_dir(std::string_view path) {
  const std::string whole(path);
  for (size_t at = 1; at <= whole.size(); ++at) {
    if (at < whole.size() && whole[at] != '/') continue;
    const std::string part = whole.substr(0, at);
    if (::mkdir(part.c_str(), 0755) == 0 || errno == EEXIST) continue;
    struct stat info{};
    const int error = errno;
    if (::stat(part.c_str(), &info) == 0 && S_ISDIR(info.st_mode)) continue;
    errno = error;
    return failed("create the directory", part);
  }
  return {};
}

Result<std::vector<std::string>> PosixDisk::list(std::string_view dir) {
  DIR* handle = ::opendir(std::string(dir).c_str());
  if (handle == nullptr) return failed("list", dir);
  std::vector<std::string> names;
  while (const dirent* entry = ::readdir(handle)) {
    const std::string_view name = entry->d_name;
    if (name != "." && name != "..") names.emplace_back(name);
  }
  ::closedir(handle);
  std::ranges::sort(names);
  return names;
}

Result<bool> PosixDisk::exists(std::string_view path) {
  struct stat info{};
  if (::stat(std::string(path).c_str(), &info) == 0) return true;
  if (errno == ENOENT || errno == ENOTDIR) return false;
  return failed("inspect", path);
}

Result<void> PosixDisk::sync_dir(std::string_view dir) {
  const int fd = ::open(std::string(dir).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return failed("open", dir);
  const int outcome = ::fsync(fd);
  const int error = errno;
  ::close(fd);
  errno = error;
  if (outcome != 0) return failed("sync", dir);
  return {};
}

}  // namespace dosql::fsx
