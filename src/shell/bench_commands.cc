#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <filesystem>

#include "base/text.h"
#include "engine/instance.h"
#include "shell/commands.h"
#include "shell/load_generator.h"

namespace dosql::shell {
namespace {

struct Plan {
  int committers = 0;
  int readers = 0;
  int databases = 1;
  int64_t seconds = 5;
  int64_t rows = 0;
};

double cpu_us() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  const auto us = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) * 1e6 + static_cast<double>(time.tv_usec);
  };
  return us(usage.ru_utime) + us(usage.ru_stime);
}

// Median time of a synced 4 KiB write into a file of full size, in the store's directory: what a
// commit cannot be faster than.
double measure_sync_us(const std::string& directory) {
  constexpr int kTries = 101;
  constexpr size_t kBytes = 4096;
  const std::string path = str_cat({directory, "/tmp/sync-probe"});
  const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (fd < 0) return std::nan("");
  const std::string bytes(kBytes, 'x');
  const std::string zeros(kBytes * kTries, '\0');
  bool is_ok = ::pwrite(fd, zeros.data(), zeros.size(), 0) > 0 && ::fsync(fd) == 0;
  std::vector<int64_t> times;
  for (int i = 0; i < kTries && is_ok; ++i) {
    const int64_t begun = Clock::system().steady_us();
    is_ok = ::pwrite(fd, bytes.data(), kBytes, static_cast<off_t>(kBytes) * i) > 0 &&
            ::fdatasync(fd) == 0;
    times.push_back(Clock::system().steady_us() - begun);
  }
  ::close(fd);
  std::filesystem::remove(path);
  if (!is_ok) return std::nan("");
  std::ranges::sort(times);
  return static_cast<double>(times[times.size() / 2]);
}

Result<Plan> plan_of(Call& call) {
  Plan plan;
  DOSQL_TRY(const int64_t databases, call.number_or("databases", 1, 1, 100'000));
  DOSQL_TRY(plan.seconds, call.number_or("seconds", 5, 1, 86'400));
  plan.databases = static_cast<int>(databases);
  return plan;
}

Result<int> clients_of(Call& call, int otherwise) {
  DOSQL_TRY(const int64_t clients, call.number_or("clients", otherwise, 1, 10'000));
  return static_cast<int>(clients);
}

double rounded(double value) {
  return std::round(value * 10) / 10;
}

std::vector<Cell> row_of(std::string operation, int clients, const Plan& plan,
                         const LoadResult& result, double cpu_us_each, double sync_us) {
  return {std::move(operation),
          static_cast<int64_t>(clients),
          static_cast<int64_t>(plan.databases),
          rounded(result.seconds),
          static_cast<int64_t>(result.operations),
          std::round(result.per_s),
          result.p50_us,
          result.p99_us,
          rounded(cpu_us_each),
          sync_us};
}

// The databases a benchmark makes for itself; gone when it ends.
class BenchDatabases {
 public:
  explicit BenchDatabases(Store& store) : store_(store) {}
  ~BenchDatabases() {
    for (const std::string& name : names_) static_cast<void>(store_.drop_database(name));
  }

  Result<std::vector<Database>> make(const Plan& plan, const Interrupts& interrupts) {
    std::vector<Database> databases;
    for (int i = 0; i < plan.databases; ++i) {
      DOSQL_TRY(interrupts.check());
      const std::string name = str_cat({"bench-", std::to_string(i)});
      DOSQL_TRY(Database database, store_.create_database(name));
      names_.push_back(name);
      DOSQL_TRY(LoadGenerator::prepare(database, plan.rows));
      databases.push_back(std::move(database));
    }
    return databases;
  }

 private:
  Store& store_;
  std::vector<std::string> names_;
};

void wait(Call& call, const LoadGenerator& load, int64_t seconds) {
  Progress progress(call.progress_mode(), call.terminal().err, Clock::system(), "measuring", "ms",
                    static_cast<uint64_t>(seconds) * 1000);
  const int64_t begun = Clock::system().steady_us();
  const int64_t end = begun + seconds * 1'000'000;
  while (!call.terminal().interrupts.is_raised() && !load.has_failed()) {
    const int64_t now = Clock::system().steady_us();
    if (now >= end) return;
    progress.update(static_cast<uint64_t>(now - begun) / 1000);
    ::usleep(static_cast<useconds_t>(std::min<int64_t>(20'000, end - now)));
  }
}

Result<void> run_bench(Call& call, const Plan& plan) {
  DOSQL_TRY(Store * store, call.store(Call::IfAbsent::kCreate));
  const double sync_us = measure_sync_us(engine::instance_of(*store).directory());
  BenchDatabases own(*store);
  DOSQL_TRY(std::vector<Database> databases, own.make(plan, call.terminal().interrupts));
  std::vector<std::vector<Cell>> rows;
  {
    LoadGenerator load(databases, plan.rows, Clock::system());
    const double cpu_begun = cpu_us();
    if (plan.committers > 0) load.start_committers(plan.committers);
    if (plan.readers > 0) DOSQL_TRY(load.start_readers(plan.readers));
    wait(call, load, plan.seconds);
    DOSQL_TRY(load.stop());
    const LoadResult commits = load.commits();
    const LoadResult reads = load.reads();
    const double count = static_cast<double>(commits.operations + reads.operations);
    const double each = count > 0 ? (cpu_us() - cpu_begun) / count : 0;
    if (plan.committers > 0) {
      rows.push_back(row_of("commits", plan.committers, plan, commits, each, sync_us));
    }
    if (plan.readers > 0) {
      rows.push_back(row_of("reads", plan.readers, plan, reads, each, sync_us));
    }
  }
  databases.clear();
  DOSQL_TRY(call.terminal().interrupts.check());
  return call.print({"operation", "clients", "databases", "seconds", "operations", "per_s",
                     "p50_us", "p99_us", "cpu_us_each", "sync_us"},
                    rows);
}

}  // namespace

Result<void> run_bench_commits(Call& call) {
  DOSQL_TRY(Plan plan, plan_of(call));
  DOSQL_TRY(plan.committers, clients_of(call, 64));
  return run_bench(call, plan);
}

Result<void> run_bench_reads(Call& call) {
  DOSQL_TRY(Plan plan, plan_of(call));
  DOSQL_TRY(plan.readers, clients_of(call, 64));
  DOSQL_TRY(plan.rows, call.number_or("rows", 100'000, 1, 100'000'000));
  return run_bench(call, plan);
}

Result<void> run_bench_mixed(Call& call) {
  DOSQL_TRY(Plan plan, plan_of(call));
  DOSQL_TRY(const int clients, clients_of(call, 64));
  plan.committers = std::max(1, clients / 2);
  plan.readers = std::max(1, clients - clients / 2);
  DOSQL_TRY(plan.rows, call.number_or("rows", 100'000, 1, 100'000'000));
  return run_bench(call, plan);
}

}  // namespace dosql::shell
