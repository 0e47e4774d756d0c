// Progress: a bar with rate and time left on a terminal's stderr, or plain lines, or nothing.
//
//   Progress progress(mode, err, clock, "importing", "rows", total);   // total 0: not known
//   progress.update(done); ... progress.finish();
//
// Thread rule: one thread. Cheap to call often: it shows at most ten times a second (plain lines:
// every two seconds). Errors of the output are ignored: it is an ornament.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "shell/output.h"

namespace dosql::shell {

class Progress {
 public:
  enum class Mode : uint8_t { kNone, kBar, kPlain };

  Progress(Mode mode, Output& err, Clock& clock, std::string label, std::string unit,
           uint64_t total);
  ~Progress() { finish(); }
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void update(uint64_t done);
  void set_total(uint64_t total) { total_ = total; }
  // Clears the bar; a plain progress says once more where it is.
  void finish();

 private:
  [[nodiscard]] std::string line() const;
  void show();

  const Mode mode_;
  Output& err_;
  Clock& clock_;
  const std::string label_;
  const std::string unit_;
  uint64_t total_;
  const int64_t begun_us_;
  int64_t shown_us_ = 0;
  uint64_t done_ = 0;
  bool is_shown_ = false;
};

// "1,234,567"
[[nodiscard]] std::string grouped(uint64_t number);
// "1.2 GiB"
[[nodiscard]] std::string size_text(uint64_t bytes);
// "0:07", "2:03:04"
[[nodiscard]] std::string duration_text(int64_t seconds);

}  // namespace dosql::shell
