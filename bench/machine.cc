#include "machine.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <thread>
#include <vector>

namespace dosql::bench {
namespace {

std::atomic<int64_t> sync_delay_us = 0;
std::atomic<uint64_t> syncs = 0;

int slowed(long call, int fd) {
  syncs.fetch_add(1, std::memory_order_relaxed);
  if (const int64_t delay = sync_delay_us.load(std::memory_order_relaxed); delay > 0) {
    std::this_thread::sleep_for(std::chrono::microseconds(delay));
  }
  return static_cast<int>(::syscall(call, fd));
}

}  // namespace

Scratch::Scratch() {
  const char* base = std::getenv("DOSQL_BENCH_DIR");
  const std::string folder = base != nullptr ? base : std::filesystem::temp_directory_path();
  path_ = folder + "/dosql-bench-XXXXXX";
  if (::mkdtemp(path_.data()) == nullptr) {
    std::perror(path_.c_str());
    std::exit(1);
  }
}

Scratch::~Scratch() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

int64_t now_us() {
  const auto now = std::chrono::steady_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::microseconds>(now).count();
}

double cpu_us() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  const auto us = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) * 1e6 + static_cast<double>(time.tv_usec);
  };
  return us(usage.ru_utime) + us(usage.ru_stime);
}

double measure_sync_us(const std::string& directory) {
  constexpr int kTries = 201;
  constexpr size_t kBytes = 4096;
  const std::string path = directory + "/sync-probe";
  const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  const std::string zeros(kBytes * kTries, '\0');
  if (fd < 0 || ::pwrite(fd, zeros.data(), zeros.size(), 0) < 0 || ::fsync(fd) != 0) {
    std::perror(path.c_str());
    std::exit(1);
  }
  const std::string bytes(kBytes, 'x');
  std::vector<int64_t> times;
  for (int i = 0; i < kTries; ++i) {
    const int64_t begun = now_us();
    if (::pwrite(fd, bytes.data(), kBytes, static_cast<off_t>(kBytes) * i) < 0) std::exit(1);
    ::fdatasync(fd);
    times.push_back(now_us() - begun);
  }
  ::close(fd);
  std::filesystem::remove(path);
  std::ranges::sort(times);
  return static_cast<double>(times[times.size() / 2]);
}

void set_sync_delay_us(int64_t delay) {
  sync_delay_us = delay;
}

uint64_t sync_count() {
  return syncs;
}

}  // namespace dosql::bench

// The program's own definitions come before the C library's for everything linked into it.
extern "C" int fsync(int fd) {
  return dosql::bench::slowed(SYS_fsync, fd);
}
extern "C" int fdatasync(int fd) {
  return dosql::bench::slowed(SYS_fdatasync, fd);
}
