// The world a simulated store lives in: a disk that fails and forgets, a clock that jumps, and the
// store's instance on them.
#pragma once

#include <memory>
#include <string>

#include "base/random.h"
#include "engine/instance.h"
#include "fsx/faulty_disk.h"

namespace dosql::simulator {

// Time in random steps, sometimes back.
class RandomClock final : public Clock {
 public:
  explicit RandomClock(Random& random) : random_(random) {}
  int64_t wall_us() override {
    wall_us_ += static_cast<int64_t>(random_.below(2000)) - 200;
    return wall_us_;
  }
  int64_t steady_us() override { return ++steady_us_; }

 private:
  Random& random_;
  int64_t wall_us_ = 1'700'000'000'000'000;
  int64_t steady_us_ = 0;
};

// What happened to the last process.
enum class End : uint8_t {
  kKill,   // the machine goes on: what was written is there, synced or not
  kCrash,  // the machine stops: what was not synced is there, torn, or not
};

class World {
 public:
  // `directory` is the store's name on the simulated disk and, with `/tmp`, on the real one.
  World(Random& random, std::string directory, const store::Options& options);

  // kIo and kDiskFull when a fault is armed; everything else is a finding.
  Result<void> open();
  [[nodiscard]] bool is_open() const { return instance_ != nullptr; }
  [[nodiscard]] engine::Instance& instance() { return *instance_; }
  [[nodiscard]] store::Store& store() { return instance_->versions(); }
  [[nodiscard]] fsx::FaultyDisk& disk() { return disk_; }
  [[nodiscard]] const store::Options& options() const { return options_; }
  [[nodiscard]] Clock& clock() { return clock_; }

  // From the n-th changing call on, none succeeds until heal().
  void arm_fault(uint64_t n);
  void arm_full_disk(uint64_t bytes_left);
  void heal() { disk_.heal(); }
  // Heals what has not failed yet.
  void disarm() {
    disk_.heal();
    may_fail_ = false;
  }
  // Something was armed since the store was opened: errors of I/O are to be expected.
  [[nodiscard]] bool may_fail() const { return may_fail_; }

  Result<void> close();
  // Nobody may hold anything of the instance.
  void end(End how);

 private:
  Random& random_;
  const std::string directory_;
  const store::Options options_;
  fsx::FaultyDisk disk_;
  RandomClock clock_;
  std::unique_ptr<engine::Instance> instance_;
  bool may_fail_ = false;
};

}  // namespace dosql::simulator
