// LoadGenerator: closed loops against databases, as pgbench is: each client sends, waits for its
// reply, sends again. Committing clients go through run_async, so that 64 of them need no thread
// each; reading clients have a thread and a session each.
//
// Every database has t(id INTEGER PRIMARY KEY, k TEXT, v INT) with an index on k.
// Thread rule: one thread calls it. Lifetime: the databases outlive it.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <thread>
#include <vector>

#include <dosql/database.h>

#include "base/clock.h"
#include "base/random.h"
#include "base/sync.h"

namespace dosql::shell {

// What one kind of client did.
struct LoadResult {
  uint64_t operations = 0;
  double seconds = 0;
  double per_s = 0;
  double p50_us = 0;
  double p99_us = 0;
};

class LoadGenerator {
 public:
  // Creates the table and `rows` rows where the table is not there yet.
  static Result<void> prepare(Database& database, int64_t rows);

  LoadGenerator(std::vector<Database>& databases, int64_t rows, Clock& clock)
      : databases_(databases), rows_(rows), clock_(clock) {}
  // Stops and waits.
  ~LoadGenerator();

  // Clients are spread over the databases in turn.
  void start_committers(int clients);
  Result<void> start_readers(int clients);
  // Clients finish what they do; the first error of any of them.
  Result<void> stop();

  [[nodiscard]] LoadResult commits() const { return summary(committers_); }
  [[nodiscard]] LoadResult reads() const { return summary(readers_); }
  [[nodiscard]] bool has_failed() const { return has_failed_; }

 private:
  struct Client {
    Client(Database& of, uint64_t seed) : database(of), random(seed) {}
    Database& database;
    Random random;
    std::vector<uint32_t> latencies_us;
  };

  void commit_next(Client& client);
  void read_until_stopped(Client& client, Session session);
  void finish_committer();
  void report(Error error);
  [[nodiscard]] LoadResult summary(const std::vector<std::unique_ptr<Client>>& clients) const;

  std::vector<Database>& databases_;
  const int64_t rows_;
  Clock& clock_;
  std::vector<std::unique_ptr<Client>> committers_;
  std::vector<std::unique_ptr<Client>> readers_;
  std::vector<std::thread> threads_;
  std::atomic<bool> is_stopping_ = false;
  std::atomic<bool> has_failed_ = false;
  int64_t begun_us_ = 0;
  int64_t ended_us_ = 0;
  Mutex mutex_;
  CondVar has_finished_;
  int committing_ DOSQL_GUARDED_BY(mutex_) = 0;
  std::optional<Error> error_ DOSQL_GUARDED_BY(mutex_);
};

}  // namespace dosql::shell
