#include "shell/demo_stream.h"

#include <atomic>
#include <chrono>
#include <memory>
#include <optional>
#include <thread>

#include "base/sync.h"
#include "engine/instance.h"
#include "lake/lake.h"

namespace dosql::shell::demo {
namespace {

using Step = Flight::Step;

constexpr size_t kClients = 64;
constexpr auto kLakePause = std::chrono::milliseconds(300);

Step after(Step step) {
  return static_cast<Step>(static_cast<uint8_t>(step) + 1);
}

class Stream {
 public:
  Stream(Database& database, const std::vector<Flight>& flights, std::vector<Step> steps,
         const Interrupts& interrupts, const Acknowledged& acknowledged)
      : database_(database),
        flights_(flights),
        steps_(std::move(steps)),
        interrupts_(interrupts),
        acknowledged_(acknowledged) {}

  Result<void> run() {
    // Clients work in the order of their flights, so what lies before one's newest row is done.
    for (size_t client = 0; client < kClients; ++client) {
      size_t next = client;
      for (size_t i = client; i < flights_.size(); i += kClients) {
        if (steps_[i] != Step::kNone) next = i;
      }
      clients_.push_back({next});
    }
    {
      const MutexLock lock(mutex_);
      running_ = kClients;
    }
    for (Client& client : clients_) send(client);
    const MutexLock lock(mutex_);
    while (running_ > 0) finished_.wait(mutex_);
    if (error_) return std::unexpected(*error_);
    return {};
  }

 private:
  struct Client {
    size_t flight;
  };

  void send(Client& client) {
    while (client.flight < flights_.size() &&
           steps_[client.flight] == flights_[client.flight].last_step()) {
      client.flight += kClients;
    }
    if (client.flight >= flights_.size() || is_stopping_ || interrupts_.is_raised()) {
      return finish(std::nullopt);
    }
    const Flight& flight = flights_[client.flight];
    const Step step = after(steps_[client.flight]);
    database_.run_async(std::string(flight.sql(step)), flight.params(step),
                        [this, &client, &flight, step](const Result<RunResult>& result) {
                          if (!result) return finish(result.error());
                          steps_[client.flight] = step;
                          acknowledged_(flight, step, result->bookmark);
                          send(client);
                        });
  }

  void finish(std::optional<Error> error) {
    const MutexLock lock(mutex_);
    if (error && !error_) error_ = std::move(error);
    if (error_) is_stopping_ = true;
    --running_;
    finished_.notify_all();
  }

  Database& database_;
  const std::vector<Flight>& flights_;
  std::vector<Step> steps_;  // a client touches only its own flights
  const Interrupts& interrupts_;
  const Acknowledged& acknowledged_;
  std::vector<Client> clients_;
  std::atomic<bool> is_stopping_ = false;
  Mutex mutex_;
  CondVar finished_;
  size_t running_ DOSQL_GUARDED_BY(mutex_) = 0;
  std::optional<Error> error_ DOSQL_GUARDED_BY(mutex_);
};

// Flushes the lake again and again until it dies.
class LakeBeat {
 public:
  explicit LakeBeat(Store& store)
      : lake_(engine::instance_of(store)), thread_([this] { beat(); }) {}
  ~LakeBeat() {
    {
      const MutexLock lock(mutex_);
      is_stopping_ = true;
      stops_.notify_all();
    }
    thread_.join();
  }
  // Of the last cycle.
  [[nodiscard]] Result<void> outcome() {
    const MutexLock lock(mutex_);
    return outcome_;
  }

 private:
  void beat() {
    for (;;) {
      const auto due = std::chrono::steady_clock::now() + kLakePause;
      {
        const MutexLock lock(mutex_);
        while (!is_stopping_ && stops_.wait_until(mutex_, due)) continue;
        if (is_stopping_) return;
      }
      const auto flushed = lake_.flush();
      const MutexLock lock(mutex_);
      outcome_ = flushed ? Result<void>() : std::unexpected(flushed.error());
    }
  }

  lake::Lake lake_;
  Mutex mutex_;
  CondVar stops_;
  bool is_stopping_ DOSQL_GUARDED_BY(mutex_) = false;
  Result<void> outcome_ DOSQL_GUARDED_BY(mutex_);
  std::thread thread_;
};

}  // namespace

Result<void> stream_december(Store& store, const std::vector<Flight>& flights,
                             const Interrupts& interrupts, const Acknowledged& acknowledged) {
  DOSQL_TRY(Database database, store.database(kDatabase));
  DOSQL_TRY(Session session, database.session());
  DOSQL_TRY(std::vector<Step> steps, read_steps(session, flights));
  LakeBeat lake(store);
  Stream stream(database, flights, std::move(steps), interrupts, acknowledged);
  DOSQL_TRY(stream.run());
  return lake.outcome();
}

}  // namespace dosql::shell::demo
