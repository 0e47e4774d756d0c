#include "base/clock.h"

#include <time.h>

#include <cstdio>

namespace dosql {
namespace {

int64_t read_us(clockid_t id) {
  timespec now{};
  clock_gettime(id, &now);
  return static_cast<int64_t>(now.tv_sec) * 1000000 + now.tv_nsec / 1000;
}

class SystemClock final : public Clock {
 public:
  int64_t wall_us() override { return read_us(CLOCK_REALTIME); }
  int64_t steady_us() override { return read_us(CLOCK_MONOTONIC); }
};

}  // namespace

Clock& Clock::system() {
  static SystemClock clock;
  return clock;
}

std::string format_rfc3339(int64_t wall_us) {
  int64_t seconds = wall_us / 1000000;
  int64_t fraction = wall_us % 1000000;
  if (fraction < 0) {
    fraction += 1000000;
    --seconds;
  }
  const time_t at = static_cast<time_t>(seconds);
  tm parts{};
  gmtime_r(&at, &parts);
  char text[64];
  size_t size = strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &parts);
  if (fraction != 0) {
    size += static_cast<size_t>(
        snprintf(text + size, sizeof text - size, ".%06d", static_cast<int>(fraction)));
  }
  return std::string(text, size) + "Z";
}

}  // namespace dosql
