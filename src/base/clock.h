// Wall and monotonic time behind an interface, so that the simulator owns time.
#pragma once

#include <cstdint>
#include <string>

namespace dosql {

class Clock {
 public:
  virtual ~Clock() = default;
  // Microseconds since 1970-01-01T00:00:00Z. May go backwards; users of it must not assume order.
  virtual int64_t wall_us() = 0;
  // Microseconds since an arbitrary start; never goes backwards.
  virtual int64_t steady_us() = 0;

  // The operating system's clocks. Lives as long as the process; thread-safe.
  static Clock& system();
};

// `2026-01-22T10:00:00.123456Z`; the fraction is left out when it is zero.
[[nodiscard]] std::string format_rfc3339(int64_t wall_us);

}  // namespace dosql
