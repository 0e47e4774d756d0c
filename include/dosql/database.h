// Database: one tenant's database in a store. A cheap handle.
//
// Thread rule: thread-safe; statements run on connections that the database keeps ready.
// Lifetime: the Store outlives it.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include <dosql/errors.h>
#include <dosql/rows.h>
#include <dosql/session.h>
#include <dosql/value.h>

namespace dosql {

class Database {
 public:
  Database(Database&&) noexcept;
  Database& operator=(Database&&) noexcept;
  ~Database();

  [[nodiscard]] const std::string& name() const;

  // One statement outside a transaction.
  Result<Rows> query(std::string_view sql, const Params& params = {});
  // One statement, committed and durable on return.
  Result<RunResult> run(std::string_view sql, const Params& params = {});
  // A script in one session; a transaction left open is rolled back and is an error.
  Result<void> exec(std::string_view script);
  Result<void> transaction(const std::function<Result<void>(Session&)>& body);

  // As run(), without blocking a thread: statements of a database run one after the other, `done`
  // is called once, from a thread of the store, when the outcome is durable (or failed). `done`
  // must not block; it may call run_async.
  void run_async(std::string sql, Params params, std::function<void(Result<RunResult>)> done);

  // A connection of one's own.
  Result<Session> session();

  // Bookmark of the newest durable version.
  Result<std::string> bookmark();

  struct Impl;
  explicit Database(std::shared_ptr<Impl> impl);
  [[nodiscard]] Impl& impl() { return *impl_; }

 private:
  std::shared_ptr<Impl> impl_;
};

}  // namespace dosql
