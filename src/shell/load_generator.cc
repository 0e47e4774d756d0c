#include "shell/load_generator.h"

#include <algorithm>

#include "base/result.h"
#include "base/text.h"

namespace dosql::shell {
namespace {

constexpr const char* kInsert = "INSERT INTO t(k, v) VALUES(?, ?)";
constexpr const char* kRead = "SELECT v FROM t WHERE id = ?";

uint32_t elapsed(Clock& clock, int64_t begun_us) {
  return static_cast<uint32_t>(std::max<int64_t>(0, clock.steady_us() - begun_us));
}

}  // namespace

Result<void> LoadGenerator::prepare(Database& database, int64_t rows) {
  DOSQL_TRY(
      database.exec("CREATE TABLE IF NOT EXISTS t(id INTEGER PRIMARY KEY, k TEXT, v INT);"
                    "CREATE INDEX IF NOT EXISTS t_k ON t(k)"));
  if (rows == 0) return {};
  DOSQL_TRY(
      database.run("INSERT INTO t(k, v) SELECT 'key-' || value, value FROM "
                   "(WITH RECURSIVE n(value) AS (SELECT 1 UNION ALL SELECT value + 1 FROM n "
                   "WHERE value < ?) SELECT value FROM n)",
                   {rows}));
  return {};
}

LoadGenerator::~LoadGenerator() {
  static_cast<void>(stop());
}

void LoadGenerator::report(Error error) {
  has_failed_ = true;
  is_stopping_ = true;
  const MutexLock lock(mutex_);
  if (!error_) error_ = std::move(error);
}

void LoadGenerator::finish_committer() {
  const MutexLock lock(mutex_);
  --committing_;
  has_finished_.notify_all();
}

void LoadGenerator::commit_next(Client& client) {
  const uint64_t number = client.random.next();
  const int64_t begun_us = clock_.steady_us();
  client.database.run_async(
      kInsert, {str_cat({"key-", std::to_string(number)}), static_cast<int64_t>(number >> 40)},
      [this, &client, begun_us](Result<RunResult> result) {
        if (!result) {
          report(result.error());
        } else {
          client.latencies_us.push_back(elapsed(clock_, begun_us));
        }
        if (is_stopping_) return finish_committer();
        commit_next(client);
      });
}

void LoadGenerator::start_committers(int clients) {
  begun_us_ = clock_.steady_us();
  {
    const MutexLock lock(mutex_);
    committing_ = clients;
  }
  for (int i = 0; i < clients; ++i) {
    auto client = std::make_unique<Client>(databases_[static_cast<size_t>(i) % databases_.size()],
                                           static_cast<uint64_t>(i));
    committers_.push_back(std::move(client));
  }
  for (const auto& client : committers_) commit_next(*client);
}

Result<void> LoadGenerator::start_readers(int clients) {
  begun_us_ = clock_.steady_us();
  for (int i = 0; i < clients; ++i) {
    auto client = std::make_unique<Client>(databases_[static_cast<size_t>(i) % databases_.size()],
                                           static_cast<uint64_t>(i));
    DOSQL_TRY(Session session, client->database.session());
    Client& started = *readers_.emplace_back(std::move(client));
    threads_.emplace_back([this, &started, session = std::move(session)]() mutable {
      read_until_stopped(started, std::move(session));
    });
  }
  return {};
}

void LoadGenerator::read_until_stopped(Client& client, Session session) {
  auto statement = session.prepare(kRead);
  if (!statement) return report(statement.error());
  while (!is_stopping_) {
    const int64_t begun_us = clock_.steady_us();
    const auto id = static_cast<int64_t>(client.random.below(static_cast<uint64_t>(rows_)));
    auto done = statement->bind(1, id + 1);
    Result<bool> has_row = done ? statement->step() : Result<bool>(std::unexpected(done.error()));
    if (has_row && !*has_row) {
      has_row = std::unexpected(Error{Code::kCorrupt, "a row that was written is not there"});
    }
    if (!has_row) return report(has_row.error());
    statement->reset();
    client.latencies_us.push_back(elapsed(clock_, begun_us));
  }
}

Result<void> LoadGenerator::stop() {
  is_stopping_ = true;
  if (ended_us_ == 0) ended_us_ = clock_.steady_us();
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
  const MutexLock lock(mutex_);
  while (committing_ > 0) has_finished_.wait(mutex_);
  if (error_) return std::unexpected(*error_);
  return {};
}

LoadResult LoadGenerator::summary(const std::vector<std::unique_ptr<Client>>& clients) const {
  std::vector<uint32_t> all;
  for (const auto& client : clients) {
    all.insert(all.end(), client->latencies_us.begin(), client->latencies_us.end());
  }
  LoadResult result;
  result.operations = all.size();
  result.seconds = static_cast<double>(ended_us_ - begun_us_) / 1e6;
  if (all.empty() || result.seconds <= 0) return result;
  result.per_s = static_cast<double>(all.size()) / result.seconds;
  const auto percentile = [&](double share) {
    const auto at = static_cast<size_t>(share * static_cast<double>(all.size() - 1));
    std::ranges::nth_element(all, all.begin() + static_cast<ptrdiff_t>(at));
    return static_cast<double>(all[at]);
  };
  result.p50_us = percentile(0.50);
  result.p99_us = percentile(0.99);
  return result;
}

}  // namespace dosql::shell
