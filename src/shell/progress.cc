#include "shell/progress.h"

#include <algorithm>
#include <cstdio>

#include "base/text.h"

namespace dosql::shell {
namespace {

constexpr int64_t kBarEveryUs = 100'000;
constexpr int64_t kLineEveryUs = 2'000'000;
constexpr int kBarWidth = 24;
constexpr std::string_view kClearLine = "\r\x1b[K";

}  // namespace

std::string grouped(uint64_t number) {
  std::string text = std::to_string(number);
  for (size_t at = text.size(); at > 3; at -= 3) text.insert(at - 3, 1, ',');
  return text;
}

std::string size_text(uint64_t bytes) {
  constexpr const char* kUnits[] = {"B", "KiB", "MiB", "GiB", "TiB"};
  double size = static_cast<double>(bytes);
  size_t unit = 0;
  while (size >= 1024 && unit + 1 < std::size(kUnits)) {
    size /= 1024;
    ++unit;
  }
  char text[32];
  std::snprintf(text, sizeof text, unit == 0 ? "%.0f %s" : "%.1f %s", size, kUnits[unit]);
  return text;
}

std::string duration_text(int64_t seconds) {
  char text[32];
  const auto hours = static_cast<long long>(seconds / 3600);
  const auto minutes = static_cast<long long>(seconds / 60 % 60);
  const auto rest = static_cast<long long>(seconds % 60);
  if (hours > 0) {
    std::snprintf(text, sizeof text, "%lld:%02lld:%02lld", hours, minutes, rest);
  } else {
    std::snprintf(text, sizeof text, "%lld:%02lld", minutes, rest);
  }
  return text;
}

Progress::Progress(Mode mode, Output& err, Clock& clock, std::string label, std::string unit,
                   uint64_t total)
    : mode_(mode),
      err_(err),
      clock_(clock),
      label_(std::move(label)),
      unit_(std::move(unit)),
      total_(total),
      begun_us_(clock.steady_us()),
      shown_us_(begun_us_) {}

void Progress::update(uint64_t done) {
  done_ = done;
  if (mode_ == Mode::kNone) return;
  const int64_t now = clock_.steady_us();
  if (now - shown_us_ < (mode_ == Mode::kBar ? kBarEveryUs : kLineEveryUs)) return;
  shown_us_ = now;
  show();
}

std::string Progress::line() const {
  const double seconds = static_cast<double>(clock_.steady_us() - begun_us_) / 1e6;
  const double rate = seconds > 0 ? static_cast<double>(done_) / seconds : 0;
  std::string text = label_;
  if (total_ > 0) {
    const double share = std::min(1.0, static_cast<double>(done_) / static_cast<double>(total_));
    const auto filled = static_cast<size_t>(share * kBarWidth);
    text += str_cat({" [", std::string(filled, '#'), std::string(kBarWidth - filled, ' '), "] ",
                     std::to_string(static_cast<int>(share * 100)), "%"});
  }
  text +=
      str_cat({"  ", grouped(done_), " ", unit_, "  ", grouped(static_cast<uint64_t>(rate)), "/s"});
  if (total_ > done_ && rate > 0) {
    const auto left = static_cast<int64_t>(static_cast<double>(total_ - done_) / rate);
    text += str_cat({"  ETA ", duration_text(left)});
  }
  return text;
}

void Progress::show() {
  const std::string text = line();
  static_cast<void>(
      err_.write(mode_ == Mode::kBar ? str_cat({kClearLine, text}) : str_cat({text, "\n"})));
  static_cast<void>(err_.flush());
  is_shown_ = true;
}

void Progress::finish() {
  if (!is_shown_) return;
  if (mode_ == Mode::kBar) {
    static_cast<void>(err_.write(kClearLine));
    static_cast<void>(err_.flush());
  } else {
    show();
  }
  is_shown_ = false;
}

}  // namespace dosql::shell
