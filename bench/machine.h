// The machine under a benchmark: scratch space, the disk's sync time, a slower disk, CPU time.
#pragma once

#include <cstdint>
#include <string>

namespace dosql::bench {

// A folder of its own in $DOSQL_BENCH_DIR (default: the temporary one), removed with all in it.
class Scratch {
 public:
  Scratch();
  ~Scratch();
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  std::string path_;
};

int64_t now_us();
// User and system time of all threads of this process.
double cpu_us();

// Median of 201 synced 4 KiB writes into a file of full size.
double measure_sync_us(const std::string& directory);

// From now on each fsync and fdatasync of this process, of ours and of stock SQLite, takes this
// much longer (machine.cc interposes both).
void set_sync_delay_us(int64_t delay);
// fsync and fdatasync calls so far.
uint64_t sync_count();

}  // namespace dosql::bench
