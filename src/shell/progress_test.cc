#include "shell/progress.h"

#include <gtest/gtest.h>

#include <unistd.h>

#include <csignal>
#include <thread>

#include "shell/interrupts.h"

namespace dosql::shell {
namespace {

class HandClock final : public Clock {
 public:
  int64_t wall_us() override { return now_us; }
  int64_t steady_us() override { return now_us; }
  int64_t now_us = 1'000'000;
};

TEST(progress, a_bar_shows_share_rate_and_time_left_and_is_cleared_at_the_end) {
  HandClock clock;
  StringOutput err;
  Progress progress(Progress::Mode::kBar, err, clock, "importing", "rows", 10'000);
  progress.update(10);
  EXPECT_EQ(err.text(), "");  // too soon
  clock.now_us += 2'000'000;
  progress.update(2'500);
  EXPECT_EQ(err.text(),
            "\r\x1b[Kimporting [######                  ] 25%  2,500 rows  1,250/s  ETA 0:06");
  progress.finish();
  EXPECT_TRUE(err.text().ends_with("\r\x1b[K"));
}

TEST(progress, plain_lines_come_every_two_seconds_and_once_at_the_end) {
  HandClock clock;
  StringOutput err;
  {
    Progress progress(Progress::Mode::kPlain, err, clock, "copying", "pages", 0);
    for (int i = 1; i <= 5; ++i) {
      clock.now_us += 1'000'000;
      progress.update(static_cast<uint64_t>(i) * 100);
    }
  }
  EXPECT_EQ(err.text(),
            "copying  200 pages  100/s\ncopying  400 pages  100/s\ncopying  500 pages  100/s\n");
}

TEST(progress, nothing_is_written_when_it_is_off) {
  HandClock clock;
  StringOutput err;
  Progress progress(Progress::Mode::kNone, err, clock, "x", "y", 1);
  clock.now_us += 60'000'000;
  progress.update(1);
  progress.finish();
  EXPECT_EQ(err.text(), "");
}

TEST(progress, numbers_sizes_and_durations_read_well) {
  EXPECT_EQ(grouped(0), "0");
  EXPECT_EQ(grouped(1234567), "1,234,567");
  EXPECT_EQ(size_text(1000), "1000 B");
  EXPECT_EQ(size_text(1536), "1.5 KiB");
  EXPECT_EQ(duration_text(7), "0:07");
  EXPECT_EQ(duration_text(7384), "2:03:04");
}

TEST(interrupts, a_signal_calls_the_innermost_action_and_stays_raised_until_cleared) {
  Interrupts interrupts;
  std::atomic<int> outer = 0;
  std::atomic<int> inner = 0;
  const Interrupts::Scope outer_scope(interrupts, [&] { ++outer; });
  {
    const Interrupts::Scope inner_scope(interrupts, [&] { ++inner; });
    ASSERT_EQ(::kill(::getpid(), SIGINT), 0);
    while (inner == 0) std::this_thread::yield();
  }
  EXPECT_EQ(interrupts.check().error().code, Code::kInterrupted);
  interrupts.clear();
  EXPECT_TRUE(interrupts.check());
  interrupts.raise();
  EXPECT_EQ(outer, 1);
  EXPECT_EQ(inner, 1);
}

}  // namespace
}  // namespace dosql::shell
