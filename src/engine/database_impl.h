// What a public Database is inside: idle sessions, and the strand that runs its asynchronous
// statements on one writer session.
// Thread rule: thread-safe.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include <dosql/database.h>

#include "engine/executor.h"
#include "engine/session_impl.h"

namespace dosql::engine {
class Instance;
}

namespace dosql {

struct Database::Impl {
 public:
  Impl(engine::Instance& instance, std::shared_ptr<store::Database> versions);

  [[nodiscard]] engine::Instance& instance() { return instance_; }
  [[nodiscard]] const std::shared_ptr<store::Database>& versions() const { return versions_; }
  [[nodiscard]] const std::string& name() const { return name_; }

  Result<std::unique_ptr<Session::Impl>> new_session();
  // A session out of the idle ones; give it back when nothing of it is in use.
  Result<std::unique_ptr<Session::Impl>> borrow_session();
  void give_back(std::unique_ptr<Session::Impl> session);

  void run_async(std::string sql, Params params, std::function<void(Result<RunResult>)> done);

 private:
  void run_now(const std::string& sql, const Params& params,
               const std::function<void(Result<RunResult>)>& done);

  engine::Instance& instance_;
  const std::shared_ptr<store::Database> versions_;
  const std::string name_;
  Mutex mutex_;
  std::vector<std::unique_ptr<Session::Impl>> idle_ DOSQL_GUARDED_BY(mutex_);
  std::shared_ptr<engine::Strand> strand_;
  std::unique_ptr<Session::Impl> strand_session_;  // used by the strand's tasks only
};

}  // namespace dosql
