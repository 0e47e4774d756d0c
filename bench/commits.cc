// Durable 1-row commits: 64 closed-loop clients against stock SQLite driven by one thread on one
// connection, which is the fastest it can be (no lock is ever contended).
#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <vector>

#include "claims.h"
#include "machine.h"
#include "stock.h"

namespace dosql::bench {
namespace {

constexpr int kClients = 64;
constexpr int64_t kRunUs = 2'000'000;
constexpr int kRuns = 3;

std::string key(uint64_t number) {
  return "key-" + std::to_string(number * 0x9e3779b97f4a7c15ULL);
}

// Each client sends its next insert when its last is durable.
class ClosedLoops {
 public:
  explicit ClosedLoops(Database& database) : database_(database) {}

  void run(int64_t us) {
    end_us_ = now_us() + us;
    running_ = kClients;
    for (int i = 0; i < kClients; ++i) send();
    std::unique_lock lock(mutex_);
    finished_.wait(lock, [&] { return running_ == 0; });
  }
  [[nodiscard]] uint64_t commits() const { return commits_; }

 private:
  void send() {
    const uint64_t number = next_.fetch_add(1);
    database_.run_async(kInsert, {key(number), static_cast<int64_t>(number)},
                        [this](const Result<RunResult>& result) {
                          must(result);
                          commits_.fetch_add(1);
                          if (now_us() < end_us_) return send();
                          const std::lock_guard lock(mutex_);
                          if (--running_ == 0) finished_.notify_all();
                        });
  }

  Database& database_;
  int64_t end_us_ = 0;
  std::atomic<uint64_t> next_ = 1;
  std::atomic<uint64_t> commits_ = 0;
  std::mutex mutex_;
  std::condition_variable finished_;
  int running_ = 0;
};

struct Ours {
  double per_s = 0;
  double cpu_us_each = 0;
  double log_bytes_each = 0;
  double commits_per_sync = 0;
};

Ours run_ours(int64_t us) {
  const Scratch scratch;
  Store store = must(Store::open(scratch.path() + "/store"));
  Database database = must(store.create_database("acme"));
  must(database.exec(kSchema));
  ClosedLoops loops(database);
  const double bytes = store.stats()["log_bytes_appended"];
  const double syncs = store.stats()["log_syncs"];
  const double cpu = cpu_us();
  const int64_t begun = now_us();
  loops.run(us);
  const auto commits = static_cast<double>(loops.commits());
  Ours ours;
  ours.per_s = commits * 1e6 / static_cast<double>(now_us() - begun);
  ours.cpu_us_each = (cpu_us() - cpu) / commits;
  ours.log_bytes_each = (store.stats()["log_bytes_appended"] - bytes) / commits;
  ours.commits_per_sync = commits / (store.stats()["log_syncs"] - syncs);
  return ours;
}

struct Peer {
  double per_s = 0;
  double p50_us = 0;
};

Peer run_stock(Stock::Sync sync, int64_t us) {
  const Scratch scratch;
  Stock stock(scratch.path() + "/stock.db", sync);
  stock.exec(kSchema);
  StockStatement insert(stock.handle(), kInsert);
  std::vector<double> latencies;
  const int64_t begun = now_us();
  int64_t now = begun;
  while (now - begun < us) {
    const uint64_t number = latencies.size() + 1;
    insert.bind(1, key(number));
    insert.bind(2, static_cast<int64_t>(number));
    insert.run();
    const int64_t then = std::exchange(now, now_us());
    latencies.push_back(static_cast<double>(now - then));
  }
  Peer peer;
  peer.per_s = static_cast<double>(latencies.size()) * 1e6 / static_cast<double>(now - begun);
  peer.p50_us = median(std::move(latencies));
  return peer;
}

double run_one_client(int64_t us) {
  const Scratch scratch;
  Store store = must(Store::open(scratch.path() + "/store"));
  Database database = must(store.create_database("acme"));
  must(database.exec(kSchema));
  Session session = must(database.session());
  std::vector<double> latencies;
  const int64_t begun = now_us();
  int64_t now = begun;
  while (now - begun < us) {
    const uint64_t number = latencies.size() + 1;
    must(session.run(kInsert, {key(number), static_cast<int64_t>(number)}));
    const int64_t then = std::exchange(now, now_us());
    latencies.push_back(static_cast<double>(now - then));
  }
  return median(std::move(latencies));
}

double slowed_ratio() {
  set_sync_delay_us(1000);
  const Ours ours = run_ours(kRunUs);
  const Peer full = run_stock(Stock::Sync::kFull, kRunUs);
  set_sync_delay_us(0);
  return ours.per_s / full.per_s;
}

}  // namespace

void measure_commits(Report& report) {
  std::vector<double> ours, normal, full, ours_p50, full_p50, cpu, bytes, group, sync;
  for (int i = 0; i < kRuns; ++i) {
    const Scratch scratch;
    sync.push_back(measure_sync_us(scratch.path()));
    const Ours run = run_ours(kRunUs);
    ours.push_back(run.per_s);
    cpu.push_back(run.cpu_us_each);
    bytes.push_back(run.log_bytes_each);
    group.push_back(run.commits_per_sync);
    normal.push_back(run_stock(Stock::Sync::kNormal, kRunUs).per_s);
    const Peer durable = run_stock(Stock::Sync::kFull, kRunUs);
    full.push_back(durable.per_s);
    full_p50.push_back(durable.p50_us);
    ours_p50.push_back(run_one_client(kRunUs));
  }
  const double limit = std::min(median(normal), kClients * 1e6 / median(sync));
  using enum Figure::Better;
  report.add({"durable commits, 64 clients", median(ours), limit, "commits/s", 0.8, kHigher,
              "min(stock NORMAL, 64/sync)"});
  report.note("stock NORMAL " + std::to_string(static_cast<int>(median(normal))) +
              "/s, 64/sync time " +
              std::to_string(static_cast<int>(kClients * 1e6 / median(sync))) +
              "/s, commits a sync " + std::to_string(static_cast<int>(median(group))));
  report.add({"durable commits, 64 clients", median(ours), median(full), "commits/s", 8, kHigher,
              "stock FULL"});
  report.add({"the same, each sync 1 ms slower", slowed_ratio(), 0, "x stock", 30, kHigher, ""});
  report.add({"CPU of a commit, 64 clients", median(cpu), 0, "us", 16, kLower, ""});
  report.add({"log bytes of a 1-row insert", median(bytes), 0, "bytes", 1229, kLower, ""});
  report.add({"commit latency of one client, p50", median(ours_p50), median(full_p50), "us", 1.0,
              kLower, "stock FULL"});
}

}  // namespace dosql::bench
