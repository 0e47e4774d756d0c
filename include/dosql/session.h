// Session: a connection of its own to one database: transactions, savepoints, temp tables, ATTACH
// of other databases of the store, pragmas. Like a sqlite3* handle, but every commit is durable
// when the call that commits returns, and bookmarks name commits. A transaction may read any number
// of databases and write one: with a second, its commit is kUnsupported and nothing is done.
//
// Thread rule: one thread at a time. Lifetime: the Store outlives it. Destroying a session with an
// open transaction rolls it back.
//
// Reads see the newest durable version when their transaction begins and never wait for writers.
// Writers of one database queue fairly; a writer that waits longer than the busy timeout gets
// Code::kBusy. A transaction that read first and writes when somebody else has committed gets
// Code::kBusySnapshot: roll back and begin again (or use BEGIN IMMEDIATE).
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <dosql/errors.h>
#include <dosql/rows.h>
#include <dosql/value.h>

namespace dosql {

// A prepared statement of a session. Must not outlive its session.
class Statement {
 public:
  Statement(Statement&&) noexcept;
  Statement& operator=(Statement&&) noexcept;
  ~Statement();

  // Index from 1. Binding resets a statement that was stepped.
  Result<void> bind(int index, const Value& value);
  Result<void> bind(const Params& params);
  // True: a row is there. False: done; what it committed is durable.
  Result<bool> step();
  void reset();

  [[nodiscard]] int column_count() const;
  [[nodiscard]] std::string_view column_name(int column) const;
  // Declared type of the column the result column comes from; empty for expressions.
  [[nodiscard]] std::string_view column_decltype(int column) const;
  // Of the current row; valid until the next step.
  [[nodiscard]] Value column(int column) const;
  [[nodiscard]] bool is_readonly() const;
  [[nodiscard]] int parameter_count() const;
  // Names without their prefix; empty for plain `?`.
  [[nodiscard]] std::string_view parameter_name(int index) const;

 private:
  friend class Session;
  struct Impl;
  explicit Statement(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

class Session {
 public:
  Session(Session&&) noexcept;
  Session& operator=(Session&&) noexcept;
  ~Session();

  // One statement. `tail` receives what follows it in `sql` (to run a script step by step);
  // without `tail` further statements are an error.
  Result<Statement> prepare(std::string_view sql, std::string_view* tail = nullptr);
  // One statement; its rows in memory.
  Result<Rows> query(std::string_view sql, const Params& params = {});
  // One statement; rows are thrown away.
  Result<RunResult> run(std::string_view sql, const Params& params = {});
  // A script; stops at the first error (an open transaction stays open).
  Result<void> exec(std::string_view script);

  // Runs `body` between BEGIN IMMEDIATE and COMMIT. An error from it rolls back and is returned.
  Result<void> transaction(const std::function<Result<void>(Session&)>& body);

  [[nodiscard]] bool in_transaction() const;
  // Bookmark of the session's newest durable commit; empty when it has made none.
  [[nodiscard]] std::string last_bookmark() const;
  [[nodiscard]] int64_t total_changes() const;
  void set_busy_timeout(std::chrono::milliseconds timeout);  // default 5 s
  // From any thread: the running statement ends with Code::kInterrupted.
  void interrupt();

  struct Impl;
  explicit Session(std::unique_ptr<Impl> impl);
  [[nodiscard]] Impl& impl() { return *impl_; }
  [[nodiscard]] std::unique_ptr<Impl> take_impl() { return std::move(impl_); }

 private:
  std::unique_ptr<Impl> impl_;
};

}  // namespace dosql
